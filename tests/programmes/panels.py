"""Panels for tests: reviewers who may be drawn, and a topic whose submissions are in order."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.programmes.actions.reviews import sign_review, write_review
from rongtong.domain.programmes.actions.rounds import (
    aggregate_round,
    answer_seat,
    close_round,
    draw_panel,
    open_round,
    plan_round,
)
from rongtong.domain.programmes.models import Review, Round, Seat, Submission, Topic
from tests.factories import (
    PLATFORM,
    AccountFactory,
    AffiliationFactory,
    PartyFactory,
    PersonFactory,
    ResourceFactory,
    RoleGrantFactory,
)
from tests.programmes.factories import ProgrammeFactory, TopicFactory

CRITERIA = ("route", "metrics", "team", "conversion", "cost")


def reviewer(house: Party | None = None, *, rank: str = "教授", years: int | None = 12, **facts: Any) -> Party:
    """A person of the register of experts, employed by ``house``, with an account that may review."""
    person = PersonFactory(**{name: facts.pop(name) for name in ("name",) if name in facts})
    employer = house or PartyFactory(organisation_type="university")
    AffiliationFactory(member=person, organisation=employer)
    values = {"expertise": "高温物料输送", "rank": rank, "roles": ["review"], "region": "330100"} | facts
    if years is not None:
        values["experience_years"] = years
    ResourceFactory(kind="expert", title=person.name, values=values, owner=person)
    RoleGrantFactory(
        account=AccountFactory(person=person, display_name=person.name), role=Role.EXPERT, party=None, region="330100"
    )
    return person


def reviewers(count: int) -> list[Party]:
    return [reviewer() for _ in range(count)]


def account_actor(account: int) -> Actor:
    """Somebody as they sign in."""
    return actor_of(Account.objects.get(pk=account))


def checked_topic(bids: int = 3, *, parameters: dict[str, int] | None = None, **facts: Any) -> Topic:
    """A topic that was opened, with ``bids`` submissions in order; the months before it are left out."""
    topic = TopicFactory(programme=ProgrammeFactory(parameters=parameters or {}), region="330100", **facts)
    place = f"2026-0001-{Topic.objects.count():03d}"
    Topic.objects.filter(pk=topic.pk).update(state="opened", number=place)
    for number in range(1, bids + 1):
        bid(topic, f"第{number}队有限公司")
    return Topic.objects.get(pk=topic.pk)


def bid(topic: Topic, name: str, **content: Any) -> Submission:
    """A submission that is formally in order."""
    applicant = PartyFactory(name=name)
    answers = {
        "approach": f"{name}采用分段冷却、逐级出灰的路线。",
        "basis": "已在两座窑上试用。",
        "team": "王大锤负责总体，李小锤负责控制。",
        "transfer": "成果归申请方，出题人优先使用。",
        "budget_mode": "lump_sum",
    }
    facts = {"title": f"{name}的出灰方案", "answers": answers, "budget": [], "members": [], "promises": [], "avoid": []}
    return Submission.objects.create(
        topic=topic, applicant=applicant, title=facts["title"], content=facts | content, bid=10_000_00,
        members=[str(each["party"]) for each in content.get("members", [])], state="formal_ok",
    )  # fmt: skip


def planned(topic: Topic, actor: Actor = PLATFORM, **facts: Any) -> Round:
    """A written round of two weeks."""
    return plan_round(actor=actor, topic=topic, ends_at=clock.now() + dt.timedelta(days=14), **facts)


def drawn(topic: Topic, actor: Actor = PLATFORM, **facts: Any) -> Round:
    return draw_panel(actor=actor, round=planned(topic, actor, **facts), seed="青山2026")


def accepted(round_: Round) -> Round:
    """Everybody invited accepts."""
    for seat in round_.seats.filter(state="invited"):
        answer_seat(actor=account_actor(seat.account), seat=seat, event="accept", declares="没有需要申明的关系")
    return round_


def opened(topic: Topic, actor: Actor = PLATFORM, **facts: Any) -> Round:
    return open_round(actor=actor, round=accepted(drawn(topic, actor, **facts)))


def write(review: Review, mark: str, opinion: str = "路线清楚，指标有依据。") -> Review:
    """The same mark for every criterion."""
    actor = account_actor(review.account)
    return write_review(actor=actor, review=review, marks=dict.fromkeys(CRITERIA, mark), opinion=opinion)


def sign(review: Review, mark: str = "80") -> Review:
    write(review, mark)
    return sign_review(actor=account_actor(review.account), review=review)


def marked(round_: Round, marks: dict[Any, Iterable[str]] | None = None) -> Round:
    """Everybody signs: ``marks`` by submission, one for each seat; 80 where nothing is said."""
    seats = list(Seat.objects.filter(round=round_, state="accepted").order_by("pk"))
    for number, seat in enumerate(seats):
        for review in seat.reviews.exclude(state="void"):
            given = (marks or {}).get(review.submission_id)
            sign(review, list(given)[number] if given else "80")
    return round_


def aggregated(round_: Round, actor: Actor = PLATFORM) -> Round:
    return aggregate_round(actor=actor, round=close_round(actor=actor, round=round_))
