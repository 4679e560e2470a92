"""The published description of the API: nobody changes it unawares, and the API keeps to it whatever is sent."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from rongtong.api.v1 import api
from rongtong.site.wsgi import application
from tests.factories import ApiKeyFactory, LeadFactory, ResourceFactory, RoleGrantFactory

SNAPSHOT = Path(__file__).parent / "openapi.json"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
EXAMPLES = 5 if "postgres" in os.environ.get("DATABASE_URL", "") else 15


def described() -> dict[str, Any]:
    description: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), ensure_ascii=False, default=str))
    return description


def test_the_description_is_the_one_that_was_published() -> None:
    """``make openapi`` writes it anew; the difference then stands in the commit for everyone to see."""
    text = json.dumps(described(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("WRITE_SNAPSHOT"):
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert SNAPSHOT.read_text(encoding="utf-8") == text


def test_every_operation_says_what_it_is_for() -> None:
    operations = [operation for path in described()["paths"].values() for operation in path.values()]
    assert all(operation["summary"] and operation["tags"] for operation in operations)
    assert len({operation["operationId"] for operation in operations}) == len(operations)


schema = schemathesis.openapi.from_dict(described())
schema.app = application


@pytest.fixture
def connection_kept() -> Iterator[None]:
    """The test's transaction outlives the requests, as with Django's own test client."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def secret(db: None, connection_kept: None, index: Any) -> str:
    """A member's key, with a few records and a lead to come upon."""
    grant = RoleGrantFactory()
    LeadFactory(demand=ResourceFactory(owner=grant.party))
    index.drain()
    return ApiKeyFactory(account=grant.account).secret


@pytest.mark.slow
@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_is_answered_as_described(case: Any, secret: str) -> None:
    response = case.call(headers={"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"})
    case.validate_response(response, checks=CHECKS)
