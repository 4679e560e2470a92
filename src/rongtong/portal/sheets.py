"""A table that leaves as a file: every cell guarded, whole before its first byte."""

import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO, TypeVar, cast

import xlsxwriter
from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404

from rongtong.domain.foundation.sheets import Cell, SheetWriter, write_cells

Record = TypeVar("Record", bound=Model)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 8 << 20
"""Up to this size a sheet needs no file on the disk."""
BATCH = 500
FORMS = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}


def as_file(name: str, form: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> FileResponse:
    """``rows`` under ``headings`` as ``<name>.<form>``; 404 for a form there is not."""
    if form not in FORMS:
        raise Http404
    target = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # FileResponse closes it
    (_write_csv if form == "csv" else _write_xlsx)(cast(BinaryIO, target), headings, rows)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{name}.{form}", content_type=FORMS[form])


def batches(records: QuerySet[Record]) -> Iterator[list[Record]]:
    """``records`` a batch at a time: what is shown of each batch is noted before its rows leave."""
    found = records.iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        yield batch


def _write_csv(target: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    stream = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = SheetWriter(stream)
    writer.row(headings)
    writer.rows(rows)
    stream.flush()
    stream.detach()


def _write_xlsx(target: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = book.add_worksheet()
    page.freeze_panes(1, 0)
    write_cells(page, (0, 0), list(headings), book.add_format({"bold": True}))
    for number, row in enumerate(rows, start=1):
        write_cells(page, (number, 0), row)
    book.close()
