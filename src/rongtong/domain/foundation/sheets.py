"""Whatever leaves the house as a sheet is written here, so that no cell is ever taken for a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

Cell = str | int | float
_STARTS = "=+\\-@\t\r\n＝＋－＠"
"""What spreadsheets take a formula to begin with (OWASP, CSV Injection), the full-width forms among them."""
_RISKY = re.compile(f"'*[{_STARTS}]")
_ESCAPED = re.compile(f"'+[{_STARTS}]")


def guarded(value: Cell) -> Cell:
    """``value`` so that no spreadsheet takes it for a formula; numbers stay numbers.

    Text that begins like a formula (or like an escaped one) gets an apostrophe in front (CWE-1236); :func:`bare` takes
    it off again, so nothing is lost on the way out and back.
    """
    return f"'{value}" if isinstance(value, str) and _RISKY.match(value) else value


def bare(value: object) -> object:
    """A cell as it was before :func:`guarded`."""
    return value[1:] if isinstance(value, str) and _ESCAPED.match(value) else value


class SheetWriter:
    """Writes rows of guarded cells to ``stream`` as CSV."""

    def __init__(self, stream: TextIO) -> None:
        self._writer = csv.writer(stream)

    def row(self, cells: Iterable[Cell]) -> None:
        self._writer.writerow([guarded(cell) for cell in cells])

    def rows(self, rows: Iterable[Iterable[Cell]]) -> None:
        for cells in rows:
            self.row(cells)


def write_cells(page: Any, place: tuple[int, int], cells: Sequence[Cell], style: Any = None) -> None:
    """Write guarded cells into a row of an xlsxwriter page, from ``place`` (row, column) to the right."""
    page.write_row(*place, [guarded(cell) for cell in cells], style)
