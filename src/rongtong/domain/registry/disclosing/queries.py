"""Reads of disclosures: what can be asked for, who may read a record's closed part, and every reading of it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.access import scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents.queries import is_document
from rongtong.domain.foundation.models import ProvisionEvent
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.disclosing import agreement
from rongtong.domain.registry.documents import keeps_documents
from rongtong.domain.registry.models import DOCUMENTS, OWNER, Disclosure, Resource
from rongtong.domain.registry.reading import CONFIDANT, Reading

OWNER_LABEL = Words("单位名称", "Organisation's name")
DOCUMENTS_LABEL = Words("仅本单位的附件", "Attachments kept within the organisation")
OPENINGS = 200
"""How many readings a page lists, latest first."""


@dataclass(frozen=True, slots=True)
class Opening:
    """That something of the closed part was shown: when, to whom, which fields."""

    event: ProvisionEvent
    fields: list[str]


def closed_names(record: Resource) -> list[str]:
    """What the owner of ``record`` keeps to itself and could disclose: the filled fields of its second layer, and OWNER
    when it is closed; not what is sealed."""
    if record.sealed:
        return []
    names = [*(field.name for field in record.declaration.fields if field.name in record.values), OWNER]
    kept = [name for name in names if name in record.closed or name in record.declaration.confidential]
    asked = [name for name in kept if record.class_of(name) not in _NEVER_ASKED and name != _holder(record)]
    return [*asked, DOCUMENTS] if keeps_documents(record) else asked


def askable(reading: Reading) -> list[str]:
    """The closed names of a record that its reader does not read yet."""
    return [name for name in closed_names(reading.record) if name not in reading.fields]


def label_of(record: Resource, name: str) -> str:
    """What a closed name is called."""
    own = {OWNER: OWNER_LABEL, DOCUMENTS: DOCUMENTS_LABEL}
    return str(own.get(name) or record.declaration.field(name).label)


def labels_of(record: Resource, names: Iterable[str]) -> list[str]:
    """What closed names are called; one the kind has lost since is left out."""
    known = {OWNER, DOCUMENTS, *(field.name for field in record.declaration.fields)}
    told = [DOCUMENTS if is_document(name) else name for name in names]
    return list(dict.fromkeys(label_of(record, name) for name in told if name in known))


def disclosures_of(actor: Actor, record: Resource) -> QuerySet[Disclosure]:
    """The disclosures of one record that ``actor`` may see, latest first."""
    return disclosures(actor).filter(record=record)


def disclosures(actor: Actor) -> QuerySet[Disclosure]:
    """Every disclosure that ``actor`` may see, latest first; record and party joined."""
    return scope(actor, "view", Disclosure.objects.select_related("record", "record__owner", "party"))


def refused_until(record: Resource, party: UUID | None) -> dt.datetime | None:
    """Until when ``party``, refused by the owner of ``record``, does not ask again; None when it may."""
    refused = Disclosure.objects.filter(record=record, party=party, state="refused").order_by("-state_since").first()
    until = refused.state_since + agreement.again_after() if refused else None
    return until if until and until > clock.now() else None


def asked_of(actor: Actor) -> QuerySet[Disclosure]:
    """The requests that wait for ``actor`` to decide."""
    waiting = Disclosure.objects.select_related("record", "party").filter(state="asked")
    return scope(actor, "decide", waiting).order_by("state_since")


def ended() -> QuerySet[Disclosure]:
    """Granted disclosures whose time is over; they read nothing any more, the state is to follow."""
    return Disclosure.objects.filter(state="granted", ends__lte=clock.now()).order_by("ends")


def openings(record: Resource, party: UUID | None = None) -> list[Opening]:
    """Every showing of closed content of ``record`` on the ground of a disclosure, latest first."""
    found = ProvisionEvent.objects.filter(
        Q(details__ground=CONFIDANT.zh), entity_kind=record._meta.label_lower, entity_id=str(record.pk)
    )
    if party is not None:
        found = found.filter(party=party)
    return [
        Opening(event, labels_of(record, event.details.get("fields", [])))
        for event in found.order_by("-seq")[:OPENINGS]
    ]


_NEVER_ASKED = (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.SEALED)


def _holder(record: Resource) -> str:
    """The field that goes with OWNER."""
    return record.declaration.columns.get("holder", "")
