"""A submission on its way to the box: drafted, sealed in time, withdrawn, drafted again, lapsed, returned unopened.

Until it is opened nobody but its applicant learns that it exists: its events are kept aside under its own identifier
and told at the opening. Those of one that is never opened are never told.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db.models import Q
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor, system_actor
from rongtong.domain.foundation.documents.checks import examine
from rongtong.domain.foundation.documents.declaration import require_declared
from rongtong.domain.foundation.documents.in_memory import lying_in_memory
from rongtong.domain.foundation.documents.names import shown_name
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem
from rongtong.domain.foundation.models import Envelope, SealedBox
from rongtong.domain.foundation.sealing.actions import (
    TooLate,
    abandon_box,
    keep_envelope,
    recording_lateness,
    seal_parts,
    take_back_envelope,
    take_only_in_time,
)
from rongtong.domain.foundation.sealing.actions.envelopes import SealedParts
from rongtong.domain.foundation.sealing.contents import Part
from rongtong.domain.foundation.sealing.encoding import canonical
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.programmes import contents, guards
from rongtong.domain.programmes.drafts import content_of, kept
from rongtong.domain.programmes.models import Refusal, Submission, Topic
from rongtong.domain.programmes.queries.submissions import COPY, box_of
from rongtong.domain.programmes.states import SUBMISSION

CLOCK = system_actor("平台时钟")
FORM = "申请书.json"
MOST_FILES = 20
_BLOCK = 1 << 16


class NotEligible(IllegalTransition):
    """Who hands this in may not: the setter, an examiner, somebody who is barred."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file handed in with a submission: what it is called, and where it is read from (from its beginning, twice)."""

    name: str
    file: BinaryIO


@action("programmes.begin_submission")
def begin_submission(*, actor: Actor, topic: Topic) -> Submission:
    """The draft of the actor's party for a topic on the list, made once: the second call answers the same.

    Raises AccessDenied, NotEligible, IllegalTransition when the topic takes none.
    """
    require(actor, "view", topic)
    fresh = Submission(topic=topic, account=actor.account)
    fresh.applicant_id = actor.party  # type: ignore[assignment]  # who acts for nobody is refused by the next line
    require(actor, "submit", fresh)
    if known := Submission.objects.filter(topic=topic, applicant=fresh.applicant_id).first():
        audit.record_closed(actor, "programmes.begin_submission", known, box=known.pk, again=True)
        return known
    if topic.state not in ("published", "open") or _deadline_over(topic):
        raise IllegalTransition(_("这个榜题现在不受理申请。"))
    _refuse_ineligible(fresh, actor)
    fresh.content = kept(fresh, contents.empty(topic))
    begun, _made = Submission.objects.get_or_create(
        topic=topic,
        applicant_id=fresh.applicant_id,
        defaults={"id": fresh.pk, "account": actor.account, "content": fresh.content},
    )
    audit.record_closed(actor, "programmes.begin_submission", begun, box=begun.pk)
    return begun


@action("programmes.save_draft")
def save_draft(*, actor: Actor, submission: Submission, revision: int, facts: Mapping[str, Any]) -> Submission:
    """Keep what was typed; a draft may be unfinished. ``facts`` are keys of the content (see ``contents``).

    ``revision`` is the one the person has before their eyes. Raises Invalid by field for what cannot be kept,
    IllegalTransition when somebody else has saved since, or it is no draft any more.
    """
    locked = _locked(submission)
    require(actor, "edit", locked)
    if locked.state != "draft" or _deadline_over(locked.topic):
        label = SUBMISSION.state(locked.state).label
        raise IllegalTransition(_("这份申请现在是“%(state)s”，不能再修改。") % {"state": label})
    if revision != locked.revision:
        raise IllegalTransition(
            _("这份草稿刚在另一个窗口或由同事改动过，这里的改动没有保存。请先复制您刚写的内容，再刷新页面。")
        )
    _raise(contents.misshapen(locked.topic, facts))
    locked.content = kept(locked, contents.empty(locked.topic) | content_of(locked) | dict(facts))
    locked.revision += 1
    locked.save(update_fields=["content", "revision", "updated_at"])
    audit.record_closed(actor, "programmes.save_draft", locked, box=locked.pk, revision=locked.revision)
    return locked


def seal_submission(
    *,
    actor: Actor,
    submission: Submission,
    files: Sequence[Attached] = (),
    token: str,
    declared: Sequence[bool] | None = None,
    revision: int | None = None,
) -> Submission:
    """Seal a draft with ``files`` into the box of its topic; the same ``token`` again answers the same submission.

    ``declared`` are the declarations where they are made only now; ``revision`` is the draft that the person has read.
    What counts is when all of it has come in, by the stricter of two clocks. From then on its content is nowhere but in
    the envelope. Raises TooLate and NotEligible (both leave a Refusal), Invalid with every problem, IllegalTransition.
    Not inside another transaction.
    """
    box = box_of(submission.topic)
    with recording_refusal(actor, submission), recording_lateness(actor, box):
        require(actor, "submit", submission)
        take_only_in_time(box)
        if sealed := _sealed_before(submission, token):
            return sealed
        _refuse_other_revision(submission, revision)
        content = _complete(submission, actor, declared)
        media = _examined(files)
        parts = [Part(FORM, "application/json", [_form(submission, content)])]
        parts += [Part(name, media_type, _chunks(file)) for name, media_type, file in media]
        with seal_parts(box, parts) as sealed_parts:
            return keep_submission(actor=actor, submission=submission, sealed=sealed_parts, token=token)


@action("programmes.seal_submission")
def keep_submission(*, actor: Actor, submission: Submission, sealed: SealedParts, token: str) -> Submission:
    """Make the row of a sealed file and move the draft, whose content leaves; in time and once."""
    box = hold_box(submission.topic)
    locked = _locked(submission)
    envelope = keep_envelope(actor=actor, box=box, sealed=sealed, token=token)
    if locked.state == "sealed" and locked.envelope == envelope.pk:
        audit.record_closed(actor, "programmes.seal_submission", locked, box=locked.pk, again=True)
        return locked
    if envelope.pk != sealed.envelope:
        raise IllegalTransition(_("这个页面已经提交过。请刷新页面，核对后再提交。"))
    _refuse_other_revision(locked, submission.revision)
    moved = advance(SUBMISSION, locked, "seal", actor=actor, aside=locked.pk, envelope=str(envelope.pk))
    moved.content, moved.envelope, moved.account = {}, envelope.pk, actor.account
    moved.save(update_fields=["content", "envelope", "account"])
    return moved


def withdraw_submission(*, actor: Actor, submission: Submission) -> Submission:
    """Take a sealed submission back before the deadline; it is never opened. Raises TooLate (recorded)."""
    with recording_lateness(actor, box_of(submission.topic)):
        return take_back_submission(actor=actor, submission=submission)


@action("programmes.withdraw_submission")
def take_back_submission(*, actor: Actor, submission: Submission) -> Submission:
    """Move a submission back and its envelope with it, in time."""
    return _moved_out(actor, submission, "withdraw")


def redraft_submission(*, actor: Actor, submission: Submission, copy: Mapping[str, Any] | None = None) -> Submission:
    """Draft again before the deadline; a sealed envelope is withdrawn at once.

    The platform cannot read an envelope, so the draft begins empty, or from ``copy``, the file that the applicant kept.
    Raises TooLate (recorded), Invalid when the copy is not one.
    """
    with recording_lateness(actor, box_of(submission.topic)):
        return draft_again(actor=actor, submission=submission, copy=copy)


@action("programmes.redraft_submission")
def draft_again(*, actor: Actor, submission: Submission, copy: Mapping[str, Any] | None) -> Submission:
    """Move a submission back to a draft, in time."""
    begun = contents.empty(submission.topic) | _from_copy(submission.topic, copy or {})
    moved = _moved_out(actor, submission, "redraft")
    moved.content = kept(moved, begun)
    moved.revision += 1
    moved.save(update_fields=["content", "revision"])
    return moved


@action("programmes.lapse_submission")
def lapse_submission(*, actor: Actor, submission: Submission) -> Submission:
    """End a draft whose deadline has passed; its content stays its applicant's."""
    return advance(SUBMISSION, submission, "lapse", actor=actor, aside=submission.pk)


@action("programmes.return_submissions")
def return_submissions(*, actor: Actor, topic: Topic) -> Topic:
    """Return what lies sealed for a topic that was ended before the opening; its box loses its key for ever.

    Who had handed something in stays unknown to everybody else, and how many did: they may do so again.
    """
    require(actor, "steer", topic)
    for submission in Submission.objects.filter(topic=topic, state="sealed"):
        advance(SUBMISSION, submission, "return_unopened", actor=actor, aside=submission.pk)
    box = SealedBox.objects.filter(pk=topic.box, state__in=("open", "closed")).first() if topic.box else None
    if box is not None:
        abandon_box(actor=CLOCK, box=box, reason=_("榜题已经结束，封存件未启封退回。"))
    audit.record(actor, "programmes.return_submissions", topic)
    return topic


@action("programmes.refuse_submission")
def refuse_submission(*, actor: Actor, submission: Submission, reason: str) -> Refusal:
    """Record that a submission was refused at the door; the bureau reads it after the opening."""
    topic = Topic.objects.get(pk=submission.topic_id)
    refusal = Refusal.objects.create(topic=topic, party=submission.applicant, at=clock.now(), reason=reason[:300])
    box = SealedBox.objects.filter(Q(pk=topic.box)).first()
    if box is None or box.state == "opened":
        audit.record(actor, "programmes.refuse_submission", refusal, topic=topic.pk, reason=refusal.reason)
    else:
        audit.record_closed(
            actor, "programmes.refuse_submission", refusal, box=box.pk, topic=topic.pk, reason=refusal.reason
        )
    return refusal


@contextmanager
def recording_refusal(actor: Actor, submission: Submission) -> Iterator[None]:
    """Leave a Refusal when what is tried within comes too late or from who may not; outside its transaction."""
    try:
        yield
    except (TooLate, NotEligible) as refused:
        refuse_submission(actor=actor, submission=submission, reason=refused.message)
        raise


def hold_box(topic: Topic) -> SealedBox:
    """The box of a topic, kept from others until the write ends: always before the rows of topic and submission, as the
    opening does, so that two writes wait for each other and never meet."""
    return SealedBox.objects.select_for_update().get(pk=box_of(topic).pk)


def _locked(submission: Submission) -> Submission:
    return (
        Submission.objects.select_for_update(of=("self",))
        .select_related("topic__programme", "applicant")
        .get(pk=submission.pk)
    )


def _deadline_over(topic: Topic) -> bool:
    return topic.closes_at is not None and topic.closes_at <= clock.now()


def _sealed_before(submission: Submission, token: str) -> Submission | None:
    """The submission when this very click has sealed it already."""
    now = Submission.objects.get(pk=submission.pk)
    sealed = Envelope.objects.filter(Q(pk=now.envelope), token=token).exists()
    return now if sealed and now.state == "sealed" else None


def _refuse_other_revision(submission: Submission, revision: int | None) -> None:
    if revision is not None and revision != submission.revision:
        raise IllegalTransition(_("草稿在提交的同时被改动过，没有封存。请刷新页面，核对后再提交。"))


def _complete(submission: Submission, actor: Actor, declared: Sequence[bool] | None) -> dict[str, Any]:
    """The content of a draft that nothing stands against."""
    if submission.state != "draft":
        label = SUBMISSION.state(submission.state).label
        raise IllegalTransition(_("这份申请现在是“%(state)s”，不能再提交。") % {"state": label})
    content = contents.empty(submission.topic) | content_of(submission)
    if declared is not None:
        content["declared"] = list(declared)
    require_declared(content["declared"][:1] == [True])
    _refuse_ineligible(_with_members(submission, content), actor)
    _raise(contents.standing(submission.topic, submission.applicant, content))
    return content


def _with_members(submission: Submission, content: Mapping[str, Any]) -> Submission:
    """An unsaved likeness that says who is in the consortium: the row does so only from the opening on."""
    members = [row["party"] for row in content["members"]]
    return Submission(topic=submission.topic, applicant=submission.applicant, members=members)


def _refuse_ineligible(submission: Submission, actor: Actor) -> None:
    for guard in (guards.not_setter_nor_examiner, guards.not_blocked):
        if reason := guard(submission, actor):
            raise NotEligible(reason)


def _form(submission: Submission, content: Mapping[str, Any]) -> bytes:
    about = {"type": COPY, "topic": str(submission.topic_id), "submission": str(submission.pk)}
    return canonical({**content, **about, "applicant": str(submission.applicant_id)})


def _examined(files: Sequence[Attached]) -> list[tuple[str, str, BinaryIO]]:
    """(name, media type, file) of every attachment, each looked into while it lies in the memory alone."""
    if len(files) > MOST_FILES:
        message = _("附件最多 %(most)s 份。") % {"most": MOST_FILES}
        raise Invalid(message, [Problem("files", message)])
    found, wrong = [], []
    for each in files:
        try:
            name = shown_name(each.name)
            with lying_in_memory(each.file) as path:
                found.append((name, examine(path, name).medium.media_type, each.file))
        except Invalid as invalid:
            wrong.append(Problem("files", f"{each.name[-80:]}：{invalid.message}"))
    _raise(wrong)
    return found


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(os.SEEK_SET)
    while block := file.read(_BLOCK):
        yield block


def _moved_out(actor: Actor, submission: Submission, event: str) -> Submission:
    """Withdraw or draft again: the envelope that lies in the box is withdrawn with it."""
    take_only_in_time(hold_box(submission.topic))
    locked = _locked(submission)
    envelope = Envelope.objects.filter(Q(pk=locked.envelope), state="sealed").first()
    moved = advance(SUBMISSION, locked, event, actor=actor, aside=locked.pk)
    if envelope is not None:
        take_back_envelope(actor=actor, envelope=envelope)
    moved.envelope = None
    moved.save(update_fields=["envelope"])
    return moved


def _from_copy(topic: Topic, copy: Mapping[str, Any]) -> dict[str, Any]:
    if not copy:
        return {}
    if copy.get("type") != COPY or copy.get("topic") != str(topic.pk):
        raise Invalid("", [Problem("copy", _("这个文件不是本榜题申请的副本。"))])
    facts = {name: copy[name] for name in contents.empty(topic) if name in copy}
    if contents.misshapen(topic, facts):
        raise Invalid("", [Problem("copy", _("这个副本的内容不完整或被改动过，无法读入。"))])
    return facts


def _raise(found: Sequence[Problem]) -> None:
    if found:
        raise Invalid(_("有 %(count)s 处需要修改。") % {"count": len(found)}, found)
