"""Of two who remove each other at the same moment one stays; two roles that bar each other are not both conferred."""

from functools import partial

import pytest
from django.db import connection

from rongtong.domain.foundation.actors import Role
from rongtong.domain.parties.conferring import current
from rongtong.domain.parties.membership import end_role, grant_role, suspend_account
from rongtong.domain.parties.models import RoleGrant
from rongtong.domain.parties.queries import actor_of
from tests.factories import PLATFORM, AccountFactory, PartyFactory, PersonFactory, RoleGrantFactory
from tests.foundation.test_transitions import at_once

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="两个连接同时写，需要 PostgreSQL（DATABASE_URL）"),
    pytest.mark.django_db(transaction=True),
]
ROUNDS = 5


def test_two_administrators_who_remove_each_other_leave_one() -> None:
    for _ in range(ROUNDS):
        firm = PartyFactory()
        first, second = (RoleGrantFactory(role=Role.ADMINISTRATOR, party=firm) for _ in range(2))
        at_once(
            partial(end_role, actor=actor_of(first.account), grant=second, reason="争执"),
            partial(end_role, actor=actor_of(second.account), grant=first, reason="争执"),
        )
        assert current(RoleGrant.objects.filter(role=Role.ADMINISTRATOR, party=firm)).count() == 1


def test_of_two_security_administrators_who_end_and_suspend_each_other_one_stays() -> None:
    for _ in range(ROUNDS):
        RoleGrant.objects.all().delete()
        first, second = (RoleGrantFactory(role=Role.SECADMIN, party=None) for _ in range(2))
        at_once(
            partial(suspend_account, actor=actor_of(first.account), account=second.account, reason="争执"),
            partial(end_role, actor=actor_of(second.account), grant=first, reason="争执"),
        )
        assert current(RoleGrant.objects.filter(role=Role.SECADMIN, account__is_active=True)).count() == 1


def test_two_roles_that_bar_each_other_conferred_at_once_on_one_persons_accounts() -> None:
    for _ in range(ROUNDS):
        person = PersonFactory()
        accounts = [AccountFactory(person=person) for _ in range(2)]
        at_once(
            partial(grant_role, actor=PLATFORM, account=accounts[0], role=Role.SYSADMIN),
            partial(grant_role, actor=PLATFORM, account=accounts[1], role=Role.AUDITOR),
        )
        assert RoleGrant.objects.filter(account__in=accounts).count() == 1
