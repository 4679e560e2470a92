"""The audit chain shows every event that was changed, removed, inserted or cut off."""

import pytest
from django.db import connection, transaction
from django.db.models import F

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import find_one, require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.audit import MissingAudit
from rongtong.domain.foundation.errors import AccessDenied, DomainError
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.foundation.models import AccessEvent, AuditEvent, AuditHead, ProvisionEvent
from rongtong.domain.parties.models import Party
from rongtong.domain.registry.models import Resource
from tests.factories import PLATFORM, PartyFactory, ResourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain() -> None:
    PartyFactory.create_batch(5)


def test_an_untouched_chain_holds(chain: None) -> None:
    result = audit.verify()
    assert (result.events, result.broken_at, result.head) == (5, None, AuditHead.objects.get().hash)


def test_an_empty_chain_holds() -> None:
    assert audit.verify() == audit.Verification(0, audit.GENESIS)


@pytest.mark.parametrize(
    "column, value",
    [
        ("action", "parties.delete_party"),
        ("actor_name", "别人"),
        ("account", 7),
        ("entity_id", "0"),
        ("details", {"name": "改过"}),
        ("at", "2001-01-01T00:00:00Z"),
    ],
)
def test_a_changed_event_is_found(chain: None, column: str, value: object) -> None:
    AuditEvent.objects.filter(seq=3).update(**{column: value})
    assert (audit.verify().broken_at, audit.verify().fault) == (3, "changed")


def test_a_changed_event_with_its_hash_made_right_is_found_at_the_next(chain: None) -> None:
    AuditEvent.objects.filter(seq=3).update(actor_name="别人")
    forged = AuditEvent.objects.get(seq=3)
    AuditEvent.objects.filter(seq=3).update(hash=audit.digest(forged))
    assert audit.verify().broken_at == 4


def test_a_removed_event_is_found(chain: None) -> None:
    AuditEvent.objects.filter(seq=2)._raw_delete(using="default")
    assert (audit.verify().broken_at, audit.verify().fault) == (2, "missing")


def test_a_removed_event_with_the_gap_closed_is_found(chain: None) -> None:
    AuditEvent.objects.filter(seq=2)._raw_delete(using="default")
    for seq in (3, 4, 5):
        AuditEvent.objects.filter(seq=seq).update(seq=F("seq") - 1)
    assert (audit.verify().broken_at, audit.verify().fault) == (2, "missing")


def test_an_inserted_event_is_found(chain: None) -> None:
    copied = AuditEvent.objects.get(seq=5)
    inserted = AuditEvent(seq=6, at=copied.at, action="x", entity_kind="x", entity_id="x", prev_hash=copied.hash)
    inserted.hash = audit.digest(inserted)
    inserted.save(force_insert=True)
    assert (audit.verify().broken_at, audit.verify().fault) == (6, "added")


def test_a_tail_cut_off_is_found(chain: None) -> None:
    AuditEvent.objects.filter(seq__gte=4)._raw_delete(using="default")
    assert (audit.verify().broken_at, audit.verify().fault) == (4, "cut")


def test_an_event_is_neither_changed_nor_deleted_through_the_model(chain: None) -> None:
    event = AuditEvent.objects.get(seq=1)
    with pytest.raises(DomainError):
        event.save()
    with pytest.raises(DomainError):
        event.delete()


@action("tests.say_nothing")
def say_nothing() -> None:
    Party(kind="person", name="没有留痕的人").save()


def test_an_action_without_an_event_is_undone() -> None:
    with pytest.raises(MissingAudit):
        say_nothing()
    assert not Party.objects.exists()


def test_an_event_outside_an_action_is_refused(transactional_db: None) -> None:
    party = Party(kind="person", name="某人")
    assert not connection.in_atomic_block
    with pytest.raises(MissingAudit):
        audit.record(PLATFORM, "tests.outside", party)


def test_the_history_of_a_record_is_its_own_events_oldest_first() -> None:
    resource = ResourceFactory()
    ResourceFactory()
    assert [event.action for event in audit.history(resource.pk)] == ["registry.create_resource"]


@action("tests.refuse")
def refuse(*, actor: Actor) -> None:
    PartyFactory()
    require(actor, "create", Party(kind="person", name="某人"))


def test_a_refused_action_leaves_nothing_but_the_event_of_its_refusal() -> None:
    with pytest.raises(AccessDenied):
        refuse(actor=VISITOR)
    event = AccessEvent.objects.get()
    assert (event.action, event.entity_kind) == ("refused", "parties.party")
    assert (event.details["wanted"], event.details["needs"]) == ("tests.refuse", "create")
    assert not Party.objects.exists()


def test_asking_for_what_is_not_there_and_for_what_one_may_not_leaves_the_same_event() -> None:
    hidden = ResourceFactory(visibility="owner")
    for pk in (hidden.pk, new_id()):
        with pytest.raises(Resource.DoesNotExist), audit.coming_from("portal", "10.0.0.1"):
            find_one(VISITOR, "view", Resource.objects.all(), pk)
    first, second = AccessEvent.objects.all()
    assert first.details == second.details == {"needs": "view", "channel": "portal", "address": "10.0.0.1"}
    assert first.entity_id == str(hidden.pk)


def test_what_was_shown_stands_in_a_stream_of_its_own() -> None:
    resource = ResourceFactory()
    audit.shown(PLATFORM, "page", [(resource, ["budget", "contact"], "本单位的记录")])
    event = ProvisionEvent.objects.get()
    assert event.details == {"fields": ["budget", "contact"], "ground": "本单位的记录"}
    assert [result.fault for result in audit.verify_all()] == ["", "", ""]
    ProvisionEvent.objects.update(actor_name="别人")
    assert [result.fault for result in audit.verify_all()] == ["", "", "changed"]


def test_closed_events_stand_in_no_stream_until_they_are_disclosed() -> None:
    box, resource = new_id(), ResourceFactory()
    before = AuditEvent.objects.count()
    audit.record_closed(PLATFORM, "tests.seal", resource, box=box)
    audit.record_closed(PLATFORM, "tests.seal", resource, box=new_id())
    assert AuditEvent.objects.count() == before
    assert audit.disclose(box) == 1
    assert audit.disclose(box) == 0
    assert AuditEvent.objects.last().action == "tests.seal"
    assert not audit.verify().fault


def test_oldest_events_that_went_without_the_event_of_a_pruning_are_missed() -> None:
    for _each in range(4):
        audit.note(PLATFORM, "signed_in")
    moment = AccessEvent.objects.get(seq=3).at
    with transaction.atomic():
        assert audit.let_go(audit.ACCESS, moment) == 2
    assert (audit.verify(audit.ACCESS).broken_at, audit.verify(audit.ACCESS).fault) == (3, "base")


def test_the_end_of_a_chain_is_checked_without_the_rest(chain: None) -> None:
    AuditEvent.objects.filter(seq=1).update(actor_name="别人")
    assert (audit.verify_end(audit.ACTS, 3).events, audit.verify_end(audit.ACTS, 3).fault) == (3, "")
    AuditEvent.objects.filter(seq=5)._raw_delete(using="default")
    assert (audit.verify_end(audit.ACTS, 3).broken_at, audit.verify_end(audit.ACTS, 3).fault) == (5, "cut")
