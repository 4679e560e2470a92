"""The platform looks with the closed part when its owner agrees: it suggests, and tells nobody why nor how strongly."""

import datetime as dt
from types import ModuleType

import pytest
from django.utils import timezone

from rongtong.domain.foundation.errors import AccessDenied
from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.leads import blind, matching
from rongtong.domain.leads.models import BlindRun, Lead
from rongtong.domain.leads.sides import probability_told
from rongtong.domain.registry.actions import consent_blind, update_resource
from rongtong.domain.registry.models import Resource
from tests import factories as make

pytestmark = pytest.mark.django_db
SECRET = "石灰窑出灰系统在高温下频繁卡料，人工清理危险，需要自动出灰的装置与控制方法，解决高温石灰出灰。"
PUBLIC = "某生产线上的一处设备问题，希望有人帮助解决，具体情况在沟通后说明，欢迎来联系我们一起看看怎么办。"


def layered() -> Resource:
    """A demand whose public part says nothing and whose closed part says all."""
    return make.ResourceFactory(
        title="一项设备难题", values={"problem": PUBLIC, "details": SECRET}, closed={"owner": "matched"}
    )


def supply(**facts: object) -> Resource:
    return make.AchievementFactory(title="高温石灰自动出灰装置与控制方法", values={"problem": SECRET}, **facts)


def consenting() -> Resource:
    demand = layered()
    return consent_blind(actor=make.member(demand.owner), record=demand, agrees=True)


def later() -> None:
    BlindRun.objects.update(at=timezone.now() - blind.SPACING - dt.timedelta(minutes=1))


def test_nobody_but_the_owner_agrees() -> None:
    demand = layered()
    for actor in (make.member(), make.officer(), make.manager(), make.supervisor()):
        with pytest.raises(AccessDenied):
            consent_blind(actor=actor, record=demand, agrees=True)
    assert AuditEvent.objects.filter(action="registry.consent_blind").count() == 0


def test_without_consent_nothing_is_looked_for(index: ModuleType) -> None:
    layered()
    supply()
    index.drain()
    assert blind.run_due() == 0
    assert not Lead.objects.exists()


def test_with_consent_the_platform_suggests_and_says_neither_why_nor_how_strongly(index: ModuleType) -> None:
    demand, candidate = consenting(), supply()
    index.drain()
    assert blind.run_due() == 1
    lead = Lead.objects.get()
    assert (lead.demand_id, lead.candidate_id, lead.probability) == (demand.pk, candidate.pk, None)
    assert (lead.grounds, lead.note, lead.state) == ({"blind": True}, "", "suggested")
    assert probability_told(make.member(candidate.owner), lead) is None


def test_the_owner_is_told_the_full_reasons_and_the_other_side_none(index: ModuleType) -> None:
    demand, candidate = consenting(), supply()
    index.drain()
    blind.run_due()
    own, other = make.member(demand.owner), make.member(candidate.owner)
    assert "卡料" in matching.record_query(own, demand).text
    assert "卡料" not in matching.record_query(other, demand).text
    told = matching.reasons(other, matching.record_query(other, demand), candidate)
    assert not told.pairs or all("卡料" not in pair.in_query.text for pair in told.pairs)
    assert "卡料" not in matching.readable_record(other, demand).text


def test_a_demand_is_looked_at_once_a_day_and_only_when_something_changed(index: ModuleType) -> None:
    demand = consenting()
    index.drain()
    assert [blind.run_due(), blind.run_due()] == [1, 0]
    supply()
    index.drain()
    assert blind.run_due() == 0
    later()
    assert blind.run_due() == 1
    assert Lead.objects.count() == 1
    later()
    Resource.objects.update(updated_at=timezone.now() - dt.timedelta(days=3))
    assert blind.run_due() == 0
    update_resource(actor=make.member(demand.owner), record=demand, values={"problem": PUBLIC, "details": SECRET})
    index.drain()
    assert blind.run_due() == 1
    assert Lead.objects.count() == 1  # the same two are not brought together twice


def test_no_more_than_a_few_come_of_one_look(index: ModuleType) -> None:
    consenting()
    for _each in range(blind.MOST + 3):
        supply()
    index.drain()
    blind.run_due()
    assert Lead.objects.count() <= blind.MOST


def test_what_is_not_verified_ownerless_or_narrow_is_not_looked_at(index: ModuleType) -> None:
    demand = consenting()
    supply(published=False)
    supply(owner=None)
    supply(visibility="internal")
    supply(owner=demand.owner)
    index.drain()
    blind.run_due()
    assert not Lead.objects.exists()


def test_taking_the_word_back_ends_it(index: ModuleType) -> None:
    demand = consenting()
    consent_blind(actor=make.member(demand.owner), record=demand, agrees=False)
    supply()
    index.drain()
    assert blind.run_due() == 0


def test_it_waits_while_the_index_lags(index: ModuleType) -> None:
    consenting()
    supply()
    assert blind.run_due() == 0
    index.drain()
    assert blind.run_due() == 1
