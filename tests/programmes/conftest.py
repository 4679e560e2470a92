"""Cheap passphrases for the officers who open boxes; browsers of people who have signed in."""

import pytest

from rongtong.domain.foundation.sealing import suites
from tests.portal.conftest import index, signed_in, visitor

__all__ = ["index", "signed_in", "visitor"]


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guess costs little here; the real cost is measured in the tests of sealing."""
    monkeypatch.setattr(suites, "SCRYPT_N", 2**10)
