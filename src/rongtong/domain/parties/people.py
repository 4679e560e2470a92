"""Who belongs to an organisation and which accounts there are: reads for the pages that keep them."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from rongtong.domain.foundation.access import allows, scope
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.parties.conferring import current
from rongtong.domain.parties.models import Account, RoleGrant


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds or will hold, and whether the reader may end it."""

    grant: RoleGrant
    may_end: bool


@dataclass(slots=True)
class Colleague:
    """An account that acts for one's organisation: its roles, when it was last here (None when that is not known)."""

    account: Account
    last_seen: dt.datetime | None
    may_explain: bool
    held: list[Held] = field(default_factory=list)


def not_over(grants: QuerySet[RoleGrant]) -> QuerySet[RoleGrant]:
    """The grants that hold now or will."""
    return grants.filter(Q(ends__isnull=True) | Q(ends__gte=timezone.localdate()), ended_at__isnull=True)


def colleagues(actor: Actor) -> list[Colleague]:
    """Who acts for the party of ``actor``, administrators first; when they were last here only for who keeps them."""
    grants = _of_own_party(actor)
    explained = scope(actor, "explain", Account.objects.filter(pk__in=[grant.account_id for grant in grants]))
    may_explain = set(explained.values_list("pk", flat=True))
    found: dict[int, Colleague] = {}
    for grant in sorted(grants, key=lambda grant: grant.role != Role.ADMINISTRATOR):
        explains = grant.account_id in may_explain
        seen = _last_seen(grant) if explains else None
        colleague = found.setdefault(grant.account_id, Colleague(grant.account, seen, explains))
        colleague.held.append(Held(grant, may_end(actor, grant)))
    return list(found.values())


def former(actor: Actor) -> QuerySet[RoleGrant]:
    """The roles for the party of ``actor`` that are over, latest first."""
    grants = RoleGrant.objects.filter(party=actor.party).select_related("account").order_by("-ended_at", "-ends")
    over = Q(ended_at__isnull=False) | Q(ends__lt=timezone.localdate())
    return scope(actor, "view", grants.filter(over))


def accounts(actor: Actor, *, query: str = "", role: str = "", state: str = "") -> QuerySet[Account]:
    """The accounts that ``actor`` may view, by words of name, user name or organisation, by role held, by state."""
    found = scope(actor, "view", Account.objects.select_related("person", "second_factor"))
    for word in query.split():
        found = found.filter(_mentions(word))
    if role:
        found = found.filter(Exists(current(RoleGrant.objects.filter(account=OuterRef("pk"), role=role))))
    if state in _STATES:
        found = found.filter(is_active=_STATES[state])
    grants = current(RoleGrant.objects.select_related("party"))
    held = Prefetch("grants", queryset=grants, to_attr="held")
    return found.annotate(last_seen=Max("sign_ins__last_seen")).prefetch_related(held).order_by("username")


_STATES = {"active": True, "suspended": False}


def _mentions(word: str) -> Q:
    of_party = RoleGrant.objects.filter(account=OuterRef("pk"), party__name__icontains=word)
    return Q(username__icontains=word) | Q(display_name__icontains=word) | Q(Exists(of_party))


def may_end(actor: Actor, grant: RoleGrant) -> bool:
    """Whether the page offers to end ``grant``: the action asks again, and of the person's other accounts as well."""
    return grant.account_id != actor.account and bool(allows(actor, "end", grant))


def _of_own_party(actor: Actor) -> list[RoleGrant]:
    grants = not_over(RoleGrant.objects.filter(party=actor.party)).select_related("account", "party")
    return list(scope(actor, "view", grants.annotate(last_seen=Max("account__sign_ins__last_seen"))))


def _last_seen(grant: RoleGrant) -> dt.datetime | None:
    seen: dt.datetime | None = grant.last_seen  # type: ignore[attr-defined]  # annotated above
    return seen
