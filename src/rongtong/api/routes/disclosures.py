"""Asking to read what an owner keeps closed, and deciding it."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from rongtong.api.caller import Call
from rongtong.api.failures import REFUSALS
from rongtong.api.shapes import Given, Page, Step
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.registry.disclosing import agreement
from rongtong.domain.registry.disclosing.actions import advance_disclosure, ask_disclosure, grant_disclosure
from rongtong.domain.registry.disclosing.queries import askable, disclosures
from rongtong.domain.registry.models import Disclosure
from rongtong.domain.registry.queries import visible
from rongtong.domain.registry.reading import read
from rongtong.domain.registry.states import DISCLOSURE

router = Router(tags=["disclosures"])
FieldName = Annotated[str, Field(max_length=60)]


class AgreementShape(Schema):
    """What is accepted with a request: the text in its version, and the closed fields that can be asked for."""

    version: str
    text: str
    fields: list[str]


class NewRequest(Given):
    """A request to read closed fields; ``accepts`` is the version of the agreement that was read and accepted."""

    purpose: Annotated[str, Field(min_length=1, max_length=500)]
    accepts: Annotated[str, Field(max_length=40)]
    fields: Annotated[list[FieldName], Field(max_length=100)] | None = None


class Terms(Given):
    """What may be read, and until when."""

    fields: Annotated[list[FieldName], Field(min_length=1, max_length=100)]
    ends: AwareDatetime


class DisclosureShape(Schema):
    """A disclosure: asked for, granted for a time, refused, taken back, revoked or expired."""

    id: UUID
    record: UUID
    party: UUID | None
    party_name: str
    fields: list[str]
    purpose: str
    agreement_version: str
    agreed_by: str
    agreed_at: dt.datetime | None
    state: str
    state_label: str
    starts: dt.datetime | None
    ends: dt.datetime | None
    reason: str


class DisclosureList(Schema):
    """A part of a list and how long the whole is."""

    count: int
    items: list[DisclosureShape]


@router.get("/disclosures", response={200: DisclosureList, **REFUSALS}, summary="Disclosures one has a part in")
def list_disclosures(request: Call, page: Query[Page]) -> Any:
    found = disclosures(request.auth)
    part = found[page.offset : page.offset + page.limit]
    return DisclosureList(count=found.count(), items=[_shaped(each) for each in part])


@router.get("/resources/{identifier}/agreement", response={200: AgreementShape, **REFUSALS}, summary="What to accept")
def read_agreement(request: Call, identifier: UUID) -> Any:
    record = visible(request.auth, identifier)
    asked = Disclosure(record=record, record_owner=record.owner_id, party_id=request.auth.party)
    require(request.auth, "ask", asked)  # whoever could not ask needs no text to accept
    reading = read(request.auth, record)
    text = agreement.worded(request.auth, record, reading.owner, purpose="……", at=timezone.now())
    return AgreementShape(version=agreement.version(), text=text, fields=askable(reading))


@router.post("/resources/{identifier}/disclosures", response={201: DisclosureShape, **REFUSALS}, summary="Ask to read")
def ask(request: Call, identifier: UUID, given: NewRequest) -> Any:
    record = visible(request.auth, identifier)
    return Status(201, _shaped(ask_disclosure(actor=request.auth, record=record, **given.model_dump())))


@router.post("/disclosures/{identifier}/grant", response={200: DisclosureShape, **REFUSALS}, summary="Grant a request")
def grant(request: Call, identifier: UUID, given: Terms) -> Any:
    disclosure = _known(request.auth, identifier)
    return _shaped(grant_disclosure(actor=request.auth, disclosure=disclosure, fields=given.fields, ends=given.ends))


@router.post("/disclosures/{identifier}/steps", response={200: DisclosureShape, **REFUSALS}, summary="Take a step")
def take_step(request: Call, identifier: UUID, given: Step) -> Any:
    moved = advance_disclosure(
        actor=request.auth,
        disclosure=_known(request.auth, identifier),
        event=given.event,
        reason=given.reason,
        seen_state=given.state,
    )
    return _shaped(moved)


def _known(actor: Actor, identifier: UUID) -> Disclosure:
    return disclosures(actor).get(pk=identifier)


def _shaped(disclosure: Disclosure) -> DisclosureShape:
    return DisclosureShape(
        record=disclosure.record_id,
        party=disclosure.party_id,
        party_name=disclosure.party.name if disclosure.party else "",
        state_label=str(DISCLOSURE.state(disclosure.state).label),
        **{name: getattr(disclosure, name) for name in _PLAIN},
    )


_PLAIN = ("id", "fields", "purpose", "agreement_version", "agreed_by", "agreed_at", "state", "starts", "ends", "reason")
