"""The facts that rule packs ask of an enterprise: one list over all packs, and how a value is kept."""

import datetime as dt
from fractions import Fraction
from functools import cache
from typing import Any

from rongtong.engines.rules.library import shipped
from rongtong.engines.rules.pack import Input, Pack
from rongtong.engines.rules.values import Value, stored

JSON = Any
SUBJECT = "enterprise"


@cache
def packs(subject: str = SUBJECT) -> tuple[Pack, ...]:
    """Every version of every pack whose rows are ``subject``, by id and date."""
    library = shipped()
    found = (library.open(version) for version in library.versions())
    return tuple(pack for pack in found if pack.subject == subject)


@cache
def inputs() -> dict[str, Input]:
    """The inputs of all these packs by name; an input of the same name means the same in each (a test holds that)."""
    found: dict[str, Input] = {}
    for pack in packs():
        for name, asked in pack.inputs.items():
            if not asked.judged:
                found.setdefault(name, asked)
    return found


def family(pack: Pack) -> str:
    """The id of the pack from which ``pack`` descends, its own when it stands alone."""
    return pack.lineage[-1].partition("@")[0] if pack.lineage else pack.id


def read(name: str, written: object) -> Value:
    """A value as people write it; raises the engine's WrongValue. LookupError when no pack asks for ``name``."""
    return stored(inputs()[name], written)


def kept(value: Value) -> JSON:
    """A value as JSON: money in fen, fractions as "p/q", dates in ISO, several choices as a sorted list."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else value


def restored(asked: Input, value: JSON) -> Value:
    """A kept value as the engine takes it."""
    if value is None:
        return None
    match asked.type:
        case "share" | "number":
            return Fraction(value)
        case "date":
            return dt.date.fromisoformat(value)
        case "choices":
            return frozenset(value)
    return value  # type: ignore[no-any-return]  # the other types are JSON's own
