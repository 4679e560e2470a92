"""Reads of a challenge that are more than a filter, one file for each part of it."""
