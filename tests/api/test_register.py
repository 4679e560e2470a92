"""The register through the API: the same records, rules and refusals as in the portal."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.parties.actions import revoke_api_key
from rongtong.domain.parties.models import Account, ApiKey
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.registry.kinds import all_kinds
from tests.api.conftest import Caller
from tests.factories import (
    DEMAND,
    PASSWORD,
    AccountFactory,
    ApiKeyFactory,
    PartyFactory,
    ResourceFactory,
    RoleGrantFactory,
)

pytestmark = pytest.mark.django_db
Calling = Callable[[Account], Caller]


@pytest.fixture
def firm() -> Any:
    """A member's account of an enterprise, and the enterprise."""
    grant = RoleGrantFactory()
    return grant.account, grant.party


@pytest.fixture
def clerk() -> Account:
    return RoleGrantFactory(role=Role.OFFICER, party=None, region="330100").account


def test_a_visitor_sees_public_records_and_public_fields_only(visitor: Caller) -> None:
    shown = ResourceFactory()
    ResourceFactory(published=False)
    ResourceFactory(visibility="owner")
    status, body = visitor.get("resources")
    assert (status, body["count"], body["items"][0]["id"]) == (200, 1, str(shown.pk))
    assert "contact" not in body["items"][0]["values"]
    assert set(body["items"][0]["withheld"]) == {"contact", "budget"}


def test_a_record_that_may_not_be_seen_is_not_told_apart_from_none(visitor: Caller) -> None:
    hidden = ResourceFactory(visibility="owner")
    assert visitor.get(f"resources/{hidden.pk}") == visitor.get(f"resources/{new_id()}")
    assert visitor.get(f"resources/{hidden.pk}")[0] == 404


def test_the_owner_sees_the_whole_record(calling: Calling, firm: Any) -> None:
    account, party = firm
    record = ResourceFactory(owner=party)
    _status, body = calling(account).get(f"resources/{record.pk}")
    assert (body["values"]["contact"], body["withheld"]) == (DEMAND["contact"], [])


@pytest.mark.parametrize("query", ["kind=patent", "region=110000", "trl_from=9", "mine=1", "q=不存在的词"])
def test_a_filter_narrows(visitor: Caller, query: str) -> None:
    ResourceFactory()
    name, value = query.split("=")
    assert visitor.get("resources", **{name: value})[1]["count"] == 0


def test_a_list_comes_in_parts(visitor: Caller) -> None:
    ResourceFactory.create_batch(3)
    first, second = visitor.get("resources", limit=2)[1], visitor.get("resources", limit=2, offset=2)[1]
    assert (first["count"], len(first["items"]), len(second["items"])) == (3, 2, 1)
    assert visitor.get("resources", limit=1000)[0] == 422


def queries_for_the_list(visitor: Caller) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        visitor.get("resources")
    return len(captured)


def test_a_longer_list_costs_no_more_queries(visitor: Caller) -> None:
    ResourceFactory()
    one = queries_for_the_list(visitor)
    ResourceFactory.create_batch(2)
    assert queries_for_the_list(visitor) == one


def test_a_member_adds_a_draft_and_submits_it(calling: Calling, firm: Any) -> None:
    account, party = firm
    caller = calling(account)
    status, made = caller.post("resources", {"kind": "demand", "title": "石灰窑自动出灰", "values": DEMAND})
    assert (status, made["state"], made["owner"]["id"]) == (201, "draft", str(party.pk))
    status, moved = caller.post(
        f"resources/{made['id']}/steps", {"event": "submit", "state": "draft", "no_secrets": True}
    )
    assert (status, moved["state"]) == (200, "submitted")
    history = caller.get(f"resources/{made['id']}/history")[1]
    assert [event["action"] for event in history["items"]] == ["registry.submit", "registry.create_resource"]


def test_every_problem_of_a_record_is_told_at_once(calling: Calling, firm: Any) -> None:
    values = {"targets": [{"name": "", "relation": ">=", "value": "1"}], "budget": "很多"}
    status, body = calling(firm[0]).post("resources", {"kind": "demand", "title": "需求", "values": values})
    assert (status, {item["field"] for item in body["problems"]}) == (422, {"problem", "targets", "budget"})


def test_a_kind_that_is_not_there_is_a_problem(calling: Calling, firm: Any) -> None:
    status, body = calling(firm[0]).post("resources", {"kind": "spell", "title": "咒语", "values": {}})
    assert status == 422
    assert "spell" in str(body)


def test_a_visitor_may_not_add(visitor: Caller) -> None:
    status, body = visitor.post("resources", {"kind": "demand", "title": "需求", "values": DEMAND})
    assert (status, "登录" in body["message"]) == (401, True)


def test_a_change_to_an_older_revision_is_refused(calling: Calling, firm: Any) -> None:
    account, party = firm
    record, caller = ResourceFactory(owner=party, published=False), calling(account)
    changed = {"values": DEMAND | {"scene": "石灰窑"}, "revision": 1}
    assert caller.put(f"resources/{record.pk}", changed)[1]["revision"] == 2
    status, body = caller.put(f"resources/{record.pk}", changed)
    assert (status, "别人修改" in body["message"]) == (409, True)


def test_what_is_written_comes_back_as_it_can_be_written_again(calling: Calling, firm: Any) -> None:
    account, party = firm
    record, caller = ResourceFactory(owner=party, published=False), calling(account)
    body = caller.get(f"resources/{record.pk}")[1]
    again = caller.put(f"resources/{record.pk}", {"values": body["values"], "revision": body["revision"]})[1]
    assert again["values"] == body["values"]


def test_an_officer_takes_a_step_that_needs_a_reason(calling: Calling, clerk: Account) -> None:
    record, caller = ResourceFactory(), calling(clerk)
    assert caller.post(f"resources/{record.pk}/steps", {"event": "archive"})[0] == 409
    status, body = caller.post(f"resources/{record.pk}/steps", {"event": "archive", "reason": "重复"})
    assert (status, body["state"]) == (200, "archived")


def test_a_revoked_or_expired_key_is_refused_rather_than_taken_for_a_visitor() -> None:
    key = ApiKeyFactory()
    expired = ApiKeyFactory()
    ApiKey.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    revoke_api_key(actor=actor_of(key.account), key=key)
    for secret in (key.secret, expired.secret, "rt_unknown", "x"):
        assert Caller(secret).get("resources")[0] == 401


def test_a_session_needs_its_token_to_write_and_none_to_read(firm: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(firm[0])
    assert client.get("/api/v1/me").json()["signed_in"] is True
    body = {"kind": "demand", "title": "需求", "values": DEMAND}
    assert client.post("/api/v1/resources", body, content_type="application/json").status_code == 403


def test_a_refusal_speaks_the_language_that_was_asked_for() -> None:
    zh, en = (Caller(language=language).get("resources", limit=0)[1] for language in ("zh-hans", "en"))
    assert zh["problems"][0]["field"] == en["problems"][0]["field"] == "limit"
    assert "不能小于" in zh["problems"][0]["message"]


@pytest.mark.parametrize("body", ["{", '{"title": NaN}', '{"title": "\\u0000"}', '{"title": "\\ud800"}', b"\xff"])
def test_a_body_that_cannot_be_kept_is_refused(firm: Any, calling: Calling, body: Any) -> None:
    answer = calling(firm[0]).client.post("/api/v1/resources", body, content_type="application/json")
    assert (answer.status_code, list(answer.json())) == (400, ["message", "problems"])


def test_an_address_that_is_not_there_is_answered_in_the_same_form(visitor: Caller) -> None:
    status, body = visitor.get("nothing/here")
    assert (status, body["problems"]) == (404, [])


def test_the_kinds_come_with_a_schema_that_their_records_fulfil(visitor: Caller) -> None:
    record = ResourceFactory()
    kinds = visitor.get("kinds")[1]
    assert [kind["key"] for kind in kinds] == list(all_kinds())
    schema = visitor.get("kinds/demand")[1]["values_schema"]
    assert set(record.values) <= set(schema["properties"])


def test_a_taxonomy_is_searched_by_code_and_by_name(visitor: Caller) -> None:
    by_name = visitor.get("taxonomies/division", q="杭州市")[1]["items"]
    assert "330100" in {term["code"] for term in by_name}
    assert visitor.get("taxonomies/nothing")[0] == 404


def test_who_one_is(visitor: Caller, calling: Calling, firm: Any) -> None:
    assert visitor.get("me")[1]["signed_in"] is False
    assert calling(firm[0]).get("me")[1]["party"]["id"] == str(firm[1].pk)
    account = AccountFactory(password=PASSWORD)
    assert calling(account).get("me")[1]["party"] is None
    assert PartyFactory().pk
