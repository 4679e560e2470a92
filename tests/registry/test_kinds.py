"""The kinds as a whole: each has its tests, and a demand's advice says what is missing."""

import importlib
from pathlib import Path

import pytest

from rongtong.domain.registry.kinds import all_kinds, kind_of
from tests.registry.kinds import KindTests

HERE = Path(__file__).parent


@pytest.mark.parametrize("key", sorted(all_kinds()))
def test_every_kind_has_its_tests(key):
    assert (HERE / f"test_{key}.py").exists(), f"write tests/registry/test_{key}.py in the manner of test_demand.py"
    module = importlib.import_module(f"tests.registry.test_{key}")
    suites = [suite for suite in vars(module).values() if isinstance(suite, type) and issubclass(suite, KindTests)]
    assert [suite.key for suite in suites if suite is not KindTests] == [key]


def test_the_fourteen_kinds_of_the_region():
    assert set(all_kinds()) == {
        "achievement", "dataset", "demand", "expert", "facility", "finance_product", "fund", "instrument", "paper",
        "patent", "policy", "product", "project", "scenario",
    }  # fmt: skip


def test_unknown_field_is_a_problem_that_names_it():
    cleaned = kind_of("demand").clean({"problem": "窑炉出灰", "colour": "red"}, row=7)
    assert [(problem.field, problem.row) for problem in cleaned.problems] == [("colour", 7)]


def test_no_is_an_answer():
    facility = kind_of("facility")
    closed = facility.clean({"type": "中试平台", "services": "中试", "open": "否"}).values
    assert closed["open"] is False
    assert "open" not in [advice.field for advice in facility.completeness(closed).advice]
