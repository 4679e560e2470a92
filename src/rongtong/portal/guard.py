"""What stands before every page: the session is looked at anew with each request."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.addresses import address_of
from rongtong.domain.parties.models import Account, SignIn
from rongtong.domain.parties.signing import sessions
from rongtong.domain.parties.signing.factors import has_second_factor
from rongtong.portal import door

Next = Callable[[HttpRequest], HttpResponse]
ENDED = {
    "idle": gettext_noop("您已有一段时间没有操作，为安全起见已退出登录。"),
    "expired": gettext_noop("这次登录时间已满，请重新登录。"),
    "ended": gettext_noop("这次登录已在别处被结束，请重新登录。"),
    "password": gettext_noop("密码已更改，请用新密码重新登录。"),
    "inactive": gettext_noop("这个账号已停用。如有疑问，请联系单位管理员或本地区的管理部门。"),
}
UNAUTHORISED = 401
API = "/api/"


class SessionGuard:
    """Ends sessions that no longer hold; lets nobody act in a role that asks for a code before they have shown one."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with audit.coming_from(*_origin(request)):
            # the account itself rather than Django's lazy stand-in, so that what asks for its kind sees it
            account = request.user = get_user(request)
            refusal = _look(request, account) if isinstance(account, Account) else None
            response = refusal or self.get_response(request)
        if isinstance(request.user, Account):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _look(request: HttpRequest, account: Account) -> HttpResponse | None:
    held, now = sessions.session_of(request.session.get(door.SESSION), account), timezone.now()
    fault = sessions.fault_of(held, account, now) if held else "expired"
    if fault or held is None:
        return _end(request, held, fault)
    if not held.two_factors and sessions.must_show_two(account):
        return _step_back(request, account, held)
    sessions.see(held, now)
    request.sign_in = held  # type: ignore[attr-defined]  # portal.http.Request declares it
    return None


def _end(request: HttpRequest, held: SignIn | None, fault: str) -> HttpResponse | None:
    """Go on as a visitor. A part of a page is refused instead: its place is within a page of somebody signed in."""
    door.leave(request, fault)
    if request.path.startswith(API):
        return None
    if request.headers.get("HX-Request"):
        return HttpResponse(status=UNAUTHORISED)
    messages.info(request, _(ENDED.get(fault, ENDED["expired"])))
    return None


def _step_back(request: HttpRequest, account: Account, held: SignIn) -> HttpResponse | None:
    """A role that asks for a code was conferred since: it is asked for now."""
    if request.path.startswith(API):
        request.user = AnonymousUser()
        return None
    door.wait_for_code(request, account, door.Shown(held.how, outside_token=held.outside_token))
    return HttpResponseRedirect(reverse("portal:second-factor" if has_second_factor(account) else "portal:enrol"))


def _origin(request: HttpRequest) -> tuple[str, str]:
    return ("api" if request.path.startswith(API) else "portal"), address_of(request.META)
