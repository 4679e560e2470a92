"""What a text measures, and whether an offer satisfies it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongtong.engines import text
from rongtong.engines.text.numbers import chinese_value, read_number
from rongtong.engines.text.units import unit_named


def read(written: str) -> list[tuple[str, str, float | None, float | None, str]]:
    return [(found.name, found.relation, found.low, found.high, found.unit) for found in text.parameters(written)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("抗冲击韧性≥67%", ("抗冲击韧性", ">=", 67, None, "%")),
        ("热导率低于0.03 W/(m·K)", ("热导率", "<", None, 0.03, "W/(m·K)")),
        ("年产5万吨", ("年产", "=", 50_000, 50_000, "吨/年")),
        ("堆积密度不小于1.80克/立方厘米", ("堆积密度", ">=", 1.8, None, "克/立方厘米")),
        ("六方相到立方相的转变在73%以上", ("六方相到立方相的转变", ">=", 73, None, "%")),
        ("粒度D50为3~5μm", ("粒度D50", "range", 3, 5, "μm")),
        ("厚度(20±0.5)mm", ("厚度", "range", 19.5, 20.5, "mm")),
        ("电压220V±10%", ("电压", "range", 198, 242, "V")),
        ("压力达到1.2×10^5 Pa", ("压力", "=", 120_000, 120_000, "Pa")),
        ("注入剂量达到2×10¹⁶ions/cm2以上", ("注入剂量", ">=", 2e16, None, "ions/cm2")),
        ("合格率不低于百分之七十", ("合格率", ">=", 70, None, "%")),
        ("储存温度需保持在零下四十度以下", ("储存温度", "<=", None, -40, "度")),
        ("耐温-40℃至85℃", ("耐温", "range", -40, 85, "℃")),
        ("测量误差小于±1%", ("测量误差", "<", None, 1, "%")),
        ("定位精度±2.5mm", ("定位精度", "range", -2.5, 2.5, "mm")),
        ("成本不超过50万元", ("成本", "<=", None, 500_000, "元")),
        ("预算30-50万元", ("预算", "range", 300_000, 500_000, "元")),
        ("寿命大于10 000 h", ("寿命", ">", 10_000, None, "h")),
        ("硫含量降到300ppm以下", ("硫含量", "<=", None, 300, "ppm")),
        ("产能从约2万吨/年提升至10万吨/年", ("产能", "=", 100_000, 100_000, "吨/年")),
        ("碱度0.3-1.5", ("碱度", "range", 0.3, 1.5, "")),
        ("表面粗糙度：Ra≤0.2（镜面）", ("Ra", "<=", None, 0.2, "")),
        ("运行噪音dB(A):≤80", ("运行噪音", "<=", None, 80, "dB(A)")),
        ("密度(g/cm3)≥2.5", ("密度", ">=", 2.5, None, "g/cm3")),
        ("表面处理层硬度180≤HB＜240", ("表面处理层硬度", "range", 180, 240, "HB")),
        ("刃口硬度≥HRC50", ("刃口硬度", ">=", 50, None, "HRC")),
        ("纤维直径为φ0.25~φ0.45mm", ("纤维直径", "range", 0.25, 0.45, "mm")),
        ("使用壽命達３年以上", ("使用壽命", ">=", 3, None, "年")),
        ("容量保持率(25℃)≥80%", ("容量保持率", ">=", 80, None, "%")),
        ("用工量由原来27个左右减少到7.5个左右", ("用工量", "~", 7.5, 7.5, "个")),
        ("4-6份的姜黄素，", ("姜黄素", "range", 4, 6, "份")),
        ("含V2.5%~3.5%", ("含V", "range", 2.5, 3.5, "%")),
        ("投入资金约1500万。", ("投入资金", "~", 15_000_000, 15_000_000, "元")),
        ("密度为2.5g/cm3，", ("密度", "=", 2.5, 2.5, "g/cm3")),
        ("20万吨的产能", ("产能", "=", 200_000, 200_000, "吨")),
        ("The thermal conductivity is below 30 mW/(m K)", ("thermal conductivity", "<", None, 30, "mW/(m K)")),
        ("a yield of at least 95 %", ("yield", ">=", 95, None, "%")),
        ("particle size between 2 and 5 mm", ("particle size", "range", 2, 5, "mm")),
        ("service life not less than 5 years", ("service life", ">=", 5, None, "years")),
    ],
)
def test_a_statement_is_read_with_name_relation_value_and_unit(written: str, expected: tuple[object, ...]) -> None:
    assert read(written) == [expected]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("循环容量保持率 ≥ 88 %", ["循环容量保持率"]),
        ("温升 ≤ 65 K", ["温升"]),
        ("母排温升 ≤ 65 K", ["母排温升"]),
        ("床层压降≤5 kPa", ["床层压降"]),
        ("屏蔽效能 ≥ 60 dB", ["屏蔽效能"]),
        ("到港货物准点率 ≥ 95 %", ["到港货物准点率"]),
        ("频率响应≥20 kHz；节能率≥20%", ["频率响应", "节能率"]),
        ("3、性能要求：电磁屏蔽效能≥60 dB，和易性≥5", ["电磁屏蔽效能", "和易性"]),
        ("循环容量保持率达到88%以上", ["循环容量保持率"]),
    ],
)
def test_a_name_that_fills_the_clause_before_a_sign_is_taken_whole(written: str, names: list[str]) -> None:
    assert [(found.name, found.change) for found in text.parameters(written)] == [(name, None) for name in names]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("要求抗压强度≥50MPa", "抗压强度"),
        ("使产品合格率≥95%", "产品合格率"),
        ("其抗压强度≥50MPa", "抗压强度"),
        ("硬度应≥50HRC", "硬度"),
        ("系统能够提供带宽≥10 Mbps", "带宽"),
        ("硬度≥50HRC和抗拉强度≥800MPa", "抗拉强度"),
    ],
)
def test_the_words_around_a_name_are_no_part_of_it(written: str, name: str) -> None:
    assert text.parameters(written)[-1].name == name


@pytest.mark.parametrize(
    ("written", "name", "change"),
    [
        ("生产效率提高30%以上", "生产效率", "increase"),
        ("将模具寿命提高两倍以上", "模具寿命", "increase"),
        ("降低变速箱整体质量20%以上", "变速箱整体质量", "decrease"),
        ("能耗降低了15%", "能耗", "decrease"),
        ("reduce the cost by 30 %", "cost", "decrease"),
    ],
)
def test_a_relative_statement_is_a_change_and_not_a_value(written: str, name: str, change: str) -> None:
    assert [(found.name, found.change) for found in text.parameters(written)] == [(name, change)]


@pytest.mark.parametrize(
    "written",
    [
        "1、现有标准化厂房3栋，博士3名",
        "2019年7月至2019年9月",
        "满足GB/T 31485-2015要求",
        "专利号ZL201310586887.2",
        "5G手机，V2G桩，42CrMo轴承钢，三元材料",
        "配比为35：18：8",
        "一种方法，第三个步骤，液压千斤顶",
        "",
    ],
)
def test_dates_codes_lists_and_things_in_passing_are_no_parameters(written: str) -> None:
    assert read(written) == []


def test_the_unit_of_several_values_in_one_sentence_is_not_confused() -> None:
    written = "表面粗糙度Ra≤0.2μm，抛磨效率100只/h，在60ppm浓度下连续工作4500小时不失效"
    assert read(written)[:2] == [("表面粗糙度Ra", "<=", None, 0.2, "μm"), ("抛磨效率", "=", 100, 100, "只/h")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0.03 W/(m·K)", "30 mW/(m K)"),
        ("1.8 g/cm³", "1800 kg·m-3"),
        ("300 ppm", "0.03%"),
        ("5万吨/年", "50000 t/a"),
        ("25 ℃", "298.15 K"),
        ("12 个月", "1 年"),
        ("200 N·m", "0.2 kNm"),
    ],
)
def test_equal_amounts_in_different_units_have_one_magnitude(one: str, other: str) -> None:
    first, second = (text.parameters(f"寿命为{written}")[0] for written in (one, other))
    assert first.dimension == second.dimension
    assert first.low_base == pytest.approx(second.low_base)


@pytest.mark.parametrize("pair", [("%", "倍"), ("个", "人"), ("元", "美元"), ("℃", "m"), ("dB", "%")])
def test_kinds_of_number_are_kept_apart(pair: tuple[str, str]) -> None:
    first, second = map(unit_named, pair)
    assert first and second and first.dimension != second.dimension


def test_a_temperature_difference_has_no_offset() -> None:
    (found,) = text.parameters("炉膛温差不超过5℃")
    assert (found.dimension, found.high_base) == ("[temperature difference]", 5)


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("七十", 70), ("十五", 15), ("三千二百万", 32_000_000), ("三点五", 3.5), ("半", 0.5), ("一百零五", 105)],
)
def test_chinese_numerals_are_read(numeral: str, value: float) -> None:
    assert chinese_value(numeral) == value


@given(st.integers(0, 99_999_999))
@settings(deadline=None)
def test_grouped_and_plain_writings_are_the_same_number(value: int) -> None:
    grouped, plain = read_number(f"{value:,}", 0), read_number(str(value), 0)
    assert grouped and plain and grouped.value == plain.value == value


@given(st.floats(0.001, 999.0), st.sampled_from(["mm", "kPa", "g/cm3", "mg/L", "kW·h/t", "万元", "m²/g", "%"]))
@settings(deadline=None)
def test_a_value_survives_the_way_through_base_units(value: float, unit: str) -> None:
    (found,) = text.parameters(f"强度为{value:.3f}{unit}")
    named = unit_named(found.unit)
    assert named and found.low is not None and found.low_base is not None
    assert (found.low_base - named.offset) / named.scale == pytest.approx(found.low)


@given(
    st.text(
        alphabet=st.sampled_from("0123456789.~-±≥≤<（）()％%万亿年m²/·℃温度强热率提高到以上的，。 aPk三十百分之"),
        max_size=120,
    )
)
@settings(max_examples=300, deadline=None)
def test_spans_are_exact_and_equal_parameters_satisfy_each_other(written: str) -> None:
    for found in text.parameters(written):
        assert written[found.span.start : found.span.end] == found.span.text
        if found.name_span:
            assert written[found.name_span.start : found.name_span.end] == found.name
        assert text.compare(found, found).verdict == "met"


@given(st.text(max_size=300))
@settings(deadline=None)
def test_no_text_makes_the_reader_fail(written: str) -> None:
    text.parameters(written)


@pytest.mark.parametrize(
    "piece",
    ["1", "1.", "1,", "1 ", "10^", "百", "零", "-", "~1", "±", "W/", "m·", "热率≥", "提高", "((", "的", "a/b", "1-"],
)
def test_reading_a_megabyte_takes_time_in_proportion(piece: str) -> None:
    started = time.perf_counter()
    text.parameters(piece * (1_000_000 // len(piece)))
    assert time.perf_counter() - started < 20


def verdict(required: str, offered: str) -> tuple[str, str]:
    (need,), (offer,) = text.parameters(required), text.parameters(offered)
    found = text.compare(need, offer)
    return found.verdict, found.reason


@pytest.mark.parametrize(
    ("required", "offered", "expected"),
    [
        ("热导率≤0.03 W/(m·K)", "导热系数为25 mW/(m K)", ("met", "inside")),
        ("热导率≤0.03 W/(m·K)", "thermal conductivity of 35 mW/(m K)", ("not_met", "outside")),
        ("抗冲击韧性≥67%", "抗冲击韧性≥60%", ("not_stated", "partly")),
        ("抗冲击韧性≥67%", "抗冲击韧性达到70%以上", ("met", "inside")),
        ("抗冲击韧性＞67%", "抗冲击韧性为67%", ("not_met", "outside")),
        ("粒度为3~5μm", "粒径为4μm", ("met", "inside")),
        ("工作温度-40℃至85℃", "使用温度-55~125℃", ("met", "covered")),
        ("工作温度-40℃至85℃", "使用温度0~70℃", ("not_met", "not_covered")),
        ("日产500吨", "产能600吨/天", ("met", "inside")),
        ("日产500吨", "产能300吨/天", ("not_met", "outside")),
        ("厚度(20±0.5)mm", "厚度20.2mm", ("met", "inside")),
        ("热导率≤0.03 W/(m·K)", "抗压强度≥5 MPa", ("not_stated", "other_name")),
        ("密度≥1.8 g/cm3", "密度≥95%", ("not_stated", "other_dimension")),
        ("生产效率提高30%", "生产效率达到30%", ("not_stated", "other_kind")),
        ("能耗降低20%以上", "能耗降低25%", ("met", "inside")),
    ],
)
def test_an_offer_is_judged_against_a_requirement(required: str, offered: str, expected: tuple[str, str]) -> None:
    assert verdict(required, offered) == expected


def test_the_table_takes_the_best_offer_for_each_requirement() -> None:
    required = text.parameters("抗压强度≥50MPa，体积密度≤0.5g/cm3，使用寿命≥5年")
    offered = text.parameters("抗压强度40MPa，优化后抗压强度60MPa，体积密度0.8g/cm3")
    rows = text.satisfaction_table(required, offered)
    assert [(row.verdict, row.reason) for row in rows] == [
        ("met", "inside"),
        ("not_met", "outside"),
        ("not_stated", "absent"),
    ]
