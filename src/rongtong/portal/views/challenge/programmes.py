"""Programmes for people: which there are, the terms of one with their sources, and the form to set them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import allows, require, scope
from rongtong.domain.foundation.errors import Invalid, Problem
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.actions import calls as actions
from rongtong.domain.programmes.models import Programme, Topic
from rongtong.domain.programmes.queries import calls
from rongtong.domain.programmes.states import ON_THE_LIST, PROGRAMME, TOPIC
from rongtong.domain.programmes.terms import Number, Rule, Template, number, template, templates
from rongtong.portal import forms
from rongtong.portal.attempts import Attempt, refuse
from rongtong.portal.challenging import steps_open
from rongtong.portal.history import acts_of
from rongtong.portal.http import Request, done, found_or_404, page, paged, step_in

PAGE = 30
TOPICS = 30
NUMBER = "number."
"""Begins the names of the inputs for the numbers of a programme."""
TEXTS = ("title", "purpose", "legal_basis")


@dataclass(frozen=True, slots=True)
class Term:
    """A number of a programme with where it comes from; ``by_law`` when an article gives it, ``usual`` its value."""

    number: Number
    value: str
    by_law: bool
    usual: int
    errors: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return self.value != str(self.usual)


@require_safe
def listing(request: Request) -> HttpResponse:
    """The programmes that the reader may view, with how many topics of each stand on the list."""
    programmes = scope(request.actor, "view", Programme.objects.select_related("organiser")).annotate(
        listed=Count("topics", filter=Q(topics__state__in=ON_THE_LIST)),
        open=Count("topics", filter=Q(topics__state="open")),
    )
    found = paged(request, programmes.order_by("-created_at"), PAGE)
    context = {
        "page": found,
        "total": found.paginator.count,
        "rows": [(each, template(each.template), PROGRAMME.state(each.state).label) for each in found],
        "may_create": bool(allows(request.actor, "create", Programme(region=request.actor.region))),
    }
    return page(request, "challenge/programmes", context)


@require_safe
def detail(request: Request, identifier: UUID) -> HttpResponse:
    """One programme: what it is for, its terms with their sources, its topics."""
    programme = programme_or_404(request, identifier)
    actor = request.actor
    runs = bool(allows(actor, "run", programme))
    if programme.state == "drafting":
        audit.shown(actor, "page", [(programme, ["title", "parameters"], allows(actor, "view", programme).reason)])
    topics = calls.in_order(scope(actor, "view", Topic.objects.filter(programme=programme)).select_related("setter"))
    shown = list(topics[:TOPICS])
    calls.note_topics(actor, "list", shown)
    context = {
        "programme": programme,
        "kind": template(programme.template),
        "state": PROGRAMME.state(programme.state),
        "terms": terms_of(programme),
        "topics": [(topic, TOPIC.state(topic.state).label) for topic in shown],
        "total": topics.count(),
        "steps": steps_open(PROGRAMME, actor, programme),
        "may_edit": bool(allows(actor, "edit", programme)) and programme.state != "closed",
        "may_propose": calls.programmes_open_to(actor).filter(pk=programme.pk).exists()
        and bool(allows(actor, "create", calls.topic_to_be(actor, actor.party))),
        "history": acts_of(programme.pk) if runs else [],
    }
    return page(request, "challenge/programme", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request) -> HttpResponse:
    """First the kind of programme with its summary, then its form."""
    require(request.actor, "create", Programme(region=request.actor.region))
    key = request.POST.get("template") or request.GET.get("template", "")
    if key not in templates():
        return page(request, "challenge/programme_kinds", {"kinds": templates().values()})
    if request.method != "POST":
        return _form(request, template(key), None)
    with Attempt(Invalid) as attempt:
        facts = _submitted(request.POST, template(key))
        programme = actions.create_programme(actor=request.actor, template_key=key, **facts)
        return done(request, _("计划已建立。核对条款之后启动。"), _address(programme))
    return _form(request, template(key), None, attempt)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, identifier: UUID) -> HttpResponse:
    """Change a programme; once a topic is published its numbers are shown and no longer asked for."""
    programme = programme_or_404(request, identifier)
    require(request.actor, "edit", programme)
    kind = template(programme.template)
    if request.method != "POST":
        return _form(request, kind, programme)
    with Attempt(Invalid) as attempt:
        facts = _submitted(request.POST, kind)
        if facts["parameters"] == _parameters(programme):
            del facts["parameters"]
        actions.edit_programme(actor=request.actor, programme=programme, **facts)
        return done(request, _("计划已保存。"), _address(programme))
    return _form(request, kind, programme, attempt)


@require_POST
def advance(request: Request, identifier: UUID) -> HttpResponse:
    """Start or close a programme."""
    programme = programme_or_404(request, identifier)
    moved = actions.advance_programme(actor=request.actor, programme=programme, **step_in(request))
    said = _("计划现在是“%(state)s”。") % {"state": PROGRAMME.state(moved.state).label}
    return done(request, said, _address(moved))


def programme_or_404(request: Request, identifier: UUID) -> Programme:
    """The programme, if the reader may view it."""
    return found_or_404(request, "view", Programme.objects.select_related("organiser"), identifier)


def terms_of(programme: Programme) -> list[Term]:
    """The numbers of a programme as it has them, each with its source."""
    return _terms(template(programme.template), {name: str(value) for name, value in _parameters(programme).items()})


def _parameters(programme: Programme) -> dict[str, int]:
    kind = template(programme.template)
    return {name: number(programme, name) for name in kind.numbers}


def _terms(kind: Template, values: dict[str, str], wrong: dict[str, list[str]] | None = None) -> list[Term]:
    return [
        Term(
            each,
            values.get(name, str(each.value)),
            isinstance(each.given, Rule),
            each.value,
            tuple((wrong or {}).get(name, ())),
        )
        for name, each in kind.numbers.items()
    ]


def _submitted(given: QueryDict, kind: Template) -> dict[str, Any]:
    """What the form says of a programme; Invalid with every problem."""
    problems: list[Problem] = []
    parameters: dict[str, int] = {}
    for name, each in kind.numbers.items():
        written = given.get(f"{NUMBER}{name}", "").strip()
        if written.isascii() and written.isdecimal() and len(written) < 10:
            parameters[name] = int(written)
        else:
            problems.append(Problem(name, _("“%(label)s”应填整数。") % {"label": each.label}))
    facts: dict[str, Any] = {name: given.get(name, "").strip() for name in TEXTS}
    if len(facts["title"]) > 200:
        problems.append(Problem("title", _("名称最多 200 个字。")))
    organiser = given.get("organiser", "").strip()
    facts["organiser"] = party_called(organiser) if organiser else None
    if organiser and facts["organiser"] is None:
        problems.append(Problem("organiser", _("没有找到这个单位，请填写在平台登记的全称或统一社会信用代码。")))
    refuse(problems)
    return facts | {"parameters": parameters}


def party_called(written: str) -> Party | None:
    """The one organisation of this full name or credit code."""
    active = Party.objects.filter(kind="organisation", state="active")
    found = list(
        active.filter(Q(name=written) | Q(uscc=written.upper()) if len(written) == 18 else Q(name=written))[:2]
    )
    return found[0] if len(found) == 1 else None


def _form(
    request: Request, kind: Template, programme: Programme | None, attempt: Attempt | None = None
) -> HttpResponse:
    wrong = forms.by_field(attempt.problems) if attempt else {}
    values, numbers = _typed(request.POST, kind) if attempt else _kept(programme)
    fixed = programme is not None and programme.topics.filter(state__in=ON_THE_LIST).exists()
    context = {
        "kind": kind,
        "programme": programme,
        "values": values,
        "terms": _terms(kind, numbers, wrong),
        "wrong": {name: messages for name, messages in wrong.items() if name in values},
        "fixed": fixed,
        "summary": attempt.message if attempt else "",
    }
    return page(request, "challenge/programme_form", context, status=attempt.status if attempt else 200)


def _typed(given: QueryDict, kind: Template) -> tuple[dict[str, str], dict[str, str]]:
    """The texts and the numbers as they were typed."""
    texts = {name: given.get(name, "") for name in (*TEXTS, "organiser")}
    return texts, {name: given.get(f"{NUMBER}{name}", "") for name in kind.numbers}


def _kept(programme: Programme | None) -> tuple[dict[str, str], dict[str, str]]:
    """The texts and the numbers of a programme, empty for a new one."""
    texts = {name: getattr(programme, name, "") for name in TEXTS}
    texts["organiser"] = programme.organiser.name if programme and programme.organiser else ""
    return texts, {name: str(value) for name, value in _parameters(programme).items()} if programme else {}


def _address(programme: Programme) -> str:
    return reverse("portal:programme", args=(programme.pk,))
