"""Audit events as sentences beside a record."""

from dataclasses import dataclass
from datetime import datetime

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.asking import openings
from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.foundation.naming import event_name
from rongtong.domain.registry.models import Resource
from rongtong.portal.audit_words import Line, lines

OPENINGS = 20


@dataclass(frozen=True)
class Told:
    """One event as a person reads it."""

    at: datetime
    who: str
    what: str
    why: str


def told(event: AuditEvent) -> Told:
    """Who did what and when, and the reason they gave."""
    return Told(event.at, event.actor_name, str(event_name(event.action)), str(event.details.get("reason", "")))


def acts_of(identifier: object, most: int | None = None) -> list[Told]:
    """What was done to one record, the latest first; a click that came again did nothing."""
    done = audit.history(identifier).filter(details__again__isnull=True)
    return [told(event) for event in done.order_by("-seq")[:most]]


def openings_of(actor: Actor, record: Resource) -> list[Line]:
    """To whom besides its owner's own people the part of ``record`` that is not public was shown last.

    For the owner, and for whoever may read the record's history in their stead.
    """
    if not allows(actor, "history", record):
        return []
    return lines(actor, openings(record, besides=record.owner_id, most=OPENINGS))
