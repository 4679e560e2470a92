"""An award becomes a project: its money, its milestones, its contract, its course."""

import datetime as dt

import pytest
from django.utils import timezone

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.programmes.actions.acceptance import report_follow_up, sign_market_test
from rongtong.domain.programmes.actions.changes import advance_change, ask_change, tell_change
from rongtong.domain.programmes.actions.projects import (
    advance_project,
    create_project,
    edit_project,
    plan_milestones,
)
from rongtong.domain.programmes.actions.reporting import (
    advance_spending,
    ask_spending,
    hand_in_report,
    record_diligence,
)
from rongtong.domain.programmes.models import Obligation, Project, Submission
from tests.factories import PLATFORM, PartyFactory, member
from tests.programmes.running import (
    OFFICER,
    awarded_topic,
    chief_of,
    finished,
    keeper_of,
    member_of,
    projects_of,
    running,
    running_project,
    signed,
    stone_of,
    with_record,
)

pytestmark = pytest.mark.django_db


def test_a_winner_gets_the_topics_money_by_its_plan_of_payment() -> None:
    topic = awarded_topic(setter_money=1_000_01, public_money=333, payments=["3/10", "2/5", "3/10"])
    (project,) = projects_of(topic)
    stones = list(project.milestones.all())
    assert [stone.setter_money for stone in stones] == [300_00, 400_01, 300_00]
    assert [stone.public_money for stone in stones] == [100, 133, 100]
    assert (project.setter_money, project.public_money) == (1_000_01, 333)
    assert [stone.due for stone in stones] == sorted(stone.due for stone in stones)
    assert stones[-1].due == project.ends_on
    assert not any(stone.gate for stone in stones)


def test_it_is_made_once() -> None:
    topic = awarded_topic()
    assert projects_of(topic) == projects_of(topic)
    assert Project.objects.count() == 1


def test_only_what_was_awarded_becomes_a_project() -> None:
    topic = awarded_topic()
    Submission.objects.update(state="not_awarded")
    with pytest.raises(IllegalTransition, match="已立项"):
        create_project(actor=PLATFORM, submission=topic.submissions.get())


def test_a_contract_is_written_by_the_organiser_and_planned_by_the_team() -> None:
    (project,) = projects_of(awarded_topic())
    team = member_of(project.leader)
    chief = member(project.leader)
    assert edit_project(actor=team, project=project, plan="三步走", chief=chief.account).chief_name == chief.name
    with pytest.raises(AccessDenied):
        edit_project(actor=team, project=project, contract_number="1")
    with pytest.raises(IllegalTransition) as refused:
        advance_project(actor=OFFICER, project=project, event="contract")
    assert "合同编号" in refused.value.message
    assert running(project).state == "running"
    with pytest.raises(IllegalTransition, match="通过变更"):
        edit_project(actor=team, project=project, plan="四步走")


def test_the_keeper_of_the_ledger_is_not_the_chief() -> None:
    (project,) = projects_of(awarded_topic())
    chief, stranger = member(project.leader), member()
    with pytest.raises(Invalid) as refused:
        edit_project(actor=OFFICER, project=project, chief=chief.account, finance_keeper=chief.account)
    assert [problem.field for problem in refused.value.problems] == ["finance_keeper"]
    with pytest.raises(Invalid) as refused:
        edit_project(actor=OFFICER, project=project, finance_keeper=stranger.account)
    assert [problem.field for problem in refused.value.problems] == ["finance_keeper"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"item": "罚款", "fen": 1, "purse": "public"}, "罚款和滞纳金"),
        ({"item": "business", "fen": 1, "purse": "setter", "note": "向协会赞助"}, "捐赠和赞助"),
        ({"item": "equipment", "fen": 10**12, "purse": "public"}, "超过核定"),
        ({"item": "equipment", "fen": 0, "purse": "public"}, "大于零"),
        ({"item": "equipment", "fen": 5, "purse": "their"}, "资金来源"),
    ],
)
def test_a_budget_keeps_to_its_money_and_the_negative_list(line: dict[str, object], said: str) -> None:
    (project,) = projects_of(awarded_topic())
    with pytest.raises(Invalid) as refused:
        edit_project(actor=member_of(project.leader), project=project, budget=[line])
    assert said in refused.value.problems[0].message


def test_a_word_within_a_word_is_not_on_the_negative_list() -> None:
    (project,) = projects_of(awarded_topic())
    line = {"item": "refined alloy powder", "fen": 1, "purse": "public"}
    assert edit_project(actor=member_of(project.leader), project=project, budget=[line]).budget == [line]


def test_milestones_are_planned_anew_and_the_money_with_them() -> None:
    (project,) = projects_of(awarded_topic(setter_money=100_01, public_money=50))
    day = timezone.localdate()
    rows = [
        {"title": "样机", "due": day + dt.timedelta(days=90), "share": "1/3", "deliverable": "样机一台"},
        {"title": "验证", "due": day + dt.timedelta(days=180), "share": "2/3"},
    ]
    plan_milestones(actor=member_of(project.leader), project=project, rows=rows)
    stones = list(project.milestones.all())
    assert [(stone.title, stone.setter_money, stone.public_money) for stone in stones] == [
        ("样机", 33_34, 17),
        ("验证", 66_67, 33),
    ]
    assert all(stone.metrics for stone in stones)


def test_a_plan_that_does_not_add_up_is_refused_with_every_problem() -> None:
    (project,) = projects_of(awarded_topic())
    day = timezone.localdate()
    rows = [
        {"title": "", "due": day, "share": "1/3"},
        {"title": "二", "due": day, "share": "1/3"},
        {"title": "三", "due": None, "share": "三成"},
    ]
    with pytest.raises(Invalid) as refused:
        plan_milestones(actor=OFFICER, project=project, rows=rows)
    assert [each.field for each in refused.value.problems] == ["0.title", "1.due", "2.due", "2.share"]
    assert project.milestones.count() == 3


def test_acceptance_waits_for_milestones_and_for_users() -> None:
    project = running_project()
    with pytest.raises(IllegalTransition, match="里程碑没有通过"):
        advance_project(actor=member_of(project.leader), project=project, event="ask_acceptance")
    project = finished(project)
    with pytest.raises(IllegalTransition, match="应用验证"):
        advance_project(actor=OFFICER, project=project, event="accept")
    signed(project)
    accepted = advance_project(actor=OFFICER, project=project, event="accept")
    assert (accepted.state, accepted.accepted_on) == ("accepted", timezone.localdate())
    assert sum(Obligation.objects.values_list("fen", flat=True)) == project.topic.money


def test_only_examiners_sign_and_who_said_no_signs_anew_after_the_rectification() -> None:
    project = finished(running_project())
    with pytest.raises(AccessDenied):
        sign_market_test(actor=member_of(PartyFactory()), project=project, conditions="试用", passed=True)
    test = signed(project, holds=False)
    user = member_of(test.party, 8200)
    with pytest.raises(IllegalTransition, match="已经签署"):
        sign_market_test(actor=user, project=project, conditions="试用", passed=True)
    advance_project(actor=OFFICER, project=project, event="accept_on_conditions", reason="消除偶发卡料")
    with pytest.raises(IllegalTransition, match="申请验收之后"):
        sign_market_test(actor=user, project=project, conditions="试用", passed=True)
    advance_project(actor=member_of(project.leader), project=project, event="ask_acceptance")
    assert sign_market_test(actor=user, project=project, conditions="再试用一个月", passed=True).passed
    assert project.market_tests.count() == 1
    assert advance_project(actor=OFFICER, project=project, event="accept").state == "accepted"


def test_failure_with_a_record_of_diligence_is_exempt() -> None:
    project = running_project()
    failed = advance_project(actor=OFFICER, project=project, event="fail", reason="关键材料无法突破")
    assert {stone.state for stone in failed.milestones.all()} == {"dropped"}
    with pytest.raises(IllegalTransition, match="尽职材料不完整"):
        advance_project(actor=OFFICER, project=failed, event="exempt", reason="已尽职")
    record_diligence(
        actor=member_of(project.leader),
        project=failed,
        records="试验记录 12 册",
        decisions="三次路线论证",
        spending="台账一份",
    )
    with pytest.raises(IllegalTransition, match="附上"):
        advance_project(actor=OFFICER, project=failed, event="exempt", reason="已尽职")
    with_record(project)
    assert advance_project(actor=OFFICER, project=failed, event="exempt", reason="已尽职").state == "exempt"


def test_failure_without_it_is_a_breach() -> None:
    project = running_project()
    advance_project(actor=OFFICER, project=project, event="fail", reason="擅自停工")
    assert advance_project(actor=OFFICER, project=project, event="breach", reason="无任何记录").state == "breach"


def test_the_chief_decides_alone_and_tells_what_is_left_to_the_chief() -> None:
    project = running_project()
    chief = chief_of(project)
    told = tell_change(actor=chief, project=project, kind="route", after="改用水冷", reason="风冷不足")
    assert (told.state, told.delegated) == ("told", True)
    with pytest.raises(IllegalTransition, match="首席科学家"):
        tell_change(actor=member_of(project.leader), project=project, kind="team", after="增一人", reason="任务重")
    with pytest.raises(Invalid, match="需要批准"):
        tell_change(actor=chief, project=project, kind="end", after="延期", reason="疫情")
    with pytest.raises(Invalid, match="备案"):
        ask_change(actor=chief, project=project, kind="route", after="改用水冷", reason="风冷不足")


def test_a_change_of_days_takes_effect_when_it_is_approved() -> None:
    project = running_project()
    later = stone_of(project, 3).due + dt.timedelta(days=60)
    chief = chief_of(project)
    end = ask_change(
        actor=chief, project=project, kind="end", after="延期两个月", reason="设备晚到", effect={"ends_on": later}
    )
    stones = ask_change(
        actor=chief, project=project, kind="milestones", after="末个后移", reason="同上", effect={"due": {"3": later}}
    )
    project.refresh_from_db()
    assert project.ends_on != later
    with pytest.raises(AccessDenied):
        advance_change(actor=chief, change=end, event="approve")
    for change in (end, stones):
        advance_change(actor=OFFICER, change=change, event="approve", reason="情况属实")
    project.refresh_from_db()
    assert (project.ends_on, stone_of(project, 3).due) == (later, later)


def test_days_that_run_backwards_are_not_asked_for() -> None:
    project = running_project()
    with pytest.raises(Invalid, match="依次"):
        ask_change(
            actor=member_of(project.leader), project=project, kind="milestones", after="提前", reason="快",
            effect={"due": {"3": stone_of(project, 1).due}},
        )  # fmt: skip


def test_reports_of_a_year_and_the_last_are_written_once() -> None:
    project = running_project()
    team, year = member_of(project.leader), timezone.localdate().year
    hand_in_report(actor=team, project=project, kind="progress", year=year, text="完成样机", spent=100)
    with pytest.raises(IllegalTransition, match="已经提交"):
        hand_in_report(actor=team, project=project, kind="progress", year=year, text="再报")
    with pytest.raises(Invalid, match="1 处"):
        hand_in_report(actor=team, project=project, kind="progress", year=year + 1, text="明年")
    with pytest.raises(AccessDenied):
        hand_in_report(actor=OFFICER, project=project, kind="final", year=year, text="代写")


def test_a_spending_is_booked_by_another_within_its_purse() -> None:
    project = running_project(setter_money=100_00, public_money=50_00)
    type(project).objects.update(budget_mode="lump_sum")
    chief, keeper = chief_of(project), keeper_of(project)
    with pytest.raises(Invalid) as refused:
        ask_spending(actor=chief, project=project, item="礼品", purse="public", fen=1, purpose="送礼")
    assert "礼品和宴请娱乐" in refused.value.problems[0].message
    asked = ask_spending(actor=chief, project=project, item="材料费", purse="public", fen=40_00, purpose="耐火材料")
    with pytest.raises(Invalid, match="1 处"):
        ask_spending(actor=chief, project=project, item="材料费", purse="public", fen=10_01, purpose="耐火材料")
    with pytest.raises(IllegalTransition, match="财务负责人"):
        advance_spending(actor=chief, spending=asked, event="book")
    assert advance_spending(actor=keeper, spending=asked, event="book").state == "booked"
    own = ask_spending(actor=keeper, project=project, item="材料费", purse="own", fen=5, purpose="试剂")
    with pytest.raises(IllegalTransition, match="由他人"):
        advance_spending(actor=keeper, spending=own, event="book")


def test_what_became_of_it_is_told_year_by_year_after_acceptance() -> None:
    project = finished(running_project())
    year = timezone.localdate().year
    team = member_of(project.leader)
    with pytest.raises(IllegalTransition, match="验收之后"):
        report_follow_up(actor=team, project=project, year=year, stage="use")
    signed(project)
    advance_project(actor=OFFICER, project=project, event="accept")
    told = report_follow_up(actor=team, project=project, year=year, stage="production", sales=1_000_000_00)
    assert told.sales == 1_000_000_00
    with pytest.raises(IllegalTransition, match="已经填报"):
        report_follow_up(actor=team, project=project, year=year, stage="use")
    with pytest.raises(Invalid):
        report_follow_up(actor=team, project=project, year=year - 1, stage="nonsense", sales=-1)


def test_a_result_is_archived_when_its_last_year_is_told() -> None:
    project = finished(running_project())
    signed(project)
    accepted = advance_project(actor=OFFICER, project=project, event="accept")
    with pytest.raises(IllegalTransition, match="还有 3 个年度没有填报"):
        advance_project(actor=OFFICER, project=accepted, event="archive")
    year = clock.today().year
    Project.objects.filter(pk=project.pk).update(accepted_on=dt.date(year - 3, 6, 30))
    for told in range(year - 2, year + 1):
        report_follow_up(actor=member_of(project.leader), project=project, year=told, stage="use")
    assert advance_project(actor=OFFICER, project=accepted, event="archive").state == "archived"


def test_a_result_is_archived_when_the_day_of_its_last_year_is_past() -> None:
    project = finished(running_project())
    signed(project)
    accepted = advance_project(actor=OFFICER, project=project, event="accept")
    Project.objects.filter(pk=project.pk).update(accepted_on=dt.date(clock.today().year - 6, 6, 30))
    assert advance_project(actor=OFFICER, project=accepted, event="archive").state == "archived"
