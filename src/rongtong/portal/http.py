"""The request as the portal's views see it, and the few answers they share."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.parties.models import Party, SignIn
from rongtong.domain.parties.seats import Seat


class Request(HttpRequest):
    """A request after the portal's middleware: who acts, in which seats they may, whether htmx asks for a part.

    ``sign_in`` is there only for who is signed in.
    """

    actor: Actor
    seats: list[Seat]
    sign_in: SignIn
    htmx: HtmxDetails


def page(request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """``portal/<template>.html`` rendered for this request."""
    return render(request, f"portal/{template}.html", context, status=status)


def own_party(actor: Actor) -> Party | None:
    """The organisation or person that ``actor`` acts for."""
    return Party.objects.filter(pk=actor.party).first() if actor.party else None


def uuid_or_404(written: str) -> UUID:
    """An identifier that came with a form or an address."""
    try:
        return UUID(written)
    except ValueError:
        raise Http404 from None


def back_to(request: HttpRequest, fallback: str = "portal:home") -> str:
    """Where the form says it came from when that is on this host, else ``fallback``."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(wanted)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return reverse(fallback)


def done(request: HttpRequest, message: str, address: str) -> HttpResponse:
    """Say what was done and go on to ``address``; htmx is told to load it as a page."""
    messages.success(request, message)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def paged(request: HttpRequest, rows: Any, size: int = 25) -> Page[Any]:
    """The page of ``rows`` that the address asks for; a page that does not exist gives the last one."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
