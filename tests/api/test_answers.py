"""Matching and search through the API."""

from typing import Any

import pytest

from tests.api.conftest import Caller
from tests.factories import DEMAND, AchievementFactory, ResourceFactory

pytestmark = pytest.mark.django_db
WORDS = {"title": "石灰窑出灰", "text": DEMAND["problem"]}


@pytest.fixture
def answer(index: Any) -> Any:
    """An achievement in the index that answers :data:`WORDS`, among others that do not."""
    found = AchievementFactory(title="石灰窑自动出灰装置")
    AchievementFactory(title="有机发光面板", values={"problem": "提高有机发光显示面板的寿命和亮度均匀性。"})
    index.drain()
    return found


def test_a_demand_in_own_words_is_answered_best_first(visitor: Caller, answer: Any) -> None:
    status, body = visitor.post("match", WORDS)
    assert (status, body["matches"][0]["record"]["id"]) == (200, str(answer.pk))
    chances = [match["probability"] for match in body["matches"]]
    assert chances == sorted(chances, reverse=True)


def test_reasons_quote_both_texts_where_they_say(visitor: Caller, answer: Any) -> None:
    reasons = visitor.post("match", WORDS | {"explain": True})[1]["matches"][0]["reasons"]
    for pair in reasons["pairs"]:
        place = pair["in_record"]
        assert reasons["record_text"][place["start"] : place["end"]] == place["text"]
    assert reasons["pairs"]


def test_a_record_asks_for_the_other_side(visitor: Caller, answer: Any, index: Any) -> None:
    demand = ResourceFactory()
    index.drain()
    forward = visitor.get(f"resources/{demand.pk}/matches")[1]
    backward = visitor.get(f"resources/{answer.pk}/matches")[1]
    assert (forward["group"], backward["group"]) == ("technology", "demand")
    assert backward["matches"][0]["record"]["id"] == str(demand.pk)


def test_what_may_not_be_found_does_not_answer(visitor: Caller, answer: Any, index: Any) -> None:
    hidden = AchievementFactory(title="石灰窑出灰内部装置", visibility="owner")
    index.drain()
    found = [match["record"]["id"] for match in visitor.post("match", WORDS)[1]["matches"]]
    assert str(hidden.pk) not in found


def test_search_finds_by_words_and_counts_what_it_found(visitor: Caller, answer: Any) -> None:
    status, body = visitor.get("search", q="石灰窑", kind="achievement")
    assert (status, body["items"][0]["id"]) == (200, str(answer.pk))
    assert sum(facet["count"] for facet in body["facets"]["kind"]) == body["count"]


def test_nothing_to_match_is_a_problem(visitor: Caller) -> None:
    assert visitor.post("match", {"title": "石灰窑", "text": ""})[0] == 422


def test_health_says_how_far_the_index_is(visitor: Caller, answer: Any) -> None:
    ResourceFactory()
    assert visitor.get("health")[1] == {"records": 2, "waiting": 1, "vectors": 0}
