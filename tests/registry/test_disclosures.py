"""What is closed is read by whom its owner lets, for a time and a purpose; each reading is recorded for the owner."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import VISITOR, Actor, Role, system_actor
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.parties.models import Account
from rongtong.domain.registry.actions import advance_resource, update_resource
from rongtong.domain.registry.disclosing import agreement
from rongtong.domain.registry.disclosing.actions import (
    LONGEST,
    advance_disclosure,
    ask_disclosure,
    convene_reader,
    grant_disclosure,
)
from rongtong.domain.registry.disclosing.queries import askable, asked_of, disclosures_of, ended, openings
from rongtong.domain.registry.models import OWNER, Disclosure, Resource
from rongtong.domain.registry.reading import CONFIDANT, read, read_many
from rongtong.domain.registry.showing import note_readings
from tests import factories as make

pytestmark = pytest.mark.django_db
CLOSED = {"budget": "owner", "targets": "matched", OWNER: "matched"}


def soon(days: int = 30) -> dt.datetime:
    return timezone.now() + dt.timedelta(days=days)


def two_layers(**facts: Any) -> Resource:
    return make.ResourceFactory(closed=CLOSED, **facts)


def ask(actor: Actor, record: Resource, **facts: Any) -> Disclosure:
    return ask_disclosure(actor=actor, record=record, purpose="评估能否解决", accepts=agreement.version(), **facts)


def granted(record: Resource, confidant: Actor, fields: tuple[str, ...] = ("budget",), days: int = 30) -> Disclosure:
    decider = make.administrator(record.owner)
    return grant_disclosure(actor=decider, disclosure=ask(confidant, record), fields=fields, ends=soon(days))


def test_who_may_read_what_of_two_layers() -> None:
    record = two_layers()
    stranger, owner = make.member(), make.member(record.owner)
    for actor in (VISITOR, stranger, make.officer(), make.supervisor(), make.manager()):
        fields = read(actor, record).fields
        assert not {"budget", "targets", OWNER} & set(fields), actor.roles
        assert not read(actor, record).owner
    assert {"budget", "targets", OWNER} <= set(read(owner, record).fields)
    assert [field.name for field in read(stranger, record).withheld] == ["targets", "budget", "contact"]


def test_a_request_keeps_the_agreement_as_it_was_accepted() -> None:
    record, stranger = two_layers(), make.member()
    asked = ask(stranger, record)
    assert (asked.state, asked.fields, asked.agreement_version) == ("asked", ["targets", "budget", OWNER], "2026-1")
    assert stranger.party_name in asked.agreement and "评估能否解决" in asked.agreement
    assert record.owner.name not in asked.agreement  # its name is among what is closed
    assert asked.agreed_by == stranger.name and asked.agreed_at


def test_asking_twice_is_one_request() -> None:
    record, stranger = two_layers(), make.member()
    assert ask(stranger, record).pk == ask(stranger, record).pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.create(record=record, party_id=stranger.party, state="asked")


@pytest.mark.parametrize(
    ("purpose", "accepts", "fields"),
    [("", "2026-1", None), ("评估", "2025-9", None), ("评估", "2026-1", ["problem"]), ("长" * 501, "2026-1", None)],
)
def test_a_request_needs_a_purpose_the_present_agreement_and_something_closed(
    purpose: str, accepts: str, fields: list[str] | None
) -> None:
    with pytest.raises(Invalid):
        ask_disclosure(actor=make.member(), record=two_layers(), purpose=purpose, accepts=accepts, fields=fields)


def test_there_is_nothing_to_ask_of_an_open_record_nor_of_ones_own() -> None:
    with pytest.raises(Invalid):
        ask(make.member(), make.ResourceFactory())
    record = two_layers()
    with pytest.raises(Invalid):
        ask(make.member(record.owner), record)
    for actor in (VISITOR, make.officer()):
        with pytest.raises(AccessDenied):
            ask(actor, record)


def test_the_administrator_decides_or_who_wrote_it_or_a_member_where_there_is_no_administrator() -> None:
    owner = make.PartyFactory()
    author, colleague, outsider = make.member(owner), make.member(owner), make.administrator()
    record = two_layers(owner=owner)
    Resource.objects.filter(pk=record.pk).update(author=author.account)
    asked = ask(make.member(), record)
    assert [asked_of(each).count() for each in (author, colleague, outsider)] == [1, 1, 0]
    administrator = make.administrator(owner)
    assert [asked_of(each).count() for each in (author, colleague, administrator)] == [1, 0, 1]
    for actor in (colleague, outsider, make.officer(), make.supervisor()):
        with pytest.raises(AccessDenied):
            grant_disclosure(actor=actor, disclosure=asked, fields=["budget"], ends=soon())
    assert grant_disclosure(actor=administrator, disclosure=asked, fields=["budget"], ends=soon()).state == "granted"


def test_what_is_granted_is_read_at_once_by_that_party_alone_and_no_more() -> None:
    record, confidant = two_layers(), make.member()
    granted(record, confidant)
    reading = read(confidant, record)
    assert reading.fields["budget"] == CONFIDANT
    assert "targets" not in reading.fields and OWNER not in reading.fields
    assert askable(reading) == ["targets", OWNER]
    assert read_many(confidant, [record])[0].fields == reading.fields
    assert "budget" not in read(make.member(), record).fields
    colleague = make.member(make.PartyFactory._meta.model.objects.get(pk=confidant.party))
    assert "budget" in read(colleague, record).fields


def test_the_organisations_name_is_disclosed_with_the_field_that_holds_it() -> None:
    record = two_layers(values=make.DEMAND | {"holder": "云岭示例甲公司"})
    confidant = make.member()
    assert "云岭示例甲公司" not in str(read(confidant, record).values)
    granted(record, confidant, (OWNER,))
    assert read(confidant, record).values["holder"] == "云岭示例甲公司"


def test_it_ends_at_the_second_and_the_worker_says_so() -> None:
    record, confidant = two_layers(), make.member()
    given = granted(record, confidant)
    Disclosure.objects.filter(pk=given.pk).update(ends=timezone.now())
    assert "budget" not in read(confidant, record).fields
    over = ended().get()
    assert advance_disclosure(actor=system_actor("平台时钟"), disclosure=over, event="expire").state == "expired"
    with pytest.raises(IllegalTransition):
        advance_disclosure(actor=system_actor("平台时钟"), disclosure=granted(record, confidant), event="expire")


def test_one_clock_ends_it_by_every_door(monkeypatch: pytest.MonkeyPatch) -> None:
    record, confidant = two_layers(), make.member()
    given, later = granted(record, confidant, days=3), soon(4)
    assert "budget" in read(confidant, record).fields
    monkeypatch.setattr("rongtong.domain.foundation.clock.now", lambda: later)
    assert "budget" not in read(confidant, record).fields
    assert ended().get() == given
    assert advance_disclosure(actor=system_actor("平台时钟"), disclosure=given, event="expire").state == "expired"


def test_it_begins_when_it_is_to() -> None:
    record, confidant = two_layers(), make.member()
    decider = make.administrator(record.owner)
    grant_disclosure(actor=decider, disclosure=ask(confidant, record), fields=["budget"], starts=soon(1), ends=soon(9))
    assert "budget" not in read(confidant, record).fields


def test_what_is_revoked_is_shut_that_moment() -> None:
    record, confidant = two_layers(), make.member()
    given = granted(record, confidant)
    with pytest.raises(IllegalTransition, match="理由"):
        advance_disclosure(actor=make.administrator(record.owner), disclosure=given, event="revoke")
    advance_disclosure(actor=make.administrator(record.owner), disclosure=given, event="revoke", reason="另有安排")
    assert "budget" not in read(confidant, record).fields
    assert disclosures_of(confidant, record).get().reason == "另有安排"


def test_who_was_refused_asks_again_after_a_while() -> None:
    record, stranger = two_layers(), make.member()
    refused = ask(stranger, record)
    advance_disclosure(actor=make.administrator(record.owner), disclosure=refused, event="refuse", reason="已有合作方")
    with pytest.raises(Invalid, match="起可以再次申请"):
        ask(stranger, record)
    assert ask(make.member(), record).state == "asked"  # whoever else asks is not kept waiting
    past = timezone.now() - agreement.again_after()
    Disclosure.objects.filter(pk=refused.pk).update(state_since=past + dt.timedelta(minutes=1))
    with pytest.raises(Invalid):
        ask(stranger, record)
    Disclosure.objects.filter(pk=refused.pk).update(state_since=past)
    assert ask(stranger, record).pk != refused.pk


def test_a_request_is_refused_with_a_reason_or_taken_back_by_who_asked() -> None:
    record = two_layers()
    decider, first, second = make.administrator(record.owner), make.member(), make.member()
    refused = advance_disclosure(actor=decider, disclosure=ask(first, record), event="refuse", reason="已有合作方")
    assert (refused.state, refused.decided_by) == ("refused", decider.name)
    asked = ask(second, record)
    with pytest.raises(AccessDenied):
        advance_disclosure(actor=first, disclosure=asked, event="take_back")
    assert advance_disclosure(actor=second, disclosure=asked, event="take_back").state == "taken_back"
    with pytest.raises(Invalid):
        advance_disclosure(actor=decider, disclosure=ask(second, record), event="grant")


@pytest.mark.parametrize("fields", [[], ["problem"], ["contact"], ["nothing"]])
def test_only_what_is_closed_can_be_granted(fields: list[str]) -> None:
    record = two_layers()
    with pytest.raises(Invalid):
        grant_disclosure(
            actor=make.administrator(record.owner), disclosure=ask(make.member(), record), fields=fields, ends=soon()
        )


def test_a_grant_has_an_end_within_the_longest() -> None:
    record = two_layers()
    asked, decider = ask(make.member(), record), make.administrator(record.owner)
    for ends in (timezone.now(), soon(LONGEST.days + 1)):
        with pytest.raises(Invalid):
            grant_disclosure(actor=decider, disclosure=asked, fields=["budget"], ends=ends)
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_every_reading_by_the_confidant_is_recorded_for_the_owner() -> None:
    record, confidant = two_layers(), make.member()
    granted(record, confidant)
    note_readings(confidant, "page", [read(confidant, record)])
    note_readings(make.member(record.owner), "page", [read(make.member(record.owner), record)])
    (opening,) = openings(record)
    assert (opening.event.actor_name, opening.fields) == (confidant.name, ["预算上限"])
    assert openings(record, make.member().party) == []


def test_what_is_sealed_nobody_grants() -> None:
    record = make.ResourceFactory(closed={"budget": "sealed", "targets": "owner"}, opens_at=soon())
    asked = ask(make.member(), record)
    assert asked.fields == ["targets"]
    with pytest.raises(Invalid):
        grant_disclosure(actor=make.administrator(record.owner), disclosure=asked, fields=["budget"], ends=soon())


def test_who_stands_outside_sees_neither_request_nor_grant() -> None:
    record, confidant = two_layers(), make.member()
    granted(record, confidant)
    assert disclosures_of(make.member(record.owner), record).count() == 1
    assert disclosures_of(make.supervisor(), record).count() == 1
    for actor in (VISITOR, make.member(), make.manager(), make.officer()):
        assert disclosures_of(actor, record).count() == 0


def expert() -> Actor:
    return make.holder(Role.EXPERT)


def test_a_reviewer_reads_panel_material_within_their_time() -> None:
    record = make.ResourceFactory(visibility="panel", closed={"budget": "panel"})
    reviewer, other = expert(), expert()
    account = Account.objects.get(pk=reviewer.account)
    given = convene_reader(actor=make.officer(), record=record, account=account, ends=soon(7), purpose="需求论证")
    assert {"budget", "problem"} <= set(read(reviewer, record).fields)
    assert "budget" not in read(other, record).fields
    Disclosure.objects.filter(pk=given.pk).update(ends=timezone.now())
    assert "budget" not in read(reviewer, record).fields
    again = convene_reader(actor=make.officer(), record=record, account=account, ends=soon(7), purpose="再看一次")
    advance_disclosure(actor=make.officer(), disclosure=again, event="dismiss", reason="回避")
    assert "budget" not in read(reviewer, record).fields


def test_who_is_no_reviewer_or_of_the_same_organisation_is_not_assigned() -> None:
    record = make.ResourceFactory(closed={"budget": "panel"})
    for account in (make.AccountFactory(), make.RoleGrantFactory(party=record.owner).account):
        with pytest.raises(Invalid):
            convene_reader(actor=make.officer(), record=record, account=account, ends=soon(7), purpose="论证")
    with pytest.raises(AccessDenied):
        account = Account.objects.get(pk=expert().account)
        convene_reader(actor=make.member(record.owner), record=record, account=account, ends=soon(7), purpose="论证")


def test_a_withdrawn_record_is_no_longer_found_by_its_confidant() -> None:
    record, confidant = two_layers(), make.member()
    granted(record, confidant)
    advance_resource(actor=make.member(record.owner), record=record, event="withdraw", reason="不再需要")
    record.refresh_from_db()
    assert not allows(confidant, "view", record)


def test_the_owner_opens_and_closes_by_themselves() -> None:
    record, stranger = two_layers(), make.member()
    update_resource(actor=make.member(record.owner), record=record, values=make.DEMAND, closed={})
    record.refresh_from_db()
    assert {"budget", "targets", OWNER} <= set(read(stranger, record).fields)
    update_resource(actor=make.member(record.owner), record=record, values=make.DEMAND, closed={"budget": "owner"})
    record.refresh_from_db()
    assert "budget" not in read(stranger, record).fields
    with pytest.raises(AccessDenied):
        update_resource(actor=make.officer(), record=record, values=make.DEMAND, closed={})
