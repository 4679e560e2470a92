"""A demand gets the records that answer it first, with probabilities, and hears it when nothing fits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongtong.engines import matching
from rongtong.engines.matching import Collection, Matcher, Query, Record, Store
from rongtong.engines.matching.calibration import shipped_weights
from rongtong.engines.matching.candidates import StoredRecords
from rongtong.engines.matching.fill import fill_vectors
from rongtong.engines.matching.fusion import fuse, standings
from rongtong.engines.matching.matcher import encode_queries, feature_columns
from rongtong.engines.matching.query import read_query
from tests.engines.matching.supply import RECORDS, HashedWords

KILN = Query("D1", "石灰窑自动出灰", "目前石灰窑窑底出灰靠人工，出灰温度高，希望实现自动连续出灰，出灰温度≤60℃。")
UNKNOWN = Query("D2", "低轨卫星相控阵天线", "需要低轨卫星终端用的相控阵天线波束成形算法。")


@pytest.fixture
def encoder() -> HashedWords:
    return HashedWords()


@pytest.fixture
def store(tmp_path, encoder) -> Store:
    opened = Store.open(tmp_path / "index", model=encoder.name, dimension=encoder.dimension)
    opened.add(RECORDS)
    return opened


def test_the_record_that_answers_comes_first_with_and_without_vectors(encoder):
    for matcher in (matching.index(RECORDS), matching.index(RECORDS, encoder)):
        assert matcher.match(KILN).candidates[0].id == "P1"


def test_probabilities_fall_along_the_answer_and_stay_between_0_and_1(encoder):
    found = [each.probability for each in matching.index(RECORDS, encoder).match(KILN).candidates]
    assert found == sorted(found, reverse=True)
    assert all(0 < each < 1 for each in found)


def test_a_demand_nothing_answers_is_told_so_even_in_a_small_supply():
    assert matching.index(RECORDS).match(KILN).verdict == "suitable"
    assert matching.index(RECORDS).match(UNKNOWN).verdict == "none"


def test_an_empty_supply_answers_nothing():
    answer = matching.index([]).match(KILN)
    assert (answer.candidates, answer.verdict, answer.probability) == ([], "none", 0.0)


def test_an_empty_demand_is_answered_by_nothing():
    assert matching.index(RECORDS).match(Query("D", "")).candidates == []


def test_what_no_candidate_covers_is_named():
    answer = matching.index(RECORDS).match(
        Query("D", "石灰窑自动出灰与智能称重", "出灰后需要在线智能称重，称重精度≤0.5%。")
    )
    named = " ".join(part.text for part in answer.missing)
    assert "称重" in named
    assert "石灰窑" not in {part.text for part in answer.missing}


def test_kinds_limit_the_answer_in_memory_and_in_a_store(store):
    asked = Query("D", "茶叶保鲜", "石灰窑 绿茶 保鲜", kinds=["paper"])
    for matcher in (matching.index(RECORDS), Matcher(store)):
        assert [each.id for each in matcher.match(asked).candidates] == ["P6"]


def test_a_condition_filters_before_the_ranking(store):
    assert "P1" not in {each.id for each in Matcher(store).match(KILN, where="id <> 'P1'").candidates}


def test_memory_refuses_a_condition_it_cannot_check():
    with pytest.raises(ValueError, match="store"):
        matching.index(RECORDS).match(KILN, where="id <> 'P1'")


def test_store_and_memory_see_the_same_features(store, encoder):
    fill_vectors(store, encoder)
    collection = Collection(RECORDS)
    collection.encode(encoder)
    view = read_query(KILN)
    [vectors] = encode_queries(encoder, [view])
    sources = (StoredRecords(store), collection)
    found = [source.candidates(view, vectors, 50) for source in sources]
    stored, memory = (feature_columns(view, vectors, each) for each in found)
    assert found[0].ids == found[1].ids
    for name in memory:
        # Segments are kept in int8 by the store: equal to within a thousandth or two.
        np.testing.assert_allclose(stored[name], memory[name], atol=3e-3, err_msg=name)


def test_answers_come_before_any_vector_and_do_not_wait_for_it(store, encoder):
    answer = Matcher(store, encoder).match(KILN)
    assert answer.vectors == 0
    assert answer.candidates[0].id == "P1"


def test_many_queries_are_answered_as_one_by_one(encoder):
    matcher = matching.index(RECORDS, encoder)
    together = [answer.candidates for answer in matcher.match_many([KILN, UNKNOWN], top=5)]
    assert together == [matcher.match(query, top=5).candidates for query in (KILN, UNKNOWN)]


def test_the_order_of_the_records_changes_nothing(encoder):
    forwards = matching.index(RECORDS, encoder).match(KILN).candidates
    backwards = matching.index(RECORDS[::-1], encoder).match(KILN).candidates
    assert [each.id for each in forwards] == [each.id for each in backwards]


def test_the_other_direction_finds_the_demands_an_achievement_answers():
    demands = [Record("D1", "demand", KILN.title, KILN.text), Record("D2", "demand", UNKNOWN.title, UNKNOWN.text)]
    achievement = Query("P1", RECORDS[0].title, RECORDS[0].text)
    assert matching.index(demands).match(achievement).candidates[0].id == "D1"


def test_a_candidate_without_a_vector_is_neither_favoured_nor_buried():
    weights, _ = shipped_weights()
    rising = np.linspace(0, 1, 300, dtype=np.float32)
    late = rising.copy()
    late[150] = np.nan
    columns = {name: late if name in {"whole", "pieces", "sentences"} else rising for name in weights.fusion}
    fused = fuse(standings(columns, weights.bystanders), weights.fusion)
    assert fused[140] < fused[150] < fused[160]


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60), st.text(max_size=200))
def test_any_text_gets_an_answer(title, body):
    answer = SUPPLY.match(Query("D", title, body))
    assert answer.verdict in {"suitable", "related_only", "none"}


SUPPLY = matching.index(RECORDS)
