"""Signing in and out, language, appearance; going on to where one wanted to go and to nowhere else."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from rongtong.domain.parties.models import Account
from tests.factories import PASSWORD, AccountFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def persona() -> Account:
    account: Account = AccountFactory(username="enterprise", is_sample=True)
    RoleGrantFactory(account=account)
    return account


def test_a_persona_of_the_sample_region_needs_no_password(visitor: Client, persona: Account) -> None:
    answer = visitor.post(reverse("portal:sign-in"), {"persona": "enterprise"})
    assert answer.url == reverse("portal:workbench")


def test_personas_do_not_exist_where_there_is_no_sample(
    visitor: Client, persona: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ENVIRONMENT", settings.ENVIRONMENT.model_copy(update={"sample": False}))
    assert visitor.post(reverse("portal:sign-in"), {"persona": "enterprise"}).status_code == 422


@pytest.mark.parametrize(
    "reached", [{"SERVER_NAME": "testserver"}, {"SERVER_NAME": "localhost", "REMOTE_ADDR": "192.0.2.1"}]
)
def test_a_persona_cannot_be_entered_from_elsewhere(persona: Account, reached: dict[str, str]) -> None:
    answer = Client(**reached).post(reverse("portal:sign-in"), {"persona": "enterprise"})
    assert answer.status_code == 422


def test_a_persona_must_be_a_sample_account(visitor: Client) -> None:
    AccountFactory(username="real")
    assert visitor.post(reverse("portal:sign-in"), {"persona": "real"}).status_code == 422


def test_a_password_opens_its_account_and_leads_on(visitor: Client) -> None:
    RoleGrantFactory(account=AccountFactory(username="zhang", password=PASSWORD))
    wanted = reverse("portal:my-leads")
    answer = visitor.post(reverse("portal:sign-in"), {"username": "zhang", "password": PASSWORD, "next": wanted})
    assert answer.url == wanted


def test_a_wrong_password_is_refused_without_saying_which_was_wrong(visitor: Client) -> None:
    AccountFactory(username="zhang", password=PASSWORD)
    for username in ("zhang", "nobody"):
        answer = visitor.post(reverse("portal:sign-in"), {"username": username, "password": "不对"})
        assert (answer.status_code, "账号或密码不对" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_signing_in_never_leads_off_this_host(visitor: Client, persona: Account, elsewhere: str) -> None:
    answer = visitor.post(reverse("portal:sign-in"), {"persona": "enterprise", "next": elsewhere})
    assert answer.url == reverse("portal:workbench")


def test_signing_out_ends_it(visitor: Client, persona: Account) -> None:
    visitor.post(reverse("portal:sign-in"), {"persona": "enterprise"})
    visitor.post(reverse("portal:sign-out"))
    assert visitor.get(reverse("portal:workbench")).status_code == 302


def test_the_language_is_kept_on_the_device_and_in_the_account(visitor: Client, persona: Account) -> None:
    visitor.post(reverse("portal:sign-in"), {"persona": "enterprise"})
    visitor.post(reverse("portal:language"), {"language": "en", "next": "/help"})
    persona.refresh_from_db()
    assert persona.language == "en"
    assert '<html lang="en"' in visitor.get("/help").content.decode()


def test_an_unknown_language_changes_nothing(visitor: Client) -> None:
    visitor.post(reverse("portal:language"), {"language": "../../etc"})
    assert '<html lang="zh-CN"' in visitor.get("/help").content.decode()


def test_the_chosen_appearance_is_kept(visitor: Client) -> None:
    visitor.post(reverse("portal:appearance"), {"theme": "dark"})
    body = visitor.get("/").content.decode()
    assert 'tokens-dark.css" media="screen"' in body
