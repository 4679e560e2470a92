"""Reads about parties and accounts that are more than a filter."""

from collections.abc import Callable
from uuid import UUID

from django.utils import timezone

from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.parties.actions import key_digest
from rongtong.domain.parties.conferring import current as current  # where readers look for it
from rongtong.domain.parties.models import Account, ApiKey
from rongtong.domain.parties.seats import Seat, chosen, seats


def actor_of(account: Account, *, seat: str = "") -> Actor:
    """The actor behind an account today: in the seat of this key while it holds, else in its first; never in two."""
    return chosen(seats(account), seat).actor(account) if account.is_active else VISITOR


def actor_for(account: Account, party: UUID | None) -> Actor:
    """The actor behind an account that acts for ``party`` (for none when None); a visitor when it no longer does."""
    return _in_seat(account, lambda seat: (seat.party.pk if seat.party else None) == party)


def actor_of_key(secret: str) -> Actor | None:
    """Who acts with an API key, in the seat it was made in; None when the key or that seat does not hold."""
    key = _key(secret)
    if key is None:
        return None
    if not key.seat:  # made before keys had one
        return actor_of(key.account)
    actor = _in_seat(key.account, lambda seat: seat.key == key.seat)
    return actor if actor.signed_in else None


def _in_seat(account: Account, wanted: Callable[[Seat], bool]) -> Actor:
    seat = next((seat for seat in seats(account) if wanted(seat)), None)
    return seat.actor(account) if seat and account.is_active else VISITOR


def _key(secret: str) -> ApiKey | None:
    key = ApiKey.objects.select_related("account").filter(digest=key_digest(secret), revoked_at__isnull=True).first()
    if key is None or (key.expires_at and key.expires_at <= timezone.now()) or not key.account.is_active:
        return None
    return key
