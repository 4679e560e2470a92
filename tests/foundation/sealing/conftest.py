"""A moved clock and a folder of its own for the tests of sealing."""

from pathlib import Path

import pytest
from django.utils import timezone

from rongtong.domain.foundation.sealing import clock
from tests.foundation.sealing.scene import Hours, Scene, new_scene


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: object) -> Path:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> Hours:
    moved = Hours()
    monkeypatch.setattr(clock, "_process_clock", lambda: timezone.now() + moved.moved)
    monkeypatch.setattr(clock, "_database_clock", lambda: timezone.now() + moved.database)
    return moved


@pytest.fixture
def scene(hours: Hours, db: None) -> Scene:
    return new_scene(hours)
