"""The record of a draw holds everything it rested on; whatever is changed in it afterwards is found."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from rongtong.engines.review import (
    Order,
    Proposal,
    Record,
    RecordError,
    Relation,
    as_data,
    as_text,
    read_record,
    replaced,
    settle,
    verify,
)
from tests.engines.review.made import DAY, PANEL, RECUSAL, people, person

PANEL_HERE = replace(PANEL, per_organisation=2, enterprise_share=Fraction(1, 5), cool_down_days=30)
POOL = [replace(each, enterprise=number % 3 == 0) for number, each in enumerate(people(24))]
NAMES = [Relation(f"E{number:02}", "applicant", "named") for number in range(8, 12)]
ORDER = Order(
    label="T-2026-01/1",
    as_of=DAY,
    places=7,
    seed="a seed",
    panel=PANEL_HERE,
    recusal=RECUSAL,
    pool=tuple(reversed(POOL)),
    proposals=(Proposal("P", ("U", "applicant")),),
    relations=(
        Relation("E03", "U", "employment", date(2024, 1, 1), evidence="社保记录"),
        Relation("E04", "U", "board"),
        *NAMES,
    ),
)


@pytest.fixture
def record() -> Record:
    return settle(ORDER)


def test_a_record_is_read_as_it_was_written_and_is_right(record: Record) -> None:
    assert read_record(as_text(record)) == record
    assert read_record(as_data(record)) == record
    assert verify(record) == ()


def test_it_tells_who_was_excluded_and_which_names_came_too_late(record: Record) -> None:
    assert [(each.candidate, each.code) for each in record.result.exclusions] == [
        ("E03", "employment"),
        ("E04", "board"),
    ]
    assert [each.candidate for each in record.result.told] == ["E08", "E09", "E10"]
    assert record.refused_names == {"P": ("E11",)}


CHANGES: list[tuple[str, Any]] = [
    ("result.drawn", lambda data: data["result"]["drawn"].reverse()),
    ("result.reserve", lambda data: data["result"]["reserve"].pop()),
    ("result.exclusions", lambda data: data["result"]["exclusions"].clear()),
    ("pool_digest", lambda data: data["order"]["pool"][0].update(organisation="elsewhere")),
    ("commitment", lambda data: data["order"].update(seed="another seed")),
    ("refused_names.P", lambda data: data["refused_names"].clear()),
    ("result.told", lambda data: data["result"].update(told=[])),
]


@pytest.mark.parametrize(("place", "change"), CHANGES)
def test_whatever_was_changed_is_found(record: Record, place: str, change: Any) -> None:
    data = as_data(record)
    change(data)
    assert place in "\n".join(each.place for each in verify(read_record(data)))


def test_a_person_slipped_into_the_pool_is_found(record: Record) -> None:
    data = as_data(record)
    data["order"]["pool"].append({**data["order"]["pool"][0], "id": "E99"})
    assert "pool_digest" in [each.place for each in verify(read_record(data))]


def test_successors_are_part_of_the_record(record: Record) -> None:
    first, second = record.result.drawn[:2]
    after = replaced(replaced(record, first, "因病"), second, "申明回避")
    assert [(each.gone, each.reason, len(each.came)) for each in after.replacements] == [
        (first, "因病", 1),
        (second, "申明回避", 1),
    ]
    assert set(after.members) == {*record.result.drawn[2:], *(id for each in after.replacements for id in each.came)}
    assert (verify(after), read_record(as_text(after))) == ((), after)
    data = as_data(after)
    data["replacements"][1]["came"] = [record.result.reserve[-1]]
    assert [each.place for each in verify(read_record(data))] == ["replacements[1].came[0]"]


def test_only_a_member_is_replaced(record: Record) -> None:
    with pytest.raises(ValueError, match="E03 is not on the panel"):
        replaced(record, "E03", "")
    first = record.result.drawn[0]
    with pytest.raises(ValueError, match="not on the panel"):
        replaced(replaced(record, first, ""), first, "")


def test_a_place_left_empty_is_filled_with_a_later_one() -> None:
    """The representative keeps the expert of the same house and the other representative out, until leaving."""
    pool = [
        *people(4),
        person("R0", "U", expert=False),
        person("E04", "U"),
        person("R1", "V", expert=False),
    ]
    order = replace(ORDER, places=5, panel=replace(PANEL, per_organisation=1), relations=(), proposals=())
    seeds = (replace(order, pool=tuple(pool), seed=str(number)) for number in range(99))
    record = next(each for each in map(settle, seeds) if "R0" in each.result.drawn)
    empty = replaced(record, "E00", "")
    assert (empty.replacements[0].came, [each.code for each in empty.replacements[0].obstacles]) == ((), ["experts"])
    after = replaced(empty, "R0", "")
    assert (set(after.members), verify(after)) == ({"E01", "E02", "E03", "E04", "R1"}, ())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "line 1"),
        ("[]", ""),
        ('{"form": "other"}', "form"),
        (b"\xff", "byte 0"),
        ("[" * 100_000, ""),
    ],
)
def test_what_is_no_record_is_said_by_place(text: str | bytes, place: str) -> None:
    with pytest.raises(RecordError) as error:
        read_record(text)
    assert place in [each for each, _reason in error.value.problems]


@pytest.mark.parametrize(
    ("place", "value"),
    [("expert_share", "1/0"), ("expert_share", 0.5), ("least", "5"), ("odd", 1), ("expert_years", -1.5)],
)
def test_numbers_are_whole_or_exact(record: Record, place: str, value: object) -> None:
    data = as_data(record)
    data["order"]["panel"][place] = value
    with pytest.raises(RecordError) as error:
        read_record(data)
    assert [found for found, _reason in error.value.problems] == [f"order.panel.{place}"]


def test_the_digests_can_be_computed_with_any_tool(record: Record) -> None:
    data = json.loads(as_text(record))
    pool = json.dumps(data["order"]["pool"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert data["pool_digest"] == hashlib.sha256(pool.encode()).hexdigest()
    assert data["commitment"] == hashlib.sha256(data["order"]["seed"].encode()).hexdigest()


def test_nothing_beside_the_record_stands_in_it(record: Record) -> None:
    data = json.loads(as_text(record))
    data["order"]["pool"][0]["favourite"] = True
    with pytest.raises(RecordError) as error:
        read_record(data)
    assert [place for place, _reason in error.value.problems] == ["order.pool[0].favourite"]
