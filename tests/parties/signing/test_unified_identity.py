"""Signing in through a region's unified identity provider: a real one, in a process of its own."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import AccessDenied, Invalid
from rongtong.domain.foundation.models import AccessEvent
from rongtong.domain.parties.models import Account, OutsideIdentity, SignIn
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.parties.signing import oidc
from rongtong.domain.parties.signing.identities import bind_identity, release_identity
from rongtong.domain.parties.signing.invitations import issue_invitation
from tests.factories import PLATFORM, AccountFactory, PartyFactory, holder
from tests.parties.signing import provider
from tests.parties.signing.people import Clock, enrolled, is_in, person

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the provider answers."""
    folder = tmp_path_factory.mktemp("provider")
    log = (folder / "log").open("w")
    running = subprocess.Popen([sys.executable, provider.__file__, str(folder)], stdout=log, stderr=log)
    try:
        yield _told(folder, running)
    finally:
        running.terminate()
        running.wait(10)
        log.close()


def _told(folder: Path, running: subprocess.Popen[bytes]) -> str:
    for _tenth in range(600):
        if (folder / "address").exists():
            return (folder / "address").read_text()
        if running.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError((folder / "log").read_text())


@pytest.fixture
def region(address: str, environment: Callable[..., None]) -> Iterator[str]:
    """A region that has this provider; answers its issuer."""
    environment(
        oidc_issuer=f"{address}/o",
        oidc_client_id=provider.CLIENT,
        oidc_client_secret=provider.SECRET,
        oidc_name="一网通",
    )
    oidc.forget()
    yield f"{address}/o"
    oidc.forget()


def at_the_provider(client: Client, who: str = "wai") -> str:
    """Go there from the sign-in page and prove who one is; answers the query one comes back with."""
    there = client.post(reverse("portal:unified")).url
    with requests.Session() as session:
        form = session.get(there, timeout=20)
        token = session.cookies["csrftoken"]
        answer = session.post(
            form.url,
            {"username": who, "password": provider.PASSWORD, "csrfmiddlewaretoken": token},
            allow_redirects=False,
            timeout=20,
        )
        while not answer.headers["Location"].startswith(provider.BACK):
            answer = session.get(
                f"{there.split('/o/')[0]}{answer.headers['Location']}", allow_redirects=False, timeout=20
            )
    return urlsplit(answer.headers["Location"]).query


def come_back(client: Client, query: str) -> Any:
    return client.get(f"{reverse('portal:unified-back')}?{query}")


def bound(region: str, who: str = "wai", account: Account | None = None) -> Account:
    """An account linked to somebody the provider knows by the number of their row."""
    found = account or person()
    subject = {"wai": "1", "liang": "2"}[who]
    OutsideIdentity.objects.create(account=found, issuer=region, subject=subject)
    return found


def test_whom_the_provider_vouches_for_is_let_in(region: str, browser: Browser) -> None:
    bound(region)
    client = browser()
    assert "用一网通登录" in client.get(reverse("portal:sign-in")).content.decode()
    assert come_back(client, at_the_provider(client)).url == reverse("portal:workbench")
    assert is_in(client)
    assert SignIn.objects.get().how == "unified"


def test_the_way_there_carries_pkce_state_and_nonce(region: str, browser: Browser) -> None:
    asked = parse_qs(urlsplit(browser().post(reverse("portal:unified")).url).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert all(len(asked[name][0]) >= 43 for name in ("code_challenge", "state", "nonce"))


def test_an_unknown_identity_is_nobody_and_is_told_what_to_do(region: str, browser: Browser) -> None:
    person()
    client = browser()
    answer = come_back(client, at_the_provider(client))
    assert (answer.status_code, "还没有账号" in answer.content.decode()) == (422, True)
    assert not is_in(client)


def test_an_invitation_binds_the_identity_that_accepts_it(region: str, browser: Browser) -> None:
    firm = PartyFactory()
    issued = issue_invitation(actor=PLATFORM, to_address=str, role=Role.MEMBER, party=firm, name="王工")
    client = browser()
    client.get(reverse("portal:link"), {"key": issued.secret})
    assert come_back(client, at_the_provider(client)).url == reverse("portal:invitation")
    client.post(reverse("portal:invitation"), {"username": "wang", "display_name": "王工", "notice": "on"})
    account = Account.objects.get(username="wang")
    assert is_in(client) and not account.has_usable_password()
    assert account.outside_identities.get().issuer == region
    again = browser()
    come_back(again, at_the_provider(again))
    assert is_in(again)


def test_a_security_administrator_links_who_was_told_their_identifier(
    region: str, browser: Browser, signed_in_as: Callable[[Actor], Client]
) -> None:
    account = person()
    client = browser()
    told = come_back(client, at_the_provider(client)).content.decode()
    subject = re.findall(r'<p class="secret">(.+?)</p>', told)[0]
    page = reverse("portal:admin-account", args=[account.pk])
    guard = signed_in_as(holder(Role.SECADMIN))
    assert "本人在统一身份认证中的标识" in guard.get(page).content.decode()
    guard.post(reverse("portal:admin-bind-identity", args=[account.pk]), {"subject": subject})
    come_back(client, at_the_provider(client))
    assert is_in(client)
    linked = account.outside_identities.get()
    guard.post(reverse("portal:admin-release-identity", args=[account.pk, linked.pk]))
    assert not account.outside_identities.exists()


def altered(query: str, **changes: str) -> str:
    return urlencode({name: values[0] for name, values in parse_qs(query).items()} | changes)


def test_a_return_that_this_browser_did_not_begin_is_refused(region: str, browser: Browser) -> None:
    bound(region)
    client, other = browser(), browser("203.0.113.5")
    query = at_the_provider(client)
    assert come_back(other, query).status_code == 422
    assert come_back(client, altered(query, state="another")).status_code == 422
    assert come_back(client, query).status_code == 422  # what was remembered is good for one return
    assert not is_in(client) and not is_in(other)
    assert AccessEvent.objects.filter(action="signing.unified_failed").count() == 3


@pytest.mark.parametrize("name", ["nonce", "verifier"])
def test_an_answer_to_another_question_is_refused(region: str, browser: Browser, name: str) -> None:
    bound(region)
    client = browser()
    query = at_the_provider(client)
    session = client.session
    session["unified"] = session["unified"] | {name: "x" * 43}
    session.save()
    assert come_back(client, query).status_code == 422
    assert not is_in(client)


def test_a_code_of_somebody_elses_making_is_refused(region: str, browser: Browser) -> None:
    bound(region)
    client, thief = browser(), browser("203.0.113.5")
    stolen = parse_qs(at_the_provider(client))["code"][0]
    assert come_back(thief, altered(at_the_provider(thief, "liang"), code=stolen)).status_code == 422
    assert not is_in(thief)


def test_a_token_that_has_run_out_is_refused(region: str, browser: Browser, clock: Clock) -> None:
    bound(region)
    client = browser()
    query = at_the_provider(client)
    clock.forward(hours=11)
    assert come_back(client, query).status_code == 422
    assert not is_in(client)


def test_a_token_signed_by_another_key_is_refused(
    region: str, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from joserfc.jwk import KeySet, RSAKey

    bound(region)
    client = browser()
    query = at_the_provider(client)
    keys = KeySet([RSAKey.generate_key(2048, parameters={"kid": key["kid"]}) for key in jwks(region)])
    fetched = oidc._fetched
    monkeypatch.setattr(oidc, "_fetched", lambda address: keys.as_dict() if "jwks" in address else fetched(address))
    assert come_back(client, query).status_code == 422
    assert not is_in(client)


def jwks(region: str) -> list[dict[str, str]]:
    described = requests.get(f"{region}/.well-known/openid-configuration", timeout=20).json()
    keys: list[dict[str, str]] = requests.get(described["jwks_uri"], timeout=20).json()["keys"]
    return keys


def test_an_officer_still_shows_a_code_unless_the_provider_saw_one(region: str, browser: Browser, clock: Clock) -> None:
    officer = bound(region, account=person("officer", Role.OFFICER))
    app, _codes = enrolled(officer)
    client = browser()
    assert come_back(client, at_the_provider(client)).url == reverse("portal:second-factor")
    assert not is_in(client)
    clock.forward(minutes=1)
    client.post(reverse("portal:second-factor"), {"code": app.at(clock.now)})
    assert is_in(client)
    bound(region, "liang", person("chief", Role.OFFICER))
    chief = browser()
    come_back(chief, at_the_provider(chief, "liang"))
    assert is_in(chief)
    assert SignIn.objects.get(account__username="chief").two_factors


def test_signing_out_ends_it_at_the_provider_too(region: str, browser: Browser) -> None:
    bound(region)
    client = browser()
    come_back(client, at_the_provider(client))
    leave = client.post(reverse("portal:sign-out"))
    assert leave.url.startswith(region)
    assert region.rsplit("/", 1)[0] in client.get("/").headers["Content-Security-Policy"]
    answer = requests.get(leave.url, allow_redirects=False, timeout=20)
    assert (answer.status_code, answer.headers["Location"]) == (302, provider.HOME)
    assert not is_in(client)


def test_a_suspended_account_is_not_let_in(region: str, browser: Browser) -> None:
    account = bound(region)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    client = browser()
    come_back(client, at_the_provider(client))
    assert not is_in(client)


def test_a_provider_that_is_away_is_said_to_be(environment: Callable[..., None], browser: Browser) -> None:
    environment(oidc_issuer="http://127.0.0.1:9/o", oidc_client_id="x")
    oidc.forget()
    answer = browser().post(reverse("portal:unified"))
    assert (answer.status_code, "连不上" in answer.content.decode()) == (422, True)


def test_without_a_provider_there_is_no_such_door(browser: Browser) -> None:
    client = browser()
    assert "统一身份" not in client.get(reverse("portal:sign-in")).content.decode()
    assert client.post(reverse("portal:unified")).status_code == 404
    assert client.get(reverse("portal:unified-back")).status_code == 404


def test_a_security_administrator_links_an_identity_and_nobody_else_does() -> None:
    account, guard = AccountFactory(), holder(Role.SECADMIN)
    who = {"issuer": "https://id.example", "subject": "42"}
    for actor in (actor_of(account), holder(Role.SYSADMIN), holder(Role.AUDITOR)):
        with pytest.raises(AccessDenied):
            bind_identity(actor=actor, account=account, **who)
    made = bind_identity(actor=guard, account=account, **who)
    with pytest.raises(Invalid, match="已关联另一个账号"):
        bind_identity(actor=guard, account=AccountFactory(), **who)
    with pytest.raises(Invalid, match="不能给自己"):
        bind_identity(actor=guard, account=Account.objects.get(pk=guard.account), **who | {"subject": "43"})
    release_identity(actor=guard, identity=made)
    assert not account.outside_identities.exists()
