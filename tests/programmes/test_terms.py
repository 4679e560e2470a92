"""A number that a law gives stands once, in a rule pack with its article; a kind of programme names it."""

import pytest

from rongtong.domain.programmes.models import Programme
from rongtong.domain.programmes.terms import Number, Rule, number, templates

NUMBERS = [(kind.key, each) for kind in templates().values() for each in kind.numbers.values()]


@pytest.mark.parametrize(("kind", "each"), NUMBERS, ids=lambda each: getattr(each, "key", each))
def test_every_number_stands_within_its_bounds_and_says_where_it_is_from(kind: str, each: Number) -> None:
    assert each.least <= each.value <= each.most
    assert each.source
    assert number(Programme(template=kind), each.key) == each.value
    assert number(Programme(template=kind, parameters={each.key: each.most}), each.key) == each.most


def test_a_rule_gives_value_and_article() -> None:
    days = templates()["horse-race"].numbers["days_before_opening"]
    assert days.given == Rule("cn.challenge-procedure", "guide_days")
    assert (days.value, days.source) == (30, "国家自然科学基金条例（2024 年修订） 第八条第三款")
    assert templates()["poc-voucher"].numbers["days_before_opening"].source == "由组织部门设定"


@pytest.mark.parametrize("parameter", ["notice_working_days_least", "pay_first", "no_such"])
def test_what_a_pack_leaves_open_is_no_number(parameter: str) -> None:
    days = templates()["horse-race"].numbers["days_before_opening"]
    asked = Number(days.key, days.label, Rule("cn.challenge-procedure", parameter), 0, 9)
    with pytest.raises(LookupError):
        assert asked.value
