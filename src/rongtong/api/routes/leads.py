"""Those who were brought together, and what was thought of an answer."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router, Schema, Status
from pydantic import Field

from rongtong.api.caller import Call
from rongtong.api.failures import REFUSALS
from rongtong.api.shapes import Given, Page, Step, StepShape
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.leads import queries
from rongtong.domain.leads.actions import advance_lead, give_feedback, propose_lead
from rongtong.domain.leads.models import Lead
from rongtong.domain.leads.showing import note_leads
from rongtong.domain.leads.sides import as_told, probability_told
from rongtong.domain.leads.states import LEAD
from rongtong.domain.registry.queries import visible

router = Router(tags=["leads"])


class RecordLink(Schema):
    """One side of a lead."""

    id: UUID
    kind: str
    title: str


class LeadShape(Schema):
    """A demand and a record that may answer it; ``blind`` when the platform found it with the demand's closed part."""

    id: UUID
    demand: RecordLink
    candidate: RecordLink
    state: str
    state_label: str
    probability: float | None
    blind: bool
    note: str
    steps: list[StepShape]
    created_at: dt.datetime
    updated_at: dt.datetime


class LeadList(Schema):
    """A part of a list and how long the whole is."""

    count: int
    items: list[LeadShape]


class NewLead(Given):
    """The two to bring together."""

    demand: UUID
    candidate: UUID
    note: Annotated[str, Field(max_length=1000)] = ""


class NewFeedback(Given):
    """What the caller thinks of an answer to a demand."""

    demand: UUID
    candidate: UUID
    verdict: Literal["useful", "not_useful"]
    reason: Literal[
        "", "right", "worth_a_call", "other_object", "parameters", "stage", "known", "too_general", "unrelated"
    ] = ""
    note: Annotated[str, Field(max_length=500)] = ""


class FeedbackShape(Schema):
    """What was said; said again, the later word replaces the earlier."""

    id: UUID
    verdict: str
    reason: str
    note: str


@router.get("/leads", response={200: LeadList, **REFUSALS}, summary="The caller's leads")
def list_leads(request: Call, page: Query[Page]) -> Any:
    found = queries.leads_of(request.auth)
    part = list(found[page.offset : page.offset + page.limit])
    note_leads(request.auth, "api", part)
    return LeadList(count=found.count(), items=_shaped(request.auth, part))


@router.post("/leads", response={201: LeadShape, **REFUSALS}, summary="Bring two together")
def add_lead(request: Call, given: NewLead) -> Any:
    demand, candidate = visible(request.auth, given.demand), visible(request.auth, given.candidate)
    lead = propose_lead(actor=request.auth, demand=demand, candidate=candidate, note=given.note)
    return Status(201, _shaped(request.auth, [lead])[0])


@router.get("/leads/{identifier}", response={200: LeadShape, **REFUSALS}, summary="One lead")
def read_lead(request: Call, identifier: UUID) -> Any:
    lead = queries.lead_of(request.auth, identifier)
    note_leads(request.auth, "api", [lead])
    return _shaped(request.auth, [lead])[0]


@router.post("/leads/{identifier}/steps", response={200: LeadShape, **REFUSALS}, summary="Take a step")
def take_step(request: Call, identifier: UUID, given: Step) -> Any:
    lead = queries.lead_of(request.auth, identifier)
    moved = advance_lead(actor=request.auth, lead=lead, event=given.event, reason=given.reason, seen_state=given.state)
    return _shaped(request.auth, [moved])[0]


@router.post("/feedback", response={201: FeedbackShape, **REFUSALS}, summary="Say whether an answer was useful")
def add_feedback(request: Call, given: NewFeedback) -> Any:
    said = give_feedback(
        actor=request.auth,
        demand=visible(request.auth, given.demand),
        candidate=visible(request.auth, given.candidate),
        verdict=given.verdict,
        reason=given.reason,
        note=given.note,
    )
    return Status(201, FeedbackShape(id=said.pk, verdict=said.verdict, reason=said.reason, note=said.note))


def _shaped(actor: Actor, leads: Iterable[Lead]) -> list[LeadShape]:
    """Leads as ``actor`` may know them."""
    return [_lead(actor, lead) for lead in as_told(actor, leads)]


def _lead(actor: Actor, lead: Lead) -> LeadShape:
    steps = [
        StepShape(event=row.event, label=str(row.label), reason_required=row.reason_required)
        for row in LEAD.open_to(actor, lead)
    ]
    return LeadShape(
        id=lead.pk,
        demand=RecordLink(id=lead.demand.pk, kind=lead.demand.kind, title=lead.demand.shown_title),
        candidate=RecordLink(id=lead.candidate.pk, kind=lead.candidate.kind, title=lead.candidate.shown_title),
        state=lead.state,
        state_label=str(LEAD.state(lead.state).label),
        probability=probability_told(actor, lead),
        blind=lead.blind,
        note=lead.note,
        steps=steps,
        created_at=lead.created_at,
        updated_at=lead.updated_at,
    )
