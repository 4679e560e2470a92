"""Marks put together exactly, rounded once, ties left to people, void reviews nowhere."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rongtong.engines.review import Criterion, Marks, MarksError, Rule, aggregate
from rongtong.engines.review.aggregate import rounded, total

CRITERIA = (
    Criterion("novelty", Fraction(1, 3), Fraction(10)),
    Criterion("worth", Fraction(1, 3), Fraction(10)),
    Criterion("team", Fraction(1, 3), Fraction(5)),
)


def marks(reviewer: str, proposal: str, *values: int, void: bool = False) -> Marks:
    named = {each.id: Fraction(value) for each, value in zip(CRITERIA, values, strict=True)}
    return Marks(reviewer, proposal, named, void=void)


def test_totals_are_exact_and_rounded_once() -> None:
    found = aggregate([marks("a", "P", 10, 8, 4), marks("b", "P", 7, 7, 5)], CRITERIA, Rule())
    standing = found.standings[0]
    assert standing.totals == {"a": Fraction(260, 3), "b": Fraction(80)}
    assert (standing.exact, standing.score, standing.spread) == (Fraction(250, 3), Fraction(8333, 100), Fraction(20, 3))


def test_void_reviews_count_nowhere_whatever_stands_in_them() -> None:
    valid = [marks("a", "P", 10, 8, 4), marks("b", "P", 7, 7, 5)]
    wild = Marks("c", "P", {"novelty": Fraction(999)}, void=True)
    with_void, without = (aggregate(each, CRITERIA, Rule()).standings[0] for each in ([*valid, wild], valid))
    assert (with_void.exact, with_void.voided, without.voided) == (without.exact, ("c",), ())


def test_the_highest_and_the_lowest_are_left_out() -> None:
    given_marks = [marks(str(mark), "P", mark, mark, 0) for mark in (0, 5, 6, 10)]
    found = aggregate(given_marks, CRITERIA, Rule("trimmed")).standings[0]
    assert found.exact == Fraction(2 * 55, 3)
    few = aggregate(given_marks[:2], CRITERIA, Rule("trimmed")).standings[0]
    assert (few.exact, few.score, few.rank) == (None, None, None)


def test_a_spread_above_the_limit_asks_for_a_second_look() -> None:
    pair = [marks("a", "P", 10, 10, 0), marks("b", "P", 10, 4, 0)]
    limits = {limit: aggregate(pair, CRITERIA, Rule(second_look=Fraction(limit))).standings[0] for limit in (19, 20)}
    assert {limit: each.second_look for limit, each in limits.items()} == {19: True, 20: False}


def test_votes_count_those_in_favour() -> None:
    votes = [Marks(str(number), "P", vote=number < 4) for number in range(6)]
    found = aggregate(votes, (), Rule("vote", second_look=Fraction(30))).standings[0]
    assert (found.score, found.spread, found.second_look) == (Fraction(6667, 100), Fraction(100, 3), True)


def test_equal_scores_have_one_rank_and_are_told() -> None:
    given_marks = [
        marks("a", "P1", 5, 5, 0),
        marks("a", "P2", 8, 8, 4),
        marks("a", "P3", 8, 8, 4),
        marks("a", "P4", 0, 0, 0),
    ]
    found = aggregate(given_marks, CRITERIA, Rule())
    assert [(each.proposal, each.rank) for each in found.standings] == [("P2", 1), ("P3", 1), ("P1", 3), ("P4", 4)]
    assert found.ties == (("P2", "P3"),)


def test_what_is_published_decides_the_rank() -> None:
    criteria = (Criterion("x", Fraction(1), Fraction(30000)),)
    pair = [Marks("a", name, {"x": Fraction(mark)}) for name, mark in (("P1", 20000), ("P2", 20001))]
    assert aggregate(pair, criteria, Rule()).ties == (("P1", "P2"),)
    assert aggregate(pair, criteria, Rule(digits=3)).ties == ()


def test_only_published_criteria_are_scored_and_every_problem_is_told() -> None:
    wrong = Marks("a", "P", {"novelty": Fraction(11), "looks": Fraction(1), "team": Fraction(1)})
    with pytest.raises(MarksError) as error:
        aggregate([wrong, wrong], CRITERIA, Rule())
    own = [("a", "P", "looks", "unpublished"), ("a", "P", "worth", "missing"), ("a", "P", "novelty", "range")]
    assert error.value.problems == [*own, ("a", "P", "", "twice"), *own]


def test_weights_make_one_and_votes_need_a_vote() -> None:
    with pytest.raises(MarksError, match="weights"):
        aggregate([], CRITERIA[:2], Rule())
    with pytest.raises(MarksError, match="vote"):
        aggregate([Marks("a", "P")], (), Rule("vote"))


@pytest.mark.parametrize(("exact", "shown"), [("0.005", "0.01"), ("0.0049", "0"), ("99.995", "100"), ("2.675", "2.68")])
def test_halves_go_up(exact: str, shown: str) -> None:
    assert rounded(Fraction(exact), 2) == Fraction(shown)


@given(
    some.lists(some.tuples(some.integers(0, 10), some.integers(0, 10), some.integers(0, 5)), min_size=1, max_size=6),
    some.randoms(),
)
def test_the_order_of_reviews_never_matters_and_scores_stay_within(
    values: list[tuple[int, int, int]], chance: Random
) -> None:
    given_marks = [marks(f"r{n}", f"P{n % 2}", *each) for n, each in enumerate(values)]
    mixed = chance.sample(given_marks, len(given_marks))
    found = aggregate(given_marks, CRITERIA, Rule())
    assert aggregate(mixed, CRITERIA, Rule()) == found
    assert all(0 <= (each.score or 0) <= 100 and each.spread <= 100 for each in found.standings)


@given(some.lists(some.integers(1, 9), min_size=1, max_size=5))
def test_full_marks_are_a_hundred_under_any_weights(parts: list[int]) -> None:
    criteria = [Criterion(str(n), Fraction(part, sum(parts)), Fraction(n + 1)) for n, part in enumerate(parts)]
    assert total({each.id: each.highest for each in criteria}, criteria) == 100
