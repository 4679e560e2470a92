"""Asking to read what is closed, deciding it, taking it back; what others see of a record."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rongtong.domain.foundation.access import require, scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.parties.models import Account
from rongtong.domain.registry import queries
from rongtong.domain.registry.actions import consent_blind
from rongtong.domain.registry.disclosing.actions import (
    advance_disclosure,
    ask_disclosure,
    convene_reader,
    grant_disclosure,
)
from rongtong.domain.registry.disclosing.queries import disclosures
from rongtong.domain.registry.models import Disclosure, Resource
from rongtong.domain.registry.reading import as_shown_to, read
from rongtong.domain.registry.showing import note_readings
from rongtong.domain.registry.states import DISCLOSURE
from rongtong.portal import two_layers
from rongtong.portal.forms import hour_in
from rongtong.portal.http import Request, done, known_or_404, page, paged, step_in
from rongtong.portal.views.resources import record_or_404

READERS: dict[str, tuple[Visibility, ...]] = {
    "visitor": (Visibility.PUBLIC,),
    "member": (Visibility.PUBLIC, Visibility.MEMBERS),
    "introduced": (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.MATCHED),
}
"""As whom an owner may look at a record before others do, and which classes those read."""


@login_required
@require_safe
def mine(request: Request) -> HttpResponse:
    """What others ask of one's organisation, and what it has asked of others."""
    found = paged(request, disclosures(request.actor).filter(layer="confidential"))
    rows = [two_layers.describe(request.actor, each) for each in found]
    context = {
        "page": found,
        "total": found.paginator.count,
        "open": _open(request.actor, found),
        "asked_of_us": [row for row in rows if row.disclosure.record_owner == request.actor.party],
        "asked_by_us": [row for row in rows if row.disclosure.party_id == request.actor.party],
        **two_layers.periods(),
    }
    return page(request, "disclosures", context)


def _open(actor: Actor, asked: Iterable[Disclosure]) -> set[UUID]:
    """The records that ``actor`` may read still; of others not even the title of today is told."""
    records = Resource.objects.filter(pk__in=[each.record_id for each in asked])
    return set(scope(actor, "view", records).values_list("pk", flat=True))


@require_POST
def ask(request: Request, kind: str, identifier: UUID) -> HttpResponse:
    """Ask the owner to let one's organisation read what is closed."""
    record = record_or_404(request, identifier, kind)
    ask_disclosure(
        actor=request.actor,
        record=record,
        purpose=request.POST.get("purpose", ""),
        accepts=request.POST.get("accepts", ""),
        fields=request.POST.getlist("fields"),
    )
    said = _("申请已送达所属单位。对方答复后，您会在“披露”里看到。")
    return done(request, said, reverse("portal:record", args=(kind, identifier)))


@require_POST
def grant(request: Request, identifier: UUID) -> HttpResponse:
    """Let who asked read some fields until an hour."""
    disclosure = _disclosure_or_404(request, identifier)
    moved = grant_disclosure(
        actor=request.actor,
        disclosure=disclosure,
        fields=request.POST.getlist("fields"),
        ends=_ends(request),
    )
    said = _("已同意披露。对方每次查看都有记录，可以随时收回。")
    return done(request, said, reverse("portal:record", args=(moved.record.kind, moved.record_id)))


@require_POST
def advance(request: Request, identifier: UUID) -> HttpResponse:
    """Refuse, take back or revoke."""
    disclosure = _disclosure_or_404(request, identifier)
    moved = advance_disclosure(actor=request.actor, disclosure=disclosure, **step_in(request))
    said = _("披露现在是“%(state)s”。") % {"state": DISCLOSURE.state(moved.state).label}
    return done(request, said, reverse("portal:record", args=(moved.record.kind, moved.record_id)))


@require_POST
def convene(request: Request, kind: str, identifier: UUID) -> HttpResponse:
    """Give a reviewer's account its time with the panel material."""
    record = record_or_404(request, identifier, kind)
    require(request.actor, "assign_reader", record)
    account = Account.objects.filter(username=request.POST.get("account", "").strip()).first()
    given = convene_reader(
        actor=request.actor,
        record=record,
        account=account or Account(pk=0, is_active=False),
        ends=_ends(request),
        purpose=request.POST.get("purpose", ""),
    )
    hour = timezone.localtime(given.ends).strftime("%Y-%m-%d %H:%M") if given.ends else ""
    said = _("已分派，评审人可以查阅到 %(hour)s。") % {"hour": hour}
    return done(request, said, reverse("portal:record", args=(kind, identifier)))


@require_POST
def blind(request: Request, kind: str, identifier: UUID) -> HttpResponse:
    """Let the platform look for answers with the closed part, or stop it."""
    record = record_or_404(request, identifier, kind)
    agrees = request.POST.get("agrees") == "1"
    consent_blind(actor=request.actor, record=record, agrees=agrees)
    said = _("平台会用保密部分代为寻找，不向对方说明理由。") if agrees else _("平台不再使用保密部分。")
    return done(request, said, reverse("portal:record", args=(kind, identifier)))


@require_safe
def preview(request: Request, kind: str, identifier: UUID) -> HttpResponse:
    """The record as others would see it, for its owner."""
    record = record_or_404(request, identifier, kind)
    require(request.actor, "edit", record)
    reader = request.GET.get("as", "visitor")
    if reader not in READERS:
        raise Http404
    reading = as_shown_to(record, READERS[reader])
    note_readings(request.actor, "preview", [read(request.actor, record)], only=reading.fields)
    context = {
        "record": record,
        "kind": record.declaration,
        "reader": reader,
        "readers": [(key, label, key == reader) for key, label in _readers()],
        "shown": queries.card(reading),
        "owner": reading.owner,
        "locked": two_layers.locked_rows(reading),
        "findable": record.visibility in [str(each) for each in READERS[reader]],
    }
    return page(request, "resources/preview", context)


def _readers() -> list[tuple[str, str]]:
    return [("visitor", _("未登录的人")), ("member", _("登录成员")), ("introduced", _("经引荐的对方"))]


def _disclosure_or_404(request: Request, identifier: UUID) -> Disclosure:
    return known_or_404(disclosures(request.actor).filter(pk=identifier).first())


def _ends(request: Request) -> dt.datetime:
    """The end from the browser's input; one that cannot be read is over, which the action says in its words."""
    return hour_in(request.POST, "ends") or timezone.now()
