"""The main story, as a person lives it: paste, match, save, publish, introduce, answer."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, sign_in

TOLD = (
    "我厂石灰窑出灰系统在高温下频繁卡料，人工清理危险，每班停机两次。希望自动出灰，出灰温度不高于 80 ℃，预算 50 万元。"
)


def test_a_pasted_demand_finds_its_answer_and_becomes_a_lead(open_page: Open, region: dict[str, Any]) -> None:
    page = sign_in(open_page("/"), "enterprise")
    page.click("text=描述需求")
    page.fill("#text", TOLD)
    page.wait_for_selector("#answers >> text=石灰窑高温物料自动出灰装置")
    assert page.input_value("input[name='targets.value'] >> nth=0") == "80"
    page.fill("#f-title", "石灰窑自动出灰")
    page.click("text=保存为需求")
    page.wait_for_selector("text=已存为草稿")
    page.click("text=去提交核实")
    page.check("form:has(button:has-text('提交核实')) input[name=no_secrets]")
    page.click("button:has-text('提交核实')")
    page.wait_for_selector("text=现在是“待核实”")

    clerk = sign_in(open_page("/"), "officer")
    clerk.click(".todo >> text=石灰窑自动出灰")
    clerk.click("button:has-text('核实通过')")
    clerk.click("button:has-text('发布')")
    clerk.wait_for_selector("text=现在是“已发布”")

    page.reload()
    page.click(".page-head >> text=找匹配")
    answer = page.locator(".answer", has_text="石灰窑高温物料自动出灰装置")
    assert answer.locator(".verdict-met").count() == 1
    page.on("dialog", lambda dialog: dialog.accept())
    answer.locator("button:has-text('引荐')").click()
    page.wait_for_selector("text=已建立线索")

    other = sign_in(open_page("/"), "university")
    other.click(".todo >> text=石灰窑自动出灰")
    other.click("button:has-text('同意引荐')")
    other.wait_for_selector("text=线索现在是“已引荐”")


def test_a_judgement_takes_two_taps_and_stays(open_page: Open, region: dict[str, Any]) -> None:
    page = sign_in(open_page("/"), "enterprise")
    page.goto(f"/match/{region['demands'][0].pk}/")
    answer = page.locator(".answer").first
    answer.locator("summary:has-text('不合适')").click()
    answer.locator("button:has-text('成熟度不够')").click()
    page.wait_for_selector(".tag:has-text('成熟度不够')")
    page.reload()
    assert page.locator(".tag:has-text('成熟度不够')").count() == 1


def test_a_point_switched_off_changes_the_answers_in_place(open_page: Open, region: dict[str, Any]) -> None:
    page = open_page(f"/match/{region['demands'][0].pk}/")
    assert page.locator(".answer th:has-text('出灰温度')").count() >= 1
    page.click(".chip:has-text('出灰温度')")
    expect(page.locator(".answer table")).to_have_count(0)
    assert "chosen=1" in page.url


def test_two_answers_are_compared_and_a_third_cannot_be_ticked(open_page: Open, region: dict[str, Any]) -> None:
    page = open_page(f"/match/{region['demands'][0].pk}/")
    assert page.locator("[data-compare-go]").is_disabled()
    for box in page.locator("input[name=with]").all()[:2]:
        box.check()
    page.click("[data-compare-go]")
    page.wait_for_selector("table.compare")
    assert page.locator("table.compare thead th").count() == 2


def test_an_edited_target_survives_more_writing(open_page: Open, region: dict[str, Any]) -> None:
    page = open_page("/demands/describe")
    page.fill("#text", TOLD)
    page.wait_for_selector("input[name='targets.value']")
    page.fill("input[name='targets.value'] >> nth=0", "60")
    with page.expect_response("**/demands/reading"):
        page.locator("#text").press_sequentially("请尽快联系。")
    page.wait_for_load_state("networkidle")
    assert page.input_value("input[name='targets.value'] >> nth=0") == "60"


def test_a_draft_saves_itself_and_says_so(open_page: Open, region: dict[str, Any]) -> None:
    page = sign_in(open_page("/"), "university")
    page.goto("/resources/achievement/new")
    page.locator("#f-title").press_sequentially("窑尾余热利用")
    page.wait_for_selector("text=已自动保存")
    page.locator("#f-problem").press_sequentially("窑尾烟气温度高，热量白白散失。")
    expect(page.locator("input[name=revision]")).to_have_value("2")
    page.goto("/resources/achievement/?mine=1&state=draft")
    assert page.locator("table.rows >> text=窑尾余热利用").count() == 1


@pytest.mark.parametrize("width", [1440, 390])
def test_a_file_is_imported_with_its_problems_shown(open_page: Open, region: dict[str, Any], width: int) -> None:
    from rongtong.domain.registry.exchange import jobs

    page = sign_in(open_page("/", width=width), "university")
    page.goto("/import")
    page.select_option("#import-kind", "achievement")
    page.set_input_files(
        "#import-file",
        {"name": "成果.csv", "mimeType": "text/csv", "buffer": "成果名称,解决的问题\n窑炉节能,窑炉散热大\n".encode()},
    )
    page.check("input[name=no_secrets]")
    page.click("text=上传并检查")
    page.wait_for_selector("#job-state")
    jobs.run_pending()
    page.wait_for_selector("button:has-text('确认写入')")
    page.click("button:has-text('确认写入')")
    jobs.run_pending()
    page.wait_for_selector("text=去看这一册")
