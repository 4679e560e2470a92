"""What is known of a party on a day: of each indicator the latest value, with where it comes from."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from rongtong.domain.assessments import catalogue
from rongtong.domain.assessments.models import Fact
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
