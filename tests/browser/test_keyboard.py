"""The keyboard alone is enough."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import Open, sign_in


def test_slash_leads_to_the_search_box(open_page: Open, region: dict[str, Any]) -> None:
    page = open_page("/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "global-q"
    page.keyboard.type("出灰/")
    assert page.input_value("#global-q") == "出灰/"


def test_arrows_move_enter_opens_escape_returns(open_page: Open, region: dict[str, Any]) -> None:
    page = open_page("/resources/demand/")
    page.locator("table.rows tbody tr").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer h2")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_empty()
    rows = "[...document.querySelectorAll('table.rows tbody tr')]"
    assert page.evaluate(f"{rows}.indexOf(document.activeElement)") == 1


def test_the_first_tab_skips_to_the_content(open_page: Open, region: dict[str, Any]) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_menu_opens_and_closes_without_a_mouse(open_page: Open, region: dict[str, Any]) -> None:
    page = sign_in(open_page("/"), "enterprise")
    menu = page.locator("details.menu", has=page.locator("text=退出登录"))
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None


def test_the_rail_stays_as_narrow_as_one_left_it(open_page: Open, region: dict[str, Any]) -> None:
    page = open_page("/")
    wide = page.locator(".rail").bounding_box()
    page.click("[data-rail-toggle]")
    page.reload()
    narrow = page.locator(".rail").bounding_box()
    assert wide and narrow and narrow["width"] < wide["width"] / 2
