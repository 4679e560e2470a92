"""Browsers of people who have signed in."""

from tests.portal.conftest import signed_in, visitor

__all__ = ["signed_in", "visitor"]
