"""Expressions of a pack as Polars expressions: the same value for a million rows as :mod:`.row` gives for one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import Any

import polars as pl

from rongtong.engines.rules import whole
from rongtong.engines.rules.pack import Input
from rongtong.engines.rules.syntax import COMPARISONS, Binary, Call, Expr, In, Literal, Name, Unary
from rongtong.engines.rules.values import DIGITS, LIMITS
from rongtong.engines.rules.whole import Number, Whole

Column = Number | pl.Expr
"""What an expression becomes: exact numbers, or a column of flags, dates, codes or sets of codes."""

Span = tuple[Number, Number]

DTYPES: dict[str, Any] = {
    "money": pl.Int64,
    "count": pl.Int64,
    "share": pl.Int64,
    "number": pl.Int64,
    "flag": pl.Boolean,
    "date": pl.Date,
    "choice": pl.String,
    "text": pl.String,
    "choices": pl.List(pl.String),
}
"""How an input is stored in a column: shares in 10⁻⁹, numbers in 10⁻⁶, money in fen."""


def scale_of(asked: Input) -> int:
    """Whole units of the column in one of the value."""
    return int(10 ** DIGITS.get(asked.type, 0))


def column_of(asked: Input) -> Column:
    """An input's column as the engine reads it."""
    column = pl.col(asked.id)
    if asked.kind.base != "number":
        return column
    scale, limit = scale_of(asked), LIMITS[asked.type]
    low = -limit if asked.low is None else asked.low
    high = limit if asked.high is None else asked.high
    bounds = (int(low * scale), max(int(high * scale), int(low * scale) + 1))
    return Number(Whole(column, *bounds), whole.constant(scale))


@dataclass(frozen=True, slots=True)
class Scope:
    """What the names stand for in columns, and the spans of the scored items."""

    names: Mapping[str, Column]
    points: Mapping[str, Span]

    def column(self, tree: Expr) -> Column:
        """The columns of an expression; raises :class:`~.whole.TooLarge`."""
        match tree:
            case Literal():
                return _literal(tree)
            case Name():
                return self.names[tree.id]
            case Unary():
                return whole.negative(self.number(tree.operand)) if tree.op == "-" else ~self.flag(tree.operand)
            case Binary(op=op) if op in COMPARISONS:
                return self._compared(tree)
            case Binary():
                return self._binary(tree)
            case In():
                return self._in(tree)
            case Call():
                return CALLS[tree.function](self, tree.arguments)

    def number(self, tree: Expr) -> Number:
        """The columns of a numeric expression."""
        found = self.column(tree)
        assert isinstance(found, Number)
        return found

    def flag(self, tree: Expr) -> pl.Expr:
        """The column of a condition, date or code."""
        found = self.column(tree)
        assert isinstance(found, pl.Expr)
        return found

    def _binary(self, tree: Binary) -> Column:
        if tree.op in LOGIC:
            return LOGIC[tree.op](self.flag(tree.left), self.flag(tree.right))
        return ARITHMETIC[tree.op](self.number(tree.left), self.number(tree.right))

    def _compared(self, tree: Binary) -> pl.Expr:
        left, right = self._span(tree.left), self._span(tree.right)
        if isinstance(left, pl.Expr) or isinstance(right, pl.Expr):
            return whole.EQUAL_UNDER[tree.op](self.flag(tree.left), self.flag(tree.right))
        if left[0] is left[1] and right[0] is right[1]:
            return whole.compare(tree.op, left[0], right[0])
        return _compared_spans(tree.op, left, right)

    def _span(self, tree: Expr) -> Span | pl.Expr:
        if isinstance(tree, Call) and tree.function == "points":
            return self.points[_item(tree.arguments)]
        if isinstance(tree, Call) and tree.function == "count":
            flags = [self.flag(argument) for argument in tree.arguments]
            return tuple(_total([flag.fill_null(open) for flag in flags]) for open in (False, True))  # type: ignore[return-value]  # a pair
        found = self.column(tree)
        return found if isinstance(found, pl.Expr) else (found, found)

    def _in(self, tree: In) -> pl.Expr:
        item = self.flag(tree.item) if not isinstance(self.column(tree.item), Number) else None
        if isinstance(tree.options, Name):
            held = self.names[tree.options.id]
            assert isinstance(held, pl.Expr) and item is not None
            return held.list.contains(item)
        same = [self._compared(Binary("==", tree.item, option)) for option in tree.options]
        return reduce(lambda one, other: one | other, same)


def _literal(tree: Literal) -> Column:
    if isinstance(tree.value, Fraction):
        return whole.number(tree.value)
    return pl.lit(tree.value)


def _compared_spans(op: str, left: Span, right: Span) -> pl.Expr:
    """Known where every value in both spans agrees."""
    if op in ("==", "!="):
        exact = whole.compare("==", *left) & whole.compare("==", *right)
        apart = whole.compare(">", left[0], right[1]) | whole.compare(">", right[0], left[1])
        return pl.when(exact).then(whole.compare(op, left[0], right[0])).when(apart).then(pl.lit(op == "!="))
    one, other = whole.compare(op, left[0], right[1]), whole.compare(op, left[1], right[0])
    return pl.when(one == other).then(one)


def _item(arguments: tuple[Expr, ...]) -> str:
    item = arguments[0]
    assert isinstance(item, Name)
    return item.id


def _total(flags: list[pl.Expr]) -> Number:
    parts = [Whole(flag.cast(pl.Int64), 0, 1) for flag in flags]
    return Number(reduce(whole.plus, parts))


LOGIC: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "and": lambda left, right: left & right,
    "or": lambda left, right: left | right,
    "->": lambda left, right: ~left | right,
}
ARITHMETIC: dict[str, Callable[[Number, Number], Number]] = {
    "+": whole.add,
    "-": lambda left, right: whole.add(left, right, whole.minus),
    "*": whole.multiply,
    "/": whole.divide,
}

Arguments = tuple[Expr, ...]


def _if(scope: Scope, arguments: Arguments) -> Column:
    condition, then, otherwise = scope.flag(arguments[0]), scope.column(arguments[1]), scope.column(arguments[2])
    if isinstance(then, Number) and isinstance(otherwise, Number):
        return whole.choose(condition, then, otherwise)
    assert isinstance(then, pl.Expr) and isinstance(otherwise, pl.Expr)
    return pl.when(condition).then(then).when(~condition).then(otherwise).when(then == otherwise).then(then)


def _known(scope: Scope, arguments: Arguments) -> Column:
    found = scope.column(arguments[0])
    return (found.over.expr if isinstance(found, Number) else found).is_not_null()


def _count(scope: Scope, arguments: Arguments) -> Column:
    return _total([scope.flag(argument) for argument in arguments])


def _points(scope: Scope, arguments: Arguments) -> Column:
    low, high = scope.points[_item(arguments)]
    left, right, under = whole.aligned(low, high)
    return Number(Whole(pl.when(left.expr == right.expr).then(left.expr), left.low, left.high + 1), under)


def _years(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    early = _in_year(end) < _in_year(start)
    return end.dt.year().cast(pl.Int64) - start.dt.year() - early.cast(pl.Int64)


def _in_year(day: pl.Expr) -> pl.Expr:
    return day.dt.month().cast(pl.Int64) * 100 + day.dt.day()


def _months(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    years = end.dt.year().cast(pl.Int64) - start.dt.year()
    months = end.dt.month().cast(pl.Int64) - start.dt.month()
    return years * 12 + months - (end.dt.day() < start.dt.day()).cast(pl.Int64)


def _days(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    return (end - start).dt.total_days()


def _between(measure: Callable[[pl.Expr, pl.Expr], pl.Expr], most: int) -> Callable[[Scope, Arguments], Column]:
    def measured(scope: Scope, arguments: Arguments) -> Column:
        start, end = (scope.flag(argument) for argument in arguments)
        return Number(Whole(measure(start, end), -most, most))

    return measured


def _of_numbers(join: Callable[[list[Number]], Number]) -> Callable[[Scope, Arguments], Column]:
    return lambda scope, arguments: join([scope.number(argument) for argument in arguments])


CALLS: dict[str, Callable[[Scope, Arguments], Column]] = {
    "min": _of_numbers(lambda numbers: whole.extreme(numbers, "<=")),
    "max": _of_numbers(lambda numbers: whole.extreme(numbers, ">=")),
    "abs": _of_numbers(lambda numbers: whole.absolute(numbers[0])),
    "floor": _of_numbers(lambda numbers: whole.floored(numbers[0])),
    "if": _if,
    "known": _known,
    "count": _count,
    "points": _points,
    "years": _between(_years, 10_000),
    "months": _between(_months, 120_000),
    "days": _between(_days, 4_000_000),
}


def today(day: date) -> Column:
    """The day of assessment as a column."""
    return pl.lit(day, dtype=pl.Date)
