"""Taxonomies: every term is reachable, names its source, and is found as people write it."""

import pytest

from rongtong.domain.registry import taxonomies
from rongtong.domain.registry.kinds import all_kinds
from rongtong.domain.registry.types import Level, Many, Term

SCHEMES = ["industry", "division", "ipc", "trl", "field"]


def test_the_schemes_of_the_region():
    assert [scheme.name for scheme in taxonomies.all_schemes()] == SCHEMES


@pytest.mark.parametrize("name", SCHEMES)
def test_scheme_says_where_it_comes_from_and_how_far_it_was_checked(name):
    scheme = taxonomies.scheme(name)
    assert scheme.status in {"verified", "list", "memory"}
    assert scheme.source
    assert scheme.seen.isoformat() >= "2026-01-01"


@pytest.mark.parametrize("name", SCHEMES)
def test_every_broader_term_exists_and_every_term_has_a_label(name):
    scheme = taxonomies.scheme(name)
    for term in scheme.terms.values():
        assert not term.broader or term.broader in scheme.terms, term
        assert term.label.zh, term
        assert scheme.path(term.code)[-1] == term
        assert scheme.path(term.code)[0] in scheme.top()
        assert scheme.find(term.code) == term


def test_codes_fit_the_columns_of_the_register():
    longest = {"industry": 8, "division": 6, "field": 16}
    for name, length in longest.items():
        assert max(map(len, taxonomies.scheme(name).terms)) <= length


@pytest.mark.parametrize(
    ("written", "code"),
    [("杭州", "330100"), ("浙江省杭州市西湖区", "330106"), ("杭州市西湖区", "330106"), ("330106", "330106"),
     ("北京市海淀区", "110108"), ("吉林", "220000"), ("Zhejiang", "330000"), ("台湾省", "710000")],
)  # fmt: skip
def test_a_division_is_found_as_people_write_it(written, code):
    assert taxonomies.scheme("division").find(written).code == code


def test_a_name_that_several_places_share_is_not_guessed():
    assert taxonomies.scheme("division").find("西湖区") is None
    assert taxonomies.scheme("division").find("市辖区") is None


def test_an_industry_is_found_without_its_letter():
    scheme = taxonomies.scheme("industry")
    assert scheme.find("3985") == scheme.find("C3985") == scheme.find("电子专用材料制造")


def test_the_eight_sections_and_the_nine_levels():
    assert [term.code for term in taxonomies.scheme("ipc").top()] == list("ABCDEFGH")
    assert [term.code for term in taxonomies.scheme("trl").top()] == list("123456789")
    assert len(taxonomies.scheme("field").top()) == 8


def test_every_scheme_a_kind_asks_for_exists():
    types = [getattr(field.type, "of", field.type) for kind in all_kinds().values() for field in kind.fields]
    asked = {kind.scheme for kind in types if isinstance(kind, Term | Level)}
    assert asked <= set(SCHEMES)
    assert not any(isinstance(kind, Many) for kind in types)
