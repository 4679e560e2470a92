"""What is accepted with a request is read by whoever could ask."""

import pytest
from django.test import Client

from tests.api.test_document_routes import Calling
from tests.factories import ResourceFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db


def test_the_agreement_is_for_who_may_ask(calling: Calling) -> None:
    record = ResourceFactory(closed={"budget": "owner"})
    assert Client().get(f"/api/v1/resources/{record.pk}/agreement").status_code == 401
    status, told = calling(RoleGrantFactory().account).get(f"resources/{record.pk}/agreement")
    assert (status, bool(told["text"])) == (200, True)
