"""What the benchmark measures the engine against is the same rule: plain Python comes to the same outcomes."""

import pytest

from benchmarks.plain_rules import RULES
from benchmarks.rules import facts
from rongtong.engines.rules import assess_table, shipped
from tests.engines.rules.made import DAY


@pytest.mark.parametrize("name", RULES)
def test_the_rule_in_plain_python_decides_alike(name: str) -> None:
    pack = shipped().load(name, DAY)
    table = facts(pack, 3000)
    outcomes = assess_table(pack, table, DAY, "verdict")["outcome"].to_list()
    assert [RULES[name](row) for row in table.iter_rows(named=True)] == outcomes
    assert len(set(outcomes)) > 1
