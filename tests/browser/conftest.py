"""A real Chromium against the live portal; whatever it complains about fails the test it happened in."""

import os
import shutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.parties.models import Party
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.registry.models import Resource
from tests.factories import AccountFactory, AchievementFactory, PartyFactory, ResourceFactory, RoleGrantFactory

# Playwright keeps an event loop in the thread of the tests, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium: install the system package `chromium`, or name one in the variable CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server: Any, index: ModuleType) -> Iterator[Open]:
    """Opens an address in a fresh browser; ``width``, ``dark`` and ``language`` choose which."""
    contexts, faults = [], []
    host = urlsplit(live_server.url).netloc

    def heard(message: ConsoleMessage) -> None:
        expected = "status of 4" in message.text
        if message.type in ("error", "warning") and not expected:
            faults.append(f"console: {message.text}")

    def asked(request: Request) -> None:
        if urlsplit(request.url).netloc not in (host, ""):
            faults.append(f"left the host: {request.url}")

    def open_(
        address: str, *, width: int = 1440, dark: bool = False, language: str = "zh-CN", like: Page | None = None
    ) -> Page:
        context = (
            like.context
            if like
            else chromium.new_context(
                base_url=live_server.url,
                viewport={"width": width, "height": 844 if width < 500 else 900},
                color_scheme="dark" if dark else "light",
                locale=language,
            )
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", heard)
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("request", asked)
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def region(transactional_db: None, index: ModuleType) -> dict[str, Any]:
    """A small region: two achievements, three demands, an enterprise, a university and an officer who can sign in."""
    enterprise: Party = PartyFactory(name="云岭示例窑炉有限公司")
    university: Party = PartyFactory(name="云岭示例大学", organisation_type="university")
    offered: Resource = AchievementFactory(
        title="石灰窑高温物料自动出灰装置",
        owner=university,
        values={
            "problem": "解决石灰窑高温出灰卡料、人工清理危险的问题，出灰温度 ≤ 75 ℃，已在三家企业使用。",
            "parameters": "出灰温度 <= 75 ℃",
            "trl": "7",
        },
    )
    AchievementFactory(title="石灰窑余热回收利用系统", owner=university)
    demands = ResourceFactory.create_batch(3, owner=enterprise)
    index.drain()
    return {
        "offered": offered,
        "demands": demands,
        "enterprise": _persona("enterprise", "企业 王工", enterprise),
        "university": _persona("university", "高校 李老师", university, Role.MANAGER),
        "officer": _persona("officer", "科技局 张干部", None, Role.OFFICER),
    }


def _persona(username: str, name: str, party: Party | None, role: Role = Role.MEMBER) -> Actor:
    account = AccountFactory(username=username, display_name=name, is_sample=True)
    RoleGrantFactory(account=account, party=party, role=role, region="330100" if party is None else "")
    return actor_of(account)


def sign_in(page: Page, username: str) -> Page:
    """Choose a persona on the sign-in page."""
    page.goto("/sign-in")
    page.click(f"button[value={username}]")
    page.wait_for_url("**/workbench")
    return page
