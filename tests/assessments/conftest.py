"""Browsers of people who have signed in."""

from tests.portal.conftest import index, signed_in, visitor

__all__ = ["index", "signed_in", "visitor"]
