"""Each type reads what people write, refuses what it cannot keep, and loses nothing on the way through a sheet."""

import datetime as dt

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.measures import Measures
from rongtong.domain.registry.types import (
    Choice,
    Day,
    Flag,
    IpcSymbol,
    Level,
    Line,
    Link,
    Many,
    Money,
    Number,
    Prose,
    Rejected,
    Term,
    Whole,
)
from tests.registry.values import LETTERS, written

STAGE = Choice(options=(("pilot", Words("中试", "Pilot test")), ("mass", Words("规模化", "In volume"))))
TYPES = [Line(), Prose(), Whole(), Number(), Money(), Day(), Flag(), STAGE, Term("field"), Level("trl"), IpcSymbol(),
         Link(), Many(Line()), Many(STAGE), Many(IpcSymbol()), Measures()]  # fmt: skip


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.name)
@given(data=st.data())
def test_a_value_survives_its_cell_and_other_programs(kind, data):
    value = kind.parse(data.draw(written(kind)))
    assert kind.parse(kind.cell(value)) == value or value in ("", [])
    assert kind.parse(kind.plain(value)) == value or value in ("", [])
    assert isinstance(kind.show(value), str)
    assert isinstance(kind.words(value), str)


@pytest.mark.parametrize(
    ("written_as", "fen"),
    [("50万元", 50_000_000), ("500,000", 50_000_000), (500000, 50_000_000), ("1.2亿", 12_000_000_000), ("￥0.05", 5),
     ("５０万", 50_000_000), ("3百万元", 300_000_000), (12.5, 1250)],
)  # fmt: skip
def test_money_is_kept_in_fen(written_as, fen):
    assert Money().parse(written_as) == fen


@pytest.mark.parametrize("refused", ["五十万左右", "-3", "1.234", "50万美元", "1e400", "∞"])
def test_money_that_is_not_an_amount_is_refused(refused):
    with pytest.raises(Rejected):
        Money().parse(refused)


def test_money_for_other_programs_is_in_yuan_and_not_mistaken_for_fen():
    assert Money().plain(50_000_000) == "500000.00"
    assert Money().parse("500000.00") == 50_000_000


@pytest.mark.parametrize(
    "written_as", ["2026-03-05", "2026/3/5", "2026.3.5", "2026年3月5日", "2026-03-05 00:00:00", dt.date(2026, 3, 5),
                   dt.datetime(2026, 3, 5, tzinfo=dt.UTC)],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(written_as):
    assert Day().parse(written_as) == "2026-03-05"


@pytest.mark.parametrize("refused", ["2026-02-30", "明年三月", "20260305", "05/03/2026"])
def test_a_day_that_does_not_exist_or_may_be_misread_is_refused(refused):
    with pytest.raises(Rejected):
        Day().parse(refused)


@pytest.mark.parametrize("written_as", [5, 5.0, "5", "TRL5", "trl 5", "5级", "5 级 · 相关环境部件验证"])
def test_a_level_is_read_in_every_spelling(written_as):
    assert Level("trl").parse(written_as) == 5


def test_a_level_beyond_the_scale_is_refused_with_the_scale():
    with pytest.raises(Rejected, match="1–9"):
        Level("trl").parse(10)


@pytest.mark.parametrize(
    "written_as", ["C04B 14/06", "c04b14/06", "C04B14/06(2006.01)", "C04B 14/06I", "Ｃ０４Ｂ 14/06"]
)
def test_a_symbol_has_one_spelling(written_as):
    assert IpcSymbol().parse(written_as) == "C04B 14/06"


def test_a_choice_is_read_in_both_languages_and_shown_in_the_readers():
    assert STAGE.parse("中试") == STAGE.parse("pilot test") == STAGE.parse("pilot") == "pilot"
    with translation.override("en"):
        assert STAGE.show("pilot") == "Pilot test"
    with pytest.raises(Rejected, match="中试、规模化"):
        STAGE.parse("大试")


def test_a_term_says_which_list_it_is_not_in():
    with pytest.raises(Rejected, match="《技术领域》"):
        Term("field").parse("炼金术")


def test_items_never_hold_what_divides_them():
    assert Many(Line()).parse(["甲；乙", "丙\n丁", "甲"]) == ["甲", "乙", "丙", "丁"]


def test_whole_numbers_have_bounds():
    assert Whole(0, 10).parse("10.0") == 10
    for refused in ("11", "-1", "1.5", "十"):
        with pytest.raises(Rejected):
            Whole(0, 10).parse(refused)


def test_a_percentage_is_read_with_its_sign():
    assert Number(0, 100).parse("45.5%") == Number(0, 100).parse("45.5％") == 45.5


@given(st.text(LETTERS + "\x00\x07\x1f", max_size=60))
def test_a_line_is_one_line_without_control_characters(raw):
    value = Line().parse(raw)
    assert value == value.strip()
    assert all(character.isprintable() or character == "\u3000" for character in value)


@pytest.mark.parametrize(("value", "shown"), [(2.9, "2.9"), (525600.5, "525,600.5"), (120.0, "120"), (0.0, "0")])
def test_a_number_is_shown_whole(value, shown):
    assert Number().show(value) == shown


def test_measures_are_read_from_a_cell():
    assert Measures().parse("抗冲击韧性≥67 %；(宜)粒径 = 3~5 μm\n热导率 <= 3e-2 W/(m·K)") == [
        {"name": "抗冲击韧性", "relation": ">=", "value": "67", "unit": "%", "must": True},
        {"name": "粒径", "relation": "range", "value": "3", "high": "5", "unit": "μm", "must": False},
        {"name": "热导率", "relation": "<=", "value": "0.03", "unit": "W/(m·K)", "must": True},
    ]


@pytest.mark.parametrize(
    ("raw", "said"),
    [("韧性要好", "读不出参数"), ([{"name": "", "relation": ">=", "value": "1"}], "缺少参数名称"),
     ([{"name": "a", "relation": "range", "value": "5", "high": "3"}], "上限小于下限"),
     ([{"name": "a", "relation": ">=", "value": "很多"}], "应为数字"), ([3], "应含名称"), (7, "应为参数列表")],
)  # fmt: skip
def test_measures_that_cannot_be_compared_are_refused(raw, said):
    with pytest.raises(Rejected, match=said):
        Measures().parse(raw)


@given(
    name=st.text(LETTERS + "<>~约至?", max_size=12),
    unit=st.text(LETTERS + "<>~", max_size=6),
    value=st.integers(-99, 99),
)
def test_a_measure_is_either_refused_or_survives_its_cell(name, unit, value):
    raw = [{"name": name, "relation": "<=", "value": value, "unit": unit, "must": False}]
    try:
        rows = Measures().parse(raw)
    except Rejected:
        return
    assert Measures().parse(Measures().cell(rows)) == rows


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", ["50 万元", "1.2 亿元", "1,234.50 元"]), ("en", ["500,000 CNY", "120,000,000 CNY", "1,234.50 CNY"])],
)
def test_money_is_counted_as_the_language_counts(language: str, said: list[str]) -> None:
    with translation.override(language):
        assert [Money().show(fen) for fen in (50_000_000, 12_000_000_000, 123_450)] == said
