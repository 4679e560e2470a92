"""The others a row is measured against: frozen, so that the same place is found again years later.

Values are compared at nine decimals, cut: so they can be kept as whole numbers, and columns and single rows agree.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from rongtong.engines.rules.pack import Item, Pack
from rongtong.engines.rules.row import value
from rongtong.engines.rules.values import Value

FINE = 10**9

Group = tuple[int, ...]
"""The values of one group in 10⁻⁹, rising."""


@dataclass(frozen=True, slots=True)
class Peers:
    """For each item the values of each group."""

    groups: Mapping[str, Mapping[str, Group]]

    def place(self, item: Item, group: Value, found: Value) -> Fraction | None:
        """From 0 to 1; None where the value or the group is unknown.

        ``percentile``: the share of the group, itself included, that is not better. ``minmax``: the distance from the
        worst, over that between worst and best; 1 where all are equal.
        """
        values = self.groups.get(item.id, {}).get(str(group)) if group is not None else None
        if not values or not isinstance(found, (int, Fraction)):
            return None
        return PLACES[item.method](values, floor(found * FINE), item.better == "higher")

    def frozen(self, pack: Pack, row: Mapping[str, Value]) -> dict[str, list[int]]:
        """The values an assessment rests on, by item: what must be kept to find the same place again."""
        kept = {}
        for item in pack.items.values():
            group = "" if item.group is None else value(item.group, row)
            values = self.groups.get(item.id, {}).get(str(group))
            if item.form == "peer" and values:
                kept[item.id] = list(values)
        return kept


def _percentile(values: Group, found: int, higher: bool) -> Fraction:
    not_better = bisect_right(values, found) if higher else len(values) - bisect_left(values, found)
    return Fraction(not_better, len(values))


def _minmax(values: Group, found: int, higher: bool) -> Fraction:
    low, high = values[0], values[-1]
    if low == high:
        return Fraction(1)
    share = Fraction(found - low if higher else high - found, high - low)
    return min(max(share, Fraction(0)), Fraction(1))


PLACES = {"percentile": _percentile, "minmax": _minmax}
