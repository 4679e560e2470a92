"""A person before the machine that judges them: the panel of their own record, and what each match of one says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rongtong.domain.foundation.access import scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.leads import matching
from rongtong.domain.leads.models import Lead
from rongtong.domain.leads.queries import leads_of
from rongtong.domain.leads.sides import as_told, probability_told
from rongtong.domain.leads.states import LEAD
from rongtong.domain.parties.consent.actions import give_consent
from rongtong.domain.parties.models import PersonalRequest
from rongtong.domain.parties.personal.queries import person_of
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.persons import PURPOSE, concerns, records_of_actor, word_of
from rongtong.domain.registry.showing import note_answers
from rongtong.portal.answers import Pair, pairs

INTRODUCTIONS = 20


@dataclass(frozen=True, slots=True)
class Introduction:
    """A lead that came of a record: who took it up, how probable it seemed, and the sentences that speak for it."""

    lead: Lead
    state: str
    probability: float | None
    why: list[Pair]
    open: bool
    """Whether its person may open the lead in the seat they have now."""


def panel(actor: Actor, record: Resource) -> dict[str, Any]:
    """What the page of a record adds for the person it describes; nothing for everybody else."""
    person = person_of(actor) if not record.sealed and concerns(actor, record) else None
    if person is None:
        return {}
    return {"judged_person": person, "matching_word": word_of(person)}


def offers_consent(actor: Actor, record: Resource) -> bool:
    """Whether who hands ``record`` in is asked whether the platform may propose it: it is their own, as a person."""
    person = person_of(actor)
    return person is not None and record.owner_id == person.pk and word_of(person) != "agrees"


def take_consent(actor: Actor, record: Resource, given: Mapping[str, object]) -> None:
    """Keep the consent that somebody gave while handing in their own record."""
    person = person_of(actor)
    if "propose" in given and person is not None and record.owner_id == person.pk:
        give_consent(actor=actor, subject=person, purpose=PURPOSE)


def own_record(actor: Actor, identifier: UUID) -> Resource | None:
    """The record of this identifier, if it is that of the person behind ``actor`` and not sealed."""
    found = records_of_actor(actor).select_related("owner").filter(pk=identifier).first()
    return None if found is None or found.sealed else found


def introductions(actor: Actor, record: Resource) -> list[Introduction]:
    """What became of ``record``: the leads it was proposed in, latest first, with reasons quoting what may be read."""
    leads = list(Lead.objects.filter(candidate=record).select_related("demand", "candidate")[:INTRODUCTIONS])
    mine = set(leads_of(actor).filter(pk__in=[lead.pk for lead in leads]).values_list("pk", flat=True))
    readable = scope(actor, "view", Resource.objects.filter(pk__in=[lead.demand_id for lead in leads]))
    demands = {demand.pk: demand for demand in readable if not demand.sealed}
    note_answers(actor, "match", [record, *demands.values()] if demands else [])
    shown = {lead.pk: _why(actor, demands.get(lead.demand_id), record) for lead in leads}
    return [
        Introduction(
            lead, str(LEAD.state(lead.state).label), probability_told(actor, lead), shown[lead.pk], lead.pk in mine
        )
        for lead in as_told(actor, leads)
    ]


def about_record(actor: Actor, request: PersonalRequest) -> Resource | None:
    """The record that a request is about, if ``actor`` may view it."""
    kind, _space, identifier = request.about.partition(" ")
    if kind != Resource._meta.label_lower:
        return None
    return scope(actor, "view", Resource.objects.filter(pk=identifier)).first()


def about(record: Resource) -> str:
    """How a request names the record it is about."""
    return f"{record._meta.label_lower} {record.pk}"


def _why(actor: Actor, demand: Resource | None, record: Resource) -> list[Pair]:
    if demand is None:
        return []
    return pairs(matching.reasons(actor, matching.record_query(actor, demand), record))
