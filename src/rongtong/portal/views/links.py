"""What a one-time link opens: an invitation, or the choice of a new password; and asking for the latter."""

import time

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rongtong.domain.foundation.actors import VISITOR, Role
from rongtong.domain.foundation.addresses import address_of
from rongtong.domain.foundation.errors import AccessDenied, Invalid
from rongtong.domain.parties.models import Account, OneTimeLink
from rongtong.domain.parties.roles import ROLE_LABELS
from rongtong.domain.parties.signing import invitations, links, oidc, resets
from rongtong.domain.parties.signing.identities import Identity
from rongtong.domain.parties.signing.links import Spent
from rongtong.domain.parties.signing.mail import mail_is_sent
from rongtong.portal import door
from rongtong.portal.forms import by_field
from rongtong.portal.http import Request, page, unreferred
from rongtong.portal.links import to_address
from rongtong.portal.personal_words import notice_context
from rongtong.portal.seating import region_name

PAGES = {OneTimeLink.INVITATION: "portal:invitation", OneTimeLink.RESET: "portal:reset"}
LEAST_SECONDS = 0.4
"""An answer to a forgotten password never comes sooner, so that the time does not tell whether there is an account."""
GONE, REFUSED = 410, 422


@require_safe
def link(request: Request) -> HttpResponse:
    """A link is opened: its secret leaves the address, its digest stays in the session. Nothing is spent."""
    digest = links.digest_of(request.GET.get("key", ""))
    found = links.open_link(digest)
    if found is None:
        links.note_unusable(digest, address_of(request.META))
        return _gone(request)
    request.session[door.LINK] = digest
    return unreferred(HttpResponseRedirect(reverse(PAGES[found.purpose])))


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request) -> HttpResponse:
    """Choose a name and a password, or take the invitation with the account one has."""
    found = links.open_link(request.session.get(door.LINK, ""), OneTimeLink.INVITATION)
    if found is None:
        return _gone(request)
    if request.method != "POST":
        return _invitation_page(request, found)
    try:
        account = _accepted(request, found)
    except Invalid as wrong:
        return _invitation_page(request, found, wrong)
    except (Spent, AccessDenied) as refused:
        return _gone(request, refused.message)
    identity = _identity(request)
    _forget(request)
    if isinstance(request.user, Account):
        messages.success(request, _("已接受邀请，可以在右上角切换身份。"))
        return HttpResponseRedirect(reverse("portal:workbench"))
    messages.success(request, _("账号已建立。"))
    return door.go_on(request, account, door.Shown("unified" if identity else "password"))


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: Request) -> HttpResponse:
    """Choose a new password; then sign in with it, code and all."""
    found = links.open_link(request.session.get(door.LINK, ""), OneTimeLink.RESET)
    if found is None:
        return _gone(request)
    if request.method != "POST":
        return unreferred(page(request, "reset", {"link": found}))
    try:
        account = resets.use_reset(actor=VISITOR, link=found, password=_typed_twice(request))
    except Invalid as wrong:
        context = {"link": found, "failed": wrong.message, "wrong": by_field(wrong.problems)}
        return unreferred(page(request, "reset", context, status=REFUSED))
    except Spent as spent:
        return _gone(request, spent.message)
    _forget(request)
    messages.success(request, _("新密码已生效，其他地方的登录都已结束。请用新密码登录。"))
    return door.remember_device(request, HttpResponseRedirect(reverse("portal:sign-in")), account)


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: Request) -> HttpResponse:
    """Ask for a link by mail. The answer is the same whoever asks, and as late."""
    if request.method != "POST":
        return page(request, "forgotten", {"mail": mail_is_sent()})
    began = time.monotonic()
    if mail_is_sent():
        asked = request.POST.get("username", "")
        resets.request_reset(to_address=to_address(request), username=asked, address=address_of(request.META))
    time.sleep(max(0.0, LEAST_SECONDS - (time.monotonic() - began)))
    return page(request, "forgotten", {"mail": mail_is_sent(), "sent": True})


@require_POST
def decline_identity(request: Request) -> HttpResponse:
    """Go on with the invitation by a password instead of the unified identity."""
    request.session.pop(door.IDENTITY, None)
    return HttpResponseRedirect(reverse("portal:invitation"))


def _accepted(request: Request, found: OneTimeLink) -> Account:
    if isinstance(request.user, Account):
        return invitations.join_by_invitation(actor=request.actor, link=found, account=request.user)
    identity = _identity(request)
    return invitations.accept_invitation(
        actor=VISITOR,
        link=found,
        username=request.POST.get("username", "").strip(),
        display_name=request.POST.get("display_name", "").strip(),
        password=None if identity else _typed_twice(request),
        identity=identity,
        language=get_language() or "",
        told="notice" in request.POST,
    )


def _typed_twice(request: Request) -> str:
    password = request.POST.get("password", "")
    if password != request.POST.get("again", ""):
        raise Invalid(_("两次输入的密码不一样，请再输一次。"))
    return password


def _identity(request: Request) -> Identity | None:
    kept = request.session.get(door.IDENTITY)
    return Identity(*kept) if kept else None


def _forget(request: Request) -> None:
    request.session.pop(door.LINK, None)
    request.session.pop(door.IDENTITY, None)


def _invitation_page(request: Request, found: OneTimeLink, wrong: Invalid | None = None) -> HttpResponse:
    context = {
        "link": found,
        "role": ROLE_LABELS[Role(found.role)],
        "region": region_name(found.region) if found.region else "",
        "identity": _identity(request),
        "unified": oidc.is_configured(),
        "username": request.POST.get("username", ""),
        "display_name": request.POST.get("display_name", found.name),
        "failed": wrong.message if wrong else "",
        "wrong": by_field(wrong.problems) if wrong else {},
        **notice_context(),
    }
    return unreferred(page(request, "invitation", context, status=REFUSED if wrong else 200))


def _gone(request: Request, reason: str = "") -> HttpResponse:
    return unreferred(page(request, "link_gone", {"reason": reason or Spent().message}, status=GONE))
