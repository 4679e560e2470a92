"""The shortest list: the fewest facts with which an open row can still turn out well."""

from typing import Any

import pytest

from rongtong.engines.rules import Pack, assess, facts_of, load_text
from tests.engines.rules.made import DAY

INPUTS = "\n".join(f"  {name}: {{type: flag, label: {{zh: {name}, en: {name}}}}}" for name in "abcdefg")
HEAD = f"""
pack: test.missing
version: 2020-01-01
title: {{zh: 缺, en: Missing}}
subject: enterprise
place: CN
source: {{law: {{name: 某办法}}}}
inputs:
{INPUTS}
  n: {{type: count, label: {{zh: n, en: n}}}}
  m: {{type: count, label: {{zh: m, en: m}}}}
derive:
  half: {{label: {{zh: 半, en: Half}}, expr: n / m}}
"""
SCORED = """
score:
  pass: 10
  items:
    - id: better
      label: {zh: 取优, en: Better}
      best_of:
        - {id: two_facts, label: {zh: 两项, en: Two}, value: half, bands: [[1, 10]]}
        - {id: three_facts, label: {zh: 三项, en: Three}, cases: [["c and d and e", 10]]}
    - {id: judged, label: {zh: 评审, en: Judged}, expert: [0, 3]}
direct:
  - {id: way, label: {zh: 直接, en: Direct}, expr: f and g and a and b}
"""


def gates(*expressions: str) -> Pack:
    rows = [f'  - {{id: g{i}, label: {{zh: 门, en: Gate}}, expr: "{expr}"}}' for i, expr in enumerate(expressions)]
    return load_text(HEAD + "gates:\n" + "\n".join(rows) + "\n")


@pytest.mark.parametrize(
    ("expressions", "given", "missing"),
    [
        (("a and b",), {}, "ab"),
        (("a and b",), {"a": True}, "b"),
        (("a and b",), {"a": False}, ""),
        (("a or b",), {}, "a"),
        (("a or b", "b or c"), {}, "b"),
        (("a and b or c",), {}, "c"),
        (("a -> b",), {"a": True}, "b"),
        (("a -> b", "a"), {"a": True}, "b"),
        (("if(a, b, c)",), {"b": True, "c": False}, "a"),
        (("if(a, b and c, d)",), {}, "ad"),
        (("not (a or b)",), {}, "ab"),
        (("half >= 1",), {"n": 3}, "m"),
        (("half >= 1",), {}, "nm"),
        (("half >= 1 or a",), {}, "a"),
        (("count(a, b, c) >= 2",), {"a": True}, "b"),
        (("n > 3 and n < 9", "m > n"), {}, "nm"),
    ],
)
def test_the_shortest_list_of_conditions(expressions: tuple[str, ...], given: dict[str, Any], missing: str) -> None:
    pack = gates(*expressions)
    assert assess(pack, facts_of(pack, given), DAY).missing == tuple(missing)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "nm"),
        ({"n": 0, "m": 3}, "cde"),
        ({"n": 0, "m": 3, "c": False}, "abfg"),
        ({"n": 0, "f": True, "g": True, "a": True}, "b"),
        ({"n": 3, "m": 3}, ""),
        ({"n": 0, "m": 3, "c": False, "f": False}, ""),
    ],
)
def test_the_shortest_way_through_choices_and_direct_entry(given: dict[str, Any], missing: str) -> None:
    pack = load_text(HEAD + SCORED)
    assert assess(pack, facts_of(pack, given), DAY).missing == tuple(missing)
