"""The opening of a topic's submissions by two officers, and the formal check that follows it."""

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor, system_actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem
from rongtong.domain.foundation.models import Envelope, SealedBox
from rongtong.domain.foundation.sealing.actions import open_box
from rongtong.domain.foundation.sealing.openings import Say, on_opening
from rongtong.domain.foundation.sealing.queries import unsealed_form
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.programmes import contents
from rongtong.domain.programmes.models import Submission, Topic
from rongtong.domain.programmes.queries.submissions import box_of, envelopes_counted
from rongtong.domain.programmes.states import SUBMISSION, TOPIC
from rongtong.domain.programmes.terms import template

CLOCK = system_actor("平台时钟")
SUBJECT = "programmes.topic"
TAKING = ("open", "closed")
"""A topic in one of these waits for its opening; ``open`` where the worker has not yet closed it."""


def open_topic(*, actor: Actor, topic: Topic, passphrase: str, witness: Actor, witness_passphrase: str) -> Topic:
    """Open the box of a topic with two officers and receive what was in it, in one transaction.

    Refused, with every envelope left closed, while there are fewer submissions than the topic asks for. Raises as
    :func:`open_box` does. Not inside another transaction.
    """
    require(actor, "steer", topic)
    open_box(
        actor=actor, box=box_of(topic), passphrase=passphrase, witness=witness, witness_passphrase=witness_passphrase
    )
    return Topic.objects.get(pk=topic.pk)


@action("programmes.receive_submissions")
def receive_submissions(*, actor: Actor, topic: Topic) -> Topic:
    """Fill the submissions of a topic from its opened envelopes; what happened to each before is now told."""
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    if locked.state == "open":
        advance(TOPIC, locked, "close", actor=CLOCK)
    moved = advance(TOPIC, locked, "unseal", actor=actor)
    for submission in Submission.objects.filter(topic=moved, state="sealed").select_related("topic__programme"):
        _receive(actor, submission)
    audit.record(actor, "programmes.receive_submissions", moved)
    return moved


@action("programmes.check_submission")
def check_submission(
    *,
    actor: Actor,
    submission: Submission,
    event: str,
    reason: str = "",
    checklist: Mapping[str, bool],
    seen_state: str | None = None,
) -> Submission:
    """The formal check: ``event`` is ``pass_form`` or ``reject_form``; ``checklist`` says which points hold.

    To pass every point holds; to reject one at least does not, and the reason is what the applicant reads. Raises
    Invalid, IllegalTransition once the review has begun.
    """
    locked = Submission.objects.select_for_update(of=("self",)).select_related("topic__programme").get(pk=submission.pk)
    require(actor, "check", locked)
    if event not in ("pass_form", "reject_form"):
        raise Invalid(_("请选择形式审查的结论。"))
    if locked.topic.state not in ("opened", "ranked"):
        raise IllegalTransition(_("已经进入评审，形式审查的结论不能再改。"))
    _check_points(locked.topic, event, checklist)
    moved = advance(
        SUBMISSION, locked, event, actor=actor, reason=reason, seen_state=seen_state, checklist=dict(checklist)
    )
    moved.formal = moved.formal | {
        "checklist": dict(checklist),
        "reason": reason.strip(),
        "by": actor.name,
        "at": clock.now().isoformat(),
    }
    moved.save(update_fields=["formal"])
    return moved


def _check_points(topic: Topic, event: str, checklist: Mapping[str, bool]) -> None:
    points = dict(template(topic.programme.template).formal_checks)
    problems = [Problem(key, _("请核对：%(point)s") % {"point": points[key]}) for key in points if key not in checklist]
    failing = [key for key in points if checklist.get(key) is False]
    if event == "pass_form" and failing:
        said = _("“%(point)s”不成立，不能通过。")
        problems += [Problem(key, said % {"point": points[key]}) for key in failing]
    if event == "reject_form" and not failing and not problems:
        problems.append(Problem("checklist", _("各项都成立，没有不通过的理由。")))
    if problems:
        raise Invalid(" ".join(problem.message for problem in problems), problems)


def _receive(actor: Actor, submission: Submission) -> None:
    """One submission from its envelope; one whose envelope is damaged is opened without content, and says so."""
    envelope = Envelope.objects.select_related("box").get(Q(pk=submission.envelope))
    content = _read(submission, unsealed_form(envelope))
    audit.disclose(submission.pk)
    moved = advance(SUBMISSION, submission, "unseal", actor=actor, damaged=content is None)
    moved.formal = {"damaged": True} if content is None else {}
    moved.content = content or {}
    moved.title = moved.content.get("title", "")
    moved.bid = moved.content.get("bid")
    moved.members = [row["party"] for row in moved.content.get("members", [])]
    moved.save(update_fields=["content", "title", "bid", "members", "formal"])


def _read(submission: Submission, form: bytes | None) -> dict[str, Any] | None:
    """The form of an envelope, if it was sealed for this very submission."""
    found: dict[str, Any] = json.loads(form) if form else {}
    if found.get("submission") != str(submission.pk):
        return None
    return {name: found[name] for name in contents.empty(submission.topic) if name in found}


def _objection(box: SealedBox) -> str | None:
    """What stands against opening the box of a topic although its hour has come."""
    topic = Topic.objects.filter(pk=box.subject_id).first()
    if topic is None or topic.box != box.pk:
        return _("榜题已改用另一个封存箱。")
    if topic.state not in TAKING:
        return _("榜题现在是“%(state)s”。") % {"state": TOPIC.state(topic.state).label}
    if envelopes_counted(topic) < topic.minimum_bids:
        return _("申请少于 %(least)s 份，应重新发榜，封存件不得启封。") % {"least": topic.minimum_bids}
    return None


def _opened(actor: Actor, box: SealedBox) -> None:
    receive_submissions(actor=actor, topic=Topic.objects.get(pk=box.subject_id))


on_opening(SUBJECT, Say(_objection, _opened))
