"""A topic on which people hand in: published, opened by the clock, with a box of two officers; and drafts for it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.models import SealedBox
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.actions.calls import advance_programme, advance_topic, appoint_examiner, make_box
from rongtong.domain.programmes.actions.clock import run_clock
from rongtong.domain.programmes.actions.opening import open_topic
from rongtong.domain.programmes.actions.submissions import Attached, begin_submission, save_draft, seal_submission
from rongtong.domain.programmes.models import Submission, Topic
from rongtong.domain.programmes.terms import template
from tests.factories import PLATFORM, member
from tests.foundation.sealing.scene import enrolled
from tests.programmes.factories import ProgrammeFactory, TopicFactory
from tests.programmes.test_calls import argued

SECRET = "分段冷却逐级出灰，出口温度七十二度"


def at(moment: dt.datetime) -> None:
    """Let the platform's clocks say ``moment``."""
    clock._back.set(timezone.now() - moment)


@dataclass
class Bidding:
    """A topic that takes submissions, and who opens them."""

    topic: Topic
    officers: list[Actor]
    passphrases: list[str]

    @property
    def closes_at(self) -> dt.datetime:
        assert self.topic.closes_at is not None
        return self.topic.closes_at

    def again(self) -> Topic:
        self.topic.refresh_from_db()
        return self.topic

    def draft(self, actor: Actor, **changed: Any) -> Submission:
        begun = begin_submission(actor=actor, topic=self.topic)
        return save_draft(actor=actor, submission=begun, revision=begun.revision, facts=complete(self.topic, changed))

    def sealed(
        self, actor: Actor | None = None, *, token: str = "一次", files: tuple[Attached, ...] = ()
    ) -> Submission:
        actor = actor or member()
        return seal_submission(actor=actor, submission=self.draft(actor), files=files, token=token)

    def over(self) -> "Bidding":
        """Past the deadline, as the worker finds it."""
        at(self.closes_at + dt.timedelta(seconds=1))
        run_clock(PLATFORM)
        self.again()
        return self

    def open(self) -> Topic:
        self.topic = open_topic(
            actor=self.officers[0],
            topic=self.topic,
            passphrase=self.passphrases[0],
            witness=self.officers[1],
            witness_passphrase=self.passphrases[1],
        )
        return self.topic

    @property
    def box(self) -> SealedBox:
        return SealedBox.objects.get(pk=self.topic.box)


def bidding(
    *,
    programme: Mapping[str, Any] | None = None,
    examiner: Party | None = None,
    closes_in: dt.timedelta | None = None,
    **facts: Any,
) -> Bidding:
    """A topic that takes submissions; the clock stands at its first day.

    With ``closes_in`` the clock is the machine's and the topic closes after so long: for servers and other threads.
    """
    closes_at = timezone.now() + (closes_in or dt.timedelta(days=62))
    opens_at = closes_at - dt.timedelta(days=31)
    at(closes_at - dt.timedelta(days=62))
    call = ProgrammeFactory(**(programme or {}))
    advance_programme(actor=PLATFORM, programme=call, event="start")
    officers, keys, passphrases = enrolled(2)
    drafted = TopicFactory(programme=call, opens_at=opens_at, closes_at=closes_at, **facts)
    if examiner is not None:
        appoint_examiner(actor=PLATFORM, topic=drafted, party=examiner)
    topic = make_box(actor=officers[0], topic=argued(drafted), custodians=keys)
    topic = advance_topic(actor=PLATFORM, topic=topic, event="publish")
    at(opens_at)
    topic = advance_topic(actor=PLATFORM, topic=topic, event="open")
    at(timezone.now() if closes_in else opens_at)
    return Bidding(topic, officers, passphrases)


def complete(topic: Topic, changed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The content of a draft that nothing stands against, alone and itemised."""
    fields = topic.programme.form
    answers = {each["name"]: SECRET for each in fields if each["type"] == "prose"}
    whole = {
        "title": "石灰窑分段冷却出灰装置",
        "answers": answers | {"budget_mode": "itemised"},
        "budget": [
            {"item": "equipment", "fen": 20_000_000, "purse": "setter", "note": "冷却段"},
            {"item": "labour", "fen": 5_000_000, "purse": "public", "note": ""},
            {"item": "business", "fen": 3_000_000, "purse": "own", "note": ""},
        ],
        "promises": [
            {"name": metric["name"], "value": "72", "high": "", "unit": metric["unit"]} for metric in topic.metrics
        ],
        "bid": 25_000_000,
        "declared": [True] * len(template(topic.programme.template).declarations),
    }
    return whole | dict(changed or {})


def consortium(leader: Actor, *others: Party, share: str = "") -> list[dict[str, str]]:
    """Rows of a consortium that share equally; ``share`` is written for each instead."""
    parts = share or f"1/{len(others) + 1}"
    parties = [(str(leader.party), leader.party_name), *((str(each.pk), each.name) for each in others)]
    return [{"party": pk, "name": name, "share": parts, "task": "研制"} for pk, name in parties]
