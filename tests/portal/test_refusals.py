"""Every refusal leaves one event, whoever raised it; what is hidden and what is not there leave the same, as fast."""

import threading
import time
from collections.abc import Callable
from statistics import median

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.actors import VISITOR
from rongtong.domain.foundation.errors import TryLater
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.foundation.models import AccessEvent, AuditHead, ProvisionEvent
from rongtong.domain.registry.models import ImportJob
from tests.factories import PLATFORM, LeadFactory, PartyFactory, ResourceFactory, member

SignIn = Callable[..., Client]


@pytest.mark.django_db
def test_a_view_that_refuses_leaves_an_event_with_where_from(visitor: Client) -> None:
    visitor.get(reverse("portal:create", args=("achievement",)), REMOTE_ADDR="203.0.113.9")
    event = AccessEvent.objects.get()
    assert (event.action, event.details["wanted"]) == ("refused", "GET /resources/achievement/new")
    assert (event.details["channel"], event.details["address"]) == ("portal", "203.0.113.9")
    assert event.details["needs"] == "create"


@pytest.mark.django_db
def test_an_action_that_refuses_leaves_one_event_and_not_two(signed_in: SignIn) -> None:
    record = ResourceFactory()
    address = reverse("portal:advance", args=("demand", record.pk))
    assert signed_in(member()).post(address, {"event": "withdraw"}).status_code == 403
    event = AccessEvent.objects.exclude(action__startswith="signing").get()
    assert event.details["wanted"] == "registry.advance_resource"


@pytest.mark.django_db
def test_the_api_leaves_its_refusals_too(visitor: Client) -> None:
    answer = visitor.post("/api/v1/resources", {"kind": "demand", "title": "标题", "values": {}}, "application/json")
    assert answer.status_code == 401
    event = AccessEvent.objects.get()
    assert (event.details["wanted"], event.details["channel"]) == ("registry.create_resource", "api")


@pytest.mark.django_db
@pytest.mark.parametrize("front", ["portal", "api"])
def test_a_hidden_record_and_a_missing_one_leave_the_same(visitor: Client, front: str) -> None:
    hidden, missing = ResourceFactory(published=False).pk, new_id()
    for key in (hidden, missing):
        portal = reverse("portal:record", args=("demand", key))
        assert visitor.get(portal if front == "portal" else f"/api/v1/resources/{key}").status_code == 404
    first, second = AccessEvent.objects.filter(action="not_found")
    assert (first.entity_id, second.entity_id) == (str(hidden), str(missing))
    assert (first.entity_kind, first.details) == (second.entity_kind, second.details)


@pytest.mark.django_db
def test_leads_and_files_are_hidden_in_the_same_way(signed_in: SignIn) -> None:
    client = signed_in(member())
    for name, key in (("lead", LeadFactory().pk), ("lead", new_id()), ("import-job", new_id())):
        assert client.get(reverse(f"portal:{name}", args=(key,))).status_code == 404
    kinds = AccessEvent.objects.filter(action="not_found").values_list("entity_kind", flat=True)
    assert list(kinds) == ["leads.lead", "leads.lead", ImportJob._meta.label_lower]


@pytest.mark.django_db
def test_a_hidden_record_takes_as_long_as_a_missing_one(visitor: Client) -> None:
    hidden = reverse("portal:record", args=("demand", ResourceFactory(published=False).pk))
    missing = reverse("portal:record", args=("demand", new_id()))
    spent: dict[str, list[float]] = {hidden: [], missing: []}
    for turn in range(40):
        for address in (hidden, missing) if turn % 2 else (missing, hidden):
            begun = time.perf_counter()
            visitor.get(address)
            spent[address].append(time.perf_counter() - begun)
    longer, shorter = sorted((median(spent[hidden]), median(spent[missing])), reverse=True)
    assert longer < 1.5 * shorter


@pytest.fixture
def held(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], tuple[threading.Thread, threading.Event]]:
    """Somebody else who holds what an event needs, as a long import does, until told to let go."""
    monkeypatch.setattr(audit, "LONGEST_WAIT", 0.3)

    def hold() -> tuple[threading.Thread, threading.Event]:
        holding, enough = threading.Event(), threading.Event()

        def work() -> None:
            with transaction.atomic():
                AuditHead.objects.select_for_update().get_or_create(pk=audit.HEADS[audit.PROVISION])
                AuditHead.objects.select_for_update().get_or_create(pk=audit.HEADS[audit.ACCESS])
                PartyFactory()
                holding.set()
                enough.wait(30)
            connection.close()

        thread = threading.Thread(target=work)
        thread.start()
        holding.wait(30)
        return thread, enough

    return hold


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite's test database lives in memory, which threads share")
def test_what_cannot_be_noted_now_is_not_shown_and_nobody_waits_long(
    held: Callable[[], tuple[threading.Thread, threading.Event]], signed_in: SignIn
) -> None:
    record = ResourceFactory(visibility="members")
    audit.note(PLATFORM, "refused")
    client = signed_in(member())
    address = reverse("portal:record", args=("demand", record.pk))
    assert client.get(address).status_code == 200
    thread, enough = held()
    try:
        begun = time.perf_counter()
        page = client.get(address)
        with pytest.raises(TryLater):
            audit.note(VISITOR, "refused")
        spent = time.perf_counter() - begun
    finally:
        enough.set()
        thread.join()
    assert (page.status_code, page.headers["Retry-After"]) == (503, "60")
    assert "请稍后再试" in page.content.decode() and record.title not in page.content.decode()
    assert spent < 5
    assert client.get(address).status_code == 200
    assert ProvisionEvent.objects.filter(action="shown.page").exists()
