"""The terms of a kind of programme: a file of ``packs/programmes``, from which numbers, form and criteria come.

A number that a law gives stands in a rule pack with its article; the file only names the parameter.
"""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.words import Words
from rongtong.engines.rules.library import shipped
from rongtong.engines.rules.row import value

if TYPE_CHECKING:
    from rongtong.domain.programmes.models import Programme


@dataclass(frozen=True, slots=True)
class Rule:
    """A parameter of a rule pack."""

    pack: str
    parameter: str


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a programme with its bounds; ``given`` is the number itself, or where it stands."""

    key: str
    label: Words
    given: int | Rule
    least: int
    most: int
    set_by: str = ""

    @property
    def value(self) -> int:
        """What a programme begins with: that of the pack in force today where a rule gives it."""
        if isinstance(self.given, int):
            return self.given
        return _parameter(self.given, clock.today())[0]

    @property
    def source(self) -> str:
        """The article it comes from, or who sets it, in Chinese."""
        return self.set_by if isinstance(self.given, int) else _parameter(self.given, clock.today())[1]


@dataclass(frozen=True, slots=True)
class Budget:
    """What money may be asked for: the items of an itemised budget, what a lump sum may not pay, the promise of that.

    ``status`` says how far it was compared with its source (``verified``, ``memory``, ``draft``).
    """

    items: tuple[tuple[str, Words], ...]
    barred: tuple[Words, ...]
    promise: Words
    status: str


@dataclass(frozen=True)
class Template:
    """A kind of programme. ``stages`` names the steps that apply; ``form`` the fields of a submission;
    ``formal_checks`` what is looked at before the review; ``acceptance`` the criteria of who examines a result.
    ``alone`` are the changes of a project that its chief decides, ``asked`` those the organiser approves;
    ``forbidden`` the prohibitions its spending is held to.
    """

    key: str
    label: Words
    summary: Words
    numbers: dict[str, Number]
    form: tuple[dict[str, Any], ...]
    criteria: tuple[dict[str, Any], ...]
    acceptance: tuple[dict[str, Any], ...]
    declarations: tuple[Words, ...]
    payments: tuple[Fraction, ...]
    stages: tuple[str, ...]
    alone: tuple[str, ...]
    asked: tuple[str, ...]
    forbidden: tuple[str, ...]
    budget: Budget
    formal_checks: tuple[tuple[str, Words], ...]

    def has(self, stage: str) -> bool:
        return stage in self.stages


@cache
def templates() -> dict[str, Template]:
    """Every kind of programme by its key."""
    folder = files("rongtong") / "packs" / "programmes"
    read = (_read(yaml.safe_load(file.read_text("utf-8"))) for file in folder.iterdir() if file.name.endswith(".yaml"))
    return {template.key: template for template in sorted(read, key=lambda each: each.key)}


def template(key: str) -> Template:
    return templates()[key]


def number(programme: "Programme", name: str) -> int:
    """A number as this programme has it."""
    found = programme.parameters.get(name)
    return template(programme.template).numbers[name].value if found is None else int(found)


def follow_up_days(accepted_on: dt.date, years: int) -> dict[int, dt.date]:
    """The ``years`` after the one of an acceptance, each with the day until which is told what became of the result."""
    first = accepted_on.year + 1
    return {year: dt.date(year + 1, 3, 31) for year in range(first, first + years)}


def by_law(rule: Rule) -> int:
    """A number that no programme may change: that of the pack in force today. Raises LookupError."""
    return _parameter(rule, clock.today())[0]


@lru_cache(maxsize=256)
def _parameter(rule: Rule, day: dt.date) -> tuple[int, str]:
    """The value of a parameter on a day, and its article. LookupError where the pack has no such number."""
    pack = shipped().load(rule.pack, day)
    named = {each.id: each for each in pack.parameters}[rule.parameter]
    found = None if named.expr is None else value(named.expr, {})
    if not isinstance(found, int | Fraction) or found.denominator != 1:
        raise LookupError(f"{rule.pack} gives no whole number for {rule.parameter}")
    law = pack.sources[named.cite.source].name.zh
    return int(found), f"{law} {named.cite.article}"


def _read(data: dict[str, Any]) -> Template:
    return Template(
        key=data["programme"],
        label=_words(data["label"]),
        summary=_words(data["summary"]),
        numbers={key: _number(key, each) for key, each in data["numbers"].items()},
        form=tuple(data["form"]),
        criteria=tuple(data["criteria"]),
        acceptance=tuple(data["acceptance"]),
        declarations=tuple(_words(each) for each in data["declarations"]),
        payments=tuple(Fraction(each) for each in data["payments"]),
        stages=tuple(data["stages"]),
        alone=tuple(data["changes"]["alone"]),
        asked=tuple(data["changes"]["asked"]),
        forbidden=tuple(data["forbidden"]),
        budget=_budget(data["budget"]),
        formal_checks=_labelled(data["formal_checks"]),
    )


def _budget(data: dict[str, Any]) -> Budget:
    return Budget(
        items=_labelled(data["items"]),
        barred=tuple(_words(each) for each in data["barred"]),
        promise=_words(data["promise"]),
        status=data["status"],
    )


def _labelled(rows: list[dict[str, Any]]) -> tuple[tuple[str, Words], ...]:
    return tuple((each["id"], _words(each["label"])) for each in rows)


def _number(key: str, data: dict[str, Any]) -> Number:
    given = Rule(data["pack"], data["parameter"]) if "pack" in data else data["value"]
    return Number(key, _words(data["label"]), given, data["least"], data["most"], data.get("source", ""))


def _words(pair: dict[str, str]) -> Words:
    return Words(pair["zh"], pair["en"])
