"""A clock that can be moved, settings for one test, fresh browsers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.parties.models import Account
from tests.parties.signing.people import Clock

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(timezone, "now", lambda: made.now)
    return made


@pytest.fixture
def environment(settings: Any) -> Callable[..., None]:
    """Sets variables of the environment for one test."""

    def change(**values: object) -> None:
        settings.ENVIRONMENT = django_settings.ENVIRONMENT.model_copy(update=values)

    return change


@pytest.fixture
def browser() -> Callable[..., Client]:
    """A fresh browser at an address."""
    return lambda address="198.51.100.7": Client(
        REMOTE_ADDR=address, SERVER_NAME="localhost", headers={"Accept-Language": "zh-CN", "User-Agent": CHROME}
    )


@pytest.fixture
def signed_in_as() -> Callable[[Actor], Client]:
    """A browser in which an actor of the factories has signed in."""

    def enter(actor: Actor) -> Client:
        client = Client(SERVER_NAME="localhost", headers={"Accept-Language": "zh-CN"})
        client.force_login(Account.objects.get(pk=actor.account))
        return client

    return enter
