"""Reads about parties and accounts that are more than a filter."""

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from rongtong.domain.foundation.actors import VISITOR, Actor, Role
from rongtong.domain.parties.actions import key_digest
from rongtong.domain.parties.models import Account, ApiKey, RoleGrant


def actor_of(account: Account, *, acting_for: UUID | None = None) -> Actor:
    """The actor behind an account today: its current roles, for the party it chose or the first it has.

    A person without an organisation acts for themselves, so that what they make has an owner.
    """
    if not account.is_active:
        return VISITOR
    grants = list(current(account.grants.select_related("party")))
    parties = [grant.party for grant in grants if grant.party]
    party = next((p for p in parties if p.pk == acting_for), parties[0] if parties else account.person)
    roles = {Role(grant.role) for grant in grants if grant.party is None or grant.party == party}
    return Actor(
        name=account.display_name,
        account=account.pk,
        party=party.pk if party else None,
        party_name=party.name if party else "",
        roles=frozenset(roles or {Role.MEMBER}),
        region=next((grant.region for grant in grants if grant.region), ""),
    )


def current(grants: QuerySet[RoleGrant], on: dt.date | None = None) -> QuerySet[RoleGrant]:
    """The grants that hold on a day (today by default)."""
    day = on or timezone.localdate()
    return grants.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)


def account_of_key(secret: str) -> Account | None:
    """The active account behind an API key, or None when it is unknown, revoked or expired."""
    key = ApiKey.objects.select_related("account").filter(digest=key_digest(secret), revoked_at__isnull=True).first()
    if key is None or (key.expires_at and key.expires_at <= timezone.now()) or not key.account.is_active:
        return None
    return key.account
