"""A row of a file as a record on its way in: its values, what is wrong with it, what is odd about it."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Problem
from rongtong.domain.foundation.sheets import bare
from rongtong.domain.registry.declaration import Field, Kind, Values
from rongtong.domain.registry.exchange import closing
from rongtong.domain.registry.exchange import columns as sheet
from rongtong.domain.registry.exchange.cells import HIDDEN, SKIPPED
from rongtong.domain.registry.exchange.tables import ABSENT, Row, Table
from rongtong.domain.registry.types import Prose, Rejected
from rongtong.engines import text

DERIVED = "#"
"""Begins an external id that was made from the content of a row that brought none."""
_REPEATED_SHORTEST = 30
_HEAD = 40
_ADVERT_LONGEST = 100
"""What is longer is a paragraph; that it names a telephone somewhere does not make it an advertisement."""


@dataclass(slots=True)
class Incoming:
    """One record on its way in.

    ``given`` are the fields that the file has a column for: the others keep what the register has. ``wanting`` are the
    required ones that it lacks, a problem only if the record is new. ``fingerprint`` is set once the row is planned.
    """

    row: int
    record: str = ""
    external_id: str = ""
    title: str = ""
    title_en: str | None = None
    visibility: str | None = None
    closed: dict[str, str] | None = None
    values: Values = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    wanting: list[str] = field(default_factory=list)
    fingerprint: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def derived(self) -> bool:
        """Known by its content alone."""
        return self.external_id.startswith(DERIVED)

    def to_json(self) -> str:
        """One line for the spool; what is wrong or odd has been reported and is left out."""
        content = {name: getattr(self, name) for name in _SPOOLED}
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, line: str) -> "Incoming":
        return cls(**json.loads(line))


_SPOOLED = tuple(column.name for column in fields(Incoming) if column.name not in ("problems", "warnings"))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a row a column stands, and the unit that its heading states."""

    index: int
    column: Field
    unit: str


def read_rows(table: Table, kind: Kind, chosen: Mapping[str, str]) -> Iterator[Incoming]:
    """Every row of ``table`` as a record of ``kind``; ``chosen`` says which heading means which column."""
    by_name = {column.name: column for column in sheet.columns_of(kind)}
    places = [
        _Place(index, by_name[chosen[header]], sheet.money_unit(by_name[chosen[header]], header))
        for index, header in enumerate(table.headers)
        if chosen.get(header)
    ]
    common = sheet.common_columns(kind)
    for row in table.rows():
        incoming = _fault(row) if row.fault else _incoming(row, kind, common, places)
        if incoming:
            yield incoming


def _fault(row: Row) -> Incoming:
    return Incoming(row.number, problems=[Problem("", row.fault, row.number)])


def _incoming(row: Row, kind: Kind, common: Sequence[Field], places: list[_Place]) -> Incoming | None:
    raw = {place.column.name: _cell(row, place) for place in places}
    if raw.get(sheet.EXTERNAL) == SKIPPED:
        return None
    raw = {name: value for name, value in raw.items() if value not in (HIDDEN, ABSENT)}
    incoming = Incoming(row.number)
    _set_closed(incoming, kind, raw.pop(sheet.CLOSED, ""))
    for column in common:
        if column.name in raw:
            _set_common(incoming, column, raw.pop(column.name))
    _set_values(incoming, kind, raw)
    if not incoming.title and not incoming.record:
        incoming.problems.insert(0, Problem("title", _("“%(label)s”必填。") % {"label": kind.title}, row.number))
    if not incoming.external_id and not incoming.record:
        incoming.external_id = _derived_id(incoming)
    incoming.warnings = [*incoming.warnings, *oddities(incoming, kind)]
    return incoming


def _cell(row: Row, place: _Place) -> object:
    value = bare(row.cells[place.index]) if place.index < len(row.cells) else ""
    if place.unit and value not in ("", ABSENT) and not str(value).rstrip().endswith("元"):
        return f"{value}{place.unit}"
    return value


def _set_closed(incoming: Incoming, kind: Kind, raw: object) -> None:
    """An empty cell leaves what the record has."""
    if raw in ("", None):
        return
    try:
        incoming.closed = closing.parse(kind, str(raw))
    except Rejected as rejected:
        incoming.problems.append(Problem(sheet.CLOSED, str(rejected), incoming.row))


def _set_common(incoming: Incoming, column: Field, raw: object) -> None:
    try:
        value = column.type.parse(raw) if raw not in ("", None) else ""
    except Rejected as rejected:
        incoming.problems.append(Problem(column.name, str(rejected), incoming.row))
        return
    match column.name:
        case sheet.RECORD:
            incoming.record = value
        case sheet.VISIBILITY:
            incoming.visibility = value or None
        case _:
            setattr(incoming, column.name, value)


def _set_values(incoming: Incoming, kind: Kind, raw: Mapping[str, object]) -> None:
    cleaned = kind.clean(raw, row=incoming.row)
    absent = {column.name for column in kind.fields if column.required and column.name not in raw}
    incoming.values = cleaned.values
    incoming.given = list(raw)
    incoming.wanting = [problem.field for problem in cleaned.problems if problem.field in absent]
    incoming.problems += [problem for problem in cleaned.problems if problem.field not in absent]


def _derived_id(incoming: Incoming) -> str:
    content: list[Any] = [text.normalise(incoming.title), incoming.values]
    digest = hashlib.blake2b(json.dumps(content, ensure_ascii=False, sort_keys=True).encode(), digest_size=12)
    return DERIVED + digest.hexdigest()


def oddities(incoming: Incoming, kind: Kind) -> Iterator[Problem]:
    """Lines of advertising and passages that stand twice in one text: kept as written, and pointed out."""
    written = (column for column in kind.fields if isinstance(column.type, Prose) and column.name in incoming.values)
    return chain.from_iterable(_odd_lines(incoming, column) for column in written)


def _odd_lines(incoming: Incoming, column: Field) -> Iterator[Problem]:
    written = str(incoming.values[column.name])
    if _stands_twice(written):
        yield Problem(column.name, _("“%(label)s”中同一段文字出现了两遍。") % {"label": column.label}, incoming.row)
    seen: set[str] = set()
    for line in written.splitlines():
        if len(line) <= _ADVERT_LONGEST and text.is_spam_line(line):
            message = _("“%(label)s”中有疑似广告的一行：“%(line)s”。") % {"label": column.label, "line": line[:40]}
            yield Problem(column.name, message, incoming.row)
        elif len(line) >= _REPEATED_SHORTEST and line in seen:
            message = _("“%(label)s”中有重复的段落：“%(line)s…”。") % {"label": column.label, "line": line[:20]}
            yield Problem(column.name, message, incoming.row)
        seen.add(line)


def _stands_twice(written: str) -> bool:
    """Whether a long text begins again in its own middle, as pages that were copied twice do."""
    head = written[:_HEAD]
    return len(written) >= 4 * _HEAD and "\n" not in head and head in written[_HEAD:]
