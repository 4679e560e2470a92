"""An explanation points with exact spans at what both texts say, and says what nobody stated."""

from dataclasses import replace

import pytest

from rongtong.engines.matching import Query, Record, explain
from tests.engines.matching.supply import RECORDS, HashedWords

DEMAND = Query(
    "D1",
    "高韧性立方氮化硼单晶",
    "希望开发高韧性的立方氮化硼单晶。抗冲击韧性≥67%，堆积密度≥1.8克/立方厘米。",
    field="超硬材料",
)
PATENT = RECORDS[3]


@pytest.mark.parametrize("encoder", [None, HashedWords()])
def test_every_span_quotes_its_text(encoder):
    found = explain(DEMAND, PATENT, encoder)
    for match in found.phrases:
        assert all(found.query_text[span.start : span.end] == span.text for span in match.in_query)
        assert all(found.record_text[span.start : span.end] == span.text for span in match.in_record)
    for pair in found.pairs:
        assert found.query_text[pair.in_query.start : pair.in_query.end] == pair.in_query.text
        assert found.record_text[pair.in_record.start : pair.in_record.end] == pair.in_record.text


def test_the_longest_shared_phrase_comes_first():
    assert explain(DEMAND, PATENT).phrases[0].phrase == "高韧性立方氮化硼单晶"


def test_parameters_stand_side_by_side_with_what_is_not_stated():
    verdicts = {row.required.name: row.verdict for row in explain(DEMAND, PATENT).parameters}
    assert verdicts == {"抗冲击韧性": "met", "堆积密度": "not_stated"}


def test_field_stage_and_what_nobody_stated():
    found = explain(DEMAND, PATENT)
    assert (found.field, found.stage, found.holder) == ("same", 6, None)
    assert set(found.unknown) == {"holder", "date", "parameters"}


def test_only_what_was_passed_in_is_quoted():
    shown = replace(PATENT, text="")
    found = explain(DEMAND, shown)
    assert found.record_text == PATENT.title
    assert "text" in found.unknown


def test_the_same_explanation_every_time():
    assert explain(DEMAND, PATENT, HashedWords()) == explain(DEMAND, PATENT, HashedWords())


def test_traditional_and_full_width_writing_is_met_and_quoted_as_written():
    found = explain(DEMAND, Record("T", "patent", "立方氮化硼單晶ＣＢＮ的合成", ""))
    assert [span.text for match in found.phrases for span in match.in_record if "單晶" in span.text]


def test_english_words_are_met_by_their_stem():
    found = explain(Query("D", "", "continuous discharging of lime"), RECORDS[6])
    assert {"lime", "continuous"} <= {match.phrase for match in found.phrases}
