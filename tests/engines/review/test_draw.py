"""The draw: the first panel by rank that meets the rules, or which rule it is that no panel meets, and by how many."""

import hashlib
import hmac
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from rongtong.engines.review import (
    Candidate,
    Conflict,
    Draw,
    Exclusion,
    Obstacle,
    PanelRules,
    PoolError,
    Proposal,
    RandomAssignment,
    Successors,
    commitment,
    composition,
    draw,
    joint_seed,
    new_seed,
    rank,
    succeed,
)
from rongtong.engines.review.ranks import ranked
from tests.engines.review.made import BARE, DAY, PANEL, people, person

SEED = "6c6f6e67"


def codes(found: tuple[Obstacle, ...]) -> dict[str, int]:
    return {each.code: each.short for each in found}


@pytest.mark.parametrize(
    ("members", "experts", "wrong"),
    [
        (5, 3, {"experts": 1}),
        (5, 4, {}),
        (6, 4, {"even": 1}),
        (7, 5, {}),
        (7, 4, {"experts": 1}),
        (9, 6, {}),
        (3, 3, {"few": 2}),
        (4, 1, {"few": 1, "even": 1, "experts": 2}),
    ],
)
def test_a_panel_is_odd_five_or_more_and_two_thirds_experts(members: int, experts: int, wrong: dict[str, int]) -> None:
    assert codes(composition(members, experts, PANEL)) == wrong


def test_an_obstacle_cites_the_article_of_the_pack() -> None:
    assert [each.article for each in composition(6, 3, PANEL)] == [
        "中华人民共和国招标投标法（2017 年修正） 第三十七条第二款"
    ] * 2


def test_a_rank_is_the_hmac_of_label_and_id() -> None:
    plain = hmac.new(b"seed", "T-1/1\n专家甲".encode(), hashlib.sha256).hexdigest()
    assert rank("专家甲", "seed", "T-1/1") == plain


def test_the_lowest_ranks_are_drawn_and_the_rest_wait_in_their_order() -> None:
    pool = people(20)
    found = draw(pool, 7, PANEL, SEED, as_of=DAY)
    order = sorted((each.id for each in pool), key=lambda id: rank(id, SEED))
    assert found == Draw(tuple(order[:7]), tuple(order[7:]), ())


def test_the_label_keeps_draws_with_one_seed_apart() -> None:
    one, other = (draw(people(40), 7, PANEL, SEED, as_of=DAY, label=label).drawn for label in ("T-1/1", "T-1/2"))
    assert one != other


def test_nobody_stands_twice_in_a_pool() -> None:
    with pytest.raises(PoolError, match="E00"):
        draw([*people(9), person("E00")], 7, PANEL, SEED, as_of=DAY)


def test_every_reason_against_everybody_is_kept_with_its_evidence() -> None:
    pool = [
        *people(5),
        person("away", available=False),
        person("busy", open_reviews=3),
        person("checks", supervisor=True),
        person("green", years=7, senior=False),
        person("hidden", years=None, open_reviews=None),
        person("just", last_review=DAY - timedelta(days=29)),
        person("rested", last_review=DAY - timedelta(days=30), open_reviews=2),
    ]
    pool = [replace(each, open_reviews=0) if each.id.startswith("E") else each for each in pool]
    pool = [replace(each, open_reviews=each.open_reviews or 0) if each.id != "hidden" else each for each in pool]
    rules = replace(PANEL, most_open=3, cool_down_days=30)
    law = "中华人民共和国招标投标法（2017 年修正） 第三十七条第三款"
    found = draw(pool, 5, rules, SEED, as_of=DAY)
    assert found.exclusions == (
        Exclusion("away", "unavailable"),
        Exclusion("busy", "open_reviews", "3 ≥ 3"),
        Exclusion("checks", "supervisor", "", "中华人民共和国招标投标法实施条例（2019 年修订） 第四十六条第四款"),
        Exclusion("green", "senior", "", law),
        Exclusion("green", "years", "7 < 8", law),
        Exclusion("hidden", "unknown", "open_reviews"),
        Exclusion("hidden", "unknown", "years"),
        Exclusion("just", "cool_down", "2026-06-01"),
    )
    assert {*found.drawn, *found.reserve} == {*(f"E{n:02}" for n in range(5)), "rested"}


def test_who_represents_the_organiser_needs_no_title_but_is_no_expert() -> None:
    pool = [*people(3), *(person(f"R{n}", expert=False, years=None, senior=None) for n in range(4))]
    assert codes(draw(pool, 5, PANEL, SEED, as_of=DAY).obstacles) == {"experts": 1}
    found = draw([*pool, person("E03")], 5, PANEL, SEED, as_of=DAY)
    assert sum(id.startswith("E") for id in found.drawn) == 4


def test_a_conflict_excludes_and_what_is_only_told_does_not() -> None:
    barred = Conflict("E01", "P", "U", "employment", "barred", "第九条", "社保记录", date(2024, 1, 1))
    unclear = replace(barred, candidate="E02", verdict="unclear", until=None)
    told = replace(barred, candidate="E03", kind="teaching", verdict="told", until=None)
    also = replace(told, candidate="E01")
    found = draw(people(9), 5, PANEL, SEED, as_of=DAY, conflicts=[told, unclear, also, barred])
    assert found.exclusions == (
        Exclusion("E01", "employment", "社保记录", "第九条", "U", date(2024, 1, 1)),
        Exclusion("E02", "employment", "社保记录", "第九条", "U", unclear=True),
    )
    assert found.told == (told,)


@pytest.mark.parametrize(
    ("pool", "rules", "short"),
    [
        (people(4), PANEL, {"candidates": 1}),
        (people(9, organisation="U"), replace(PANEL, per_organisation=2), {"organisations": 3, "experts": 2}),
        (people(9), replace(PANEL, enterprise_share=Fraction(1, 3)), {"enterprise": 2}),
    ],
)
def test_why_there_is_no_panel_and_by_how_many(pool: list[Candidate], rules: PanelRules, short: dict[str, int]) -> None:
    found = draw(pool, 5, rules, SEED, as_of=DAY)
    assert (found.drawn, codes(found.obstacles)) == ((), short)
    assert len(found.reserve) == len(pool)


def test_an_even_number_is_not_drawn() -> None:
    assert codes(draw(people(20), 6, PANEL, SEED, as_of=DAY).obstacles) == {"even": 1}


# A few people of few organisations, so that limits meet.
TRAITS = some.tuples(some.sampled_from("ABC"), some.sampled_from([(True, True), (True, False), (False, False)]))


def pools(least: int) -> some.SearchStrategy[list[Candidate]]:
    return some.lists(TRAITS, min_size=least, max_size=8).map(
        lambda drawn: [
            person(f"E{n}", organisation, expert=expert, enterprise=enterprise)
            for n, (organisation, (expert, enterprise)) in enumerate(drawn)
        ]
    )


PEOPLE, ENOUGH = pools(0), pools(5)
RULES = some.builds(
    PanelRules,
    least=some.just(1),
    odd=some.just(False),
    expert_share=some.sampled_from([Fraction(0), Fraction(1, 2), Fraction(2, 3), Fraction(1)]),
    enterprise_share=some.sampled_from([None, Fraction(1, 3), Fraction(1, 2)]),
    per_organisation=some.sampled_from([None, 1, 2]),
)
SEEDS = some.text(min_size=1, max_size=4)


def meets(panel: tuple[Candidate, ...], rules: PanelRules) -> bool:
    size = len(panel)
    organisations = [each.organisation for each in panel]
    most = rules.per_organisation or size
    return (
        sum(each.expert for each in panel) >= rules.expert_share * size
        and sum(each.expert and each.enterprise for each in panel) >= (rules.enterprise_share or 0) * size
        and all(organisations.count(each) <= most for each in organisations)
    )


@given(PEOPLE, RULES, SEEDS, some.integers(1, 5))
def test_the_panel_is_the_first_of_all_panels_that_meet_the_rules(
    pool: list[Candidate], rules: PanelRules, seed: str, places: int
) -> None:
    every = (each for each in combinations(ranked(pool, seed), places) if meets(each, rules))
    first = next(every, ())
    found = draw(pool, places, rules, seed, as_of=DAY)
    assert found.drawn == tuple(each.id for each in first)
    assert bool(found.obstacles) == (first == ())


@given(PEOPLE, RULES, SEEDS, some.integers(1, 5), some.randoms())
def test_the_order_of_the_pool_never_changes_the_draw(
    pool: list[Candidate], rules: PanelRules, seed: str, places: int, chance: Random
) -> None:
    mixed = chance.sample(pool, len(pool))
    assert draw(mixed, places, rules, seed, as_of=DAY) == draw(pool, places, rules, seed, as_of=DAY)


@given(ENOUGH, RULES, SEEDS, some.integers(1, 4), some.integers(0, 7))
def test_a_conflict_of_who_was_not_drawn_only_takes_them_from_the_reserve(
    pool: list[Candidate], rules: PanelRules, seed: str, places: int, who: int
) -> None:
    before = draw(pool, places, rules, seed, as_of=DAY)
    assume(before.drawn)
    gone = before.reserve[who % len(before.reserve)]
    after = draw(pool, places, rules, seed, as_of=DAY, conflicts=[Conflict(gone, "P", "U", "kin", "barred")])
    assert after.drawn == before.drawn
    assert after.reserve == tuple(id for id in before.reserve if id != gone)
    assert [each.candidate for each in after.exclusions] == [gone]


@given(SEEDS, some.integers(0, 4))
def test_a_conflict_of_who_was_drawn_moves_the_first_of_the_reserve_up(seed: str, who: int) -> None:
    before = draw(people(12), 5, PANEL, seed, as_of=DAY)
    gone = before.drawn[who]
    after = draw(people(12), 5, PANEL, seed, as_of=DAY, conflicts=[Conflict(gone, "P", "U", "kin", "barred")])
    assert after.drawn == (*(id for id in before.drawn if id != gone), before.reserve[0])
    assert after.reserve == before.reserve[1:]


@given(ENOUGH, RULES, SEEDS, some.integers(1, 4), some.integers(0, 4))
def test_a_successor_leaves_the_others_in_place_and_the_rules_met(
    pool: list[Candidate], rules: PanelRules, seed: str, places: int, who: int
) -> None:
    found = draw(pool, places, rules, seed, as_of=DAY)
    assume(found.drawn)
    by_id = {each.id: each for each in pool}
    gone = found.drawn[who % places]
    stay = [by_id[id] for id in found.drawn if id != gone]
    successors = succeed(ranked(pool, seed), stay, [gone], places, rules)
    fits = [id for id in found.reserve if meets((*stay, by_id[id]), rules)]
    assert successors.chosen == tuple(fits[:1])
    assert bool(successors.obstacles) == (not fits)


def test_nobody_who_left_returns() -> None:
    pool = people(6)
    found = draw(pool, 5, PANEL, SEED, as_of=DAY)
    stay = [each for each in pool if each.id in found.drawn[1:]]
    assert succeed(ranked(pool, SEED), stay, [found.drawn[0]], 5, PANEL) == Successors(found.reserve)
    last = succeed(ranked(pool, SEED), stay, [found.drawn[0], *found.reserve], 5, PANEL)
    assert (last.chosen, codes(last.obstacles)) == ((), {"candidates": 1})


def test_everybody_has_the_same_chance() -> None:
    times = dict.fromkeys((each.id for each in people(10)), 0)
    for number in range(400):
        for id in draw(people(10), 5, BARE, str(number), as_of=DAY).drawn:
            times[id] += 1
    # 200 are expected, with a standard deviation of 10.
    assert all(170 < count < 230 for count in times.values())


PROGRAM = """
from tests.engines.review.made import DAY, PANEL, people
from rongtong.engines.review import draw
print(",".join(draw({each.id: each for each in people(60)}.values(), 9, PANEL, "seed", as_of=DAY).drawn))
"""


def test_every_process_on_every_machine_draws_the_same() -> None:
    found = set()
    for salt in ("0", "1", "77"):
        surroundings = os.environ | {"PYTHONHASHSEED": salt, "PYTHONPATH": "src:."}
        done = subprocess.run([sys.executable, "-c", PROGRAM], env=surroundings, capture_output=True, check=True)
        found.add(done.stdout.decode().strip())
    assert found == {",".join(draw(people(60), 9, PANEL, "seed", as_of=DAY).drawn)}


def test_seeds_are_fresh_long_and_can_be_promised_and_joined() -> None:
    one, other = new_seed(), new_seed()
    assert (one != other, len(one), commitment("seed")) == (True, 64, hashlib.sha256(b"seed").hexdigest())
    assert joint_seed([one, other]) == joint_seed([other, one])
    assert joint_seed([one, other]) != joint_seed([one + other])


def test_a_random_assignment_shares_the_load() -> None:
    pool = [replace(each, open_reviews=0) for each in people(10)]
    assignment = RandomAssignment(5, replace(PANEL, most_open=1), SEED, DAY)
    proposals = [Proposal(name, (name,)) for name in ("P1", "P2", "P3")]
    found = assignment.assign(pool, proposals, [Conflict("E01", "P1", "P1", "kin", "barred")])
    assert set(found["P1"].drawn) | set(found["P2"].drawn) == {each.id for each in pool}
    assert "E01" in found["P2"].drawn
    assert codes(found["P3"].obstacles) == {"candidates": 5, "experts": 4}
