"""The request as the portal's views see it, and the few answers they share."""

from collections.abc import Callable
from typing import Any, BinaryIO, ParamSpec, TypedDict, TypeVar, cast
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from rongtong.domain.foundation.access import find_one
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.parties.models import Party, SignIn
from rongtong.domain.parties.seats import Seat

Record = TypeVar("Record", bound=Model)
Given = ParamSpec("Given")
Found = TypeVar("Found")


class Request(HttpRequest):
    """A request after the portal's middleware: who acts, in which seats they may, whether htmx asks for a part.

    ``sign_in`` is there only for who is signed in.
    """

    actor: Actor
    seats: list[Seat]
    sign_in: SignIn
    htmx: HtmxDetails


class Step(TypedDict):
    """What a form says of a step: which, why, and in which state its reader saw the record."""

    event: str
    reason: str
    seen_state: str | None


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


def or_404(find: Callable[Given, Found], *args: Given.args, **kwargs: Given.kwargs) -> Found:
    """What ``find`` finds; where it finds none that the reader may know of, 404."""
    try:
        return find(*args, **kwargs)
    except ObjectDoesNotExist:
        raise Http404 from None


def known_or_404(found: Found | None) -> Found:
    """What was found; 404 where that is nothing."""
    if found is None:
        raise Http404
    return found


def found_or_404(request: Request, action: str, among: QuerySet[Record], identifier: object) -> Record:
    """The record of ``among``, if the reader may do ``action`` to it."""
    return or_404(find_one, request.actor, action, among, identifier)


def step_in(request: HttpRequest) -> Step:
    """The step that a form asks for, as the actions take it."""
    given = request.POST
    return {"event": given.get("event", ""), "reason": given.get("reason", ""), "seen_state": seen_state(request)}


def seen_state(request: HttpRequest) -> str | None:
    """The state in which the reader of a form saw its record; None when it does not say."""
    return request.POST.get("seen_state") or None


def file_in(request: HttpRequest) -> tuple[BinaryIO, str]:
    """The file of a form, and its name. Raises Invalid where none was chosen."""
    sent = request.FILES.get("file")
    if sent is None or sent.file is None:
        raise Invalid(_("请先选择一个文件。"))
    return cast(BinaryIO, sent.file), sent.name or ""


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


def unreferred(response: HttpResponse) -> HttpResponse:
    """A page behind a secret link: nobody else keeps it, and the link is told to no other site."""
    # not no-referrer: with that browsers send "Origin: null", and no form would pass the check of where it comes from
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def paged(request: HttpRequest, rows: Any, size: int = 25) -> Page[Any]:
    """The page of ``rows`` that the address asks for; a page that does not exist gives the last one."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
