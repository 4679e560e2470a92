"""Before the hour nobody learns how many handed in: with none and with fifty every page says and asks the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.models import Envelope
from rongtong.domain.parties.models import Account
from rongtong.domain.programmes.models import Submission
from tests import factories as make
from tests.programmes.bidding import Bidding, bidding
from tests.trials.addresses import addresses
from tests.trials.trial import _chunks, _undone

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MANY = 50
CHANGING = re.compile(r"\b[A-Za-z0-9]{64}\b|\d+(?:\.\d+)? ?(?:毫秒|ms)|DTSTAMP:\w+|\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?")
"""Tokens and what time it is."""
ELSEWHERE = ("/admin/system", "/me/", "/sign-", "/link/")
"""What tells of the machine or of oneself alone."""
SHEETS = ("/challenges/topics.csv", "/projects.csv")


@dataclass(frozen=True)
class Said:
    """What an address answered: status, text without what differs each time, how many statements it took."""

    status: int
    text: str
    statements: int


@pytest.fixture
def scene() -> Bidding:
    return bidding()


def people(scene: Bidding) -> dict[str, Client]:
    """Whoever is not the applicant: the custodian of the box as well."""
    actors: dict[str, Actor | None] = {
        "visitor": None, "member": make.member(), "expert": make.holder(Role.EXPERT, "330100"),
        "officer": scene.officers[0], "supervisor": make.supervisor(), "auditor": make.holder(Role.AUDITOR),
    }  # fmt: skip
    return {name: browser(actor) for name, actor in actors.items()}


def browser(actor: Actor | None) -> Client:
    client = Client(SERVER_NAME="localhost", headers={"Accept-Language": "zh-CN"})
    if actor is not None:
        client.force_login(Account.objects.get(pk=actor.account))
    return client


def places(known: Mapping[str, object]) -> list[str]:
    """Every page about the records ``known`` by the word before them, and every page about everything."""
    found = []
    for address in addresses():
        if "GET" not in address.methods or address.of_api or address.route.startswith(ELSEWHERE):
            continue
        if "<" not in address.route:
            found.append(address.route)
        for word, identifier in known.items():
            before, at, rest = address.route.partition(f"/{word}/<uuid:identifier>")
            rest = rest.replace("<slug:form>", "csv")
            if at and "<" not in rest:
                found.append(f"{before}/{word}/{identifier}{rest}")
    return [*found, *SHEETS]


def told(client: Client, address: str) -> Said:
    with _undone(), CaptureQueriesContext(connection) as made:
        answer: Any = client.get(address)
        text = b"".join(_chunks(answer)).decode("utf-8", errors="replace")
    return Said(answer.status_code, CHANGING.sub("", text), len(made))


def hand_in(scene: Bidding, applicants: list[Actor]) -> None:
    for number, actor in enumerate(applicants):
        scene.sealed(actor, token=str(number))


def test_with_none_and_with_fifty_every_page_says_the_same(scene: Bidding) -> None:
    applicants = [make.member() for _applicant in range(MANY)]
    browsers, known = people(scene), {"topics": scene.topic.pk, "programmes": scene.topic.programme_id}
    pages = places(known | {"boxes": scene.topic.box})
    topic = f"/challenges/topics/{scene.topic.pk}/"
    assert topic in pages and len(pages) > 30
    for client in browsers.values():
        client.get(topic)  # what is made at the first look stands from here on
    before = {(name, page): told(client, page) for name, client in browsers.items() for page in pages}
    hand_in(scene, applicants)
    assert Envelope.objects.count() == Submission.objects.filter(state="sealed").count() == MANY
    after = {(name, page): told(client, page) for name, client in browsers.items() for page in pages}
    assert [place for place in before if before[place] != after[place]] == []


def test_what_an_applicant_sees_of_their_own_is_a_difference(scene: Bidding) -> None:
    """The trial itself is tried: to the applicant alone the same pages do say something else."""
    applicant = make.member()
    client, topic = browser(applicant), f"/challenges/topics/{scene.topic.pk}/"
    client.get(topic)
    before = told(client, topic), told(client, "/me/bids")
    hand_in(scene, [applicant])
    assert before != (told(client, topic), told(client, "/me/bids"))
