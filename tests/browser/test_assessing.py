"""An enterprise reads where it stands and tries other figures; the bureau runs a pack over its region."""

from typing import Any

from rongtong.domain.assessments.computing import run_pending
from tests.assessments import factories as make
from tests.browser.conftest import Open, sign_in
from tests.browser.test_looks import objections


def test_an_enterprise_sees_its_ladder_and_tries_other_figures(open_page: Open, region: dict[str, Any]) -> None:
    make.assessment(region["demands"][0].owner)
    page = sign_in(open_page("/"), "enterprise")
    page.goto("/assess/")
    assert objections(page) == []
    page.click("text=科技型中小企业评价")
    assert objections(page) == []
    page.click("text=试算")
    page.select_option("#w-resident", "false")
    page.wait_for_selector("#what-if >> text=暂不符合")
    assert objections(page) == []


def test_the_bureau_runs_a_pack_and_reads_the_distribution(open_page: Open, region: dict[str, Any]) -> None:
    make.assessment(region["demands"][0].owner)
    page = sign_in(open_page("/", width=390), "officer")
    page.goto("/runs/")
    page.select_option("#run-pack", make.PACK)
    page.click("text=开始")
    page.wait_for_selector("text=排队中")
    assert run_pending() == 1
    page.wait_for_selector("[data-chart=scores] canvas")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert objections(page) == []
