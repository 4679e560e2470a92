"""Packs that cannot be used: every problem at once, each with its file, line, place and what is expected."""

from datetime import date
from pathlib import Path

import pytest

from rongtong.engines.rules import Library, PackError, UnknownPack, check_library, load_text, shipped

HEAD = """pack: test.one
version: 2020-01-01
title: {zh: 一, en: One}
subject: enterprise
place: CN
source: {law: {name: 某办法, status: memory}}
inputs:
  m: {type: money, label: {zh: 钱, en: Money}}
  s: {type: share, label: {zh: 比, en: Share}}
"""
GATE = """gates:
  - {id: g, label: {zh: 门, en: Gate}, expr: s > 5%}
"""


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(PackError) as error:
        load_text(text, "test.one.yaml")
    assert all(each.file == "test.one.yaml" and each.said.zh and each.said.en for each in error.value.problems)
    return [(each.line, each.place) for each in error.value.problems]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (HEAD + "gates:\n  - id: g\n    label: {zh: 门, en: Gate}\n    expr: m > 5%\n", [(13, "gates[0].expr")]),
        (HEAD + "gates:\n  - {id: g, label: 门, expr: s > 5%}\n", [(11, "gates[0].label")]),
        (HEAD + "gates:\n  - {id: g, label: {zh: 门, en: Gate}}\n", [(11, "gates[0]")]),
        (HEAD + GATE + "gatse: []\n", [(12, "gatse")]),
        (HEAD + GATE + "gates: []\n", [(12, "gates")]),
        (HEAD + GATE.replace("id: g", "id: m"), [(11, "gates[0]")]),
        (HEAD + GATE.replace("}\n", ", cite: [act, 1]}\n"), [(11, "gates[0].cite")]),
        (HEAD + GATE.replace("}\n", ", fail: {zh: '{q}', en: x}}\n"), [(11, "gates[0].fail")]),
        (HEAD + GATE.replace("s > 5%", "known(s)"), [(11, "gates[0].expr")]),
        (HEAD.replace("type: money", "type: monny"), [(8, "inputs.m.type")]),
        (HEAD + "outputs:\n  o: {label: {zh: 出, en: Out}, expr: m / 3}\n", [(11, "outputs.o.round")]),
        (HEAD + "parameters:\n  p: {label: {zh: 参, en: P}, value: null}\n", [(11, "parameters.p")]),
        (
            HEAD + "score:\n  items:\n    - {id: i, label: {zh: 项, en: Item}, value: s, bands: [[1, 5], [1, 3]]}\n",
            [(12, "score.items[0].bands")],
        ),
        (
            HEAD + "score:\n  items:\n    - {id: i, label: {zh: 项, en: Item}, expert: [5, 3], points: s, max: 2}\n",
            [(12, "score.items[0]")],
        ),
        (
            HEAD + "score:\n  items:\n    - {id: i, label: {zh: 项, en: Item}, expert: [0, 3], weight: 120%}\n",
            [(12, "score.items[0].weight")],
        ),
        ("pack: {", [(2, "")]),
        ("- a", [(1, "")]),
        (
            "pack: test.one\nversion: 2020-13-01\n",
            [(1, ""), (1, ""), (1, ""), (1, "source"), (2, "version"), (2, "version")],
        ),
    ],
)
def test_every_problem_has_its_line(text: str, found: list[tuple[int, str]]) -> None:
    assert problems(text) == found


def test_all_problems_come_together() -> None:
    text = HEAD.replace("type: share", "type: part") + GATE.replace("s > 5%", "q") + "extra: 1\n"
    assert [line for line, _place in problems(text)] == [9, 11, 12]


def test_a_number_is_read_exactly_and_a_word_is_no_flag() -> None:
    pack = load_text(HEAD + "derive:\n  d: {label: {zh: 量, en: D}, expr: 0.1}\n" + GATE)
    assert str(pack.derived[0].expr.value) == "1/10"  # type: ignore[union-attr]  # a literal
    text = HEAD.replace("{type: share,", "{type: choice, options: {no: {zh: 否, en: 'No'}},") + "gates: []\n"
    assert load_text(text).inputs["s"].options.keys() == {"no"}


def test_a_pack_is_as_sure_as_its_least_sure_number() -> None:
    assert load_text(HEAD + GATE).status == "memory"
    assert load_text(HEAD.replace("memory", "verified") + GATE).status == "verified"
    draft = GATE.replace("}\n", ", status: draft}\n")
    assert load_text(HEAD + draft).status == "draft"


def test_a_pack_may_call_itself_less_sure_than_its_numbers_and_never_surer() -> None:
    verified = HEAD.replace("memory", "verified") + GATE
    assert load_text(verified + "status: draft\n").status == "draft"
    assert load_text(HEAD + GATE + "status: verified\n").status == "memory"
    assert problems(verified + "status: sure\n") == [(12, "status")]


def test_the_digest_is_of_the_rule_alone() -> None:
    one = load_text(HEAD + GATE).digest
    assert load_text("# a remark\n" + HEAD + GATE + "tests: [{name: x, given: {}, expect: {}}]\n").digest == one
    assert load_text(HEAD + GATE.replace("5%", "6%")).digest != one


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "test.one@2020-01-01.yaml").write_text(HEAD + "valid: {from: 2020-01-01, to: 2021-12-31}\n" + GATE)
    newer = HEAD.replace("version: 2020-01-01", "version: 2022-01-01") + GATE.replace("5%", "6%")
    (tmp_path / "test.one@2022-01-01.yaml").write_text(newer)
    (tmp_path / "test.local.yaml").write_text(
        "pack: test.local\nversion: 2020-06-01\nextends: test.one\nplace: '330000'\nremove: [inputs.m]\n"
        "gates:\n  - {id: g, expr: s > 7%}\n  - {id: h, label: {zh: 又, en: More}, expr: s < 50%}\n"
    )
    return Library(tmp_path)


def test_the_version_in_force_on_a_day_is_taken(library: Library) -> None:
    assert library.load("test.one", date(2021, 12, 31)).version == date(2020, 1, 1)
    assert library.load("test.one", date(2022, 1, 1)).version == date(2022, 1, 1)
    assert library.load("test.one@2020-01-01", date(2026, 1, 1)).version == date(2020, 1, 1)
    with pytest.raises(UnknownPack):
        library.load("test.one", date(2019, 12, 31))
    with pytest.raises(UnknownPack):
        library.load("test.none", date(2022, 1, 1))


def test_a_province_says_only_what_differs(library: Library) -> None:
    pack = library.load("test.local", date(2022, 6, 1))
    assert pack.lineage == ("test.one@2022-01-01",)
    assert [gate.id for gate in pack.gates] == ["g", "h"]
    assert pack.gates[0].label.en == "Gate"
    assert list(pack.inputs) == ["s"]
    assert library.load("test.local", date(2021, 6, 1)).lineage == ("test.one@2020-01-01",)


def test_a_problem_in_an_inherited_line_points_into_the_file_it_stands_in(library: Library) -> None:
    path = library.folder / "test.local.yaml"
    path.write_text(path.read_text().replace("inputs.m", "inputs.s"))
    with pytest.raises(PackError) as error:
        Library(library.folder).load("test.local", date(2022, 6, 1))
    assert {each.file for each in error.value.problems} == {"test.local.yaml"}
    assert [each.line for each in error.value.problems] == [7, 8]


def test_what_is_wrong_with_a_folder_is_told(library: Library) -> None:
    (library.folder / "other.yaml").write_text(
        HEAD + GATE + "tests: [{name: t, given: {s: 6%}, expect: {outcome: failed}}]\n"
    )
    found = check_library(Library(library.folder), ("other.yaml",))
    assert [(each.line, each.said.en[:30]) for each in found] == [
        (1, "this version is given twice: o"),
        (1, "the file should be called test"),
        (12, "outcome should be failed, came"),
    ]
    (library.folder / "nameless.yaml").write_text("title: x\n")
    assert check_library(Library(library.folder))[0].file == "nameless.yaml"


def test_packs_cannot_extend_each_other_in_a_circle(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{one}.yaml").write_text(f"pack: {one}\nversion: 2020-01-01\nextends: {other}\n")
    with pytest.raises(PackError, match="circle"):
        Library(tmp_path).load("a", date(2022, 1, 1))


def test_every_shipped_pack_is_sound_and_keeps_its_own_tests() -> None:
    assert check_library(shipped()) == []
