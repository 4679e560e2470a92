"""Who is told what: in the same transaction, in the right seat, and of a sealed submission nobody but its applicant."""

import pytest
from django.db import transaction

from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.naming import event_names
from rongtong.domain.leads.actions import advance_lead
from rongtong.domain.mailbox.models import Message
from rongtong.domain.mailbox.queries import messages_of, unread_elsewhere, unread_of
from rongtong.domain.mailbox.telling import Recipient, officers_of, people_of, sayings, sentence, tell, words_of
from rongtong.domain.parties.membership import end_role, suspend_account
from rongtong.domain.parties.models import Account, Party, RoleGrant
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.programmes import states
from rongtong.domain.programmes.actions.calls import advance_topic
from rongtong.domain.programmes.models import Submission, Topic
from rongtong.domain.registry.actions import advance_resource
from tests import factories as make
from tests.programmes.factories import TopicFactory

OWN_NAMES = {"topic.matched", "topic.postpone", "seat.invite", "objection.file", "change.ask", "obligation.arise"}
"""Told by actions that make a record or change it, rather than move one."""


def test_every_row_names_a_step_there_is_or_a_making() -> None:
    steps = {f"{process.name}.{row.event}" for process in states.PROCESSES for row in process.transitions}
    challenge = {key for key in sayings() if key.partition(".")[0] in {process.name for process in states.PROCESSES}}
    assert challenge - steps == OWN_NAMES


def test_every_sentence_stands_in_both_languages_and_names_its_subject() -> None:
    for key, saying in sayings().items():
        for words in (saying.words.zh, saying.words.en):
            assert words.count("{title}") == 1, key
            words.format(title="题")


def test_what_no_one_says_any_more_is_called_by_its_event() -> None:
    assert "topic.open" in event_names()
    assert words_of("programmes.create_topic").zh.format(title="题") == "拟定榜题：题"


@pytest.mark.django_db
def test_a_step_tells_its_audience_and_not_who_took_it() -> None:
    topic = TopicFactory()
    setter, colleague = make.member(topic.setter), make.member(topic.setter)
    clerk, elsewhere = make.officer(), make.holder(Role.OFFICER, "440300")
    Topic.objects.filter(pk=topic.pk).update(region="330100")
    topic.refresh_from_db()
    advance_topic(actor=clerk, topic=topic, event="submit")
    assert list(Message.objects.values_list("account", "key")) == []  # the only clerk of the region took it
    other = make.officer()
    advance_topic(actor=clerk, topic=Topic.objects.get(pk=topic.pk), event="return", reason="补充指标")
    assert {(m.account_id, m.key) for m in Message.objects.all()} == {
        (setter.account, "topic.return"),
        (colleague.account, "topic.return"),
    }
    advance_topic(actor=setter, topic=Topic.objects.get(pk=topic.pk), event="submit")
    told = Message.objects.filter(key="topic.submit")
    assert {m.account_id for m in told} == {clerk.account, other.account}
    assert elsewhere.account not in {m.account_id for m in told}


@pytest.mark.django_db
def test_what_is_undone_was_never_told() -> None:
    topic = TopicFactory()
    make.officer()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        advance_topic(actor=make.member(topic.setter), topic=topic, event="submit")
        raise ZeroDivisionError
    assert not Message.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", [key for key in sayings() if key.startswith("submission.")])
def test_of_a_submission_only_its_applicant_is_told(key: str) -> None:
    topic = TopicFactory()
    for somebody in (make.member(topic.setter), make.officer(), make.supervisor(), make.member()):
        assert somebody.account
    applicant = make.member()
    rival = Submission.objects.create(topic=topic, applicant=make.PartyFactory(), state="sealed")
    make.member(rival.applicant)
    submission = Submission.objects.create(topic=topic, applicant_id=applicant.party, state="sealed")
    tell(make.PLATFORM, key, submission)
    assert [m.account_id for m in Message.objects.all()] == [applicant.account]
    assert not Message.objects.get().public


@pytest.mark.django_db
def test_to_the_applicants_of_a_topic_belong_only_those_that_were_opened() -> None:
    topic = TopicFactory()
    opened, returned = make.member(), make.member()
    Submission.objects.create(topic=topic, applicant_id=opened.party, state="ranked")
    Submission.objects.create(topic=topic, applicant_id=returned.party, state="unopened")
    tell(make.PLATFORM, "topic.notice", topic)
    assert [m.account_id for m in Message.objects.exclude(account=None)] == [opened.account]


@pytest.mark.django_db
def test_who_no_longer_acts_for_a_party_is_not_told() -> None:
    party = make.PartyFactory()
    stays, leaves, held = make.member(party), make.member(party), make.member(party)
    end_role(actor=make.PLATFORM, grant=RoleGrant.objects.get(account=leaves.account), reason="离职")
    suspend_account(actor=make.PLATFORM, account=Account.objects.get(pk=held.account), reason="停用")
    assert people_of(party.pk) == [Recipient(stays.account or 0, f"{party.pk}/")]


@pytest.mark.django_db
def test_a_person_who_acts_for_themselves_is_told() -> None:
    account = make.AccountFactory(person=make.PersonFactory())
    assert people_of(account.person_id) == [Recipient(account.pk, f"{account.person_id}/")]
    assert people_of(None) == []


@pytest.mark.django_db
def test_officers_of_a_region_are_those_whose_region_holds_it() -> None:
    city, province = make.officer(), make.holder(Role.OFFICER, "330000")
    make.holder(Role.OFFICER, "110000")
    assert {each.account for each in officers_of("330106")} == {city.account, province.account}


@pytest.mark.django_db
def test_messages_of_one_seat_are_not_shown_in_another() -> None:
    first, second = make.PartyFactory(), make.PartyFactory()
    account = make.AccountFactory()
    for party in (first, second):
        make.RoleGrantFactory(account=account, party=party)
    topic = TopicFactory(setter=first)
    tell(make.PLATFORM, "topic.publish", topic)
    here, there = actor_of(account, seat=f"{first.pk}/"), actor_of(account, seat=f"{second.pk}/")
    assert [unread_of(here), unread_elsewhere(here)] == [1, 0]
    assert [unread_of(there), unread_elsewhere(there)] == [0, 1]
    assert not messages_of(there).exists()
    assert not messages_of(make.member(first)).exists()


@pytest.mark.django_db
def test_each_side_of_a_lead_is_told_and_neither_is_named() -> None:
    lead = make.LeadFactory()
    demand, supply = make.member(lead.demand.owner), make.member(lead.candidate.owner)
    advance_lead(actor=demand, lead=lead, event="demand_interest")
    assert {m.account_id for m in Message.objects.all()} == {supply.account}
    message = Message.objects.get()
    assert sentence(message) == sentence(message, outside=True) == "一条线索的需求方表示有意，请答复"
    advance_lead(actor=supply, lead=lead, event="supply_accept")
    assert {m.account_id for m in Message.objects.filter(key="leads.supply_accept")} == {demand.account}


@pytest.mark.django_db
def test_an_owner_is_told_of_its_record_by_its_title_and_a_mail_is_not() -> None:
    owner = make.member()
    record = make.ResourceFactory(published=False, owner=Party.objects.get(pk=owner.party), actor=owner)
    record = advance_resource(actor=owner, record=record, event="submit", no_secrets=True)
    advance_resource(actor=make.officer(), record=record, event="return", reason="补充参数")
    message = Message.objects.get(account=owner.account)
    assert sentence(message) == f"“{record.title}”被退回修改"
    assert sentence(message, outside=True) == "一条记录被退回修改"
