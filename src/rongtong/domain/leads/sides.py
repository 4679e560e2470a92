"""The two sides of a lead as somebody may know them: titles of what they may view, names that are not kept back."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from rongtong.domain.foundation.access import scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.leads.models import Lead
from rongtong.domain.registry.models import OWNER, Resource
from rongtong.domain.registry.reading import Reading, read_many

Readings = dict[UUID, Reading]


def as_told(actor: Actor, leads: Iterable[Lead]) -> list[Lead]:
    """``leads`` with a stand-in for each record that ``actor`` may not view, in two queries whatever their number."""
    given = list(leads)
    keys = {key for lead in given for key in (lead.demand_id, lead.candidate_id)}
    seen = set(scope(actor, "view", Resource.objects.filter(pk__in=keys)).values_list("pk", flat=True))
    for lead in given:
        if lead.demand_id not in seen:
            lead.demand = _stand_in(lead.demand)
        if lead.candidate_id not in seen:
            lead.candidate = _stand_in(lead.candidate)
    return given


def readings_of(actor: Actor, lead: Lead) -> Readings:
    """Both records of a lead as ``actor`` may read them."""
    return {reading.record.pk: reading for reading in read_many(actor, [lead.demand, lead.candidate])}


def owner_told(reading: Reading) -> str:
    """Whose record it is: only after the introduction when its owner keeps the name back."""
    return reading.owner or reading.record.holder


def who_did(lead: Lead, event: AuditEvent, readings: Readings) -> str:
    """Who did it; the side alone when its name is kept back from the reader, because people's names give it away."""
    if event.party and event.party == lead.demand_party and OWNER not in readings[lead.demand_id].fields:
        return _("需求方")
    if event.party and event.party == lead.supply_party and OWNER not in readings[lead.candidate_id].fields:
        return _("供给方")
    return event.actor_name


def probability_told(actor: Actor, lead: Lead) -> float | None:
    """The probability that stands in the lead, for whoever may read all that it was computed from.

    The platform states none of what it found with a closed part, and a number that was computed with one would let the
    other side measure it.
    """
    closed = [record for record in (lead.demand, lead.candidate) if record.layered]
    if any(actor.party is None or record.owner_id != actor.party for record in closed):
        return None
    return lead.probability


def _stand_in(record: Resource) -> Resource:
    title = _("未公开的%(kind)s（引荐后可见）") % {"kind": record.declaration.label}
    closed = {OWNER: Visibility.OWNER.value}
    return Resource(pk=record.pk, kind=record.kind, title=title, state=record.state, visibility="owner", closed=closed)
