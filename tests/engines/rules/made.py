"""Facts made up for any pack: values at, beside and far from its bounds, and unknown ones."""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from rongtong.engines.rules import Input, Library, Pack, shipped
from rongtong.engines.rules.values import LIMITS, Value

DAY = date(2026, 6, 30)
MADE = Library(Path(__file__).parent / "packs")
"""Small packs that between them use every form of the format."""

PACKS = [
    *(shipped().open(version, max(DAY, version.since)) for version in shipped().versions()),
    MADE.load("test.shapes", DAY),
    MADE.load("test.peers", DAY),
]
FACTOR = {"share": 10**9, "number": 10**6}


def facts(pack: Pack, chance: Random, unknown: float = 0.2) -> dict[str, Value]:
    """Facts of one row, each of them unknown with the given probability."""
    unknown = chance.choice((0.0, unknown, 2 * unknown)) if unknown else 0.0
    return {name: None if chance.random() < unknown else value(asked, chance) for name, asked in pack.inputs.items()}


def value(asked: Input, chance: Random) -> Value:
    """A value that an input may have, in stored units."""
    match asked.type:
        case "flag":
            return chance.random() < 0.7
        case "date":
            return DAY - timedelta(chance.choice((365, 364, 0, -9, chance.randint(-400, 6000), 3652)))
        case "choice":
            return chance.choice(sorted(asked.options))
        case "choices":
            return frozenset(code for code in asked.options if chance.random() < 0.4)
        case "text":
            return chance.choice(("甲", "乙", "c"))
    return _number(asked, chance)


def _number(asked: Input, chance: Random) -> Any:
    factor = FACTOR.get(asked.type, 1)
    limit = LIMITS[asked.type]
    low = int((-limit if asked.low is None else asked.low) * factor)
    high = int((limit if asked.high is None else asked.high) * factor)
    usual = {"money": 10**11, "count": 60, "share": factor, "number": 100 * factor}[asked.type]
    step = chance.randint(-10, 40) * usual // 20
    found = chance.choice(
        (chance.randint(-usual, usual), chance.randint(0, usual), step, step, step + 1, step - 1, low, high, 0)
    )
    found = min(max(found, low), high)
    return Fraction(found, factor) if factor > 1 else found
