"""Projects for tests: awarded submissions without the months that lead to them, and work on them by the actions."""

import io
from typing import Any

from django.utils import timezone

from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.documents.actions import upload_document
from rongtong.domain.foundation.models import Document
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.actions.acceptance import sign_market_test
from rongtong.domain.programmes.actions.milestones import compare_gate, examine_milestone, report_milestone
from rongtong.domain.programmes.actions.projects import advance_project, create_project, edit_project
from rongtong.domain.programmes.models import Examiner, MarketTest, Milestone, Project, Submission, Topic
from tests.factories import PLATFORM, PartyFactory, member
from tests.programmes.factories import ProgrammeFactory, TopicFactory

OFFICER = Actor(name="管理员", account=7001, roles=frozenset({Role.OFFICER}))
REACHED = [{"name": "出灰温度", "value": "75", "note": "连续 72 小时"}]


def awarded_topic(teams: int = 1, *, template: str = "open-challenge", **facts: Any) -> Topic:
    """A topic in hand with ``teams`` awarded submissions; no action could lead to it in a few lines."""
    race = template == "horse-race"
    programme = ProgrammeFactory(template_key=template, parameters={"winners": teams} if race else {})
    topic = TopicFactory(programme=programme, winners=max(teams, 2) if race else 1, **facts)
    Topic.objects.filter(pk=topic.pk).update(state="awarded", winners=teams)
    for rank in range(1, teams + 1):
        Submission.objects.create(
            topic=topic, applicant=PartyFactory(), rank=rank, state="awarded", state_since=timezone.now(),
            content={"answers": {"approach": "分段冷却，逐级出灰。"}, "budget": []},
        )  # fmt: skip
    topic.refresh_from_db()
    return topic


def projects_of(topic: Topic) -> list[Project]:
    """The projects of a topic's winners in their rank."""
    return [create_project(actor=PLATFORM, submission=each) for each in topic.submissions.order_by("rank")]


def member_of(party: Party, account: int = 8101) -> Actor:
    """Somebody of ``party``."""
    return Actor(name=f"成员{account}", account=account, party=party.pk, roles=frozenset({Role.MEMBER}))


def chief_of(project: Project) -> Actor:
    return member_of(project.leader, project.chief or 0)


def keeper_of(project: Project) -> Actor:
    return member_of(project.leader, project.finance_keeper or 0)


def contracted(project: Project) -> Project:
    """The project under contract, with a chief scientist and a keeper of the ledger of its own."""
    chief, keeper = member(project.leader), member(project.leader)
    edit_project(
        actor=OFFICER, project=project, contract_number="云科合〔2026〕1 号", signed_on=timezone.localdate(),
        chief=chief.account, finance_keeper=keeper.account,
    )  # fmt: skip
    return advance_project(actor=OFFICER, project=project, event="contract")


def running(project: Project) -> Project:
    """The project under contract and at work."""
    return advance_project(actor=OFFICER, project=contracted(project), event="start")


def running_project(**facts: Any) -> Project:
    return running(projects_of(awarded_topic(**facts))[0])


def race(teams: int = 3, **facts: Any) -> tuple[Topic, list[Project]]:
    """A horse race that has begun."""
    topic = awarded_topic(teams, template="horse-race", **facts)
    return topic, [running(project) for project in projects_of(topic)]


def stone_of(project: Project, order: int) -> Milestone:
    return project.milestones.get(order=order)


def reported(project: Project, order: int, value: str = "75") -> Milestone:
    reached = [{"name": metric["name"], "value": value} for metric in stone_of(project, order).metrics]
    return report_milestone(
        actor=member_of(project.leader), milestone=stone_of(project, order), report="按计划完成。", reached=reached
    )


def passed(project: Project, order: int) -> Milestone:
    return examine_milestone(
        actor=OFFICER, milestone=reported(project, order), event="pass", finding="资料齐全，指标达到。"
    )


def decided(topic: Topic, order: int, *, on: list[Project], out: list[Project]) -> list[Project]:
    """The gate at ``order`` decided, once everybody has reported."""
    outcome = {str(each.pk): {"verdict": "continue", "reason": ""} for each in on}
    outcome |= {str(each.pk): {"verdict": "eliminate", "reason": "指标落后。"} for each in out}
    return compare_gate(actor=OFFICER, topic=topic, order=order, outcome=outcome)


def finished(project: Project) -> Project:
    """The project with every milestone passed, under acceptance."""
    for stone in project.milestones.order_by("order"):
        passed(project, stone.order)
    return advance_project(actor=member_of(project.leader), project=project, event="ask_acceptance")


def user_of(topic: Topic) -> Actor:
    """Somebody of an examiner of the topic."""
    party = PartyFactory()
    Examiner.objects.create(topic=topic, party=party)
    return member_of(party, 8200)


def signed(project: Project, *, holds: bool = True) -> MarketTest:
    return sign_market_test(
        actor=user_of(project.topic), project=project, conditions="生产线试用三个月", passed=holds,
        opinion="" if holds else "偶有卡料",
    )  # fmt: skip


def agreed(project: Project) -> Document:
    """A document of the project, for all its sides, that shows what the setter agreed to."""
    return upload_document(
        actor=OFFICER, entity=project, file=io.BytesIO(b"%PDF-1.7 agreement"), name="出题方同意函.pdf",
        no_secrets=True, visibility="matched",
    )  # fmt: skip


def with_record(project: Project) -> Document:
    """The project with a document that proves its diligence."""
    return upload_document(
        actor=member_of(project.leader), entity=project, file=io.BytesIO(b"%PDF-1.7 records"), name="原始记录.pdf",
        no_secrets=True, visibility="internal",
    )  # fmt: skip
