"""Showing innovation points to those whom the enterprise agreed to show them, and noting that they were shown."""

import datetime as dt
from dataclasses import dataclass

from rongtong.domain.assessments.models import Assessment
from rongtong.domain.assessments.queries import points_shown_to
from rongtong.domain.foundation import audit
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.parties.consent.queries import in_force

PURPOSE = "innovation_points"
GROUND = "企业同意向您提供，且已确认结果"


@dataclass(frozen=True, slots=True)
class Shown:
    """The points of one enterprise as a recipient sees them; ``until`` None: until the consent is withdrawn."""

    assessment: Assessment
    until: dt.date | None


def show_points(actor: Actor, channel: str) -> list[Shown]:
    """The points shown to the actor's party, each noted before it is answered; raises TryLater when it cannot be."""
    if actor.party is None:
        return []
    ends: dict[object, dt.date | None] = {}
    for consent in in_force(PURPOSE).filter(recipient_id=actor.party):
        before = ends.get(consent.subject_id, dt.date.min)
        ends[consent.subject_id] = None if consent.ends is None or before is None else max(consent.ends, before)
    found = list(points_shown_to(actor))
    audit.shown(actor, channel, [(each, ("score", "stage", "as_of"), GROUND) for each in found])
    return [Shown(each, ends[each.party_id]) for each in found]
