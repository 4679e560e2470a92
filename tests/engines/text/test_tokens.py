"""What counts as the same text, and what is counted in it."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongtong.engines import text


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("ＰＬＣ　控制，Ａ", "plc 控制,a"),
        ("科技創新與產業創新", "科技创新与产业创新"),
        ("乾坤與乾燥", "乾坤与干燥"),
        ("ﬁlter\u200b 0.5㎡", "filter 0.5m2"),
        ("  多\t\n行  ", "多 行"),
        ("", ""),
    ],
)
def test_different_writings_have_one_normal_form(written: str, normal: str) -> None:
    assert text.normalise(written) == normal


@given(st.text())
@settings(deadline=None)
def test_normal_form_is_idempotent(written: str) -> None:
    assert text.normalise(text.normalise(written)) == text.normalise(written)


@given(st.text())
@settings(deadline=None)
def test_folding_keeps_every_offset(written: str) -> None:
    assert len(text.fold(written)) == len(written)


def test_folding_keeps_superscripts_and_simplifies() -> None:
    assert text.fold("導熱率＞１０⁵㎡") == "导热率>10⁵㎡"


def test_words_are_cut_in_search_mode_without_function_words() -> None:
    assert text.words("氮化硼的熱導率和PLC控制") == ["氮化", "氮化硼", "热导率", "plc", "控制"]


def test_english_words_are_stemmed() -> None:
    assert text.words("The thermal conductivities of relational databases") == [
        "thermal",
        "conduct",
        "relat",
        "databas",
    ]


def test_grades_are_words_and_amounts_and_years_are_not() -> None:
    assert text.words("304 不锈钢 12.5 2019 60Si2Mn PM2.5 Al₂O₃") == [
        "304",
        "不锈",
        "不锈钢",
        "60si2mn",
        "pm2.5",
        "al2o3",
    ]


def test_bigrams_overlap_and_keep_latin_runs_whole() -> None:
    assert text.bigrams("石灰窑PLC") == ["石灰", "灰窑", "plc"]


@given(st.text())
@settings(deadline=None)
def test_every_token_is_found_in_the_normal_text_or_is_a_stem(written: str) -> None:
    normal = text.normalise(written)
    assert [word for word in text.words(written) if word[:2] not in normal] == []


@given(st.text(alphabet=st.sampled_from("石灰。，； \n.a1!、：（）…”"), max_size=200), st.integers(3, 50))
@settings(deadline=None)
def test_sentences_are_exact_spans_in_order_and_short_enough(written: str, longest: int) -> None:
    found = text.sentences(written, longest)
    assert [written[span.start : span.end] for span in found] == [span.text for span in found]
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(len(span.text) <= longest for span in found)


def test_sentences_end_at_lines_stops_and_semicolons_but_not_at_decimals() -> None:
    found = [span.text for span in text.sentences("热导率低于0.03；易加工。\n  现状：差\n\n。Cheap. It works.")]
    assert found == ["热导率低于0.03；", "易加工。", "现状：差", "Cheap.", "It works."]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("基于PLC和CNN的控制系统", "zh"),
        ("A control system based on PLC", "en"),
        ("Aerogel (气凝胶) with low conductivity for pipes", "en"),
        ("", "zh"),
    ],
)
def test_language_is_told_by_ideographs_against_latin_words(written: str, expected: str) -> None:
    assert text.language(written) == expected
