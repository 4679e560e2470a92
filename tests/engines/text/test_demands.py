"""A demand is read into its parts, over the original text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongtong.engines import text

TITLE = "一种低温烟气脱硝催化剂的研制及其产业化"
DEMAND = """需求内容：
  公司焦化烟气温度只有150℃左右，现有催化剂活性不足，容易堵塞。希望开发一种低温脱硝催化剂，不得含钒，且不影响焦炉正常生产。
  1、催化剂配方及成型工艺；
  2、再生方法。
预期目标：
  脱硝效率≥90%，使用寿命不低于3年，连续运行2000小时后经第三方检测合格。
合作方式：合作研发或技术转让
项目预算：200万元，18个月内完成。
现有工作基础：
  我公司成立于2005年，占地120亩，员工800人，2023年销售收入3亿元，是高新技术企业，拥有专利30项。
"""


def texts(spans: tuple[text.Span, ...]) -> list[str]:
    return [span.text for span in spans]


def test_a_structured_demand_is_read_part_by_part() -> None:
    reading = text.read_demand(TITLE, DEMAND)
    assert reading.object is not None and reading.object.text == "低温烟气脱硝催化剂"
    assert [(target.name, target.relation, target.low) for target in reading.targets] == [
        ("脱硝效率", ">=", 90),
        ("使用寿命", ">=", 3),
        ("连续运行", "=", 2000),
    ]
    assert texts(reading.acceptance) == ["脱硝效率≥90%，使用寿命不低于3年，连续运行2000小时后经第三方检测合格。"]
    assert texts(reading.constraints) == ["不得含钒", "且不影响焦炉正常生产"]
    assert texts(reading.sub_needs) == ["催化剂配方及成型工艺；", "再生方法。"]
    assert {wanted.form for wanted in reading.forms} == {"joint_development", "transfer"}
    assert reading.budget is not None and reading.budget.low == 2_000_000
    assert reading.deadline is not None and reading.deadline.text == "18个月内完成"
    assert texts(reading.background)[0].startswith("我公司成立于2005年")
    assert reading.advice == ()


def test_history_is_not_searched_with() -> None:
    searched = text.read_demand(TITLE, DEMAND).problem_text
    assert "脱硝" in searched and "800人" not in searched and "3亿元" not in searched


def test_plain_prose_is_read_by_its_words() -> None:
    reading = text.read_demand(
        "",
        "随着环保要求日益严格，市场对无铅焊料的需求量增长很快。我公司拥有专利12项，现有职工300人。"
        "目前产品焊点空洞率高，存在开裂问题。寻求一种低空洞率的无铅焊膏，希望得到专家指导。",
    )
    assert [passage.role for passage in reading.passages] == ["context", "background", "problem", "need"]
    assert reading.object is not None and reading.object.text == "低空洞率的无铅焊膏"
    assert [wanted.form for wanted in reading.forms] == ["consulting"]


def test_an_english_demand_is_read() -> None:
    reading = text.read_demand(
        "Aerogel insulation for pipelines",
        "Background: Our company has 200 employees and was founded in 1998.\n"
        "Problem: Present blankets crack at low temperature and cannot be reused.\n"
        "Requirements: Thermal conductivity below 20 mW/(m K), service life of at least 10 years, free of fluorine.\n"
        "We are looking for a partner for joint development within 12 months.",
    )
    assert reading.language == "en"
    assert [(t.name, t.relation) for t in reading.targets] == [("Thermal conductivity", "<"), ("service life", ">=")]
    assert texts(reading.background) == ["Our company has 200 employees and was founded in 1998."]
    assert [wanted.form for wanted in reading.forms] == ["joint_development"]
    assert texts(reading.constraints) == ["free of fluorine."]


def test_a_demand_in_traditional_characters_is_read_and_quoted_as_written() -> None:
    reading = text.read_demand(
        "高溫爐用耐火澆注料的研製",
        "需求內容：\n現有澆注料壽命短，容易開裂。希望開發一種抗熱震澆注料，不得含鉻。\n預期目標：耐壓強度≥80MPa\n"
        "現有工作基礎：公司成立於1999年，擁有專利20項。",
    )
    assert [passage.role for passage in reading.passages] == ["problem", "need", "goal", "background"]
    assert texts(reading.constraints) == ["不得含鉻"]
    assert [target.name for target in reading.targets] == ["耐壓強度"]


def test_a_budget_may_be_in_another_currency() -> None:
    reading = text.read_demand("", "We need a lead-free coating. Budget: 50,000 EUR.")
    assert reading.object is not None and reading.object.text == "lead-free coating"
    assert reading.budget is not None and (reading.budget.low, reading.budget.unit) == (50_000, "EUR")


@pytest.mark.parametrize(
    ("written", "missing"),
    [
        ("", {"no_object", "too_vague", "no_measurable_target"}),
        ("提高效率。", {"too_vague", "no_measurable_target", "budget_missing", "form_missing", "no_deadline"}),
    ],
)
def test_what_is_missing_is_said(written: str, missing: set[str]) -> None:
    assert missing <= set(text.read_demand("", written).advice)


@pytest.mark.parametrize(
    ("title", "thing"),
    [
        ("高强度耐磨钢球的研究与应用", "高强度耐磨钢球"),
        ("关于石墨烯散热膜关键技术研发", "石墨烯散热膜"),
        ("大型窑炉供风系统", "大型窑炉供风系统"),
        ("寻求秸秆制糖技术", "秸秆制糖技术"),
        ("研发", "研发"),
    ],
)
def test_the_object_of_a_title_is_the_thing_and_not_the_activity(title: str, thing: str) -> None:
    found = text.object_of(title)
    assert found is not None and (found.text, title[found.start : found.end]) == (thing, thing)


@given(
    st.lists(
        st.sampled_from(
            [
                "需求内容：",
                "预期目标\n",
                "1、",
                "（2）",
                "希望",
                "公司成立于",
                "≥90%",
                "。",
                "\n",
                "，",
                "不得含氟",
                "预算50万元",
                "石墨烯",
                "３个月内",
                "拥有專利",
            ]
        ),
        max_size=40,
    ).map("".join)
)
@settings(max_examples=200, deadline=None)
def test_every_span_lies_exactly_in_the_original(written: str) -> None:
    reading = text.read_demand("题目", written)
    spans = [passage.span for passage in reading.passages]
    spans += [*reading.constraints, *reading.sub_needs, *reading.acceptance, *(wanted.span for wanted in reading.forms)]
    spans += [target.span for target in reading.targets] + ([reading.deadline] if reading.deadline else [])
    assert [written[span.start : span.end] for span in spans] == [span.text for span in spans]


@pytest.mark.parametrize("piece", ["需求", "希望。", "1、", "公司", "不", "目标：", "（", "随着", "a ", "需求内容："])
def test_reading_a_long_text_takes_time_in_proportion(piece: str) -> None:
    started = time.perf_counter()
    text.read_demand("题目", piece * (200_000 // len(piece)))
    assert time.perf_counter() - started < 20


def test_how_things_are_now_is_no_target():
    now = "目前靠人工推车出灰，灰温在120℃以上，工人劳动强度大。"
    wanted = "希望自动出灰，出灰温度不超过60℃。"
    both = "目前合格率低于80%，要求合格率达到95%以上。"
    found = text.read_demand("", now + wanted + both).targets
    assert [(each.name, each.low, each.high) for each in found] == [("出灰温度", None, 60.0), ("合格率", 95.0, None)]
