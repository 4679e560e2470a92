"""How often the portal's costly or guessable addresses may be asked for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from rongtong.domain.foundation import limits
from rongtong.domain.foundation.addresses import address_of, neighbourhood
from rongtong.domain.foundation.limits import TooMany
from rongtong.domain.parties.models import Account
from rongtong.portal import errors

Next = Callable[[HttpRequest], HttpResponse]
SENT = {
    "portal:sign-in": "sign-in",
    "portal:second-factor": "code",
    "portal:enrol": "code",
    "portal:forgotten": "forgotten",
    "portal:invitation": "link",
    "portal:reset": "link",
    "portal:unified": "sign-in",
    "portal:import": "upload",
    "portal:documents": "upload",
    "portal:verify-receipt": "receipt",
    "portal:object": "objection",
    "portal:attach-evidence": "upload",
    "portal:attach-held-evidence": "upload",
}
"""Limits of what is sent (POST), by the name of the address; by whoever is signed in, else by where they are."""
OPENED = {"portal:link": "link", "portal:objection-receipt": "link"}
BY_VISITORS = {
    "portal:search": "search",
    "portal:list": "search",
    "portal:match": "match",
    "portal:describe": "match",
    "portal:reading": "match",
}
"""Limits of what visitors may ask for, however they do."""


class RateLimits:
    """Answers 429 with the seconds to wait when an address is asked for too often."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        match = request.resolver_match
        limit = _limit(request, match.view_name) if match else None
        try:
            if limit:
                limits.take(limit, _who(request))
        except TooMany as refusal:
            return errors.too_many(request, refusal)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The waits after failures to sign in come from the domain in the same form."""
        if isinstance(exception, TooMany) and not request.path.startswith("/api/"):
            return errors.too_many(request, exception)
        return None


def _limit(request: HttpRequest, name: str) -> str | None:
    if request.method == "POST" and name in SENT:
        return SENT[name]
    if name in OPENED:
        return OPENED[name]
    return None if isinstance(request.user, Account) else BY_VISITORS.get(name)


def _who(request: HttpRequest) -> str:
    account = request.user.pk if isinstance(request.user, Account) else None
    return f"account {account}" if account else neighbourhood(address_of(request.META))
