"""The register: lists, search, one record, writing, steps, history."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from ninja import Query, Router, Schema, Status

from rongtong.api.caller import Call
from rongtong.api.failures import REFUSALS
from rongtong.api.shapes import (
    AdviceShape,
    ChangedRecord,
    EventList,
    EventShape,
    ListQuery,
    NewRecord,
    Page,
    PartyShape,
    RecordDetail,
    RecordList,
    RecordShape,
    Step,
    StepShape,
)
from rongtong.domain.foundation.access import allows, require
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.parties.models import Party
from rongtong.domain.registry import queries
from rongtong.domain.registry.actions import advance_resource, create_resource, update_resource
from rongtong.domain.registry.models import OWNER, Resource
from rongtong.domain.registry.reading import Reading, read, read_many
from rongtong.domain.registry.search import search
from rongtong.domain.registry.showing import note_readings
from rongtong.domain.registry.states import LIFE

router = Router(tags=["register"])


class FacetShape(Schema):
    """A value to narrow by, and how many records have it."""

    value: str
    label: str
    count: int


class Hits(RecordList):
    """What a search found, best first; ``capped`` when there are more than are ranked."""

    capped: bool
    facets: dict[str, list[FacetShape]]
    milliseconds: int


@router.get("/resources", response={200: RecordList, **REFUSALS}, summary="Records, filtered")
def list_records(request: Call, query: Query[ListQuery]) -> Any:
    found = queries.listing(request.auth, query.filters())
    part = found[query.offset : query.offset + query.limit]
    return RecordList(count=found.count(), items=shaped_many(request.auth, part))


@router.get("/search", response={200: Hits, **REFUSALS}, summary="Records by words and meaning")
def find_records(request: Call, query: Query[ListQuery]) -> Any:
    found = search(request.auth, query.filters(), offset=query.offset, limit=query.limit)
    facets = {name: [FacetShape(value=v, label=w, count=n) for v, w, n in rows] for name, rows in found.facets.items()}
    return Hits(
        count=found.total,
        items=shaped_many(request.auth, found.records),
        capped=found.capped,
        facets=facets,
        milliseconds=found.milliseconds,
    )


@router.post("/resources", response={201: RecordDetail, **REFUSALS}, summary="Add a record")
def add_record(request: Call, given: NewRecord) -> Any:
    owner = Party.objects.filter(pk=request.auth.party).first() if request.auth.party else None
    made = create_resource(actor=request.auth, owner=owner, **given.model_dump())
    return Status(201, detailed(request.auth, made))


@router.get("/resources/{identifier}", response={200: RecordDetail, **REFUSALS}, summary="One record")
def read_record(request: Call, identifier: UUID) -> Any:
    return detailed(request.auth, queries.visible(request.auth, identifier))


@router.put("/resources/{identifier}", response={200: RecordDetail, **REFUSALS}, summary="Change a record")
def change_record(request: Call, identifier: UUID, given: ChangedRecord) -> Any:
    record = queries.visible(request.auth, identifier)
    changes = given.model_dump(exclude={"revision"})
    changed = update_resource(actor=request.auth, record=record, seen_revision=given.revision, **changes)
    return detailed(request.auth, changed)


@router.post("/resources/{identifier}/steps", response={200: RecordDetail, **REFUSALS}, summary="Take a step")
def take_step(request: Call, identifier: UUID, given: Step) -> Any:
    record = queries.visible(request.auth, identifier)
    moved = advance_resource(
        actor=request.auth,
        record=record,
        event=given.event,
        reason=given.reason,
        seen_state=given.state,
        no_secrets=given.no_secrets,
    )
    return detailed(request.auth, moved)


@router.get("/resources/{identifier}/history", response={200: EventList, **REFUSALS}, summary="What was done to it")
def read_history(request: Call, identifier: UUID, page: Query[Page]) -> Any:
    record = queries.visible(request.auth, identifier)
    require(request.auth, "history", record)
    events = queries.history(request.auth, record)
    part = events[page.offset : page.offset + page.limit]
    return EventList(count=events.count(), items=[_event(event) for event in part])


def shaped_many(actor: Actor, records: Iterable[Resource]) -> list[RecordShape]:
    """Records as ``actor`` may see them; what of them is not for everybody is noted as shown."""
    readings = read_many(actor, records)
    note_readings(actor, "api", readings)
    return [RecordShape(**_facts(reading)) for reading in readings]


def detailed(actor: Actor, record: Resource) -> RecordDetail:
    """A record with advice and the steps open to ``actor``; what of it is not for everybody is noted as shown."""
    reading = read(actor, record)
    note_readings(actor, "api", [reading])
    steps = [
        StepShape(event=row.event, label=str(row.label), reason_required=row.reason_required)
        for row in LIFE.open_to(actor, record)
    ]
    judged = record.judged.advice if allows(actor, "edit", record) else ()
    advice = [AdviceShape(field=item.field, message=item.message) for item in judged]
    return RecordDetail(**_facts(reading), advice=advice, steps=steps)


_PLAIN = (
    "id", "kind", "title_en", "state", "visibility", "holder", "region", "field", "industry", "trl", "date",
    "valid_until", "completeness", "revision", "created_at", "updated_at",
)  # fmt: skip


def _facts(reading: Reading) -> dict[str, Any]:
    record = reading.record
    values = {shown.field.name: shown.field.type.plain(shown.value) for shown in queries.card(reading)}
    owner = PartyShape(id=record.owner.pk, name=record.owner.name) if record.owner and reading.owner else None
    withheld = [field.name for field in reading.withheld]
    return {name: getattr(record, name) for name in _PLAIN} | {
        "title": record.shown_title,
        "title_en": "" if record.sealed else record.title_en,
        "values": values,
        "owner": owner,
        "withheld": withheld,
        "source": reading.source,
        "external_id": record.external_id if OWNER in reading.fields else "",
        "closed": record.closed if reading.owners else None,
        "opens_at": record.opens_at if reading.owners or record.sealed else None,
    }


def _event(event: AuditEvent) -> EventShape:
    return EventShape(
        seq=event.seq,
        at=event.at,
        action=event.action,
        actor=event.actor_name,
        details=event.details,
        hash=event.hash,
    )
