"""Columns and single rows give the same answer, word for word; a figure too large for columns is not given up."""

from datetime import date
from fractions import Fraction
from random import Random

import polars as pl
import pytest

from rongtong.engines.rules import Pack, assess, assess_table, peers_of, shipped
from rongtong.engines.rules.facts import frame_of
from rongtong.engines.rules.row_by_row import by_rows
from tests.engines.rules.made import DAY, MADE, PACKS, facts

TRUTHS = {"passed": True, "failed": False, "undetermined": None}
SUPPLY = ("请补充：", "Please supply: ", "还缺：", "Not given: ")


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: f"{pack.id}@{pack.version}")
def test_a_table_says_of_each_row_what_a_single_assessment_says(pack: Pack) -> None:
    chance = Random(pack.id)
    rows = [facts(pack, chance) for _row in range(150)]
    frame = frame_of(pack, rows)
    table = assess_table(pack, frame, DAY)
    peers = peers_of(pack, frame, DAY)
    for row, found in zip(rows, table.iter_rows(named=True), strict=True):
        single = assess(pack, row, DAY, peers, with_remedies=False)
        assert (found["outcome"], found["because"]) == (single.outcome, single.because)
        assert {each.id: found[f"gate.{each.id}"] for each in single.findings} == {
            each.id: TRUTHS[each.outcome] for each in single.findings
        }
        for item in single.items:
            assert found[f"low.{item.id}"] == pytest.approx(float(item.low), rel=1e-12)
            assert found[f"high.{item.id}"] == pytest.approx(float(item.high), rel=1e-12)
        for output in single.outputs:
            assert_figure(found[f"out.{output.id}"], output.value)
        for language in ("zh", "en"):
            said = [getattr(reason, language) for reason in single.reasons]
            assert without_supply(found[f"reasons_{language}"].split("\n")) == without_supply(said)
        assert set(single.missing) <= set(found["to_supply"].split(","))


def assert_figure(found: object, wanted: object) -> None:
    if isinstance(wanted, (int, Fraction)) and not isinstance(wanted, bool):
        assert found == pytest.approx(float(wanted), rel=1e-12)
    else:
        assert found == wanted


def without_supply(said: list[str]) -> list[str]:
    """A table asks for every open input, a single assessment for the shortest list."""
    return [each for each in said if each and not each.startswith(SUPPLY)]


def test_a_table_tells_what_lacks_and_a_single_row_what_to_supply() -> None:
    pack = shipped().load("cn.high-tech-enterprise", DAY)
    told = assess_table(pack, frame_of(pack, [{}]), DAY)["reasons_zh"].item().split("\n")
    asked = [reason.zh for reason in assess(pack, {}, DAY).reasons]
    assert [each[:3] for each in told if each.startswith("还缺：")] == ["还缺："]
    assert [each[:4] for each in asked if each.startswith("请补充：")] == ["请补充："]
    assert not any(each.startswith("请补充") for each in told)


def test_the_verdict_alone_is_the_same_verdict() -> None:
    pack = shipped().load("cn.high-tech-enterprise", DAY)
    frame = frame_of(pack, [{"staff": 10, "tech_staff": count} for count in (None, 0, 1, 9)])
    quick, full = assess_table(pack, frame, DAY, "verdict"), assess_table(pack, frame, DAY)
    assert quick.rows() == full.select("outcome", "score_low", "score_high").rows()
    assert quick["outcome"].to_list() == ["undetermined", "failed", "undetermined", "undetermined"]


def test_figures_too_large_for_columns_are_computed_row_by_row() -> None:
    pack = MADE.load("test.wide", DAY)
    largest = 10**15
    frame = frame_of(pack, [{"a": largest, "b": largest - 1, "c": largest}, {"a": 3, "b": 2, "c": None}])
    found = assess_table(pack, frame, DAY)
    assert found.equals(by_rows(pack, frame, DAY, "reasons"))
    assert found["outcome"].to_list() == ["passed", "undetermined"]


def test_columns_that_are_no_inputs_stay_in_front() -> None:
    pack = MADE.load("test.shapes", DAY)
    frame = pl.DataFrame({"编号": ["甲"], "profit": [None], "备注": ["x"]}, schema_overrides={"profit": pl.Int64})
    assert assess_table(pack, frame, date(2026, 1, 1)).columns[:3] == ["编号", "备注", "outcome"]
