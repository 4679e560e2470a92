"""Headings are recognised as people write them, remembered, and never guessed twice."""

from rongtong.domain.registry.exchange.columns import guess, money_unit, plain_heading, signature
from rongtong.domain.registry.kinds import kind_of

DEMAND, PATENT = kind_of("demand"), kind_of("patent")


def keys(kind, headers, remembered=None):
    return [match.key for match in guess(kind, headers, remembered)]


def test_synonyms_stars_units_and_widths_do_not_matter():
    headers = ["需求名称*", "技术需求描述：", "预算（万元）", " 所在地 ", "企业名称", "ＰＲＯＢＬＥＭ"]
    assert keys(DEMAND, headers) == ["title", "problem", "budget", "region", "holder", ""]


def test_the_second_heading_for_a_field_is_left_for_a_person():
    assert keys(PATENT, ["专利权人", "申请人"]) == ["holder", ""]


def test_an_unknown_heading_comes_with_what_it_might_mean():
    match = guess(DEMAND, ["拟解决的问题"])[0]
    assert match.key == ""
    assert "problem" in match.suggestions


def test_what_a_person_said_wins_and_an_unknown_key_is_forgotten():
    assert keys(DEMAND, ["备注", "名称"], {"备注": "problem", "名称": "no_such_field"}) == ["problem", "title"]
    assert keys(DEMAND, ["名称"], {"名称": ""}) == [""]


def test_a_signature_depends_on_the_headings_alone():
    assert signature(["甲", "乙"]) == signature(("乙", "甲")) != signature(["甲", "丙"])


def test_a_heading_states_the_unit_of_its_amounts():
    budget = DEMAND.field("budget")
    assert [money_unit(budget, header) for header in ("预算（万元）", "预算[单位：亿元]", "预算")] == [
        "万元",
        "亿元",
        "",
    ]
    assert money_unit(DEMAND.field("problem"), "问题（万元）") == ""


def test_a_heading_of_nothing_but_brackets_is_kept():
    assert plain_heading("（空）") == "(空)"
