"""Recusal: to the day, with article and evidence, and the same as the rule pack says."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rongtong.engines.review import (
    Candidate,
    Conflict,
    Proposal,
    Relation,
    Relations,
    all_conflicts,
    conflicts,
    recusal_rules,
    refused_names,
)
from rongtong.engines.review.people import Kind
from rongtong.engines.review.words import KINDS
from rongtong.engines.rules import shipped
from rongtong.engines.rules.evaluate import evaluate
from rongtong.engines.rules.row import truth
from tests.engines.review.made import DAY, RECUSAL, person

PACK = shipped().load("cn.review-recusal", DAY)
P = Proposal("P", ("U", "applicant"))
LAW = "中华人民共和国政府采购法实施条例 第九条第一款"


def between(*relations: Relation, who: Candidate | None = None, day: date = DAY) -> tuple[Conflict, ...]:
    return conflicts(who or person("E"), P, Relations(relations), RECUSAL, day)


@pytest.mark.parametrize("kind", ["employment", "board", "control"])
@pytest.mark.parametrize(
    ("until", "verdict"),
    [
        (date(2023, 7, 30), "barred"),
        (date(2023, 7, 1), "barred"),
        (date(2023, 6, 30), None),
        (date(2023, 6, 29), None),
        (date(2027, 1, 1), "barred"),
        (None, "unclear"),
    ],
)
def test_three_years_are_counted_to_the_day(kind: Kind, until: date | None, verdict: str | None) -> None:
    found = [each.verdict for each in between(Relation("E", "U", kind, until))]
    assert found == ([verdict] if verdict else [])


def test_a_conflict_has_article_evidence_and_the_day_it_lapses() -> None:
    relation = Relation("E", "U", "employment", date(2024, 2, 29), evidence="社保记录")
    found = between(relation)
    lapses = date(2027, 3, 1)
    assert found == (
        Conflict("E", "P", "U", "employment", "barred", f"{LAW}（一）", "社保记录", date(2024, 2, 29), lapses),
    )
    assert between(relation, day=lapses - timedelta(days=1)) != ()
    assert between(relation, day=lapses) == ()


def test_an_end_at_the_end_of_the_calendar_bars() -> None:
    found = between(Relation("E", "U", "board", date(9999, 12, 31)))
    assert [(each.verdict, each.lapses) for each in found] == [("barred", None)]


def test_what_goes_on_bars_without_a_date() -> None:
    assert [each.verdict for each in between(Relation("E", "U", "board", ongoing=True))] == ["barred"]


def test_every_organisation_of_a_person_counts_as_the_same_entity() -> None:
    assert [each.party for each in between(who=person("E", "U"))] == ["U"]
    assert [each.party for each in between(who=person("E", "V", also=("W", "U")))] == ["U"]
    assert between(who=person("E", "V", also=("W",))) == ()


def test_of_four_names_three_are_accepted() -> None:
    named = Relations(Relation(name, "applicant", "named") for name in ("E4", "E1", "E3", "E1", "E2"))
    found = {name: bool(conflicts(person(name), P, named, RECUSAL, DAY)) for name in ("E1", "E2", "E3", "E4")}
    assert found == {"E4": True, "E1": True, "E3": True, "E2": False}
    assert refused_names(P, named, RECUSAL) == ("E2",)


def test_a_name_is_told_and_bars_where_the_programme_says_so() -> None:
    relation = Relation("E", "applicant", "named")
    assert [each.verdict for each in between(relation)] == ["told"]
    strict = recusal_rules(PACK, DAY, bars=["named"])
    found = conflicts(person("E"), P, Relations([relation]), strict, DAY)
    assert [each.verdict for each in found] == ["barred"]


def test_working_together_lapses_only_where_a_region_says_when() -> None:
    relation = Relation("E", "U", "co_work", date(2000, 1, 1))
    assert [each.verdict for each in between(relation)] == ["told"]
    region = replace(RECUSAL, co_work_years=5)
    assert conflicts(person("E"), P, Relations([relation]), region, DAY) == ()
    recent = replace(relation, until=date(2024, 1, 1))
    assert [each.lapses for each in conflicts(person("E"), P, Relations([recent]), region, DAY)] == [date(2029, 1, 1)]


def test_relations_to_others_do_not_matter() -> None:
    assert between(Relation("E", "V", "kin"), Relation("F", "U", "kin")) == ()


@given(
    some.lists(
        some.builds(
            Relation,
            candidate=some.sampled_from(["E0", "E1", "E2"]),
            party=some.sampled_from(["U0", "U1", "U2"]),
            kind=some.sampled_from(sorted(KINDS)),
            until=some.none() | some.dates(date(2022, 1, 1), date(2026, 6, 30)),
        ),
        max_size=12,
    )
)
def test_many_at_once_are_what_each_pair_is(given_relations: list[Relation]) -> None:
    pool = [person(f"E{n}", f"U{n}") for n in range(3)]
    proposals = [Proposal("P0", ("U0", "U1")), Proposal("P1", ("U2",)), Proposal("P2", ("U9",))]
    relations = Relations(given_relations)
    one_by_one = [each for who in pool for what in proposals for each in conflicts(who, what, relations, RECUSAL, DAY)]
    assert list(all_conflicts(pool, proposals, relations, RECUSAL, DAY)) == one_by_one


FACTS: dict[Kind, tuple[str, str]] = {
    "employment": ("was_employed", "employed_until"),
    "board": ("was_director", "director_until"),
    "control": ("was_controlling", "controlling_until"),
    "co_work": ("co_worked", "co_worked_on"),
    "relatives": ("near_relative", ""),
    "kin": ("kin_of_head", ""),
    "entity": ("same_entity", ""),
    "own_application": ("similar_own", ""),
    "influence": ("other_influence", ""),
    "named": ("named_unsuitable", ""),
    "teaching": ("teacher_student", ""),
    "shares": ("holds_shares", ""),
}


@given(some.sampled_from(sorted(FACTS)), some.none() | some.dates(date(2020, 2, 1), date(2026, 6, 30)))
def test_the_engine_says_what_the_pack_says(kind: Kind, until: date | None) -> None:
    flag, dated = FACTS[kind]
    facts: dict[str, bool | int | date | None] = {name: False for name, _date in FACTS.values()}
    facts |= {flag: True, "names_given": 1} | ({dated: until} if dated else {})
    state = evaluate(PACK, facts, DAY)
    holds = {gate.id: truth(gate.expr, state.row) for gate in PACK.gates}["not_named" if kind == "named" else kind]
    relation = Relation("E", "U", kind, until if dated else None)
    found = [each.verdict for each in between(relation)]
    decisive = RECUSAL.grounds[kind].decisive
    expected = {True: [], False: ["barred"], None: ["unclear"]}[holds] if decisive else ["told"] * (holds is not True)
    assert found == expected
