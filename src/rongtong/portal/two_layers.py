"""A record in two layers as its page shows it: the public part, the locked rows, who reads them and until when."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.registry import layers
from rongtong.domain.registry.disclosing import agreement
from rongtong.domain.registry.disclosing.actions import LONGEST
from rongtong.domain.registry.disclosing.queries import (
    OWNER_LABEL,
    Opening,
    askable,
    closed_names,
    disclosures_of,
    label_of,
    labels_of,
    openings,
    refused_until,
)
from rongtong.domain.registry.models import OWNER, Disclosure, Resource
from rongtong.domain.registry.queries import Shown
from rongtong.domain.registry.reading import Reading
from rongtong.domain.registry.states import DISCLOSURE
from rongtong.portal.forms import audience_word, hour_written

USUAL_DAYS = 30


@dataclass(frozen=True)
class Locked:
    """A row of the confidential part that the reader sees the name of, and for whom it is."""

    label: str
    audience: str


@dataclass(frozen=True)
class Given:
    """A disclosure as it stands on a page: what, in which state, what was read of it, what may be done."""

    disclosure: Disclosure
    state: str
    in_force: bool
    fields: list[str]
    choices: list[tuple[str, str, bool]]
    openings: list[Opening]
    may_decide: bool
    may_take_back: bool

    @property
    def waits(self) -> bool:
        return self.disclosure.state == DISCLOSURE.initial


def context(actor: Actor, reading: Reading, shown: list[Shown]) -> dict[str, Any]:
    """What the page of a record needs of its second layer."""
    record = reading.record
    given = [describe(actor, each) for each in disclosures_of(actor, record)] if actor.signed_in else []
    until = refused_until(record, actor.party) if actor.party else None
    may_ask = _may_ask(actor, record) and until is None
    return {
        "layered": record.layered and not record.sealed,
        "closed_rows": [row for row in shown if is_closed(record, row.field.name)],
        "locked": locked_rows(reading),
        "disclosures": given,
        "is_owner": bool(actor.party and record.owner_id == actor.party),
        "ask_fields": [(name, label_of(record, name)) for name in askable(reading)] if may_ask else [],
        "ask_again": timezone.localdate(until) + dt.timedelta(days=1) if until else None,
        "asked": any(each.waits for each in given),
        "agreement": agreement.worded(actor, record, reading.owner, purpose="……", at=timezone.now()) if may_ask else "",
        "agreement_version": agreement.version(),
        "may_consent": record.layered and bool(allows(actor, "consent", record)),
        "thin": layers.thin(record) if reading.owners else (),
        "owner_closed": _owner_closed(reading),
    }


def describe(actor: Actor, disclosure: Disclosure) -> Given:
    """One disclosure for its page, with every reading of it when the owner asks."""
    record = disclosure.record
    now = timezone.now()
    in_force = bool(
        disclosure.state == "granted"
        and disclosure.starts
        and disclosure.ends
        and disclosure.starts <= now < disclosure.ends
    )
    owners = bool(actor.party and disclosure.record_owner == actor.party)
    return Given(
        disclosure=disclosure,
        state=str(DISCLOSURE.state(disclosure.state).label),
        in_force=in_force,
        fields=labels_of(record, disclosure.fields),
        choices=[(name, label_of(record, name), name in disclosure.fields) for name in closed_names(record)],
        openings=openings(record, disclosure.party_id) if owners and disclosure.party_id else [],
        may_decide=bool(allows(actor, "decide", disclosure)),
        may_take_back=disclosure.state == DISCLOSURE.initial and bool(allows(actor, "take_back", disclosure)),
    )


def periods() -> dict[str, str]:
    """The usual end of a disclosure and the latest there may be, as an input of the browser takes them."""
    now = timezone.now()
    usual, latest = now + dt.timedelta(days=USUAL_DAYS), now + LONGEST
    return {"ends_usual": hour_written(usual), "ends_latest": hour_written(latest), "ends_days": str(LONGEST.days)}


def is_closed(record: Resource, name: str) -> bool:
    """Whether a field belongs to the second layer."""
    return record.class_of(name) != Visibility.PUBLIC


def locked_rows(reading: Reading) -> list[Locked]:
    """The filled fields that the reader may not read, and the owner's name when it is kept back."""
    record = reading.record
    rows = [Locked(str(field.label), audience_word(record.class_of(field.name))) for field in reading.withheld]
    if OWNER not in reading.fields and not record.sealed and "holder" not in record.declaration.columns:
        rows.append(Locked(str(OWNER_LABEL), audience_word(record.class_of(OWNER))))
    return rows


def _owner_closed(reading: Reading) -> str:
    """For whom the organisation's name is, unless a field of its own says so."""
    record = reading.record
    if not reading.owners or OWNER not in record.closed or record.declaration.columns.get("holder") in record.values:
        return ""
    return audience_word(record.class_of(OWNER))


def _may_ask(actor: Actor, record: Resource) -> bool:
    asks = Disclosure(record=record, record_owner=record.owner_id, party_id=actor.party)
    return bool(record.owner_id and record.owner_id != actor.party and actor.signed_in and allows(actor, "ask", asks))
