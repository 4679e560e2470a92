"""One acts in one seat at a time: roles for one party never mix with those for another, nor with a region's."""

import datetime as dt

import pytest
from django.utils import timezone

from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import VISITOR, Role
from rongtong.domain.parties.actions import create_api_key
from rongtong.domain.parties.membership import end_role
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.queries import actor_for, actor_of, actor_of_key
from rongtong.domain.parties.seats import seats
from tests.factories import PLATFORM, AccountFactory, PartyFactory, PersonFactory, ResourceFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def both() -> Account:
    """Somebody who is a clerk of a region and a member of a firm."""
    account = AccountFactory(person=PersonFactory())
    RoleGrantFactory(account=account, role=Role.OFFICER, party=None, region="330100")
    RoleGrantFactory(account=account, role=Role.MEMBER, party=PartyFactory(name="甲厂"))
    return account


def test_an_officer_who_is_a_member_of_a_firm_acts_as_one_or_the_other(both: Account) -> None:
    office, firm, _own = seats(both)
    as_officer, as_member = (actor_of(both, seat=seat.key) for seat in (office, firm))
    assert (as_officer.roles, as_officer.party, as_officer.region) == ({Role.OFFICER}, None, "330100")
    assert (as_member.roles, as_member.party_name, as_member.region) == ({Role.MEMBER}, "甲厂", "")
    record = ResourceFactory(owner=firm.party, published=False)
    assert not allows(as_officer, "submit", record)
    assert allows(as_member, "submit", record)
    assert not allows(as_member, "verify", record)


def test_roles_for_one_party_stand_together() -> None:
    firm = PartyFactory()
    grant = RoleGrantFactory(party=firm)
    RoleGrantFactory(account=grant.account, role=Role.ADMINISTRATOR, party=firm)
    (seat,) = seats(grant.account)
    assert seat.roles == {Role.MEMBER, Role.ADMINISTRATOR}


def test_roles_for_two_parties_do_not() -> None:
    grant = RoleGrantFactory(role=Role.ADMINISTRATOR)
    other = RoleGrantFactory(account=grant.account)
    assert actor_of(grant.account, seat=seats(grant.account)[1].key).roles == {Role.MEMBER}
    assert actor_for(grant.account, other.party.pk).roles == {Role.MEMBER}


def test_two_regions_are_two_seats() -> None:
    grant = RoleGrantFactory(role=Role.ANALYST, party=None, region="330100")
    RoleGrantFactory(account=grant.account, role=Role.ANALYST, party=None, region="330200")
    assert [seat.region for seat in seats(grant.account)] == ["330100", "330200"]


def test_a_person_without_a_role_acts_for_themselves() -> None:
    person = PersonFactory()
    actor = actor_of(AccountFactory(person=person))
    assert (actor.party, actor.roles) == (person.pk, {Role.MEMBER})


def test_who_supervises_or_administers_acts_for_no_party_even_when_they_are_a_known_person() -> None:
    for role in (Role.SUPERVISOR, Role.ANALYST, Role.EXPERT, Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR):
        grant = RoleGrantFactory(account=AccountFactory(person=PersonFactory()), role=role, party=None)
        assert actor_of(grant.account).party is None


def test_who_holds_a_role_keeps_a_seat_of_their_own(both: Account) -> None:
    """What somebody owns as a person is theirs to write, whomever else they act for."""
    record = ResourceFactory(kind="expert", owner=both.person, values={"expertise": "窑炉热工"})
    *_conferred, own = (actor_of(both, seat=seat.key) for seat in seats(both))
    assert (own.party, own.roles, own.region) == (both.person.pk, {Role.MEMBER}, "")
    assert allows(own, "edit", record)
    assert not any(allows(actor, "close", record) for actor in _conferred)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR])
def test_who_runs_guards_or_counts_the_platform_has_none(role: Role) -> None:
    grant = RoleGrantFactory(account=AccountFactory(person=PersonFactory()), role=role, party=None)
    assert [seat.roles for seat in seats(grant.account)] == [{role}]


def test_a_seat_that_ended_is_left_at_once(both: Account) -> None:
    office, firm, own = seats(both)
    end_role(actor=PLATFORM, grant=firm.grants[0], reason="离职")
    assert actor_of(both, seat=firm.key).roles == {Role.OFFICER}
    assert actor_for(both, firm.party.pk) == VISITOR
    assert [seat.key for seat in seats(both)] == [office.key, own.key]


def test_a_seat_begins_and_ends_by_the_day() -> None:
    today = timezone.localdate()
    account = AccountFactory()
    RoleGrantFactory(account=account, starts=today + dt.timedelta(days=1))
    (own,) = seats(account)
    assert own.grants == ()


def test_a_key_acts_in_the_seat_it_was_made_in(both: Account) -> None:
    office, firm, _own = seats(both)
    _key, secret = create_api_key(actor=actor_of(both, seat=firm.key), account=both, label="脚本")
    assert actor_of_key(secret) == actor_of(both, seat=firm.key)
    end_role(actor=PLATFORM, grant=firm.grants[0], reason="离职")
    assert actor_of_key(secret) is None
    assert actor_of(both).roles == office.roles
