"""A session holds for who opened it, as long as it is used, and no longer than a day's work."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.errors import AccessDenied
from rongtong.domain.foundation.models import AccessEvent
from rongtong.domain.parties.models import Account, SignIn
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.parties.signing import housekeeping, sessions
from tests.factories import PASSWORD, AccountFactory, RoleGrantFactory
from tests.parties.signing.people import Clock, enrolled, is_in, person, sign_in

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


@pytest.fixture
def zhang() -> Account:
    return person()


def at_home(browser: Browser) -> Client:
    client = browser()
    sign_in(client)
    return client


def test_a_session_that_rests_ends(zhang: Account, browser: Browser, clock: Clock) -> None:
    client = at_home(browser)
    clock.forward(minutes=29)
    assert is_in(client)
    clock.forward(minutes=29)
    assert is_in(client)
    clock.forward(minutes=31)
    answer = client.get(reverse("portal:workbench"), follow=True)
    assert "没有操作，为安全起见已退出登录" in answer.content.decode()
    assert SignIn.objects.get().ended_because == "idle"


def test_officers_rest_for_less(browser: Browser, clock: Clock) -> None:
    app, _codes = enrolled(person("officer", Role.OFFICER))
    clock.forward(minutes=1)
    client = browser()
    sign_in(client, "officer")
    client.post(reverse("portal:second-factor"), {"code": app.at(clock.now)})
    assert is_in(client)
    clock.forward(minutes=16)
    assert not is_in(client)


def test_no_session_outlasts_the_day_however_busy(zhang: Account, browser: Browser, clock: Clock) -> None:
    client = at_home(browser)
    for _quarter in range(47):
        clock.forward(minutes=15)
        assert is_in(client)
    clock.forward(minutes=15)
    assert not is_in(client)


def test_that_a_session_is_used_is_written_once_a_minute(zhang: Account, browser: Browser, clock: Clock) -> None:
    client = at_home(browser)
    opened = SignIn.objects.get().last_seen
    clock.forward(seconds=30)
    is_in(client)
    assert SignIn.objects.get().last_seen == opened
    clock.forward(seconds=31)
    is_in(client)
    assert SignIn.objects.get().last_seen == opened + dt.timedelta(seconds=61)


def test_a_key_planted_before_is_worth_nothing_afterwards(zhang: Account, browser: Browser) -> None:
    victim, thief = browser(), browser()
    victim.get(reverse("portal:sign-in"))
    session = victim.session
    session["planted"] = True
    session.save()
    thief.cookies["sessionid"] = victim.cookies["sessionid"] = session.session_key
    sign_in(victim)
    assert victim.cookies["sessionid"].value != session.session_key
    assert (is_in(victim), is_in(thief)) == (True, False)


def test_sessions_are_listed_and_ended_from_elsewhere(zhang: Account, browser: Browser) -> None:
    here, there = at_home(browser), browser("203.0.113.9")
    sign_in(there)
    body = here.get(reverse("portal:security")).content.decode()
    assert body.count("Chrome · Windows") == 2 and "203.0.113.9" in body
    other = SignIn.objects.get(address="203.0.113.9")
    here.post(reverse("portal:end-session", args=[other.pk]))
    assert (is_in(here), is_in(there)) == (True, False)


def test_all_others_end_at_once(zhang: Account, browser: Browser) -> None:
    here, *others = (at_home(browser) for _number in range(4))
    here.post(reverse("portal:end-others"))
    assert [is_in(client) for client in (here, *others)] == [True, False, False, False]


def test_nobody_ends_a_session_of_another(zhang: Account, browser: Browser) -> None:
    at_home(browser)
    held = SignIn.objects.get()
    with pytest.raises(AccessDenied):
        sessions.end_session(actor=actor_of(AccountFactory()), sign_in=held)
    intruder = browser()
    person("li")
    sign_in(intruder, "li")
    assert intruder.post(reverse("portal:end-session", args=[held.pk])).status_code == 404


def test_changing_the_password_ends_the_others_and_keeps_this_one(zhang: Account, browser: Browser) -> None:
    here, there = at_home(browser), at_home(browser)
    before = here.cookies["sessionid"].value
    new = "另一个足够长的新密码"
    words = {"old": PASSWORD, "new": new + "呀呀", "again": new + "呀呀"}
    assert here.post(reverse("portal:change-password"), words).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert here.cookies["sessionid"].value != before
    assert SignIn.objects.filter(ended_because="password").count() == 1


def test_a_wrong_old_password_cannot_be_tried_for_ever(zhang: Account, browser: Browser) -> None:
    here = at_home(browser)
    words = {"old": "guess", "new": "另一个足够长的新密码呀", "again": "另一个足够长的新密码呀"}
    answers = [here.post(reverse("portal:change-password"), words).status_code for _number in range(6)]
    assert answers == [422] * 5 + [429]


def test_a_suspended_account_is_out_at_the_next_request(zhang: Account, browser: Browser) -> None:
    here = at_home(browser)
    Account.objects.update(is_active=False)
    assert not is_in(here)


def test_a_session_nobody_opened_is_none(zhang: Account, browser: Browser) -> None:
    here = at_home(browser)
    SignIn.objects.all().delete()
    assert not is_in(here)


def test_a_part_of_a_page_is_refused_rather_than_replaced_by_the_sign_in_page(
    zhang: Account, browser: Browser, clock: Clock
) -> None:
    here = at_home(browser)
    clock.forward(hours=1)
    assert here.get(reverse("portal:workbench"), headers={"HX-Request": "true"}).status_code == 401


def test_the_worker_closes_what_ran_out(zhang: Account, browser: Browser, clock: Clock) -> None:
    at_home(browser)
    clock.forward(hours=2)
    housekeeping.sweep()
    assert SignIn.objects.get().ended_because == "idle"
    clock.forward(days=401)
    housekeeping.sweep()
    assert not SignIn.objects.exists()


def test_coming_going_and_failing_are_noted(zhang: Account, browser: Browser) -> None:
    client = browser()
    sign_in(client, password="wrong")
    sign_in(client)
    client.post(reverse("portal:sign-out"))
    kept = AccessEvent.objects.filter(action__startswith="signing.").order_by("seq")
    told = [(event.action, event.details["address"]) for event in kept]
    assert told == [(f"signing.{what}", "198.51.100.7") for what in ("failed", "in", "out")]


def test_pages_of_the_signed_in_are_kept_nowhere(zhang: Account, browser: Browser) -> None:
    here = at_home(browser)
    for name in ("workbench", "security", "resources"):
        assert here.get(reverse(f"portal:{name}")).headers["Cache-Control"] == "private, no-store"


def test_a_persona_needs_no_code_and_ends_with_the_sample(browser: Browser, environment: Callable[..., None]) -> None:
    account = AccountFactory(username="shown", is_sample=True)
    RoleGrantFactory(account=account, role=Role.OFFICER, party=None, region="330100")
    here = browser("127.0.0.1")
    here.post(reverse("portal:sign-in"), {"persona": "shown"})
    assert is_in(here)
    assert SignIn.objects.get().how == "persona"
    environment(sample=False)
    assert not is_in(here)
