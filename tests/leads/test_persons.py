"""A machine proposes nobody who does not want it, and decides about no one: art. 24 of 个人信息保护法."""

from types import ModuleType

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.leads import blind, matching
from rongtong.domain.leads.actions import propose_lead
from rongtong.domain.leads.models import Feedback, Lead
from rongtong.domain.parties.consent.actions import decline_purpose, give_consent
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.parties.personal.actions import answer_personal, ask_personal, hand_out_personal
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.registry import persons
from rongtong.domain.registry.actions import consent_blind
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.queries import Filters
from rongtong.domain.registry.search import search
from tests import factories as make

pytestmark = pytest.mark.django_db
KNOWS = "石灰窑出灰系统在高温下频繁卡料，自动出灰装置与控制方法，解决高温石灰出灰的问题。"
ORCID = "0000-0002-1825-0097"


def account(**facts: object) -> Account:
    return make.AccountFactory(person=make.PersonFactory(name="沈若溪", **facts))


def expert(owner: Party, **facts: object) -> Resource:
    values = {"expertise": KNOWS} | facts
    return make.ResourceFactory(kind="expert", title="沈若溪", values=values, owner=owner)


def described() -> tuple[Account, Resource]:
    """A person whom their university lists among its experts."""
    who = account(orcid=ORCID)
    university = make.AffiliationFactory(member=who.person).organisation
    return who, expert(university, orcid=ORCID)


def proposed(actor: Actor = VISITOR) -> set[Resource]:
    query = matching.text_query("石灰窑出灰", KNOWS)
    return {match.record for match in matching.match(actor, query, group="expert").matches}


def test_ones_own_record_is_proposed_once_one_agrees(index: ModuleType) -> None:
    who = account()
    record = expert(who.person)
    index.drain()
    assert proposed() == set()
    give_consent(actor=actor_of(who), subject=who.person, purpose="profile_matching")
    assert proposed() == {record}


def test_a_refusal_holds_at_once_and_the_register_shows_the_record_still(index: ModuleType) -> None:
    who = account()
    record = expert(who.person)
    index.drain()
    give_consent(actor=actor_of(who), subject=who.person, purpose="profile_matching")
    decline_purpose(actor=actor_of(who), subject=who.person, purpose="profile_matching")
    assert (proposed(), proposed(make.officer())) == (set(), set())
    assert search(VISITOR, Filters(q="石灰窑出灰")).records == [record]


def test_who_is_listed_by_their_organisation_may_refuse_without_having_agreed(index: ModuleType) -> None:
    who, record = described()
    index.drain()
    assert proposed() == {record}
    decline_purpose(actor=actor_of(who), subject=who.person, purpose="profile_matching")
    assert (proposed(), persons.word_of(who.person)) == (set(), "refuses")


def test_an_identifier_that_anybody_may_write_moves_nobody_elses_record(index: ModuleType) -> None:
    _who, record = described()
    rival = account(orcid=ORCID)
    make.AffiliationFactory(member=rival.person)
    decline_purpose(actor=actor_of(rival), subject=rival.person, purpose="profile_matching")
    index.drain()
    assert proposed() == {record}
    assert not persons.concerns(actor_of(rival), record)


def test_the_record_of_who_does_not_agree_to_be_listed_is_not_proposed(index: ModuleType) -> None:
    expert(make.PartyFactory(), consent="否")
    index.drain()
    assert proposed() == set()


def test_a_demand_of_a_person_is_an_answer_only_if_they_agree(index: ModuleType) -> None:
    who = account()
    demand = make.ResourceFactory(owner=who.person)
    index.drain()
    offer = make.AchievementFactory()
    assert matching.match_record(VISITOR, offer).matches == []
    give_consent(actor=actor_of(who), subject=who.person, purpose="profile_matching")
    assert [match.record for match in matching.match_record(VISITOR, offer).matches] == [demand]


def test_the_blind_search_proposes_no_person(index: ModuleType) -> None:
    who = account()
    give_consent(actor=actor_of(who), subject=who.person, purpose="profile_matching")
    expert(who.person)
    expert(make.PartyFactory())
    make.AchievementFactory(title="石灰窑自动出灰装置", values={"problem": KNOWS}, owner=who.person)
    demand = make.ResourceFactory(
        values={"problem": "一处设备问题。" * 8, "details": KNOWS}, closed={"owner": "matched"}
    )
    consent_blind(actor=make.member(demand.owner), record=demand, agrees=True)
    index.drain()
    assert blind.run_due() == 1
    assert not Lead.objects.exists()


def test_no_machine_proposes_a_person() -> None:
    record = expert(make.PartyFactory())
    demand = make.ResourceFactory()
    with pytest.raises(Invalid, match="由人决定"):
        propose_lead(actor=make.PLATFORM, demand=demand, candidate=record)
    assert propose_lead(actor=make.officer(), demand=demand, candidate=record).candidate == record


def test_leaving_people_out_costs_one_question_however_many_they_are(index: ModuleType) -> None:
    costs = []
    for _turn in range(2):
        for _each in range(3):
            expert(account().person)
        index.drain()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            proposed()
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_erasing_empties_the_records_of_a_person_and_what_names_them(index: ModuleType) -> None:
    who, record = described()
    own = expert(who.person, contact="0571-00000000")
    document = make.DocumentFactory(entity=own, name="沈若溪简历.pdf")
    demand = make.ResourceFactory(owner=record.owner, values=make.DEMAND | {"contact": "沈若溪 0571-1"})
    lead = propose_lead(actor=make.officer(), demand=make.ResourceFactory(), candidate=own, note="沈教授很合适")
    index.drain()
    request = ask_personal(actor=actor_of(who), kind="erasure")
    answer_personal(actor=make.officer(), request=request, event="fulfil", answer="已核对身份。")
    for each in (record, own, demand, document, lead):
        each.refresh_from_db()
    assert {(each.title, each.state, str(each.values)) for each in (record, own)} == {
        ("已删除的专家记录", "withdrawn", "{}")
    }
    assert ("contact" in demand.values, document.name, lead.note) == (False, "已删除的附件.pdf", "")
    assert document.withdrawn_at
    index.drain()
    assert (proposed(), index.store().count("kind = 'expert'")) == (set(), 0)


def test_a_manager_who_goes_leaves_their_leads_without_a_name() -> None:
    manager = make.RoleGrantFactory(account=account(), role="manager", party=make.PartyFactory()).account
    actor = actor_of(manager)
    lead = make.LeadFactory(actor=actor)
    feedback = make.FeedbackFactory(actor=actor)
    Feedback.objects.filter(pk=feedback.pk).update(note="和沈若溪谈过")
    request = ask_personal(actor=actor, kind="erasure")
    answer_personal(actor=make.officer(), request=request, event="fulfil", answer="已核对身份。")
    lead.refresh_from_db()
    feedback.refresh_from_db()
    assert (lead.manager_name, feedback.note, feedback.verdict) == ("", "", "useful")


def test_the_copy_holds_ones_own_record_whole_and_that_of_the_organisation_as_far_as_it_is_public() -> None:
    who, _record = described()
    expert(who.person, contact="0571-00000000", avoid="某单位")
    rows = {part["part"]: part["rows"] for part in hand_out_personal(actor=actor_of(who))["parts"]}["records"]
    own, other = sorted(rows, key=lambda row: "contact" not in row["values"])
    assert (own["values"]["contact"], own["values"]["avoid"]) == ("0571-00000000", ["某单位"])
    assert "contact" not in other["values"]
