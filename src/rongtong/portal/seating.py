"""How seats and roles are called on pages."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from rongtong.domain.foundation.actors import Role
from rongtong.domain.parties.models import RoleGrant
from rongtong.domain.parties.roles import REGION, ROLE_LABELS, TERMS
from rongtong.domain.parties.seats import Seat
from rongtong.domain.registry.taxonomies import scheme


def roles_named(roles: Iterable[Role]) -> str:
    """Roles in the order of the table: 单位成员、技术经理人."""
    return _("、").join(str(ROLE_LABELS[role]) for role in sorted(roles, key=list(ROLE_LABELS).index))


def place_of(seat: Seat) -> str:
    """Whom a seat acts for and where: the organisation, the region, or the whole platform."""
    parts = [seat.label] if seat.label else []
    if any(TERMS[role].bound == REGION for role in seat.roles):
        parts.append(region_name(seat.region))
    return " · ".join(parts) or (_("本人") if not seat.grants else _("本平台"))


def described(seat: Seat) -> str:
    """A seat in one line."""
    return f"{place_of(seat)} · {roles_named(seat.roles)}"


def region_name(code: str) -> str:
    """The name of a region, 全部地区 for none, the code itself when the scheme does not know it."""
    return scheme("division").show(code) if code else _("全部地区")


def bounds_of(grant: RoleGrant) -> str:
    """What a grant is bounded by, in words."""
    parts = [grant.party.name] if grant.party else []
    if TERMS[Role(grant.role)].bound == REGION:
        parts.append(region_name(grant.region))
    return " · ".join(parts)
