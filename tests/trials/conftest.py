"""What the trials share."""

import datetime as dt

import pytest

from rongtong.domain.parties.signing import sessions


@pytest.fixture(autouse=True)
def seen_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session notes once a minute that it is used: in a trial of some minutes that is no difference between pages."""
    monkeypatch.setattr(sessions, "SEEN_EVERY", dt.timedelta(hours=1))
