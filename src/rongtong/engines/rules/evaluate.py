"""The whole of a pack for one row of facts, as bare values: what the search for remedies runs a thousand times."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor

from rongtong.engines.rules.logic import Truth, both, either, every, some
from rongtong.engines.rules.pack import Item, Pack, Points, Rounding, Score
from rongtong.engines.rules.peers import Peers
from rongtong.engines.rules.row import Row, Span, truth, value
from rongtong.engines.rules.values import Value

NO_PEERS = Peers({})


@dataclass(frozen=True, slots=True)
class State:
    """What came of a row. ``verdict`` True: passed, False: failed, None: undetermined."""

    row: dict[str, Value]
    points: dict[str, Span]
    total: Span | None
    gates: tuple[Truth, ...]
    direct: tuple[Truth, ...]
    require: tuple[Truth, ...]
    scored: Truth
    verdict: Truth


def evaluate(pack: Pack, facts: Mapping[str, Value], as_of: date, peers: Peers = NO_PEERS) -> State:
    """Values, points and verdict for facts already in stored units (see :func:`~.values.stored`)."""
    row = quantities(pack, facts, as_of)
    points: dict[str, Span] = {}
    total = score_total(pack.score, row, points, peers) if pack.score else None
    require = tuple(truth(each.expr, row, points) for each in pack.score.require) if pack.score else ()
    gates = tuple(truth(each.expr, row, points) for each in pack.gates)
    direct = tuple(truth(each.expr, row, points) for each in pack.direct)
    scored = score_truth(pack.score, total, require)
    deciding = (found for gate, found in zip(pack.gates, gates, strict=True) if not gate.warning)
    verdict = both(every(deciding), either(scored, some(direct)) if pack.direct else scored)
    return State(row, points, total, gates, direct, require, scored, verdict)


def quantities(pack: Pack, facts: Mapping[str, Value], as_of: date) -> dict[str, Value]:
    """Inputs (None where not given), parameters, derived quantities and ``today``."""
    row: dict[str, Value] = {name: facts.get(name) for name in pack.inputs}
    row["today"] = as_of
    for each in pack.quantities:
        row[each.id] = None if each.expr is None else value(each.expr, row)
    return row


def score_truth(score: Score | None, total: Span | None, require: tuple[Truth, ...]) -> Truth:
    """Whether the score is reached, whatever the experts and the unknown may bring."""
    if score is None or total is None or score.threshold is None:
        return every(require)
    reached = True if total[0] >= score.threshold else False if total[1] < score.threshold else None
    return both(reached, every(require))


def score_total(score: Score, row: Row, points: dict[str, Span], peers: Peers) -> Span:
    """The span of the score; notes the points of every item in ``points``."""
    total = _sum([_weighted(item, item_span(item, row, points, peers), row) for item in score.items])
    return rounded(total, score.rounding)


def item_span(item: Item, row: Row, points: dict[str, Span], peers: Peers) -> Span:
    """The points of an item and of those inside it, before its weight."""
    span = FORMS[item.form](item, row, points, peers)
    span = rounded(span, item.rounding)
    if item.judged:
        span = _marked(span, row[item.id])
    points[item.id] = span
    return span


def rounded(span: Span, rounding: Rounding | None) -> Span:
    """Both ends rounded."""
    return span if rounding is None else (round_to(span[0], rounding), round_to(span[1], rounding))


def round_to(number: Fraction, rounding: Rounding) -> Fraction:
    """A number rounded to the step the rule states."""
    steps = number / rounding.step
    match rounding.mode:
        case "down":
            whole = floor(steps)
        case "up":
            whole = ceil(steps)
        case "half_up":
            whole = floor(steps + Fraction(1, 2))
        case _:
            whole = round(steps)
    return whole * rounding.step


def _bands(item: Item, row: Row, _points: dict[str, Span], _peers: Peers) -> Span:
    """The band that holds; of those that may hold the hull."""
    possible: list[Points] = []
    for band in item.bands:
        holds = truth(band.when, row)
        if holds is not False:
            possible.append(band.points)
        if holds:
            break
    else:
        possible.append(item.otherwise)
    return min(each.low for each in possible), max(each.high for each in possible)


def _expression(item: Item, row: Row, _points: dict[str, Span], _peers: Peers) -> Span:
    return _within(item, None if item.value is None else value(item.value, row))


def _target(item: Item, row: Row, _points: dict[str, Span], _peers: Peers) -> Span:
    if item.value is None or item.target is None:
        return Fraction(0), item.top
    found, target = value(item.value, row), value(item.target, row)
    if not isinstance(found, (int, Fraction)) or not isinstance(target, (int, Fraction)) or not target:
        return Fraction(0), item.top
    return _within(item, item.top * found / target)


def _peer(item: Item, row: Row, _points: dict[str, Span], peers: Peers) -> Span:
    found = None if item.value is None else value(item.value, row)
    group = "" if item.group is None else value(item.group, row)
    place = peers.place(item, group, found)
    return _within(item, None if place is None else item.top * place)


def _within(item: Item, found: Value) -> Span:
    if not isinstance(found, (int, Fraction)):
        return Fraction(0), item.top
    points = min(max(Fraction(found), Fraction(0)), item.top)
    return points, points


def _expert(item: Item, _row: Row, _points: dict[str, Span], _peers: Peers) -> Span:
    return item.otherwise.low, item.otherwise.high


def _group(item: Item, row: Row, points: dict[str, Span], peers: Peers) -> Span:
    low, high = _sum(_parts(item, row, points, peers))
    return min(low, item.top), min(high, item.top)


def _best(item: Item, row: Row, points: dict[str, Span], peers: Peers) -> Span:
    parts = _parts(item, row, points, peers)
    return max(low for low, _high in parts), max(high for _low, high in parts)


FORMS = {
    "bands": _bands,
    "points": _expression,
    "target": _target,
    "peer": _peer,
    "expert": _expert,
    "sum": _group,
    "best": _best,
}


def _parts(item: Item, row: Row, points: dict[str, Span], peers: Peers) -> list[Span]:
    return [_weighted(part, item_span(part, row, points, peers), row) for part in item.items]


def _sum(spans: list[Span]) -> Span:
    return sum((low for low, _high in spans), Fraction(0)), sum((high for _low, high in spans), Fraction(0))


def _weighted(item: Item, span: Span, row: Row) -> Span:
    """A weight that is unknown may be anything from none to the whole."""
    if item.weight is None:
        return span
    weight = value(item.weight, row)
    if not isinstance(weight, (int, Fraction)):
        return Fraction(0), max(span[1], Fraction(0))
    return span[0] * weight, span[1] * weight


def _marked(span: Span, mark: Value) -> Span:
    """The experts' mark settles the points; one outside what the rule allows is not taken."""
    if isinstance(mark, (int, Fraction)) and span[0] <= mark <= span[1]:
        return Fraction(mark), Fraction(mark)
    return span
