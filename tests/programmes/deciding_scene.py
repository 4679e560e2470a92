"""Topics whose review is over, for tests of what comes after; no action could lead there in a few lines."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from uuid import UUID

from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.programmes.actions.deciding import end_notice, give_notice, prepare_decision, publish_decision
from rongtong.domain.programmes.models import Decision, Notice, Submission, Topic
from tests.factories import PLATFORM, AccountFactory, PartyFactory
from tests.programmes.factories import ProgrammeFactory, TopicFactory

OFFICER = Actor(name="王主任", account=9101, roles=frozenset({Role.OFFICER}), region="330100")
COLLEAGUE = Actor(name="李科长", account=9102, roles=frozenset({Role.OFFICER}), region="330100")
SUPERVISOR = Actor(name="纪检", account=9103, roles=frozenset({Role.SUPERVISOR}), region="330100")
BASIS = "按照公布的评审标准和专家评审意见，经会议研究。"
GROUND = "拟立项单位申报的设备与其实际拥有的设备不符。"
CONTACT = "科技局规划处 0571-00000000"
WEEK = dt.datetime(2026, 9, 14, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
"""A Monday before the holidays of autumn 2026."""


@contextmanager
def on(moment: dt.datetime | dt.date) -> Iterator[None]:
    """Within the block it is ``moment`` by the platform's clock."""
    hour = moment if isinstance(moment, dt.datetime) else dt.datetime.combine(moment, dt.time(10), WEEK.tzinfo)
    with patch("rongtong.domain.foundation.clock.now", lambda: hour):
        yield


def ranked_topic(bids: int = 3, *, rejected: int = 0, template: str = "open-challenge", **facts: Any) -> Topic:
    """A topic with ``bids`` ranked submissions and ``rejected`` that fell at the formal check."""
    parameters = facts.pop("parameters", {}) | ({"winners": 2} if template == "horse-race" else {})
    programme = ProgrammeFactory(template_key=template, parameters=parameters)
    topic = TopicFactory(programme=programme, winners=2 if template == "horse-race" else 1, **facts)
    Topic.objects.filter(pk=topic.pk).update(state="ranked", number=f"2026-{str(topic.pk)[-8:]}", region="330100")
    for place in range(1, bids + rejected + 1):
        ranked = place <= bids
        Submission.objects.create(
            topic=topic, applicant=PartyFactory(), title=f"方案{place}", account=9200 + place,
            state="ranked" if ranked else "formal_rejected", rank=place if ranked else None,
            score=95 - place if ranked else None, bid=100_000_00,
        )  # fmt: skip
    topic.refresh_from_db()
    return topic


def bids_of(topic: Topic) -> list[Submission]:
    """The submissions as they stand now, best first, rejected ones last."""
    found = topic.submissions.select_related("applicant", "topic__programme")
    return sorted(found, key=lambda each: (each.rank is None, each.rank or 0, str(each.pk)))


def outcome(topic: Topic, *verdicts: str) -> dict[UUID, dict[str, str]]:
    """``verdicts`` in the order of the ranks; without any, the best is proposed and the others are not chosen."""
    rows = bids_of(topic)
    given = verdicts or ("proposed", *("not_awarded" for _each in rows[1:]))
    return {
        each.pk: {"verdict": verdict, "reason": "" if verdict != "not_awarded" else "综合得分较低。"}
        for each, verdict in zip(rows, given, strict=True)
    }


def prepared(topic: Topic, *verdicts: str, actor: Actor = OFFICER) -> Decision:
    return prepare_decision(actor=actor, topic=topic, outcome=outcome(topic, *verdicts), basis=BASIS)


def published(topic: Topic, *verdicts: str) -> Decision:
    return publish_decision(actor=OFFICER, decision=prepared(topic, *verdicts))


def noticed(topic: Topic, *verdicts: str) -> Notice:
    return give_notice(actor=OFFICER, decision=published(topic, *verdicts), contact=CONTACT)


def ended(topic: Topic, *verdicts: str) -> Notice:
    """A notice that ran from a Monday of September 2026 and is over."""
    with on(WEEK):
        notice = noticed(topic, *verdicts)
    with on(notice.ends + dt.timedelta(days=1)):
        return end_notice(actor=PLATFORM, notice=notice)


def day_after(notice: Notice, days: int = 1) -> dt.date:
    return notice.ends + dt.timedelta(days=days)


def of_party(party: Party) -> Actor:
    """Somebody of ``party``, always the same."""
    account = _account(f"of-{party.pk.hex[-12:]}")
    return Actor(name="王某某", account=account, party=party.pk, party_name=party.name, roles=frozenset({Role.MEMBER}))


def citizen() -> Actor:
    """Somebody with an account and no organisation."""
    return Actor(name="张三", account=_account("citizen"))


def _account(username: str) -> int:
    known = Account.objects.filter(username=username).first()
    return (known or AccountFactory(username=username)).pk
