"""Records out of the register as sheets: what the reader may see of them, ready to be changed and imported again."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

import xlsxwriter
from django.db.models import QuerySet

from rongtong.domain.foundation.access import reachable, scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.sheets import Cell, SheetWriter, write_cells
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.exchange import closing
from rongtong.domain.registry.exchange import columns as sheet
from rongtong.domain.registry.exchange.cells import HIDDEN
from rongtong.domain.registry.models import OWNER, Resource
from rongtong.domain.registry.reading import Reading, read_many
from rongtong.domain.registry.showing import note_export, note_readings

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Export:
    """The records of one kind, as far as ``actor`` may see them. Columns nobody of their standing sees are left out.

    What is not for everybody is noted before it is written; ``asked`` are the filters, for the event of the whole.
    """

    actor: Actor
    kind: Kind
    records: QuerySet[Resource]
    asked: Mapping[str, str] = field(default_factory=dict)

    def columns(self) -> tuple[Field, ...]:
        """The columns, in the order of the template, so that what goes out can come in again."""
        seen = {visibility for visibility in Visibility if _ever_readable(self.actor, visibility)}
        return tuple(column for column in sheet.columns_of(self.kind) if column.visibility in seen)

    def rows(self) -> Iterator[list[Cell]]:
        """One row of cells for each record; a value that is not for ``actor`` says so."""
        columns = self.columns()
        visible = scope(self.actor, "view", self.records.filter(kind=self.kind.key))
        visible = visible.exclude(visibility=Visibility.SEALED.value)
        # By key rather than from one long read: SQLite refuses to write (what was shown) within a read that is behind.
        keys = iter(list(visible.values_list("pk", flat=True)))
        while batch := list(islice(keys, _BATCH)):
            found = visible.select_related("owner").in_bulk(batch)
            readings = read_many(self.actor, [found[key] for key in batch if key in found])
            note_readings(self.actor, "export", readings, only={column.name for column in columns})
            for reading in readings:
                yield [_cell(reading, column) for column in columns]


def write_csv(export: Export, target: BinaryIO) -> int:
    """Write the export as CSV in UTF-8 with the mark by which spreadsheets know it; answers the number of records."""
    stream = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = SheetWriter(stream)
    writer.row([column.label.zh for column in export.columns()])
    count = 0
    for cells in export.rows():
        writer.row(cells)
        count += 1
    stream.flush()
    stream.detach()
    return _left(export, "csv", count)


def write_xlsx(export: Export, target: BinaryIO) -> int:
    """Write the export as .xlsx row by row; answers the number of records."""
    workbook = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = workbook.add_worksheet(export.kind.label.zh)
    page.freeze_panes(1, 0)
    write_cells(page, (0, 0), [column.label.zh for column in export.columns()], workbook.add_format({"bold": True}))
    count = 0
    for count, cells in enumerate(export.rows(), start=1):
        write_cells(page, (count, 0), cells)
    workbook.close()
    return _left(export, "xlsx", count)


def _left(export: Export, form: str, count: int) -> int:
    note_export(export.actor, export.kind.key, form, dict(export.asked), count)
    return count


def _ever_readable(actor: Actor, visibility: Visibility) -> bool:
    if visibility is Visibility.PUBLIC:
        return True
    return reachable(actor, f"view_{visibility}_fields", Resource) is not None


def _cell(reading: Reading, column: Field) -> Cell:
    if column.name == sheet.RECORD:
        return str(reading.record.pk)
    if column.name == sheet.CLOSED:
        return closing.write(reading.record) if reading.owners else HIDDEN
    if column.name == sheet.EXTERNAL and OWNER not in reading.fields:
        return HIDDEN  # the number somebody uses may say who they are
    own = column.name in _OWN_COLUMNS
    if not own and column.name not in reading.fields:
        return HIDDEN
    value = getattr(reading.record, column.name) if own else reading.values.get(column.name)
    return "" if value in (None, "", []) else column.type.cell(value)


_OWN_COLUMNS = frozenset({sheet.EXTERNAL, sheet.TITLE, sheet.TITLE_EN, sheet.VISIBILITY})
