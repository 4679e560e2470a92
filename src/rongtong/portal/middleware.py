"""What every response carries, who stands behind every request, and what becomes of a refusal."""

from collections.abc import Callable

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    StreamingHttpResponse,
)

from rongtong.domain.foundation.actions import note_refusal
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.errors import AccessDenied, DomainError, TryLater
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.seats import Seat, chosen, seats
from rongtong.domain.parties.signing import oidc
from rongtong.portal import errors, stepping

Next = Callable[[HttpRequest], HttpResponse]
ACTING_FOR = "acting_for"
"""Under which name the session, and a cookie for the next one, keep the key of the seat."""

MOST_PATH = 200
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class HeadWithoutBody:
    """What is asked for by HEAD is answered without its body, page, file and error alike.

    The server would send one, and whoever keeps the connection would read it as the answer to the next request.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked_by = request.method
        response: HttpResponseBase = self.get_response(request)
        if asked_by == "HEAD":
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = iter(())
                response.headers.setdefault("Content-Length", "0")  # else the server ends a body it never began
            elif isinstance(response, HttpResponse):
                response.content = b""
        return response


class ContentSecurityPolicy:
    """Nothing is loaded or run but what this host serves: no inline script, no inline style, no frame around us."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _policy())
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


def _policy() -> str:
    """Forms lead to the region's identity provider as well, which browsers check along the whole way."""
    elsewhere = oidc.origin()
    return POLICY.replace("form-action 'self'", f"form-action 'self' {elsewhere}") if elsewhere else POLICY


class ActorMiddleware:
    """Sets ``request.actor``; a refusal of the domain becomes a page that says why and whom to ask."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor, request.seats = _seated(request)  # type: ignore[attr-defined]  # portal.http.Request has them
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET" and not _of_api(request):
            response = errors.not_to_be_opened(request, response)
        if not _of_api(request) and response.get("Content-Type", "").startswith("text/html"):
            keep = "no-store" if request.actor.signed_in else "no-cache"  # type: ignore[attr-defined]  # as above
            response.headers.setdefault("Cache-Control", f"private, {keep}")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if _of_api(request) or not isinstance(exception, DomainError):
            return None
        try:
            return _answered(request, exception)
        except TryLater as busy:
            return errors.busy(request, busy.message)


def _of_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _answered(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page for what could not be done; a refusal leaves an event first, unless the action already did."""
    if isinstance(error, TryLater):
        return errors.busy(request, error.message)
    if isinstance(error, AccessDenied):
        note_refusal(getattr(request, "actor", VISITOR), f"{request.method} {request.path}"[:MOST_PATH], error)
        return errors.refused(request, error.message)
    return stepping.on_its_page(request, error) or errors.impossible(request, error.message)


def _seated(request: HttpRequest) -> tuple[Actor, list[Seat]]:
    """Who acts, in the seat they chose while it holds (this session, else on this device), and the seats they have."""
    account = request.user
    if not isinstance(account, Account) or not account.is_active:
        return VISITOR, []
    found = seats(account)
    wanted = request.session.get(ACTING_FOR) or request.COOKIES.get(ACTING_FOR, "")
    return chosen(found, wanted).actor(account), found
