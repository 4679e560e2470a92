"""The tables of a run, read back a page at a time: who came out how, who is within one remedy, all as a sheet."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xlsxwriter
from django.conf import settings

from rongtong.domain.assessments.models import Run
from rongtong.domain.foundation.sheets import Cell, SheetWriter, write_cells

PARTY, NAME, REMEDY = "party", "party_name", "remedy"
FACTS_FILE, RESULTS_FILE = "facts.parquet", "results.parquet"
READ = (PARTY, NAME, "outcome", "score_low", "score_high", "because", "reasons_zh", "reasons_en", "to_supply", REMEDY)
"""What a page shows of a row; the file has every condition and item besides."""


@dataclass(frozen=True, slots=True)
class Row:
    """One enterprise of a run; scores None where the pack has none; each of ``remedies`` alone would make it pass."""

    party: str
    name: str
    outcome: str
    low: float | None
    high: float | None
    reasons_zh: str
    reasons_en: str
    to_supply: tuple[str, ...]
    remedies: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A part of the rows and how many there are."""

    count: int
    items: list[Row]


def folder_of(run: Run) -> Path:
    """Where the tables of a run lie."""
    return Path(settings.HOME) / "runs" / str(run.pk)


def progress_file(run: Run) -> Path:
    """Where the worker says how far it has come; also its sign of life."""
    return folder_of(run).with_name(f"{run.pk}.progress")


def note_progress(run: Run, done: int, total: int) -> None:
    """Leave word of how far a run has come."""
    file = progress_file(run)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps([done, total]))
    draft.replace(file)


def progress_of(run: Run) -> tuple[int, int]:
    """What is done and what there is to do; (0, 0) when nothing is known yet."""
    file = progress_file(run)
    if not file.exists():
        return 0, 0
    done, total = json.loads(file.read_text())
    return int(done), int(total)


def rows(run: Run, outcome: str = "", *, near: bool = False, start: int = 0, size: int = 25) -> Rows:
    """Rows of a finished run, the best scores first; ``near`` only those within one remedy of passing."""
    table = _table(run)
    if near:
        table = table.filter(pc.is_valid(table[REMEDY]))
    if outcome:
        table = table.filter(pc.equal(table["outcome"].cast(pa.string()), outcome))
    if "score_high" in table.column_names:
        table = table.sort_by([("score_high", "descending"), (NAME, "ascending")])
    return Rows(table.num_rows, [_row(each) for each in table.slice(start, size).to_pylist()])


def near_misses(run: Run, most: int = 10) -> list[Row]:
    """Those whom a single change would make pass, the best scores first."""
    return rows(run, near=True, size=most).items


def _table(run: Run) -> pa.Table:
    file = pq.ParquetFile(folder_of(run) / RESULTS_FILE)
    return file.read(columns=[name for name in READ if name in file.schema_arrow.names])


def _row(found: dict[str, Any]) -> Row:
    waits = found.get("to_supply") or ""
    return Row(
        party=found[PARTY],
        name=found[NAME],
        outcome=str(found["outcome"]),
        low=found.get("score_low"),
        high=found.get("score_high"),
        reasons_zh=found.get("reasons_zh") or "",
        reasons_en=found.get("reasons_en") or "",
        to_supply=tuple(name for name in waits.split(",") if name),
        remedies=tuple(json.loads(each) for each in found.get(REMEDY) or ()),
    )


def write_csv(run: Run, headings: list[str], cells: Callable[[Row], list[Cell]], target: Any) -> None:
    """Every row through ``cells`` as CSV; no cell is ever taken for a formula."""
    writer = SheetWriter(target)
    writer.row(headings)
    writer.rows(cells(row) for row in _all(run))


def write_xlsx(run: Run, headings: list[str], cells: Callable[[Row], list[Cell]], target: BinaryIO) -> None:
    """Every row through ``cells`` as .xlsx."""
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = book.add_worksheet()
    page.freeze_panes(1, 0)
    write_cells(page, (0, 0), headings, book.add_format({"bold": True}))
    for number, row in enumerate(_all(run), start=1):
        write_cells(page, (number, 0), cells(row))
    book.close()


def _all(run: Run) -> Iterator[Row]:
    for batch in _table(run).to_batches(max_chunksize=2000):
        yield from map(_row, batch.to_pylist())
