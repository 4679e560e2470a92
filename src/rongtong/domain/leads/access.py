"""Who sees a lead and who may speak for which side."""

from django.db.models import Q

from rongtong.domain.foundation.access import EVERYTHING, Grant, LookedUp, declare
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.relations import Relation, relate
from rongtong.domain.foundation.words import Words
from rongtong.domain.leads.models import Feedback, Lead
from rongtong.domain.leads.states import INTRODUCED
from rongtong.domain.parties.access import (
    AUDITOR,
    STAFF,
    has_party,
    in_region,
    keeps_records,
    signed_in,
    staff,
    supervises,
)
from rongtong.domain.registry.models import Resource

DEMAND_SIDE = Grant(
    Words("本单位是需求方", "Your organisation asks"), has_party, lambda actor: Q(demand_party=actor.party)
)
SUPPLY_SIDE = Grant(
    Words("本单位是供给方", "Your organisation offers"), has_party, lambda actor: Q(supply_party=actor.party)
)


def brokers(actor: Actor) -> bool:
    return actor.signed_in and actor.is_any(Role.MANAGER)


OWN_BROKERAGE = Grant(Words("您经办的线索", "A lead you look after"), brokers, lambda actor: Q(manager=actor.account))


def here(actor: Actor) -> Q:
    """Leads, and what was said of answers, of which either side lies in the actor's region, or in none; all for who has no region."""
    if not actor.region:
        return EVERYTHING
    records = LookedUp[Resource](Resource).filter(in_region(actor)).values("pk")
    return Q(demand_id__in=records) | Q(candidate_id__in=records)


STAFF_HERE = Grant(STAFF.because, staff, here)
STAFF_BROKER = Grant(Words("管理部门牵线", "Bureau staff broker"), staff, here)
AUDITOR_HERE = Grant(AUDITOR.because, supervises, here)

declare(
    Lead,
    view=(DEMAND_SIDE, SUPPLY_SIDE, OWN_BROKERAGE, STAFF_HERE, AUDITOR_HERE),
    create=(DEMAND_SIDE, SUPPLY_SIDE, OWN_BROKERAGE, STAFF_HERE),
    speak_for_demand=(DEMAND_SIDE,),
    speak_for_supply=(SUPPLY_SIDE,),
    broker=(OWN_BROKERAGE, STAFF_BROKER),
    report=(DEMAND_SIDE, SUPPLY_SIDE, OWN_BROKERAGE, STAFF_HERE),
)
OWN_FEEDBACK = Grant(Words("本人的评价", "What you said"), signed_in, lambda actor: Q(account=actor.account))
SAID = Grant(OWN_FEEDBACK.because, keeps_records, OWN_FEEDBACK.where)
declare(Feedback, view=(OWN_FEEDBACK, STAFF_HERE, AUDITOR_HERE), create=(SAID,))
relate(
    Relation.COUNTERPARTY,
    lambda actor: Lead.objects.filter(supply_party=actor.party, state__in=INTRODUCED).values("demand_id"),
)
relate(
    Relation.COUNTERPARTY,
    lambda actor: Lead.objects.filter(demand_party=actor.party, state__in=INTRODUCED).values("candidate_id"),
)
