"""Looking for answers with a demand's closed part, when its owner has agreed: the platform reads all of it, tells the
supply side that it suggests them and neither why nor how strongly.

That it cannot be probed cheaply rests on four things: supply must be verified by bureau staff before it is looked at;
a demand is looked at once in SPACING at most; each time at most MOST new leads come of it; no score, order or quotation
leaves the house. People are never among those it suggests: whether to approach one is for a human to decide.
"""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor, system_actor
from rongtong.domain.leads import matching
from rongtong.domain.leads.models import BlindRun, Lead
from rongtong.domain.registry import indexing
from rongtong.domain.registry.kinds import all_kinds
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.states import LISTED

SPACING = dt.timedelta(hours=24)
MOST = 5
GROUPS = ("technology", "facility")
GRADES = ("introduce", "consider")
OPEN_TO_ALL = ("public", "members")
"""What is narrower may not even be found by the owner of the demand."""
_ASKED_FOR = 30
MATCHER = system_actor("平台匹配")


def run_due() -> int:
    """Look for every demand that is due; answers how many. Waits while the index lags behind the register."""
    if indexing.waiting():
        return 0
    due = [demand for demand in consenting() if is_due(demand)]
    for demand in due:
        propose_blind(actor=MATCHER, demand=demand)
    return len(due)


def consenting() -> QuerySet[Resource]:
    """Published demands whose owner lets the platform look with what is closed."""
    kinds = [kind.key for kind in all_kinds().values() if kind.group == "demand"]
    found = Resource.objects.filter(blind=True, kind__in=kinds, state__in=LISTED).exclude(visibility="sealed")
    return found.select_related("blind_run").order_by("pk")


def is_due(demand: Resource) -> bool:
    """Never looked at, or SPACING ago and either it or the published supply has changed since."""
    last = BlindRun.objects.filter(demand=demand).first()
    if last is None:
        return True
    if last.at > timezone.now() - SPACING:
        return False
    return demand.revision > last.revision or _supply().filter(updated_at__gt=last.at).exists()


@action("leads.propose_blind")
def propose_blind(*, actor: Actor, demand: Resource) -> int:
    """Propose leads to the best few that answer the whole of ``demand``; answers how many are new."""
    locked = Resource.objects.select_for_update().get(pk=demand.pk)
    require(actor, "view", locked)
    started = timezone.now()
    leads = [_lead(locked, candidate) for candidate in _best(actor, locked)] if locked.blind else []
    for lead in leads:
        require(actor, "create", lead)
        lead.save(force_insert=True)
        audit.record(actor, "leads.propose_lead", lead, demand=locked.pk, candidate=lead.candidate_id, blind=True)
    BlindRun.objects.update_or_create(
        demand=locked, defaults={"revision": locked.revision, "at": started, "proposed": len(leads)}
    )
    audit.record(actor, "leads.propose_blind", locked, proposed=len(leads))
    return len(leads)


def _best(actor: Actor, demand: Resource) -> list[Resource]:
    """The most probable answers that belong to somebody and have no lead with the demand yet."""
    known = set(Lead.objects.filter(demand=demand).values_list("candidate_id", flat=True))
    fresh = [each for each in _suitable(actor, demand) if each.record.pk not in known]
    return [each.record for each in sorted(fresh, key=lambda each: -each.probability)[:MOST]]


def _suitable(actor: Actor, demand: Resource) -> Iterator[matching.Match]:
    query = matching.record_query(actor, demand)
    for group in GROUPS:
        found = matching.match(
            actor, query, group=group, top=_ASKED_FOR, owner=demand.owner_id, classes=OPEN_TO_ALL, people=False
        )
        yield from (each for each in found.matches if each.grade in GRADES and each.record.owner_id)


def _lead(demand: Resource, candidate: Resource) -> Lead:
    return Lead(
        demand=demand,
        candidate=candidate,
        demand_party=demand.owner_id,
        supply_party=candidate.owner_id,
        grounds={"blind": True},
    )


def _supply() -> QuerySet[Resource]:
    kinds = [kind.key for kind in all_kinds().values() if kind.group in GROUPS]
    return Resource.objects.filter(kind__in=kinds, state__in=LISTED)
