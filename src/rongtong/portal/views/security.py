"""Sign-in and security of one's own account: password, second factor, sessions, keys for programs."""

import datetime as dt
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from rongtong.domain.foundation.access import scope
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.parties.actions import create_api_key, revoke_api_key
from rongtong.domain.parties.models import Account, ApiKey, SignIn
from rongtong.domain.parties.signing import factors, sessions
from rongtong.domain.parties.signing.passwords import asking_again, change_password, check_old_password
from rongtong.portal import door
from rongtong.portal.attempts import Attempt
from rongtong.portal.http import Request, known_or_404, page

HOWS = {
    "password": gettext_noop("账号与密码"),
    "unified": gettext_noop("统一身份认证"),
    "persona": gettext_noop("示例身份"),
}
KEY_DAYS = (30, 90, 180, 365)
REFUSED = 422
ASKING = ("password", "factor")
"""Parts of the page that ask for the password again."""


@login_required
@require_safe
def security(request: Request) -> HttpResponse:
    """Everything with which this account can be entered, and where it has been."""
    return _page(request)


@sensitive_post_parameters("old", "new", "again")
@login_required
@require_POST
def password(request: Request) -> HttpResponse:
    """Change one's password; every other session ends, this one goes on under a new key."""
    account = _own(request)

    def change() -> None:
        if request.POST.get("new") != request.POST.get("again"):
            raise Invalid(_("两次输入的新密码不一样，请再输一次。"))
        change_password(
            actor=request.actor,
            account=account,
            old=request.POST.get("old", ""),
            new=request.POST.get("new", ""),
            keep=_present(request),
        )

    refused = _tried(request, "password", change)
    if refused:
        return refused
    update_session_auth_hash(request, account)
    return door.remember_device(request, _done(request, _("密码已更改，其他地方的登录都已结束。")), account)


@sensitive_post_parameters("password")
@login_required
@require_POST
def factor(request: Request) -> HttpResponse:
    """Bind another app, make new recovery codes, or do without; the password is asked for again."""
    account, given = _own(request), request.POST.get("password", "")
    step = request.POST.get("step", "")
    if step == "codes":
        return _renewed(request, account, given)
    if step == "remove":

        def remove() -> None:
            factors.remove_second_factor(actor=request.actor, account=account, password=given)

        return _tried(request, "factor", remove) or _done(request, _("动态码已停用，登录只需密码。"))
    refused = _tried(request, "factor", lambda: check_old_password(account, given))
    if refused:
        return refused
    request.session[door.MAY_ENROL] = timezone.now().isoformat()
    return HttpResponseRedirect(reverse("portal:enrol"))


@login_required
@require_POST
def end(request: Request, identifier: UUID) -> HttpResponse:
    """End one of one's sessions."""
    found = known_or_404(scope(request.actor, "view", SignIn.objects.all()).filter(pk=identifier).first())
    sessions.end_session(actor=request.actor, sign_in=found)
    return _done(request, _("已结束那一处的登录。"))


@login_required
@require_POST
def end_others(request: Request) -> HttpResponse:
    """End every session but this one."""
    count = sessions.end_other_sessions(actor=request.actor, account=_own(request), keep=_present(request))
    return _done(request, _("已结束其他 %(count)d 处登录。") % {"count": count})


@login_required
@require_POST
def new_key(request: Request) -> HttpResponse:
    """Make a key for programs; it is shown on this one page."""
    made: list[str] = []

    def make() -> None:
        days = request.POST.get("days", "")
        expires = timezone.now() + dt.timedelta(days=int(days)) if days in map(str, _key_days()) else None
        label = request.POST.get("label", "").strip()
        if not label:
            raise Invalid(_("请写明这个密钥用在哪里。"))
        key = create_api_key(actor=request.actor, account=_own(request), label=label, expires_at=expires)
        made.append(key[1])

    return _tried(request, "key", make) or _page(request, {"secret": made[0]})


@login_required
@require_POST
def end_key(request: Request, identifier: UUID) -> HttpResponse:
    """End one of one's keys."""
    found = known_or_404(scope(request.actor, "view", ApiKey.objects.all()).filter(pk=identifier).first())
    revoke_api_key(actor=request.actor, key=found)
    return _done(request, _("密钥“%(label)s”已停用。") % {"label": found.label})


def _page(request: Request, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    account, present, now = _own(request), _present(request), timezone.now()
    keys = scope(request.actor, "view", ApiKey.objects.filter(account=account, revoked_at__isnull=True))
    context = {
        "account": account,
        "has_password": account.has_usable_password(),
        "least": settings.ENVIRONMENT.password_length,
        "enrolled": factors.has_second_factor(account),
        "must": sessions.must_show_two(account),
        "codes_left": factors.codes_left(account),
        "sessions": [(one, _(HOWS[one.how]), one == present) for one in sessions.live(account)],
        "keys": [(key, bool(key.expires_at and key.expires_at <= now)) for key in keys],
        "key_days": _key_days(),
        "identities": account.outside_identities.all(),
    }
    return page(request, "security", context | (more or {}), status=status)


def _renewed(request: Request, account: Account, given: str) -> HttpResponse:
    codes: list[str] = []

    def renew() -> None:
        codes.extend(factors.renew_recovery_codes(actor=request.actor, account=account, password=given))

    refused = _tried(request, "factor", renew)
    return refused or page(request, "recovery_codes", {"codes": codes, "next": reverse("portal:security")})


def _tried(request: Request, part: str, change: Callable[[], object]) -> HttpResponse | None:
    """Do it; what is wrong with the input comes back on the page, beside the part it belongs to."""
    with Attempt(Invalid) as attempt, asking_again(_own(request)) if part in ASKING else nullcontext():
        change()
    return _page(request, {"failed": part, "reasons": attempt.sentences}, REFUSED) if attempt.refused else None


def _done(request: Request, message: str) -> HttpResponse:
    messages.success(request, message)
    return HttpResponseRedirect(reverse("portal:security"))


def _own(request: Request) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _present(request: Request) -> SignIn | None:
    return getattr(request, "sign_in", None)


def _key_days() -> list[int]:
    """The periods that the region allows for a key."""
    longest: int = settings.ENVIRONMENT.api_key_days
    return sorted({days for days in KEY_DAYS if days < longest} | {longest})
