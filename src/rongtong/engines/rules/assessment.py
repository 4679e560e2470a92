"""What the engine answers about one row: verdict, score, every item and gate with its article, reasons and remedies."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from rongtong.engines.rules.kinds import Kind
from rongtong.engines.rules.pack import Status
from rongtong.engines.rules.values import Value
from rongtong.engines.rules.words import Text

Outcome = Literal["passed", "failed", "undetermined"]
Because = Literal["", "inputs", "experts", "both", "uncomputable"]
"""What an undetermined row waits for: facts, the experts' marks, both, or nothing that could be supplied (a division by
nought, a parameter the region has not set, no peers to compare with)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A gate, a direct-entry condition or a requirement: what came of it, and why."""

    id: str
    part: Literal["gate", "direct", "require"]
    label: Text
    outcome: Outcome
    cite: str
    status: Status
    warning: bool
    reason: Text | None


@dataclass(frozen=True, slots=True)
class Scored:
    """A scored item; ``depth`` 0 is the outermost. ``low``, ``high`` and ``top`` (the most there is) are unweighted."""

    id: str
    label: Text
    depth: int
    low: Fraction
    high: Fraction
    top: Fraction
    weight: Fraction | None
    value: Text | None
    band: Text | None
    cite: str
    status: Status
    waits: Because


@dataclass(frozen=True, slots=True)
class Figure:
    """An input, a derived quantity or an output with its value."""

    id: str
    label: Text
    kind: Kind
    value: Value
    shown: Text
    cite: str


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a remedy: the input (``today`` for waiting), the new value, and both in words."""

    input: str
    before: Value
    after: Value
    said: Text


@dataclass(frozen=True, slots=True)
class Advice:
    """Changes that together make the row pass, or (``then`` undetermined) no longer fail."""

    steps: tuple[Step, ...]
    then: Outcome
    said: Text


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer for one row; the same facts, pack digest and day give the same answer at any time."""

    pack: str
    version: date
    digest: str
    status: Status
    as_of: date
    outcome: Outcome
    because: Because
    low: Fraction | None
    high: Fraction | None
    top: Fraction | None
    threshold: Fraction | None
    findings: tuple[Finding, ...]
    items: tuple[Scored, ...]
    derived: tuple[Figure, ...]
    outputs: tuple[Figure, ...]
    inputs: tuple[Figure, ...]
    missing: tuple[str, ...]
    experts: tuple[str, ...]
    reasons: tuple[Text, ...]
    remedies: tuple[Advice, ...]
    peers: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """For JSON: exact numbers as text (``"1/20"``), dates in ISO, texts in both languages."""
        return {name: plain(getattr(self, name)) for name in self.__slots__}


def plain(value: Any) -> Any:
    """A value of an assessment as JSON can hold it."""
    match value:
        case Text():
            return value.as_dict()
        case bool() | int() | str() | None:
            return value
        case Fraction():
            return value.numerator if value.denominator == 1 else str(value)
        case date():
            return value.isoformat()
        case frozenset():
            return sorted(value)
        case tuple() | list():
            return [plain(each) for each in value]
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case Kind():
            return value.unit or value.base
    return {name: plain(getattr(value, name)) for name in value.__slots__}
