"""Signing in: passwords, second factors, sessions, one-time links, and the region's unified identity."""
