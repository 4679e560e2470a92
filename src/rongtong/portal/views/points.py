"""Innovation points for those whom enterprises agreed to show them; giving and withdrawing that consent."""

import datetime as dt
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rongtong.domain.assessments import queries
from rongtong.domain.assessments.models import Fact
from rongtong.domain.assessments.pointing import PURPOSE, show_points
from rongtong.domain.foundation.access import allows, scope
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.parties.consent.actions import give_consent, withdraw_consent
from rongtong.domain.parties.models import Consent, Party
from rongtong.portal import assessing
from rongtong.portal.attempts import Attempt
from rongtong.portal.http import Request, done, known_or_404, page, uuid_or_404
from rongtong.portal.views.assess import common, party_or_404

RECIPIENTS = ("bank", "fund", "insurer", "guarantor")


@login_required
@require_safe
def points(request: Request) -> HttpResponse:
    """Score, stage and date of the enterprises that agreed, and until when they did; nothing else of them."""
    found = show_points(request.actor, "list")
    rows = [(each.assessment, assessing.stage_of(each.assessment), each.until) for each in found]
    return page(request, "assess/points", {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: Request, party: UUID) -> HttpResponse:
    """To whom an enterprise shows its points, who looked, and the form to agree."""
    subject = party_or_404(request.actor, party)
    attempt = Attempt(Invalid)
    if request.method == "POST":
        with attempt:
            return _given(request, subject)
    given = scope(request.actor, "view", Consent.objects.filter(subject=subject, purpose=PURPOSE))
    today = timezone.localdate()
    recipients = Party.objects.filter(kind="organisation", organisation_type__in=RECIPIENTS, state="active")
    context = common(request, subject) | {
        "rows": [(each, _holds(each, today)) for each in given.select_related("recipient")],
        "recipients": recipients.order_by("name"),
        "may_give": bool(allows(request.actor, "give", Consent(subject=subject))),
        "looked": _looked(request, subject),
        "said": attempt.message,
        "today": today,
    }
    return page(request, "assess/consents", context, status=attempt.status)


def _holds(consent: Consent, today: dt.date) -> bool:
    return consent.withdrawn_at is None and (consent.ends is None or consent.ends >= today)


def _looked(request: Request, subject: Party) -> list[tuple[dt.datetime, str, str]]:
    """When, who, of which organisation."""
    if not allows(request.actor, "view", Fact(party=subject)):
        return []
    events = queries.who_looked(request.actor, subject)
    names = Party.objects.in_bulk({event.party for event in events if event.party})
    return [(event.at, event.actor_name, names[event.party].name if event.party in names else "") for event in events]


def _given(request: Request, subject: Party) -> HttpResponse:
    recipient = Party.objects.filter(
        pk=uuid_or_404(request.POST.get("recipient", "")), organisation_type__in=RECIPIENTS, state="active"
    ).first()
    if recipient is None:
        raise Http404
    written = request.POST.get("ends", "").strip()
    give_consent(actor=request.actor, subject=subject, purpose=PURPOSE, recipient=recipient, ends=_day(written))
    said = _("已同意“%(name)s”查看企业创新积分。随时可以撤回，撤回后对方立即看不到。") % {"name": recipient.name}
    return done(request, said, reverse("portal:consents", args=(subject.pk,)))


def _day(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written) if written else None
    except ValueError:
        raise Invalid(_("请填写截止日期，写法如 2026-06-30。")) from None


@login_required
@require_POST
def withdraw(request: Request, party: UUID, identifier: UUID) -> HttpResponse:
    """Take a consent back; from this moment on the other side sees nothing."""
    subject = party_or_404(request.actor, party)
    found = known_or_404(scope(request.actor, "view", Consent.objects.filter(subject=subject, pk=identifier)).first())
    withdraw_consent(actor=request.actor, consent=found)
    return done(request, _("已撤回，对方现在看不到了。"), reverse("portal:consents", args=(party,)))
