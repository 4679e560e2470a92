"""The declaration of a kind of record, from which form, sheet, schema, index document, card and score follow."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Problem
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.types import JSON, FieldType, Rejected

Values = dict[str, JSON]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind.

    ``search`` is its weight in search (0 leaves it out of the index); ``score`` its share in completeness; ``advice``
    is what to say while it is empty; ``list`` puts it among the columns of the list.
    """

    name: str
    label: Words
    type: FieldType
    required: bool = False
    help: Words | None = None
    unit: Words | None = None
    visibility: Visibility = Visibility.PUBLIC
    search: int = 0
    score: int = 0
    advice: Words | None = None
    list: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """A piece of advice on a record: the field it concerns and the sentence."""

    field: str
    message: str


@dataclass(frozen=True)
class Completeness:
    """How complete a record is (0–100) and what would make it better, most valuable first.

    The advice is worded when it is asked for: an import of many records asks for scores alone.
    """

    score: int
    missing: tuple[Field, ...]
    found: tuple[Advice, ...]

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        spoken_of = {advice.field for advice in self.found}
        by_worth = sorted(self.missing, key=lambda field: -field.score)
        asked = (Advice(field.name, _asking(field)) for field in by_worth if field.name not in spoken_of)
        return (*self.found, *asked)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Values as stored, and every problem found on the way (values with a problem are absent)."""

    values: Values
    problems: tuple[Problem, ...]


Check = Callable[[Values], Advice | None]
"""Looks at the values as a whole; answers a piece of advice that costs ``check_score`` points, or None."""


NAME = Words("名称", "Title")


@dataclass(frozen=True)
class Kind:
    """A kind of record. ``columns`` names the fields that fill the columns every kind is filtered by.

    ``group`` says on which side of a match it stands: demand, technology, expert, facility, capital or policy.
    ``columns`` maps ``summary, region, field, industry, trl, holder, date, valid_until`` to field names.
    """

    key: str
    label: Words
    group: str
    icon: str
    fields: tuple[Field, ...]
    columns: Mapping[str, str]
    description: Words
    title: Words = NAME
    stale_after_days: int | None = None
    checks: tuple[Check, ...] = ()
    check_score: int = 10

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    @cached_property
    def confidential(self) -> frozenset[str]:
        """The fields that are matched on and are for the owner alone by declaration."""
        return frozenset(f.name for f in self.fields if f.search and f.visibility == Visibility.OWNER)

    def clean(self, raw: Mapping[str, object], *, row: int | None = None) -> Cleaned:
        """``raw`` (by field name) as stored values, with every problem; unknown names are a problem too."""
        values: Values = {}
        problems: list[Problem] = []
        for field in self.fields:
            if field.name not in raw and not field.required:
                continue
            try:
                value = _parsed(field, raw.get(field.name))
            except Rejected as rejected:
                problems.append(Problem(field.name, str(rejected), row))
                continue
            if value is not None:
                values[field.name] = value
            elif field.required:
                problems.append(Problem(field.name, _("“%(label)s”必填。") % {"label": field.label}, row))
        known = {field.name for field in self.fields}
        problems += [
            Problem(name, _("“%(kind)s”没有“%(name)s”这个字段。") % {"kind": self.label, "name": name}, row)
            for name in raw
            if name not in known
        ]
        return Cleaned(values, tuple(problems))

    def completeness(self, values: Values) -> Completeness:
        """The share of the scored fields that are filled, less what the checks find missing."""
        scored = [field for field in self.fields if field.score]
        missing = [field for field in scored if values.get(field.name) in (None, "", [])]
        found = [advice for check in self.checks if (advice := check(values))]
        total = sum(field.score for field in scored) + self.check_score * len(self.checks)
        lost = sum(field.score for field in missing) + self.check_score * len(found)
        score = round(100 * (total - lost) / total) if total else 100
        return Completeness(score, tuple(missing), tuple(found))

    def readable(self, values: Values, names: Collection[str]) -> Values:
        """The values of the fields called ``names``, in the order of the declaration."""
        return {f.name: values[f.name] for f in self.fields if f.name in values and f.name in names}

    def column(self, name: str, values: Values) -> JSON:
        """The value of the common column ``name`` for these values, or None."""
        field = self.columns.get(name)
        return values.get(field) if field else None

    def body(self, values: Values, names: Collection[str]) -> str:
        """What search and matching read of a record: the searched ones of the fields ``names``, heaviest first."""
        readable = self.readable(values, names)
        fields = sorted((f for f in self.fields if f.search and f.name in readable), key=lambda f: -f.search)
        return "\n".join(text for f in fields if (text := f.type.words(readable[f.name])))

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the values of this kind."""
        return {
            "type": "object",
            "additionalProperties": False,
            "required": [field.name for field in self.fields if field.required],
            "properties": {field.name: {"title": field.label.en, **field.type.schema()} for field in self.fields},
        }


def _parsed(field: Field, raw: object) -> JSON:
    if raw is None or raw == "" or raw == [] or (isinstance(raw, str) and not raw.strip()):
        return None
    value = field.type.parse(raw)
    return None if value in ("", []) else value


def _asking(field: Field) -> str:
    return str(field.advice) if field.advice else _("还没有填“%(label)s”。") % {"label": field.label}
