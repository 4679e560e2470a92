"""One's own data: what is held and why, a copy, consents, requests, and what the machine made of one's record."""

import json
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.leads.showing import note_leads
from rongtong.domain.parties.consent.actions import decline_purpose, give_consent, withdraw_consent
from rongtong.domain.parties.models import Consent, Party, PersonalRequest
from rongtong.domain.parties.models.consents import PURPOSES
from rongtong.domain.parties.models.personal import REQUESTS
from rongtong.domain.parties.personal import notice
from rongtong.domain.parties.personal.actions import ask_personal, hand_out_personal, take_back_personal
from rongtong.domain.parties.personal.queries import (
    ANSWER_WITHIN,
    consents_of,
    held,
    person_of,
    requests_of,
)
from rongtong.domain.parties.states import REQUEST
from rongtong.domain.registry.persons import LISTING, PURPOSE, person_kinds, records_of, word_of
from rongtong.portal import persons
from rongtong.portal.attempts import Attempt
from rongtong.portal.http import Request, done, known_or_404, page, uuid_or_404
from rongtong.portal.personal_words import copy_part, notice_context

REFUSED = 422
BY_ERASING = (notice.PURPOSE,)
"""What one agreed to for the account as such: it ends with the account."""


@login_required
@require_safe
def data(request: Request) -> HttpResponse:
    """What is held of the person who reads, what they agreed to, what they asked."""
    return _page(request)


@login_required
@require_safe
def copy(request: Request) -> HttpResponse:
    """Everything held, as a page to read and print."""
    handed = hand_out_personal(actor=request.actor)
    return page(
        request, "personal/copy", {"parts": [copy_part(part) for part in handed["parts"]], "at": timezone.now()}
    )


@login_required
@require_safe
def copy_file(request: Request) -> HttpResponse:
    """Everything held, as JSON."""
    written = json.dumps(hand_out_personal(actor=request.actor), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    name = f"personal-data-{timezone.localdate():%Y-%m-%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(written, content_type="application/json; charset=utf-8", headers=headers)


@login_required
@require_POST
def ask(request: Request) -> HttpResponse:
    """Ask to have something corrected, explained or erased."""
    kind = request.POST.get("kind", "")
    with Attempt(Invalid) as attempt:
        ask_personal(actor=request.actor, kind=kind, text=request.POST.get("text", ""), about=_about(request))
        return _back(request, _("请求已提交。工作人员会在 30 天内答复，您可以在这里看到。"))
    return _page(request, failed=attempt.message, kind=kind)


@login_required
@require_safe
def erase(request: Request) -> HttpResponse:
    """What goes and what stays, before one asks to be erased."""
    person = _person_or_404(request)
    found = held(person)
    context = {
        "goes": [each for each in found if each.goes and each.count],
        "stays": [each for each in found if not each.goes and each.count],
        "asked": requests_of(request.actor).filter(kind="erasure", state="asked").first(),
    }
    return page(request, "personal/erase", context)


@login_required
@require_POST
def take_back(request: Request, identifier: UUID) -> HttpResponse:
    """Take a request back."""
    asked = known_or_404(requests_of(request.actor).filter(pk=identifier).first())
    take_back_personal(actor=request.actor, request=asked)
    return _back(request, _("请求已撤回。"))


@login_required
@require_POST
def withdraw(request: Request, identifier: UUID) -> HttpResponse:
    """Take a consent back."""
    consent = known_or_404(consents_of(request.actor).filter(pk=identifier).first())
    withdraw_consent(actor=request.actor, consent=consent)
    return _back(request, _("同意已撤回，从现在起不再用于这个用途。"))


@login_required
@require_POST
def proposing(request: Request) -> HttpResponse:
    """Let the platform propose one by one's profile, or not."""
    yes = _("已同意由平台推荐。随时可以撤回。")
    no = _("平台从现在起不再推荐您。您的资料仍在专家库中，可以被查到。")
    return _back(request, yes if _agreed(request, PURPOSE) else no)


@login_required
@require_POST
def listing(request: Request) -> HttpResponse:
    """Let one's profile stand among the experts in public, or take it back to the members."""
    yes = _("已同意公开。资料可以设为公开了，随时可以撤回。")
    no = _("已撤回。您的资料从现在起只有登录成员能看到。")
    return _back(request, yes if _agreed(request, LISTING) else no)


def _agreed(request: Request, purpose: str) -> bool:
    """Keep what the person said to a purpose, yes or no; which it was."""
    person, agrees = _person_or_404(request), request.POST.get("agrees") == "1"
    say = give_consent if agrees else decline_purpose
    say(actor=request.actor, subject=person, purpose=purpose)
    return agrees


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def told(request: Request) -> HttpResponse:
    """The notice on personal data, and that it was read."""
    person = person_of(request.actor)
    if request.method == "POST" and person:
        give_consent(actor=request.actor, subject=person, purpose=notice.PURPOSE, version=notice.VERSION)
        return _back(request, _("已记下您阅读了告知。"))
    return page(request, "personal/notice", {**notice_context(), "read": notice.has_read(request.actor)})


@login_required
@require_safe
def judgement(request: Request, identifier: UUID) -> HttpResponse:
    """How the platform judges one's own record, which matches introduced it and why; and the way to a human."""
    record = known_or_404(persons.own_record(request.actor, identifier))
    found = persons.introductions(request.actor, record)
    note_leads(request.actor, "list", [each.lead for each in found if each.open])
    context = {
        "record": record,
        "introductions": found,
        "about": persons.about(record),
        "word": word_of(_person_or_404(request)),
        "asked": requests_of(request.actor).filter(kind="explanation", about=persons.about(record)).first(),
        "request_states": REQUEST,
    }
    return page(request, "personal/judgement", context)


def _page(request: Request, failed: str = "", kind: str = "") -> HttpResponse:
    person = person_of(request.actor)
    if person is None:
        return page(request, "personal/nobody")
    asked = list(requests_of(request.actor))
    context = {
        "person": person,
        "held": [each for each in held(person) if each.count],
        "consents": [_told_consent(consent) for consent in consents_of(request.actor)],
        "requests": [_told_request(request, each) for each in asked],
        "records": [each for each in records_of(person) if not each.sealed],
        "profiled": records_of(person).filter(kind__in=person_kinds()).exists(),
        "listing": word_of(person, LISTING),
        "word": word_of(person),
        "read": notice.has_read(request.actor),
        "failed": failed,
        "kind": kind,
        "text": request.POST.get("text", ""),
    }
    return page(request, "personal/data", context, status=REFUSED if failed else 200)


def _told_consent(consent: Consent) -> dict[str, object]:
    today = timezone.localdate()
    over = consent.withdrawn_at is not None or bool(consent.ends and consent.ends < today)
    return {
        "consent": consent,
        "purpose": PURPOSES[consent.purpose],
        "over": over,
        "may_withdraw": not over and consent.purpose not in BY_ERASING,
    }


def _told_request(request: Request, asked: PersonalRequest) -> dict[str, object]:
    return {
        "request": asked,
        "kind": REQUESTS[asked.kind],
        "state": REQUEST.state(asked.state).label,
        "due": asked.created_at + ANSWER_WITHIN,
        "record": persons.about_record(request.actor, asked),
    }


def _about(request: Request) -> str:
    """The record that a request is about: one of the person's own, or none."""
    written = request.POST.get("record", "")
    if not written:
        return ""
    record = known_or_404(persons.own_record(request.actor, uuid_or_404(written)))
    return persons.about(record)


def _person_or_404(request: Request) -> Party:
    return known_or_404(person_of(request.actor))


def _back(request: Request, message: str) -> HttpResponse:
    return done(request, message, reverse("portal:personal-data"))
