"""A form from the declaration of a kind: what stands on the page, and what came back from it."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Problem
from rongtong.domain.foundation.visibility import ORDER, Visibility
from rongtong.domain.registry import layers, taxonomies
from rongtong.domain.registry.declaration import Field, Kind, Values
from rongtong.domain.registry.measures import RELATIONS
from rongtong.domain.registry.models import OWNER
from rongtong.domain.registry.types import Choice, FieldType, Level, Many, Term

SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "=", "range": "", "~": "≈"}
SELECTABLE = 60
MEASURE_COLUMNS = ("name", "relation", "value", "high", "unit", "must")
WIDGETS = {
    "prose": "prose", "whole": "whole", "number": "whole", "money": "money", "day": "day", "link": "link",
    "measures": "measures", "choice": "select", "flag": "select", "level": "select",
}  # fmt: skip
CLOSED = "closed."
"""Begins the names of the selects that say who may read a field."""
WIDE = frozenset({"prose", "measures", "lines", "choices"})


@dataclass(frozen=True)
class Audience:
    """The quiet select beside a field: who may read it. ``options`` are (value, label, chosen)."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


@dataclass(frozen=True)
class FormRow:
    """One field as it stands on the page: its widget, what is in it, what is wrong with it, who may read it."""

    field: Field
    widget: str
    value: Any
    errors: tuple[str, ...]
    audience: Audience | None = None

    @property
    def id(self) -> str:
        return f"f-{self.field.name}"

    @property
    def template(self) -> str:
        return f"portal/widgets/{self.widget}.html"

    @property
    def wants(self) -> bool:
        """Whether parameters here are wishes, of which some may be missed, rather than claims."""
        return self.field.name == "targets"

    @property
    def wide(self) -> bool:
        return self.widget in WIDE

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """(value, label, chosen) of a select or of checkboxes."""
        chosen = self.value if isinstance(self.value, list) else [self.value]
        return [(key, label, key in chosen) for key, label in _options(self.field.type)]

    @property
    def scheme(self) -> str:
        kind = self.field.type.of if isinstance(self.field.type, Many) else self.field.type
        return kind.scheme if isinstance(kind, Term) else ""

    @property
    def relations(self) -> list[tuple[str, str]]:
        return relation_options()


def rows(
    kind: Kind,
    values: Values,
    names: Collection[str],
    problems: Iterable[Problem] = (),
    given: QueryDict | None = None,
    closed: Mapping[str, str] | None = None,
) -> list[FormRow]:
    """The rows of the fields ``names``; ``given`` is what was just submitted and stands in for values.

    ``closed`` (None for a form that does not ask) is what stands in the selects of who may read.
    """
    wrong = by_field(problems)
    return [
        FormRow(
            field,
            widget,
            _shown(field, widget, values, given),
            tuple(wrong.get(field.name, ())),
            None if closed is None else _field_audience(kind, field, closed),
        )
        for field in kind.fields
        if field.name in names
        for widget in (widget_of(field.type),)
    ]


def by_field(problems: Iterable[Problem]) -> dict[str, list[str]]:
    """What is wrong, by field."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(problem.field, []).append(problem.message)
    return found


def widget_of(kind: FieldType) -> str:
    """Which part of ``parts/widgets`` draws a field of this type."""
    if isinstance(kind, Many):
        return "choices" if isinstance(kind.of, Choice) else "lines"
    if isinstance(kind, Term):
        return "select" if len(taxonomies.scheme(kind.scheme).terms) <= SELECTABLE else "term"
    return WIDGETS.get(kind.name, "line")


def submitted(kind: Kind, data: QueryDict, names: Collection[str]) -> dict[str, Any]:
    """What the form says of the fields ``names``, as people write it."""
    raw = {field.name: _read(field, data) for field in kind.fields if field.name in names}
    return {name: value for name, value in raw.items() if value not in ("", [], None)}


def closed_in(data: QueryDict, kept: Mapping[str, str], names: Collection[str]) -> dict[str, str] | None:
    """What the form says of who may read: None when it does not ask. Fields it could not show stay as ``kept``."""
    asked = {key.removeprefix(CLOSED): value for key, value in data.items() if key.startswith(CLOSED)}
    if not asked:
        return None
    unseen = {name: each for name, each in kept.items() if name not in names}
    return {name: str(each) for name, each in asked.items() if each} | unseen


def hour_in(data: QueryDict, name: str = "opens_at") -> dt.datetime | None:
    """An hour as an input of the browser sends it, in the time of the place."""
    try:
        written = dt.datetime.fromisoformat(data.get(name, ""))
    except ValueError:
        return None
    return written if timezone.is_aware(written) else timezone.make_aware(written)


def hour_written(hour: dt.datetime | None) -> str:
    """An hour as an input of the browser takes it."""
    return timezone.localtime(hour).strftime("%Y-%m-%dT%H:%M") if hour else ""


def owner_audience(closed: Mapping[str, str]) -> Audience:
    """Who may know whose record it is, for kinds that have no field for that."""
    return _audience(OWNER, _("单位名称"), Visibility.PUBLIC, closed)


def _field_audience(kind: Kind, field: Field, closed: Mapping[str, str]) -> Audience:
    if field.name == kind.columns.get("holder"):
        return _audience(OWNER, str(field.label), Visibility.PUBLIC, closed)
    return _audience(field.name, str(field.label), field.visibility, closed)


def _audience(name: str, label: str, declared: Visibility, closed: Mapping[str, str]) -> Audience:
    chosen = closed.get(name, "")
    offered = [each for each in ORDER if each in layers.CHOICES or each == chosen]
    narrower = [each for each in offered if ORDER.index(each) > ORDER.index(declared)]
    first = ("", audience_word(declared), not chosen)
    return Audience(f"{CLOSED}{name}", label, [first, *((e.value, audience_word(e), e == chosen) for e in narrower)])


def audience_word(audience: Visibility) -> str:
    """A class of visibility in as few words as a narrow box holds."""
    words = {
        Visibility.PUBLIC: _("公开"),
        Visibility.MEMBERS: _("登录成员"),
        Visibility.MATCHED: _("引荐后可见"),
        Visibility.PANEL: _("评审人"),
        Visibility.INTERNAL: _("管理部门"),
        Visibility.OWNER: _("保密"),
        Visibility.SEALED: _("封存"),
    }
    return words[audience]


def relation_options() -> list[tuple[str, str]]:
    """The relations of a parameter with their sign in front, because the box is narrow."""
    return [
        (key, f"{SIGNS.get(key, key)} {label}" if key != "range" else str(label)) for key, label in RELATIONS.items()
    ]


def measures_in(data: QueryDict, name: str) -> list[dict[str, Any]]:
    """The rows of a table of parameters; a row with neither name nor value is not one."""
    columns = [data.getlist(f"{name}.{column}") for column in MEASURE_COLUMNS]
    found = [dict(zip(MEASURE_COLUMNS, row, strict=True)) for row in zip(*columns, strict=False)]
    return [{**row, "must": row["must"] != "should"} for row in found if row["name"].strip() or row["value"].strip()]


def term_written(code: str, scheme: str) -> str:
    """A term in a text box: its code and its label, so that equal labels stay apart."""
    return f"{code} {taxonomies.scheme(scheme).show(code)}" if code else ""


def _read(field: Field, data: QueryDict) -> Any:
    widget = widget_of(field.type)
    if widget == "measures":
        return measures_in(data, field.name)
    if widget == "choices":
        return data.getlist(field.name)
    value = data.get(field.name, "").strip()
    return _code(value, field.type) if isinstance(field.type, Term) else value


def _code(written: str, kind: Term) -> str:
    first = written.split(" ", 1)[0]
    return first if taxonomies.scheme(kind.scheme).get(first) else written


def _shown(field: Field, widget: str, values: Values, given: QueryDict | None) -> Any:
    if given is not None:
        read = _read(field, given)
        return given.get(field.name, "") if widget not in ("measures", "choices") else read
    value = values.get(field.name)
    if value in (None, ""):
        return [] if widget in ("measures", "choices") else ""
    return _written(field.type, widget, value)


def _written(kind: FieldType, widget: str, value: Any) -> Any:
    if widget == "lines":
        assert isinstance(kind, Many)
        return "\n".join(str(kind.of.cell(item)) for item in value)
    if kind.name == "flag":
        return "true" if value else "false"
    if kind.name == "level":
        return str(value)
    if widget == "term":
        assert isinstance(kind, Term)
        return term_written(value, kind.scheme)
    return value if widget in ("measures", "choices", "select") else kind.cell(value)


def _options(kind: FieldType) -> list[tuple[str, str]]:
    if isinstance(kind, Many):
        return _options(kind.of)
    if isinstance(kind, Choice):
        return [(key, str(label)) for key, label in kind.options]
    if isinstance(kind, Term | Level):
        return [(term.code, str(term.label)) for term in taxonomies.scheme(kind.scheme).terms.values()]
    return [("true", kind.show(True)), ("false", kind.show(False))]


def whole_problems(problems: Iterable[Problem], kind: Kind) -> list[str]:
    """Problems that belong to no field on the page."""
    names = {field.name for field in kind.fields} | {"title"}
    return [problem.message for problem in problems if problem.field not in names]
