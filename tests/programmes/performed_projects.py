"""Every action on a project, done once."""

from collections.abc import Callable

from django.utils import timezone

from rongtong.domain.programmes.actions import acceptance, changes, milestones, obligations, projects, reporting
from rongtong.domain.programmes.models import Change, Milestone, Obligation, Project, Spending
from tests.factories import PLATFORM
from tests.programmes.running import (
    OFFICER,
    agreed,
    awarded_topic,
    chief_of,
    contracted,
    decided,
    finished,
    keeper_of,
    member_of,
    passed,
    race,
    reported,
    running_project,
    signed,
    stone_of,
)


def _create_project() -> Project:
    return projects.create_project(actor=PLATFORM, submission=awarded_topic().submissions.get())


def _edit_project() -> object:
    project = _create_project()
    return projects.edit_project(actor=member_of(project.leader), project=project, plan="先样机，后验证")


def _plan_milestones() -> object:
    project = _create_project()
    rows = [{"title": "样机与验证", "due": timezone.localdate(), "share": "1", "deliverable": "样机一台"}]
    return projects.plan_milestones(actor=member_of(project.leader), project=project, rows=rows)


def _advance_project() -> object:
    return projects.advance_project(actor=OFFICER, project=contracted(_create_project()), event="start")


def _fall_due() -> object:
    stone = stone_of(running_project(), 1)
    Milestone.objects.filter(pk=stone.pk).update(due=timezone.localdate())
    return milestones.fall_due(actor=PLATFORM, milestone=stone)


def _report_milestone() -> object:
    return reported(running_project(), 1)


def _examine_milestone() -> object:
    return passed(running_project(), 1)


def _compare_gate() -> object:
    topic, teams = race(2)
    for team in teams:
        passed(team, 1)
        reported(team, 2)
    return decided(topic, 2, on=teams[:1], out=teams[1:])


def _owed() -> Obligation:
    passed(running_project(), 1)
    return Obligation.objects.select_related("project__topic__setter").get(purse="setter")


def _pay_obligation() -> object:
    owed = _owed()
    payer = member_of(owed.project.topic.setter, 6)
    return obligations.pay_obligation(actor=payer, obligation=owed, evidence="回单 20260302-1")


def _cancel_obligation() -> object:
    return obligations.cancel_obligation(actor=OFFICER, obligation=_owed(), reason="合同另有约定")


def _asked() -> Change:
    project = running_project()
    return changes.ask_change(
        actor=member_of(project.leader), project=project, kind="end", after="延期", reason="设备晚到",
        effect={"ends_on": timezone.localdate().replace(year=timezone.localdate().year + 4, day=1)},
    )  # fmt: skip


def _tell_change() -> object:
    project = running_project()
    return changes.tell_change(
        actor=chief_of(project), project=project, kind="route", after="改用水冷", reason="风冷不足"
    )


def _advance_change() -> object:
    project = running_project()
    change = changes.ask_change(
        actor=member_of(project.leader), project=project, kind="budget", after="增加试验", reason="样机增加一台",
        effect={"money": {"setter": project.setter_money + 1_00, "public": project.public_money + 1_00}},
    )  # fmt: skip
    agreement = str(agreed(project).pk)
    return changes.advance_change(
        actor=OFFICER, change=change, event="approve", reason="出题方 3 月 2 日函同意", agreement=agreement
    )


def _hand_in_report() -> object:
    project, year = running_project(), timezone.localdate().year
    team = member_of(project.leader)
    return reporting.hand_in_report(actor=team, project=project, kind="progress", year=year, text="完成样机", spent=100)


def _spending() -> Spending:
    project = running_project()
    Project.objects.filter(pk=project.pk).update(budget_mode="lump_sum")
    team = member_of(project.leader)
    return reporting.ask_spending(
        actor=team, project=project, item="材料费", purse="public", fen=100, purpose="耐火材料"
    )


def _advance_spending() -> object:
    spending = _spending()
    return reporting.advance_spending(actor=keeper_of(spending.project), spending=spending, event="book")


def _record_diligence() -> object:
    project = running_project()
    team = member_of(project.leader)
    return reporting.record_diligence(
        actor=team, project=project, records="试验记录 12 册", decisions="三次论证", spending="台账一份"
    )


def _sign_market_test() -> object:
    return signed(finished(running_project()))


def _report_follow_up() -> object:
    project = finished(running_project())
    signed(project)
    projects.advance_project(actor=OFFICER, project=project, event="accept")
    team, year = member_of(project.leader), timezone.localdate().year
    return acceptance.report_follow_up(actor=team, project=project, year=year, stage="use", sales=100)


PROJECTS: dict[str, Callable[[], object]] = {
    "programmes.create_project": _create_project,
    "programmes.edit_project": _edit_project,
    "programmes.plan_milestones": _plan_milestones,
    "programmes.advance_project": _advance_project,
    "programmes.fall_due": _fall_due,
    "programmes.report_milestone": _report_milestone,
    "programmes.examine_milestone": _examine_milestone,
    "programmes.compare_gate": _compare_gate,
    "programmes.pay_obligation": _pay_obligation,
    "programmes.cancel_obligation": _cancel_obligation,
    "programmes.ask_change": _asked,
    "programmes.tell_change": _tell_change,
    "programmes.advance_change": _advance_change,
    "programmes.hand_in_report": _hand_in_report,
    "programmes.ask_spending": _spending,
    "programmes.advance_spending": _advance_spending,
    "programmes.record_diligence": _record_diligence,
    "programmes.sign_market_test": _sign_market_test,
    "programmes.report_follow_up": _report_follow_up,
}
