"""The audit chains: what was done, who came or was refused, and what was shown to whom.

Three streams, each a chain of its own: ``acts`` (every action leaves one event in its own transaction), ``access``
(sign-ins and refusals) and ``provision`` (content that is not public, shown to somebody). Each event seals those before
it in its stream: a changed, removed or inserted event breaks every later hash; :func:`verify` says at which one. What a
chain cannot show by itself is a tail that was cut off together with the head: keep an exported head elsewhere
(``rongtong audit verify --head``).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.chains import ADDED, BASE, CHANGED, CUT, HEAD, Link, Walk, digest, walk
from rongtong.domain.foundation.models import AccessEvent, AuditEvent, AuditHead, ClosedEvent, Event, ProvisionEvent
from rongtong.domain.foundation.waiting import waiting_at_most

GENESIS = "0" * 64
ACTS, ACCESS, PROVISION = "acts", "access", "provision"
STREAMS: dict[str, type[Event]] = {ACTS: AuditEvent, ACCESS: AccessEvent, PROVISION: ProvisionEvent}
HEADS = {ACTS: 1, ACCESS: 2, PROVISION: 3}
PRUNED = "foundation.prune_audit"
LONGEST_WAIT = 5.0
"""Seconds that a page waits to note what it is about to show, before it says that it cannot be shown now."""

Entity = models.Model | tuple[str, object] | None
"""What an event is about: a record, its kind and identifier when there may be no such record, or nothing."""


@dataclass
class _Watch:
    """How many audit entries the action under way has written."""

    action: str
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Origin:
    """Where what happens now comes from: the front door, and the address behind it ("" when there is none)."""

    channel: str = ""
    address: str = ""


_watching: ContextVar[_Watch | None] = ContextVar("audit_watch", default=None)
_origin: ContextVar[Origin | None] = ContextVar("audit_origin", default=None)


class MissingAudit(AssertionError):
    """An action ended without an audit event: a fault of the code, so its transaction is rolled back."""


@contextmanager
def watching(action: str) -> Iterator[None]:
    """Hold an action to the law: at least one event for it before its transaction ends."""
    watch = _Watch(action)
    token = _watching.set(watch)
    try:
        yield
        if not watch.entries:
            raise MissingAudit(f"{action} wrote no audit event")
    finally:
        _watching.reset(token)


def within_action() -> bool:
    """Whether an action is under way in this thread."""
    return _watching.get() is not None


@contextmanager
def coming_from(channel: str, address: str = "") -> Iterator[None]:
    """Say for what follows through which front door it comes, so that the streams of access can tell."""
    token = _origin.set(Origin(channel, address))
    try:
        yield
    finally:
        _origin.reset(token)


def origin() -> Origin:
    """Where what happens now comes from."""
    return _origin.get() or Origin()


def record(actor: Actor, action: str, entity: models.Model, **details: Any) -> AuditEvent:
    """Append the event that ``actor`` did ``action`` to ``entity``; ``details`` must be JSON."""
    return record_many(actor, action, [(entity, details)])[0]


def record_many(
    actor: Actor, action: str, entries: Iterable[tuple[models.Model, Mapping[str, Any]]]
) -> list[AuditEvent]:
    """Append one event for each (entity, details), in order, under one lock of the chain's head."""
    if not transaction.get_connection().in_atomic_block:
        raise MissingAudit("audit events are written inside the action's transaction")
    events = _append(ACTS, [_event(AuditEvent, actor, action, entity, details) for entity, details in entries])
    if watch := _watching.get():
        watch.entries += len(events)
    return events


def record_closed(actor: Actor, action: str, entity: models.Model, *, box: UUID, **details: Any) -> None:
    """Keep an event aside that would give something in ``box`` away; :func:`disclose` puts it into the chain."""
    event = _event(AuditEvent, actor, action, entity, details)
    columns = {f.name: getattr(event, f.name) for f in ClosedEvent._meta.fields if f.name not in ("id", "box")}
    ClosedEvent.objects.create(box=box, **columns)
    if watch := _watching.get():
        watch.entries += 1


def disclose(box: UUID) -> int:
    """Put the events kept aside for ``box`` into the chain, oldest first; answers how many there were."""
    closed = list(ClosedEvent.objects.select_for_update().filter(box=box))
    shared = [f.name for f in ClosedEvent._meta.fields if f.name not in ("id", "box", "at", "details")]
    events = [
        AuditEvent(
            **{name: getattr(each, name) for name in shared},
            at=timezone.now(),
            details=each.details | {"happened_at": each.at.isoformat()},
        )
        for each in closed
    ]
    _append(ACTS, events)
    ClosedEvent.objects.filter(pk__in=[each.pk for each in closed]).delete()
    return len(events)


def note(actor: Actor, what: str, entity: Entity = None, *, stream: str = ACCESS, **details: Any) -> None:
    """Append that something happened which is no action: a sign-in, a refusal. Opens its own transaction.

    Raises TryLater when the database is busy for too long; so does :func:`shown`.
    """
    with waiting_at_most(LONGEST_WAIT):
        _append(stream, [_event(STREAMS[stream], actor, what, entity, _with_origin(details))])


def shown(actor: Actor, channel: str, records: Iterable[tuple[models.Model, Iterable[str], str]]) -> None:
    """Append that fields which are not public were shown: for each record the fields and the ground in Chinese.

    It is written before the answer leaves the house: what cannot be noted is not shown.
    """
    rows = [(entity, sorted(fields), ground) for entity, fields, ground in records]
    if not rows:
        return
    with waiting_at_most(LONGEST_WAIT):
        _append(
            PROVISION,
            [
                _event(
                    ProvisionEvent,
                    actor,
                    f"shown.{channel}",
                    entity,
                    _with_origin({"fields": fields, "ground": ground}),
                )
                for entity, fields, ground in rows
            ],
        )


def _with_origin(details: Mapping[str, Any]) -> dict[str, Any]:
    come = origin()
    where = {"channel": come.channel, "address": come.address}
    return dict(details) | {name: value for name, value in where.items() if value and name not in details}


def _append(stream: str, events: list[Any]) -> list[Any]:
    """Chain and save unsaved events of one stream, under the lock of its head.

    Their time is taken here, where nobody else writes, so that along a chain it never runs backwards.
    """
    head, _made = AuditHead.objects.select_for_update().get_or_create(pk=HEADS[stream])
    now = timezone.now()
    for event in events:
        event.at = now
        event.seq, event.prev_hash, event.algorithm = head.seq + 1, head.hash, settings.ENVIRONMENT.audit_hash
        event.hash = digest(event)
        head.seq, head.hash = event.seq, event.hash
    STREAMS[stream]._default_manager.bulk_create(events, batch_size=500)
    head.save()
    return events


def _event(model: type[Event], actor: Actor, action: str, entity: Entity, details: Mapping[str, Any]) -> Event:
    kind, identifier = _named(entity)
    return model(
        at=timezone.now(),
        action=action,
        account=actor.account,
        party=actor.party,
        actor_name=actor.name,
        entity_kind=kind,
        entity_id=identifier,
        details=json.loads(json.dumps(details, ensure_ascii=False, default=str)),
    )


def _named(entity: Entity) -> tuple[str, str]:
    if entity is None:
        return "", ""
    if isinstance(entity, models.Model):
        return entity._meta.label_lower, str(entity.pk)
    return entity[0][:80], str(entity[1])[:64]


@dataclass(frozen=True, slots=True)
class Verification:
    """How far the chain holds: ``events`` checked, and the first fault (sequence number and what is wrong) if any."""

    events: int
    head: str
    broken_at: int | None = None
    fault: str = ""
    stream: str = ACTS


def verify(stream: str = ACTS, *, head: str = "") -> Verification:
    """Walk a whole chain and find the first event that was changed, removed or inserted.

    ``head`` is one kept elsewhere earlier; it must be part of the chain.
    """
    ends = AuditHead.objects.filter(pk=HEADS[stream]).first() or AuditHead()
    events: Iterable[Link] = STREAMS[stream]._default_manager.order_by("seq").iterator(chunk_size=2000)
    done, seen = walk(events, ends.base_seq, ends.base_hash, wanted=head)
    fault, at = (done.fault, done.broken_at) if done.fault else _fault_at_end(done, ends)
    if not fault and not seen:
        fault = HEAD
    if not fault and not _begins_where_pruned(stream, ends):
        fault, at = BASE, ends.base_seq + 1
    return Verification(done.events, done.hash, at, fault, stream)


def _fault_at_end(done: Walk, ends: AuditHead) -> tuple[str, int | None]:
    if done.seq != ends.seq:
        return (CUT if ends.seq > done.seq else ADDED), min(done.seq, ends.seq) + 1
    return ("", None) if done.hash == ends.hash else (CHANGED, done.seq)


def _begins_where_pruned(stream: str, ends: AuditHead) -> bool:
    """Whether the first event follows the last that was let go, as the event of that pruning says."""
    pruned = AuditEvent.objects.filter(entity_kind=ends._meta.label_lower, entity_id=str(HEADS[stream]))
    last = pruned.filter(action=PRUNED).order_by("-seq").first()
    return (last.details["head"] if last else GENESIS) == ends.base_hash


def verify_end(stream: str, last: int) -> Verification:
    """The ``last`` events of a chain checked against its head: cheap, and blind to what lies before."""
    ends = AuditHead.objects.filter(pk=HEADS[stream]).first() or AuditHead()
    events = list(STREAMS[stream]._default_manager.order_by("-seq")[:last])[::-1]
    before = (events[0].seq - 1, events[0].prev_hash) if events else (ends.base_seq, ends.base_hash)
    done, _seen = walk(events, *before)
    fault, at = (done.fault, done.broken_at) if done.fault else _fault_at_end(done, ends)
    return Verification(done.events, done.hash, at, fault, stream)


def verify_all() -> list[Verification]:
    """Every stream verified."""
    return [verify(stream) for stream in STREAMS]


def let_go(stream: str, before: datetime) -> int:
    """Delete the oldest events of ``stream`` up to ``before``; the head keeps where the chain now begins.

    For :func:`rongtong.domain.foundation.retention.prune_audit` alone, which leaves the event that says so.
    """
    model = STREAMS[stream]._default_manager
    head = AuditHead.objects.select_for_update().filter(pk=HEADS[stream]).first()
    first_kept = model.filter(at__gte=before).order_by("seq").first()
    last = (
        model.filter(seq__lt=first_kept.seq).order_by("-seq").first() if first_kept else model.order_by("-seq").first()
    )
    if head is None or last is None:
        return 0
    gone = model.filter(seq__lte=last.seq)
    count = gone.count()
    gone._raw_delete(using=gone.db)
    head.base_seq, head.base_hash = last.seq, last.hash
    head.save()
    return count


def history(entity_id: object) -> models.QuerySet[AuditEvent]:
    """The acts of one record, oldest first. Who may read them is for the caller to ask of the record."""
    return AuditEvent.objects.filter(entity_id=str(entity_id)).order_by("seq")
