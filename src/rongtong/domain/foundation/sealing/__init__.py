"""Sealed envelopes: handed in before an hour, opened after it by two officers together, and by nobody else.

The key of a box needs two of its custodians and the hour. See docs/sealing.md for who can do what to it.
"""
