"""A lead from the first word to the signature, and what people say of answers."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.leads import actions, sides
from rongtong.domain.leads.models import Lead
from rongtong.domain.leads.queries import lead_of
from rongtong.domain.leads.showing import note_leads
from rongtong.domain.leads.states import LEAD
from rongtong.domain.registry import queries
from rongtong.portal import answers
from rongtong.portal.history import told
from rongtong.portal.http import Request, done, or_404, page, step_in
from rongtong.portal.views.resources import record_or_404

PATH = ("suggested", "introduced", "negotiating", "won")


@require_safe
def detail(request: Request, identifier: UUID) -> HttpResponse:
    """A lead: both sides, where it stands, what is next and for whom, what happened."""
    actor = request.actor
    lead = _lead_or_404(request, identifier)
    note_leads(actor, "lead", [lead])
    readings = sides.readings_of(actor, lead)
    answer = answers.card_between(actor, lead.demand, lead.candidate) if _knows_why(actor, lead) else None
    events = audit.history(lead.pk).order_by("-seq")
    sides.as_told(actor, [lead])
    context = {
        "lead": lead,
        "answer": answer,
        "probability": sides.probability_told(actor, lead),
        "demand_owner": sides.owner_told(readings[lead.demand_id]),
        "candidate_owner": sides.owner_told(readings[lead.candidate_id]),
        "state": LEAD.state(lead.state),
        "steps": _steps(lead),
        "transitions": LEAD.open_to(actor, lead),
        "demand_summary": queries.summary(lead.demand, longest=240),
        "candidate_summary": queries.summary(lead.candidate, longest=240),
        "history": [replace(told(event), who=sides.who_did(lead, event, readings)) for event in events],
    }
    return page(request, "lead", context)


@require_POST
def advance(request: Request, identifier: UUID) -> HttpResponse:
    """Move a lead along its table."""
    lead = _lead_or_404(request, identifier)
    moved = actions.advance_lead(actor=request.actor, lead=lead, **step_in(request))
    messages.success(request, _("线索现在是“%(state)s”。") % {"state": LEAD.state(moved.state).label})
    return HttpResponseRedirect(reverse("portal:lead", args=(moved.pk,)))


@require_POST
def propose(request: Request, demand: UUID, candidate: UUID) -> HttpResponse:
    """Bring a demand and an answer together."""
    lead = actions.propose_lead(
        actor=request.actor,
        demand=record_or_404(request, demand),
        candidate=record_or_404(request, candidate),
        probability=answers.probability_in(request.POST),
        note=request.POST.get("note", ""),
    )
    said = _("已建立线索，现在是“%(state)s”。对方会在工作台看到。") % {"state": LEAD.state(lead.state).label}
    return done(request, said, reverse("portal:lead", args=(lead.pk,)))


def _knows_why(actor: Actor, lead: Lead) -> bool:
    """What the platform found with the closed part is explained to whose part it is."""
    return lead.blind and actor.party is not None and actor.party == lead.demand_party


def _lead_or_404(request: Request, identifier: UUID) -> Lead:
    return or_404(lead_of, request.actor, identifier)


def _steps(lead: Lead) -> list[tuple[str, str]]:
    """(label, done | current | "") along the straight path; a lead that was given up stops where it stood."""
    place = {"demand_interested": 0, "supply_interested": 0, "lost": -1}.get(lead.state)
    here = PATH.index(lead.state) if lead.state in PATH else place
    assert here is not None
    shown = []
    for number, key in enumerate(PATH):
        state = LEAD.state(lead.state if number == here else key)
        finished = number < here or (number == here and state.end)
        shown.append((str(state.label), "done" if finished else "current" if number == here else ""))
    return shown
