"""A parameter from the fields of a form: 抗冲击韧性, at least, 67, %."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from rongtong.engines.text.context import unit_beside_name, unit_in_context, unit_of_scaled
from rongtong.engines.text.normal import fold, normalise
from rongtong.engines.text.numbers import read_multiplier, read_power
from rongtong.engines.text.parameters import Parameter
from rongtong.engines.text.quantities import SIGNS
from rongtong.engines.text.relations import Change, Relation, change_before
from rongtong.engines.text.sentences import Span
from rongtong.engines.text.units import Unit, read_unit

_WRITTEN: dict[Relation, str] = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "=", "~": "≈", "range": "="}
# What people add to a unit and what does not change it: mg/m3(标态), 次循环.
_NOTE = re.compile(r"\s*(?:[(\[].*[)\]]|循环|充放电)?\s*")
_BLANKS = re.compile(r"\s+")


def stated(name: str, relation: Relation, low: float | None, high: float | None, unit: str) -> Parameter:
    """Return the parameter that a row of a form states; its name and its unit are a person's own.

    A bound or a single value is taken from whichever of `low` and `high` is given. The unit is read as `parameters`
    reads it (万元 is 10,000 元, a rise of 65 K is a difference); without one the dimension is "number", and an unknown
    one is a dimension of its own. `span` covers the row as it is written (抗冲击韧性 ≥ 67 %), `name_span` is None.

    Raises ValueError for a row without a finite value, or for a range without both of its ends.
    """
    name, unit = name.strip(), unit.strip()
    ends = _ends(relation, low, high)
    amount = "~".join(map(_decimal, ends))
    before = f"{name} {_WRITTEN[relation]} "
    factor, read = _unit(name, before, unit)
    lower = None if relation in {"<=", "<"} else ends[0] * factor
    upper = None if relation in {">=", ">"} else ends[-1] * factor
    row = f"{before}{amount} {unit}".strip()
    return Parameter(
        name=name,
        relation=relation,
        low=lower,
        high=upper,
        unit=read.text,
        dimension=read.dimension,
        low_base=None if lower is None else lower * read.scale + read.offset,
        high_base=None if upper is None else upper * read.scale + read.offset,
        change=_change(name, read),
        span=Span(0, len(row), row),
        name_span=None,
    )


def _ends(relation: Relation, low: float | None, high: float | None) -> tuple[float, ...]:
    given = [value for value in (low, high) if value is not None]
    if len(given) < (2 if relation == "range" else 1) or not all(map(math.isfinite, given)):
        raise ValueError(f"a parameter stated as {relation!r} needs finite values, not {low!r} and {high!r}")
    if relation == "range":
        return min(given), max(given)
    return (given[-1] if relation in {"<=", "<"} else given[0],)


def _decimal(value: float) -> str:
    """Write a value as people do: 67, 0.03, 120000; with an exponent only where it would be all zeros."""
    decimal = Decimal(repr(value)).normalize()
    return f"{decimal:f}" if -6 < decimal.adjusted() < 15 else str(decimal)


def _unit(name: str, before: str, unit: str) -> tuple[float, Unit]:
    """Return the factor written with the unit (5 万元, 3 ×10-6/K) and the unit itself."""
    folded = fold(unit).translate(SIGNS)
    power, start = read_power(folded, 0)
    factor, start, scaled = (power, start, False) if start else read_multiplier(folded, 0)
    rest = folded[start:].strip()
    if not rest:
        return factor, unit_in_context(unit_of_scaled(name) if scaled else _beside(name), name, False)
    found = read_unit(rest, 0, before)
    if found and _NOTE.fullmatch(rest, found[1]):
        return factor, unit_in_context(found[0], name, False)
    return factor, Unit(rest, f"unit {_BLANKS.sub('', normalise(rest))}", 1.0)


def _beside(name: str) -> Unit:
    return unit_beside_name(fold(name).translate(SIGNS))[1]


def _change(name: str, unit: Unit) -> Change | None:
    """A name that ends with a verb of change (生产效率提高) states a change, as it does in a text."""
    without, change = change_before(fold(name), unit, True)
    return change if fold(name).startswith(without) else None
