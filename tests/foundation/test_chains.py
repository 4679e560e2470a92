"""What was done to a chain is told by the links that still hold."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rongtong.domain.foundation.audit import GENESIS
from rongtong.domain.foundation.chains import Read, as_json, digest, from_json, walk

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)


def chain(length: int, algorithm: str = "sha256") -> list[Read]:
    events: list[Read] = []
    for seq in range(1, length + 1):
        events.append(linked(seq, events[-1].hash if events else GENESIS, algorithm=algorithm))
    return events


def linked(seq: int, previous: str, who: str = "王科员", algorithm: str = "sha256") -> Read:
    at = BEGAN + timedelta(seconds=seq)
    event = Read(seq, at, "tests.act", 7, None, who, "tests.thing", "1", {"n": seq}, previous, "", algorithm)
    return replace(event, hash=digest(event))


def found(events: list[Read]) -> tuple[str, int | None]:
    done, _seen = walk(events, 0, GENESIS)
    return done.fault, done.broken_at


def renumbered(events: list[Read], by: int) -> list[Read]:
    return [replace(event, seq=event.seq + by) for event in events]


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_what_nobody_touched_holds(algorithm: str) -> None:
    assert found(chain(5, algorithm)) == ("", None)


def test_a_chain_holds_over_a_change_of_algorithm() -> None:
    events = chain(3)
    for seq in (4, 5):
        events.append(linked(seq, events[-1].hash, algorithm="sm3"))
    assert found(events) == ("", None)
    events[4] = replace(events[4], algorithm="sha256")
    assert found(events) == ("changed", 5)


def test_a_changed_event() -> None:
    events = chain(5)
    events[2] = replace(events[2], actor_name="别人")
    assert found(events) == ("changed", 3)


@pytest.mark.parametrize("gap_closed", [False, True])
def test_a_removed_event(gap_closed: bool) -> None:
    events = chain(5)
    later = events[3:]
    assert found(events[:2] + (renumbered(later, -1) if gap_closed else later)) == ("missing", 3)


@pytest.mark.parametrize("made_right", [False, True])
def test_an_inserted_event(made_right: bool) -> None:
    events = chain(5)
    forged = linked(3, events[1].hash, who="别人")
    forged = forged if made_right else replace(forged, hash="f" * 64)
    assert found([*events[:2], forged, *renumbered(events[2:], 1)]) == ("inserted", 3)


def test_a_part_is_checked_from_where_it_begins() -> None:
    events = chain(5)
    done, seen = walk(events[2:], 2, events[1].hash, wanted=events[3].hash)
    assert (done.fault, done.events, done.seq, done.hash, seen) == ("", 3, 5, events[4].hash, True)


def test_an_event_comes_back_from_its_line_as_it_was() -> None:
    event = chain(1)[0]
    assert from_json(json.loads(as_json(event))) == event
