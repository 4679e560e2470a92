"""What forms that confer and end roles have in common: reading what was given, and telling what is wrong with it."""

import datetime as dt
from collections.abc import Callable
from typing import TypedDict
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import AccessDenied, Invalid, Problem
from rongtong.domain.parties.models import OneTimeLink, Party
from rongtong.domain.parties.roles import ROLE_LABELS, TERMS, RoleTerms, conferrable_by
from rongtong.domain.parties.signing.invitations import ToAddress
from rongtong.domain.parties.signing.links import Spent, revoke_link
from rongtong.portal.attempts import Attempt
from rongtong.portal.http import Request, done, found_or_404
from rongtong.portal.links import to_address

REFUSED = 422


def conferrable(actor: Actor) -> list[tuple[Role, RoleTerms]]:
    """The roles that ``actor`` may confer, with their terms, in the order of the table."""
    may = {role for giver in actor.roles for role in conferrable_by(giver)}
    return [(role, TERMS[role]) for role in ROLE_LABELS if role in may]


def role_of(request: HttpRequest) -> Role:
    """The role that a form names. Raises Invalid."""
    try:
        return Role(request.POST.get("role", ""))
    except ValueError:
        message = _("请选择身份。")
        raise Invalid(message, [Problem("role", message)]) from None


def last_day_of(request: HttpRequest) -> dt.date | None:
    """The last day that a form names, None for no end. Raises Invalid."""
    written = request.POST.get("ends", "").strip()
    try:
        return dt.date.fromisoformat(written) if written else None
    except ValueError:
        message = _("结束日期应写成 2026-12-31 的样子。")
        raise Invalid(message, [Problem("ends", message)]) from None


def party_of(request: HttpRequest) -> Party | None:
    """The organisation that a form names by its whole name or credit code, None when it names none. Raises Invalid."""
    written = request.POST.get("party", "").strip()
    if not written:
        return None
    organisations = Party.objects.filter(kind="organisation", state="active")
    found = organisations.filter(uscc=written).first() or organisations.filter(name=written).first()
    if found is None:
        message = _("没有登记名为“%(name)s”的单位，请写全称或统一社会信用代码。") % {"name": written}
        raise Invalid(message, [Problem("party", message)])
    return found


def refuse_unless(may: bool, message: str) -> None:
    """A page that is not for this actor: AccessDenied with ``message``."""
    if not may:
        raise AccessDenied(message)


def tried(step: Callable[[], object]) -> list[str]:
    """Do ``step``; what was wrong with it when it could not be done, in whole sentences."""
    with Attempt(Invalid) as attempt:
        step()
    return attempt.sentences


class Invited(TypedDict):
    """Whom a form of an invitation names, and until when."""

    to_address: ToAddress
    name: str
    email: str
    ends: dt.date | None


def invited_in(request: HttpRequest) -> Invited:
    """What a form of an invitation says beside the role. Raises Invalid."""
    return {
        "to_address": to_address(request),
        "name": request.POST.get("name", "").strip()[:100],
        "email": request.POST.get("email", "").strip(),
        "ends": last_day_of(request),
    }


def revoke_invitation(request: Request, among: QuerySet[OneTimeLink], identifier: UUID, address: str) -> HttpResponse:
    """End an invitation that nobody has taken yet, say so, and go on to ``address``."""
    link = found_or_404(request, "revoke", among, identifier)
    with Attempt(Spent):
        revoke_link(actor=request.actor, link=link)
        return done(request, _("邀请已撤销，链接不能再用。"), address)
    return done(request, _("这个邀请已经用过或已经失效。"), address)
