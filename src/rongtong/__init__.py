"""Rongtong 融通: from a technical demand to the one who can answer it, and through the loop after that."""

__version__ = "0.1.0"
