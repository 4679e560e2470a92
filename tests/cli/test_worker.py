"""The worker: every job in its turn, one job's failure stops no other, one worker to a data folder."""

import datetime as dt
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from rongtong.cli.jobs import Job, expire
from rongtong.cli.supervision import Supervised
from rongtong.cli.worker import ALREADY_RUNNING, only_one, work
from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.registry.models import Resource
from rongtong.site.heartbeat import Beat, Heart, last_beat
from tests.factories import DEMAND, ResourceFactory


def silent(done: int, total: int) -> None:
    """Nobody asks how far it is."""


@pytest.mark.django_db
def test_what_is_past_its_day_or_long_untouched_becomes_stale_with_an_event() -> None:
    fresh = ResourceFactory()
    past = ResourceFactory(values=DEMAND | {"deadline": "2020-01-01"})
    old = ResourceFactory()
    Resource.objects.filter(pk=old.pk).update(updated_at=timezone.now() - dt.timedelta(days=400))
    assert expire(silent) == 2
    states = dict(Resource.objects.values_list("pk", "state"))
    assert (states[fresh.pk], states[past.pk], states[old.pk]) == ("published", "stale", "stale")
    assert AuditEvent.objects.filter(action="registry.expire").count() == 2


@pytest.mark.django_db
def test_a_job_that_fails_rests_and_stops_no_other(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def fails(report: Any) -> int:
        raise DatabaseError("database is locked")

    def works(report: Any) -> int:
        done.append("worked")
        return int(len(done) < 3)

    failing, working = Job("failing", fails), Job("working", works)
    with Heart(tmp_path) as heart:
        work([failing, working], heart, threading.Event(), once=True)
    assert (len(done), failing.failures, failing.due()) == (3, 1, False)
    assert "database is locked" in caplog.text


@pytest.mark.django_db
def test_a_stop_reaches_a_job_at_its_next_report(tmp_path: Path) -> None:
    stop = threading.Event()

    def long(report: Any) -> int:
        report(1, 10)
        stop.set()
        report(2, 10)
        raise AssertionError("went on after the stop")

    with Heart(tmp_path) as heart, pytest.raises(SystemExit):
        work([Job("long", long)], heart, stop)


def test_a_second_worker_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(SystemExit) as refused, only_one(tmp_path):
        pass
    assert refused.value.code == ALREADY_RUNNING


def test_the_heart_beats_while_at_work_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with Heart(tmp_path) as heart:
        beat = last_beat(tmp_path)
        assert beat is not None
        assert beat.alive
        heart.doing("index", 1, 2)
    assert last_beat(tmp_path) is None


def test_a_silence_of_minutes_is_death() -> None:
    long_ago = (dt.datetime.now(dt.UTC) - dt.timedelta(minutes=5)).isoformat()
    assert not Beat(1, long_ago).alive


def test_a_child_that_dies_is_started_again_and_ends_with_us(caplog: pytest.LogCaptureFixture) -> None:
    child = Supervised("no-such-command")
    child.start()
    deadline = threading.Event()
    while "ended with" not in caplog.text and not deadline.wait(0.1):
        pass
    child.stop()
    assert "started again in 2 s" in caplog.text
