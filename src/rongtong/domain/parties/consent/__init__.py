"""Consent: purpose, recipient and time, given and withdrawn by the one it concerns."""
