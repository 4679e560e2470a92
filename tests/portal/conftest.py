"""Browsers without a screen: a visitor, and people who have signed in."""

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.parties.models import Account
from rongtong.domain.registry import indexing


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A page in English leaves its language to the thread: the next test begins in its own."""
    yield
    translation.deactivate()


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


@pytest.fixture
def index(settings: Any) -> Iterator[ModuleType]:
    """An index that this test has to itself, answering by words alone: these tests are about pages."""
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"encoder": "none"})
    indexing.forget()
    indexing.store().clear()
    yield indexing
    indexing.forget()
