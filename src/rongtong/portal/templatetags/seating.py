"""How templates call seats, roles and regions."""

from django import template

from rongtong.domain.foundation.actors import Role
from rongtong.domain.parties.models import RoleGrant
from rongtong.domain.parties.roles import ROLE_LABELS
from rongtong.domain.parties.seats import Seat
from rongtong.portal import seating

register = template.Library()


@register.filter
def role_label(grant: RoleGrant) -> str:
    """The role of a grant in the reader's language."""
    return str(ROLE_LABELS[Role(grant.role)])


@register.simple_tag
def grant_bounds(grant: RoleGrant) -> str:
    """Whom a grant is for and where."""
    return seating.bounds_of(grant)


@register.filter
def seat_place(seat: Seat) -> str:
    """Whom a seat acts for and where."""
    return seating.place_of(seat)


@register.filter
def seat_roles(seat: Seat) -> str:
    """The roles of a seat."""
    return seating.roles_named(seat.roles)


@register.filter
def part_of(account_id: int) -> str:
    """What the part of a page that is about an account is called."""
    return f"account-{account_id}"
