"""Every page on every screen: nothing wider than the screen, nothing axe-core objects to."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open, sign_in
from tests.factories import LeadFactory

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


def objections(page: Page) -> list[str]:
    """What axe-core finds, with the first place of each."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")["violations"]
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
