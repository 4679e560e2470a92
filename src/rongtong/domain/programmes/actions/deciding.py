"""The decision on a topic: prepared in quiet, published at once, put under public notice, and carried out."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.actions.projects import create_project
from rongtong.domain.programmes.models import Decision, Notice, Project, Submission, Topic
from rongtong.domain.programmes.queries import deciding
from rongtong.domain.programmes.states import DECISION, NOTICE, SUBMISSION, TOPIC

PLACING = {"proposed": "propose", "reserve": "reserve", "not_awarded": "pass_over"}
"""The step of a submission that each verdict means."""


@action("programmes.prepare_decision")
def prepare_decision(*, actor: Actor, topic: Topic, outcome: Mapping[Any, Mapping[str, str]], basis: str) -> Decision:
    """Write down who shall be proposed, kept in reserve or not be chosen, with reasons; nobody is told yet.

    ``outcome``: submission id → {verdict, reason}, for every ranked and every formally rejected submission. What the
    setter vetoed in a decision that was given up before stays vetoed. Raises Invalid with every problem.
    """
    locked = _locked(topic)
    decision = Decision(topic=locked, author=actor.account, decided_by=actor.name, basis=basis.strip())
    require(actor, "create", decision)
    if locked.state != "ranked":
        raise IllegalTransition(_("评审汇总排序之后，才能拟定结果。"))
    earlier = locked.decisions.filter(kind="award").order_by("-created_at").first()
    if earlier is not None and earlier.state == "prepared":
        raise IllegalTransition(_("已经有一份拟定而未公布的结果，请先公布或作废。"))
    decision.outcome = {
        str(pk): {"verdict": entry.get("verdict", ""), "reason": entry.get("reason", "").strip()}
        for pk, entry in outcome.items()
    }
    _check(locked, decision)
    if earlier is not None and earlier.state == "discarded":
        decision.vetoes = {pk: _unanswered(veto) for pk, veto in earlier.vetoes.items()}
    decision.save(force_insert=True)
    audit.record(actor, "programmes.prepare_decision", decision, topic=locked.pk, outcome=decision.outcome)
    return decision


@action("programmes.veto_proposal")
def veto_proposal(*, actor: Actor, decision: Decision, submission: Submission, reason: str) -> Decision:
    """The setter's right to refuse a proposed solver, with a reason and only before the decision is published."""
    locked = _prepared(actor, decision)
    require(actor, "veto", locked.topic)
    key = str(submission.pk)
    if locked.outcome.get(key, {}).get("verdict") != "proposed":
        raise IllegalTransition(_("这份申请没有被拟立项，不需要否决。"))
    if not reason.strip():
        raise Invalid(_("请写明否决的理由。"), [Problem("reason", _("请写明否决的理由。"))])
    if "reason" in locked.vetoes.get(key, {}):
        raise IllegalTransition(_("您已经对这项拟立项提出过否决。"))
    locked.vetoes[key] = {"by": actor.party_name or actor.name, "reason": reason.strip(), "at": _now()}
    locked.save(update_fields=["vetoes"])
    audit.record(actor, "programmes.veto_proposal", locked, submission=key, reason=reason.strip())
    return locked


@action("programmes.override_veto")
def override_veto(*, actor: Actor, decision: Decision, submission: Submission, reason: str) -> Decision:
    """Keep to a proposal that the setter vetoed; both reasons stay on record."""
    locked = _prepared(actor, decision)
    require(actor, "decide", locked)
    veto = locked.vetoes.get(str(submission.pk))
    if veto is None or "override" in veto:
        raise IllegalTransition(_("出题人没有对这项拟立项提出否决，或已经答复。"))
    if not reason.strip():
        raise Invalid(_("请写明坚持拟立项的理由。"), [Problem("reason", _("请写明坚持拟立项的理由。"))])
    veto["override"] = {"by": actor.name, "reason": reason.strip(), "at": _now()}
    locked.save(update_fields=["vetoes"])
    audit.record(actor, "programmes.override_veto", locked, submission=str(submission.pk), reason=reason.strip())
    return locked


@action("programmes.discard_decision")
def discard_decision(*, actor: Actor, decision: Decision, reason: str, seen_state: str | None = None) -> Decision:
    """Give up a decision that was not published."""
    _locked(decision.topic)
    return advance(DECISION, decision, "discard", actor=actor, reason=reason, seen_state=seen_state)


@action("programmes.publish_decision")
def publish_decision(*, actor: Actor, decision: Decision, seen_state: str | None = None) -> Decision:
    """Publish a decision: every submission of the topic gets its place in the same moment, or none does.

    The event says whether whoever prepared it also published it.
    """
    topic = _locked(decision.topic)
    same = actor.account is not None and actor.account == decision.author
    moved = advance(DECISION, decision, "publish", actor=actor, seen_state=seen_state, by_who_prepared=same)
    _check(topic, moved)
    moved.decided_by = actor.name
    moved.save(update_fields=["decided_by"])
    for submission in deciding.to_decide(topic):
        entry = moved.outcome[str(submission.pk)]
        advance(SUBMISSION, submission, PLACING[entry["verdict"]], actor=actor, reason=entry["reason"])
    advance(TOPIC, topic, "propose", actor=actor)
    return moved


@action("programmes.give_notice")
def give_notice(*, actor: Actor, decision: Decision, contact: str, starts: dt.date | None = None) -> Notice:
    """Put a published decision under public notice from ``starts`` (today); what it says is fixed from here on.

    ``contact`` is whom objections reach. Raises Invalid for a day that will not do or without a contact, NoCalendar
    where the term reaches into a year whose days are not known.
    """
    topic = _locked(decision.topic)
    latest = deciding.latest_decision(topic)
    if latest is None or latest.pk != decision.pk or latest.state != "published":
        raise IllegalTransition(_("只有最近公布的拟定结果可以公示。"))
    term = deciding.notice_term(topic, starts)
    notice = Notice(
        topic=topic, decision=latest, title=str(topic), starts=term.starts, ends=term.ends,
        working_days=term.working_days, content=_content(topic, latest, contact),
    )  # fmt: skip
    require(actor, "create", notice)
    if topic.state != "proposed":
        raise IllegalTransition(_("榜题现在不能公示，请刷新页面查看最新状态。"))
    if not contact.strip():
        said = _("请写明受理异议的部门、电话或邮箱。")
        raise Invalid(said, [Problem("contact", said)])
    notice.save(force_insert=True)
    audit.record(actor, "programmes.give_notice", notice, starts=term.starts, ends=term.ends)
    advance(TOPIC, topic, "notice", actor=actor)
    return notice


@action("programmes.end_notice")
def end_notice(*, actor: Actor, notice: Notice) -> Notice:
    """Mark that the last day of a notice is over."""
    return advance(NOTICE, notice, "end", actor=actor)


@action("programmes.award_topic")
def award_topic(*, actor: Actor, topic: Topic, seen_state: str | None = None) -> list[Project]:
    """Award a topic whose notice is over and against which nothing is open; each winner gets a project.

    The others are told, and may from now on read the opinions on their submission.
    """
    locked = _locked(topic)
    proposed = list(locked.submissions.filter(state="proposed").order_by("rank", "created_at", "id"))
    for submission in locked.submissions.filter(state__in=("reserve", "not_proposed", "formal_rejected")):
        advance(SUBMISSION, submission, "decline", actor=actor)
    awarded = [advance(SUBMISSION, submission, "award", actor=actor) for submission in proposed]
    moved = advance(TOPIC, locked, "award", actor=actor, seen_state=seen_state)
    audit.record(actor, "programmes.award_topic", moved, submissions=[each.pk for each in awarded])
    return [create_project(actor=actor, submission=submission) for submission in awarded]


@action("programmes.step_up")
def step_up(*, actor: Actor, submission: Submission, reason: str) -> Project:
    """After a winner refused to sign, give the place to one in reserve, or to one whose re-examination was upheld."""
    topic = _locked(submission.topic)
    require(actor, "steer", topic)
    if topic.state != "awarded":
        raise IllegalTransition(_("榜题立项之后才有递补。"))
    for project in topic.projects.filter(state="terminated", signed_on=None, submission__state="awarded"):
        advance(SUBMISSION, project.submission, "give_up", actor=actor, reason=reason)
    moved = advance(SUBMISSION, submission, "step_up", actor=actor, reason=reason)
    audit.record(actor, "programmes.step_up", moved, topic=topic.pk, reason=reason)
    return create_project(actor=actor, submission=moved)


def _unanswered(veto: Mapping[str, Any]) -> dict[str, Any]:
    """A veto without the answer it got: what it is held against now is another decision."""
    return {key: each for key, each in veto.items() if key != "override"}


def _locked(topic: Topic) -> Topic:
    """The topic under its lock, which everything that changes its result takes first."""
    return Topic.objects.select_for_update().get(pk=topic.pk)


def _prepared(actor: Actor, decision: Decision) -> Decision:
    _locked(decision.topic)
    locked = Decision.objects.select_for_update().get(pk=decision.pk)
    require(actor, "view", locked)
    if locked.state != "prepared":
        raise IllegalTransition(_("结果已经公布或作废，请刷新页面查看最新状态。"))
    return locked


def _check(topic: Topic, decision: Decision) -> None:
    problems = deciding.outcome_problems(topic, deciding.to_decide(topic), decision.outcome)
    if topic.submissions.filter(state__in=("opened", "formal_ok", "in_review")).exists():
        problems.append(Problem("", _("还有申请没有审完，暂不能拟定结果。")))
    if not decision.basis:
        problems.append(Problem("basis", _("请写明作出决定的依据。")))
    if problems:
        raise Invalid(_("有 %(count)s 处需要修改，未保存。") % {"count": len(problems)}, problems)


def _content(topic: Topic, decision: Decision, contact: str) -> dict[str, Any]:
    """What a notice says: written out, so that later changes of names or terms do not change what was public."""
    submissions = list(topic.submissions.filter(state__in=("proposed", "reserve")).select_related("applicant"))
    submissions.sort(key=lambda each: (each.rank or 0, str(each.pk)))
    members = {pk for each in submissions for pk in each.members}
    names = {str(party.pk): party.name for party in Party.objects.filter(pk__in=members)}
    programme = topic.programme
    return {
        "topic": topic.title,
        "number": topic.number,
        "programme": programme.title,
        "legal_basis": programme.legal_basis,
        "basis": decision.basis,
        "setter": topic.setter.name,
        "setter_money": topic.setter_money,
        "public_money": topic.public_money,
        "proposed": [_entry(each, names) for each in submissions if each.state == "proposed"],
        "reserve": [_entry(each, names) for each in submissions if each.state == "reserve"],
        "organiser": programme.organiser.name if programme.organiser else "",
        "contact": contact.strip(),
    }


def _entry(submission: Submission, names: Mapping[str, str]) -> dict[str, Any]:
    others = [str(pk) for pk in submission.members if str(pk) != str(submission.applicant_id)]
    return {
        "submission": str(submission.pk),
        "applicant": submission.applicant.name,
        "title": submission.title,
        "members": [names[pk] for pk in others if pk in names],
        "fen": submission.bid,
    }


def _now() -> str:
    return clock.now().isoformat()
