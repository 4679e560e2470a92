"""The hour by which rules judge: the machine's, and only in a sample region an earlier one."""

import datetime as dt
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from rongtong.domain.foundation import clock

ROOT = Path(__file__).parents[2]


def test_within_a_story_it_is_earlier_and_goes_on() -> None:
    then = timezone.now() - dt.timedelta(days=90)
    with clock.telling(then):
        assert dt.timedelta(0) <= clock.now() - then < dt.timedelta(seconds=5)
        assert clock.today() == timezone.localdate(then)
    assert clock.told_back() == dt.timedelta(0)


def test_an_hour_to_come_is_not_told() -> None:
    with pytest.raises(RuntimeError, match="to come"), clock.telling(timezone.now() + dt.timedelta(hours=1)):
        pass


def test_a_real_region_has_no_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ENVIRONMENT", settings.ENVIRONMENT.model_copy(update={"sample": False}))
    with pytest.raises(RuntimeError, match="sample"), clock.telling(timezone.now() - dt.timedelta(days=1)):
        pass


def test_only_the_sample_region_is_told() -> None:
    found = subprocess.run(
        ["grep", "-rlE", r"clock\.telling|clock import .*telling|_back\.set", "--include=*.py", str(ROOT / "src")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    told_in = {Path(each).name for each in found.stdout.split()}
    assert {name for name in told_in if not name.startswith("sample_")} == {"clock.py"}
