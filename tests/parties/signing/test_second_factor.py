"""One-time codes: asked of who bears a role that needs them, good once, kept where nobody reads them."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.errors import AccessDenied, Invalid
from rongtong.domain.parties.models import Account, RecoveryCode, SecondFactor, SignIn
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.parties.signing import factors
from rongtong.domain.parties.signing.resets import issue_reset
from tests.factories import PASSWORD, RoleGrantFactory, holder
from tests.foundation.test_transitions import at_once
from tests.parties.signing.people import Clock, enrolled, is_in, needs_postgresql, person, sign_in

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
STEP = dt.timedelta(seconds=factors.STEP_SECONDS)
CODED = (Role.OFFICER, Role.SUPERVISOR, Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)


@pytest.fixture
def officer() -> Account:
    return person("officer", Role.OFFICER)


def plain_addresses() -> list[str]:
    """The portal's addresses without parameters that are not on the way in."""
    names = [key for key in get_resolver("rongtong.portal.urls").reverse_dict if isinstance(key, str)]
    found = []
    for name in names:
        variants = get_resolver("rongtong.portal.urls").reverse_dict.getlist(name)
        if all(not parameters for possibility in variants for _pattern, parameters in possibility[0]):
            found.append(reverse(f"portal:{name}"))
    return [address for address in found if not address.startswith(("/sign-", "/link"))]


@pytest.mark.parametrize("role", CODED)
def test_with_the_password_alone_nothing_is_reached(role: Role, browser: Browser) -> None:
    person("someone", role)
    client, visitor = browser(), browser("192.0.2.1")
    assert sign_in(client, "someone").url == reverse("portal:enrol")
    for address in plain_addresses():
        answers = [each.get(address) for each in (client, visitor)]
        assert [answer.status_code for answer in answers] == [answers[1].status_code] * 2, address
        assert "someone" not in answers[0].content.decode(), address
    assert client.get("/api/v1/leads").status_code == visitor.get("/api/v1/leads").status_code
    assert SignIn.objects.count() == 0


def test_members_are_not_asked(browser: Browser) -> None:
    person()
    assert sign_in(browser()).url == reverse("portal:workbench")


def test_the_first_time_leads_through_enrolment_and_on(officer: Account, browser: Browser, clock: Clock) -> None:
    client = browser()
    sign_in(client, "officer", next="/figures")
    page = client.get(reverse("portal:enrol")).content.decode()
    secret = factors.drafted_secret(officer)
    assert secret in page.replace(" ", "")
    picture = client.get(reverse("portal:enrol-picture"))
    assert (picture["Content-Type"], picture["Cache-Control"]) == ("image/svg+xml", "private, no-store")
    wrong = client.post(reverse("portal:enrol"), {"code": "000000"})
    assert wrong.status_code == 422
    app = pyotp.TOTP(secret)
    shown = client.post(reverse("portal:enrol"), {"code": app.at(clock.now)})
    codes = RecoveryCode.objects.filter(account=officer)
    assert (shown.status_code, codes.count(), 'href="/figures"' in shown.content.decode()) == (200, 10, True)
    assert is_in(client)
    assert SignIn.objects.get().two_factors


def test_reloading_the_enrolment_does_not_outdate_the_picture(officer: Account, browser: Browser) -> None:
    client = browser()
    sign_in(client, "officer")
    client.get(reverse("portal:enrol"))
    first = factors.drafted_secret(officer)
    client.get(reverse("portal:enrol"))
    assert factors.drafted_secret(officer) == first
    client.post(reverse("portal:enrol"), {"anew": "1"})
    assert factors.drafted_secret(officer) != first


def test_the_password_alone_does_not_enrol_another_app(officer: Account, browser: Browser, clock: Clock) -> None:
    enrolled(officer)
    client = browser()
    assert sign_in(client, "officer").url == reverse("portal:second-factor")
    assert client.get(reverse("portal:enrol")).url == reverse("portal:sign-in")
    assert client.get(reverse("portal:enrol-picture")).status_code == 404


def test_a_code_opens_once(officer: Account, browser: Browser, clock: Clock) -> None:
    app, _codes = enrolled(officer)
    clock.forward(minutes=1)
    code = app.at(clock.now)
    answers = []
    for address in ("198.51.100.1", "198.51.100.2"):
        client = browser(address)
        sign_in(client, "officer")
        client.post(reverse("portal:second-factor"), {"code": code})
        answers.append(is_in(client))
    assert answers == [True, False]


def test_the_code_of_the_enrolment_and_any_before_the_last_are_spent(officer: Account, clock: Clock) -> None:
    app, _codes = enrolled(officer)
    earlier, now = app.at(clock.now), clock.now
    assert not factors.spent(officer, earlier, address="")
    clock.forward(seconds=60)
    assert factors.spent(officer, app.at(clock.now), address="")
    assert not factors.spent(officer, app.at(now + STEP), address="")


def test_clocks_may_differ_by_half_a_minute_and_no_more(officer: Account, clock: Clock) -> None:
    app, _codes = enrolled(officer)
    clock.forward(hours=1)
    good = [factors.spent(officer, app.at(clock.now + step * STEP), address="") for step in (-2, -1, 0, 1, 2)]
    assert good == [False, True, True, True, False]


def test_full_width_digits_and_spaces_are_a_code_too(officer: Account, clock: Clock) -> None:
    app, _codes = enrolled(officer)
    clock.forward(minutes=1)
    code = app.at(clock.now).translate({ord(str(d)): chr(ord("０") + d) for d in range(10)})
    assert factors.spent(officer, f" {code[:3]} {code[3:]} ", address="")


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_with_the_same_code_one_gets_in() -> None:
    officer = person("officer", Role.OFFICER)
    _app, codes = enrolled(officer)
    answers = at_once(*[partial(factors.spent, officer, codes[0], address="")] * 4)
    assert sorted(map(bool, answers)) == [False, False, False, True]


def test_a_recovery_code_stands_in_once_as_people_type_it(officer: Account, browser: Browser) -> None:
    _app, codes = enrolled(officer)
    client = browser()
    sign_in(client, "officer")
    client.post(reverse("portal:second-factor"), {"code": codes[0].lower().replace("-", " ")})
    assert is_in(client)
    assert not factors.spent(officer, codes[0], address="")
    assert factors.codes_left(officer) == 9


def test_six_digits_are_not_guessed(officer: Account, browser: Browser) -> None:
    enrolled(officer)
    client = browser()
    sign_in(client, "officer")
    answers = [client.post(reverse("portal:second-factor"), {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    other = browser("203.0.113.77")  # another address does not begin anew
    sign_in(other, "officer")
    assert other.post(reverse("portal:second-factor"), {"code": "000000"}).status_code == 429


def test_the_owners_browser_is_not_held_by_who_guesses_codes(officer: Account, browser: Browser, clock: Clock) -> None:
    app, _codes = enrolled(officer)
    clock.forward(minutes=1)
    own = browser()
    sign_in(own, "officer")
    own.post(reverse("portal:second-factor"), {"code": app.at(clock.now)})
    own.post(reverse("portal:sign-out"))
    thief = browser("203.0.113.77")
    sign_in(thief, "officer")
    for _number in range(6):
        thief.post(reverse("portal:second-factor"), {"code": "000000"})
    clock.forward(minutes=1)
    sign_in(own, "officer")
    own.post(reverse("portal:second-factor"), {"code": app.at(clock.now)})
    assert is_in(own)


def test_the_way_between_password_and_code_is_short(officer: Account, browser: Browser, clock: Clock) -> None:
    app, _codes = enrolled(officer)
    client = browser()
    sign_in(client, "officer")
    clock.forward(minutes=11)
    client.post(reverse("portal:second-factor"), {"code": app.at(clock.now)})
    assert not is_in(client)


def test_a_role_conferred_meanwhile_asks_for_the_code_at_the_next_request(browser: Browser, clock: Clock) -> None:
    account = person("zhang")
    client = browser()
    sign_in(client)
    assert is_in(client)
    account.grants.all().delete()
    RoleGrantFactory(account=account, role=Role.OFFICER, party=None, region="330100")
    assert client.get(reverse("portal:workbench")).url == reverse("portal:enrol")
    assert not is_in(client)


def test_secrets_and_recovery_codes_are_not_kept_in_the_clear(officer: Account, clock: Clock) -> None:
    app, codes = enrolled(officer)
    kept = str(SecondFactor.objects.values()) + str(RecoveryCode.objects.values())
    assert app.secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_a_new_secret_key_leaves_codes_good_as_long_as_the_former_is_named(
    officer: Account, clock: Clock, settings: Any
) -> None:
    app, codes = enrolled(officer)
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another secret key of the installation"
    clock.forward(minutes=1)
    with pytest.raises(Invalid, match="密钥已更换"):
        factors.spent(officer, app.at(clock.now), address="")
    settings.SECRET_KEY_FALLBACKS = [former]
    assert factors.spent(officer, app.at(clock.now), address="")
    assert factors.spent(officer, codes[0], address="")


def test_a_secret_copied_to_another_account_does_not_open(officer: Account, clock: Clock) -> None:
    app, _codes = enrolled(officer)
    other = person("other", Role.OFFICER)
    SecondFactor.objects.create(
        account=other, secret=SecondFactor.objects.get(account=officer).secret, confirmed_at=clock.now
    )
    clock.forward(minutes=1)
    with pytest.raises(Invalid):
        factors.spent(other, app.at(clock.now), address="")


def test_who_must_have_one_cannot_give_it_up_and_others_can(officer: Account, clock: Clock) -> None:
    enrolled(officer)
    with pytest.raises(AccessDenied):
        factors.remove_second_factor(actor=actor_of(officer), account=officer, password=PASSWORD)
    zhang = person()
    enrolled(zhang)
    factors.remove_second_factor(actor=actor_of(zhang), account=zhang, password=PASSWORD)
    assert not factors.has_second_factor(zhang)


def test_binding_another_phone_asks_for_the_password(browser: Browser, clock: Clock) -> None:
    person()
    client = browser()
    sign_in(client)
    assert client.get(reverse("portal:enrol")).url == reverse("portal:security")
    assert client.post(reverse("portal:factor"), {"step": "bind", "password": "guess"}).status_code == 422
    answer = client.post(reverse("portal:factor"), {"step": "bind", "password": PASSWORD})
    assert answer.url == reverse("portal:enrol")
    assert client.get(reverse("portal:enrol")).status_code == 200


def test_a_security_administrator_resets_anothers_and_never_their_own(officer: Account, clock: Clock) -> None:
    enrolled(officer)
    guard = holder(Role.SECADMIN)
    factors.reset_second_factor(actor=guard, account=officer)
    assert not factors.has_second_factor(officer)
    with pytest.raises(AccessDenied, match="自己"):
        factors.reset_second_factor(actor=guard, account=Account.objects.get(pk=guard.account))


@pytest.mark.parametrize(
    ("role", "region"),
    [(Role.OFFICER, "330100"), (Role.SUPERVISOR, "330100"), (Role.SYSADMIN, ""), (Role.AUDITOR, "")],
)
def test_nobody_else_resets_a_second_factor(role: Role, region: str, clock: Clock) -> None:
    target = person("target", Role.SUPERVISOR)
    enrolled(target)
    with pytest.raises(AccessDenied):
        factors.reset_second_factor(actor=holder(role, region), account=target)


def test_one_security_administrator_alone_cannot_become_somebody_else(officer: Account, clock: Clock) -> None:
    enrolled(officer)
    first, second = holder(Role.SECADMIN), holder(Role.SECADMIN)
    issue_reset(actor=first, to_address=str, account=officer)
    with pytest.raises(AccessDenied, match="另一位"):
        factors.reset_second_factor(actor=first, account=officer)
    factors.reset_second_factor(actor=second, account=officer)
    with pytest.raises(AccessDenied, match="另一位"):
        issue_reset(actor=second, to_address=str, account=officer)
