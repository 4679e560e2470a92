"""The pages of a challenge, one file for each part of it."""
