"""The security administrator's pages: every account, its roles, whether it may act, its second factor."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rongtong.domain.foundation.access import scope
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.parties.access import guards
from rongtong.domain.parties.membership import end_role, grant_role, restore_account, suspend_account
from rongtong.domain.parties.models import Account, OneTimeLink, Party
from rongtong.domain.parties.people import accounts, may_end, not_over
from rongtong.domain.parties.roles import ROLE_LABELS, needs_second_factor
from rongtong.domain.parties.seats import seats
from rongtong.domain.parties.signing import oidc
from rongtong.domain.parties.signing.factors import has_second_factor, reset_second_factor
from rongtong.domain.parties.signing.invitations import issue_invitation
from rongtong.domain.parties.signing.links import Issued, open_links
from rongtong.domain.parties.signing.resets import issue_reset
from rongtong.portal.attempts import Attempt
from rongtong.portal.conferring import (
    REFUSED,
    conferrable,
    invited_in,
    last_day_of,
    party_of,
    refuse_unless,
    revoke_invitation,
    role_of,
    tried,
)
from rongtong.portal.http import Request, done, page, paged
from rongtong.portal.links import to_address

STATES = ("active", "suspended")
PER_PAGE = 50
SUGGESTED = 200


@login_required
@require_safe
def listing(request: Request) -> HttpResponse:
    """Accounts by name, role and state."""
    return _list(request)


@login_required
@require_POST
def invite(request: Request) -> HttpResponse:
    """Invite somebody to any role there is."""
    _guard(request)
    with Attempt(Invalid) as attempt:
        issued = issue_invitation(
            actor=request.actor,
            role=role_of(request),
            party=party_of(request),
            region=request.POST.get("region", "").strip(),
            **invited_in(request),
        )
        return _list(request, issued=issued)
    return _list(request, attempt.sentences)


@login_required
@require_POST
def revoke(request: Request, identifier: UUID) -> HttpResponse:
    """End an invitation that nobody has taken yet."""
    _guard(request)
    return revoke_invitation(request, OneTimeLink.objects.all(), identifier, reverse("portal:admin-accounts"))


@login_required
@require_safe
def detail(request: Request, number: int) -> HttpResponse:
    """One account: what it holds and held, its second factor, and what may be done about it."""
    return _detail(request, _account(request, number))


@login_required
@require_POST
def confer(request: Request, number: int) -> HttpResponse:
    """Give an account a role."""
    account = _account(request, number)

    def give() -> None:
        grant_role(
            actor=request.actor,
            account=account,
            role=role_of(request),
            party=party_of(request),
            region=request.POST.get("region", "").strip(),
            ends=last_day_of(request),
        )

    return _tried(request, account, "confer", give, _("已授予身份，对方下一次打开页面就生效。"))


@login_required
@require_POST
def end(request: Request, number: int, identifier: UUID) -> HttpResponse:
    """Take a role from an account."""
    account = _account(request, number)
    grant = get_object_or_404(account.grants, pk=identifier)
    step = partial(end_role, actor=request.actor, grant=grant, reason=request.POST.get("reason", ""))
    return _tried(request, account, "end", step, _("已收回，对方下一次打开页面就生效。"))


@login_required
@require_POST
def switch(request: Request, number: int) -> HttpResponse:
    """Suspend an account, or let a suspended one act again."""
    account = _account(request, number)
    change, said = (suspend_account, _("账号已停用。")) if account.is_active else (restore_account, _("账号已恢复。"))
    step = partial(change, actor=request.actor, account=account, reason=request.POST.get("reason", ""))
    return _tried(request, account, "switch", step, said)


@login_required
@require_POST
def reset_factor(request: Request, number: int) -> HttpResponse:
    """Take the second factor from an account whose device is lost."""
    account = _account(request, number)
    reset_second_factor(actor=request.actor, account=account)
    return done(request, _("动态码已重置，对方下次登录时重新绑定。"), _address(account))


@login_required
@require_POST
def reset_password(request: Request, number: int) -> HttpResponse:
    """Make a link by which the person chooses a new password."""
    account = _account(request, number)
    issued = issue_reset(actor=request.actor, to_address=to_address(request), account=account)
    return _detail(request, account, issued=issued)


def _guard(request: Request) -> None:
    refuse_unless(guards(request.actor), _("这一页只供安全管理员使用。"))


def _account(request: Request, number: int) -> Account:
    _guard(request)
    return get_object_or_404(scope(request.actor, "view", Account.objects.select_related("person")), pk=number)


def _address(account: Account) -> str:
    return reverse("portal:admin-account", args=[account.pk])


def _tried(request: Request, account: Account, part: str, step: Callable[[], object], said: str) -> HttpResponse:
    reasons = tried(step)
    return _detail(request, account, part, reasons) if reasons else done(request, said, _address(account))


def _list(request: Request, reasons: list[str] | None = None, issued: Issued | None = None) -> HttpResponse:
    _guard(request)
    asked = {name: request.GET.get(name, "").strip() for name in ("query", "role", "state")}
    found = paged(request, accounts(request.actor, **asked), PER_PAGE)
    invitations = open_links(request.actor, OneTimeLink.INVITATION)
    context = {
        "page": found,
        "total": found.paginator.count,
        "asked": asked,
        "roles": conferrable(request.actor),
        "labels": ROLE_LABELS,
        "invitations": [(link, ROLE_LABELS[role]) for link in invitations for role in ROLE_LABELS if role == link.role],
        "organisations": _organisations(),
        "part": "invite",
        "failed": "invite" if reasons else "",
        "reasons": reasons or [],
        "given": request.POST if reasons else {},
        "issued": issued,
        "address": to_address(request)(issued.secret) if issued else "",
        "today": timezone.localdate(),
    }
    return page(request, "admin/accounts", context, status=REFUSED if reasons else 200)


def _detail(
    request: Request,
    account: Account,
    failed: str = "",
    reasons: list[str] | None = None,
    issued: Issued | None = None,
) -> HttpResponse:
    grants = account.grants.select_related("party", "account")
    over = grants.exclude(pk__in=not_over(account.grants.all()).values("pk"))
    context = {
        "account": account,
        "own": account.pk == request.actor.account,
        "held": [(grant, may_end(request.actor, grant)) for grant in not_over(grants)],
        "former": list(over.order_by("-ended_at", "-ends")),
        "seats": seats(account),
        "enrolled": has_second_factor(account),
        "unified": oidc.is_configured(),
        "must": needs_second_factor(frozenset(role for seat in seats(account) for role in seat.roles)),
        "others": Account.objects.filter(Q(person=account.person_id)).exclude(pk=account.pk)
        if account.person_id
        else [],
        "roles": conferrable(request.actor),
        "organisations": _organisations(),
        "failed": failed,
        "reasons": reasons or [],
        "issued": issued,
        "address": to_address(request)(issued.secret) if issued else "",
        "today": timezone.localdate(),
    }
    return page(request, "admin/account", context, status=REFUSED if failed else 200)


def _organisations() -> list[str]:
    """Names to choose from while one writes; the form takes any registered one."""
    return list(Party.objects.filter(kind="organisation", state="active").values_list("name", flat=True)[:SUGGESTED])
