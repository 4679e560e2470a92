"""The pages of projects on every screen, for the bureau, the team, who pays and who examines."""

from dataclasses import dataclass

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.programmes.actions.changes import ask_change
from rongtong.domain.programmes.actions.obligations import pay_obligation
from rongtong.domain.programmes.actions.projects import advance_project
from rongtong.domain.programmes.actions.reporting import ask_spending, hand_in_report
from rongtong.domain.programmes.models import Examiner, Obligation, Project, Topic
from tests.browser.conftest import Open
from tests.browser.test_looks import SCREENS, become, check, client_of
from tests.factories import PartyFactory, member, officer
from tests.programmes.running import (
    OFFICER,
    awarded_topic,
    chief_of,
    finished,
    member_of,
    passed,
    projects_of,
    race,
    reported,
    running_project,
    signed,
)

pytestmark = pytest.mark.django_db(transaction=True)
METRICS = [
    {"name": "出灰温度", "relation": "<=", "value": "80", "unit": "℃", "must": True},
    {"name": "连续运行时间", "relation": ">=", "value": "720", "unit": "h", "must": True},
    {"name": "卡料次数", "relation": "<=", "value": "1", "unit": "次/月", "must": False},
]


@dataclass(frozen=True, slots=True)
class Scene:
    """A race at its gate, a project at work with its money moving, one to be contracted, one under acceptance."""

    topic: Topic
    teams: list[Project]
    busy: Project
    fresh: Project
    ending: Project
    user: Actor


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    topic, teams = race(3, metrics=METRICS, setter_money=3_000_000_00, public_money=1_000_000_00)
    for value, team in zip(("75", "68", "86"), teams, strict=True):
        passed(team, 1)
        reported(team, 2, value)
    ending = finished(running_project())
    signed(ending)
    party = PartyFactory()
    Examiner.objects.create(topic=ending.topic, party=party)
    fresh = projects_of(awarded_topic())[0]
    return Scene(topic, teams, _busy(), fresh, ending, member(party))


def _busy() -> Project:
    project = running_project()
    line = {"item": "equipment", "fen": 80_000_00, "purse": "public", "note": "试验台"}
    Project.objects.filter(pk=project.pk).update(budget=[line])
    passed(project, 1)
    setter = Obligation.objects.get(project=project, purse="setter")
    pay_obligation(actor=member_of(project.topic.setter), obligation=setter, evidence="回单 20260302-1")
    chief = chief_of(project)
    ask_change(
        actor=chief, project=project, kind="end", after="延期半年", reason="设备晚到",
        effect={"ends_on": timezone.localdate().replace(year=timezone.localdate().year + 4, day=1)},
    )  # fmt: skip
    ask_spending(actor=chief, project=project, item="equipment", purse="public", fen=12_000_00, purpose="红外测温仪")
    hand_in_report(
        actor=chief, project=project, kind="progress", year=timezone.localdate().year, text="样机完成。", spent=9
    )
    return project


def carry(page: Page, actor: Actor) -> None:
    """Go on in the browser as ``actor``, in the language it was opened in."""
    become(page, client_of(actor))


def of(name: str, key: object) -> str:
    return reverse(f"portal:{name}", args=(key,))


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_of_projects_fit_and_are_accessible(open_page: Open, scene: Scene, screen: str) -> None:
    page = open_page("/", **SCREENS[screen])
    carry(page, officer())
    check(page, reverse("portal:projects"), screen)
    check(page, of("topic-projects", scene.topic.pk), screen)
    check(page, of("gate", scene.topic.pk), screen)
    for project in (scene.busy, scene.fresh, scene.ending):
        check(page, of("project", project.pk), screen)
    check(page, of("milestone", scene.teams[0].milestones.get(order=2).pk), screen)
    check(page, of("edit-project", scene.fresh.pk), screen)
    check(page, of("plan-milestones", scene.fresh.pk), screen)
    carry(page, actor_of(Account.objects.get(pk=scene.busy.chief)))
    check(page, of("project", scene.busy.pk), screen)
    check(page, of("milestone", scene.busy.milestones.get(order=2).pk), screen)
    for name in ("ask-change", "tell-change", "report-project", "spend", "record-diligence"):
        check(page, of(name, scene.busy.pk), screen)
    carry(page, scene.user)
    check(page, of("market-test", scene.ending.pk), screen)
    assert page.locator("textarea[name=conditions]").count() == 1


def test_a_gate_is_decided_in_the_browser(open_page: Open, scene: Scene) -> None:
    page = open_page("/")
    carry(page, officer())
    page.goto(of("gate", scene.topic.pk))
    for team, verdict in zip(scene.teams, ("continue", "continue", "eliminate"), strict=True):
        page.check(f"input[name=verdict-{team.pk}][value={verdict}]")
    page.click("main form button.button-primary")
    assert page.locator(".field-error").inner_text().startswith("淘汰")
    page.fill(f"textarea[name=reason-{scene.teams[2].pk}]", "温度没有达到要求。")
    page.click("main form button.button-primary")
    page.wait_for_url("**/projects")
    assert page.locator(".teams .tag", has_text="赛马淘汰").count() == 1


def test_an_accepted_project_is_reached_from_its_topic(open_page: Open, scene: Scene) -> None:
    advance_project(actor=OFFICER, project=scene.ending, event="accept")
    page = open_page("/")
    carry(page, officer())
    page.goto(of("topic", scene.ending.topic_id))
    page.click(".section-tabs >> text=项目")
    page.click(".teams h2 a")
    assert page.locator(".record-line").inner_text().startswith("已验收")
