"""A file is judged by its content, and read as rows numbered as a spreadsheet shows them."""

import io
import tempfile
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.registry.exchange import files, tables
from rongtong.domain.registry.exchange.files import recognise
from rongtong.domain.registry.exchange.tables import open_table
from tests.registry.files import DEMANDS, FORMATS, as_csv, as_jsonl, as_xlsx
from tests.registry.values import LETTERS


@pytest.fixture
def put(tmp_path):
    def write(content: bytes):
        path = tmp_path / "upload"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_gives_the_same_table(put, form):
    table = open_table(put(FORMATS[form](DEMANDS)))
    assert list(table.headers) == DEMANDS[0]
    cells = [[str(cell).removesuffix(".0") for cell in row.cells] for row in table.rows()]
    assert cells == [[str(cell) for cell in row] for row in DEMANDS[1:]]
    assert cells == [[str(cell).removesuffix(".0") for cell in row.cells] for row in table.rows()]


@given(cells=st.lists(st.text(LETTERS.replace("\r", ""), min_size=1, max_size=20), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_text_survives_a_workbook_and_a_csv(cells):
    for write in (as_xlsx, as_csv):
        with tempfile.NamedTemporaryFile() as file:
            file.write(write([["编号", *map(str, range(len(cells)))], ["1", *cells]]))
            file.flush()
            assert list(next(open_table(Path(file.name)).rows()).cells) == ["1", *cells]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters_are_found_out(put, encoding, delimiter):
    table = open_table(put(as_csv(DEMANDS, encoding=encoding, delimiter=delimiter)))
    assert list(table.headers) == DEMANDS[0]
    assert next(table.rows()).cells[1] == "自动出灰"


def test_rows_are_numbered_as_a_spreadsheet_shows_them(put):
    rows = [["高新区技术需求汇总表"], [], *DEMANDS, [], ["D3", "三", "问题"]]
    for content in (as_csv(rows), as_xlsx(rows)):
        table = open_table(put(content), lambda written: written in DEMANDS[0])
        assert list(table.headers) == DEMANDS[0]
        assert [row.number for row in table.rows()] == [4, 5, 7]


def test_a_line_break_within_a_cell_does_not_shift_the_numbers(put):
    table = open_table(put(as_csv([["编号", "说明"], ["1", "两\n行"], ["2", "一行"]])))
    assert [(row.number, row.cells[1]) for row in table.rows()] == [(2, "两\n行"), (3, "一行")]


def test_a_table_may_begin_below_and_beside_the_corner(put):
    rows = list(open_table(put(as_xlsx([[], ["", *DEMANDS[0]], ["", *DEMANDS[1]]]))).rows())
    assert [(row.number, row.cells[0]) for row in rows] == [(3, "D1")]


def test_a_cover_sheet_is_passed_over(put):
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    workbook.add_worksheet()
    workbook.add_worksheet().write_row(0, 0, ["填报说明", "请认真填写"])
    page = workbook.add_worksheet()
    for index, row in enumerate(DEMANDS):
        page.write_row(index, 0, row)
    workbook.close()
    path = put(target.getvalue())
    assert list(open_table(path, lambda written: written in DEMANDS[0]).headers) == DEMANDS[0]
    assert open_table(path).headers == ("填报说明", "请认真填写")


def test_equal_headings_are_told_apart(put):
    assert open_table(put(as_csv([["电话", "电话", ""], ["1", "2", "3"]]))).headers == ("电话", "电话 (2)")


def test_a_broken_line_is_a_fault_of_that_line_alone(put):
    content = as_jsonl(DEMANDS).replace(b"}\n", b"}\n{broken\n[1]\n", 1)
    rows = list(open_table(put(content)).rows())
    assert [row.number for row in rows if not row.fault] == [1, 4]
    assert ["JSON" in row.fault for row in rows if row.fault] == [True, True]


def test_a_large_workbook_is_streamed_and_reads_the_same(put, monkeypatch):
    path = put(as_xlsx(DEMANDS))
    held = [list(row.cells) for row in open_table(path).rows()]
    monkeypatch.setattr(tables, "CALAMINE_LIMIT", 0)
    assert [list(row.cells) for row in open_table(path).rows()] == held


def _zip(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"  \n ", "文件是空的"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "另存为 .xlsx"),
        (b"PK\x03\x04 broken", "已损坏"),
        (_zip(word__document_dot_xml=b"<w/>"), "这不是 .xlsx 工作簿"),
        (_zip(xl__workbook_dot_xml=b"<w/>", xl__bomb=b"\x00" * 20_000_000), "展开后过大"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "不是文本或表格文件"),
        (b"\xff\xff\x81\x20\xff", "编码读不出来"),
        (b'[{"a": 1}]', "每行写一个 JSON 对象"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(put, content, said):
    with pytest.raises(Invalid, match=said):
        recognise(put(content))


def test_a_table_without_content_is_refused(put):
    with pytest.raises(Invalid, match="没有内容"):
        open_table(put(as_xlsx([])))


def test_the_limit_of_unpacking_counts_the_whole_archive(put, monkeypatch):
    path = put(as_xlsx(DEMANDS))
    monkeypatch.setattr(files, "UNPACKED_LIMIT", 10)
    with pytest.raises(Invalid, match="展开后过大"):
        recognise(path)
