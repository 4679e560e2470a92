"""A milestone is reported with values, examined by others, and what passes is due to the fen."""

import datetime as dt

import pytest
from django.db import connection  # noqa: F401  # the condition of needs_postgresql is evaluated here
from django.utils import timezone

from rongtong.domain.foundation.access import allows, scope
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.programmes.actions.clock import run_clock
from rongtong.domain.programmes.actions.milestones import examine_milestone, fall_due, report_milestone
from rongtong.domain.programmes.actions.obligations import cancel_obligation, pay_obligation
from rongtong.domain.programmes.judging import judged
from rongtong.domain.programmes.models import Milestone, Obligation
from tests.factories import PLATFORM, PartyFactory
from tests.foundation.test_transitions import at_once, needs_postgresql
from tests.programmes.running import (
    OFFICER,
    REACHED,
    member_of,
    passed,
    reported,
    running_project,
    stone_of,
)

pytestmark = pytest.mark.django_db


def test_a_report_gives_a_value_for_each_metric_that_must_be_met() -> None:
    project = running_project()
    with pytest.raises(Invalid) as refused:
        report_milestone(actor=member_of(project.leader), milestone=stone_of(project, 1), report=" ", reached=[])
    assert [problem.field for problem in refused.value.problems] == ["report", "reached.0"]
    with pytest.raises(Invalid, match="1 处"):
        reported(project, 1, "大约七十五")
    assert stone_of(project, 1).state == "planned"


def test_only_the_team_reports() -> None:
    project = running_project()
    for actor in (OFFICER, member_of(PartyFactory(), 5)):
        with pytest.raises(AccessDenied):
            report_milestone(actor=actor, milestone=stone_of(project, 1), report="…", reached=REACHED)


def test_milestones_come_in_their_order() -> None:
    project = running_project()
    with pytest.raises(IllegalTransition, match="前一个"):
        reported(project, 2)
    passed(project, 1)
    assert reported(project, 2).state == "reported"


def test_what_passes_is_due_from_each_purse() -> None:
    project = running_project(setter_money=1_000_01, public_money=333)
    stone = passed(project, 1)
    setter, public = Obligation.objects.order_by("-purse")
    assert (setter.purse, setter.fen, setter.payer_id, setter.payee_id) == (
        "setter", 300_00, project.setter, project.leader_id,
    )  # fmt: skip
    assert (public.purse, public.fen) == ("public", 100)
    assert setter.due == timezone.localdate() + dt.timedelta(days=30)
    assert public.due is None
    assert stone.finding == "资料齐全，指标达到。"


def test_a_purse_that_holds_nothing_owes_nothing() -> None:
    project = running_project(setter_money=0, public_money=100)
    passed(project, 1)
    assert [(each.purse, each.fen, each.due is not None) for each in Obligation.objects.all()] == [("public", 30, True)]


def test_rework_sends_it_back_and_it_is_reported_again() -> None:
    project = running_project()
    with pytest.raises(IllegalTransition, match="理由"):
        examine_milestone(actor=OFFICER, milestone=reported(project, 1), event="rework")
    examine_milestone(actor=OFFICER, milestone=stone_of(project, 1), event="rework", finding="缺检测报告")
    assert stone_of(project, 1).state == "rework"
    assert passed(project, 1).state == "passed"


def test_the_team_examines_nothing_of_its_own() -> None:
    project = running_project()
    stone = reported(project, 1)
    chief_as_officer = Actor(name="张工", account=project.chief, roles=frozenset({Role.OFFICER}))
    with pytest.raises(IllegalTransition, match="项目组成员"):
        examine_milestone(actor=chief_as_officer, milestone=stone, event="pass")
    with pytest.raises(AccessDenied):
        examine_milestone(actor=member_of(project.leader), milestone=stone, event="pass")


def test_the_setter_pays_with_evidence_before_the_bureau_does() -> None:
    project = running_project()
    passed(project, 1)
    setter, public = Obligation.objects.get(purse="setter"), Obligation.objects.get(purse="public")
    payer = member_of(project.topic.setter, 6)
    with pytest.raises(IllegalTransition, match="出题方付款之后"):
        pay_obligation(actor=OFFICER, obligation=public, evidence="国库 1")
    with pytest.raises(Invalid, match="凭证"):
        pay_obligation(actor=payer, obligation=setter, evidence=" ")
    for stranger in (OFFICER, member_of(project.leader)):
        with pytest.raises(AccessDenied):
            pay_obligation(actor=stranger, obligation=setter, evidence="回单 1")
    assert pay_obligation(actor=payer, obligation=setter, evidence="回单 1").evidence == "回单 1"
    public.refresh_from_db()
    assert public.due == timezone.localdate() + dt.timedelta(days=30)
    assert pay_obligation(actor=OFFICER, obligation=public, evidence="国库 1").state == "paid"


def test_what_is_paid_is_not_paid_again_nor_its_evidence_changed() -> None:
    project = running_project()
    passed(project, 1)
    setter = Obligation.objects.get(purse="setter")
    pay_obligation(actor=member_of(project.topic.setter, 6), obligation=setter, evidence="回单 1")
    with pytest.raises(IllegalTransition):
        pay_obligation(actor=member_of(project.topic.setter, 6), obligation=setter, evidence="回单 2")
    setter.refresh_from_db()
    assert setter.evidence == "回单 1"
    with pytest.raises(IllegalTransition):
        cancel_obligation(actor=OFFICER, obligation=setter, reason="重复")


def test_the_clock_says_what_is_due() -> None:
    project = running_project()
    Milestone.objects.filter(pk=stone_of(project, 1).pk).update(due=timezone.localdate())
    assert run_clock(PLATFORM) == 1
    assert stone_of(project, 1).state == "due"
    assert run_clock(PLATFORM) == 0
    with pytest.raises(IllegalTransition, match="还没到"):
        fall_due(actor=PLATFORM, milestone=stone_of(project, 2))


def test_a_project_that_does_not_run_is_not_reported() -> None:
    project = running_project()
    type(project).objects.update(state="suspended")
    with pytest.raises(IllegalTransition, match="不在执行中"):
        reported(project, 1)


@pytest.mark.parametrize(
    ("relation", "wanted", "reached", "verdict"),
    [
        ("<=", "80", "75", "met"), ("<=", "80", "81", "not_met"), (">=", "67", "67", "met"),
        (">", "67", "67", "not_met"), ("<=", "80", "", "not_stated"),
    ],
)  # fmt: skip
def test_values_are_judged_where_the_numbers_tell(relation: str, wanted: str, reached: str, verdict: str) -> None:
    metric = {"name": "出灰温度", "relation": relation, "value": wanted, "unit": "℃", "must": True}
    (row,) = judged([metric], [{"name": "出灰温度", "value": reached, "note": ""}])
    assert row.verdict == verdict


def test_only_those_concerned_see_the_money() -> None:
    project = running_project()
    passed(project, 1)
    everything = Obligation.objects.all()
    for actor in (OFFICER, member_of(project.leader), member_of(project.topic.setter, 6)):
        assert scope(actor, "view", everything).count() == 2
    assert not scope(member_of(PartyFactory(), 9), "view", everything).exists()
    assert not allows(Actor(), "view", stone_of(project, 1))


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_passed_twice_at_once_it_is_due_once() -> None:
    project = running_project()
    stone = reported(project, 1)
    results = at_once(*[lambda: examine_milestone(actor=OFFICER, milestone=stone, event="pass")] * 2)
    assert sum(isinstance(each, Milestone) for each in results) == 1
    assert sum(isinstance(each, IllegalTransition) for each in results) == 1
    assert sorted(Obligation.objects.values_list("purse", flat=True)) == ["public", "setter"]


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_paid_twice_at_once_it_is_paid_once() -> None:
    project = running_project()
    passed(project, 1)
    setter, payer = Obligation.objects.get(purse="setter"), member_of(project.topic.setter, 6)
    results = at_once(
        lambda: pay_obligation(actor=payer, obligation=setter, evidence="回单 1"),
        lambda: pay_obligation(actor=payer, obligation=setter, evidence="回单 2"),
    )
    (paid,) = [each for each in results if isinstance(each, Obligation)]
    setter.refresh_from_db()
    assert setter.evidence == paid.evidence
