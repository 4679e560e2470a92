"""Signing in and out; on a sample region, by choosing one of its personas."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rongtong.domain.parties.models import Account
from rongtong.portal.http import Request, back_to, page

LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """A persona or an account with its password; then on to where the reader wanted to go."""
    context = {
        "personas": _personas(request),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "username": request.POST.get("username", ""),
    }
    if request.method == "POST":
        account = _chosen(request)
        if account is not None:
            login(request, account, backend="django.contrib.auth.backends.ModelBackend")
            return HttpResponseRedirect(back_to(request, settings.LOGIN_REDIRECT_URL))
        context["failed"] = _("账号或密码不对，或者账号已停用。请核对后再试。")
        return page(request, "sign_in", context, status=422)
    return page(request, "sign_in", context)


@require_POST
def sign_out(request: Request) -> HttpResponse:
    logout(request)
    messages.success(request, _("已退出登录。"))
    return HttpResponseRedirect(back_to(request))


def _personas(request: Request) -> list[Account]:
    """The accounts that one may enter without a password: on a sample region, and only on the machine itself."""
    if not (settings.ENVIRONMENT.sample and _on_this_machine(request)):
        return []
    return list(Account.objects.filter(is_sample=True, is_active=True).order_by("pk"))


def _on_this_machine(request: Request) -> bool:
    """Behind a proxy every request comes from the machine itself, so the name it was addressed by counts as well."""
    name = request.get_host().rsplit(":", 1)[0]
    return name in LOOPBACK and request.META.get("REMOTE_ADDR") in LOOPBACK


def _chosen(request: Request) -> Account | None:
    persona = request.POST.get("persona")
    if persona:
        return next((account for account in _personas(request) if account.username == persona), None)
    found = authenticate(request, username=request.POST.get("username"), password=request.POST.get("password"))
    return found if isinstance(found, Account) else None
