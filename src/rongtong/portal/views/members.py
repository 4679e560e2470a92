"""The members of one's organisation: who they are, who keeps them, and for administrators inviting and removing."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rongtong.domain.foundation.access import scope
from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.errors import AccessDenied, Invalid
from rongtong.domain.parties.access import administers
from rongtong.domain.parties.membership import end_role, grant_role
from rongtong.domain.parties.models import Account, OneTimeLink, Party, RoleGrant
from rongtong.domain.parties.people import colleagues, former
from rongtong.domain.parties.roles import ROLE_LABELS
from rongtong.domain.parties.signing.invitations import issue_invitation
from rongtong.domain.parties.signing.links import Issued, open_links
from rongtong.domain.registry.taxonomies import scheme
from rongtong.portal.attempts import Attempt
from rongtong.portal.conferring import (
    REFUSED,
    conferrable,
    invited_in,
    last_day_of,
    revoke_invitation,
    role_of,
    tried,
)
from rongtong.portal.http import Request, done, own_party, page
from rongtong.portal.links import to_address
from rongtong.portal.rail import in_organisation

FORMER = 50


@login_required
@require_safe
def members(request: Request) -> HttpResponse:
    """Who acts for one's organisation, in which roles and until when."""
    return _page(request)


@login_required
@require_POST
def invite(request: Request) -> HttpResponse:
    """Invite somebody by mail or by a link to hand over, which is shown this once."""
    party = _own(request)
    with Attempt(Invalid) as attempt:
        issued = issue_invitation(actor=request.actor, role=role_of(request), party=party, **invited_in(request))
        return _page(request, issued=issued)
    return _page(request, "invite", attempt.sentences)


@login_required
@require_POST
def confer(request: Request) -> HttpResponse:
    """Give a colleague another role in the organisation."""
    party = _own(request)
    account = _colleague(request, request.POST.get("account", ""))

    def give() -> None:
        grant_role(actor=request.actor, account=account, role=role_of(request), party=party, ends=last_day_of(request))

    return _tried(request, f"account-{account.pk}", give, _("已授予身份，对方下一次打开页面就生效。"))


@login_required
@require_POST
def end(request: Request, identifier: UUID) -> HttpResponse:
    """Take a role from a colleague, with the reason."""
    party = _own(request)
    grant = get_object_or_404(scope(request.actor, "view", RoleGrant.objects.filter(party=party)), pk=identifier)
    step = partial(end_role, actor=request.actor, grant=grant, reason=request.POST.get("reason", ""))
    return _tried(request, f"account-{grant.account_id}", step, _("已收回，对方下一次打开页面就生效。"))


@login_required
@require_POST
def revoke(request: Request, identifier: UUID) -> HttpResponse:
    """End an invitation that nobody has taken yet."""
    invitations = OneTimeLink.objects.filter(purpose=OneTimeLink.INVITATION)
    return revoke_invitation(request, invitations, identifier, reverse("portal:members"))


def _own(request: Request) -> Party:
    party = own_party(request.actor) if in_organisation(request.actor) else None
    if party is None or party.kind != "organisation":
        raise AccessDenied(_("您现在不代表任何单位。如属于某家单位，请向该单位的管理员要一个邀请。"))
    return party


def _colleague(request: Request, written: str) -> Account:
    if not written.isdigit():
        raise Http404
    return get_object_or_404(scope(request.actor, "explain", Account.objects.all()), pk=int(written))


def _tried(request: Request, part: str, step: Callable[[], object], message: str) -> HttpResponse:
    reasons = tried(step)
    return _page(request, part, reasons) if reasons else done(request, message, reverse("portal:members"))


def _page(
    request: Request, failed: str = "", reasons: list[str] | None = None, issued: Issued | None = None
) -> HttpResponse:
    actor, party = request.actor, _own(request)
    keeps = administers(actor)
    people = colleagues(actor)
    context = {
        "party": party,
        "facts": _facts(party),
        "keeps": keeps,
        "people": people,
        "administrators": [one for one in people if any(held.grant.role == Role.ADMINISTRATOR for held in one.held)],
        "roles": conferrable(actor) if keeps else [],
        "invitations": _invitations(request) if keeps else [],
        "former": list(former(actor)[:FORMER]) if keeps else [],
        "failed": failed,
        "reasons": reasons or [],
        "given": request.POST if failed else {},
        "issued": issued,
        "address": to_address(request)(issued.secret) if issued else "",
        "today": timezone.localdate(),
    }
    return page(request, "members/members", context, status=REFUSED if failed else 200)


def _invitations(request: Request) -> list[tuple[OneTimeLink, str]]:
    links = open_links(request.actor, OneTimeLink.INVITATION).filter(party=request.actor.party)
    return [(link, str(ROLE_LABELS[Role(link.role)])) for link in links]


def _facts(party: Party) -> list[tuple[str, str]]:
    facts = [
        (_("单位类型"), str(party.type_label)),
        (_("统一社会信用代码"), party.uscc),
        (_("地区"), scheme("division").show(party.region) if party.region else ""),
        (_("行业"), scheme("industry").show(party.industry) if party.industry else ""),
        (_("成立日期"), party.established.isoformat() if party.established else ""),
    ]
    return [(label, value) for label, value in facts if value]
