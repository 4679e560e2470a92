"""Whatever leaves the house as a sheet is written here, so that no cell is ever taken for a formula."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from rongtong.engines.sheets import Cell, bare, guarded

__all__ = ["Cell", "SheetWriter", "bare", "guarded", "write_cells"]


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
