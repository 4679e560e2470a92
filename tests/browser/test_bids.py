"""An applicant in a browser: types, sees it saved and added up, seals, holds a receipt; and what a phone shows."""

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rongtong.domain.programmes.models import Submission
from tests.browser.conftest import Open, sign_in
from tests.programmes.bidding import Bidding, at, bidding, complete

LOOKS = os.environ.get("LOOKS", "")
"""A folder to which pictures of the pages go, for whoever wants to look at them."""


@pytest.fixture
def call(region: dict[str, Any]) -> Bidding:
    return bidding(closes_in=dt.timedelta(hours=2))


def looked_at(page: Page, name: str) -> None:
    if LOOKS:
        page.screenshot(path=Path(LOOKS) / f"{name}.png", full_page=True)


def no_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_typed_saved_added_up_and_sealed(call: Bidding, open_page: Open) -> None:
    page = sign_in(open_page("/"), "university")
    page.goto(f"/challenges/topics/{call.topic.pk}/bids")
    looked_at(page, "bids-begin")
    page.get_by_role("button", name="开始填写申请").click()
    page.wait_for_url("**/bids/*/")
    facts = complete(call.topic)
    page.fill("input[name=title]", facts["title"])
    expect(page.locator("#saved")).to_contain_text("已自动保存")
    for name, answer in facts["answers"].items():
        field = page.locator(f"[name='answers.{name}']")
        field.select_option(answer) if name == "budget_mode" else field.fill(answer)
    page.locator("input[name='promises.value']").fill("72")
    page.fill("input[name=bid]", "25万元")
    page.locator("select[name='budget.item']").first.select_option("equipment")
    page.locator("input[name='budget.amount']").first.fill("20万元")
    page.get_by_role("button", name="再加一行").first.click()
    expect(page.locator("input[name='budget.amount']")).to_have_count(2)
    page.locator("select[name='budget.item']").nth(1).select_option("labour")
    page.locator("input[name='budget.amount']").nth(1).fill("50000")
    page.locator("select[name='budget.purse']").nth(1).select_option("public")
    expect(page.locator("#bid-missing")).to_contain_text("可以提交了")
    expect(page.locator("#bid-sums")).to_contain_text("25 万元")
    looked_at(page, "bid-form")
    page.get_by_role("button", name="去封存提交").click()
    page.wait_for_url("**/seal")
    for box in page.locator("input[type=checkbox][name^=declared]").all():
        box.check()
    page.set_input_files("input[type=file]", {"name": "说明.txt", "mimeType": "text/plain", "buffer": "正文".encode()})
    looked_at(page, "bid-seal")
    page.get_by_role("button", name="封存提交").click()
    expect(page.get_by_role("heading", name="回执")).to_be_visible()
    assert Submission.objects.get().state == "sealed"
    looked_at(page, "bid-sealed")


def test_two_windows_of_one_draft(call: Bidding, region: dict[str, Any], open_page: Open) -> None:
    draft = call.draft(region["university"])
    first = sign_in(open_page("/"), "university")
    first.goto(f"/bids/{draft.pk}/")
    second = open_page(f"/bids/{draft.pk}/", like=first)
    first.fill("input[name=title]", "先写的")
    expect(first.locator("#saved")).to_contain_text("已自动保存")
    second.fill("input[name=title]", "后写的")
    expect(second.locator("#saved")).to_contain_text("另一个窗口")
    first.fill("input[name=title]", "先写的，再改")
    expect(first.locator("#saved")).to_contain_text("已自动保存")


@pytest.mark.parametrize(("width", "dark", "language"), [(390, False, "zh-CN"), (390, True, "en"), (1440, True, "en")])
def test_the_pages_fit(
    call: Bidding, region: dict[str, Any], open_page: Open, width: int, dark: bool, language: str
) -> None:
    draft = call.draft(region["university"])
    own = sign_in(open_page("/", width=width, dark=dark, language=language), "university")
    for name, address in (
        ("mine", "/me/bids"),
        ("form", f"/bids/{draft.pk}/"),
        ("seal", f"/bids/{draft.pk}/seal"),
        ("bids", f"/challenges/topics/{call.topic.pk}/bids"),
    ):
        own.goto(address)
        no_wider_than_the_screen(own)
        looked_at(own, f"{name}-{width}-{language}")
    for number in range(3):
        call.sealed(token=str(number))
    at(call.closes_at + dt.timedelta(seconds=1))
    call.over().open()
    at(call.closes_at - dt.timedelta(hours=2))
    opened = Submission.objects.filter(state="opened")[0]
    clerk = sign_in(open_page("/", width=width, dark=dark, language=language), "officer")
    for name, address in (("table", f"/challenges/topics/{call.topic.pk}/bids"), ("opened", f"/bids/{opened.pk}/")):
        clerk.goto(address)
        no_wider_than_the_screen(clerk)
        looked_at(clerk, f"{name}-{width}-{language}")


def test_the_opening_page_fits(call: Bidding, region: dict[str, Any], open_page: Open) -> None:
    clerk = sign_in(open_page("/", width=390), "officer")
    clerk.goto(f"/challenges/topics/{call.topic.pk}/opening")
    no_wider_than_the_screen(clerk)
    looked_at(clerk, "opening-390")
