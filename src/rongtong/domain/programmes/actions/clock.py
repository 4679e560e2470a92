"""What happens in a challenge because its hour has come; the worker asks for it some times a minute."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import DomainError
from rongtong.domain.mailbox.telling import people_of, tell
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.actions.calls import advance_topic
from rongtong.domain.programmes.actions.deciding import end_notice
from rongtong.domain.programmes.actions.milestones import fall_due
from rongtong.domain.programmes.actions.submissions import lapse_submission
from rongtong.domain.programmes.models import Milestone, Notice, Submission, Topic
from rongtong.domain.programmes.queries.calls import solvers_of

log = logging.getLogger("rongtong.worker")
FAILURES = (DomainError, DatabaseError, OSError, RuntimeError)
"""What a hand may meet without being at fault: a refusal, the database, the index or its disk."""
MOST = 200
"""Records that one hand moves in one round, so that no other waits long."""


@dataclass(frozen=True, slots=True)
class Hand:
    """One thing the clock does: the records whose time has come, and the action that moves one of them.

    Where it is ``quiet`` no log says that there was such a record.
    """

    name: str
    due: Callable[[datetime], QuerySet[Any]]
    move: Callable[[Actor, Any], object]
    quiet: bool = False


def run_clock(actor: Actor) -> int:
    """Do whatever is due; answers how many records moved. What fails is logged, tried again, and stops nothing else."""
    now = clock.now()
    return sum(_moved(hand, actor, record) for hand in HANDS for record in hand.due(now)[:MOST])


def _moved(hand: Hand, actor: Actor, record: Any) -> bool:
    try:
        hand.move(actor, record)
    except FAILURES as error:
        if not (isinstance(error, DomainError) and _done_meanwhile(hand, record)):
            _log(hand, record, error)
        return False
    return True


def _done_meanwhile(hand: Hand, record: Any) -> bool:
    """Whether the step is not due any more: a second worker took it, or the hour moved after the look."""
    return not hand.due(clock.now()).filter(pk=record.pk).exists()


def _log(hand: Hand, record: Any, error: Exception) -> None:
    if hand.quiet:
        log.error("a hand of the clock failed: %s", type(error).__name__)
    else:
        log.error("%s failed for %s: %s", hand.name, record.pk, error, exc_info=error)


def _to_open(now: datetime) -> QuerySet[Topic]:
    return Topic.objects.filter(state="published", opens_at__lte=now).order_by("opens_at")


def _to_close(now: datetime) -> QuerySet[Topic]:
    return Topic.objects.filter(state="open", closes_at__lte=now).order_by("closes_at")


def _to_lapse(now: datetime) -> QuerySet[Submission]:
    late = Submission.objects.filter(state__in=("draft", "withdrawn"), topic__closes_at__lte=now)
    return late.exclude(topic__state="open").select_related("topic").order_by("topic__closes_at")


def _to_tell(now: datetime) -> QuerySet[Topic]:
    return Topic.objects.filter(state__in=("published", "open"), told_at=None).order_by("state_since")


def _to_end(now: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(state="running", ends__lt=timezone.localdate(now)).order_by("ends")


def _to_fall_due(now: datetime) -> QuerySet[Milestone]:
    at_work = Milestone.objects.filter(state="planned", due__lte=timezone.localdate(now), project__state="running")
    return at_work.select_related("project").order_by("due")


@action("programmes.tell_solvers")
def tell_solvers(*, actor: Actor, topic: Topic, parties: Sequence[Party]) -> Topic:
    """Tell ``parties`` of a published topic that they may answer, once; the event says how many there were."""
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    require(actor, "clock", locked)
    if locked.told_at is not None:
        audit.record(actor, "programmes.tell_solvers", locked, told=0)
        return locked
    locked.told_at = clock.now()
    locked.save(update_fields=["told_at"])
    tell(actor, "topic.matched", locked, people_of(*(party.pk for party in parties)))
    audit.record(actor, "programmes.tell_solvers", locked, told=len(parties))
    return locked


def _tell(actor: Actor, topic: Topic) -> Topic:
    """The index is asked before the transaction: nobody waits for it."""
    return tell_solvers(actor=actor, topic=topic, parties=solvers_of(topic))


HANDS: tuple[Hand, ...] = (
    Hand("topic.open", _to_open, lambda actor, topic: advance_topic(actor=actor, topic=topic, event="open")),
    Hand("topic.close", _to_close, lambda actor, topic: advance_topic(actor=actor, topic=topic, event="close")),
    Hand(
        "submission.lapse", _to_lapse, lambda actor, draft: lapse_submission(actor=actor, submission=draft), quiet=True
    ),
    Hand("topic.tell", _to_tell, _tell),
    Hand("notice.end", _to_end, lambda actor, notice: end_notice(actor=actor, notice=notice)),
    Hand("milestone.fall_due", _to_fall_due, lambda actor, stone: fall_due(actor=actor, milestone=stone)),
)
