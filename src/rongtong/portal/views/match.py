"""The match page: the answers to a record, compared, printed, judged by people."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rongtong.domain.foundation.access import allows
from rongtong.domain.leads import matching
from rongtong.domain.leads.actions import give_feedback
from rongtong.domain.registry import measures
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.reading import read
from rongtong.domain.registry.states import LISTED
from rongtong.engines import text
from rongtong.portal import answers
from rongtong.portal.answers import Chip
from rongtong.portal.http import Request, page, uuid_or_404
from rongtong.portal.views.resources import record_or_404

POINTS = 8
IN_REPORT = 4


@require_safe
def match(request: Request, identifier: UUID) -> HttpResponse:
    """Verdict first, the demand left with what can be switched off, the answers right; htmx gets the answers alone."""
    record = record_or_404(request, identifier)
    context = _context(request, record)
    if request.htmx and not request.htmx.history_restore_request:
        return page(request, "match/answers_again", context)
    return page(request, "match/match", context)


@require_safe
def compare(request: Request, identifier: UUID) -> HttpResponse:
    """Two answers side by side."""
    record = record_or_404(request, identifier)
    wanted = [record_or_404(request, uuid_or_404(written)) for written in request.GET.getlist("with")[:2]]
    cards = [card for other in wanted if (card := answers.card_between(request.actor, record, other))]
    if len(cards) != 2:
        return HttpResponseRedirect(reverse("portal:match", args=(record.pk,)))
    context = {"demand": record, "answers": cards, "parameter_rows": _side_by_side(cards)}
    return page(request, "match/compare", context)


@require_safe
def report(request: Request, identifier: UUID) -> HttpResponse:
    """The match as a document for A4."""
    record = record_or_404(request, identifier)
    reverse_way = record.declaration.group != "demand"
    groups = ("demand",) if reverse_way else matching.ANSWERS
    results = [answers.to_record(request.actor, record, group=group, top=IN_REPORT) for group in groups]
    for result in results:
        result.answers = [card for card in result.answers if card.grade != "remote"]
    parts = [(matching.GROUPS[group], result) for group, result in zip(groups, results, strict=True) if result.answers]
    context = {
        "demand": record,
        "reverse": reverse_way,
        "problem": _problem(request, record),
        "aspects": [each for each in _aspects(request, record, off=()) if each[0] == _("指标")],
        "flat": True,
        "result": results[0],
        "parts": parts,
        "at": timezone.now(),
        "sources": sorted({card.record.public_source for _label, result in parts for card in result.answers} - {""}),
    }
    return page(request, "match/report", context)


@require_POST
def feedback(request: Request, demand: UUID, candidate: UUID) -> HttpResponse:
    """Keep what somebody says of an answer, and show it."""
    asked, offered = record_or_404(request, demand), record_or_404(request, candidate)
    said = give_feedback(
        actor=request.actor,
        demand=asked,
        candidate=offered,
        verdict=request.POST.get("verdict", ""),
        reason=request.POST.get("reason", ""),
        probability=answers.probability_in(request.POST),
    )
    shown = offered if request.POST.get("of") == str(offered.pk) else asked
    card = answers.Card(shown, asked, offered, said.probability or 0.0, "")
    card.hear(said)
    return page(request, "match/feedback", {"answer": card, "feedback_choices": answers.feedback_choices()})


def _context(request: Request, record: Resource) -> dict[str, Any]:
    reverse_way = record.declaration.group != "demand"
    group = request.GET.get("group", "")
    group = "demand" if reverse_way else group if group in matching.ANSWERS else "technology"
    off = _switched_off(request, record)
    result = answers.to_record(request.actor, record, group=group, off=off)
    if not reverse_way:
        result.groups = answers.tabs(group, reverse("portal:match", args=(record.pk,)))
    return {
        "demand": record,
        "reverse": reverse_way,
        "group": group,
        "problem": _problem(request, record),
        "aspects": _aspects(request, record, off),
        "limits": _readable(request, record).get("constraints", []),
        "advice": record.judged.advice if not reverse_way and allows(request.actor, "edit", record) else (),
        "layered": record.layered and record.owner_id is not None and record.owner_id == request.actor.party,
        "result": result,
        "draft": record.state not in LISTED,
        "feedback_choices": answers.feedback_choices(),
    }


def _readable(request: Request, record: Resource) -> dict[str, Any]:
    return read(request.actor, record).values


def _problem(request: Request, record: Resource) -> str:
    field = record.declaration.columns.get("summary", "")
    return str(_readable(request, record).get(field, ""))


def _points(request: Request, record: Resource) -> tuple[list[str], list[str]]:
    """What can be switched off: sentences of the problem, and parameters as they are written."""
    problem = _problem(request, record)
    said = text.read_demand(record.title, problem).problem if record.kind == "demand" else text.sentences(problem)
    sentences = [span.text.strip() for span in said][:POINTS]
    values = _readable(request, record)
    rows = [
        measures.written(row)
        for field in record.declaration.fields
        if field.type.name == "measures"
        for row in values.get(field.name, [])
    ]
    return (sentences if len(sentences) > 1 else []), rows


def _switched_off(request: Request, record: Resource) -> list[str]:
    """The points that the reader unticked; without the form nothing is."""
    if "chosen" not in request.GET:
        return []
    sentences, rows = _points(request, record)
    on = set(request.GET.getlist("on"))
    return [point for point in (*sentences, *rows) if point not in on]


def _aspects(request: Request, record: Resource, off: Collection[str]) -> list[tuple[str, list[Chip]]]:
    sentences, rows = _points(request, record)
    named = [(_("指标"), rows), (_("问题要点"), sentences)]
    return [(label, [Chip(point, point not in off) for point in points]) for label, points in named if points]


def _side_by_side(cards: list[answers.Card]) -> list[tuple[str, str, list[answers.ParameterRow]]]:
    """The required parameters, each with what either answer offers."""
    rows = zip(*(card.parameters for card in cards), strict=False)
    return [(offers[0].name, offers[0].required, list(offers)) for offers in rows]
