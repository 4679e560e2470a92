"""Whoever fails waits, longer each time; nobody can make the owner of an account wait."""

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation.limits import TooMany
from rongtong.domain.foundation.models import AccessEvent
from rongtong.domain.parties.signing import waits
from tests.foundation.test_transitions import at_once
from tests.parties.signing.people import Clock, is_in, needs_postgresql, person, sign_in

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


def fail(client: Client, username: str = "zhang", times: int = 1) -> int:
    """The last answer to so many wrong passwords."""
    return [sign_in(client, username, f"wrong guess {number}").status_code for number in range(times)][-1]


def test_waits_grow_and_pass(browser: Browser, clock: Clock) -> None:
    person()
    assert fail(browser(), times=5) == 422
    held = sign_in(browser())
    assert (held.status_code, held.headers["Retry-After"]) == (429, "30")
    clock.forward(seconds=31)
    assert fail(browser()) == 422
    assert sign_in(browser()).headers["Retry-After"] == "60"
    clock.forward(seconds=61)
    assert sign_in(browser()).status_code == 302


def test_success_sets_the_count_back(browser: Browser) -> None:
    person()
    for _round in range(3):
        fail(browser(), times=4)
        assert sign_in(browser()).status_code == 302


def test_failures_from_everywhere_do_not_keep_the_owner_out(browser: Browser) -> None:
    person()
    known = browser("203.0.113.5")
    sign_in(known)
    known.post(reverse("portal:sign-out"))
    for number in range(30):
        fail(browser(f"198.51.100.{number}"), times=6)
    fail(browser("203.0.113.5"), times=10)  # even from the owner's own address
    assert sign_in(browser("203.0.113.5")).status_code == 429
    assert sign_in(known).status_code == 302
    assert sign_in(browser("192.0.2.77")).status_code == 302  # and a new browser elsewhere need not wait either


def test_a_known_browser_does_not_guess_for_ever(browser: Browser) -> None:
    person()
    known = browser()
    sign_in(known)
    known.post(reverse("portal:sign-out"))
    assert fail(known, times=11) == 429


def test_a_known_browser_is_known_to_its_own_accounts_only(browser: Browser) -> None:
    person("thief"), person("zhang")
    thief = browser()
    sign_in(thief, "thief")
    thief.post(reverse("portal:sign-out"))
    assert fail(thief, "zhang", times=6) == 429


def test_trying_one_password_on_many_names_waits_too(browser: Browser) -> None:
    answers = [fail(browser(), f"name{number}") for number in range(42)]
    assert (answers[0], answers[-1]) == (422, 429)


def test_an_account_of_ones_own_does_not_set_the_address_back(browser: Browser) -> None:
    person("own")
    for number in range(40):
        fail(browser(), f"name{number}")
        if number % 10 == 9 and number < 39:
            sign_in(browser(), "own")
    assert fail(browser(), "one more") == 429


def test_names_that_do_not_exist_wait_and_read_alike(browser: Browser) -> None:
    person()
    told = {}
    for name in ("zhang", "nobody"):
        client = browser(f"192.0.2.{len(name)}")
        answers = [sign_in(client, name, "wrong guess") for _number in range(6)]
        told[name] = [(each.status_code, each.content.decode().split('role="alert"')[1][:300]) for each in answers]
    assert told["zhang"] == told["nobody"]


def test_what_was_typed_as_a_name_is_not_kept(browser: Browser) -> None:
    sign_in(browser(), "my secret password typed into the wrong field", "x")
    event = AccessEvent.objects.get(action="signing.failed")
    assert "secret" not in str(event.details)


def test_unknown_names_take_as_long_as_known_ones(settings: Any, browser: Browser) -> None:
    """Loosely: with a real hash the medians of a dozen tries differ by less than half."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    person()
    times: dict[str, list[float]] = {"zhang": [], "nobody": []}
    for number in range(8):
        for name, taken in times.items():
            began = time.perf_counter()
            sign_in(browser(f"192.0.2.{number}"), name, "wrong guess")
            taken.append(time.perf_counter() - began)
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert 0.5 < known / unknown < 2


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_many_attempts_at_once_are_counted_one_by_one() -> None:
    counters = waits.at_the_door("zhang", "198.51.100.7", "")
    answers = at_once(*[partial(waits.charge, counters)] * 12)
    assert sum(isinstance(answer, TooMany) for answer in answers) == 7


def test_failures_of_yesterday_are_forgotten(browser: Browser, clock: Clock) -> None:
    person()
    fail(browser(), times=5)
    clock.forward(hours=25)
    assert waits.sweep() > 0
    client = browser()
    sign_in(client)
    assert is_in(client)
