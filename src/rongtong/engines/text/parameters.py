"""Measured parameters in free text: 抗冲击韧性≥67%, 热导率低于0.03 W/(m·K), a yield of at least 95 %."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from rongtong.engines.text.context import unit_beside_name, unit_in_context, unit_of_scaled
from rongtong.engines.text.names import group_of, name_after, name_before, whole_name
from rongtong.engines.text.normal import fold
from rongtong.engines.text.numbers import STARTS, read_number
from rongtong.engines.text.quantities import SIGNS, WINDOW, Quantity, read_quantity
from rongtong.engines.text.relations import Change, Relation, change_before, is_signed, relation_after, relation_before
from rongtong.engines.text.sentences import Span
from rongtong.engines.text.units import NUMBER, TIME, Unit, read_unit, unit_named


@dataclass(frozen=True, slots=True)
class Parameter:
    """A measured parameter as a text states it.

    `low` and `high` are in the unit as written, None where the side is open; `low_base` and `high_base` are in SI base
    units of `dimension` ("number" without a unit). `change` marks a relative statement: "效率提高30%" does not say what
    the efficiency is. `span` covers the statement, `name_span` the name (None when it has none).
    """

    name: str
    relation: Relation
    low: float | None
    high: float | None
    unit: str
    dimension: str
    low_base: float | None
    high_base: float | None
    change: Change | None
    span: Span
    name_span: Span | None


def parameters(text: str, limit: int = 500) -> list[Parameter]:
    """Return the measured parameters of a Chinese or English text, in order, at most `limit`.

    Amounts of things mentioned in passing, dates, list numbers, standards and type names are left out.
    """
    # A full-width comma ends a clause; folded to an ASCII comma it would join 100，200 to one number.
    folded = fold(text.replace("，", "；")).translate(SIGNS)
    return list(islice(_Reader(text, folded).read(), limit))


# A text with more numbers is a table or a log; reading on would take seconds and say nothing.
_MOST_NUMBERS = 20_000
_CLAUSE_END = re.compile(r"[，。；,;、！？!?\n\r(]|\.\s")
_BETWEEN_BOUNDS = re.compile(r"\s?[≤<]\s?([^\s≤<>≥=,，。；;]{1,12})\s?[≤<]\s?")
_FROM = re.compile(r"[从由](?:原来的?|目前的?|现在的?)?约?$")
_STOP = re.compile(r"[，。；,;、！？!?\n\r]")
_CLOSED_BEFORE_A_RELATION = re.compile(r"\)\s?(?:[≥≤<>=为达]|[小大低高少多]于|不[小大低高少多超])")
_STILL_A_RELATION = re.compile(r"\s?(?:[≥≤<>=为]|[小大低高少多]于|不[小大低高少多超]|达|在|是)")
# Start, end and unit of a name; the unit may stand with the name: 密度(g/cm³) ≥ 1.8.
_Named = tuple[int, int, Unit]


class _Reader:
    """Reads one text; `text` is folded and has the offsets of `original`."""

    def __init__(self, original: str, text: str) -> None:
        self.original = original
        self.text = text
        self.last_name = (0, 0)

    def read(self) -> Iterator[Parameter]:
        position = floor = 0
        for _ in range(_MOST_NUMBERS):
            start = STARTS.search(self.text, position)
            if start is None:
                return
            quantity = read_quantity(self.text, start.start(), floor)
            if quantity is None:
                position = self._skip(start)
                continue
            parameter, end = self._parameter(quantity, floor)
            if parameter:
                yield parameter
            position = floor = max(end, quantity.end)

    def _skip(self, start: re.Match[str]) -> int:
        number = read_number(self.text, start.start())
        return number.end if number and not number.chinese else start.end()

    def _parameter(self, quantity: Quantity, floor: int) -> tuple[Parameter | None, int]:
        clause = self._clause_start(quantity.start, floor)
        left, before = relation_before(self.text[clause : quantity.start])
        after, end = relation_after(self.text, quantity.end, quantity.unit)
        left, change = change_before(left, quantity.unit, bool(before))
        if double := self._double_bound(left, clause, quantity):
            return double
        whole = clause == 0 or _CLAUSE_END.match(self.text, clause - 1) is not None
        signed = whole and change is None and is_signed(self.text, quantity.start)
        start, stop, unit = self._name(left, clause, quantity, end, signed)
        stated = before or after
        name = self.text[start:stop]
        # In 从2万吨提升至10万吨 the first value is where one comes from, in 保持率(25℃)≥80% it is a condition; both
        # only lend their name to the second.
        origin = _FROM.search(left) is not None or self._is_condition(quantity)
        self.last_name = (start, stop) if origin else (0, 0)
        # A bare number needs its name in front: 100/120粒度 is a grade and no particle size of 120.
        known = "" if unit is NUMBER and start > quantity.start else name
        if origin or not _worth(quantity, unit, stated, change, known):
            return None, end
        if unit is NUMBER and self.text[quantity.end - 1] in "万亿":
            unit = unit_of_scaled(name)
        unit = unit_in_context(unit, name, quantity.kind == "tolerance")
        return self._build((start, stop, unit), quantity, stated, change, end), end

    def _clause_start(self, position: int, floor: int) -> int:
        start = max(floor, position - WINDOW)
        ends = [match.end() for match in _CLAUSE_END.finditer(self.text, start, position)]
        for candidate in reversed(ends):
            inside = self.text[candidate:position]
            bracket = self.text[candidate - 1] == "("
            # 厚度(20±0.5)mm, 保持率(25℃)≥80%: a bracket is no boundary before the value or once closed.
            if not bracket or (inside.strip(" (±-") and ")" not in inside):
                return candidate
        return start

    def _double_bound(self, left: str, clause: int, quantity: Quantity) -> tuple[Parameter, int] | None:
        """Read 硬度180≤HB<240: a name or a unit between two bounds."""
        match = _BETWEEN_BOUNDS.match(self.text, quantity.end)
        second = read_number(self.text, match.end()) if match and quantity.kind == "one" else None
        if match is None or second is None:
            return None
        unit, end = read_unit(self.text, second.end) or (unit_named(match.group(1)) or quantity.unit, second.end)
        low, high = sorted((quantity.low, second.value))
        start, stop = name_before(left)
        outside = stop > start and unit_named(match.group(1)) is not None
        name = (clause + start, clause + stop, unit) if outside else (match.start(1), match.end(1), unit)
        return self._build(name, replace(quantity, low=low, high=high, kind="range"), None, None, end), end

    def _name(self, left: str, clause: int, quantity: Quantity, end: int, signed: bool) -> _Named:
        unit = quantity.unit
        if unit is NUMBER:
            left, unit = unit_beside_name(left)
        if signed and (whole := whole_name(left)) and whole[1] > whole[0]:
            return clause + whole[0], clause + whole[1], unit
        start, stop = name_before(left)
        colon = left.rfind(":", start, stop)
        if start <= colon < stop - 2:
            start = colon + 1
        if stop > start:
            return clause + start, clause + stop, unit
        return (*(self._same_clause(clause) or self._name_from_right(end)), unit)

    def _is_condition(self, quantity: Quantity) -> bool:
        bracketed = self.text[quantity.start - 1 : quantity.start] == "("
        return bracketed and _CLOSED_BEFORE_A_RELATION.match(self.text, quantity.end) is not None

    def _same_clause(self, clause: int) -> tuple[int, int] | None:
        """In 产能从2万吨提升至10万吨 the second value has the name of the first."""
        start, stop = self.last_name
        between = self.text[stop:clause]
        return self.last_name if stop > start and len(between) < WINDOW and not _STOP.search(between) else None

    def _name_from_right(self, position: int) -> tuple[int, int]:
        right = self.text[position : position + WINDOW]
        boundary = _CLAUSE_END.search(right)
        right = right[: boundary.start()] if boundary else right
        start, stop = name_after(right)
        if _STILL_A_RELATION.match(right, stop):
            # 90%以上的节点误差小于2m: the noun names the next value.
            return position, position
        return position + start, position + stop

    def _build(
        self, named: _Named, quantity: Quantity, stated: Relation | None, change: Change | None, end: int
    ) -> Parameter:
        name_start, name_end, unit = named
        relation, low, high = _bounds(quantity, stated)
        start = min(name_start, quantity.start) if name_end > name_start else quantity.start
        stop = max(end, quantity.end, name_end)
        name = Span(name_start, name_end, self.original[name_start:name_end]) if name_end > name_start else None
        return Parameter(
            name=name.text if name else "",
            relation=relation,
            low=low,
            high=high,
            unit=unit.text,
            dimension=unit.dimension,
            low_base=None if low is None else low * unit.scale + unit.offset,
            high_base=None if high is None else high * unit.scale + unit.offset,
            change=change,
            span=Span(start, stop, self.original[start:stop]),
            name_span=name,
        )


def _worth(quantity: Quantity, unit: Unit, stated: Relation | None, change: Change | None, name: str) -> bool:
    """Leave out what is mentioned in passing: three machines, ten people, a number without a name."""
    if unit is NUMBER:
        return bool(name) and (stated is not None or quantity.kind == "range" or group_of(name) is not None)
    if unit.counted:
        return (stated is not None and (bool(name) or unit.dimension == TIME)) or group_of(name) is not None
    return bool(name) or stated is not None or change is not None or quantity.kind != "one"


def _bounds(quantity: Quantity, stated: Relation | None) -> tuple[Relation, float | None, float | None]:
    low, high = quantity.low, quantity.high
    if quantity.kind != "range" and stated in {">", ">="}:
        return stated, high, None
    if quantity.kind != "range" and stated in {"<", "<="}:
        return stated, None, high
    if quantity.kind != "one":
        return "range", low, high
    return stated or "=", low, high
