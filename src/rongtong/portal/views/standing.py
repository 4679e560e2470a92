"""What an account can see and do, and why: one's own, and those that one keeps or watches."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.roles import TERMS, RoleTerms
from rongtong.domain.parties.seats import Seat
from rongtong.domain.parties.standing import Ability, KindStanding, Reach, standing, visible_seats
from rongtong.domain.registry.models import Disclosure
from rongtong.portal.abilities import COUNTED, ability_name, kind_told
from rongtong.portal.http import Request, found_or_404, page

APPS = ("registry", "leads", "parties")
"""Of which app the counts are told first."""


@dataclass(frozen=True, slots=True)
class Told:
    """One kind of thing in words: what one may do, and on which grounds."""

    name: Words
    abilities: list[tuple[Words, tuple[Words, ...]]]


@dataclass(frozen=True, slots=True)
class TakenSeat:
    """A seat with everything that follows from it."""

    seat: Seat
    terms: list[RoleTerms]
    reads: list[tuple[Words, list[Reach]]]
    kinds: list[Told]
    disclosures: list[Disclosure]


@login_required
@require_safe
def mine(request: Request) -> HttpResponse:
    """What I can see and do, and why."""
    return _page(request, get_object_or_404(Account, pk=request.actor.account))


@login_required
@require_safe
def of_account(request: Request, number: int) -> HttpResponse:
    """What somebody else can see and do, for whoever keeps or watches their account."""
    if number == request.actor.account:
        return HttpResponseRedirect(reverse("portal:my-access"))
    return _page(request, found_or_404(request, "explain", Account.objects.select_related("person"), number))


def _page(request: Request, account: Account) -> HttpResponse:
    found = visible_seats(request.actor, account)
    context: dict[str, Any] = {
        "account": account,
        "own": account.pk == request.actor.account,
        "taken": [_taken(seat, account) for seat in found],
        "acting": request.actor,
        "today": timezone.localdate(),
        "now": timezone.now(),
    }
    return page(request, "access", context)


def _taken(seat: Seat, account: Account) -> TakenSeat:
    actor = seat.actor(account)
    found = standing(actor, COUNTED)
    return TakenSeat(
        seat=seat,
        terms=[TERMS[role] for role in TERMS if role in seat.roles],
        reads=[(kind_told(kind.label), _seen(kind)) for kind in sorted(found, key=_records_first) if _seen(kind)],
        kinds=[_told(kind) for kind in found],
        disclosures=_disclosures(actor),
    )


def _told(kind: KindStanding) -> Told:
    return Told(kind_told(kind.label), [_named(ability) for ability in kind.abilities])


def _seen(kind: KindStanding) -> list[Reach]:
    """The grounds on which there is something to be seen now; what may not be counted stands in the list below."""
    return [reach for reach in kind.reach if reach.count]


def _records_first(kind: KindStanding) -> int:
    app = kind.label.partition(".")[0]
    return APPS.index(app) if app in APPS else len(APPS)


def _named(ability: Ability) -> tuple[Words, tuple[Words, ...]]:
    return ability_name(ability.name), ability.grounds


def _disclosures(actor: Actor) -> list[Disclosure]:
    """What owners let the party of ``actor`` read of what they keep to themselves, now."""
    if actor.party is None:
        return []
    now = timezone.now()
    granted = Disclosure.objects.filter(state="granted", party=actor.party, starts__lte=now, ends__gte=now)
    return list(granted.select_related("record").order_by("ends"))
