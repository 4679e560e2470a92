"""A list as a page shows it: the filters in words, the columns one can choose, the cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.registry import taxonomies
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.kinds import all_kinds
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.queries import Filters, facet_label

TOO_LONG = ("prose", "measures", "link")
SCREENFUL = 4


@dataclass(frozen=True)
class Column:
    """A column of a list; ``name`` is a field of the kind."""

    name: str
    label: str
    chosen: bool
    numeric: bool


def columns(kind: Kind, wanted: Sequence[str]) -> list[Column]:
    """The columns a reader can have, and which they chose (by default the first few that the kind lists)."""
    fields = [field for field in kind.fields if _fits(field)]
    default = [field.name for field in fields if field.list][:SCREENFUL]
    names = [name for name in wanted if any(field.name == name for field in fields)] or default
    return [
        Column(field.name, str(field.label), field.name in names, field.type.name in ("whole", "number", "money"))
        for field in fields
    ]


def cells(record: Resource, shown: Sequence[Column]) -> list[tuple[Column, str]]:
    """The record's values under the chosen columns, as people read them."""
    return [(column, _cell(record, column.name)) for column in shown]


def worth_showing(columns: Sequence[Column], records: Sequence[Resource], *, chosen: bool) -> list[Column]:
    """The columns in force; of those nobody asked for, only the ones that some record on the page fills."""
    in_force = [column for column in columns if column.chosen]
    if chosen or not records:
        return in_force
    return [column for column in in_force if any(_cell(record, column.name) for record in records)]


def chips(filters: Filters, *, in_register: bool = False) -> list[tuple[str, str]]:
    """(parameter, words) of every filter in force, to be taken off one by one."""
    said = {
        "kind": facet_label("kind", filters.kind) if filters.kind in all_kinds() and not in_register else "",
        "q": f"“{filters.q}”" if filters.q else "",
        "field": facet_label("field", filters.field) if filters.field else "",
        "industry": facet_label("industry", filters.industry) if filters.industry else "",
        "region": facet_label("region", filters.region) if filters.region else "",
        "trl_from": _("成熟度 %(level)s 级及以上") % {"level": filters.trl_from} if filters.trl_from else "",
        "state": facet_label("state", filters.state) if filters.state else "",
        "holder": filters.holder,
        "mine": _("本单位的") if filters.mine else "",
    }
    return [(name, words) for name, words in said.items() if words]


def top_terms(scheme: str) -> list[tuple[str, str]]:
    """The top of a taxonomy, as a select offers it."""
    return [(term.code, str(term.label)) for term in taxonomies.scheme(scheme).top()]


def term_named(scheme: str, code: str) -> str:
    """A term of a taxonomy in words, "" for none."""
    return str(taxonomies.scheme(scheme).show(code)) if code else ""


def _fits(field: Field) -> bool:
    return field.visibility == Visibility.PUBLIC and field.type.name not in TOO_LONG


def _cell(record: Resource, name: str) -> str:
    """A list shows what is public, to the owner too."""
    if name not in record.public_fields:
        return ""
    value: Any = record.values.get(name)
    return "" if value in (None, "", []) else record.declaration.field(name).type.show(value)
