"""What people ask about their data, as the bureau's staff answer it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import allows, scope
from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.parties.models import Account, Affiliation, PersonalRequest
from rongtong.domain.parties.models.personal import REQUESTS
from rongtong.domain.parties.personal.actions import answer_personal
from rongtong.domain.parties.personal.queries import ANSWER_WITHIN, held, request_to_answer, to_answer
from rongtong.domain.parties.states import REQUEST
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.persons import namesakes, records_of
from rongtong.domain.registry.showing import note_rows
from rongtong.portal import persons
from rongtong.portal.attempts import Attempt
from rongtong.portal.http import Request, done, or_404, page, paged

REFUSED = 422
ERASING = ("erasure", "fulfil")


@login_required
@require_safe
def listing(request: Request) -> HttpResponse:
    """The requests: those that wait first, oldest first; then what was answered."""
    _require_officer(request)
    wanted = request.GET.get("state", "asked")
    rows = to_answer(request.actor)
    found = paged(request, rows.filter(state=wanted) if wanted in dict(REQUEST.choices()) else rows)
    context = {
        "page": found,
        "total": found.paginator.count,
        "rows": [(each, REQUESTS[each.kind], REQUEST.state(each.state).label, _due(each)) for each in found],
        "states": REQUEST.states,
        "wanted": wanted,
        "now": timezone.now(),
    }
    return page(request, "personal/requests", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: Request, identifier: UUID) -> HttpResponse:
    """One request: who asks, what is concerned, the answer; erasing asks once more and names the person."""
    _require_officer(request)
    asked = _request_or_404(request, identifier)
    ground = allows(request.actor, "view", asked).ground
    audit.shown(request.actor, "page", [(asked, ["person", "text"], ground.zh if ground else "")])
    if request.method != "POST":
        return _page(request, asked, Attempt())
    event, answer = request.POST.get("event", ""), request.POST.get("answer", "")
    if (asked.kind, event) == ERASING and answer.strip():
        name = request.POST.get("name")
        if name is None or name.strip() != asked.person.name:
            wrong = _("写的姓名与要删除的人不一致，没有删除。") if name is not None else ""
            return _confirm(request, asked, answer, wrong)
    with Attempt(Invalid, IllegalTransition) as attempt:
        answer_personal(actor=request.actor, request=asked, event=event, answer=answer)
        return done(request, _("已答复，申请人会在“我的个人信息”里看到。"), reverse("portal:personal-requests"))
    return _page(request, asked, attempt)


def _confirm(request: Request, asked: PersonalRequest, answer: str, wrong: str) -> HttpResponse:
    found = held(asked.person)
    context = {
        "asked": asked,
        "answer": answer,
        "wrong": wrong,
        "goes": [each for each in found if each.goes and each.count],
        "stays": [each for each in found if not each.goes and each.count],
    }
    return page(request, "personal/confirm", context, status=REFUSED if wrong else 200)


def _page(request: Request, asked: PersonalRequest, attempt: Attempt) -> HttpResponse:
    person, actor = asked.person, request.actor
    reach = scope(actor, "view", Resource.objects.all())
    own = list(reach.filter(pk__in=records_of(person).values("pk")))
    alike = list(reach.filter(pk__in=namesakes(person).values("pk")))
    note_rows(actor, "list", [*own, *alike])
    context = {
        "asked": asked,
        "kind": REQUESTS[asked.kind],
        "state": REQUEST.state(asked.state),
        "due": _due(asked),
        "person": person,
        "accounts": Account.objects.filter(person=person).count(),
        "affiliations": Affiliation.objects.filter(member=person).select_related("organisation"),
        "held": [each for each in held(person) if each.count],
        "record": persons.about_record(actor, asked),
        "own": own,
        "alike": alike,
        "transitions": REQUEST.open_to(actor, asked),
        "failed": attempt.message,
        "answer": request.POST.get("answer", ""),
    }
    return page(request, "personal/request", context, status=attempt.status)


def _require_officer(request: Request) -> None:
    if not request.actor.is_any(Role.OFFICER):
        raise AccessDenied(_("个人信息请求由管理部门的工作人员办理。"))


def _request_or_404(request: Request, identifier: UUID) -> PersonalRequest:
    return or_404(request_to_answer, request.actor, identifier)


def _due(asked: PersonalRequest) -> object:
    return asked.created_at + ANSWER_WITHIN
