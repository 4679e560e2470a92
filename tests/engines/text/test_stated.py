"""A row of a form says the same as the same row in a text, in the unit and under the name a person gave."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongtong.engines import text
from rongtong.engines.text import Relation

NAMES = [
    "抗冲击韧性",
    "循环容量保持率",
    "屏蔽效能",
    "母排温升",
    "到港准点率",
    "热导率",
    "床层压降",
    "和易性",
    "还原率",
    "均方根误差",
    "对准精度",
    "按时交付率",
    "其他杂质含量",
    "主要成分含量",
    "总体积",
    "并发用户数",
    "可用度",
    "及格率",
    "性能衰减率",
    "节能率",
    "减水率",
    "额定功率",
    "端到端时延",
    "吨钢能耗",
    "MTBF",
    "COD浓度",
    "PM2.5浓度",
    "IGBT结温",
    "一次合格率",
    "设计使用年限",
    "平均无故障时间",
    "水蒸气透过量",
]
UNITS = [
    "kPa",
    "MPa",
    "mm",
    "μm",
    "kg",
    "W/(m·K)",
    "g/cm3",
    "mg/L",
    "m3/h",
    "kWh/t",
    "dB",
    "Hz",
    "kV/mm",
    "N/mm2",
    "cN/dtex",
    "g/(m2·24h)",
    "万元",
    "万吨/年",
    "吨",
    "小时",
    "r/min",
    "HRC",
    "%",
    "℃",
    "s",
    "倍",
    "件/h",
    "NTU",
    "Shore A",
]
SIGNS: dict[Relation, str] = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "=", "~": "≈"}


@given(
    st.sampled_from(NAMES),
    st.sampled_from(sorted(SIGNS)),
    st.decimals(-999, 99_999, places=2, allow_nan=False),
    st.sampled_from([*UNITS, ""]),
)
@settings(max_examples=400, deadline=None)
def test_a_row_says_the_same_in_a_form_and_in_a_text(name: str, relation: Relation, value: object, unit: str) -> None:
    row = f"{name} {SIGNS[relation]} {value} {unit}".strip()
    (read,) = text.parameters(row)
    made = text.stated(name, relation, float(str(value)), None, unit)
    assert replace(made, span=read.span, name_span=read.name_span) == read
    assert text.compare(made, read).verdict == "met"


@pytest.mark.parametrize(
    ("relation", "low", "high", "unit", "written", "bounds"),
    [
        (">=", 67.0, None, "%", "抗冲击韧性 ≥ 67 %", (67, None)),
        ("<=", 0.00002, None, "mm", "抗冲击韧性 ≤ 0.00002 mm", (None, 0.00002)),
        ("<", None, 5.0, "", "抗冲击韧性 < 5", (None, 5)),
        ("~", 1.5, None, "J", "抗冲击韧性 ≈ 1.5 J", (1.5, 1.5)),
        ("range", 3.0, 5.0, "μm", "抗冲击韧性 = 3~5 μm", (3, 5)),
        (">", 120_000.0, None, "件", "抗冲击韧性 > 120000 件", (120_000, None)),
    ],
)
def test_the_span_is_the_row_as_written(
    relation: Relation,
    low: float | None,
    high: float | None,
    unit: str,
    written: str,
    bounds: tuple[float | None, float | None],
) -> None:
    made = text.stated("抗冲击韧性", relation, low, high, unit)
    assert (made.span, made.name_span) == (text.Span(0, len(written), written), None)
    assert (made.low, made.high) == bounds


@pytest.mark.parametrize(
    "name", ["要求的强度", "到", "在25℃下按GB/T 1040测得的强度（纵向）", "x", "提高", "1000次循环后容量"]
)
def test_the_name_is_kept_as_the_person_gave_it(name: str) -> None:
    assert text.stated(name, ">=", 5.0, None, "MPa").name == name


def test_an_unknown_unit_is_a_dimension_of_its_own() -> None:
    need = text.stated("通量", ">=", 5.0, None, "LMH")
    same, other, none = (text.stated("通量", "=", 6.0, None, unit) for unit in ("ｌｍｈ", "GPU", ""))
    assert text.compare(need, same).verdict == "met"
    assert text.compare(need, other).reason == text.compare(need, none).reason == "other_dimension"
    assert none.dimension == "number"


@pytest.mark.parametrize(
    ("name", "unit", "dimension", "base"),
    [
        ("温升", "K", "[temperature difference]", 5),
        ("温升", "℃", "[temperature difference]", 5),
        ("工作温度", "℃", "[temperature]", 278.15),
        ("投资", "万元", "[yuan]", 50_000),
        ("投资", "万", "[yuan]", 50_000),
        ("热膨胀系数", "×10⁻⁶/K", "1 / [temperature]", 5e-6),
        ("热膨胀系数", "10-6/℃", "1 / [temperature]", 5e-6),
        ("排放浓度", "mg/m3(标态)", "[mass] / [length] ** 3", 5e-6),
        ("循环寿命", "次循环", "[occurrence]", 5),
        ("密度(g/cm3)", "", "[mass] / [length] ** 3", 5000),
        ("废水pH", "", "number", 5),
    ],
)
def test_a_unit_is_read_as_people_write_it_in_a_form(name: str, unit: str, dimension: str, base: float) -> None:
    made = text.stated(name, ">=", 5.0, None, unit)
    assert (made.dimension, made.low_base) == (dimension, pytest.approx(base))


@pytest.mark.parametrize(
    ("name", "unit", "offer"),
    [
        ("生产效率提高", "%", "生产效率提高35%"),
        ("密度(g/cm3)", "", "密度达到40g/cm3"),
        ("屏蔽效能", "dB", "屏蔽效果为60dB"),
    ],
)
def test_a_row_is_answered_by_a_text(name: str, unit: str, offer: str) -> None:
    (given_,) = text.parameters(offer)
    assert text.compare(text.stated(name, ">=", 30.0, None, unit), given_).verdict == "met"


@pytest.mark.parametrize(
    ("relation", "low", "high"), [(">=", None, None), ("range", 3.0, None), ("=", float("nan"), None)]
)
def test_a_row_without_its_values_is_refused(relation: Relation, low: float | None, high: float | None) -> None:
    with pytest.raises(ValueError, match="finite values"):
        text.stated("强度", relation, low, high, "MPa")
