"""What becomes of a topic's submissions: decided, vetoed, published, awarded; and what each applicant is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import allows, grounds, require
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem
from rongtong.domain.foundation.sheets import Cell
from rongtong.domain.foundation.words import Words
from rongtong.domain.programmes import guards
from rongtong.domain.programmes.actions import deciding as actions
from rongtong.domain.programmes.models import Decision, Notice, Submission, Topic
from rongtong.domain.programmes.queries import deciding
from rongtong.domain.programmes.states import DECISION, NOTICE, SUBMISSION
from rongtong.portal.attempts import Attempt
from rongtong.portal.challenging import decision_or_404, frame, outcome_in, topic_or_404
from rongtong.portal.history import acts_of
from rongtong.portal.http import Request, done, found_or_404, page, seen_state, uuid_or_404
from rongtong.portal.sheets import as_file

VERDICTS = {
    "proposed": Words("拟立项", "Proposed"),
    "reserve": Words("候补", "Reserve"),
    "not_awarded": Words("不予立项", "Not awarded"),
}
TONES = {"proposed": "success", "reserve": "accent", "not_awarded": ""}
CHANNEL = "page"


@dataclass(frozen=True, slots=True)
class Row:
    """A submission in the form of a decision: what is chosen, why, what is wrong with it."""

    submission: Submission
    verdict: str
    reason: str
    problems: tuple[str, ...]

    @property
    def options(self) -> list[tuple[str, Words, bool]]:
        """(value, label, chosen); who fell at the formal check has no choice."""
        offered = ["not_awarded"] if self.submission.state == "formal_rejected" else list(VERDICTS)
        return [(each, VERDICTS[each], each == self.verdict) for each in offered]


@dataclass(frozen=True, slots=True)
class Told:
    """A submission in a decision, as the decision says it."""

    submission: Submission
    verdict: str
    label: Words
    tone: str
    reason: str
    veto: dict[str, Any] | None


@require_safe
def detail(request: Request, identifier: UUID) -> HttpResponse:
    """The result of a topic as far as the reader may know it, and the next step for whoever has one."""
    topic = topic_or_404(request, identifier)
    return page(request, "challenge/result", _context(request, topic))


@login_required
@require_POST
def prepare(request: Request, identifier: UUID) -> HttpResponse:
    """Prepare a decision; what is missing is said at its place, and what was written stays."""
    topic = topic_or_404(request, identifier)
    outcome = outcome_in(request, _decidable(request.actor, topic))
    with Attempt(Invalid) as attempt:
        actions.prepare_decision(actor=request.actor, topic=topic, outcome=outcome, basis=request.POST.get("basis", ""))
        return done(request, _("结果已拟定，还没有告诉任何申请人。"), _address(topic))
    return page(request, "challenge/result", _context(request, topic, attempt), status=attempt.status)


@login_required
@require_POST
def award(request: Request, identifier: UUID) -> HttpResponse:
    """Award a topic."""
    topic = topic_or_404(request, identifier)
    projects = actions.award_topic(actor=request.actor, topic=topic, seen_state=seen_state(request))
    return done(request, _("已立项，建立了 %(count)s 个项目。") % {"count": len(projects)}, _address(topic))


@login_required
@require_POST
def step_up(request: Request, identifier: UUID) -> HttpResponse:
    """Give the place of a winner who refused to the next."""
    topic = topic_or_404(request, identifier)
    submission = _submission(request, topic)
    actions.step_up(actor=request.actor, submission=submission, reason=request.POST.get("reason", ""))
    return done(request, _("“%(name)s”已递补立项。") % {"name": submission.applicant}, _address(topic))


@login_required
@require_safe
def result_file(request: Request, identifier: UUID, form: str) -> HttpResponseBase:
    """The ranked table as a sheet, for who knows the result beforehand."""
    topic = topic_or_404(request, identifier)
    if form not in ("csv", "xlsx") or not deciding.has_result(request.actor, topic):
        raise Http404
    require(request.actor, "view", Decision(topic=topic))
    found = deciding.results(request.actor, topic)
    _note(request.actor, topic, found, "export")
    decision = deciding.latest_decision(topic)
    headings = [_("名次"), _("申请单位"), _("方案"), _("得分"), _("分差"), _("申请经费（元）"), _("状态"), _("理由")]
    return as_file(f"rongtong-result-{topic.number}", form, headings, [_cells(each, decision) for each in found])


def _cells(submission: Submission, decision: Decision | None) -> list[Cell]:
    entry = decision.outcome.get(str(submission.pk), {}) if decision else {}
    return [
        "" if submission.rank is None else submission.rank,
        submission.applicant.name,
        submission.title,
        "" if submission.score is None else float(submission.score),
        "" if submission.spread is None else float(submission.spread),
        "" if submission.bid is None else submission.bid / 100,
        str(SUBMISSION.state(submission.state).label),
        entry.get("reason", ""),
    ]


@require_safe
def decision_page(request: Request, identifier: UUID) -> HttpResponse:
    """One decision: for the public what was proposed, for who is concerned the whole."""
    decision = decision_or_404(request, identifier)
    topic = decision.topic
    whole = deciding.knows_beforehand(request.actor, topic)
    rows = told_rows(decision)
    if whole:
        _note(request.actor, topic, [row.submission for row in rows], CHANNEL)
    context = {
        "topic": topic,
        "decision": decision,
        "state": DECISION.state(decision.state),
        "whole": whole,
        "rows": rows if whole else [row for row in rows if row.verdict == "proposed"],
        "notices": list(decision.notices.all()),
        "history": acts_of(decision.pk) if whole else [],
    }
    return page(request, "challenge/decision", context)


@login_required
@require_POST
def publish(request: Request, identifier: UUID) -> HttpResponse:
    """Publish a prepared decision."""
    said = _("结果已公布，申请人现在可以看到自己的结果。")
    return _move(request, identifier, said, actions.publish_decision)


@login_required
@require_POST
def discard(request: Request, identifier: UUID) -> HttpResponse:
    """Give up a prepared decision."""
    said, reason = _("拟定的结果已作废，可以重新拟定。"), request.POST.get("reason", "")
    return _move(request, identifier, said, actions.discard_decision, reason=reason)


@login_required
@require_POST
def veto(request: Request, identifier: UUID) -> HttpResponse:
    """The setter refuses a proposed solver."""
    return _object(request, identifier, _("否决及理由已送达组织部门。"), actions.veto_proposal)


@login_required
@require_POST
def override(request: Request, identifier: UUID) -> HttpResponse:
    """The decider keeps to a vetoed proposal."""
    return _object(request, identifier, _("坚持拟立项的理由已记录。"), actions.override_veto)


def _move(request: Request, identifier: UUID, said: str, act: Callable[..., object], **given: str) -> HttpResponse:
    decision = decision_or_404(request, identifier)
    act(actor=request.actor, decision=decision, seen_state=seen_state(request), **given)
    return done(request, said, _address(decision.topic))


def _object(request: Request, identifier: UUID, said: str, act: Callable[..., object]) -> HttpResponse:
    decision = decision_or_404(request, identifier)
    submission = _submission(request, decision.topic)
    try:
        act(actor=request.actor, decision=decision, submission=submission, reason=request.POST.get("reason", ""))
    except Invalid as invalid:
        raise IllegalTransition(invalid.message) from None
    return done(request, said, _address(decision.topic))


def _context(request: Request, topic: Topic, attempt: Attempt | None = None) -> dict[str, Any]:
    actor = request.actor
    whole = deciding.knows_beforehand(actor, topic) and topic.state in deciding.SHOWN
    decision = deciding.latest_decision(topic)
    notice = deciding.latest_notice(topic)
    context = frame(actor, topic, "result") | {
        "whole": whole,
        "public": topic.state in deciding.PUBLISHED,
        "notice": notice,
        "notice_state": NOTICE.state(notice.state) if notice else None,
        "decision": decision if whole or (decision and decision.state == "published") else None,
        "own": _own(actor, topic),
    }
    if whole:
        context |= _inside(actor, topic, decision, notice)
        context |= _form(request, topic, decision, attempt)
    return context


def _inside(actor: Actor, topic: Topic, decision: Decision | None, notice: Notice | None) -> dict[str, Any]:
    """What whoever prepares, watches or vetoes sees beyond the public."""
    found = deciding.results(actor, topic)
    _note(actor, topic, found, CHANNEL)
    steers = bool(allows(actor, "steer", topic))
    return {
        "rows": [(each, SUBMISSION.state(each.state)) for each in found],
        "decision_state": DECISION.state(decision.state) if decision else None,
        "told": told_rows(decision) if decision and decision.state == "prepared" else [],
        "may_decide": decision is not None and bool(allows(actor, "decide", decision)),
        "may_veto": bool(allows(actor, "veto", topic)),
        "publish_waits": guards.vetoes_answered(decision, actor) if decision else None,
        "may_notice": steers and topic.state == "proposed",
        "may_award": steers and topic.state == "noticed",
        "award_waits": _award_waits(actor, topic),
        "objections": deciding.objections(actor).filter(notice=notice).count() if notice else 0,
        "stepping": _stepping(topic, actor) if steers and topic.state == "awarded" else [],
    }


def _award_waits(actor: Actor, topic: Topic) -> list[str]:
    asked = (guards.notice_over, guards.no_objection_open)
    return [answer for guard in asked if (answer := guard(topic, actor))]


def _stepping(topic: Topic, actor: Actor) -> list[Submission]:
    """Who may take the place of a winner that refused to sign."""
    if not topic.projects.filter(state="terminated", signed_on=None, submission__state="awarded").exists():
        return []
    decision = deciding.latest_decision(topic)
    reserve = {pk for pk, entry in decision.outcome.items() if entry["verdict"] == "reserve"} if decision else set()
    found = deciding.results(actor, topic)
    return [each for each in found if each.state == "not_awarded" and str(each.pk) in reserve]


def _form(request: Request, topic: Topic, decision: Decision | None, attempt: Attempt | None) -> dict[str, Any]:
    prepared = decision is not None and decision.state == "prepared"
    if topic.state != "ranked" or prepared or not allows(request.actor, "create", Decision(topic=topic)):
        return {"form": []}
    given, problems = (request.POST, attempt.problems) if attempt else (None, ())
    return {
        "form": _rows(topic, deciding.to_decide(topic), given, problems),
        "basis": given.get("basis", "") if given else "",
        "basis_problems": [each.message for each in problems if each.field == "basis"],
        "general": [each.message for each in problems if not each.field],
        "said": attempt.message if attempt else "",
    }


def _rows(
    topic: Topic, submissions: Sequence[Submission], given: QueryDict | None, problems: Sequence[Problem]
) -> list[Row]:
    """The form at first follows the ranks: the winners, one in reserve, the others not."""
    rows = []
    for place, each in enumerate(submissions):
        wrong = tuple(p.message for p in problems if p.field in (f"verdict-{each.pk}", f"reason-{each.pk}"))
        if given is not None:
            verdict, reason = given.get(f"verdict-{each.pk}", ""), given.get(f"reason-{each.pk}", "")
        else:
            ranked = each.state == "ranked"
            best = "proposed" if place < topic.winners else "reserve" if place == topic.winners else "not_awarded"
            verdict, reason = (best if ranked else "not_awarded"), ""
        rows.append(Row(each, verdict, reason, wrong))
    return rows


def told_rows(decision: Decision) -> list[Told]:
    """A decision row by row, best verdict first."""
    known = Submission.objects.filter(pk__in=list(decision.outcome)).select_related("applicant")
    rows = []
    for each in known:
        entry = decision.outcome[str(each.pk)]
        verdict = entry["verdict"]
        veto = decision.vetoes.get(str(each.pk))
        rows.append(Told(each, verdict, VERDICTS[verdict], TONES[verdict], entry.get("reason", ""), veto))
    order = {verdict: place for place, verdict in enumerate(VERDICTS)}
    return sorted(rows, key=lambda row: (order[row.verdict], row.submission.rank or 10**6, str(row.submission.pk)))


def _own(actor: Actor, topic: Topic) -> dict[str, Any] | None:
    """The reader's own submission once the result is published: its place, the reason, the opinions after the award."""
    if actor.party is None or topic.state not in deciding.PUBLISHED:
        return None
    found = topic.submissions.filter(applicant=actor.party).exclude(state__in=("draft", "withdrawn", "lapsed")).first()
    if found is None or not allows(actor, "view", found):
        return None
    decision = deciding.latest_decision(topic)
    entry = decision.outcome.get(str(found.pk), {}) if decision else {}
    notice = deciding.latest_notice(topic)
    return {
        "submission": found,
        "state": SUBMISSION.state(found.state),
        "reason": entry.get("reason", ""),
        "opinions": deciding.opinions(actor, found) if allows(actor, "read_marks", found) else None,
        "again": notice is not None and deciding.may_ask_again(actor, found),
        "until": deciding.reexamination_until(found),
    }


def _decidable(actor: Actor, topic: Topic) -> list[Submission]:
    require(actor, "create", Decision(topic=topic))
    return deciding.to_decide(topic)


def _note(actor: Actor, topic: Topic, submissions: Sequence[Submission], channel: str) -> None:
    """That ranks and marks were shown is noted under each submission."""
    among = Submission.objects.filter(pk__in=[each.pk for each in submissions])
    because = grounds(actor, "view", among)
    rows = [(each, ["rank", "score"], because[each.pk].zh) for each in submissions if each.pk in because]
    audit.shown(actor, channel, rows)


def _submission(request: Request, topic: Topic) -> Submission:
    pk = uuid_or_404(request.POST.get("submission", ""))
    return found_or_404(request, "view", topic.submissions.select_related("applicant"), pk)


def _address(topic: Topic) -> str:
    return reverse("portal:topic-result", args=(topic.pk,))
