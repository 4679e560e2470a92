"""A pack's own tests: what stands under ``tests`` is computed and compared with what is expected."""

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from rongtong.engines.rules.evaluate import State, evaluate
from rongtong.engines.rules.missing import shortest
from rongtong.engines.rules.outputs import output
from rongtong.engines.rules.pack import Input, Pack, Vector
from rongtong.engines.rules.source import Problem
from rongtong.engines.rules.values import Value, WrongValue, stored
from rongtong.engines.rules.words import Text

OUTCOMES = {True: "passed", False: "failed", None: "undetermined"}


def check_vectors(pack: Pack, file: str) -> list[Problem]:
    """Every difference between what a pack's tests expect and what comes of them."""
    return [problem for vector in pack.vectors for problem in _check(pack, vector, file)]


def facts_of(pack: Pack, given: dict[str, Any]) -> dict[str, Value]:
    """Facts as written in a pack, in stored units; raises :class:`WrongValue` for a name or value that does not fit."""
    facts: dict[str, Value] = {}
    for name, written in given.items():
        if name not in pack.inputs:
            raise WrongValue(f"没有输入项 {name}", f"there is no input {name}")
        facts[name] = stored(pack.inputs[name], written)
    return facts


def _check(pack: Pack, vector: Vector, file: str) -> Iterator[Problem]:
    try:
        day = vector.as_of or pack.since
        facts = facts_of(pack, vector.given)
        state = evaluate(pack, facts, day)
        found = list(_differences(pack, vector, facts, day, state))
    except WrongValue as error:
        found = [error.said]
    for said in found:
        yield Problem(file, vector.line, f"tests “{vector.name}”", said)


def _differences(pack: Pack, vector: Vector, facts: dict[str, Value], day: date, state: State) -> Iterator[Text]:
    for key, wanted in vector.expect.items():
        if key == "missing":
            found: Any = sorted(shortest(pack, facts, day))
            yield from _compare("missing", sorted(wanted), found)
        elif key == "outcome":
            yield from _compare("outcome", wanted, OUTCOMES[state.verdict])
        elif key == "score":
            yield from _compare("score", _span(wanted), state.total)
        elif key in PARTS and isinstance(wanted, dict):
            for name, each in wanted.items():
                yield from PARTS[key](pack, state, name, each)
        else:
            known = ", ".join(("outcome", "score", "missing", *PARTS))
            yield Text(f"expect 里没有 {key}；有 {known}", f"{key} means nothing in expect; there are {known}")


def _conditions(pack: Pack, state: State, name: str, wanted: Any) -> Iterator[Text]:
    found = {
        **_by_id(pack.gates, state.gates),
        **_by_id(pack.direct, state.direct),
        **_by_id(pack.score.require if pack.score else (), state.require),
    }
    yield from _named(name, wanted, found)


def _points(_pack: Pack, state: State, name: str, wanted: Any) -> Iterator[Text]:
    yield from _named(name, _span(wanted), state.points)


def _values(pack: Pack, state: State, name: str, wanted: Any) -> Iterator[Text]:
    found = {
        **{each.id: state.row[each.id] for each in pack.quantities},
        **{each.id: output(each, state) for each in pack.outputs},
    }
    kind = pack.kinds.get(name)
    if kind is not None and kind.base != "set":
        form = kind.unit or {"text": "text", "flag": "flag", "date": "date"}.get(kind.base, "number")
        plain = Input(name, form, Text("", ""), kind, scale=100 if form == "money" else 1)
        wanted = stored(plain, wanted)
    yield from _named(name, wanted, found)


PARTS: dict[str, Callable[[Pack, State, str, Any], Iterator[Text]]] = {
    "conditions": _conditions,
    "points": _points,
    "values": _values,
}


def _by_id(conditions: tuple[Any, ...], truths: tuple[Any, ...]) -> dict[str, str]:
    return {each.id: OUTCOMES[truth] for each, truth in zip(conditions, truths, strict=True)}


def _named(name: str, wanted: Any, found: dict[str, Any]) -> Iterator[Text]:
    if name not in found:
        known = ", ".join(found)
        yield Text(f"没有 {name}；有 {known}", f"there is no {name}; there are {known}")
    else:
        yield from _compare(name, wanted, found[name])


def _span(wanted: Any) -> Any:
    low, high = wanted if isinstance(wanted, list) else (wanted, wanted)
    return Fraction(low), Fraction(high)


def _compare(name: str, wanted: Any, found: Any) -> Iterator[Text]:
    if wanted != found:
        yield Text(
            f"{name} 应当是 {_shown(wanted)}，算出 {_shown(found)}",
            f"{name} should be {_shown(wanted)}, came out as {_shown(found)}",
        )


def _shown(found: Any) -> str:
    if isinstance(found, tuple):
        return "–".join(str(part) for part in dict.fromkeys(found))
    return ", ".join(found) if isinstance(found, list) else str(found)
