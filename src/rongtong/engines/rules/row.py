"""The value of an expression for one row of facts: exact, and None where an unknown leaves it open."""

import operator
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from rongtong.engines.rules.logic import both, either, negated
from rongtong.engines.rules.syntax import COMPARISONS, Binary, Call, Expr, In, Literal, Name, Unary
from rongtong.engines.rules.values import Value

Span = tuple[Fraction, Fraction]
"""The least and the most a number can still become."""

Row = Mapping[str, Value]
Spans = Mapping[str, Span]

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
LOGIC: dict[str, Callable[[bool | None, bool | None], bool | None]] = {
    "and": both,
    "or": either,
    "->": lambda left, right: either(negated(left), right),
}
NO_SPANS: Spans = {}


def value(tree: Expr, row: Row, points: Spans = NO_SPANS) -> Value:
    """The value of ``tree``; ``row`` holds every name and ``today``, ``points`` the spans of the scored items."""
    match tree:
        case Literal():
            return tree.value
        case Name():
            return row[tree.id]
        case Unary():
            return _unary(tree, row, points)
        case Binary(op=op) if op in COMPARISONS:
            return _compared(tree, row, points)
        case Binary():
            return _binary(tree, row, points)
        case In():
            return _in(tree, row, points)
        case Call():
            return CALLS[tree.function](tree.arguments, row, points)


def truth(tree: Expr, row: Row, points: Spans = NO_SPANS) -> bool | None:
    """The value of a condition."""
    found = value(tree, row, points)
    return found if isinstance(found, bool) else None


def years(start: date, end: date) -> int:
    """Full years from one day to another; a 29 February completes its year on 1 March."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def months(start: date, end: date) -> int:
    """Full months from one day to another."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def days(start: date, end: date) -> int:
    """Calendar days from one day to another."""
    return (end - start).days


def _unary(tree: Unary, row: Row, points: Spans) -> Value:
    inner: Any = value(tree.operand, row, points)
    if inner is None:
        return None
    return not inner if tree.op == "not" else -inner


def _binary(tree: Binary, row: Row, points: Spans) -> Value:
    left: Any = value(tree.left, row, points)
    right: Any = value(tree.right, row, points)
    if tree.op in LOGIC:
        return LOGIC[tree.op](left, right)
    if left is None or right is None:
        return None
    return _arithmetic(tree.op, left, right)


def _arithmetic(op: str, left: Any, right: Any) -> Value:
    if op == "/":
        return None if right == 0 else Fraction(left) / right
    result: Value = ARITHMETIC[op](left, right)
    return result


def _compared(tree: Binary, row: Row, points: Spans) -> bool | None:
    left, right = _span(tree.left, row, points), _span(tree.right, row, points)
    if left is None or right is None:
        return None
    return compared(tree.op, left, right)


def compared(op: str, left: tuple[Any, Any], right: tuple[Any, Any]) -> bool | None:
    """A comparison of two spans: known where every value in them agrees."""
    if left[0] == left[1] and right[0] == right[1]:
        return COMPARE[op](left[0], right[0])
    if op in ("==", "!="):
        return None if left[0] <= right[1] and right[0] <= left[1] else op == "!="
    outcomes = {COMPARE[op](left[0], right[1]), COMPARE[op](left[1], right[0])}
    return outcomes.pop() if len(outcomes) == 1 else None


def _span(tree: Expr, row: Row, points: Spans) -> tuple[Any, Any] | None:
    """A span even where the value is open: of points, and of a count some of whose flags are unknown."""
    if isinstance(tree, Call) and tree.function == "points":
        return points[_item(tree)]
    if isinstance(tree, Call) and tree.function == "count":
        truths = [truth(argument, row, points) for argument in tree.arguments]
        return truths.count(True), truths.count(True) + truths.count(None)
    found = value(tree, row, points)
    return None if found is None else (found, found)


def _item(tree: Call) -> str:
    item = tree.arguments[0]
    assert isinstance(item, Name)
    return item.id


def _in(tree: In, row: Row, points: Spans) -> bool | None:
    item: Any = value(tree.item, row, points)
    options: Any = (
        row[tree.options.id]
        if isinstance(tree.options, Name)
        else tuple(value(option, row, points) for option in tree.options)
    )
    if item is None or options is None:
        return None
    return True if item in options else None if None in options else False


Arguments = tuple[Expr, ...]


def _fold(choose: Callable[..., Any]) -> Callable[[Arguments, Row, Spans], Value]:
    def folded(arguments: Arguments, row: Row, points: Spans) -> Value:
        values = [value(argument, row, points) for argument in arguments]
        return None if None in values else choose(*values)

    return folded


def _if(arguments: Arguments, row: Row, points: Spans) -> Value:
    condition = truth(arguments[0], row, points)
    then, otherwise = (value(argument, row, points) for argument in arguments[1:])
    if condition is None:
        return then if then == otherwise else None
    return then if condition else otherwise


def _known(arguments: Arguments, row: Row, points: Spans) -> Value:
    return value(arguments[0], row, points) is not None


def _count(arguments: Arguments, row: Row, points: Spans) -> Value:
    truths = [truth(argument, row, points) for argument in arguments]
    return None if None in truths else truths.count(True)


def _points(arguments: Arguments, row: Row, points: Spans) -> Value:
    low, high = points[_item(Call("points", arguments))]
    return low if low == high else None


CALLS: dict[str, Callable[[Arguments, Row, Spans], Value]] = {
    "min": _fold(min),
    "max": _fold(max),
    "abs": _fold(abs),
    "floor": _fold(floor),
    "if": _if,
    "known": _known,
    "count": _count,
    "points": _points,
    "years": _fold(years),
    "months": _fold(months),
    "days": _fold(days),
}
