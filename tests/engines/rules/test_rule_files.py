"""Facts from files and results into files; what is wrong is told by row and column, and then nothing is written."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from rongtong.cli import engine, packs
from rongtong.engines.rules import FactsError, Library, assess_file, diff, diff_on, load_text, shipped, stored_facts
from rongtong.engines.rules.facts import frame_of
from rongtong.engines.rules.values import stored
from tests.engines.rules.made import DAY, MADE

CSV = """名称,注册成立日期,职工总数,tech_staff,sales_last,sales_3y,rd_3y,in_field,net_assets_growth
甲公司,2020-01-01,100,10,50000000,120000000,"5,588,000",是,40%
乙公司,2020年3月1日,100,,50000000.50,1.2e8,6000000,否,0.055
"""


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    (tmp_path / "facts.csv").write_text(CSV, encoding="utf-8")
    return tmp_path / "facts.csv"


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(engine.app, ["assess", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def test_spellings_become_exact_values(facts: Path) -> None:
    pack = shipped().load("cn.high-tech-enterprise", DAY)
    frame = stored_facts(pack, pl.read_csv(facts, infer_schema=False)).frame
    assert frame.columns[0] == "名称"
    wanted = {
        "registered_on": [date(2020, 1, 1), date(2020, 3, 1)],
        "tech_staff": [10, None],
        "sales_last": [5_000_000_000, 5_000_000_050],
        "sales_3y": [12_000_000_000, 12_000_000_000],
        "rd_3y": [558_800_000, 600_000_000],
        "in_field": [True, False],
        "net_assets_growth": [400_000_000, 55_000_000],
    }
    assert {name: frame[name].to_list() for name in wanted} == wanted


def test_an_option_may_be_called_as_an_empty_cell_is() -> None:
    options = "options: {none: {zh: 无, en: None}, some: {zh: 不详, en: Some}}"
    pack = load_text(
        "pack: test.none\nversion: 2020-01-01\ntitle: {zh: 一, en: One}\nsubject: enterprise\nplace: CN\n"
        "source: {law: {name: 某办法}}\ninputs:\n"
        f"  one: {{type: choice, label: {{zh: 单, en: One}}, {options}}}\n"
        f"  more: {{type: choices, label: {{zh: 多, en: More}}, {options}}}\n"
        "  number: {type: count, label: {zh: 数, en: Number}}\n"
    )
    written = ["none", " None ", "无", "不详", "NONE", "n/a", "", None]
    wanted = ["none", "none", "none", "some", None, None, None, None]
    assert [stored(pack.inputs["one"], each) for each in written] == wanted
    sets = [None if each is None else frozenset({each}) for each in wanted]
    assert [stored(pack.inputs["more"], each) for each in written] == sets
    assert stored(pack.inputs["number"], "none") is None
    frame = stored_facts(pack, pl.DataFrame({"one": written, "more": written, "number": ["none"] * 8})).frame
    assert frame["one"].to_list() == wanted
    assert frame["more"].to_list() == [None if each is None else [each] for each in wanted]
    assert frame["number"].null_count() == 8


@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx", "parquet"])
def test_results_are_written_in_every_form(facts: Path, form: str) -> None:
    out = facts.with_name(f"results.{form}")
    code, told, _err = run(
        "--pack=cn.high-tech-enterprise", f"--facts={facts}", "--as-of=2026-06-30", f"--out={out}", "--json"
    )
    assert code == 0
    assert json.loads(told)["outcomes"] == {"failed": 2}
    assert sorted(each.name for each in facts.parent.iterdir()) == sorted(["facts.csv", out.name])
    if form == "jsonl":
        first = json.loads(out.read_text().splitlines()[0])
        assert first["reasons_zh"][0] == "近三年研究开发费用占销售收入 4.65%，应不低于 5%。"
        assert first["remedies_zh"] == [
            "近三个会计年度研究开发费用总额增加 ¥412,000（至 ¥6,000,000），即不再判为不通过。"
        ]
        assert first["digest"] == shipped().load("cn.high-tech-enterprise", DAY).digest


@pytest.mark.parametrize("form", ["xlsx", "parquet", "jsonl"])
def test_facts_are_read_in_every_form(facts: Path, form: str) -> None:
    pack = shipped().load("cn.high-tech-enterprise", DAY)
    table = pl.read_csv(facts, infer_schema=False)
    other = facts.with_suffix(f".{form}")
    if form == "xlsx":
        table.write_excel(other)
    elif form == "parquet":
        table.with_columns(pl.col("rd_3y").str.replace_all(",", "").cast(pl.Float64)).write_parquet(other)
    else:
        table.write_ndjson(other)
    outs = [path.with_name(f"{path.suffix[1:]}.jsonl") for path in (facts, other)]
    for path, out in zip((facts, other), outs, strict=True):
        assess_file(pack, path, out, DAY)
    assert outs[0].read_text() == outs[1].read_text()


def test_every_problem_is_told_by_row_and_column_and_nothing_is_written(facts: Path) -> None:
    wrong = "甲公司,2020-13-01,1.5,-3,50000000.001,x,,或,\n"
    facts.write_text(CSV.replace("sales_3y", "sales_3yr") + wrong, encoding="utf-8")
    code, _out, err = run("--pack=cn.high-tech-enterprise", f"--facts={facts}", f"--out={facts.with_name('r.csv')}")
    assert code == 2
    places = [line.split(": ")[1] for line in err.splitlines()[1:]]
    assert places == [
        "第 1 行 sales_3yr",
        "第 4 行 in_field",
        "第 4 行 sales_last",
        "第 4 行 tech_staff",
        "第 4 行 名称",
        "第 4 行 注册成立日期",
        "第 4 行 职工总数",
    ]
    assert [each.name for each in facts.parent.iterdir()] == ["facts.csv"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("facts.csv", "甲,乙\n1,2\n"),
        ("facts.csv", "staff,职工总数\n1,2\n"),
        ("facts.txt", "x"),
        ("facts.jsonl", "[1]\n"),
    ],
)
def test_what_is_no_table_of_facts_is_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(FactsError):
        assess_file(shipped().load("cn.high-tech-enterprise", DAY), tmp_path / name, tmp_path / "out.csv", DAY)
    assert not (tmp_path / "out.csv").exists()


def test_an_unknown_pack_or_file_ends_with_2(facts: Path) -> None:
    out = f"--out={facts.with_name('r.csv')}"
    assert run("--pack=cn.none", f"--facts={facts}", out)[0] == 2
    assert run("--pack=cn.tech-sme", f"--facts={facts.with_name('no.csv')}", out)[0] == 2


def test_a_spreadsheet_takes_no_formula_from_a_name(facts: Path) -> None:
    facts.write_text(CSV.replace("甲公司", "=1+1"), encoding="utf-8")
    out = facts.with_name("r.xlsx")
    assess_file(shipped().load("cn.high-tech-enterprise", DAY), facts, out, DAY)
    import openpyxl

    assert openpyxl.load_workbook(out).active["A2"].data_type == "s"


def told(*arguments: object) -> str:
    done = CliRunner().invoke(packs.app, [*map(str, arguments)])
    assert done.exit_code == 0, done.stderr
    return done.stdout


def test_packs_are_listed_shown_and_checked() -> None:
    ids = [each["pack"] for each in json.loads(told("list", "--json"))]
    assert "cn.high-tech-enterprise" in ids
    shown = json.loads(told("show", "cn.high-tech-enterprise", "--json"))
    assert shown["inputs"][0]["id"] == "registered_on"
    assert "rd_share" in told("show", "cn.high-tech-enterprise")
    assert "没有问题" in told("check", "cn.high-tech-enterprise")


@pytest.fixture
def versions(tmp_path: Path) -> Library:
    text = (MADE.folder / "test.wide.yaml").read_text()
    (tmp_path / "test.wide@2020-01-01.yaml").write_text(
        text.replace("a * a * a / (b + 1) > b * b / (c + 1) * b", "a > b")
    )
    newer = text.replace("2020-01-01", "2021-01-01").replace("a * a * a / (b + 1) > b * b / (c + 1) * b", "a > b + 1")
    (tmp_path / "test.wide@2021-01-01.yaml").write_text(newer)
    return Library(tmp_path)


def test_two_versions_differ_in_places_and_for_some(versions: Library, tmp_path: Path) -> None:
    before, after = versions.versions()
    changes = [(each.place, each.before, each.after) for each in diff(versions, before, after)]
    assert changes == [("gates.g.expr", "a > b", "a > b + 1")]
    packs_of = [versions.open(each) for each in (before, after)]
    frame = frame_of(packs_of[0], [{"a": 3, "b": 1}, {"a": 3, "b": 2}, {"a": 3}])
    assert [(each.row, each.before, each.after) for each in diff_on(*packs_of, frame, DAY)] == [(1, "passed", "failed")]
    (tmp_path / "facts.csv").write_text("名称,a,b\n甲,3,1\n乙,3,2\n", encoding="utf-8")
    folder, facts = f"--folder={tmp_path}", f"--facts={tmp_path / 'facts.csv'}"
    shown = told("diff", "test.wide@2020-01-01", "test.wide@2021-01-01", folder, facts)
    assert "gates.g.expr" in shown and "passed → failed" in shown
