"""Signing in and out: a password and, where it is asked for, a code; on a sample region, by choosing a persona."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rongtong.domain.foundation.addresses import address_of
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.foundation.limits import TooMany
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.parties.signing import factors, oidc
from rongtong.domain.parties.signing.mail import mail_is_sent
from rongtong.domain.parties.signing.passwords import proven
from rongtong.portal import door
from rongtong.portal.door import Shown
from rongtong.portal.http import Request, back_to, page
from rongtong.portal.qr import as_svg

LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")
REFUSED, WAIT = 422, 429


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """A persona or an account with its password; then on to where the reader wanted to go."""
    if request.method != "POST":
        return _sign_in_page(request)
    onward = back_to(request, settings.LOGIN_REDIRECT_URL)
    if request.POST.get("persona"):
        persona = _chosen_persona(request)
        return door.enter(request, persona, Shown("persona", next=onward)) if persona else _wrong(request)
    try:
        account = proven(
            request.POST.get("username", ""),
            request.POST.get("password", ""),
            address=address_of(request.META),
            device=door.device_token(request),
        )
    except TooMany as held:
        return _sign_in_page(request, held.message, WAIT, held.retry_after)
    return door.go_on(request, account, Shown("password", next=onward)) if account else _wrong(request)


@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the session here and, where it began at the identity provider, there too."""
    held = getattr(request, "sign_in", None)
    token = held.outside_token if held else ""
    door.leave(request, "signed_out")
    elsewhere = oidc.farewell(token, request.build_absolute_uri(reverse("portal:home"))) if token else ""
    if elsewhere:
        return HttpResponseRedirect(elsewhere)
    messages.success(request, _("已退出登录。"))
    return HttpResponseRedirect(back_to(request))


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: Request) -> HttpResponse:
    """The code of the app, or a recovery code, after the password."""
    found = door.waiting(request)
    if found is None:
        return _begin_again(request)
    account, shown = found
    context = {"account": account, "failed": ""}
    if request.method != "POST":
        return page(request, "second_factor", context)
    address, device = address_of(request.META), door.device_token(request)
    try:
        good = factors.spent(account, request.POST.get("code", ""), address=address, device=device)
    except TooMany as held:
        return _held(page(request, "second_factor", context | {"failed": held.message}, status=WAIT), held)
    if good:
        return door.enter(request, account, _with_code(shown))
    context["failed"] = _("动态码不对，或者已经用过。请输入应用上现在显示的六位数字。")
    return page(request, "second_factor", context, status=REFUSED)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: Request) -> HttpResponse:
    """Bind an app: after the password where a role asks for codes, or by one's own wish from the page of security."""
    found = _enrolling(request)
    if found is None:
        return _begin_again(request)
    account, shown = found
    actor = actor_of(account)
    if request.method != "POST" or "anew" in request.POST:
        factors.draft_second_factor(actor=actor, account=account, anew="anew" in request.POST)
        return page(request, "enrol", _enrolment(account))
    try:
        codes = factors.confirm_second_factor(actor=actor, account=account, code=request.POST.get("code", ""))
    except Invalid as wrong:
        return page(request, "enrol", _enrolment(account) | {"failed": wrong.message}, status=REFUSED)
    onward = reverse("portal:security")
    if shown:
        door.admit(request, account, _with_code(shown))
        onward = shown.next or reverse(settings.LOGIN_REDIRECT_URL)
        request.actor = actor_of(account)
    request.session.pop(door.MAY_ENROL, None)
    response = page(request, "recovery_codes", {"codes": codes, "next": onward})
    response.headers["Cache-Control"] = "private, no-store"
    return door.remember_device(request, response, account)


@require_safe
def enrol_picture(request: Request) -> HttpResponse:
    """The QR code of the enrolment under way, as an image of its own: the page's policy allows no other way."""
    found = _enrolling(request)
    if found is None or not factors.drafted_secret(found[0]):
        return HttpResponse(status=404)
    picture = as_svg(factors.drafted_address(found[0]))
    return HttpResponse(picture, content_type="image/svg+xml", headers={"Cache-Control": "private, no-store"})


def _sign_in_page(request: Request, failed: str = "", status: int = 200, retry_after: int = 0) -> HttpResponse:
    context = {
        "personas": _personas(request),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "username": request.POST.get("username", ""),
        "failed": failed,
        "unified": settings.ENVIRONMENT.oidc_name if oidc.is_configured() else "",
        "mail": mail_is_sent(),
    }
    response = page(request, "sign_in", context, status=status)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _wrong(request: Request) -> HttpResponse:
    return _sign_in_page(request, _("账号或密码不对，或者账号已停用。请核对后再试。"), REFUSED)


def _begin_again(request: Request) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(reverse("portal:security"))
    messages.info(request, _("登录等待的时间已过，请重新输入账号和密码。"))
    return HttpResponseRedirect(reverse("portal:sign-in"))


def _held(response: HttpResponse, held: TooMany) -> HttpResponse:
    response.headers["Retry-After"] = str(held.retry_after)
    return response


def _with_code(shown: Shown) -> Shown:
    return Shown(shown.how, two_factors=True, next=shown.next, outside_token=shown.outside_token)


def _enrolling(request: Request) -> tuple[Account, Shown | None] | None:
    """Who may bind an app here: who gave the password just now, to change it or to sign in without having one yet."""
    if isinstance(request.user, Account):
        return (request.user, None) if door.may_enrol(request) else None
    found = door.waiting(request)
    return None if found is None or factors.has_second_factor(found[0]) else found


def _enrolment(account: Account) -> dict[str, object]:
    secret = factors.drafted_secret(account)
    return {"account": account, "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}


def _personas(request: Request) -> list[Account]:
    """The accounts that one may enter without a password: on a sample region, and only on the machine itself."""
    if not (settings.ENVIRONMENT.sample and _on_this_machine(request)):
        return []
    return list(Account.objects.filter(is_sample=True, is_active=True).order_by("pk"))


def _chosen_persona(request: Request) -> Account | None:
    wanted = request.POST.get("persona")
    return next((account for account in _personas(request) if account.username == wanted), None)


def _on_this_machine(request: Request) -> bool:
    """Behind a proxy every request comes from the machine itself, so the name it was addressed by counts as well."""
    name = request.get_host().rsplit(":", 1)[0]
    return name in LOOPBACK and address_of(request.META) in LOOPBACK
