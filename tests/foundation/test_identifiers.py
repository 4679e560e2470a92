"""Identifiers sort by the time they were made and never collide."""

import time
from uuid import RFC_4122

from rongtong.domain.foundation.ids import new_id


def test_an_identifier_is_a_version_seven_uuid() -> None:
    made = new_id()
    assert (made.version, made.variant) == (7, RFC_4122)


def test_identifiers_sort_by_the_time_they_were_made() -> None:
    first = new_id()
    time.sleep(0.002)
    assert first < new_id()


def test_identifiers_differ() -> None:
    assert len({new_id() for _ in range(10_000)}) == 10_000


def test_an_identifier_carries_its_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    stamp = new_id().int >> 80
    assert before <= stamp <= time.time_ns() // 1_000_000
