"""Reads of submissions: one's own, those of a topic once they are opened, and what still stands against sealing."""

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation.access import require, scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Problem
from rongtong.domain.foundation.models import Envelope, SealedBox
from rongtong.domain.foundation.sealing import installation
from rongtong.domain.foundation.sealing import queries as sealing
from rongtong.domain.foundation.sealing.contents import Listed
from rongtong.domain.foundation.sealing.encoding import canonical
from rongtong.domain.programmes import contents
from rongtong.domain.programmes.contents import Content
from rongtong.domain.programmes.drafts import content_of
from rongtong.domain.programmes.models import Refusal, Submission, Topic
from rongtong.domain.programmes.states import UNSEALED
from rongtong.domain.programmes.terms import number

COPY = "rongtong.submission/1"
"""The type of the form as it lies in an envelope and in the copy that an applicant keeps."""


class Copied(StrEnum):
    """What a copy is of the submission that was sealed."""

    SEALED = "sealed"
    OTHER = "other"
    UNKNOWN = "unknown"


def content_for(actor: Actor, submission: Submission) -> Content:
    """What a submission says, for who may read it. Raises AccessDenied."""
    require(actor, "view", submission)
    return contents.empty(submission.topic) | content_of(submission)


def problems(submission: Submission) -> list[Problem]:
    """Everything that still stands against sealing a draft, by field."""
    content = contents.empty(submission.topic) | content_of(submission)
    return contents.standing(submission.topic, submission.applicant, content)


def own_submissions(actor: Actor) -> QuerySet[Submission]:
    """The submissions of the actor's party, what ends soonest first."""
    own = Submission.objects.filter(applicant=actor.party) if actor.party else Submission.objects.none()
    return scope(actor, "view", own).select_related("topic__programme", "topic__setter").order_by("-topic__closes_at")


def own_submission(actor: Actor, topic: Topic) -> Submission | None:
    """What the actor's party has for a topic."""
    return own_submissions(actor).filter(topic=topic).first()


def submissions_of(actor: Actor, topic: Topic) -> QuerySet[Submission]:
    """The opened submissions of a topic that ``actor`` may read; none, for anybody, before the opening."""
    opened = Submission.objects.filter(topic=topic, state__in=UNSEALED)
    return scope(actor, "view", opened).select_related("applicant")


def refusals_of(actor: Actor, topic: Topic) -> QuerySet[Refusal]:
    """Who was refused at the door of a topic, as far as ``actor`` may know it."""
    return scope(actor, "view", Refusal.objects.filter(topic=topic)).select_related("party")


def check_until(topic: Topic) -> dt.date | None:
    """The last day of the formal check: so many days after submissions ended (``formal_check_days``)."""
    if topic.closes_at is None:
        return None
    days = number(topic.programme, "formal_check_days")
    return timezone.localdate(topic.closes_at) + dt.timedelta(days=days)


def receipt_of(actor: Actor, submission: Submission) -> Envelope | None:
    """The envelope of one's own submission, whose receipt one holds."""
    if submission.envelope is None:
        return None
    return scope(actor, "view", Envelope.objects.filter(pk=submission.envelope).select_related("box")).first()


def attachments(actor: Actor, submission: Submission) -> list[tuple[int, Listed]]:
    """(place in the envelope, what it is) of the files handed in with an opened submission."""
    envelope = _opened(actor, submission)
    return [(place, part) for place, part in enumerate(sealing.unsealed_parts(envelope)) if place]


def attachment(actor: Actor, submission: Submission, place: int) -> tuple[Listed, Iterator[bytes]]:
    """One file of an opened submission, piece by piece. Raises AccessDenied, IllegalTransition."""
    found = dict(attachments(actor, submission))
    if place not in found:
        raise IllegalTransition(_("没有这份附件。"))
    return found[place], sealing.unsealed_part(_opened(actor, submission), place)


def _opened(actor: Actor, submission: Submission) -> Envelope:
    require(actor, "view", submission)
    opened = Envelope.objects.filter(Q(pk=submission.envelope), opened_at__isnull=False).select_related("box")
    envelope = opened.first()
    if submission.state not in UNSEALED or envelope is None:
        raise IllegalTransition(_("还没有启封，附件读不出来。"))
    return envelope


def copy_of(actor: Actor, submission: Submission) -> Content:
    """The form as a file for the applicant to keep: from it a new draft can be filled in.

    It says which version of the draft it is and is signed, so that later it can be told from any other, though nobody
    can read what was sealed.
    """
    require(actor, "edit", submission)
    about = {"type": COPY, "topic": str(submission.topic_id), "submission": str(submission.pk)}
    said = {**content_of(submission), **about, "revision": submission.revision}
    return {**said, "signature": installation.sign(canonical(said))}


def copied(submission: Submission, copy: Mapping[str, Any]) -> Copied:
    """What a copy is of a submission that is sealed, or was: what was sealed, another version of it, or not to be told
    because it bears no signature that fits.
    """
    said = {name: value for name, value in copy.items() if name != "signature"}
    try:
        genuine = installation.signed_here(canonical(said), str(copy.get("signature", "")))
    except (ValueError, RecursionError):
        genuine = False
    if not genuine or said.get("submission") != str(submission.pk):
        return Copied.UNKNOWN
    return Copied.SEALED if said["revision"] == submission.revision else Copied.OTHER


def envelopes_counted(topic: Topic) -> int:
    """How many submissions lie sealed. For rules alone, after the deadline; nobody is shown it before the opening."""
    lying = Envelope.objects.filter(box=topic.box, state="sealed").values("pk")
    return Submission.objects.filter(topic=topic, state="sealed", envelope__in=lying).count()


def box_of(topic: Topic) -> SealedBox:
    """The box in which submissions to a topic are sealed. Raises IllegalTransition when there is none."""
    box = SealedBox.objects.filter(pk=topic.box).first() if topic.box else None
    if box is None:
        raise IllegalTransition(_("这个榜题没有设封存箱。"))
    return box
