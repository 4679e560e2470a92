"""Roles are conferred and ended under their terms; what somebody held is never forgotten."""

import datetime as dt
from itertools import combinations, product

import pytest
from django.utils import timezone

from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import VISITOR, Role
from rongtong.domain.foundation.errors import AccessDenied, Invalid
from rongtong.domain.foundation.models import AccessEvent, AuditEvent
from rongtong.domain.parties.conferring import current
from rongtong.domain.parties.membership import end_role, grant_role, restore_account, suspend_account
from rongtong.domain.parties.models import Account, Party, RoleGrant
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.parties.roles import PARTY, TERMS, conferrable_by, conflicting
from tests.factories import (
    PLATFORM,
    AccountFactory,
    PartyFactory,
    PersonFactory,
    RoleGrantFactory,
    administrator,
    holder,
    member,
    officer,
)

pytestmark = pytest.mark.django_db
ROLES = [role for role in Role if role is not Role.SYSTEM]
THREE = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)


def place(role: Role) -> Party | None:
    """A party for the roles that need one."""
    return PartyFactory() if TERMS[role].bound == PARTY else None


def unsaved(role: Role, party: Party | None = None) -> RoleGrant:
    return RoleGrant(account=AccountFactory(), role=role, party=party)


def test_every_role_says_what_it_is_for_in_both_languages() -> None:
    assert set(TERMS) == set(Role)
    assert all(
        words.zh and words.en for role in ROLES for words in (TERMS[role].label, TERMS[role].may, TERMS[role].may_not)
    )


def test_every_role_can_be_conferred_by_the_security_administrator_alone_or_by_an_administrator_as_well() -> None:
    assert set(conferrable_by(Role.SECADMIN)) == set(ROLES)
    assert {TERMS[role].bound for role in conferrable_by(Role.ADMINISTRATOR)} == {PARTY}


@pytest.mark.parametrize("giver", [*ROLES, None])
def test_who_may_confer_what(giver: Role | None) -> None:
    """The whole table: each role against each role that might be conferred."""
    own = PartyFactory()
    actor = VISITOR if giver is None else actor_of(
        RoleGrantFactory(role=giver, party=own if TERMS[giver].bound == PARTY else None).account
    )  # fmt: skip
    may = {
        role for role in ROLES if allows(actor, "create", unsaved(role, own if TERMS[role].bound == PARTY else None))
    }
    assert may == (set(conferrable_by(giver)) if giver else set())


def test_an_administrator_confers_for_their_own_party_only() -> None:
    firm = PartyFactory()
    actor = administrator(firm)
    assert (
        grant_role(actor=actor, account=AccountFactory(), role=Role.MEMBER, party=firm).granted_by_account
        == actor.account
    )
    with pytest.raises(AccessDenied):
        grant_role(actor=actor, account=AccountFactory(), role=Role.MEMBER, party=PartyFactory())
    assert AccessEvent.objects.filter(action="refused", details__wanted="parties.grant_role").count() == 1


def test_nobody_confers_on_themselves_not_even_through_another_account() -> None:
    person = PersonFactory()
    first, second = AccountFactory(person=person), AccountFactory(person=person)
    RoleGrantFactory(account=first, role=Role.SECADMIN, party=None)
    for account in (first, second):
        with pytest.raises(AccessDenied):
            grant_role(actor=actor_of(first), account=account, role=Role.ANALYST)


@pytest.mark.parametrize(("held", "wanted"), list(product(ROLES, ROLES)))
def test_roles_that_bar_each_other_are_not_held_by_one_person(held: Role, wanted: Role) -> None:
    person = PersonFactory()
    RoleGrantFactory(account=AccountFactory(person=person), role=held, party=place(held))
    asked = {"account": AccountFactory(person=person), "role": wanted, "party": place(wanted), "actor": PLATFORM}
    if conflicting(wanted, {held}):
        with pytest.raises(Invalid):
            grant_role(**asked)
    else:
        assert grant_role(**asked).pk


def test_the_three_administrators_bar_each_other_and_all_business() -> None:
    for first, second in combinations(THREE, 2):
        assert conflicting(first, {second}) == {second}
    for role in THREE:
        assert conflicting(role, set(ROLES)) == set(ROLES) - {role}


def test_a_role_that_ended_bars_nothing() -> None:
    grant = RoleGrantFactory(role=Role.ANALYST, party=None)
    with pytest.raises(Invalid):
        grant_role(actor=PLATFORM, account=grant.account, role=Role.AUDITOR)
    end_role(actor=PLATFORM, grant=grant, reason="调岗")
    assert grant_role(actor=PLATFORM, account=grant.account, role=Role.AUDITOR).pk


def test_a_suspended_account_of_the_same_person_still_bars() -> None:
    person = PersonFactory()
    grant = RoleGrantFactory(account=AccountFactory(person=person), role=Role.ANALYST, party=None)
    suspend_account(actor=PLATFORM, account=grant.account, reason="外出")
    with pytest.raises(Invalid):
        grant_role(actor=PLATFORM, account=AccountFactory(person=person), role=Role.AUDITOR)


@pytest.mark.parametrize(
    ("role", "facts"),
    [
        (Role.MEMBER, {}),
        (Role.MEMBER, {"party": True, "region": "330100"}),
        (Role.SUPERVISOR, {"party": True}),
        (Role.EXPERT, {"party": True}),
        (Role.SYSADMIN, {"party": True}),
        (Role.SYSADMIN, {"region": "330100"}),
        (Role.OFFICER, {"region": "杭州"}),
        (Role.SYSTEM, {}),
    ],
)
def test_a_role_keeps_to_its_bounds(role: Role, facts: dict[str, object]) -> None:
    given = {**facts, "party": PartyFactory() if facts.get("party") else None}
    with pytest.raises(Invalid):
        grant_role(actor=PLATFORM, account=AccountFactory(), role=role, **given)


def test_an_officer_may_name_the_office_and_the_region() -> None:
    office = PartyFactory(organisation_type="government")
    grant = RoleGrantFactory(role=Role.OFFICER, party=office, region="330100")
    actor = actor_of(grant.account)
    assert (actor.party, actor.region, actor.region_prefix) == (office.pk, "330100", "3301")


def test_a_period_is_in_order_and_not_past() -> None:
    today = timezone.localdate()
    for starts, ends in ((today, today - dt.timedelta(days=1)), (None, today - dt.timedelta(days=1))):
        with pytest.raises(Invalid):
            RoleGrantFactory(starts=starts, ends=ends)


def test_a_role_holds_from_its_first_day_to_its_last() -> None:
    today = timezone.localdate()
    grant = RoleGrantFactory(starts=today, ends=today + dt.timedelta(days=2))
    days = {
        day: current(RoleGrant.objects.filter(pk=grant.pk), today + dt.timedelta(days=day)).exists()
        for day in range(-1, 4)
    }
    assert days == {-1: False, 0: True, 1: True, 2: True, 3: False}


def test_a_grant_given_again_is_the_same_one() -> None:
    grant = RoleGrantFactory()
    again = grant_role(actor=PLATFORM, account=grant.account, role=Role.MEMBER, party=grant.party)
    assert (again.pk, RoleGrant.objects.count()) == (grant.pk, 1)


def test_a_role_that_ended_is_kept_with_by_whom_and_why() -> None:
    firm = PartyFactory()
    actor, grant = administrator(firm), RoleGrantFactory(party=firm)
    end_role(actor=actor, grant=grant, reason=" 离职 ")
    grant.refresh_from_db()
    assert (grant.ended_by, grant.ended_by_account, grant.end_reason) == (actor.name, actor.account, "离职")
    assert grant.ended_at is not None
    assert actor_of(grant.account).party is None
    event = AuditEvent.objects.get(action="parties.end_role")
    assert (event.details["role"], event.details["party"], event.details["reason"]) == ("member", firm.name, "离职")
    with pytest.raises(Invalid):
        end_role(actor=actor, grant=grant, reason="再一次")


def test_ending_needs_a_reason() -> None:
    with pytest.raises(Invalid):
        end_role(actor=PLATFORM, grant=RoleGrantFactory(), reason="  ")


def test_others_do_not_end_what_they_could_not_confer() -> None:
    firm = PartyFactory()
    grant = RoleGrantFactory(party=firm)
    for actor in (member(firm), administrator(), officer(), holder(Role.SYSADMIN), holder(Role.AUDITOR), VISITOR):
        with pytest.raises(AccessDenied):
            end_role(actor=actor, grant=grant, reason="试试")


@pytest.mark.parametrize("role", [role for role in ROLES if TERMS[role].kept])
def test_the_last_holder_of_a_role_stays(role: Role) -> None:
    party = place(role)
    grant = RoleGrantFactory(role=role, party=party)
    with pytest.raises(Invalid):
        end_role(actor=PLATFORM, grant=grant, reason="离职")
    with pytest.raises(Invalid):
        suspend_account(actor=PLATFORM, account=grant.account, reason="离职")
    RoleGrantFactory(role=role, party=party)
    assert end_role(actor=PLATFORM, grant=grant, reason="离职").ended_at


def test_a_role_that_need_not_be_held_may_lose_its_last_holder() -> None:
    grant = RoleGrantFactory(role=Role.SUPERVISOR, party=None)
    assert end_role(actor=PLATFORM, grant=grant, reason="离职").ended_at


def test_whoever_stays_holds_as_long_for_the_same_party_and_in_the_same_region() -> None:
    soon = timezone.localdate() + dt.timedelta(days=3)
    first = RoleGrantFactory(role=Role.ADMINISTRATOR)
    RoleGrantFactory(role=Role.ADMINISTRATOR)
    RoleGrantFactory(role=Role.ADMINISTRATOR, party=first.party, ends=soon)
    clerk = RoleGrantFactory(role=Role.OFFICER, party=None, region="330100")
    RoleGrantFactory(role=Role.OFFICER, party=None, region="530100")
    for grant in (first, clerk):
        with pytest.raises(Invalid):
            end_role(actor=PLATFORM, grant=grant, reason="离职")
    RoleGrantFactory(role=Role.OFFICER, party=None, region="330000")
    assert end_role(actor=PLATFORM, grant=clerk, reason="离职").ended_at


def test_a_suspended_holder_is_none() -> None:
    first, second = (RoleGrantFactory(role=Role.SYSADMIN, party=None) for _ in range(2))
    suspend_account(actor=PLATFORM, account=second.account, reason="查证")
    with pytest.raises(Invalid):
        end_role(actor=PLATFORM, grant=first, reason="离职")


def test_a_suspended_account_acts_as_nobody_until_it_is_restored() -> None:
    keeper, grant = holder(Role.SECADMIN), RoleGrantFactory()
    suspended = suspend_account(actor=keeper, account=grant.account, reason="冒用")
    assert actor_of(suspended) == VISITOR
    with pytest.raises(Invalid):
        grant_role(actor=PLATFORM, account=suspended, role=Role.MEMBER, party=PartyFactory())
    restored = restore_account(actor=keeper, account=suspended, reason="已查清")
    assert actor_of(restored).party == grant.party.pk
    assert Account.objects.get(pk=grant.account.pk).is_active


def test_only_the_security_administrator_suspends_and_never_themselves() -> None:
    firm = PartyFactory()
    account = RoleGrantFactory(party=firm).account
    for actor in (administrator(firm), officer(), holder(Role.SYSADMIN), holder(Role.AUDITOR), holder(Role.SUPERVISOR)):
        with pytest.raises(AccessDenied):
            suspend_account(actor=actor, account=account, reason="试试")
    keeper = holder(Role.SECADMIN)
    holder(Role.SECADMIN)
    with pytest.raises(AccessDenied):
        suspend_account(actor=keeper, account=Account.objects.get(pk=keeper.account), reason="试试")
