"""What must hold of every pack: more information decides more, monotone facts never harm, a remedy works."""

from fractions import Fraction
from random import Random

import pytest

from rongtong.engines.rules import Pack, assess
from rongtong.engines.rules.evaluate import State, evaluate
from rongtong.engines.rules.missing import shortest
from rongtong.engines.rules.remedies import remedies
from rongtong.engines.rules.values import LIMITS, Value
from tests.engines.rules.made import DAY, FACTOR, PACKS, facts, value

RANK = {False: 0, None: 1, True: 2}
ROUNDS = 40

every_pack = pytest.mark.parametrize("pack", PACKS, ids=lambda pack: f"{pack.id}@{pack.version}")


@every_pack
def test_adding_information_never_unsettles_or_flips_a_verdict(pack: Pack) -> None:
    chance = Random(pack.id)
    for _round in range(ROUNDS):
        row = facts(pack, chance, unknown=0.4)
        before = evaluate(pack, row, DAY)
        for name in [name for name, asked in pack.inputs.items() if row[name] is None and not asked.judged]:
            row = {**row, name: value(pack.inputs[name], chance)}
            after = evaluate(pack, row, DAY)
            assert before.verdict is None or before.verdict is after.verdict, name
            assert_within(before, after)
            before = after


def assert_within(before: State, after: State) -> None:
    """A mark that lies outside its band is not taken, so that only items without one are sure to narrow."""
    if before.total is not None and after.total is not None and not any(
        isinstance(after.row[name], (int, Fraction)) for name in after.points if name in after.row
    ):  # fmt: skip
        assert before.total[0] <= after.total[0] <= after.total[1] <= before.total[1]


@every_pack
def test_a_monotone_fact_never_lowers_the_result(pack: Pack) -> None:
    chance = Random(pack.id)
    monotone = [asked for asked in pack.inputs.values() if asked.monotone != "none"]
    for _round in range(ROUNDS if monotone else 0):
        row = {name: each for name, each in facts(pack, chance).items() if not pack.inputs[name].judged}
        asked = chance.choice(monotone)
        low, high = sorted_pair(value(asked, chance), value(asked, chance))
        if isinstance(low, int) and low == 0 and not isinstance(low, bool) and low != high:
            low = 1  # a divisor of nought leaves the result open, which is no matter of more or less
        worse, better = (low, high) if asked.monotone == "up" else (high, low)
        before, after = (evaluate(pack, {**row, asked.id: each}, DAY) for each in (worse, better))
        assert RANK[before.verdict] <= RANK[after.verdict], (asked.id, worse, better)
        if before.total is not None and after.total is not None:
            assert before.total[0] <= after.total[0] and before.total[1] <= after.total[1], (asked.id, worse, better)


def sorted_pair(one: Value, other: Value) -> tuple[Value, Value]:
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return one & other, one | other
    return tuple(sorted((one, other)))  # type: ignore[type-var, return-value]  # both of one type


@every_pack
def test_a_remedy_applied_has_the_effect_it_promises(pack: Pack) -> None:
    chance = Random(pack.id)
    for _round in range(ROUNDS // 6):
        row = facts(pack, chance, unknown=0.1)
        for remedy in remedies(pack, row, DAY):
            changed, day = dict(row), DAY
            for change in remedy.changes:
                if change.name == "today":
                    day = change.after  # type: ignore[assignment]  # a day
                else:
                    assert pack.inputs[change.name].changeable
                    assert_allowed(pack, change.name, change.after)
                    changed[change.name] = change.after
            after = evaluate(pack, changed, day)
            assert RANK[after.verdict] >= RANK[remedy.then]


def assert_allowed(pack: Pack, name: str, after: Value) -> None:
    asked = pack.inputs[name]
    if isinstance(after, (int, Fraction)) and not isinstance(after, bool):
        assert abs(after) <= LIMITS[asked.type]
        assert asked.low is None or after >= asked.low
        assert asked.high is None or after <= asked.high


@every_pack
def test_a_single_numeric_remedy_is_the_least(pack: Pack) -> None:
    chance = Random(pack.id)
    for _round in range(ROUNDS // 6):
        row = facts(pack, chance, unknown=0.1)
        for remedy in remedies(pack, row, DAY):
            change = remedy.changes[0]
            if (
                len(remedy.changes) > 1
                or change.name == "today"
                or pack.inputs[change.name].type not in ("money", "count")
            ):
                continue
            assert isinstance(change.after, int) and isinstance(row[change.name], int)
            nearer = change.after + (1 if change.after < row[change.name] else -1)
            after = evaluate(pack, {**row, change.name: nearer}, DAY)
            short = RANK[after.verdict] < RANK[remedy.then]
            warned = any(found is False for gate, found in zip(pack.gates, after.gates, strict=True) if gate.warning)
            assert short or warned or nearer == row[change.name], (change, nearer)


@every_pack
def test_nothing_known_is_undetermined_and_says_what_to_supply(pack: Pack) -> None:
    answer = assess(pack, {}, DAY)
    needs = bool(pack.gates or (pack.score and pack.score.threshold is not None))
    deciding = [gate for gate in pack.gates if not gate.warning] or pack.score
    if needs and deciding:
        assert answer.outcome == "undetermined"
        assert answer.missing or answer.because in ("experts", "uncomputable")


@every_pack
def test_no_shorter_list_than_the_one_asked_for_leaves_out_a_needed_fact(pack: Pack) -> None:
    """Supplying everything but one fact of a list that decides leaves the row open."""
    chance = Random(pack.id)
    for _round in range(ROUNDS // 4):
        row = facts(pack, chance, unknown=0.3)
        asked = shortest(pack, row, DAY)
        assert len(set(asked)) == len(asked)
        assert all(row[name] is None for name in asked)


@every_pack
def test_the_same_facts_give_the_same_answer(pack: Pack) -> None:
    row = facts(pack, Random(pack.id), unknown=0.3)
    assert assess(pack, row, DAY) == assess(pack, dict(reversed(row.items())), DAY)


@every_pack
def test_an_answer_is_plain_json(pack: Pack) -> None:
    import json

    row = facts(pack, Random(pack.id), unknown=0.3)
    assert json.loads(json.dumps(assess(pack, row, DAY).as_dict()))["digest"] == pack.digest


def test_the_factors_of_made_up_values_are_those_of_the_engine() -> None:
    from rongtong.engines.rules.values import DIGITS

    assert {kind: 10**digits for kind, digits in DIGITS.items()} == FACTOR
