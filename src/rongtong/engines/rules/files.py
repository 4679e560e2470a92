"""Tables from files and into files: .csv, .xlsx, .parquet and .jsonl. A file is written whole or not at all."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from rongtong.engines.rules.facts import FactProblem, FactsError
from rongtong.engines.rules.words import Text
from rongtong.engines.sheets import RISKY, guarded

MOST_SHEET_ROWS = 1_048_575
LISTS = ("reasons_zh", "reasons_en", "remedies_zh", "remedies_en")
"""Columns of several sentences: one a line in a cell, a list in JSON."""


def read_table(path: Path) -> pl.DataFrame:
    """A table with headings; raises :class:`FactsError` when it is none, OSError when it cannot be read."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise _wrong(
            f"不认识 {path.suffix or '没有扩展名的'} 文件；可用 {_forms(READERS)}", f"use one of {_forms(READERS)}"
        )
    try:
        return reader(path)
    except (pl.exceptions.PolarsError, UnicodeDecodeError, ValueError) as error:
        raise _wrong(f"读不出表格：{error}", f"no table can be read: {error}") from error


def write_table(frame: pl.DataFrame, path: Path) -> None:
    """Write beside the place and move there; raises :class:`FactsError` for an unknown form."""
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise _wrong(f"不能写 {path.suffix} 文件；可用 {_forms(WRITERS)}", f"use one of {_forms(WRITERS)}")
    with _moved_into_place(path) as beside:
        writer(frame, beside)


def _read_csv(path: Path) -> pl.DataFrame:
    text = path.read_bytes()
    encoding = "utf8" if _is_utf8(text) else "gb18030"
    if encoding == "gb18030":
        text = text.decode(encoding).encode()
    return pl.read_csv(text, infer_schema=False, truncate_ragged_lines=False)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _read_xlsx(path: Path) -> pl.DataFrame:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except CalamineError as error:
        raise ValueError(str(error)) from error
    if not rows:
        raise ValueError("空表 / the sheet is empty")
    headings = [str(cell).strip() for cell in rows[0]]
    columns = zip(*rows[1:], strict=True) if len(rows) > 1 else ([] for _heading in headings)
    return pl.DataFrame(
        [
            pl.Series(heading, [_cell(cell) for cell in column], dtype=pl.String)
            for heading, column in zip(headings, columns, strict=True)
            if heading
        ]
    )


def _cell(cell: Any) -> str | None:
    if cell is None or cell == "":
        return None
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _read_jsonl(path: Path) -> pl.DataFrame:
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            row = json.loads(line, parse_float=str)
            if not isinstance(row, dict):
                raise ValueError(f"第 {number} 行不是对象 / line {number} is not an object")
            rows.append({key: _json_cell(value) for key, value in row.items()})
    headings = dict.fromkeys(key for row in rows for key in row)
    return pl.DataFrame(
        {key: [row.get(key) for row in rows] for key in headings}, schema=dict.fromkeys(headings, pl.String)
    )


def _json_cell(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)


READERS: dict[str, Callable[[Path], pl.DataFrame]] = {
    ".csv": _read_csv,
    ".xlsx": _read_xlsx,
    ".parquet": lambda path: pl.read_parquet(path),
    ".jsonl": _read_jsonl,
}


def _write_csv(frame: pl.DataFrame, path: Path) -> None:
    guards = [_guard(pl.col(name)) for name, kind in frame.schema.items() if kind == pl.String]
    frame.with_columns(guards).rename(_guarded_name).write_csv(path, include_bom=True)


def _guard(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.contains(RISKY)).then(pl.lit("'") + text).otherwise(text).name.keep()


def _guarded_name(name: str) -> str:
    return str(guarded(name))


def _write_jsonl(frame: pl.DataFrame, path: Path) -> None:
    lists = [pl.col(name).str.split("\n") for name in LISTS if name in frame.columns]
    frame.with_columns(lists).write_ndjson(path)


def _write_xlsx(frame: pl.DataFrame, path: Path) -> None:
    import xlsxwriter

    if len(frame) > MOST_SHEET_ROWS:
        raise _wrong("行数超出工作表的上限，请写 .parquet 或 .csv", "too many rows for a sheet; write .parquet or .csv")
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(path, options)
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, [guarded(name) for name in frame.columns], workbook.add_format({"bold": True}))
    for index, row in enumerate(frame.iter_rows(), 1):
        sheet.write_row(index, 0, [_sheet_cell(cell) for cell in row])
    workbook.close()


def _sheet_cell(cell: Any) -> Any:
    if cell is None:
        return None
    return guarded(cell if isinstance(cell, (bool, int, float, str)) else str(cell))


WRITERS: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    ".jsonl": _write_jsonl,
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".parquet": lambda frame, path: frame.write_parquet(path),
}


@contextmanager
def _moved_into_place(path: Path) -> Iterator[Path]:
    beside = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _forms(of: dict[str, Any]) -> str:
    return "、".join(of)


def _wrong(zh: str, en: str) -> FactsError:
    return FactsError([FactProblem(1, "", Text(zh, en))])
