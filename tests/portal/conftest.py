"""Browsers without a screen: a visitor, and people who have signed in."""

from collections.abc import Callable

import pytest
from django.test import Client

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.parties.models import Account


@pytest.fixture
def visitor() -> Client:
    """Somebody who has not signed in and reads Chinese."""
    return Client(headers={"Accept-Language": "zh-CN"}, SERVER_NAME="localhost")


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    """A client in which an actor of the factories has signed in."""

    def sign_in(actor: Actor, language: str = "zh-CN") -> Client:
        client = Client(headers={"Accept-Language": language})
        client.force_login(Account.objects.get(pk=actor.account))
        return client

    return sign_in
