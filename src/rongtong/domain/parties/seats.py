"""Seats: in which roles one may act at the same time. Roles for one party never mix with those for another."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.parties.conferring import current
from rongtong.domain.parties.models import Account, Party, RoleGrant
from rongtong.domain.parties.roles import BYSTANDERS, acts_for_party


@dataclass(frozen=True, slots=True)
class Seat:
    """The roles that an account has today for one party, or within one region, or on the platform.

    ``grants`` is empty for a person who acts for themselves, as who holds no role at all does.
    """

    key: str
    party: Party | None
    region: str
    roles: frozenset[Role]
    grants: tuple[RoleGrant, ...] = ()

    @property
    def label(self) -> str:
        """Whom one acts for; empty when it is a region or the platform."""
        return self.party.name if self.party else ""

    def actor(self, account: Account) -> Actor:
        """``account`` acting in this seat."""
        return Actor(
            name=account.display_name,
            account=account.pk,
            party=self.party.pk if self.party else None,
            party_name=self.label,
            roles=self.roles,
            region=self.region,
        )


def seat_key(party: UUID | None, region: str) -> str:
    """What a session or a key remembers a seat by: whom it acts for and where, never in which roles."""
    return f"{party or ''}/{region}"


def seats(account: Account) -> list[Seat]:
    """The seats that ``account`` may take today, in the order in which they were conferred; at least one.

    Last comes a person's own, so that what is theirs stays in their hands whatever else they are given to do; who runs,
    guards or counts the platform has none. Whom nobody gave a role has it alone.
    """
    places: dict[tuple[Party | None, str], list[RoleGrant]] = {}
    for grant in current(account.grants.select_related("party")):
        places.setdefault(_place(grant), []).append(grant)
    found = [_seat(party, region, grants) for (party, region), grants in places.items()]
    bystander = any(seat.roles & {*BYSTANDERS} for seat in found)
    return found if found and (bystander or account.person_id is None) else [*found, _own(account)]


def chosen(found: Iterable[Seat], key: str) -> Seat:
    """The seat of this key, or the first when it has ended or was never held."""
    available = list(found)
    return next((seat for seat in available if seat.key == key), available[0])


def _place(grant: RoleGrant) -> tuple[Party | None, str]:
    return (grant.party if acts_for_party(Role(grant.role)) else None), grant.region


def _seat(party: Party | None, region: str, grants: list[RoleGrant]) -> Seat:
    roles = frozenset(Role(grant.role) for grant in grants)
    return Seat(seat_key(party.pk if party else None, region), party, region, roles, tuple(grants))


def _own(account: Account) -> Seat:
    person = account.person
    return Seat(seat_key(person.pk if person else None, ""), person, "", frozenset({Role.MEMBER}))
