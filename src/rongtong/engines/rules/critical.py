"""At which values of one input a condition can change: the roots of its comparisons, exactly.

A comparison of two quantities is, as a function of one input with all others fixed, one of two quotients of
polynomials; it can change only where they meet or where a divisor is nought. Between these values nothing changes, so
that the least change that makes a row pass is at one of them or just beside it. Full years and months are no such
functions; they are marked, and searched instead.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import isqrt

from rongtong.engines.rules.row import Row, value
from rongtong.engines.rules.syntax import COMPARISONS, Binary, Call, Expr, Name, Unary, children, names, walk
from rongtong.engines.rules.values import Value

Polynomial = tuple[Fraction, ...]
"""Coefficients, that of the constant first."""

ONE: Polynomial = (Fraction(1),)
MOST_BRANCHES = 24
ROOT_SCALE = 10**12


@dataclass(frozen=True, slots=True)
class Quotient:
    """A quotient of two polynomials of the input."""

    over: Polynomial
    under: Polynomial = ONE


@dataclass(slots=True)
class Critical:
    """The critical values of ``name`` in a row; ``whole`` is False when some expression could not be followed."""

    name: str
    row: Row
    quantities: Mapping[str, Expr | None]
    whole: bool = True
    points: set[Fraction] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)

    def look(self, tree: Expr) -> None:
        """Add the critical values of a condition, and of the quantities it reads."""
        if not self._depends(tree):
            return
        if isinstance(tree, Binary) and tree.op in COMPARISONS:
            self._compare(tree)
        if isinstance(tree, Name) and tree.id not in self._seen:
            self._seen.add(tree.id)
            inner = self.quantities.get(tree.id)
            if inner is not None:
                self.look(inner)
        for child in children(tree):
            self.look(child)

    def _compare(self, tree: Binary) -> None:
        left, right = self._quotients(tree.left), self._quotients(tree.right)
        for one in left:
            for other in right:
                difference = _minus(_times(one.over, other.under), _times(other.over, one.under))
                for polynomial in (difference, one.under, other.under):
                    self.points.update(_roots(polynomial))

    def _quotients(self, tree: Expr) -> list[Quotient]:
        """The functions of the input that an expression may be; none where it cannot be followed or is unknown."""
        if not self._depends(tree):
            return self._constant(tree)
        match tree:
            case Name():
                inner = self.quantities.get(tree.id)
                return [Quotient((Fraction(0), Fraction(1)))] if inner is None else self._quotients(inner)
            case Unary(op="-"):
                return [Quotient(_minus((), each.over), each.under) for each in self._quotients(tree.operand)]
            case Binary(op=op) if op in "+-*/":
                return self._arithmetic(tree)
            case Call():
                return self._call(tree)
        return self._lost()

    def _arithmetic(self, tree: Binary) -> list[Quotient]:
        left, right = self._quotients(tree.left), self._quotients(tree.right)
        return [_joined(tree.op, one, other) for one in left for other in right][:MOST_BRANCHES]

    def _call(self, tree: Call) -> list[Quotient]:
        match tree.function:
            case "min" | "max":
                return [each for argument in tree.arguments for each in self._quotients(argument)][:MOST_BRANCHES]
            case "if":
                return [each for argument in tree.arguments[1:] for each in self._quotients(argument)]
            case "floor":
                self.whole = False
                return self._quotients(tree.arguments[0])
            case "abs":
                inner = self._quotients(tree.arguments[0])
                return inner + [Quotient(_minus((), each.over), each.under) for each in inner]
            case "days":
                start, end = tree.arguments
                return self._arithmetic(Binary("-", end, start))
        return self._lost()

    def _lost(self) -> list[Quotient]:
        self.whole = False
        return []

    def _constant(self, tree: Expr) -> list[Quotient]:
        if any(isinstance(each, Call) and each.function == "points" for each in walk(tree)):
            return self._lost()
        number = as_number(value(tree, self.row))
        return [] if number is None else [Quotient((number,))]

    def _depends(self, tree: Expr) -> bool:
        return any(self._rests_on(name) for name in names(tree))

    def _rests_on(self, name: str) -> bool:
        if name == self.name:
            return True
        inner = self.quantities.get(name)
        return inner is not None and self._depends(inner)


def as_number(found: Value) -> Fraction | None:
    """A number, or the number of a day."""
    if isinstance(found, date):
        return Fraction(found.toordinal())
    return Fraction(found) if isinstance(found, (int, Fraction)) and not isinstance(found, bool) else None


def _joined(op: str, one: Quotient, other: Quotient) -> Quotient:
    match op:
        case "*":
            return Quotient(_times(one.over, other.over), _times(one.under, other.under))
        case "/":
            return Quotient(_times(one.over, other.under), _times(one.under, other.over))
        case _:
            left, right = _times(one.over, other.under), _times(other.over, one.under)
            return Quotient(_minus(left, right) if op == "-" else _plus(left, right), _times(one.under, other.under))


def _plus(one: Polynomial, other: Polynomial) -> Polynomial:
    size = max(len(one), len(other))
    pad = [(*each, *(Fraction(0),) * (size - len(each))) for each in (one, other)]
    return tuple(left + right for left, right in zip(*pad, strict=True))


def _minus(one: Polynomial, other: Polynomial) -> Polynomial:
    return _plus(one, tuple(-each for each in other))


def _times(one: Polynomial, other: Polynomial) -> Polynomial:
    result = [Fraction(0)] * max(len(one) + len(other) - 1, 0)
    for left, first in enumerate(one):
        for right, second in enumerate(other):
            result[left + right] += first * second
    return tuple(result)


def _roots(polynomial: Polynomial) -> Iterator[Fraction]:
    """Real roots up to the second degree; irrational ones to twelve places, the search looks beside them anyway."""
    coefficients = list(polynomial)
    while coefficients and coefficients[-1] == 0:
        coefficients.pop()
    if len(coefficients) == 2:
        yield -coefficients[0] / coefficients[1]
    elif len(coefficients) == 3:
        c, b, a = coefficients
        inside = b * b - 4 * a * c
        if inside >= 0:
            root = Fraction(isqrt(int(inside * ROOT_SCALE**2)), ROOT_SCALE)
            yield from ((-b - root) / (2 * a), (-b + root) / (2 * a))
