"""A lead is for its two sides and whoever looks after it: that somebody was shown it leaves an event."""

from collections.abc import Iterable

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import grounds
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.leads.models import Lead
from rongtong.domain.registry.showing import note_rows


def note_leads(actor: Actor, channel: str, leads: Iterable[Lead]) -> None:
    """Note that leads were shown, and of their records what is not public. Raises TryLater when it cannot be noted."""
    given = list({lead.pk: lead for lead in leads}.values())
    if not given:
        return
    viewed = grounds(actor, "view", Lead.objects.filter(pk__in=[lead.pk for lead in given]))
    audit.shown(
        actor,
        channel,
        [
            (lead, ["sides", *(["note"] if lead.note else [])], viewed[lead.pk].zh)
            for lead in given
            if lead.pk in viewed
        ],
    )
    records = {record.pk: record for lead in given for record in (lead.demand, lead.candidate)}
    note_rows(actor, channel, records.values())
