"""Who acts: everything an access rule may ask about the person behind a request, read once."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What somebody may be here. The domain's own terms; labels stand in ``parties.roles``."""

    MEMBER = "member"
    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    EXPERT = "expert"
    OFFICER = "officer"
    ANALYST = "analyst"
    SUPERVISOR = "supervisor"
    SYSADMIN = "sysadmin"
    SECADMIN = "secadmin"
    AUDITOR = "auditor"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in a role, acting for a party; a visitor has no account and no role.

    ``region`` bounds what an officer, an analyst or a supervisor reaches (a GB/T 2260 code; "" for everywhere).
    ``link`` is the digest of a secret link they came by, which reaches the one record that carries it.
    """

    name: str = ""
    account: int | None = None
    party: UUID | None = None
    party_name: str = ""
    roles: frozenset[Role] = frozenset()
    region: str = ""
    link: str = field(default="", repr=False)

    @property
    def region_prefix(self) -> str:
        """The digits that every code within ``region`` begins with: 330000 bounds to 33, 330100 to 3301."""
        prefix = self.region
        while prefix.endswith("00"):
            prefix = prefix[:-2]
        return prefix

    def is_any(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def signed_in(self) -> bool:
        return self.account is not None

    @property
    def staff(self) -> bool:
        """Acts for the bureau rather than for a party."""
        return self.is_any(Role.OFFICER, Role.SYSTEM)


VISITOR = Actor()


def system_actor(name: str) -> Actor:
    """The platform itself, doing what no person asked for just now (``name`` says which job)."""
    return Actor(name=name, roles=frozenset({Role.SYSTEM}))
