"""The pages of projects: who may see them, what they say, what is refused and typed again, exports, many rows."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents.declaration import FIELD
from rongtong.domain.foundation.models import Document, ProvisionEvent
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.programmes.actions.projects import advance_project
from rongtong.domain.programmes.models import Change, Examiner, Obligation, Project, Spending
from tests.factories import PartyFactory, member, officer
from tests.portal.conftest import signed_in as signed_in
from tests.programmes.running import (
    OFFICER,
    awarded_topic,
    finished,
    keeper_of,
    passed,
    projects_of,
    race,
    reported,
    running_project,
    signed,
    stone_of,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def chief(project: Project) -> Actor:
    """The chief scientist as the door would seat them."""
    return actor_of(Account.objects.get(pk=project.chief))


def keeper(project: Project) -> Actor:
    return actor_of(Account.objects.get(pk=keeper_of(project).account))


def somebody_of(party: Party) -> Actor:
    return member(party)


def of(client: Client, page: str, *args: Any, **given: Any) -> Any:
    return client.get(reverse(f"portal:{page}", args=args), given)


def post(client: Client, page: str, *args: Any, **given: Any) -> Any:
    return client.post(reverse(f"portal:{page}", args=args), given)


def said(response: Any) -> str:
    return str(response.content.decode())


def test_a_project_is_for_its_sides_alone(signed_in: SignIn, client: Client) -> None:
    project = running_project()
    for actor in (chief(project), officer(), somebody_of(project.topic.setter)):
        answer = of(signed_in(actor), "project", project.pk)
        assert answer.status_code == 200
        assert project.leader.name in said(answer)
    for page in ("project", "topic-projects"):
        key = project.pk if page == "project" else project.topic_id
        assert of(signed_in(member()), page, key).status_code == 404
        assert of(client, page, key).status_code == 302


def test_that_a_project_was_shown_is_noted(signed_in: SignIn) -> None:
    project = running_project()
    of(signed_in(officer()), "project", project.pk)
    assert ProvisionEvent.objects.filter(entity_id=str(project.pk), action="shown.page").exists()


def test_the_list_narrows_and_leaves_as_a_file(signed_in: SignIn) -> None:
    project, other = running_project(title="高温出灰"), running_project(title="低温除尘")
    client = signed_in(officer())
    assert said(of(client, "projects", q="高温")).count(str(project.pk)) == 1
    assert str(other.pk) not in said(of(client, "projects", q="高温"))
    assert str(project.pk) not in said(of(client, "projects", late="1"))
    project.milestones.update(due=timezone.localdate() - dt.timedelta(days=3))
    assert str(project.pk) in said(of(client, "projects", late="1"))
    answer = client.get(reverse("portal:projects-file", args=("csv",)), {"q": "高温"})
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["高温出灰"]
    assert of(client, "projects-file", "pdf").status_code == 404
    assert "没有符合条件" in said(of(client, "projects", q="没有这样的项目"))
    assert "还没有项目" in said(of(signed_in(member()), "projects"))


def test_a_list_asks_as_often_for_many_as_for_few(signed_in: SignIn) -> None:
    client = signed_in(officer())
    running_project()
    of(client, "projects")
    with CaptureQueriesContext(
        connection,
    ) as few:
        of(client, "projects")
    for _each in range(3):
        running_project()
    with CaptureQueriesContext(connection) as many:
        assert of(client, "projects").status_code == 200
    assert len(many) == len(few)


def test_contract_plan_and_budget_are_written_on_their_pages(signed_in: SignIn) -> None:
    (project,) = projects_of(awarded_topic(setter_money=100_000_00))
    team = somebody_of(project.leader)
    lead, clerk = signed_in(team), signed_in(officer())
    forbidden = {"budget.item": ["罚款"], "budget.fen": ["1万"], "budget.purse": ["setter"], "budget.note": [""]}
    answer = post(lead, "edit-project", project.pk, plan="三步走", budget_mode="itemised", **forbidden)
    assert answer.status_code == 422
    assert "罚款和滞纳金" in said(answer)
    assert "三步走" in said(answer)
    fine = forbidden | {"budget.item": ["equipment"]}
    answer = post(
        lead, "edit-project", project.pk, plan="三步走", budget_mode="itemised", chief=str(team.account), **fine
    )
    assert answer.status_code == 302
    page = said(of(lead, "edit-project", project.pk))
    assert "contract_number" not in page
    assert 'name="budget.item" value="设备费"' in page
    assert "equipment" not in page
    for written in ("Equipment", "设备费"):
        again = fine | {"budget.item": [written]}
        post(lead, "edit-project", project.pk, plan="三步走", budget_mode="itemised", chief=str(team.account), **again)
        project.refresh_from_db()
        assert [row["item"] for row in project.budget] == ["equipment"]
    assert "equipment" not in said(of(lead, "project", project.pk))
    number = {"contract_number": "云科合 1 号", "signed_on": timezone.localdate().isoformat(), "ends_on": "2099-01-01"}
    assert post(clerk, "edit-project", project.pk, budget_mode="lump_sum", **number).status_code == 302
    project.refresh_from_db()
    assert (project.contract_number, project.budget_mode) == ("云科合 1 号", "lump_sum")


def test_the_plan_of_milestones_keeps_what_was_typed(signed_in: SignIn) -> None:
    (project,) = projects_of(awarded_topic())
    client = signed_in(somebody_of(project.leader))
    days = [(timezone.localdate() + dt.timedelta(days=each)).isoformat() for each in (100, 200)]
    rows = {"stone.title": ["样机", "验证"], "stone.due": days, "stone.deliverable": ["一台", ""]}
    answer = post(client, "plan-milestones", project.pk, **rows, **{"stone.share": ["30%", "60%"]})
    assert answer.status_code == 422
    assert "100%" in said(answer)
    assert "样机" in said(answer)
    assert post(client, "plan-milestones", project.pk, **rows, **{"stone.share": ["30%", "7/10"]}).status_code == 302
    assert [(each.title, each.share) for each in project.milestones.all()] == [("样机", "3/10"), ("验证", "7/10")]


def test_a_milestone_is_reported_examined_and_paid_for_on_its_pages(signed_in: SignIn) -> None:
    project = running_project()
    lead, clerk = signed_in(chief(project)), signed_in(officer())
    stone = stone_of(project, 1)
    refused = post(lead, "report-milestone", stone.pk, report="做完了", **{"reached.value": [""], "reached.note": [""]})
    assert refused.status_code == 422
    assert "做完了" in said(refused)
    given = {"reached.value": ["75"], "reached.note": ["连续 72 小时"], "seen_state": "planned"}
    assert post(lead, "report-milestone", stone.pk, report="做完了", **given).status_code == 302
    assert post(lead, "report-milestone", stone.pk, report="做完了", **given).status_code == 422
    page = said(of(clerk, "milestone", stone.pk))
    assert "达到" in page
    assert 'class="reach reach-full"' in page
    assert post(clerk, "examine-milestone", stone.pk, event="rework", finding="").status_code == 422
    assert post(clerk, "examine-milestone", stone.pk, event="pass", finding="好").status_code == 302
    setter = Obligation.objects.get(purse="setter")
    payer = signed_in(somebody_of(project.topic.setter))
    assert post(payer, "pay-obligation", setter.pk, evidence="").status_code == 422
    assert post(payer, "pay-obligation", setter.pk, evidence="回单 9").status_code == 302
    assert "回单 9" in said(of(clerk, "project", project.pk))
    assert of(lead, "pay-obligation", setter.pk).status_code == 403


def test_the_teams_of_a_race_stand_side_by_side_and_a_gate_is_decided_for_all(signed_in: SignIn) -> None:
    topic, projects = race(2)
    for project in projects:
        passed(project, 1)
    reported(projects[0], 2)
    clerk = signed_in(officer())
    assert "现在不能决定" in said(of(clerk, "gate", topic.pk))
    reported(projects[1], 2, "90")
    page = said(of(clerk, "topic-projects", topic.pk))
    assert all(project.leader.name in page for project in projects)
    first, second = projects
    given = {"order": "2", f"verdict-{first.pk}": "continue", f"verdict-{second.pk}": "eliminate"}
    answer = post(clerk, "gate", topic.pk, **given)
    assert answer.status_code == 422
    assert "说明理由" in said(answer)
    assert post(clerk, "gate", topic.pk, **given, **{f"reason-{second.pk}": "温度未达标"}).status_code == 302
    second.refresh_from_db()
    assert second.state == "eliminated"
    assert of(clerk, "gate", topic.pk).status_code == 404
    assert of(signed_in(chief(first)), "topic-projects", topic.pk).status_code == 200
    assert second.leader.name not in said(of(signed_in(chief(first)), "topic-projects", topic.pk))


def test_a_team_decides_no_gate_on_the_page(signed_in: SignIn) -> None:
    topic, (first, _second) = race(2)
    assert of(signed_in(chief(first)), "gate", topic.pk).status_code == 403


def test_changes_reports_spending_and_diligence_are_told_on_forms(signed_in: SignIn) -> None:
    project = running_project()
    Project.objects.filter(pk=project.pk).update(budget_mode="lump_sum")
    lead, clerk = signed_in(chief(project)), signed_in(officer())
    for page in ("ask-change", "tell-change", "report-project", "spend", "record-diligence"):
        assert of(lead, page, project.pk).status_code == 200
        assert of(clerk, page, project.pk).status_code == 403
    refused = post(lead, "ask-change", project.pk, kind="end", after="延期", reason="")
    assert refused.status_code == 422
    assert "延期" in said(refused)
    change = {"kind": "end", "after": "延期半年", "reason": "设备晚到", "ends_on": "2098-06-30"}
    assert post(lead, "ask-change", project.pk, **change).status_code == 302
    asked = Change.objects.get()
    assert "批准" in said(of(clerk, "project", project.pk))
    assert post(clerk, "advance-change", asked.pk, event="approve", seen_state="asked").status_code == 302
    assert post(lead, "tell-change", project.pk, kind="route", after="改水冷", reason="更快").status_code == 302
    assert post(lead, "report-project", project.pk, kind="final", year="2026", text="完成").status_code == 302
    money = {
        "item": "材料费",
        "purse": "public",
        "fen": "1万",
        "day": timezone.localdate().isoformat(),
        "purpose": "耐火砖",
    }
    assert "负面清单中的" in said(post(lead, "spend", project.pk, **(money | {"item": "礼品"})))
    assert post(lead, "spend", project.pk, **money).status_code == 302
    assert (
        post(signed_in(keeper(project)), "advance-spending", Spending.objects.get().pk, event="book").status_code == 302
    )
    told = {"records": "十二册", "decisions": "三次论证", "spending": "台账"}
    assert post(lead, "record-diligence", project.pk, **told).status_code == 302
    page = said(of(clerk, "project", project.pk))
    assert all(each in page for each in ("延期半年", "改水冷", "结题报告", "耐火砖", "十二册", "2098-06-30"))


def test_users_sign_and_what_became_of_it_is_told(signed_in: SignIn) -> None:
    project = finished(running_project())
    user = PartyFactory()
    Examiner.objects.create(topic=project.topic, party=user)
    client, clerk = signed_in(somebody_of(user)), signed_in(officer())
    assert "签署应用验证" in said(of(client, "project", project.pk))
    assert post(client, "market-test", project.pk, conditions="", passed="yes").status_code == 422
    given = {"reached.value": ["70"], "reached.note": ["产线"]}
    assert post(client, "market-test", project.pk, conditions="产线三个月", passed="yes", **given).status_code == 302
    assert post(clerk, "advance-project", project.pk, event="accept", seen_state="acceptance").status_code == 302
    lead, year = signed_in(chief(project)), timezone.localdate().year
    assert post(lead, "follow-up", project.pk, year=year, stage="use", sales="200万").status_code == 302
    assert "200 万元" in said(of(clerk, "project", project.pk)).replace("\xa0", " ")


def test_evidence_is_attached_and_read_by_those_it_is_for(signed_in: SignIn) -> None:
    project = running_project()
    lead = signed_in(chief(project))
    file = SimpleUploadedFile("检测报告.pdf", b"%PDF-1.7 report", content_type="application/pdf")
    given = {"file": file, "visibility": "internal", FIELD: "on"}
    assert post(lead, "attach-milestone", stone_of(project, 1).pk, **given).status_code == 302
    assert Document.objects.get().entity_id == stone_of(project, 1).pk
    assert "检测报告.pdf" in said(of(signed_in(officer()), "milestone", stone_of(project, 1).pk))
    setter = signed_in(somebody_of(project.topic.setter))
    assert "检测报告.pdf" not in said(of(setter, "milestone", stone_of(project, 1).pk))
    assert post(lead, "attach-project", project.pk, visibility="internal").status_code == 422


def test_what_came_to_nothing_is_shown_with_its_diligence(signed_in: SignIn) -> None:
    project = running_project()
    advance_project(actor=OFFICER, project=project, event="fail", reason="材料无法突破")
    page = said(of(signed_in(officer()), "project", project.pk))
    assert "尽职材料" in page
    assert "还差" in page


def test_the_page_of_an_accepted_project_names_the_years_to_come(signed_in: SignIn) -> None:
    project = finished(running_project())
    signed(project)
    advance_project(actor=OFFICER, project=project, event="accept")
    page = said(of(signed_in(officer()), "project", project.pk))
    assert page.count("填报转化情况") >= 3
