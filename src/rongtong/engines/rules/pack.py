"""A rule pack in memory: what it asks for, what it computes, and what decides.

Made by :mod:`rongtong.engines.rules.schema` from a checked file; expressions are trees whose numbers are in the unit
of what they stand beside (money in fen).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from rongtong.engines.rules.kinds import Kind
from rongtong.engines.rules.syntax import Expr
from rongtong.engines.rules.words import Text

Status = Literal["verified", "memory", "draft"]
STATUSES: tuple[Status, ...] = ("verified", "memory", "draft")
"""From the surest to the least sure."""


@dataclass(frozen=True, slots=True)
class Source:
    """A law, measure or standard the pack follows."""

    key: str
    name: Text
    number: str = ""
    url: str = ""
    seen: date | None = None
    status: Status = "verified"


@dataclass(frozen=True, slots=True)
class Cite:
    """The article a rule comes from, and how sure we are of the number in it."""

    source: str = ""
    article: str = ""
    status: Status = "verified"


@dataclass(frozen=True, slots=True)
class Input:
    """One fact the pack asks for.

    ``low`` and ``high`` in stored units (money in fen); ``scale`` turns a value as written into the stored one (money
    in 万元: 1,000,000). ``options`` are the codes of a choice with their labels. ``judged``: a mark the experts give.
    """

    id: str
    type: str
    label: Text
    kind: Kind
    unit: str = ""
    scale: int = 1
    low: Fraction | None = None
    high: Fraction | None = None
    options: dict[str, Text] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    source: Text | None = None
    note: Text | None = None
    monotone: str = "none"
    changeable: bool = True
    judged: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A parameter (a number of the rule, perhaps left to the region) or a derived quantity; ``expr`` None: not set."""

    id: str
    label: Text
    kind: Kind
    expr: Expr | None
    cite: Cite = Cite()


@dataclass(frozen=True, slots=True)
class Condition:
    """A gate, a direct-entry condition or a requirement of the score. ``warning``: told, but decides nothing."""

    id: str
    label: Text
    expr: Expr
    cite: Cite
    fail: Text | None = None
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """What a band is worth: a number, or a range within which the experts decide."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Band:
    """Points for whom ``when`` holds; bands of a value are written out as comparisons of it."""

    when: Expr
    points: Points
    text: Text


@dataclass(frozen=True, slots=True)
class Rounding:
    """To ``step`` (fen for money, else a fraction of a point): ``up``, ``down``, ``half_up`` or ``half_even``."""

    mode: str
    step: Fraction


@dataclass(frozen=True, slots=True)
class Item:
    """A scored item of one ``form``.

    ``bands``  the first of ``bands`` that holds, else ``otherwise``;
    ``points`` an expression, kept within 0 and ``top``;
    ``target`` ``top`` × value / ``target``, kept within 0 and ``top``;
    ``peer``   place among the others of ``group`` (see ``method``);
    ``expert`` a mark within ``otherwise``;
    ``sum``, ``best``  of its ``items``, a sum at most ``top``.
    """

    id: str
    label: Text
    form: str
    cite: Cite
    top: Fraction
    value: Expr | None = None
    unit: Kind | None = None
    bands: tuple[Band, ...] = ()
    otherwise: Points = Points(Fraction(0), Fraction(0))
    target: Expr | None = None
    group: Expr | None = None
    method: str = ""
    better: str = "higher"
    rounding: Rounding | None = None
    weight: Expr | None = None
    items: "tuple[Item, ...]" = ()

    def walk(self) -> "Iterator[Item]":
        """This item and those inside it."""
        yield self
        for item in self.items:
            yield from item.walk()

    @property
    def judged(self) -> bool:
        """Whether experts decide within a range, so that a mark of theirs may be given as an input."""
        return self.form == "expert" or any(
            points.low < points.high for points in (*(band.points for band in self.bands), self.otherwise)
        )


@dataclass(frozen=True, slots=True)
class Score:
    """Sum of ``items``, passed from ``threshold`` on where every one of ``require`` holds."""

    threshold: Fraction | None
    items: tuple[Item, ...]
    require: tuple[Condition, ...] = ()
    rounding: Rounding | None = None
    cite: Cite = Cite()

    def walk(self) -> Iterator[Item]:
        """Every item at every depth."""
        for item in self.items:
            yield from item.walk()


@dataclass(frozen=True, slots=True)
class Output:
    """A figure the pack computes besides the verdict."""

    id: str
    label: Text
    kind: Kind
    expr: Expr
    cite: Cite
    rounding: Rounding | None = None


@dataclass(frozen=True, slots=True)
class Vector:
    """A test of the pack by itself: facts as written in the file, and what must come of them."""

    name: str
    given: dict[str, Any]
    expect: dict[str, Any]
    as_of: date | None
    line: int


@dataclass(frozen=True)
class Pack:
    """A whole pack, as in force on a date."""

    id: str
    version: date
    title: Text
    status: Status
    subject: str
    place: str
    since: date
    until: date | None
    digest: str
    sources: dict[str, Source]
    inputs: dict[str, Input]
    parameters: tuple[Named, ...]
    derived: tuple[Named, ...]
    gates: tuple[Condition, ...]
    direct: tuple[Condition, ...]
    score: Score | None
    outputs: tuple[Output, ...]
    vectors: tuple[Vector, ...]
    lineage: tuple[str, ...] = ()
    note: Text | None = None

    @cached_property
    def quantities(self) -> tuple[Named, ...]:
        """Parameters and derived quantities in an order in which each can be computed."""
        return (*self.parameters, *self.derived)

    @cached_property
    def labels(self) -> dict[str, Text]:
        """What inputs, parameters, derived quantities and outputs are called."""
        return {each.id: each.label for each in self._all_named}

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The kind of everything that has a name."""
        return {each.id: each.kind for each in self._all_named}

    @property
    def _all_named(self) -> "list[Input | Named | Output]":
        return [*self.inputs.values(), *self.quantities, *self.outputs]

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every scored item by its id."""
        return {item.id: item for item in self.score.walk()} if self.score else {}

    def cited(self, cite: Cite) -> str:
        """``高新技术企业认定管理办法 第十一条（一）``; empty where nothing is cited."""
        source = self.sources.get(cite.source)
        return f"{source.name.zh} {cite.article}".strip() if source else cite.article
