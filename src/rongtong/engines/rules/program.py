"""A pack compiled for tables: quantities, points, conditions and verdict as stages of Polars expressions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import reduce
from math import lcm

import polars as pl

from rongtong.engines.rules import whole
from rongtong.engines.rules.columns import Column, Scope, Span, column_of, today
from rongtong.engines.rules.pack import Item, Pack, Points, Rounding, Score
from rongtong.engines.rules.peers import FINE
from rongtong.engines.rules.whole import Number, Whole

MOST_PEERS = 10**9


@dataclass
class Program:
    """Columns are added stage by stage: quantities ``q.…``, points ``low.…`` and ``high.…``, conditions ``is.…``."""

    pack: Pack
    as_of: date
    stages: list[list[pl.Expr]] = field(default_factory=list)
    names: dict[str, Column] = field(default_factory=dict)
    points: dict[str, Span] = field(default_factory=dict)
    total: Span | None = None
    rows: int = MOST_PEERS

    @property
    def scope(self) -> Scope:
        """What expressions may read."""
        return Scope(self.names, self.points)

    def frame(self, facts: pl.LazyFrame) -> pl.LazyFrame:
        """The facts with every column of the program."""
        for stage in self.stages:
            facts = facts.with_columns(stage)
        return facts

    def keep(self, name: str, column: Column) -> Column:
        """Add a column and give what later stages read instead of computing it again."""
        if isinstance(column, pl.Expr):
            self.stages.append([column.alias(name)])
            return pl.col(name)
        over, under = column.over, column.under
        stage = [over.expr.alias(name)]
        kept = Whole(pl.col(name), over.low, over.high)
        if not under.constant:
            stage.append(under.expr.alias(f"{name}.under"))
            under = Whole(pl.col(f"{name}.under"), under.low, under.high)
        self.stages.append(stage)
        # A constant needs no column, and stays one for what is computed from it.
        return column if over.constant else Number(kept, under)


def compiled(pack: Pack, as_of: date, rows: int = MOST_PEERS) -> Program:
    """The program of a pack on a day, for at most so many rows.

    Raises :class:`~.whole.TooLarge` where 128 bits would not be exact.
    """
    program = Program(pack, as_of, rows=max(rows, 2))
    program.names |= {name: column_of(asked) for name, asked in pack.inputs.items()}
    program.names["today"] = today(as_of)
    for each in pack.quantities:
        column = _unknown(each.kind.base) if each.expr is None else program.scope.column(each.expr)
        program.names[each.id] = program.keep(f"q.{each.id}", column)
    if pack.score:
        program.total = _score(program, pack.score)
    conditions = [*pack.gates, *pack.direct, *(pack.score.require if pack.score else ())]
    program.stages.append([program.scope.flag(each.expr).alias(f"is.{each.id}") for each in conditions])
    program.stages.append([_verdict(program).alias("verdict")])
    return program


def _unknown(base: str) -> Column:
    if base == "number":
        return Number(Whole(pl.lit(None, dtype=pl.Int64), 0, 1))
    return pl.lit(None, dtype=pl.Boolean if base == "flag" else pl.String)


def _verdict(program: Program) -> pl.Expr:
    pack = program.pack
    gates = _every(pl.col(f"is.{each.id}") for each in pack.gates if not each.warning)
    scored = _scored(program)
    direct = [pl.col(f"is.{each.id}") for each in pack.direct]
    way = reduce(lambda one, other: one | other, direct, scored) if direct else scored
    return gates & way


def _scored(program: Program) -> pl.Expr:
    score = program.pack.score
    require = _every(pl.col(f"is.{each.id}") for each in score.require) if score else pl.lit(True)
    if score is None or program.total is None or score.threshold is None:
        return require
    low, high = program.total
    threshold = whole.number(score.threshold)
    reached = whole.compare(">=", low, threshold)
    return pl.when(reached).then(True).when(whole.compare("<", high, threshold)).then(False) & require


def _every(flags: Iterable[pl.Expr]) -> pl.Expr:
    return reduce(lambda one, other: one & other, flags, pl.lit(True))


def _score(program: Program, score: Score) -> Span:
    spans = [_weighted(program, item, _item(program, item)) for item in score.items]
    return _kept(program, "score", _rounded(_sum(spans), score.rounding))


def _item(program: Program, item: Item) -> Span:
    span = _rounded(FORMS[item.form](program, item), item.rounding)
    if item.judged:
        span = _marked(program, item, span)
    program.points[item.id] = _kept(program, item.id, span)
    return program.points[item.id]


def _kept(program: Program, name: str, span: Span) -> Span:
    low = program.keep(f"low.{name}", span[0])
    high = low if span[1] is span[0] else program.keep(f"high.{name}", span[1])
    assert isinstance(low, Number) and isinstance(high, Number)
    return low, high


def _rounded(span: Span, rounding: Rounding | None) -> Span:
    if rounding is None:
        return span
    low = whole.rounded(span[0], rounding.mode, rounding.step)
    return low, low if span[1] is span[0] else whole.rounded(span[1], rounding.mode, rounding.step)


def _bands(program: Program, item: Item) -> Span:
    """The first band that holds; while it is unknown which, the hull of those it may be."""
    scale = lcm(*(_scale(points) for points in _all_points(item)))
    whens = [program.scope.flag(band.when) for band in item.bands]
    low, high = (
        _fold(whens, [end(band.points) * scale for band in item.bands], end(item.otherwise) * scale, hull)
        for end, hull in ((_low, pl.min_horizontal), (_high, pl.max_horizontal))
    )
    lows, highs = ([int(end(points) * scale) for points in _all_points(item)] for end in (_low, _high))
    first = Number(Whole(low, min(lows), max(lows) + 1), whole.constant(scale))
    return first, Number(Whole(high, min(highs), max(highs) + 1), whole.constant(scale))


def _low(points: Points) -> Fraction:
    return points.low


def _high(points: Points) -> Fraction:
    return points.high


def _scale(points: Points) -> int:
    return lcm(points.low.denominator, points.high.denominator)


def _all_points(item: Item) -> list[Points]:
    return [*(band.points for band in item.bands), item.otherwise]


def _fold(whens: list[pl.Expr], points: list[Fraction], otherwise: Fraction, hull: Callable[..., pl.Expr]) -> pl.Expr:
    """From the last band to the first; what comes after a band stands in it once, so that expressions stay short."""
    rest = _lit(otherwise)
    for when, worth in zip(reversed(whens), reversed(points), strict=True):
        here = _lit(worth)
        rest = pl.when(when).then(here).otherwise(hull(rest, pl.when(when.is_null()).then(here)))
    return rest


def _lit(number: Fraction) -> pl.Expr:
    return pl.lit(int(number), dtype=pl.Int64)


def _expression(program: Program, item: Item) -> Span:
    return _within(item, None if item.value is None else program.scope.number(item.value))


def _target(program: Program, item: Item) -> Span:
    if item.value is None or item.target is None:
        return _within(item, None)
    share = whole.divide(program.scope.number(item.value), program.scope.number(item.target))
    return _within(item, whole.multiply(share, whole.number(item.top)))


def _peer(program: Program, item: Item) -> Span:
    if item.value is None:
        return _within(item, None)
    found = whole.floored(whole.multiply(program.scope.number(item.value), whole.number(Fraction(FINE))))
    key = program.keep(f"peer.{item.id}", found)
    assert isinstance(key, Number)
    group = None if item.group is None else program.scope.flag(item.group)
    place = PLACES[item.method](key.over, group, item.better == "higher", program.rows)
    if group is not None:
        place = Number(
            Whole(pl.when(group.is_not_null()).then(place.over.expr), place.over.low, place.over.high), place.under
        )
    return _within(item, whole.multiply(place, whole.number(item.top)))


def _percentile(key: Whole, group: pl.Expr | None, higher: bool, rows: int) -> Number:
    rank, count = key.expr.rank("max", descending=not higher), key.expr.count()
    return Number(
        Whole(_over(rank, group).cast(pl.Int64), 0, rows),
        Whole(_over(count, group).cast(pl.Int64), 1, rows),
    )


def _minmax(key: Whole, group: pl.Expr | None, higher: bool, _rows: int) -> Number:
    low, high = (Whole(_over(end, group), key.low, key.high) for end in (key.expr.min(), key.expr.max()))
    above = whole.minus(key, low) if higher else whole.minus(high, key)
    span = whole.minus(high, low)
    flat = span.expr == 0
    return Number(
        Whole(pl.when(flat).then(key.expr * 0 + 1).otherwise(above.expr), 0, max(span.high, 1)),
        Whole(pl.when(flat).then(key.expr * 0 + 1).otherwise(span.expr), 1, max(span.high, 2)),
    )


def _over(measure: pl.Expr, group: pl.Expr | None) -> pl.Expr:
    return measure if group is None else measure.over(group)


PLACES = {"percentile": _percentile, "minmax": _minmax}


def _within(item: Item, found: Number | None) -> Span:
    """Kept between nought and the top; the whole range where unknown."""
    nought, top = whole.number(Fraction(0)), whole.number(item.top)
    if found is None:
        return nought, top
    inside = whole.extreme([whole.extreme([found, nought], ">="), top], "<=")
    known = inside.over.expr.is_not_null() & inside.under.expr.is_not_null()
    return whole.choose(known, inside, nought), whole.choose(known, inside, top)


def _expert(_program: Program, item: Item) -> Span:
    return whole.number(item.otherwise.low), whole.number(item.otherwise.high)


def _group(program: Program, item: Item) -> Span:
    low, high = _sum(_parts(program, item))
    return _capped(low, item.top), _capped(high, item.top)


def _capped(one: Number, top: Fraction) -> Number:
    return whole.extreme([one, whole.number(top)], "<=")


def _best(program: Program, item: Item) -> Span:
    parts = _parts(program, item)
    return whole.extreme([low for low, _high in parts], ">="), whole.extreme([high for _low, high in parts], ">=")


FORMS: dict[str, Callable[[Program, Item], Span]] = {
    "bands": _bands,
    "points": _expression,
    "target": _target,
    "peer": _peer,
    "expert": _expert,
    "sum": _group,
    "best": _best,
}


def _parts(program: Program, item: Item) -> list[Span]:
    return [_weighted(program, part, _item(program, part)) for part in item.items]


def _sum(spans: list[Span]) -> Span:
    nought = whole.number(Fraction(0))
    return reduce(whole.add, (low for low, _high in spans), nought), reduce(
        whole.add, (high for _low, high in spans), nought
    )


def _weighted(program: Program, item: Item, span: Span) -> Span:
    if item.weight is None:
        return span
    weight = program.scope.number(item.weight)
    known, nought = weight.over.expr.is_not_null(), whole.number(Fraction(0))
    low, high = (whole.multiply(end, weight) for end in span)
    return whole.choose(known, low, nought), whole.choose(known, high, span[1])


def _marked(program: Program, item: Item, span: Span) -> Span:
    mark = program.scope.names[item.id]
    assert isinstance(mark, Number)
    low, high = span
    taken = (whole.compare(">=", mark, low) & whole.compare("<=", mark, high)).fill_null(False)
    return whole.choose(taken, mark, low), whole.choose(taken, mark, high)
