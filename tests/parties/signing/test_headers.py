"""What browsers are told so that what one page shows stays there."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from rongtong.api.routes import catalogue
from tests.parties.signing.people import person, sign_in

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
DEPLOYED = {"RONGTONG_HTTPS": "1", "RONGTONG_SAMPLE": "0", "RONGTONG_HOSTS": "rongtong.example"}


def test_every_answer_carries_the_policies(browser: Browser) -> None:
    for address in ("/", "/sign-in", "/no-such-page", "/api/v1/kinds"):
        headers = browser().get(address).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert headers["Cross-Origin-Resource-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"


def test_no_script_reads_the_cookies_of_a_session(browser: Browser) -> None:
    person()
    client = browser()
    client.get("/sign-in")
    sign_in(client)
    for name in ("sessionid", "csrftoken", "device"):
        assert client.cookies[name]["httponly"] and client.cookies[name]["samesite"] == "Lax"


def test_a_deployed_portal_passes_djangos_own_inspection(tmp_path: Path) -> None:
    asked = (
        "import django; django.setup(); from django.conf import settings as s; from django.core.management import "
        "call_command; call_command('check', deploy=True, fail_level='WARNING'); "
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
    )
    environment = DEPLOYED | {"RONGTONG_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "rongtong.site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", asked], env=_with(environment), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split()[-4:]) == (
        0,
        ["__Host-sessionid", "__Host-csrftoken", "True", "True"],
    ), done.stderr


def _with(more: dict[str, str]) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("RONGTONG_", "DATABASE_", "DJANGO_"))
    }
    return kept | {"PYTHONPATH": ":".join(sys.path)} | more


def test_a_fault_under_the_api_is_answered_as_the_api_answers(
    monkeypatch: pytest.MonkeyPatch, browser: Browser
) -> None:
    def break_down(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(catalogue, "all_kinds", break_down)
    client = Client(raise_request_exception=False)
    answer = client.get("/api/v1/kinds")
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (500, "application/json")
    assert set(answer.json()) == {"message", "problems"}
    assert "secret detail" not in answer.content.decode()
    with pytest.raises(RuntimeError):
        browser().get("/api/v1/kinds")


def test_what_is_wrong_beyond_any_view_is_answered_in_the_manner_of_the_door(browser: Browser) -> None:
    api = browser().get("/api/v1/kinds", SERVER_NAME="somebody-elses.example")
    page = browser().get("/", SERVER_NAME="somebody-elses.example")
    assert (api.status_code, api["Content-Type"]) == (400, "application/json")
    assert (page.status_code, page["Content-Type"]) == (400, "text/html; charset=utf-8")
