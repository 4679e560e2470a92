"""At a boundary all falls on the side the law says: single rows and columns against fractions in plain Python."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongtong.engines.rules import Pack, assess_table, load_text
from rongtong.engines.rules.evaluate import evaluate
from rongtong.engines.rules.facts import frame_of
from rongtong.engines.rules.values import LIMITS
from tests.engines.rules.made import DAY

RATIO = """
pack: test.ratio
version: 2020-01-01
title: {{zh: 比例, en: Ratio}}
subject: enterprise
place: CN
source: {{law: {{name: 某办法}}}}
inputs:
  rd: {{type: money, label: {{zh: 研发, en: R&D}}}}
  sales: {{type: money, label: {{zh: 收入, en: Sales}}}}
  other: {{type: money, label: {{zh: 其他, en: Other}}, range: [0, null]}}
  base: {{type: money, label: {{zh: 基数, en: Base}}, range: [0, null]}}
derive:
  first: {{label: {{zh: 一, en: One}}, expr: rd / sales}}
  mean: {{label: {{zh: 二, en: Two}}, expr: (rd / sales + other / base) / 2}}
gates:
  - {{id: once, label: {{zh: 一, en: One}}, expr: "first {op} 5%"}}
  - {{id: twice, label: {{zh: 二, en: Two}}, expr: "mean {op} 5%"}}
"""
OPERATORS = {
    ">=": lambda one, other: one >= other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    "<": lambda one, other: one < other,
    "==": lambda one, other: one == other,
}
MOST = LIMITS["money"]
LARGE = st.integers(-MOST, MOST)
POSITIVE = st.integers(0, MOST)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, int | None]:
    """Amounts up to ten trillion yuan, most of them within a fen or two of the bound."""
    sales = draw(LARGE)
    rd = draw(st.just(sales // 20) | st.integers(-2, 2).map(lambda by: sales // 20 + by) | LARGE)
    base = draw(POSITIVE)
    other = draw(st.integers(-2, 2).map(lambda by: abs(base // 20 + by)) | POSITIVE)
    row: dict[str, int | None] = {"rd": max(-MOST, min(rd, MOST)), "sales": sales, "other": other, "base": base}
    unknown = draw(st.none() | st.sampled_from(sorted(row)))
    return {**row, unknown: None} if unknown else row


def ratio(over: int | None, under: int | None) -> Fraction | None:
    return None if over is None or not under else Fraction(over, under)


def oracle(row: dict[str, int | None], op: str) -> tuple[bool | None, bool | None]:
    one, other = ratio(row["rd"], row["sales"]), ratio(row["other"], row["base"])
    bound = Fraction(1, 20)
    first = None if one is None else OPERATORS[op](one, bound)
    second = None if one is None or other is None else OPERATORS[op]((one + other) / 2, bound)
    return first, second


@pytest.mark.parametrize("op", sorted(OPERATORS))
@settings(max_examples=15, deadline=None)
@given(table=st.lists(rows(), min_size=1, max_size=20))
def test_a_ratio_is_compared_exactly(op: str, table: list[dict[str, int | None]]) -> None:
    pack = packs()[op]
    wanted = [oracle(row, op) for row in table]
    assert [evaluate(pack, row, DAY).gates for row in table] == wanted
    found = assess_table(pack, frame_of(pack, [*table]), DAY)
    assert found.select("gate.once", "gate.twice").rows() == wanted


def packs(made: dict[str, Pack] = {}) -> dict[str, Pack]:  # noqa: B006  # read once for all examples
    if not made:
        made.update({op: load_text(RATIO.format(op=op)) for op in OPERATORS})
    return made


@pytest.mark.parametrize(("rd", "truth"), [(250_000_000, True), (249_999_999, False), (250_000_001, True)])
def test_five_per_cent_at_exactly_fifty_million(rd: int, truth: bool) -> None:
    row: dict[str, int | None] = {"rd": rd, "sales": 5_000_000_000}
    assert evaluate(packs()[">="], row, DAY).gates[0] is truth
    assert assess_table(packs()[">="], frame_of(packs()[">="], [row]), DAY)["gate.once"].to_list() == [truth]
