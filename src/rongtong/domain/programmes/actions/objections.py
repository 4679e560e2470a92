"""Objections to a public notice and requests for re-examination: filed by name, answered by somebody else in time."""

from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.mailbox.telling import tell
from rongtong.domain.programmes import secret_links
from rongtong.domain.programmes.models import Notice, Objection, Submission, Topic
from rongtong.domain.programmes.queries import deciding
from rongtong.domain.programmes.states import NOTICE, OBJECTION, SUBMISSION, TOPIC

SHORTEST_NAME, SHORTEST_CONTACT, SHORTEST_GROUND = 2, 5, 10
LONGEST_GROUND = 5000
ANSWERS = ("admit", "dismiss", "uphold", "reject")


@action("programmes.file_objection")
def file_objection(
    *,
    actor: Actor,
    notice: Notice,
    name: str,
    contact: str,
    ground: str,
    academic: bool = False,
    kind: str = "objection",
    submission: Submission | None = None,
    secret: str = "",
) -> Objection:
    """Object to a notice while it runs, or ask within the term that one's own submission be examined again.

    ``secret`` is that of the link by which somebody without an account follows it. The same account saying the same
    twice, or the same secret, is one objection. Raises Invalid with every problem, IllegalTransition when it is too
    late or not one's own.
    """
    topic = Topic.objects.select_for_update().get(pk=notice.topic_id)
    current = Notice.objects.get(pk=notice.pk)
    current.topic = topic
    objection = Objection(
        notice=current, submission=submission, kind=kind, name=name.strip(), contact=contact.strip(),
        ground=ground.strip(), academic=academic, account=actor.account, party_id=actor.party,
        digest=secret_links.digest_of(secret) if secret else None,
    )  # fmt: skip
    require(actor, "object", objection)
    _check_words(objection)
    known = _known(objection)
    if known is not None:
        audit.record(actor, "programmes.file_objection", known, again=True)
        return known
    if kind == "reexamination":
        _require_own(actor, topic, submission)
    else:
        deciding.require_running(current)
    objection.due = deciding.answer_due(objection)
    objection.save(force_insert=True)
    audit.record(actor, "programmes.file_objection", objection, notice=current.pk, kind=kind, due=objection.due)
    tell(actor, "objection.file", objection)
    return objection


@action("programmes.take_back_objection")
def take_back_objection(*, actor: Actor, objection: Objection, seen_state: str | None = None) -> Objection:
    """Take back one's own objection while it is not answered."""
    Topic.objects.select_for_update().get(pk=objection.notice.topic_id)
    return advance(OBJECTION, objection, "take_back", actor=actor, seen_state=seen_state)


@action("programmes.advance_objection")
def advance_objection(
    *, actor: Actor, objection: Objection, event: str, reason: str = "", seen_state: str | None = None
) -> Objection:
    """Admit, dismiss, uphold or reject an objection; the reason of an answer is what its objector reads.

    One that is upheld overturns its notice and leads the topic back to where its result is decided.
    """
    topic = Topic.objects.select_for_update().get(pk=objection.notice.topic_id)
    if event not in ANSWERS:
        raise IllegalTransition(_("没有这样的办理步骤。"))
    moved = advance(OBJECTION, objection, event, actor=actor, reason=reason, seen_state=seen_state)
    if event != "admit":
        moved.finding = reason.strip()
    moved.decided_by = actor.name
    moved.save(update_fields=["finding", "decided_by"])
    if event == "uphold":
        _reconsider(actor, topic, moved, reason)
    return moved


def _reconsider(actor: Actor, topic: Topic, objection: Objection, reason: str) -> None:
    """Take the decision back as a whole. After the award it stands; a re-examination that was upheld then opens the way
    to the next place that falls free.
    """
    notice = Notice.objects.get(pk=objection.notice_id)
    if topic.state != "noticed" or notice.state == "overturned":
        return
    advance(NOTICE, notice, "overturn", actor=actor, reason=reason)
    for submission in topic.submissions.filter(state__in=("proposed", "reserve", "not_proposed")):
        event = "reconsider_form" if submission.rank is None else "reconsider"
        advance(SUBMISSION, submission, event, actor=actor)
    advance(TOPIC, topic, "reconsider", actor=actor, reason=reason)


def _known(objection: Objection) -> Objection | None:
    """The same objection of the same person, still open: a second click, or a page sent again.

    Without an account only the secret tells that it is the same person; the words alone may be anybody's.
    """
    if objection.account is None:
        return _sent_again(objection)
    same = Objection.objects.filter(
        notice=objection.notice, kind=objection.kind, submission=objection.submission, account=objection.account,
        state__in=deciding.OPEN_OBJECTION,
    )  # fmt: skip
    if objection.kind == "objection":
        same = same.filter(name=objection.name, contact=objection.contact, ground=objection.ground)
    return same.first()


def _sent_again(objection: Objection) -> Objection | None:
    filed = Objection.objects.filter(digest=objection.digest).first() if objection.digest else None
    if filed is not None and _said(filed) != _said(objection):
        raise IllegalTransition(
            _("这张表已经提交过，登记的是当时的内容。要改内容，请凭当时给出的链接撤回，再重新打开表单填写。")
        )
    return filed


def _said(objection: Objection) -> tuple[object, ...]:
    return (objection.notice_id, objection.kind, objection.name, objection.contact, objection.ground)


def _check_words(objection: Objection) -> None:
    problems = []
    if objection.kind not in Objection.KINDS:
        problems.append(Problem("kind", _("请选择提出异议或申请复审。")))
    if len(objection.name) < SHORTEST_NAME:
        said = _("异议应当实名。匿名反映不按异议受理，可以作为线索提供给公示上的联系人。")
        problems.append(Problem("name", said))
    if len(objection.contact) < SHORTEST_CONTACT:
        problems.append(Problem("contact", _("请填写能联系到您的电话或邮箱，答复会送到那里。")))
    if not SHORTEST_GROUND <= len(objection.ground) <= LONGEST_GROUND:
        shown = {"least": SHORTEST_GROUND, "most": LONGEST_GROUND}
        problems.append(Problem("ground", _("请写明事实和依据，%(least)s 到 %(most)s 字。") % shown))
    if problems:
        raise Invalid(_("有 %(count)s 处需要修改，未提交。") % {"count": len(problems)}, problems)


def _require_own(actor: Actor, topic: Topic, submission: Submission | None) -> None:
    if submission is None or submission.topic_id != topic.pk:
        raise IllegalTransition(_("请从本单位的申请提出复审。"))
    fresh = Submission.objects.select_related("topic__programme").get(pk=submission.pk)
    require(actor, "view", fresh)
    if actor.party != fresh.applicant_id or fresh.state not in deciding.NOT_CHOSEN:
        raise IllegalTransition(_("只有未入选的申请单位可以申请复审。"))
    if fresh.objections.filter(kind="reexamination", state__in=("upheld", "rejected", "inadmissible")).exists():
        raise IllegalTransition(_("这份申请的复审已经答复过。"))
    last = deciding.reexamination_until(fresh)
    if clock.today() > last:
        raise IllegalTransition(_("申请复审的期限到 %(day)s 为止，现在不再受理。") % {"day": last})
