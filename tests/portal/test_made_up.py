"""What nobody would write by hand is answered like anything that is not there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation.actors import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["search", "list"])
def test_a_state_that_there_is_not_narrows_to_nothing(visitor: Client, index: Any, name: str) -> None:
    make.ResourceFactory(title="石灰窑出灰")
    page = visitor.get(reverse(f"portal:{name}", args=("demand",) if name == "list" else ()), {"state": "<made-up>"})
    assert page.status_code == 200
    assert "&lt;made-up&gt;" in page.content.decode()
    assert "石灰窑出灰" not in page.content.decode()


def test_a_number_longer_than_a_database_takes_is_not_found(signed_in: Callable[..., Client]) -> None:
    guard = signed_in(make.holder(Role.SECADMIN))
    for place in ("admin/accounts/{}/", "accounts/{}/access", "audit/account/{}"):
        assert guard.get("/" + place.format("9" * 30)).status_code == 404
