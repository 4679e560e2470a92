"""How a command speaks: answers on stdout, everything else on stderr, and what its exit code means."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

OK, PROBLEMS, WRONG = 0, 1, 2
"""Exit codes: done; done and problems were found; wrong use or wrong input, nothing was done."""

out = Console()
err = Console(stderr=True)

Report = Callable[[int, int], None]
"""Told how many of how many are done."""


def as_json(value: Any) -> None:
    """Write ``value`` to stdout as JSON, in UTF-8 and unescaped."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def table(headings: Iterable[str], rows: Iterable[Iterable[object]], title: str | None = None) -> None:
    """Write a table to stdout; the cells are text, never markup."""
    drawn = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*(_cell(cell) for cell in row))
    out.print(drawn)


@contextmanager
def progress(label: str) -> Iterator[Report]:
    """A progress bar on stderr; gives the function that moves it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _cell(value: object) -> str:
    return "—" if value is None or value == "" else escape(str(value))
