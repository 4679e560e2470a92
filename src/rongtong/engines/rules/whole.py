"""Exact arithmetic on columns: whole numbers whose bounds are known, and quotients of them.

A ratio is never divided out: it is held as numerator and denominator, and two ratios are compared by multiplying
crosswise. The bounds of every input are known, so are those of each product; 64 bits are used while they suffice, then
128. What would not fit into those is refused when the pack is compiled (:class:`TooLarge`), never rounded or wrapped.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import lcm

import polars as pl

NARROW, WIDE = 2**62, 2**126
EQUAL_UNDER: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


class TooLarge(Exception):
    """Numbers that columns of 128 bits could not hold exactly; such a pack is computed row by row."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A column of whole numbers between ``low`` and ``high``; a constant when these are equal."""

    expr: pl.Expr
    low: int
    high: int

    @property
    def constant(self) -> bool:
        """Whether every row has the same."""
        return self.low == self.high

    @property
    def dtype(self) -> type[pl.Int64] | type[pl.Int128]:
        """The narrowest type that holds it."""
        largest = max(abs(self.low), abs(self.high))
        if largest >= WIDE:
            raise TooLarge(f"{largest:.3g}")
        return pl.Int64 if largest < NARROW else pl.Int128

    def widened(self, other: "Whole") -> pl.Expr:
        """The column in the type of a result that it goes into."""
        return self.expr.cast(pl.Int128) if other.dtype is pl.Int128 and self.dtype is pl.Int64 else self.expr


def constant(number: int) -> Whole:
    """The same in every row."""
    bare = Whole(pl.lit(0), number, number)
    return Whole(pl.lit(number, dtype=bare.dtype), number, number)


ONE = constant(1)


def plus(one: Whole, other: Whole) -> Whole:
    """Sum."""
    bounds = Whole(one.expr, one.low + other.low, one.high + other.high)
    return Whole(one.widened(bounds) + other.widened(bounds), bounds.low, bounds.high)


def minus(one: Whole, other: Whole) -> Whole:
    """Difference."""
    bounds = Whole(one.expr, one.low - other.high, one.high - other.low)
    return Whole(one.widened(bounds) - other.widened(bounds), bounds.low, bounds.high)


def times(one: Whole, other: Whole) -> Whole:
    """Product."""
    if one.constant and other.constant:
        return constant(one.low * other.low)
    if one.constant and one.low == 1:
        return other
    if other.constant and other.low == 1:
        return one
    ends = [left * right for left in (one.low, one.high) for right in (other.low, other.high)]
    bounds = Whole(one.expr, min(ends), max(ends))
    return Whole(one.widened(bounds) * other.widened(bounds), bounds.low, bounds.high)


@dataclass(frozen=True, slots=True)
class Number:
    """A column of exact ratios; ``under`` is above nought, and ``over`` null where the value is unknown."""

    over: Whole
    under: Whole = ONE


def number(value: Fraction) -> Number:
    """The same ratio in every row."""
    return Number(constant(value.numerator), constant(value.denominator))


def add(one: Number, other: Number, join: Callable[[Whole, Whole], Whole] = plus) -> Number:
    """Sum, or with :func:`minus` difference."""
    left, right, under = aligned(one, other)
    return Number(join(left, right), under)


def multiply(one: Number, other: Number) -> Number:
    """Product."""
    return Number(times(one.over, other.over), times(one.under, other.under))


def divide(one: Number, other: Number) -> Number:
    """Quotient; unknown where the divisor is nought."""
    over, under = times(one.over, other.under), times(one.under, other.over)
    if under.constant:
        sign = -1 if under.low < 0 else 1
        if under.low == 0:
            return Number(Whole(pl.lit(None, dtype=pl.Int64), 0, 0))
        return Number(times(over, constant(sign)), constant(sign * under.low))
    return _divided(over, under)


def _divided(over: Whole, under: Whole) -> Number:
    zero, most = under.expr == 0, max(abs(under.low), abs(under.high), 1)
    safe = pl.when(zero).then(pl.lit(1, dtype=under.dtype)).otherwise(under.expr.abs() if under.low < 0 else under.expr)
    signed = over.expr if under.low >= 0 else pl.when(under.expr < 0).then(-over.expr).otherwise(over.expr)
    known = pl.when(~zero).then(signed)
    bound = max(abs(over.low), abs(over.high))
    low, high = (over.low, over.high) if under.low >= 0 else (-bound, bound)
    return Number(_bounded(known, low, high), Whole(safe, 1, most + 1))


def _bounded(expr: pl.Expr, low: int, high: int) -> Whole:
    """A column that is no constant even when its bounds meet, since some of it may be unknown."""
    return Whole(expr, low, high if high > low else low + 1)


def aligned(one: Number, other: Number) -> tuple[Whole, Whole, Whole]:
    """Both numerators over one denominator."""
    if one.under is other.under:
        return one.over, other.over, one.under
    if one.under.constant and other.under.constant:
        common = lcm(one.under.low, other.under.low)
        left, right = common // one.under.low, common // other.under.low
        return times(one.over, constant(left)), times(other.over, constant(right)), constant(common)
    return times(one.over, other.under), times(other.over, one.under), times(one.under, other.under)


def compare(op: str, one: Number, other: Number) -> pl.Expr:
    """A comparison, exact; unknown where either side is."""
    left, right, _under = aligned(one, other)
    wide = left if max(abs(left.low), abs(left.high)) > max(abs(right.low), abs(right.high)) else right
    return EQUAL_UNDER[op](left.widened(wide), right.widened(wide))


def choose(condition: pl.Expr, then: Number, otherwise: Number) -> Number:
    """then where the condition holds, otherwise where it does not; unknown where it is, unless both are equal."""
    if not (then.under.constant and otherwise.under.constant):
        return _choose_both(condition, then, otherwise)
    left, right, under = aligned(then, otherwise)
    bounds = Whole(left.expr, min(left.low, right.low), max(left.high, right.high))
    first, second = left.widened(bounds), right.widened(bounds)
    chosen = pl.when(condition).then(first).when(~condition).then(second).when(first == second).then(first)
    return Number(_bounded(chosen, bounds.low, bounds.high), under)


def _choose_both(condition: pl.Expr, then: Number, otherwise: Number) -> Number:
    """As :func:`choose` where the denominators differ by row: that of the branch not taken may be unknown."""
    same = compare("==", then, otherwise)

    def chosen(one: Whole, other: Whole) -> Whole:
        bounds = Whole(one.expr, min(one.low, other.low), max(one.high, other.high))
        first, second = one.widened(bounds), other.widened(bounds)
        expr = pl.when(condition).then(first).when(~condition).then(second).when(same).then(first)
        return _bounded(expr, bounds.low, bounds.high)

    return Number(chosen(then.over, otherwise.over), chosen(then.under, otherwise.under))


def extreme(numbers: list[Number], op: str) -> Number:
    """The least (``<=``) or the greatest (``>=``); unknown where any is."""

    def better(one: Number, other: Number) -> Number:
        left, right, under = aligned(one, other)
        bounds = Whole(left.expr, min(left.low, right.low), max(left.high, right.high))
        first, second = left.widened(bounds), right.widened(bounds)
        holds = EQUAL_UNDER[op](first, second)
        return Number(_bounded(pl.when(holds).then(first).when(~holds).then(second), bounds.low, bounds.high), under)

    return reduce(better, numbers)


def negative(one: Number) -> Number:
    """The number with the other sign."""
    return Number(times(one.over, constant(-1)), one.under)


def absolute(one: Number) -> Number:
    """Without its sign."""
    most = max(abs(one.over.low), abs(one.over.high))
    return Number(_bounded(one.over.expr.abs(), 0, most), one.under)


def floored(one: Number) -> Number:
    """The whole number at or below."""
    if one.under.constant and one.under.low == 1:
        return one
    wide = one.over if one.over.dtype is pl.Int128 else one.under
    quotient = one.over.widened(wide) // one.under.widened(wide)
    return Number(_bounded(quotient, min(one.over.low, 0) - 1, max(one.over.high, 0)))


def halves(one: Number) -> Number:
    """To the nearest whole number, a half upwards."""
    twice, under = times(one.over, constant(2)), one.under
    return floored(Number(plus(twice, under), times(under, constant(2))))


def even(one: Number) -> Number:
    """To the nearest whole number, a half to the even one."""
    up = halves(one)
    is_half = compare("==", add(up, one, minus), number(Fraction(1, 2)))
    odd = (up.over.expr % 2) == 1
    return choose(is_half & odd, add(up, number(Fraction(1)), minus), up)


def rounded(one: Number, mode: str, step: Fraction) -> Number:
    """To a multiple of ``step``: down, up, half_up or half_even."""
    steps = divide(one, number(step))
    match mode:
        case "down":
            whole = floored(steps)
        case "up":
            whole = negative(floored(negative(steps)))
        case "half_up":
            whole = halves(steps)
        case _:
            whole = even(steps)
    return multiply(whole, number(step))


def figure(number: Number) -> pl.Expr:
    """A number to be read: whole where it is whole by nature, else the nearest float."""
    if number.under.constant and number.under.low == 1:
        return number.over.expr
    return number.over.expr.cast(pl.Float64) / number.under.expr.cast(pl.Float64)
