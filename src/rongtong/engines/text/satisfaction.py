"""Whether what is offered satisfies what is required, parameter by parameter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rongtong.engines.text.context import unit_beside_name
from rongtong.engines.text.names import Better, group_of, names_agree
from rongtong.engines.text.normal import fold
from rongtong.engines.text.parameters import Parameter
from rongtong.engines.text.relations import without_change

Verdict = Literal["met", "not_met", "not_stated"]
Reason = Literal[
    "inside", "outside", "covered", "not_covered", "partly", "other_name", "other_dimension", "other_kind", "absent"
]


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The verdict on one required parameter, the reason for it, and the offered parameter it rests on.

    `reason` is a code for the front doors to put into words: inside / outside (the offered value against the required
    interval), covered / not_covered (a required range), partly (the offered value allows both), other_name,
    other_dimension, other_kind (a change against a value), absent (nothing offered).
    """

    required: Parameter
    offered: Parameter | None
    verdict: Verdict
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Interval:
    low: float
    high: float
    open_low: bool = False
    open_high: bool = False

    def contains(self, other: _Interval) -> bool:
        return self._low_not_above(other) and self._high_not_below(other)

    def meets(self, other: _Interval) -> bool:
        """Say whether the two share a value."""
        below = other.high < self.low and not _close(other.high, self.low)
        above = other.low > self.high and not _close(other.low, self.high)
        touch_low = _close(other.high, self.low) and (self.open_low or other.open_high)
        touch_high = _close(other.low, self.high) and (self.open_high or other.open_low)
        return not (below or above or touch_low or touch_high)

    def _low_not_above(self, other: _Interval) -> bool:
        if _close(self.low, other.low):
            return not self.open_low or other.open_low or math.isinf(self.low)
        return self.low < other.low

    def _high_not_below(self, other: _Interval) -> bool:
        if _close(self.high, other.high):
            return not self.open_high or other.open_high or math.isinf(self.high)
        return self.high > other.high


def compare(required: Parameter, offered: Parameter) -> Satisfaction:
    """Return whether the offered parameter satisfies the required one: met, not_met or not_stated, with a reason.

    Names must mean the same and units must be convertible, otherwise nothing is stated. The required values form an
    interval and the offered values another: met when the offered interval lies inside (for a range that must be
    covered, such as a working temperature, when it lies around), not_met when they share no value, not_stated when
    the offer allows both. A plain required value of a quantity with a known direction is a bound: 600 meets 日产500吨.
    """
    if not names_agree(_quantity_name(required), _quantity_name(offered)):
        return Satisfaction(required, offered, "not_stated", "other_name")
    if required.dimension != offered.dimension:
        return Satisfaction(required, offered, "not_stated", "other_dimension")
    if required.change != offered.change:
        return Satisfaction(required, offered, "not_stated", "other_kind")
    if _must_cover(required):
        return _covering(required, offered)
    verdict, reason = _inside(_wanted(required), _interval(offered))
    return Satisfaction(required, offered, verdict, reason)


def satisfaction_table(required: Sequence[Parameter], offered: Sequence[Parameter]) -> list[Satisfaction]:
    """Return one row for each required parameter with the offered parameter that answers it best.

    An offer that meets wins over one that fails, and any comparable offer over none; "absent" when no name agrees.
    """
    return [_best(need, offered) for need in required]


def _quantity_name(parameter: Parameter) -> str:
    """The name without what a person may write beside it in a form: its unit (密度(g/cm3)), its change (效率提高)."""
    name = unit_beside_name(fold(parameter.name))[0] or parameter.name
    return without_change(name) if parameter.change else name


_ORDER: dict[Verdict, int] = {"met": 0, "not_met": 1, "not_stated": 2}


def _best(need: Parameter, offered: Sequence[Parameter]) -> Satisfaction:
    rows = (compare(need, offer) for offer in offered)
    comparable = [row for row in rows if row.reason not in {"other_name", "other_dimension", "other_kind"}]
    return min(
        comparable, key=lambda row: _ORDER[row.verdict], default=Satisfaction(need, None, "not_stated", "absent")
    )


def _inside(wanted: _Interval, given: _Interval) -> tuple[Verdict, Reason]:
    if wanted.contains(given):
        return "met", "inside"
    return ("not_stated", "partly") if wanted.meets(given) else ("not_met", "outside")


def _must_cover(required: Parameter) -> bool:
    group = group_of(required.name)
    return required.relation == "range" and group is not None and group.covers


def _covering(required: Parameter, offered: Parameter) -> Satisfaction:
    wanted, given = _interval(required), _interval(offered)
    if given.contains(wanted):
        return Satisfaction(required, offered, "met", "covered")
    if offered.relation == "range" or not given.meets(wanted):
        return Satisfaction(required, offered, "not_met", "not_covered")
    return Satisfaction(required, offered, "not_stated", "partly")


def _wanted(required: Parameter) -> _Interval:
    better = _direction(required)
    interval = _interval(required)
    if required.relation not in {"=", "~"} or better is None:
        return _around(interval) if required.relation == "~" else interval
    low, high = (interval.low, math.inf) if better == "higher" else (-math.inf, interval.high)
    return _around(_Interval(low, high)) if required.relation == "~" else _Interval(low, high)


def _direction(required: Parameter) -> Better | None:
    """A larger change in the wanted direction is always better; otherwise the group of the name knows."""
    if required.change:
        return "higher"
    group = group_of(required.name)
    return group.better if group else None


def _around(interval: _Interval) -> _Interval:
    """约 allows a tenth, the usual reading of an approximate requirement."""
    return _Interval(interval.low - abs(interval.low) / 10, interval.high + abs(interval.high) / 10)


def _interval(parameter: Parameter) -> _Interval:
    low = -math.inf if parameter.low_base is None else parameter.low_base
    high = math.inf if parameter.high_base is None else parameter.high_base
    return _Interval(low, high, parameter.relation == ">", parameter.relation == "<")


def _close(first: float, second: float) -> bool:
    return first == second or math.isclose(first, second, rel_tol=1e-9, abs_tol=1e-300)
