"""How often one may knock, and what is answered then."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation import limits
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.foundation.limits import LIMITS, Limit, TooMany, take
from tests.factories import ApiKeyFactory
from tests.parties.signing.people import person, sign_in

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


@pytest.fixture
def limited(environment: Callable[..., None], settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Limits in force, counted in a folder of this test; answers a way to set one."""
    environment(limits=1.0)
    settings.HOME = tmp_path
    return lambda name, most, seconds=60: monkeypatch.setitem(LIMITS, name, Limit(most, seconds))


def uses(name: str, who: str, times: int) -> int:
    """How many of so many uses were let through."""
    good = 0
    for _number in range(times):
        try:
            take(name, who)
            good += 1
        except TooMany:
            pass
    return good


def test_so_many_and_no_more_for_each_by_themselves(limited: Any) -> None:
    limited("search", 5)
    assert (uses("search", "a", 9), uses("search", "b", 9)) == (5, 5)


def test_the_window_slides(limited: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    limited("search", 10, 60)
    now = [1_000_000 * 60.0]
    monkeypatch.setattr(limits.time, "time", lambda: now[0])
    assert uses("search", "a", 20) == 10
    now[0] += 60  # all ten lie within the last minute still
    assert uses("search", "a", 20) == 0
    now[0] += 30
    assert uses("search", "a", 20) == 5
    now[0] += 300
    assert uses("search", "a", 20) == 10


def test_many_at_once_are_counted_one_by_one(limited: Any) -> None:
    limited("search", 20)
    let_through: list[int] = []
    threads = [threading.Thread(target=lambda: let_through.append(uses("search", "a", 10))) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(let_through) == 20


def test_what_has_passed_is_swept(limited: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    take("search", "a")
    assert limits.sweep() == 0
    monkeypatch.setattr(limits.time, "time", lambda: 4e9)
    assert limits.sweep() == 1


def test_a_count_that_cannot_be_kept_lets_pass_and_says_so(
    limited: Any, settings: Any, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.HOME = tmp_path / "nowhere"
    take("search", "a")
    assert "limits are not counted" in caplog.text


def test_visitors_who_search_too_often_are_told_when_they_may_again(limited: Any, browser: Browser) -> None:
    limited("search", 3)
    answers = [browser().get(reverse("portal:search")) for _number in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert "操作太频繁" in answers[-1].content.decode()
    assert browser("203.0.113.9").get(reverse("portal:search")).status_code == 200


def test_who_is_signed_in_searches_as_they_please(limited: Any, browser: Browser) -> None:
    limited("search", 1)
    person()
    client = browser()
    sign_in(client)
    assert [client.get(reverse("portal:search")).status_code for _number in range(3)] == [200] * 3


def test_evidence_is_counted_as_every_upload_is(limited: Any, browser: Browser) -> None:
    limited("upload", 1)
    person()
    client = browser()
    sign_in(client)
    address = reverse("portal:attach-evidence", args=(new_id(),))
    assert [client.post(address).status_code for _number in range(2)] == [404, 429]


def test_an_address_does_not_try_names_without_end(limited: Any, browser: Browser) -> None:
    limited("sign-in", 4)
    answers = [sign_in(browser(), f"name{number}", "x").status_code for number in range(5)]
    assert answers == [422] * 4 + [429]


def test_neighbours_in_one_ipv6_network_count_together(limited: Any, browser: Browser) -> None:
    limited("search", 2)
    answers = [browser(f"2001:db8:1:2::{number}").get(reverse("portal:search")).status_code for number in range(1, 4)]
    assert answers == [200, 200, 429]


def test_the_api_answers_in_its_own_form(limited: Any, browser: Browser) -> None:
    limited("api-visitor", 2)
    client = browser()
    answers = [client.get("/api/v1/kinds") for _number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] and "操作太频繁" in answers[-1].json()["message"]


def test_visitors_match_through_the_api_as_often_as_through_the_portal(limited: Any, browser: Browser) -> None:
    limited("match", 1)
    asked = {"path": "/api/v1/match", "data": {}, "content_type": "application/json"}
    assert [browser().post(**asked).status_code for _number in range(2)] == [422, 429]
    assert browser().post(reverse("portal:reading"), {"text": "石灰窑出灰"}).status_code == 429


def test_receipts_are_verified_by_anyone_but_not_without_end(limited: Any, browser: Browser) -> None:
    limited("receipt", 1)
    answers = [browser().post(reverse("portal:verify-receipt"), {"receipt": "{}"}).status_code for _number in range(2)]
    assert answers[0] != 429 and answers[1] == 429


def test_a_key_counts_for_its_account_and_a_wrong_key_for_its_address(limited: Any, browser: Browser) -> None:
    limited("api-visitor", 2)
    key = ApiKeyFactory()
    good = Client(REMOTE_ADDR="198.51.100.7", headers={"Authorization": f"Bearer {key.secret}"})
    assert [good.get("/api/v1/kinds").status_code for _number in range(4)] == [200] * 4
    wrong = [
        Client(REMOTE_ADDR="198.51.100.7", headers={"Authorization": f"Bearer rt_guess{number}"}).get("/api/v1/kinds")
        for number in range(3)
    ]
    assert [answer.status_code for answer in wrong] == [401, 401, 429]


def test_limits_can_be_widened_and_turned_off(limited: Any, environment: Callable[..., None]) -> None:
    limited("search", 5)
    environment(limits=2.0)
    assert uses("search", "a", 20) == 10
    environment(limits=0)
    assert uses("search", "b", 50) == 50
    assert django_settings.ENVIRONMENT.limits == 0
