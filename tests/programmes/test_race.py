"""A horse race: equal at first, all compared at once, the money of those who go out to those who go on."""

import pytest
from django.db import connection  # noqa: F401  # the condition of needs_postgresql is evaluated here

from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.programmes.actions.milestones import compare_gate, examine_milestone
from rongtong.domain.programmes.actions.projects import (
    advance_project,
    create_project,
    gate_orders,
    plan_milestones,
)
from rongtong.domain.programmes.models import Milestone, Obligation, Project, Submission, Topic
from tests.factories import PLATFORM, PartyFactory
from tests.foundation.test_transitions import at_once, needs_postgresql
from tests.programmes.running import (
    OFFICER,
    awarded_topic,
    decided,
    member_of,
    passed,
    projects_of,
    race,
    reported,
    stone_of,
)

pytestmark = pytest.mark.django_db


def owed(project: Project) -> int:
    return sum(Obligation.objects.filter(project=project).exclude(state="cancelled").values_list("fen", flat=True))


def at_the_gate(teams: int = 3, **facts: int) -> tuple[Topic, list[Project]]:
    topic, projects = race(teams, **facts)
    for project in projects:
        passed(project, 1)
        reported(project, 2)
    return topic, projects


def test_the_first_instalment_is_equal_to_the_fen() -> None:
    topic, projects = race(3, setter_money=1_000_01, public_money=777)
    first = {(stone_of(each, 1).setter_money, stone_of(each, 1).public_money) for each in projects}
    assert len(first) == 1
    assert sum(each.setter_money for each in projects) == topic.setter_money
    assert sum(each.public_money for each in projects) == topic.public_money
    assert gate_orders(topic) == {2}
    assert [stone.gate for stone in projects[0].milestones.all()] == [False, True, False]


def test_who_steps_up_takes_what_fell_free_to_the_fen() -> None:
    topic = awarded_topic(3, template="horse-race", setter_money=1_000_01, public_money=100)
    first, second, third = projects_of(topic)
    advance_project(actor=OFFICER, project=third, event="terminate", reason="不愿签约")
    Submission.objects.filter(pk=third.submission_id).update(state="not_awarded")
    late = Submission.objects.create(topic=topic, applicant=PartyFactory(), rank=0, state="awarded")
    stepped = create_project(actor=PLATFORM, submission=late)
    sides = [first, second, stepped]
    assert sum(each.setter_money for each in sides) == topic.setter_money
    assert sum(each.public_money for each in sides) == topic.public_money
    assert len({stone_of(each, 1).setter_money for each in sides}) == 1


def test_a_gate_waits_for_every_team() -> None:
    topic, projects = race(3)
    for project in projects:
        passed(project, 1)
    for project in projects[:2]:
        reported(project, 2)
    with pytest.raises(IllegalTransition, match="还没有提交"):
        decided(topic, 2, on=projects[:1], out=projects[1:])
    assert {stone_of(each, 2).state for each in projects[:2]} == {"reported"}


def test_all_are_decided_or_none_and_who_goes_out_is_told_why() -> None:
    topic, projects = at_the_gate()
    with pytest.raises(Invalid) as refused:
        compare_gate(actor=OFFICER, topic=topic, order=2, outcome={str(projects[0].pk): {"verdict": "eliminate"}})
    assert {problem.field for problem in refused.value.problems} == {str(each.pk) for each in projects}
    assert not Project.objects.exclude(state="running").exists()


def test_what_is_left_goes_to_those_who_go_on() -> None:
    topic, (winner, other, loser) = at_the_gate(setter_money=1_000_01, public_money=777)
    decided(topic, 2, on=[winner, other], out=[loser])
    loser.refresh_from_db()
    assert loser.state == "eliminated"
    assert owed(loser) == stone_of(loser, 1).setter_money + stone_of(loser, 1).public_money
    assert (loser.setter_money, loser.public_money) == (
        stone_of(loser, 1).setter_money,
        stone_of(loser, 1).public_money,
    )
    assert [stone.state for stone in loser.milestones.all()] == ["passed", "failed", "dropped"]
    assert stone_of(loser, 2).reached[0]["value"] == "75"
    for project in (winner, other):
        passed(project, 3)
    assert owed(winner) + owed(other) + owed(loser) == topic.money


def test_a_gate_is_not_passed_alone() -> None:
    _topic, (first, *_others) = at_the_gate()
    for event in ("pass", "fail"):
        with pytest.raises(IllegalTransition, match="一并比较"):
            examine_milestone(actor=OFFICER, milestone=stone_of(first, 2), event=event, finding="好")
    with pytest.raises(IllegalTransition, match="一并决定"):
        advance_project(actor=OFFICER, project=first, event="eliminate", reason="慢")


def test_a_team_decides_no_gate() -> None:
    topic, (first, *others) = at_the_gate()
    outcome = {str(first.pk): {"verdict": "continue", "reason": ""}}
    outcome |= {str(each.pk): {"verdict": "eliminate", "reason": "慢"} for each in others}
    with pytest.raises(AccessDenied):
        compare_gate(actor=member_of(first.leader), topic=topic, order=2, outcome=outcome)


def test_a_suspended_team_is_settled_first_and_a_terminated_ones_money_goes_on() -> None:
    topic, projects = race(3, setter_money=900_00, public_money=0)
    first, second, third = projects
    for project in (first, second):
        passed(project, 1)
        reported(project, 2)
    advance_project(actor=OFFICER, project=third, event="suspend", reason="停工")
    with pytest.raises(IllegalTransition, match="不在执行中"):
        decided(topic, 2, on=[first], out=[second])
    advance_project(actor=OFFICER, project=third, event="terminate", reason="队伍解散")
    assert {stone.state for stone in third.milestones.all()} == {"dropped"}
    decided(topic, 2, on=[first], out=[second])
    passed(first, 3)
    assert (owed(first), owed(second), owed(third)) == (810_00, 90_00, 0)


def test_shares_and_gates_of_a_race_are_the_same_for_all() -> None:
    _topic, projects = race(2)
    Project.objects.update(state="initiated")
    stone = stone_of(projects[0], 1)
    with pytest.raises(Invalid, match="1 处"):
        plan_milestones(actor=OFFICER, project=projects[0], rows=[{"title": "一", "due": stone.due, "share": "1"}])
    rows = [
        {"title": each.title, "due": each.due, "share": "9/10", "deliverable": "样机"}
        for each in projects[0].milestones.all()
    ]
    plan_milestones(actor=OFFICER, project=projects[0], rows=rows)
    assert [each.share for each in projects[0].milestones.all()] == ["3/10", "2/5", "3/10"]
    assert stone_of(projects[0], 1).deliverable == "样机"


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_gate_and_a_last_report_at_once() -> None:
    """Whichever comes first: the gate is decided with all reports in, or not at all."""
    topic, projects = race(2)
    for project in projects:
        passed(project, 1)
    reported(projects[0], 2)
    results = at_once(
        lambda: decided(topic, 2, on=projects[:1], out=projects[1:]),
        lambda: reported(projects[1], 2),
    )
    assert isinstance(results[1], Milestone)
    stones = {stone_of(each, 2).state for each in projects}
    assert stones == ({"passed", "failed"} if isinstance(results[0], list) else {"reported"})


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_gate_decided_twice_at_once_is_decided_once() -> None:
    topic, projects = at_the_gate(2)
    results = at_once(*[lambda: decided(topic, 2, on=projects[:1], out=projects[1:])] * 2)
    assert sorted(type(each).__name__ for each in results) == ["IllegalTransition", "list"]
    assert Obligation.objects.filter(milestone__order=2).count() == 2
