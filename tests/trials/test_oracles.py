"""A closed word is no oracle: asked for, it gives what a word gives that nobody ever wrote."""

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.registry.models import OWNER
from tests import factories as make
from tests.trials.canaries import MARK

pytestmark = pytest.mark.django_db
CLOSED, UNKNOWN = f"{MARK}甲", f"{MARK}乙"
CHANGING = re.compile(r"\b[A-Za-z0-9]{64}\b|.milliseconds.: \d+|\d+(?:\.\d+)? ?(?:毫秒|ms|秒)")


@pytest.fixture
def told(index: ModuleType) -> None:
    """A public demand with the word in every closed place, a sealed one, and one for its owner alone."""
    values = make.DEMAND | {"details": CLOSED, "scene": CLOSED, "region": "330106", "industry": "C30"}
    closed = {"scene": "owner", "region": "owner", "industry": "matched", OWNER: "matched"}
    make.ResourceFactory(values=values | {"holder": CLOSED}, closed=closed, owner=make.PartyFactory(name=CLOSED))
    make.ResourceFactory(title=f"石灰窑{CLOSED}", visibility="owner", values=values)
    make.AchievementFactory()
    index.drain()


@pytest.mark.parametrize("who", [None, make.member, make.manager, lambda: make.officer()])
def test_a_closed_word_is_found_as_little_as_one_that_nobody_wrote(told: None, who: Callable[[], Actor] | None) -> None:
    client = _browser(who() if who else None)
    for address in _questions():
        asked, decoy = (_answer(client, address.format(word)) for word in (CLOSED, UNKNOWN))
        assert asked[0] == decoy[0], address
        assert [
            pair for pair in zip(asked[1].splitlines(), decoy[1].splitlines(), strict=True) if len(set(pair)) > 1
        ] == []


def _questions() -> list[str]:
    listing, search = reverse("portal:list", args=("demand",)), reverse("portal:search")
    export, terms = reverse("portal:export-file", args=("demand", "csv")), reverse("portal:terms", args=("industry",))
    return [
        f"{search}?q={{}}",
        f"{listing}?q={{}}",
        f"{listing}?holder={{}}",
        f"{listing}?q=石灰窑 {{}}&columns=holder&columns=scene",
        f"{export}?q={{}}",
        f"{terms}?q={{}}",
        "/api/v1/resources?q={}",
        "/api/v1/resources?holder={}",
        "/api/v1/search?q={}",
    ]


def test_a_closed_column_narrows_no_list(told: None) -> None:
    client = _browser(None)
    for name, value in (("region", "330106"), ("industry", "C30")):
        assert client.get("/api/v1/resources", {name: value}).json()["count"] == 0


def _answer(client: Client, address: str) -> tuple[int, str]:
    answer: Any = client.get(quote(address, safe="/?=&{}"))
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode()
    for word in (CLOSED, UNKNOWN):
        text = text.replace(word, "?").replace(quote(word), "?").replace(quote(quote(word)), "?")
    return answer.status_code, CHANGING.sub("", text)


def _browser(actor: Actor | None) -> Client:
    from rongtong.domain.parties.models import Account

    client = Client(SERVER_NAME="localhost", headers={"Accept-Language": "zh-CN"})
    if actor is not None:
        client.force_login(Account.objects.get(pk=actor.account))
    return client
