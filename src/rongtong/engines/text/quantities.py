"""Numbers with units in a text: single values, ranges and tolerances; dates, codes and list numbers are none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rongtong.engines.text.numbers import Number, read_number
from rongtong.engines.text.relations import prefix_unit
from rongtong.engines.text.units import MULTIPLE, NUMBER, RATIO, TEMPERATURE, TIME, YUAN, Unit, read_unit, unit_named

WINDOW = 48


@dataclass(frozen=True, slots=True)
class Quantity:
    """The value or values at `text[start:end]`, in `unit`; `kind` says how they were written."""

    low: float
    high: float
    unit: Unit
    start: int
    end: int
    kind: Literal["one", "range", "tolerance"]


SIGNS = str.maketrans(
    {"～": "~", "∼": "~", "〜": "~", "﹣": "-", "–": "-", "—": "-", "―": "-", "‐": "-", "‑": "-", "−": "-", "﹪": "%"}
    | {"≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤", "﹥": ">", "﹤": "<", "＝": "=", "º": "°", "˚": "°", "⋅": "·"}
)
NEGATIVE = re.compile(r"(?:(?<![A-Za-z0-9)%°℃\-])-|零下|负|minus\s)\s?$")

# Chinese numerals are everywhere (一种, 三个): only what is commonly spoken of in them is a quantity.
_SPOKEN = frozenset({TIME, TEMPERATURE, RATIO, MULTIPLE, YUAN, "[mass]", "[length]", "[length] ** 2"})
_JOINT = re.compile(r"\s?(?:~|-{1,3}|至|到|\band\b|\bto\b|…)\s?[ΦφФØ]?")
_BETWEEN = re.compile(r"\b(?:between|from)\s+$", re.IGNORECASE)
_MINUS = re.compile(r"-|零下|负")
_TOLERANCE = re.compile(r"\s?(?:±|\+/-|\+-)\s?")
_STANDARD = re.compile(
    r"(?<![A-Za-z])(?:GB|GJB|ISO|IEC|JB|YB|DL|NB|QB|TS|EN|ASTM|DIN|ZL|CN|No\.?|SH|HG|YY|第|专利号)\s?/?T?[:\s]*$"
)
_LEFT_OF_A_CODE = re.compile(r"[A-Za-z_#$&@\\.]$")
_CODE_PREFIX = re.compile(r"(?:[ΦφФØ]|(?<![A-Za-z])(?:Ra|Rz|HRC|HRA|HRB|HBW|HB|HV|HK|RMB|at|of|to|by|is|and|than))\s?$")
# In a composition the share follows the symbol directly: Al4.7%, V2.5%.
_ELEMENT = re.compile(r"(?<![A-Za-z])[A-Z][a-z]?$")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")


def read_quantity(text: str, start: int, floor: int) -> Quantity | None:
    """Return the quantity whose first number begins at `start`, or None when the number means something else.

    `text` is folded with `SIGNS` translated; nothing in front of `floor` is looked at.
    """
    first = read_number(text, start)
    if first is None or first.end - first.start > 40 or _is_code(text, first, floor):
        return None
    hint = text[max(floor, start - WINDOW) : start]
    minus = NEGATIVE.search(hint[-8:])
    value = -first.value if minus else first.value
    start -= len(minus.group()) if minus else 0
    unit, end = _unit(text, first, hint)
    if tolerance := _TOLERANCE.match(text, end):
        return _with_tolerance(text, value, unit, tolerance.end(), start)
    if unit and _TOLERANCE.search(hint[-3:]) and hint.rstrip()[-1:] in {"±", "-"}:
        return Quantity(-first.value, first.value, unit, start - 1, end, "tolerance")
    if joint := _joint(text, end, hint):
        return _range(text, first, value, start, unit, joint, hint)
    if unit:
        return Quantity(value, value, unit, start, end, "one")
    if first.chinese or _latin_at(text, first.end):
        return None
    return Quantity(value, value, NUMBER, start, first.end, "one")


def _unit(text: str, number: Number, hint: str) -> tuple[Unit | None, int]:
    if number.percent:
        return unit_named("%"), number.end
    found = read_unit(text, number.end, hint)
    if found and number.chinese and not _spoken(number, found[0]):
        return None, number.end
    if found:
        return found
    prefix = prefix_unit(hint)
    return (unit_named(prefix) if prefix else None), number.end


def _spoken(number: Number, unit: Unit) -> bool:
    """三元 and 一元 are chemistry and algebra, 五十元 is money."""
    return unit.dimension in _SPOKEN and (unit.dimension != YUAN or number.end - number.start > 1)


def _with_tolerance(text: str, value: float, unit: Unit | None, at: int, start: int) -> Quantity | None:
    width = read_number(text, at)
    if width is None:
        return None
    after = width.end + (text[width.end : width.end + 1] == ")")
    written = read_unit(text, after)
    shared, end = written or (unit or NUMBER, width.end)
    half = width.value
    if shared.dimension == RATIO and unit and unit.dimension != RATIO:
        # 220V±10%: the tolerance is a share of the value.
        half, shared = abs(value) * half * shared.scale, unit
    return Quantity(value - half, value + half, shared, start, end, "range")


def _joint(text: str, end: int, hint: str) -> int | None:
    """Return where the second number of a range begins ("and" and "to" join only after "between" and "from")."""
    joint = _JOINT.match(text, end)
    if joint is None or (joint.group().strip() == "and" and not _BETWEEN.search(hint)):
        return None
    minus = _MINUS.match(text, joint.end())
    second = minus.end() if minus else joint.end()
    return joint.end() if read_number(text, second) else None


def _range(
    text: str, first: Number, value: float, start: int, unit: Unit | None, joint: int, hint: str
) -> Quantity | None:
    minus = _MINUS.match(text, joint)
    second = read_number(text, minus.end() if minus else joint)
    if second is None:
        return None
    second_unit, end = _unit(text, second, hint)
    if second_unit is None and text[second.end : second.end + 1] == ")" and text[start - 1 : start] == "(":
        second_unit, end = read_unit(text, second.end + 1, hint) or (None, second.end)
    shared = second_unit or unit
    if shared is None:
        return _bare_range(text, first, second, value)
    if unit and second_unit and unit.dimension != second_unit.dimension:
        return Quantity(value, value, unit, start, joint - 1, "one")
    low = value * _carried(text, first, second, unit)
    if unit and second_unit:
        low = ((low * unit.scale + unit.offset) - second_unit.offset) / second_unit.scale
    high = -second.value if minus else second.value
    return Quantity(min(low, high), max(low, high), shared, start, end, "range")


def _carried(text: str, first: Number, second: Number, unit: Unit | None) -> float:
    """In 30-50万元 the 万 belongs to both numbers."""
    if unit or first.scaled or not second.scaled:
        return 1.0
    digits = _PLAIN.match(text, second.start)
    plain = float(digits.group()) if digits else 0.0
    return second.value / plain if plain else 1.0


def _bare_range(text: str, first: Number, second: Number, value: float) -> Quantity | None:
    """A range without a unit must look measured: pH 6~9, 碱度0.3-1.5; not 1016-1997, 3-A."""
    written = text[first.start : second.end]
    if ("." not in written and second.value >= 15) or first.chinese or _latin_at(text, second.end):
        return None
    low, high = sorted((value, second.value))
    return Quantity(low, high, NUMBER, first.start, second.end, "range")


def _is_code(text: str, number: Number, floor: int) -> bool:
    """Say whether the number is part of a type name, a standard, a date, a list number, a size or a proportion."""
    left = text[max(floor, number.start - 10) : number.start]
    right = text[number.end : number.end + 3]
    written = text[number.start : number.end]
    if _LEFT_OF_A_CODE.search(left) and not (_CODE_PREFIX.search(left) or (right[:1] == "%" and _ELEMENT.search(left))):
        return True
    if _STANDARD.search(left) or (_YEAR.match(written) and right[:1] in {"年", "-", "/", "."}):
        return True
    size = left[-1:] in {"×", "*", "x"} or (right[:1] in {"×", "*"} and right[1:2].isdigit())
    proportion = (left[-1:] == ":" and left[-2:-1].isdigit()) or (right[:1] == ":" and right[1:2].isdigit())
    return size or proportion or _is_list_number(text, number, right)


def _is_list_number(text: str, number: Number, right: str) -> bool:
    before = text[max(0, number.start - 3) : number.start]
    opens = number.start == 0 or before[-1:] in {"\n", "(", "。", "；", ";", " "}
    return opens and number.value < 60 and right[:1] in {"、", ")", "."} and not right[1:2].isdigit()


def _latin_at(text: str, position: int) -> bool:
    following = text[position : position + 1]
    return following.isascii() and following.isalpha()
