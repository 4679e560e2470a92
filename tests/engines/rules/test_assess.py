"""One enterprise through the national high-tech pack: verdict, reasons, what to supply, what would make it pass."""

import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from rongtong.engines.rules import Assessment, assess, facts_of, shipped
from rongtong.engines.rules.pack import Pack
from rongtong.engines.rules.vectors import check_vectors
from tests.engines.rules.made import DAY, MADE

MEETS: dict[str, Any] = {
    "registered_on": "2020-01-01",
    "owns_core_ip": "是",
    "in_field": True,
    "staff": 100,
    "tech_staff": 10,
    "sales_last": "50,000,000",
    "sales_3y": 120_000_000,
    "rd_3y": 6_000_000,
    "rd_3y_domestic": 4_000_000,
    "income_last": 50_000_000,
    "high_tech_income_last": 30_000_000,
    "no_accident": True,
    "class1_ip": 1,
    "class2_ip": 0,
    "own_rd_ip": True,
    "led_standard": False,
    "conversions_3y": 15,
    "net_assets_growth": "40%",
    "sales_growth": 0.41,
}
MARKS = {"ip_level": 8, "ip_core": 7, "ip_number": 7, "ip_origin": 5, "conversion": 26, "growth_assets": 9}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return shipped().load("cn.high-tech-enterprise", DAY)


def answered(pack: Pack, day: date = DAY, **changed: Any) -> Assessment:
    return assess(pack, facts_of(pack, {**MEETS, **changed}), day)


def said(answer: Assessment) -> list[str]:
    return [remedy.said.zh for remedy in answer.remedies]


def test_where_only_the_experts_are_awaited_that_is_said(pack: Pack) -> None:
    answer = answered(pack)
    assert (answer.outcome, answer.because, answer.missing) == ("undetermined", "experts", ())
    assert (answer.low, answer.high, answer.threshold, answer.top) == (51, 100, 71, 100)
    assert answer.experts[:2] == ("ip_level", "ip_core")
    assert answer.reasons[0].zh == "得分在 51 到 100 之间，应达到 71 分。"


def test_marks_settle_it(pack: Pack) -> None:
    answer = answered(pack, **MARKS, rd_system=3, rd_body=3, incentives=3, talent=3, growth_sales=9)
    assert (answer.outcome, answer.low) == ("passed", 83)
    assert answer.reasons[-1].en == "The score is 83; 71 are needed."


def test_a_mark_outside_what_the_rule_allows_is_not_taken(pack: Pack) -> None:
    answer = answered(pack, conversions_3y=3, conversion=20)
    assert next((item.low, item.high) for item in answer.items if item.id == "conversion") == (1, 6)


def test_a_failed_gate_gives_its_figures_its_article_and_what_is_short(pack: Pack) -> None:
    answer = answered(pack, rd_3y=5_588_000)
    assert answer.outcome == "failed"
    gate = next(each for each in answer.findings if each.id == "rd_share")
    assert gate.reason is not None
    assert gate.reason.zh == "近三年研究开发费用占销售收入 4.65%，应不低于 5%。"
    assert gate.cite == "高新技术企业认定管理办法 第十一条（五）"
    assert said(answer) == ["近三个会计年度研究开发费用总额增加 ¥412,000（至 ¥6,000,000），即不再判为不通过。"]


def test_a_share_just_short_does_not_look_as_if_it_were_reached(pack: Pack) -> None:
    reason = answered(pack, rd_3y=5_999_999.99).reasons[0]
    assert reason.zh == "近三年研究开发费用占销售收入 4.99%，应不低于 5%。"


def test_where_no_single_change_suffices_they_are_told_together(pack: Pack) -> None:
    answer = answered(pack, rd_3y=5_588_000, tech_staff=3)
    assert len(answer.remedies) == 1
    assert [step.input for step in answer.remedies[0].steps] == ["tech_staff", "rd_3y"]
    assert "科技人员数增加 7 人（至 10 人），并且" in said(answer)[0]


def test_what_nobody_can_change_becomes_a_day(pack: Pack) -> None:
    answer = answered(pack, registered_on="2026-03-01")
    assert said(answer) == ["自 2027-03-01 起，即不再判为不通过。"]
    assert answered(pack, date(2027, 3, 1), registered_on="2026-03-01").outcome == "undetermined"


def test_a_remedy_does_not_make_facts_contradict_each_other(pack: Pack) -> None:
    answer = answered(pack, staff=5, tech_staff=0, rd_3y_domestic=1)
    for remedy in answer.remedies:
        after = {step.input: step.after for step in remedy.steps}
        assert after.get("tech_staff", 0) <= 5 and after.get("rd_3y_domestic", 0) <= 600_000_000  # type: ignore[operator]


def test_missing_facts_never_fail_and_the_shortest_list_is_given(pack: Pack) -> None:
    without = dict.fromkeys(("tech_staff", "rd_3y", "conversions_3y", "class2_ip"))
    answer = answered(pack, **without)
    assert (answer.outcome, answer.because) == ("undetermined", "both")
    assert answer.missing == ("tech_staff", "rd_3y", "conversions_3y")
    assert any(reason.zh.startswith("尚不能判断“科技人员不低于 10%”：缺少科技人员数") for reason in answer.reasons)


def test_what_fails_whatever_else_is_missing_has_failed(pack: Pack) -> None:
    answer = assess(pack, facts_of(pack, {"tech_staff": 9, "staff": 100}), DAY)
    assert answer.outcome == "failed"
    assert answer.missing == ()


def test_the_better_of_two_ratios_asks_for_one_of_them() -> None:
    tech_sme = shipped().load("cn.tech-sme", DAY)
    empty = assess(tech_sme, {}, DAY)
    assert empty.outcome == "undetermined"
    assert len(empty.missing) < len([each for each in tech_sme.inputs.values() if not each.judged])


def test_a_division_by_nought_is_no_failure(pack: Pack) -> None:
    answer = answered(pack, income_last=0, high_tech_income_last=0, **MARKS)
    gate = next(each for each in answer.findings if each.id == "high_tech_income")
    assert gate.outcome == "undetermined"
    assert gate.reason is not None and "除数为零" in gate.reason.zh


def test_every_form_is_told_with_value_band_and_weight() -> None:
    pack = MADE.load("test.shapes", DAY)
    given = {"debt": 60, "assets": 100, "age_from": "2020-01-01", "profit": 1, "growth": "10%", "years_in": 5}
    answer = assess(pack, facts_of(pack, given), DAY)
    items = {item.id: item for item in answer.items}
    assert (str(items["falling"].value), str(items["falling"].band), items["falling"].low) == ("60%", "≤ 75%", 5)
    assert items["falling"].weight == pytest.approx(0.75)
    assert (items["steps"].low, items["share_of"].low, items["group"].high) == (2, 5, 12)
    assert items["by_level"].depth == 1
    assert {figure.id: figure.value for figure in answer.outputs} == {
        "half": 333_333,
        "told_grade": False,
        "wait": 2372,
    }


@pytest.mark.parametrize("name", ["test.shapes", "test.peers", "test.wide"])
def test_the_packs_of_these_tests_keep_their_own(name: str) -> None:
    pack = MADE.load(name, DAY)
    assert check_vectors(pack, name) == []


def test_a_single_assessment_does_not_need_polars() -> None:
    code = (
        "import sys, rongtong.engines.rules as r; r.shipped().load('cn.tech-sme', __import__('datetime').date.today())"
    )
    done = subprocess.run([sys.executable, "-c", f"{code}; sys.exit('polars' in sys.modules)"], check=False)
    assert done.returncode == 0
