"""The audit chain: every action leaves one event in its own transaction, and each event seals those before it.

A changed, removed or inserted event breaks every later hash; :func:`verify` says at which one. What the chain cannot
show by itself is a tail that was cut off together with the head: keep an exported head elsewhere (``rongtong audit
verify --head``).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.models import AuditEvent, AuditHead

GENESIS = "0" * 64


@dataclass
class _Watch:
    """How many audit entries the action under way has written."""

    action: str
    entries: int = 0


_watching: ContextVar[_Watch | None] = ContextVar("audit_watch", default=None)


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


def record(actor: Actor, action: str, entity: models.Model, **details: Any) -> AuditEvent:
    """Append the event that ``actor`` did ``action`` to ``entity``; ``details`` must be JSON."""
    return record_many(actor, action, [(entity, details)])[0]


def record_many(
    actor: Actor, action: str, entries: Iterable[tuple[models.Model, Mapping[str, Any]]]
) -> list[AuditEvent]:
    """Append one event for each (entity, details), in order, under one lock of the chain's head."""
    if not transaction.get_connection().in_atomic_block:
        raise MissingAudit("audit events are written inside the action's transaction")
    head, _made = AuditHead.objects.select_for_update().get_or_create(pk=1)
    now = timezone.now()
    events = []
    for entity, details in entries:
        event = _event(actor, action, entity, details, now, head)
        head.seq, head.hash = event.seq, event.hash
        events.append(event)
    AuditEvent.objects.bulk_create(events, batch_size=500)
    head.save()
    if watch := _watching.get():
        watch.entries += len(events)
    return events


def _event(
    actor: Actor, action: str, entity: models.Model, details: Mapping[str, Any], now: datetime, head: AuditHead
) -> AuditEvent:
    event = AuditEvent(
        seq=head.seq + 1,
        at=now,
        action=action,
        account=actor.account,
        party=actor.party,
        actor_name=actor.name,
        entity_kind=entity._meta.label_lower,
        entity_id=str(entity.pk),
        details=json.loads(json.dumps(details, ensure_ascii=False, default=str)),
        prev_hash=head.hash,
    )
    event.hash = digest(event)
    return event


def digest(event: AuditEvent) -> str:
    """The hash (64 hex digits) of an event's columns in canonical JSON, its predecessor's hash among them."""
    content = [
        event.seq,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.action,
        event.account,
        str(event.party) if event.party else None,
        event.actor_name,
        event.entity_kind,
        event.entity_id,
        event.details,
        event.prev_hash,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.new(settings.ENVIRONMENT.audit_hash, text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verification:
    """How far the chain holds: ``events`` checked, and the first fault (sequence number and what is wrong) if any."""

    events: int
    head: str
    broken_at: int | None = None
    fault: str = ""


def verify() -> Verification:
    """Walk the whole chain and find the first event that was changed, removed or inserted."""
    previous, expected, count = GENESIS, 1, 0
    for event in AuditEvent.objects.order_by("seq").iterator(chunk_size=2000):
        if event.seq != expected:
            return Verification(count, previous, expected, "missing")
        if event.prev_hash != previous or event.hash != digest(event):
            return Verification(count, previous, event.seq, "changed")
        previous, expected, count = event.hash, expected + 1, count + 1
    head = AuditHead.objects.filter(pk=1).first()
    if head and (head.seq, head.hash) != (count, previous):
        return Verification(count, previous, expected, "tail")
    return Verification(count, previous)


def history(entity_id: object) -> models.QuerySet[AuditEvent]:
    """The events of one record, oldest first. Who may read them is for the caller to ask of the record."""
    return AuditEvent.objects.filter(entity_id=str(entity_id)).order_by("seq")
