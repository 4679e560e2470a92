"""A run over a region is computed once, whole or not at all, and says of each enterprise what its own page says."""

import datetime as dt

import pytest

from rongtong.domain.assessments import catalogue, computing, results
from rongtong.domain.assessments.access import POINTS
from rongtong.domain.assessments.actions import assess_party
from rongtong.domain.assessments.models import Run
from rongtong.domain.assessments.queries import points_shown_to
from rongtong.domain.assessments.runs import move_run
from tests import factories as base
from tests.assessments import factories as make


@pytest.mark.django_db
def test_a_run_says_of_each_enterprise_what_its_own_assessment_says() -> None:
    made = make.assessment()
    short = base.PartyFactory()
    make.facts(short, **{**make.PASSING, "resident": False})
    empty = base.PartyFactory()
    run = make.run()
    assert computing.run_pending() == 1
    run.refresh_from_db()
    found = {row.name: row.outcome for row in results.rows(run).items}
    assert found == {made.party.name: "passed", short.name: "failed", empty.name: "undetermined"}
    assert (run.state, run.total, run.summary["silent"]) == ("done", 3, 1)
    assert [row.name for row in results.near_misses(run)] in ([], [short.name])
    alone = assess_party(actor=base.member(short), party=short, pack=make.PACK)
    assert alone.outcome == "failed"


@pytest.mark.django_db
def test_a_run_whose_worker_was_killed_begins_again_and_leaves_one_result() -> None:
    make.assessment()
    run = move_run(run=make.run(), event="start")
    results.note_progress(run, 1, 2)
    assert computing.run_pending() == 0
    assert computing.run_pending(silence=-dt.timedelta(seconds=5)) == 1
    assert Run.objects.get().state == "done"
    folders = [each.name for each in results.folder_of(run).parent.iterdir() if str(run.pk) in each.name]
    assert folders == [str(run.pk)]


@pytest.mark.django_db
def test_the_same_run_asked_for_twice_is_one() -> None:
    clerk = base.officer()
    assert make.run(actor=clerk) == make.run(actor=clerk)


@pytest.mark.django_db
def test_points_of_facts_that_were_not_confirmed_never_reach_a_bank() -> None:
    bank = make.bank()
    made = make.assessment(pack=make.POINTS)
    make.consent(made.party, bank)
    assert made.family == POINTS
    assert list(points_shown_to(base.member(bank))) == []


def test_an_input_of_the_same_name_means_the_same_in_every_pack() -> None:
    known = catalogue.inputs()
    for pack in catalogue.packs():
        for name, asked in pack.inputs.items():
            if not asked.judged:
                first = known[name]
                assert (asked.label, asked.type, asked.unit, set(asked.options)) == (
                    first.label, first.type, first.unit, set(first.options),
                ), (pack.id, name)  # fmt: skip
