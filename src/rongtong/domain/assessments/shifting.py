"""For whom the result changes when one version of a rule takes the place of another."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from rongtong.domain.assessments import catalogue
from rongtong.domain.assessments.knowledge import known_of_all
from rongtong.domain.assessments.models import Run
from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import Actor
from rongtong.engines.rules.compare import diff_on
from rongtong.engines.rules.pack import Pack


@dataclass(frozen=True, slots=True)
class Shifted:
    """An enterprise whose outcome or score differs; scores None where the pack has none."""

    party: UUID
    name: str
    before: str
    after: str
    low: tuple[float | None, float | None]
    high: tuple[float | None, float | None]


def shifted(actor: Actor, before: Pack, after: Pack, day: dt.date) -> list[Shifted] | None:
    """The enterprises of the actor's region whose result changes, by name; None when that is not theirs to ask."""
    asks_of_region = allows(actor, "ask", Run(pack=after.id, as_of=day, region=actor.region))
    if not asks_of_region or catalogue.SUBJECT not in (before.subject, after.subject):
        return None
    from rongtong.engines.rules.facts import frame_of  # Polars takes memory: for whoever asks this

    known = known_of_all(after, day, region=actor.region)
    facts = frame_of(after, [values for _party, _name, values in known])
    return [
        Shifted(known[each.row][0], known[each.row][1], each.before, each.after, each.low, each.high)
        for each in diff_on(before, after, facts, day)
    ]
