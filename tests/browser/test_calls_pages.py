"""The public list, a programme, a topic and its form in a real browser: nothing to object to, at any width."""

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from rongtong.domain.programmes.actions import calls
from rongtong.domain.programmes.models import Topic
from tests.browser.conftest import Open, sign_in
from tests.browser.test_looks import objections
from tests.factories import PLATFORM, PartyFactory
from tests.foundation.sealing.scene import enrolled
from tests.programmes.factories import ProgrammeFactory, TopicFactory
from tests.programmes.test_calls import argued, expert

SHOTS = os.environ.get("SHOTS_IN")


def looked_at(page: Page, name: str) -> None:
    """Nothing to object to, nothing to be moved sideways; the picture is kept where one was asked for."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    assert objections(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def challenged(region: dict[str, Any]) -> dict[str, Topic]:
    """A programme with topics in three states."""
    programme = calls.advance_programme(
        actor=PLATFORM, programme=ProgrammeFactory(title="云岭高新区 2026 年揭榜挂帅"), event="start"
    )
    now, setter = timezone.now(), region["enterprise"]
    party = region["demands"][0].owner
    facts = {"programme": programme, "setter": party, "demands": region["demands"][:2]}
    open_ = TopicFactory(
        title="石灰窑高温自动出灰成套技术与长周期可靠运行方法", setter_money=3_000_000_00, public_money=1_000_000_00,
        constraints="不停窑改造；不改变现有窑体结构。", acceptance="连续运行 720 小时，由第三方机构检测。", **facts,
    )  # fmt: skip
    Topic.objects.filter(pk=open_.pk).update(
        state="open", number="2026-001", opens_at=now - dt.timedelta(days=3), closes_at=now + dt.timedelta(days=12)
    )
    argued_ = calls.advance_topic(
        actor=PLATFORM, topic=TopicFactory(title="石灰窑高温自动出灰技术", **facts), event="submit"
    )
    calls.argue_topic(actor=expert(1), topic=argued_, verdict="support", opinion="值得做，指标可测。")
    calls.argue_topic(actor=expert(2), topic=argued_, verdict="doubt", opinion="已有类似装置，建议提高温度指标。")
    calls.appoint_examiner(actor=PLATFORM, topic=argued_, party=PartyFactory(name="云岭示例建材有限公司"))
    approved = argued(TopicFactory(title="锂电池电解液回收", programme=programme, setter=party))
    enrolled(3)
    assert setter
    return {"open": open_, "argued": argued_, "approved": approved}


@pytest.mark.parametrize(
    ("width", "dark", "language"),
    [(1440, False, "zh-CN"), (390, False, "zh-CN"), (1440, True, "zh-CN"), (1440, False, "en")],
)
def test_the_pages_look_right(open_page: Open, region: dict[str, Any], width: int, dark: bool, language: str) -> None:
    topics = challenged(region)
    programme = topics["open"].programme_id
    tag = f"{width}{'-dark' if dark else ''}-{language[:2]}"
    page = open_page("/challenges/", width=width, dark=dark, language=language)
    looked_at(page, f"list-{tag}")
    for name, address in (
        ("topic", f"/challenges/topics/{topics['open'].pk}/"),
        ("programmes", "/challenges/programmes/"),
        ("programme", f"/challenges/programmes/{programme}/"),
    ):
        page.goto(address)
        looked_at(page, f"{name}-{tag}")
    sign_in(page, "officer")
    for name, address in (
        ("argued", f"/challenges/topics/{topics['argued'].pk}/"),
        ("approved", f"/challenges/topics/{topics['approved'].pk}/"),
        ("board", "/challenges/board"),
        ("kinds", "/challenges/programmes/new"),
        ("programme-form", "/challenges/programmes/new?template=horse-race"),
        ("topic-form", f"/challenges/topics/new?demand={region['demands'][0].pk}&programme={programme}"),
    ):
        page.goto(address)
        looked_at(page, f"{name}-{tag}")


@pytest.mark.parametrize("width", [1440, 390])
def test_an_address_in_a_reason_makes_no_page_wider(open_page: Open, region: dict[str, Any], width: int) -> None:
    topics, long = challenged(region), f"见 https://example.org/{'a' * 300}"
    calls.argue_topic(actor=expert(3), topic=topics["argued"], verdict="oppose", opinion=long)
    calls.advance_topic(actor=PLATFORM, topic=topics["argued"], event="cancel", reason=long)
    page = open_page("/challenges/", width=width)
    sign_in(page, "officer")
    page.goto(f"/challenges/topics/{topics['argued'].pk}/")
    assert page.locator(f"text={long}").count() == 2
    looked_at(page, f"long-{width}")


def test_a_filter_narrows_the_list_while_one_types(open_page: Open, region: dict[str, Any]) -> None:
    challenged(region)
    page = open_page("/challenges/")
    page.fill("#topic-q", "没有这一题")
    page.wait_for_selector("text=没有符合条件的榜题")
    page.fill("#topic-q", "石灰窑")
    page.wait_for_selector("#results >> text=石灰窑高温自动出灰成套技术")
    assert "q=" in page.url
