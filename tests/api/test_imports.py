"""Files through the API: handed in, checked by the worker, confirmed."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rongtong.domain.foundation.actors import Role
from rongtong.domain.parties.models import Account
from rongtong.domain.registry.exchange.jobs import run_pending
from rongtong.domain.registry.models import Resource
from tests.api.conftest import Caller
from tests.factories import DEMAND, RoleGrantFactory

pytestmark = pytest.mark.django_db
Calling = Callable[[Account], Caller]


def hand_in(caller: Caller, text: str, **about: str) -> tuple[int, dict[str, object]]:
    file = SimpleUploadedFile("需求.csv", text.encode())
    answer = caller.client.post("/api/v1/imports", {"file": file, "kind": "demand", "no_secrets": "true"} | about)
    return answer.status_code, answer.json()


def test_a_file_is_checked_then_confirmed_then_imported(calling: Calling) -> None:
    caller = calling(RoleGrantFactory(role=Role.MEMBER).account)
    status, job = hand_in(caller, f"需求名称,要解决的问题,外部编号\n石灰窑出灰,{DEMAND['problem']},D1\n")
    assert (status, job["state"]) == (201, "uploaded")
    run_pending()
    assert caller.get(f"imports/{job['id']}")[1]["state"] == "ready"
    assert caller.post(f"imports/{job['id']}/steps", {"event": "confirm"})[1]["state"] == "queued"
    run_pending()
    assert caller.get(f"imports/{job['id']}")[1]["counts"]["created"] == 1
    assert Resource.objects.get().external_id == "D1"


def test_problems_name_row_and_field(calling: Calling) -> None:
    caller = calling(RoleGrantFactory().account)
    job = hand_in(caller, "需求名称,要解决的问题,预算上限\n石灰窑出灰,,很多\n")[1]
    run_pending()
    found = caller.get(f"imports/{job['id']}")[1]
    assert found["state"] == "rejected"
    assert {(item["row"], item["field"]) for item in found["problems"]} == {(2, "problem"), (2, "budget")}


def test_a_file_is_not_taken_without_the_declaration(calling: Calling) -> None:
    assert hand_in(calling(RoleGrantFactory().account), "需求名称\n甲\n", no_secrets="false")[0] == 422


def test_a_visitor_hands_in_nothing(visitor: Caller) -> None:
    assert hand_in(visitor, "需求名称\n甲\n")[0] == 401


def test_the_files_of_others_are_not_there(calling: Calling) -> None:
    job = hand_in(calling(RoleGrantFactory().account), "需求名称\n甲\n")[1]
    assert calling(RoleGrantFactory().account).get(f"imports/{job['id']}")[0] == 404
