"""A client that speaks JSON, for a visitor or with a key."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from rongtong.domain.parties.models import Account
from tests.factories import ApiKeyFactory


class Caller:
    """Calls the API; answers (status, JSON)."""

    def __init__(self, secret: str = "", language: str = "zh-hans") -> None:
        headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {secret}"} if secret else {})
        self.client = Client(headers=headers)

    def get(self, address: str, **query: Any) -> tuple[int, Any]:
        answer = self.client.get(f"/api/v1/{address}", query)
        return answer.status_code, answer.json()

    def post(self, address: str, body: Any) -> tuple[int, Any]:
        answer = self.client.post(f"/api/v1/{address}", body, content_type="application/json")
        return answer.status_code, answer.json()

    def put(self, address: str, body: Any) -> tuple[int, Any]:
        answer = self.client.put(f"/api/v1/{address}", body, content_type="application/json")
        return answer.status_code, answer.json()


@pytest.fixture
def visitor() -> Caller:
    return Caller()


@pytest.fixture
def calling() -> Callable[[Account], Caller]:
    """A caller with a fresh key of an account."""
    return lambda account: Caller(ApiKeyFactory(account=account).secret)
