"""What changed between two versions of a pack, and for whom the result changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import yaml

from rongtong.engines.rules.library import Library, Version
from rongtong.engines.rules.pack import Pack

Change = Literal["added", "removed", "changed"]
PASSED_OVER = ("pack", "version", "valid", "extends", "remove", "tests")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place of the rule that differs: ``gates.rd_share.expr``, what it was and what it is."""

    place: str
    change: Change
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Shift:
    """A row whose result changes; ``row`` counts from 0 in the table."""

    row: int
    before: str
    after: str
    low: tuple[float | None, float | None]
    high: tuple[float | None, float | None]


def diff(library: Library, before: Version, after: Version) -> list[Difference]:
    """Every input, threshold, band, sentence and source that differs, inherited ones included."""
    one, other = (library.data(version) for version in (before, after))
    return [each for each in _differences(one, other, "") if each.place.split(".")[0] not in PASSED_OVER]


def diff_on(before: Pack, after: Pack, facts: Any, as_of: date) -> list[Shift]:
    """The rows of a table of facts (a Polars frame of stored columns) whose outcome or score changes."""
    from rongtong.engines.rules.table import assess_table

    tables = [assess_table(pack, _known(pack, facts), as_of, "verdict") for pack in (before, after)]
    pairs = zip(*(table.iter_rows(named=True) for table in tables), strict=True)
    return [_shift(index, one, other) for index, (one, other) in enumerate(pairs) if _result(one) != _result(other)]


def _known(pack: Pack, facts: Any) -> Any:
    return facts.select(name for name in facts.columns if name in pack.inputs)


def _result(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["outcome"], row.get("score_low"), row.get("score_high")


def _shift(index: int, one: dict[str, Any], other: dict[str, Any]) -> Shift:
    low, high = ((one.get(name), other.get(name)) for name in ("score_low", "score_high"))
    return Shift(index, one["outcome"], other["outcome"], low, high)


def _differences(one: Any, other: Any, place: str) -> Iterator[Difference]:
    if one == other:
        return
    left, right = _by_name(one), _by_name(other)
    if left is None or right is None:
        yield Difference(place, "changed", one, other)
        return
    for key in dict.fromkeys((*left, *right)):
        inner = f"{place}.{key}" if place else key
        if key not in left:
            yield Difference(inner, "added", None, right[key])
        elif key not in right:
            yield Difference(inner, "removed", left[key], None)
        else:
            yield from _differences(left[key], right[key], inner)


def _by_name(value: Any) -> dict[str, Any] | None:
    """A mapping, or a list whose entries have ids; other values are compared as they are."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and value and all(isinstance(each, dict) and "id" in each for each in value):
        return {str(each["id"]): each for each in value}
    return None


def shown(value: Any) -> str:
    """A value of a pack on one line."""
    if value is None or isinstance(value, str):
        return value or "—"
    text = yaml.safe_dump(_plain(value), allow_unicode=True, default_flow_style=True, width=10_000, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, (bool, int, str, date)) else str(value)
