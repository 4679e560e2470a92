"""What every response carries, who stands behind every request, and what becomes of a refusal."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.errors import AccessDenied, DomainError
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.seats import Seat, chosen, seats
from rongtong.portal import errors

Next = Callable[[HttpRequest], HttpResponse]
ACTING_FOR = "acting_for"
"""Under which name the session, and a cookie for the next one, keep the key of the seat."""

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


class ContentSecurityPolicy:
    """Nothing is loaded or run but what this host serves: no inline script, no inline style, no frame around us."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


class ActorMiddleware:
    """Sets ``request.actor``; a refusal of the domain becomes a page that says why and whom to ask."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor, request.seats = _seated(request)  # type: ignore[attr-defined]  # portal.http.Request has them
        response = self.get_response(request)
        if not request.path.startswith("/api/") and response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if request.path.startswith("/api/"):
            return None
        if isinstance(exception, AccessDenied):
            return errors.refused(request, exception.message)
        if isinstance(exception, DomainError):
            return errors.impossible(request, exception.message)
        return None


def _seated(request: HttpRequest) -> tuple[Actor, list[Seat]]:
    """Who acts, in the seat they chose while it holds (this session, else on this device), and the seats they have."""
    account = request.user
    if not isinstance(account, Account) or not account.is_active:
        return VISITOR, []
    found = seats(account)
    wanted = request.session.get(ACTING_FOR) or request.COOKIES.get(ACTING_FOR, "")
    return chosen(found, wanted).actor(account), found
