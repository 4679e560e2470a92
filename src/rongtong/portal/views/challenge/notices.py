"""Public notices: the list and each one for everybody, giving one, and objecting to one with or without an account."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from rongtong.domain.foundation.access import allows, require
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.calendar import NoCalendar
from rongtong.domain.foundation.documents.checks import accepted
from rongtong.domain.foundation.documents.media import ACCEPT
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem
from rongtong.domain.programmes.actions import deciding as actions
from rongtong.domain.programmes.actions.objections import file_objection
from rongtong.domain.programmes.documents import EVIDENCE
from rongtong.domain.programmes.models import Decision, Notice, Objection, Submission, Topic
from rongtong.domain.programmes.queries import deciding
from rongtong.domain.programmes.queries.deciding import NoticeTerm
from rongtong.domain.programmes.secret_links import new_secret
from rongtong.domain.programmes.states import NOTICE, OBJECTION
from rongtong.domain.programmes.terms import number
from rongtong.portal import qr
from rongtong.portal.attempts import Attempt
from rongtong.portal.challenging import decision_or_404
from rongtong.portal.http import Request, done, found_or_404, page, paged, unreferred, uuid_or_404
from rongtong.portal.views.challenge import held_objections
from rongtong.portal.views.challenge.evidence import attach_all

SHORTEST_SECRET = 40


@require_safe
def listing(request: Request) -> HttpResponse:
    """Notices that run, or those that are over."""
    running = request.GET.get("over") != "1"
    words = request.GET.get("q", "").strip()[:100]
    found = deciding.notices(request.actor, running=running)
    if words:
        found = found.filter(title__icontains=words)
    rows = paged(request, found)
    context = {
        "page": rows,
        "total": rows.paginator.count,
        "rows": [(each, NOTICE.state(each.state)) for each in rows],
        "running": running,
        "words": words,
    }
    return page(request, "challenge/notices", context)


@require_safe
def detail(request: Request, identifier: UUID) -> HttpResponse:
    """A notice as it was given, how to object until when, and what became of it."""
    notice = _notice_or_404(request, identifier)
    actor, topic = request.actor, notice.topic
    context = {
        "notice": notice,
        "topic": topic,
        "content": notice.content,
        "state": NOTICE.state(notice.state),
        "open": notice.state == "running" and _stands(notice),
        "objection_days": number(topic.programme, "objection_days"),
        "address": request.build_absolute_uri(reverse("portal:notice", args=(notice.pk,))),
        "own": _own_loser(actor, topic),
        "objections": _objections(actor, notice),
        "topic_open": allows(actor, "view", topic),
    }
    return page(request, "challenge/notice", context)


@require_safe
def picture(request: Request, identifier: UUID) -> HttpResponse:
    """The address of a notice for telephones."""
    notice = _notice_or_404(request, identifier)
    address = request.build_absolute_uri(reverse("portal:notice", args=(notice.pk,)))
    return HttpResponse(qr.as_svg(address), content_type="image/svg+xml")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: Request, identifier: UUID) -> HttpResponse:
    """Put a decision under notice: the last day is computed and explained before it is given."""
    decision = decision_or_404(request, identifier)
    topic = decision.topic
    require(request.actor, "create", Notice(topic=topic))
    given = request.POST if request.method == "POST" else request.GET
    term, problems = _term(topic, given.get("starts", ""))
    if request.method == "POST" and not problems:
        contact = given.get("contact", "").strip()
        if contact:
            return _gave(request, decision, term, contact)
        problems.append(Problem("contact", _("请写明受理异议的部门、电话或邮箱。")))
    context = {
        "topic": topic,
        "decision": decision,
        "term": term,
        "starts": given.get("starts", "") or (term.starts.isoformat() if term else ""),
        "contact": given.get("contact", ""),
        "wrong": {each.field: each.message for each in problems},
    }
    return page(request, "challenge/notice_give", context, status=422 if request.method == "POST" else 200)


def _gave(request: Request, decision: Decision, term: NoticeTerm | None, contact: str) -> HttpResponse:
    starts = term.starts if term else None
    notice = actions.give_notice(actor=request.actor, decision=decision, starts=starts, contact=contact)
    said = _("公示已发出，到 %(day)s 为止。") % {"day": notice.ends}
    return done(request, said, reverse("portal:notice", args=(notice.pk,)))


def _term(topic: Topic, written: str) -> tuple[NoticeTerm | None, list[Problem]]:
    try:
        return deciding.notice_term(topic, dt.date.fromisoformat(written) if written else None), []
    except Invalid as invalid:
        return None, list(invalid.problems)
    except NoCalendar as unknown:
        return None, [Problem("starts", unknown.message)]
    except ValueError:
        return None, [Problem("starts", _("日期的写法如 2026-10-09。"))]


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def object_(request: Request, identifier: UUID) -> HttpResponse:
    """Object to a notice, or ask for one's own submission to be examined again; with an account or without."""
    notice = _notice_or_404(request, identifier)
    again = _again(request, notice)
    attempt = Attempt(Invalid, IllegalTransition)
    if request.method == "POST":
        with attempt:
            return _filed(request, notice, again)
    elif again is None:
        with attempt:
            deciding.require_running(notice)
    context = {
        "notice": notice,
        "again": again,
        "until": deciding.reexamination_until(again) if again else notice.ends,
        "given": request.POST if request.method == "POST" else {"name": request.actor.name},
        "wrong": attempt.wrong,
        "said": attempt.message,
        "shut": attempt.refused and not attempt.problems,
        "contact": notice.content.get("contact", ""),
        "accept": ACCEPT,
        "accepted": accepted(),
        "most": EVIDENCE.files,
        "limit_mb": settings.ENVIRONMENT.document_limit_mb,
        "secret": "" if request.actor.signed_in else _secret(request),
        "days_kept": deciding.days_kept(),
    }
    return unreferred(page(request, "challenge/object", context, status=422 if request.method == "POST" else 200))


def _filed(request: Request, notice: Notice, again: Submission | None) -> HttpResponse:
    given = request.POST
    secret = "" if request.actor.signed_in else _secret(request)
    objection = file_objection(
        actor=request.actor,
        notice=notice,
        name=given.get("name", ""),
        contact=given.get("contact", ""),
        ground=given.get("ground", ""),
        academic="academic" in given,
        kind="reexamination" if again else "objection",
        submission=again,
        secret=secret,
    )
    if secret:
        return held_objections.receipt(request, objection, secret)
    said = _("已提出，编号 %(number)s。") % {"number": deciding.receipt_number(objection)}
    left = attach_all(request, request.actor, objection)
    if left:
        said += " " + _("这些附件没有收下，可以在本页补充：%(names)s") % {"names": "；".join(left)}
    return done(request, said, reverse("portal:objection", args=(objection.pk,)))


def _secret(request: Request) -> str:
    """The secret that came with the form, so that a form sent twice is one objection; a form without one gets one."""
    sent = request.POST.get("secret", "")
    return sent if len(sent) >= SHORTEST_SECRET else new_secret()


def _again(request: Request, notice: Notice) -> Submission | None:
    """The reader's own submission whose re-examination the address or the form asks for."""
    wanted = request.POST.get("submission", "") or request.GET.get("submission", "")
    if not wanted:
        return None
    own = Submission.objects.filter(topic=notice.topic_id, applicant=request.actor.party or UUID(int=0))
    own = own.select_related("applicant", "topic__programme")
    return found_or_404(request, "view", own, uuid_or_404(wanted))


def _own_loser(actor: Actor, topic: Topic) -> Submission | None:
    """The reader's own submission, if they may still ask for its re-examination."""
    if actor.party is None:
        return None
    own = topic.submissions.filter(applicant=actor.party, state__in=deciding.NOT_CHOSEN).first()
    return own if own is not None and deciding.may_ask_again(actor, own) else None


def _objections(actor: Actor, notice: Notice) -> list[tuple[Objection, Any]]:
    """The objections to a notice that the reader may read."""
    return [(each, OBJECTION.state(each.state)) for each in deciding.objections(actor).filter(notice=notice)]


def _stands(notice: Notice) -> bool:
    """Whether one can object to a notice now."""
    with Attempt(IllegalTransition) as attempt:
        deciding.require_running(notice)
    return not attempt.refused


def _notice_or_404(request: Request, identifier: UUID) -> Notice:
    return found_or_404(request, "view", Notice.objects.select_related("topic__programme", "decision"), identifier)
