"""Every page on every screen: nothing wider than the screen, nothing axe-core objects to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.parties.models import Account
from tests.browser import walking
from tests.browser.conftest import Open, sign_in
from tests.factories import LeadFactory, administrator, holder, supervisor
from tests.foundation.sealing.performed import a_scene

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "4.10.3" / "axe.min.js").read_text(encoding="utf-8")
OPEN = (
    "/",
    "/demands/describe",
    "/resources/",
    "/resources/demand/",
    "/search?q=石灰窑",
    "/figures",
    "/sign-in",
    "/help",
)
SIGNED_IN = ("/workbench", "/me/demands", "/me/leads", "/import", "/export", "/resources/achievement/new")
SCREENS = {
    "desktop": {"width": 1440},
    "tablet in English": {"width": 1024, "language": "en-US"},
    "phone": {"width": 390},
    "dark": {"width": 1440, "dark": True},
    "dark phone in English": {"width": 390, "dark": True, "language": "en-US"},
}
EXAMINED = ("desktop", "dark", "dark phone in English")
"""The screens on which axe-core looks; the others differ from these only in width."""

HEAVIEST = 400_000
"""Bytes of a page before it is compressed."""


def objections(page: Page) -> list[str]:
    """What axe-core finds, with the first place of each."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(told => told.violations)")
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]


def check(page: Page, address: str, screen: str) -> None:
    page.goto(address)
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found = objections(page) if screen in EXAMINED else []
    assert (address, over, found) == (address, 0, [])


@pytest.mark.parametrize("screen", SCREENS)
def test_open_pages_fit_and_are_accessible(open_page: Open, region: dict[str, Any], screen: str) -> None:
    page = open_page("/", **SCREENS[screen])
    demand, offered = region["demands"][0], region["offered"]
    own = (
        f"/resources/demand/{demand.pk}/",
        f"/match/{demand.pk}/",
        f"/match/{offered.pk}/",
        f"/match/{demand.pk}/report",
        f"/demands/describe?text={demand.values['problem']}",
    )
    for address in (*OPEN, *own):
        check(page, address, screen)


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_of_members_fit_and_are_accessible(open_page: Open, region: dict[str, Any], screen: str) -> None:
    demand = region["demands"][0]
    lead = LeadFactory(demand=demand, candidate=region["offered"])
    page = sign_in(open_page("/", **SCREENS[screen]), "enterprise")
    own = (
        f"/match/{demand.pk}/",
        f"/resources/demand/{demand.pk}/",
        f"/resources/demand/{demand.pk}/edit",
        f"/leads/{lead.pk}/",
    )
    for address in (*SIGNED_IN, *own):
        check(page, address, screen)


def test_the_drawer_is_accessible(open_page: Open, region: dict[str, Any]) -> None:
    page = open_page("/resources/demand/")
    page.locator("table.rows tbody tr td").nth(1).click()
    page.wait_for_selector("#drawer h2")
    assert objections(page) == []


def test_a_report_prints_without_the_frame(open_page: Open, region: dict[str, Any]) -> None:
    page = open_page(f"/match/{region['demands'][0].pk}/report")
    page.emulate_media(media="print")
    assert not page.locator(".rail").is_visible()
    assert not page.locator(".topbar").is_visible()
    assert page.locator(".verdict").is_visible()


def test_charts_are_drawn_and_can_be_read_as_tables(open_page: Open, region: dict[str, Any]) -> None:
    page = open_page("/figures")
    page.wait_for_selector("[data-chart=kinds] canvas")
    page.click("[data-chart-table=kinds]")
    assert page.locator("#kinds-table td.numeric").first.inner_text() == "3"


@pytest.fixture
def everyone(region: dict[str, Any]) -> Iterator[dict[str, Actor | None]]:
    """A visitor and somebody of every role, in a region where something has happened."""
    LeadFactory(demand=region["demands"][0], candidate=region["offered"])
    with a_scene() as scene:
        yield {
            "visitor": None,
            "member": region["enterprise"],
            "university": region["university"],
            "officer": scene.officers[0],
            "administrator": administrator(),
            "supervisor": supervisor(),
            **{role.value: holder(role) for role in (Role.EXPERT, Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)},
            "analyst": holder(Role.ANALYST, region="330100"),
        }


def by_hand(region: dict[str, Any]) -> list[str]:
    """What a script leads to, or a list of another kind than the first."""
    demand, offered = region["demands"][0], region["offered"]
    compared = f"{reverse('portal:compare', args=(demand.pk,))}?with={offered.pk}"
    return [compared, reverse("portal:create", args=("achievement",))]


def client_of(actor: Actor | None) -> Client:
    client = Client(headers={"Accept-Language": "zh-CN"}, SERVER_NAME="localhost")
    if actor:
        client.force_login(Account.objects.get(pk=actor.account))
    return client


def become(page: Page, client: Client) -> None:
    """The browser goes on as whoever is behind ``client``."""
    page.context.clear_cookies()
    carried = [(name, each.value) for name, each in client.cookies.items()]
    root = urljoin(page.url, "/")  # a cookie set from a page deep down would count only below it
    page.context.add_cookies([{"name": name, "value": value, "url": root} for name, value in carried])


def faults_in_text(seen: walking.Seen) -> list[str]:
    """What is wrong with a page before a browser looks at it."""
    made = seen.made
    wrong = {
        "fails": seen.status >= 500,
        "has no title": not made.title.split("·")[0].strip(),
        f"has {made.headings} first headings": made.headings != 1,
        f"weighs {seen.size} bytes": seen.size > HEAVIEST,
        f"is styled in place: {made.styled}": bool(made.styled),
    }
    return [fault for fault, holds in wrong.items() if holds]


def faults_in_browser(page: Page, address: str) -> list[str]:
    page.goto(address)
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"is {over} px too wide"] * (over > 0) + objections(page)


def test_every_page_that_anybody_can_open_is_whole_on_a_phone(
    open_page: Open, region: dict[str, Any], everyone: dict[str, Actor | None]
) -> None:
    """New addresses are walked by themselves. A page made like one looked at already is not looked at again."""
    found: list[tuple[str, str, list[str]]] = []
    looked_at: set[tuple[str, frozenset[str]]] = set()
    page = open_page("/help", width=390)
    for who, actor in everyone.items():
        client = client_of(actor)
        become(page, client)
        for seen in walking.walk(client, *by_hand(region)):
            make = (seen.name if seen.status == 200 else "", frozenset(seen.made.elements))
            browsed = [] if make in looked_at else faults_in_browser(page, seen.address)
            looked_at.add(make)
            if faults := [*faults_in_text(seen), *browsed]:
                found.append((who, seen.address, faults))
    assert found == []
