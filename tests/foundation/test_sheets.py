"""Nothing leaves as a sheet but through one door, and nothing that passes it is taken for a formula."""

import ast
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

import rongtong
from rongtong.domain.foundation.sheets import SheetWriter, bare, guarded, write_cells
from rongtong.engines.rules.files import write_table

PACKAGE = Path(rongtong.__file__).parent
DOORS = {PACKAGE / "domain" / "foundation" / "sheets.py", PACKAGE / "engines" / "rules" / "files.py"}
WRITES = {"write", "write_row", "write_string", "write_column", "write_formula", "write_url", "write_rich_string"}
FORMULAS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠a",
    "'=1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_like_a_formula_is_text_in_every_sheet(text: str) -> None:
    stream = io.StringIO(newline="")
    SheetWriter(stream).rows([[text, 5, -5]])
    assert next(csv.reader(io.StringIO(stream.getvalue(), newline=""))) == [f"'{text}", "5", "-5"]
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        write_cells(workbook.add_worksheet(), (0, 0), [text, -5])
    first, second = openpyxl.load_workbook(target).active[1]
    assert (first.data_type, second.value) == ("s", -5)
    assert bare(guarded(text)) == text


@given(st.text())
def test_a_cell_comes_back_as_it_was(text: str) -> None:
    assert bare(guarded(text)) == text


def test_a_table_of_the_rules_engine_guards_its_cells(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"=name": ["=1+1", "＝2", "plain", None], "number": [-5, 1, 2, 3], "note": ["@a", "b", "", "+1"]}
    )
    write_table(frame, tmp_path / "a.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8-sig"), newline="")))
    assert rows == [
        ["'=name", "number", "note"],
        ["'=1+1", "-5", "'@a"],
        ["'＝2", "1", "b"],
        ["plain", "2", ""],
        ["", "3", "'+1"],
    ]
    write_table(frame, tmp_path / "a.xlsx")
    cells = [[cell.value for cell in row] for row in openpyxl.load_workbook(tmp_path / "a.xlsx").active]
    assert cells == [
        ["'=name", "number", "note"],
        ["'=1+1", -5, "'@a"],
        ["'＝2", 1, "b"],
        ["plain", 2, None],
        [None, 3, "'+1"],
    ]


def calls(source: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            yield owner.id if isinstance(owner, ast.Name) else "", node.func.attr


def test_no_other_code_writes_a_sheet() -> None:
    others = [
        f"{source.relative_to(PACKAGE)}: {owner}.{name}"
        for source in PACKAGE.rglob("*.py")
        if source not in DOORS
        for owner, name in calls(source)
        if (owner == "csv" and name in ("writer", "DictWriter"))
        or (owner in ("page", "sheet", "worksheet") and name in WRITES)
    ]
    assert others == []
