"""A step that was refused comes back on the page it was asked from, with why and with what was typed."""

from dataclasses import dataclass

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve, reverse

from rongtong.domain.foundation.errors import DomainError, Invalid, TryLater
from rongtong.domain.programmes.models import Change, Decision, Obligation, Spending

PAGES = {
    "portal:advance": "portal:record",
    "portal:advance-lead": "portal:lead",
    "portal:advance-programme": "portal:programme",
    "portal:advance-topic": "portal:topic",
    "portal:reissue-topic": "portal:topic",
    "portal:advance-project": "portal:project",
    "portal:award-topic": "portal:topic-result",
    "portal:step-up": "portal:topic-result",
    "portal:advance-objection": "portal:objection",
    "portal:take-back-objection": "portal:objection",
    "portal:attach-evidence": "portal:objection",
}
"""The page of the record that a step is of, by the name of the address to which the step is sent."""
PAGES_OF: dict[str, tuple[type[Model], str, str]] = {
    "portal:advance-change": (Change, "project_id", "portal:project"),
    "portal:advance-spending": (Spending, "project_id", "portal:project"),
    "portal:cancel-obligation": (Obligation, "project_id", "portal:project"),
    "portal:publish-decision": (Decision, "topic_id", "portal:topic-result"),
    "portal:discard-decision": (Decision, "topic_id", "portal:topic-result"),
    "portal:veto-proposal": (Decision, "topic_id", "portal:topic-result"),
    "portal:override-veto": (Decision, "topic_id", "portal:topic-result"),
}
"""Where the step stands on the page of another record: its model, the column that names the other, the page."""
OPENED, REFUSED = 200, 409


@dataclass(frozen=True, slots=True)
class RefusedStep:
    """Where a step was sent that was refused, which of those sent there, why, and the reason that was typed."""

    address: str
    which: str
    sentences: tuple[str, ...]
    typed: str


def on_its_page(request: HttpRequest, error: DomainError) -> HttpResponse | None:
    """The page of the step that ``request`` asked for; None when it asked for none, or when its page is closed now."""
    address = _page_of(request)
    if address is None:
        return None
    sent_to = request.path
    request.refused_step = _refused(request, error)  # type: ignore[attr-defined]  # for the templates
    request.method = "GET"
    response = _opened(request, address)
    request.path = sent_to  # which the log names
    if response is None or response.status_code != OPENED:
        del request.refused_step  # type: ignore[attr-defined]  # as above
        return None
    response.status_code = REFUSED
    return response


def _opened(request: HttpRequest, address: str) -> HttpResponse | None:
    view, args, kwargs = resolve(address)
    request.path = address  # where its forms lead back to: what only takes a step cannot be opened
    try:
        response: HttpResponse = view(request, *args, **kwargs)
    except TryLater:
        raise
    except (Http404, DomainError):
        return None
    return response


def _page_of(request: HttpRequest) -> str | None:
    match = request.resolver_match
    if match is None or request.method != "POST" or request.headers.get("HX-Request"):
        return None
    if match.view_name in PAGES:
        return reverse(PAGES[match.view_name], kwargs=match.kwargs)
    if match.view_name not in PAGES_OF:
        return None
    model, column, page = PAGES_OF[match.view_name]
    found = model._default_manager.filter(pk=match.kwargs["identifier"]).values_list(column, flat=True).first()
    return reverse(page, args=(found,)) if found else None


def _refused(request: HttpRequest, error: DomainError) -> RefusedStep:
    problems = error.problems if isinstance(error, Invalid) else ()
    sentences = tuple(each.message for each in problems) or (error.message,)
    which = request.POST.get("event") or request.POST.get("submission", "")
    return RefusedStep(request.path, which, sentences, request.POST.get("reason", ""))
