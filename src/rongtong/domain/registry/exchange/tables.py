"""A file as headings and a stream of rows, whatever its format."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine
from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.registry.exchange.files import CSV, XLSX, Form, blocks, recognise

CALAMINE_LIMIT = 600 * 1024**2
"""Unpacked bytes up to which a workbook is read by calamine, which holds a sheet in memory (100,000 rows of 12 columns
in 200 MB, 3.6 s); above it by openpyxl, which streams (50 MB, 19 s)."""
_HEADING_ROWS = 10
_KEY_LINES = 2000
_CELL_LIMIT = 1_000_000
_FIRST_LINE = 1 << 16


ABSENT = None
"""A cell that a row does not have, which says nothing; an empty cell ("") says that the value is to be empty."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it, its cells, and why it could not be read if it could not."""

    number: int
    cells: Sequence[object]
    fault: str = ""


Reader = Callable[[], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Table:
    """The headings of a file, a way to read its rows (from the start each time), and about how many there are."""

    headers: tuple[str, ...]
    rows: Reader
    total: int


def open_table(path: Path, is_heading: Callable[[str], bool] = lambda written: False) -> Table:
    """The table in the file at ``path``. ``is_heading`` tells a known heading, to pass over a title above the table.

    Raises Invalid when the file is not a table.
    """
    form = recognise(path)
    if form.format == XLSX:
        return _likeliest(_sheets(path) if form.unpacked <= CALAMINE_LIMIT else [_openpyxl(path)], is_heading)
    if form.format == CSV:
        return _headed(_text(path, form), _lines(path), is_heading)
    return _objects(path, form)


def _likeliest(sheets: Iterable[tuple[Reader, int]], is_heading: Callable[[str], bool]) -> Table:
    """The first sheet with a known heading (a cover may stand before it), else the first that holds anything."""
    first: Table | None = None
    for read, total in sheets:
        if not any(map(_filled, islice(read(), _HEADING_ROWS))):
            continue
        table = _headed(read, total, is_heading)
        if any(map(is_heading, table.headers)):
            return table
        first = first or table
    if first is None:
        raise Invalid(_("表格里没有内容。"))
    return first


def _headed(read: Reader, total: int, is_heading: Callable[[str], bool]) -> Table:
    """The headings are the leading row with the most known ones, else the first with more than a title in it."""
    leading = [row for row in islice(read(), _HEADING_ROWS) if _count(row, bool)]
    if not leading:
        raise Invalid(_("表格里没有内容。"))
    heading = max(leading, key=lambda row: (_count(row, is_heading), min(_count(row, bool), 2), -row.number))
    headers = _distinct(_trimmed([str(cell).strip() for cell in heading.cells]))

    def rows() -> Iterator[Row]:
        return (row for row in read() if row.number > heading.number and (row.fault or _filled(row)))

    return Table(headers, rows, max(total - heading.number, 0))


def _filled(row: Row) -> bool:
    return any(cell not in ("", ABSENT) for cell in row.cells)


def _count(row: Row, counts: Callable[[str], bool]) -> int:
    return sum(1 for cell in row.cells if cell != "" and counts(str(cell).strip()))


def _trimmed(headers: list[str]) -> list[str]:
    while headers and not headers[-1]:
        headers.pop()
    return headers


def _distinct(headers: Iterable[str]) -> tuple[str, ...]:
    """Headings told apart, the second “电话” as “电话 (2)”; an empty one is left empty and ignored."""
    seen: Counter[str] = Counter()
    result = []
    for header in headers:
        seen[header] += 1
        result.append(header if seen[header] == 1 or not header else f"{header} ({seen[header]})")
    return tuple(result)


def _sheets(path: Path) -> Iterator[tuple[Reader, int]]:
    """Every sheet of a workbook that calamine may hold, each with its number of rows."""
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        for index in range(len(workbook.sheet_names)):
            yield _calamine(workbook.get_sheet_by_index(index))
    except python_calamine.CalamineError as error:
        raise Invalid(_("工作簿打不开：%(error)s") % {"error": error}) from None


def _calamine(sheet: Any) -> tuple[Reader, int]:
    def read() -> Iterator[Row]:
        return (Row(number, cells) for number, cells in enumerate(sheet.iter_rows(), start=1))

    return read, sheet.end[0] + 1 if sheet.end else 0


def _openpyxl(path: Path) -> tuple[Reader, int]:
    def read() -> Iterator[Row]:
        with path.open("rb") as file:
            page = openpyxl.load_workbook(file, read_only=True, data_only=True).worksheets[0]
            for number, cells in enumerate(page.iter_rows(values_only=True), start=1):
                yield Row(number, ["" if cell is None else cell for cell in cells])

    return read, 0


def _text(path: Path, form: Form) -> Reader:
    with path.open(encoding=form.encoding, newline="") as file:
        delimiter = _delimiter(file.readline(_FIRST_LINE))

    def read() -> Iterator[Row]:
        csv.field_size_limit(_CELL_LIMIT)
        with path.open(encoding=form.encoding, newline="") as file:
            yield from _csv_rows(csv.reader(file, delimiter=delimiter))

    return read


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in blocks(file))


def _csv_rows(reader: Iterator[list[str]]) -> Iterator[Row]:
    number = 0
    while True:
        number += 1
        try:
            yield Row(number, next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, ("",), _("这一行读不出来：%(error)s。请检查引号是否成对。") % {"error": error})


def _delimiter(line: str) -> str:
    return max(",\t;|", key=line.count)


def _objects(path: Path, form: Form) -> Table:
    """One JSON object a line; the headings are the keys that occur in the first lines."""
    keys: dict[str, None] = {}
    for _number, item, _fault in islice(_json_lines(path, form), _KEY_LINES):
        keys.update(dict.fromkeys(item))
    headers = tuple(keys)

    def rows() -> Iterator[Row]:
        for number, item, fault in _json_lines(path, form):
            unknown = [key for key in item if key not in keys]
            if unknown:
                fault = _("这一行有前面没有的键：%(keys)s。") % {"keys": "、".join(unknown[:5])}
            yield Row(number, [_cell(item, key) for key in headers], fault)

    return Table(headers, rows, _lines(path))


def _json_lines(path: Path, form: Form) -> Iterator[tuple[int, dict[str, Any], str]]:
    with path.open(encoding=form.encoding) as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, *_json_object(line)


def _json_object(line: str) -> tuple[dict[str, Any], str]:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:  # a number of more than 4,300 digits is a plain ValueError
        return {}, _("不是正确的 JSON：%(error)s。") % {"error": error}
    if not isinstance(item, dict):
        return {}, _("每行应为一个 JSON 对象。")
    if "\\u" in line and not _encodable(item):
        return {}, _("含有不成对的 \\u 编码，读不成文字。")
    values = item.pop("values", None)
    return ({**item, **values} if isinstance(values, dict) else item), ""


def _encodable(item: dict[str, Any]) -> bool:
    try:
        json.dumps(item, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _cell(item: dict[str, Any], key: str) -> object:
    """What an object has under ``key``: "" for null, ABSENT when the key is not there."""
    value = item.get(key, ABSENT)
    return "" if value is None and key in item else value
