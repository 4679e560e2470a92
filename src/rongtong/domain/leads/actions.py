"""Every write to leads and feedback."""

from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require, scope
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import AccessDenied, Invalid
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.leads.models import NOT_USEFUL, REASONS, USEFUL, USEFUL_REASONS, Feedback, Lead
from rongtong.domain.leads.states import LEAD
from rongtong.domain.parties.models import Account
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.persons import is_personal


@action("leads.propose_lead")
def propose_lead(
    *,
    actor: Actor,
    demand: Resource,
    candidate: Resource,
    probability: float | None = None,
    grounds: dict[str, Any] | None = None,
    note: str = "",
) -> Lead:
    """Bring ``demand`` and ``candidate`` together; the one who asks speaks for their own side at once.

    The same two again answer the lead that exists (a double click makes one); one that the actor may not know of does
    not count. Raises Invalid, AccessDenied.
    """
    _check_pair(actor, demand, candidate)
    _check_human(actor, candidate)
    Resource.objects.select_for_update().get(pk=demand.pk)
    known = scope(actor, "view", Lead.objects.filter(demand=demand, candidate=candidate)).first()
    lead = known or _new_lead(actor, demand, candidate, probability, grounds, note)
    require(actor, "view" if known else "create", lead)
    if known is None:
        lead.save(force_insert=True)
    audit.record(actor, "leads.propose_lead", lead, demand=demand.pk, candidate=candidate.pk, again=known is not None)
    side = _own_side(actor, lead)
    if lead.state == LEAD.initial and side:
        return advance(LEAD, lead, f"{side}_interest", actor=actor)
    return lead


@action("leads.advance_lead")
def advance_lead(*, actor: Actor, lead: Lead, event: str, reason: str = "", seen_state: str | None = None) -> Lead:
    """Move a lead along its table; the last step gives its reason."""
    return advance(LEAD, lead, event, actor=actor, reason=reason, seen_state=seen_state)


@action("leads.give_feedback")
def give_feedback(
    *,
    actor: Actor,
    demand: Resource,
    candidate: Resource,
    verdict: str,
    reason: str = "",
    note: str = "",
    probability: float | None = None,
) -> Feedback:
    """Say whether an answer was useful and why; said again, the later word replaces the earlier."""
    if verdict not in (USEFUL, NOT_USEFUL) or (reason and reason not in REASONS):
        raise Invalid(_("请选择“有用”或“没用”，以及一个理由。"))
    if reason and (reason in USEFUL_REASONS) != (verdict == USEFUL):
        raise Invalid(_("所选理由与“有用/没用”不一致，请重新选择。"))
    require(actor, "view", demand)
    require(actor, "view", candidate)
    if actor.account is None:
        raise AccessDenied(_("请先登录，再评价匹配结果。"))
    Account.objects.select_for_update().get(pk=actor.account)  # one word of each at a time
    feedback = Feedback.objects.filter(demand=demand, candidate=candidate, account=actor.account).first() or Feedback(
        demand=demand, candidate=candidate, account=actor.account, party=actor.party
    )
    require(actor, "create", feedback)
    feedback.verdict, feedback.reason, feedback.note, feedback.probability = verdict, reason, note[:500], probability
    feedback.save()
    audit.record(actor, "leads.give_feedback", feedback, verdict=verdict, reason=reason)
    return feedback


def _check_pair(actor: Actor, demand: Resource, candidate: Resource) -> None:
    require(actor, "view", demand)
    require(actor, "view", candidate)
    if demand.declaration.group != "demand" or candidate.declaration.group == "demand":
        raise Invalid(_("线索的一方应是需求，另一方应是能回应它的记录。"))


def _check_human(actor: Actor, candidate: Resource) -> None:
    """No machine proposes a person (Personal Information Protection Law, art. 24)."""
    if actor.is_any(Role.SYSTEM) and is_personal(candidate):
        raise Invalid(_("是否把需求介绍给个人，由人决定，平台不自动提出。"))


def _new_lead(
    actor: Actor,
    demand: Resource,
    candidate: Resource,
    probability: float | None,
    grounds: dict[str, Any] | None,
    note: str,
) -> Lead:
    brokered = actor.is_any(Role.MANAGER) and actor.party not in (demand.owner_id, candidate.owner_id)
    return Lead(
        demand=demand,
        candidate=candidate,
        demand_party=demand.owner_id,
        supply_party=candidate.owner_id,
        manager=actor.account if brokered else None,
        manager_name=actor.name if brokered else "",
        probability=probability,
        grounds=grounds or {},
        note=note.strip()[:1000],
    )


def _own_side(actor: Actor, lead: Lead) -> str | None:
    if actor.party is None:
        return None
    if actor.party == lead.demand_party:
        return "demand"
    return "supply" if actor.party == lead.supply_party else None
