"""The way in: what the browser has shown so far, what is still asked, and the cookies that come of it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from rongtong.domain.foundation.addresses import address_of
from rongtong.domain.parties.models import Account, SignIn
from rongtong.domain.parties.signing import devices, sessions
from rongtong.domain.parties.signing.factors import has_second_factor

PENDING, SESSION, MAY_ENROL = "pending", "sign_in", "may_enrol"
LINK, IDENTITY, UNIFIED = "link", "identity", "unified"
"""Under which names the session keeps who has given the password only, its row, since when one may bind an app; the
one-time link that was opened, the outside identity that was proved, and what the way to the provider needs."""
DEVICE = "device"
HALFWAY = dt.timedelta(minutes=10)
"""So long one may take between the password and the code."""
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True)
class Shown:
    """How somebody has shown who they are, and where they want to go on to."""

    how: str
    two_factors: bool = False
    next: str = ""
    outside_token: str = ""


def device_token(request: HttpRequest) -> str:
    """What this browser carries of accounts it has signed in to."""
    return request.COOKIES.get(DEVICE, "")


def go_on(request: HttpRequest, account: Account, shown: Shown) -> HttpResponse:
    """Let ``account`` in, or lead to the code that is still asked of them."""
    enrolled = has_second_factor(account)
    if shown.two_factors or not (enrolled or sessions.must_show_two(account)):
        return enter(request, account, shown)
    wait_for_code(request, account, shown)
    return HttpResponseRedirect(reverse("portal:second-factor" if enrolled else "portal:enrol"))


def wait_for_code(request: HttpRequest, account: Account, shown: Shown) -> None:
    """Remember that ``account`` has given all but the code. Until then the browser is nobody's."""
    kept = {name: request.session[name] for name in (LINK, IDENTITY) if name in request.session}
    leave(request, "signed_out")
    request.session.cycle_key()
    request.session.update(kept)
    request.session[PENDING] = {
        "account": account.pk,
        "how": shown.how,
        "next": shown.next,
        "outside_token": shown.outside_token,
        "at": timezone.now().isoformat(),
    }


def may_enrol(request: HttpRequest) -> bool:
    """Whether who is signed in has given the password again just now."""
    since = request.session.get(MAY_ENROL)
    return since is not None and timezone.now() - dt.datetime.fromisoformat(since) < HALFWAY


def waiting(request: HttpRequest) -> tuple[Account, Shown] | None:
    """Who has given all but the code in this browser, not too long ago."""
    kept: dict[str, Any] | None = request.session.get(PENDING)
    if not kept or timezone.now() - dt.datetime.fromisoformat(kept["at"]) > HALFWAY:
        return None
    account = Account.objects.filter(pk=kept["account"], is_active=True).first()
    shown = Shown(kept["how"], next=kept["next"], outside_token=kept["outside_token"])
    return (account, shown) if account else None


def enter(request: HttpRequest, account: Account, shown: Shown) -> HttpResponse:
    """Begin the session: under a new key, so that one planted beforehand is worth nothing."""
    admit(request, account, shown)
    response = HttpResponseRedirect(shown.next or reverse(settings.LOGIN_REDIRECT_URL))
    return remember_device(request, response, account)


def admit(request: HttpRequest, account: Account, shown: Shown) -> SignIn:
    """Sign ``account`` in within this request, which may go on to show a page of its own."""
    leave(request, "signed_out")
    login(request, account, backend=BACKEND)
    opened = sessions.open_session(
        account,
        how=shown.how,
        two_factors=shown.two_factors,
        address=address_of(request.META),
        agent=request.headers.get("User-Agent", ""),
        outside_token=shown.outside_token,
    )
    request.session.pop(PENDING, None)
    request.session[SESSION] = str(opened.pk)
    return opened


def leave(request: HttpRequest, because: str) -> SignIn | None:
    """End the session that this browser has, if it has one; answers it."""
    if not isinstance(request.user, Account):
        return None
    held = sessions.session_of(request.session.get(SESSION), request.user)
    if held is not None:
        sessions.close(held, because)
    logout(request)
    return held


def remember_device(request: HttpRequest, response: HttpResponse, account: Account) -> HttpResponse:
    """Let this browser be known to ``account`` from now on; one that chose a persona learns nothing."""
    if not account.has_usable_password():
        return response
    response.set_cookie(
        DEVICE,
        devices.remembered(device_token(request), account),
        max_age=devices.MAX_AGE_DAYS * 86400,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response
