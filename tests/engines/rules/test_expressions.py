"""Expressions: reading, kinds and units, three-valued logic, exact arithmetic."""

from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongtong.engines.rules.kinds import BARE, COUNT, DATE, FLAG, MONEY, NUMBER, SHARE, TEXT, Kind, check
from rongtong.engines.rules.row import days, months, value, years
from rongtong.engines.rules.syntax import ExpressionError, parse
from rongtong.engines.rules.values import Value

SCOPE = {
    **dict.fromkeys(("a", "b", "c"), FLAG),
    **dict.fromkeys(("m", "n"), MONEY),
    "s": SHARE,
    "k": COUNT,
    "x": NUMBER,
    "d": DATE,
    "t": Kind("text", options=frozenset({"one", "two"})),
    "u": Kind("set", options=frozenset({"one", "two"})),
}
ROW: dict[str, Value] = {**dict.fromkeys(SCOPE), "today": date(2026, 6, 30)}


def computed(text: str, **row: Value) -> Value:
    return value(check(parse(text), SCOPE)[0], {**ROW, **row})


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("7 - 2 - 1", 4),
        ("-2 * 3", -6),
        ("1 / 3 * 3 == 1", True),
        ("0.1 + 0.2 == 0.3", True),
        ("5% == 1 / 20", True),
        ("50_000_000 == 5000万", True),
        ("2亿 == 20000万", True),
        ("not true or true", True),
        ("true -> false -> false", True),
        ("1 < 2 and 2 < 3", True),
        ("min(3, 1, 2) + max(1, 2) + abs(-4) + floor(7 / 2)", 10),
        ("if(1 > 2, 10%, 20%)", Fraction(1, 5)),
        ('"one" in ("one", "two")', True),
        ("today == 2026-06-30", True),
        ("days(2025-06-30, today)", 365),
        ("years(2024-02-29, 2025-02-28)", 0),
        ("years(2024-02-29, 2025-03-01)", 1),
        ("months(2026-01-31, 2026-02-28)", 0),
    ],
)
def test_an_expression_has_its_value(text: str, result: Value) -> None:
    assert computed(text) == result


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1 +", 3),
        ("1 + * 2", 4),
        ("(1 + 2", 6),
        ("1 2", 2),
        ("1 < 2 < 3", 6),
        ("open(1)", 0),
        ("if(a, 1)", 0),
        ("a # b", 2),
        ("2026-02-30 > d", 0),
        ("__import__", 0),
        ("s.real", 1),
        ("m > 5%", 2),
        ("m + k", 2),
        ("k > s", 2),
        ("m * n", 2),
        ("k / m", 2),
        ("d > 3", 2),
        ('t == "three"', 2),
        ('"three" in u', 8),
        ("a + 1", 2),
        ("m and a", 2),
        ("t < t", 2),
        ("points(a)", 0),
        ("(" * 70 + "1" + ")" * 70, 60),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_place(text: str, at: int) -> None:
    with pytest.raises(ExpressionError) as error:
        check(parse(text), SCOPE)
    assert error.value.at == at
    assert error.value.said.zh and error.value.said.en


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("m / n", SHARE),
        ("m * s", MONEY),
        ("m / k", MONEY),
        ("k / k", SHARE),
        ("k / 3", NUMBER),
        ("k * 2 + 1", COUNT),
        ("x + s", SHARE),
        ("floor(x)", COUNT),
        ("2 * 3", BARE),
        ("max(m, 0)", MONEY),
        ("if(a, t, t)", Kind("text", options=frozenset({"one", "two"}))),
        ("days(d, today)", COUNT),
        ('if(a, "seed", "grown")', TEXT),
        ("known(m)", FLAG),
    ],
)
def test_an_expression_has_its_kind(text: str, kind: Kind) -> None:
    assert check(parse(text), SCOPE)[1] == kind


@pytest.mark.parametrize(
    "text", ["m <= 5000万", "5000万 >= m", "min(m, 5000万) == m", "m - 5000万 <= 0", "-5000万 <= -m"]
)
def test_a_plain_number_beside_money_is_yuan(text: str) -> None:
    assert computed(text, m=5_000_000_000) is True
    assert computed(text, m=5_000_000_001) is False


TABLE = {
    "and": {(True, True): True, (True, None): None, (None, None): None},
    "or": {(False, False): False, (False, None): None, (None, None): None},
}


@pytest.mark.parametrize(("op", "left", "right"), [*product(("and", "or"), *2 * ((True, False, None),))])
def test_kleene(op: str, left: bool | None, right: bool | None) -> None:
    decisive = op == "or"
    wanted = decisive if decisive in (left, right) else TABLE[op].get((left, right), TABLE[op].get((right, left)))
    assert computed(f"a {op} b", a=left, b=right) is wanted
    assert computed(f"not (not a {'and' if op == 'or' else 'or'} not b)", a=left, b=right) is wanted
    assert computed("a -> b", a=left, b=right) is computed("not a or b", a=left, b=right)


@pytest.mark.parametrize(
    ("text", "row", "result"),
    [
        ("if(m <= 5000万, 5%, 3%)", {}, None),
        ("if(m <= 5000万, 5%, 5%)", {}, Fraction(1, 20)),
        ("if(a, s, 3%)", {"a": False}, Fraction(3, 100)),
        ("if(a, m / n > 5%, true)", {"a": None}, None),
        ("m / n", {"m": 1, "n": 0}, None),
        ("m / n > 5% or a", {"m": 1, "n": 0, "a": True}, True),
        ("count(a, b, c)", {"a": True, "b": True}, None),
        ("count(a, b, c) >= 2", {"a": True, "b": True}, True),
        ("count(a, b, c) >= 2", {"a": False, "b": False}, False),
        ("count(a, b, c) == 3", {"a": False}, False),
        ("count(a, b, c) != 3", {"a": False}, True),
        ("count(a, b, c) >= 2", {"a": True}, None),
        ("max(m, n) > 0", {"m": 5}, None),
        ('t in ("one", "two")', {}, None),
        ('"one" in u', {"u": frozenset({"two"})}, False),
        ("known(m)", {}, False),
        ("m == m", {}, None),
    ],
)
def test_unknown_stays_unknown_until_what_is_known_decides(text: str, row: dict[str, Value], result: Value) -> None:
    assert computed(text, **row) == result


@given(st.dates(), st.dates())
def test_full_years_and_months_agree_with_the_calendar(one: date, other: date) -> None:
    start, end = sorted((one, other))
    assert years(start, end) == months(start, end) // 12
    assert days(start, end) >= 365 * years(start, end)
    assert days(start, end) <= 366 * (years(start, end) + 1)
