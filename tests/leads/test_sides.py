"""What each side of a lead knows of the other, and when an introduction may open what is kept for it."""

import pytest

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition
from rongtong.domain.leads.actions import advance_lead, propose_lead
from rongtong.domain.leads.models import Lead
from rongtong.domain.leads.queries import to_do
from rongtong.domain.leads.sides import as_told, owner_told, probability_told, readings_of, who_did
from rongtong.domain.registry.models import OWNER
from rongtong.domain.registry.reading import read
from tests import factories as make

pytestmark = pytest.mark.django_db


def quiet_lead(**facts: object) -> Lead:
    """A demand that keeps its name for the introduction, proposed by its owner."""
    demand = make.ResourceFactory(closed={OWNER: "matched", "targets": "matched"}, **facts)
    return make.LeadFactory(demand=demand, actor=make.member(demand.owner))


def test_the_name_is_told_once_both_agreed() -> None:
    lead = quiet_lead()
    other = make.member(lead.candidate.owner)
    readings = readings_of(other, lead)
    assert owner_told(readings[lead.demand_id]) == ""
    assert owner_told(readings[lead.candidate_id]) == lead.candidate.owner.name
    (event, *_rest) = audit.history(lead.pk)
    assert who_did(lead, event, readings) == "需求方"
    lead = advance_lead(actor=other, lead=lead, event="supply_accept")
    readings = readings_of(other, lead)
    assert owner_told(readings[lead.demand_id]) == lead.demand.owner.name
    assert who_did(lead, event, readings) == event.actor_name
    assert "targets" in read(other, lead.demand).fields


def test_a_lost_lead_shuts_what_the_introduction_opened() -> None:
    lead = quiet_lead()
    other = make.member(lead.candidate.owner)
    lead = advance_lead(actor=other, lead=lead, event="supply_accept")
    advance_lead(actor=other, lead=lead, event="lose", reason="参数不合")
    assert "targets" not in read(other, lead.demand).fields


def test_nobody_introduces_over_a_side_that_keeps_something_for_it() -> None:
    demand = make.ResourceFactory(closed={OWNER: "matched"})
    broker = make.manager()
    lead = make.LeadFactory(demand=demand, actor=broker)
    with pytest.raises(IllegalTransition, match="需求方表示有意"):
        advance_lead(actor=broker, lead=lead, event="introduce")
    lead = advance_lead(actor=make.member(demand.owner), lead=lead, event="demand_interest")
    assert advance_lead(actor=broker, lead=lead, event="introduce").state == "introduced"


def test_a_manager_of_one_side_does_not_introduce_themselves() -> None:
    broker = make.manager()
    lead = make.LeadFactory(actor=broker)
    Lead.objects.filter(pk=lead.pk).update(supply_party=broker.party)
    with pytest.raises(IllegalTransition, match="其中一方"):
        advance_lead(actor=broker, lead=lead, event="introduce")


def test_a_number_found_with_a_closed_part_is_for_its_owner() -> None:
    lead = make.LeadFactory(demand=make.ResourceFactory(closed={"targets": "owner"}), probability=0.7)
    told = [probability_told(make.member(owner), lead) for owner in (lead.demand.owner, lead.candidate.owner)]
    assert told == [0.7, None]
    assert probability_told(make.officer(), lead) is None
    assert probability_told(make.member(), make.LeadFactory(probability=0.6)) == 0.6


def test_a_record_one_may_not_view_stands_in_a_lead_without_its_title() -> None:
    demand = make.ResourceFactory(title="翡翠山雀", visibility="matched")
    lead = make.LeadFactory(demand=demand, actor=make.member(demand.owner))
    other = make.member(lead.candidate.owner)
    (told,) = as_told(other, [Lead.objects.get(pk=lead.pk)])
    assert str(told.demand) == "未公开的技术需求（引荐后可见）" and not told.demand.values
    assert "翡翠山雀" not in str([[str(each) for each in task.records] for task in to_do(other)])
    advance_lead(actor=other, lead=lead, event="supply_accept")
    (told,) = as_told(other, [Lead.objects.get(pk=lead.pk)])
    assert told.demand.title == "翡翠山雀"


def test_that_two_are_in_touch_is_not_told_to_who_asks_for_the_same() -> None:
    lead = make.LeadFactory()
    broker = make.manager()
    own = propose_lead(actor=broker, demand=lead.demand, candidate=lead.candidate)
    assert own.pk != lead.pk
    assert propose_lead(actor=broker, demand=lead.demand, candidate=lead.candidate).pk == own.pk
    assert propose_lead(actor=make.officer(), demand=lead.demand, candidate=lead.candidate).pk in (lead.pk, own.pk)


def test_a_record_that_one_cannot_see_is_not_proposed() -> None:
    hidden = make.AchievementFactory(visibility="internal")
    with pytest.raises(AccessDenied):
        propose_lead(actor=make.manager(), demand=make.ResourceFactory(), candidate=hidden)


def test_what_was_said_of_an_answer_stays_in_its_region() -> None:
    here = make.DEMAND | {"region": "330106"}
    said = make.FeedbackFactory(
        demand=make.ResourceFactory(values=here),
        candidate=make.AchievementFactory(values={"problem": here["problem"], "region": "330100"}),
    )
    for role in (Role.OFFICER, Role.SUPERVISOR):
        seen = {region: bool(allows(make.holder(role, region), "view", said)) for region in ("330100", "440300", "")}
        assert seen == {"330100": True, "440300": False, "": True}
