"""People with passwords and codes, and how they sign in."""

import datetime as dt
from typing import Any

import pyotp
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rongtong.domain.foundation.actors import Role
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.parties.signing import factors
from tests.factories import PASSWORD, AccountFactory, PartyFactory, RoleGrantFactory

needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="两个连接同时写，需要 PostgreSQL（DATABASE_URL）"
)


class Clock:
    """The time that Django reads; it stands unless moved."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def forward(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


def person(username: str = "zhang", role: Role = Role.MEMBER, **more: Any) -> Account:
    """An account with a password that acts in ``role``."""
    account: Account = AccountFactory(username=username, password=PASSWORD, **more)
    bound = {"party": PartyFactory()} if role in (Role.MEMBER, Role.ADMINISTRATOR) else {"party": None}
    if role in (Role.OFFICER, Role.SUPERVISOR):
        bound["region"] = "330100"
    RoleGrantFactory(account=account, role=role, **bound)
    return account


def enrolled(account: Account) -> tuple[pyotp.TOTP, list[str]]:
    """The app of ``account``, just bound, and its recovery codes. The code of that moment is spent."""
    actor = actor_of(account)
    factors.draft_second_factor(actor=actor, account=account)
    app = pyotp.TOTP(factors.drafted_secret(account))
    return app, factors.confirm_second_factor(actor=actor, account=account, code=app.at(timezone.now()))


def sign_in(client: Client, username: str = "zhang", password: str = PASSWORD, **more: str) -> Any:
    return client.post(reverse("portal:sign-in"), {"username": username, "password": password, **more})


def is_in(client: Client) -> bool:
    """Whether the browser reaches what is only for who is signed in."""
    return bool(client.get(reverse("portal:security")).status_code == 200)
