"""An enterprise says a thing once: an input of the same name is the same question in every pack that asks it."""

from collections import defaultdict
from itertools import pairwise

import pytest

from rongtong.domain.assessments import catalogue
from rongtong.engines.rules import Input


def asked() -> dict[str, list[tuple[str, Input]]]:
    """Every input of the packs for enterprises, with the packs that ask it."""
    found: dict[str, list[tuple[str, Input]]] = defaultdict(list)
    for pack in catalogue.packs():
        for name, each in pack.inputs.items():
            if not each.judged:
                found[name].append((f"{pack.id}@{pack.version}", each))
    return found


ASKED = asked()


@pytest.mark.parametrize("name", sorted(name for name, each in ASKED.items() if len(each) > 1))
def test_an_input_of_one_name_is_one_question(name: str) -> None:
    for (pack, one), (other_pack, other) in pairwise(ASKED[name]):
        assert meaning(one) == meaning(other), f"{name} of {pack} and of {other_pack}"


def meaning(each: Input) -> tuple[object, ...]:
    """What a value kept for one pack must share with another: how it is written, read, bounded and called."""
    return each.type, each.unit, each.scale, each.low, each.high, each.options, each.label


def test_inputs_of_different_names_are_called_differently() -> None:
    names = defaultdict(set)
    for name, questions in ASKED.items():
        for _pack, each in questions:
            names[each.label.zh].add(name)
    assert {label: found for label, found in names.items() if len(found) > 1} == {}
