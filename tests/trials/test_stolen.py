"""What was stolen, planted or sent from another site does nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.parties.models import Account
from rongtong.domain.registry.models import Resource
from tests import factories as make
from tests.trials.addresses import Filler, addresses

pytestmark = pytest.mark.django_db
REFUSED = (403, 405)


def entered(**more: Any) -> Client:
    """The browser of an administrator."""
    client = Client(SERVER_NAME="localhost", headers={"Accept-Language": "zh-CN"}, **more)
    client.force_login(Account.objects.get(pk=make.administrator().account))
    return client


def test_nothing_is_sent_without_the_token_of_the_page() -> None:
    """Every address of the portal and of the API, for somebody signed in whose browser another site makes send."""
    make.ResourceFactory()
    client, filler = entered(enforce_csrf_checks=True), Filler(1)
    acts = AuditEvent.objects.count()
    for address in addresses():
        for method in {*address.methods} - {"GET"}:
            answer = client.generic(method, filler.filled(address), "{}", "application/json")
            assert answer.status_code in REFUSED, (method, address.route, answer.status_code)
    assert AuditEvent.objects.count() == acts


def test_a_cookie_that_was_changed_or_signed_out_is_nobodys() -> None:
    client = entered()
    page, cookie = reverse("portal:security"), client.cookies["sessionid"].value
    assert client.get(page).status_code == 200
    for wrong in (cookie[:-1], cookie[::-1], cookie.upper(), "", "../" + cookie):
        assert _with_cookie(wrong).get(page).status_code != 200
    client.post(reverse("portal:sign-out"))
    assert _with_cookie(cookie).get(page).status_code != 200


def test_a_cookie_in_another_browser_ends_with_the_session() -> None:
    """Who has the cookie has the session; its owner sees it in the list and ends it, for both."""
    client = entered()
    thief = _with_cookie(client.cookies["sessionid"].value)
    client.post(reverse("portal:sign-out"))
    assert thief.get(reverse("portal:security")).status_code != 200


def test_a_visitor_writes_no_record_by_any_address() -> None:
    record = make.ResourceFactory()
    client, filler = Client(SERVER_NAME="localhost", raise_request_exception=False), Filler(2)
    before = list(Resource.objects.values_list("pk", "state", "revision"))
    for address in addresses():
        for method in {*address.methods} - {"GET"}:
            client.generic(method, filler.filled(address), "{}", "application/json")
    assert list(Resource.objects.values_list("pk", "state", "revision")) == before
    assert record.pk in {pk for pk, _state, _revision in before}


def _with_cookie(value: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.cookies["sessionid"] = value
    return client
