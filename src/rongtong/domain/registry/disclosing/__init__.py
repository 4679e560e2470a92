"""Disclosures: a party asks for what an owner keeps closed, the owner grants it for a time and a purpose, each reading
is recorded; officers give reviewers theirs."""
