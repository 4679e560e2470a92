"""Two who write a project at once, and a budget that changes after the contract."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation.errors import IllegalTransition, Invalid
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.programmes.actions.changes import advance_change, ask_change, tell_change
from rongtong.domain.programmes.actions.projects import edit_project, plan_milestones
from rongtong.domain.programmes.models import Change, Project
from tests.factories import member, officer
from tests.programmes.running import OFFICER, awarded_topic, chief_of, member_of, projects_of, running_project

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LINE = {"item": "equipment", "fen": 1_000_00, "purse": "setter", "note": ""}
TABLE = {"budget.item": ["equipment"], "budget.fen": ["1000"], "budget.purse": ["setter"], "budget.note": [""]}


def fresh_project() -> Project:
    return projects_of(awarded_topic())[0]


def asked(project: Project, *lines: dict[str, Any], kind: str = "budget") -> Change:
    return ask_change(
        actor=member_of(project.leader), project=project, kind=kind, after="增加设备", reason="试验需要",
        effect={"budget": list(lines)},
    )  # fmt: skip


def post(client: Client, page: str, project: Project, **given: Any) -> Any:
    return client.post(reverse(f"portal:{page}", args=(project.pk,)), given)


def page_of(client: Client, page: str, project: Project) -> str:
    return str(client.get(reverse(f"portal:{page}", args=(project.pk,))).content.decode())


def test_what_others_wrote_since_is_not_overwritten() -> None:
    project = fresh_project()
    team, read = member_of(project.leader), project.revision
    edit_project(actor=team, project=project, plan="三步走", revision=read)
    with pytest.raises(IllegalTransition, match="别人改过"):
        edit_project(actor=OFFICER, project=project, contract_number="1", revision=read)
    rows = [{"title": "一", "due": project.ends_on, "share": "1"}]
    with pytest.raises(IllegalTransition, match="别人改过"):
        plan_milestones(actor=team, project=project, rows=rows, revision=read)
    project.refresh_from_db()
    assert (project.plan, project.contract_number) == ("三步走", "")


def test_the_form_says_which_one_it_shows_and_keeps_what_was_typed(signed_in: SignIn) -> None:
    project = fresh_project()
    client = signed_in(officer())
    assert f'name="revision" value="{project.revision}"' in page_of(client, "edit-project", project)
    edit_project(actor=OFFICER, project=project, plan="三步走")
    answer = post(client, "edit-project", project, revision=project.revision, plan="四步走", budget_mode="itemised")
    assert answer.status_code == 422
    assert "四步走" in answer.content.decode()
    assert f'name="revision" value="{project.revision}"' in answer.content.decode()


def test_an_approved_change_carries_the_new_budget() -> None:
    project = running_project()
    change = asked(project, LINE)
    project.refresh_from_db()
    assert project.budget == []
    advance_change(actor=OFFICER, change=change, event="approve")
    project.refresh_from_db()
    assert project.budget == [LINE]


@pytest.mark.parametrize(
    ("line", "said"),
    [(LINE | {"item": "罚款"}, "负面清单"), (LINE | {"fen": 10**12}, "超过核定"), (LINE | {"fen": 0}, "大于零")],
)
def test_the_new_budget_keeps_to_the_rules_of_the_contract(line: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(running_project(), line)
    assert said in str(refused.value.problems)


def test_a_budget_is_held_to_the_money_of_the_day_it_is_approved() -> None:
    project = running_project()
    change = asked(project, LINE)
    Project.objects.filter(pk=project.pk).update(setter_money=1_00)
    with pytest.raises(Invalid):
        advance_change(actor=OFFICER, change=change, event="approve")
    change.refresh_from_db()
    assert change.state == "asked"


def test_a_change_of_the_budget_says_how_it_will_be_and_no_other_does() -> None:
    project = running_project()
    with pytest.raises(Invalid, match="变更后的预算"):
        asked(project)
    with pytest.raises(Invalid, match="变更内容请选择"):
        asked(project, LINE, kind="other")


def test_the_chief_shifts_lines_alone() -> None:
    project = running_project()
    tell_change(
        actor=chief_of(project),
        project=project,
        kind="spending",
        after="买设备",
        reason="需要",
        effect={"budget": [LINE]},
    )
    project.refresh_from_db()
    assert project.budget == [LINE]


def test_a_budget_is_changed_on_its_page(signed_in: SignIn) -> None:
    project = running_project()
    client = signed_in(actor_of(Account.objects.get(pk=project.chief)))
    written = {"kind": "budget", "after": "增加设备", "reason": "试验需要"}
    wrong = post(client, "ask-change", project, **written, **TABLE | {"budget.item": ["罚款"]})
    assert wrong.status_code == 422
    assert "负面清单" in wrong.content.decode()
    assert "罚款" in wrong.content.decode()
    assert post(client, "ask-change", project, **written, **TABLE).status_code == 302
    assert "变更后的预算" in page_of(signed_in(officer()), "project", project)
    assert Change.objects.get(project=project).effect == {"budget": [LINE]}


def test_a_table_left_as_it_is_changes_nothing(signed_in: SignIn) -> None:
    project = fresh_project()
    edit_project(actor=OFFICER, project=project, budget=[LINE])
    project = _running(project)
    client = signed_in(actor_of(Account.objects.get(pk=project.chief)))
    given = {"kind": "other", "after": "换试验地点", "reason": "原址停产"}
    assert post(client, "ask-change", project, **given, **TABLE).status_code == 302
    assert Change.objects.get(project=project).effect == {}


def _running(project: Project) -> Project:
    edit_project(actor=OFFICER, project=project, chief=member(project.leader).account)
    Project.objects.filter(pk=project.pk).update(state="running")
    return Project.objects.get(pk=project.pk)
