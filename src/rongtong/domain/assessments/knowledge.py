"""What is known of a party on a day: of each indicator the latest value, with where it comes from."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from rongtong.domain.assessments import catalogue
from rongtong.domain.assessments.models import Fact
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.parties.models import Party
from rongtong.engines.rules.pack import Pack
from rongtong.engines.rules.values import Value


@dataclass(frozen=True, slots=True)
class Known:
    """One input of a pack as it is known: the engine's value and the fact behind it."""

    value: Value
    fact: Fact

    def kept(self) -> dict[str, Any]:
        """What an assessment keeps of it."""
        return {
            "value": self.fact.value,
            "year": self.fact.year,
            "source": self.fact.source,
            "confirmed": self.fact.confirmed_at is not None,
        }


def known_inputs(party: Party, pack: Pack, day: dt.date, *, confirmed_only: bool = False) -> dict[str, Known]:
    """The inputs of ``pack`` that are known of ``party`` on ``day``; those that are not are left out."""
    facts = Fact.objects.filter(
        party=party, name__in=pack.inputs, year__lte=day.year, replaced_at__isnull=True
    ).order_by("name", "year")
    if confirmed_only:
        facts = facts.filter(confirmed_at__isnull=False)
    latest = {fact.name: fact for fact in facts}
    return {name: Known(catalogue.restored(pack.inputs[name], fact.value), fact) for name, fact in latest.items()}


def known_of_all(
    pack: Pack, day: dt.date, *, region: str = "", confirmed_only: bool = False
) -> list[tuple[UUID, str, dict[str, Value]]]:
    """(key, name, values) of every enterprise of a region, by name: what :func:`known_inputs` says, in two queries."""
    parties = Party.objects.filter(kind="organisation", organisation_type="enterprise", state="active")
    if region:
        prefix = Actor(region=region).region_prefix
        parties = parties.filter(Q(region="") | Q(region__startswith=prefix))
    facts = Fact.objects.filter(name__in=pack.inputs, year__lte=day.year, replaced_at__isnull=True).order_by("year")
    if confirmed_only:
        facts = facts.filter(confirmed_at__isnull=False)
    values: dict[UUID, dict[str, Value]] = {}
    for party, name, value in facts.values_list("party_id", "name", "value").iterator(chunk_size=5000):
        values.setdefault(party, {})[name] = catalogue.restored(pack.inputs[name], value)
    return [(key, name, values.get(key, {})) for key, name in parties.order_by("name").values_list("pk", "name")]
