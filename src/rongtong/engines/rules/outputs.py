"""The figures a pack computes besides its verdict."""

from fractions import Fraction

from rongtong.engines.rules.evaluate import State, round_to
from rongtong.engines.rules.pack import Output
from rongtong.engines.rules.row import value
from rongtong.engines.rules.values import Value


def output(each: Output, state: State) -> Value:
    """One output, rounded as the pack states; money in whole fen."""
    found = value(each.expr, state.row, state.points)
    if each.rounding is None or isinstance(found, bool) or not isinstance(found, (int, Fraction)):
        return found
    rounded = round_to(Fraction(found), each.rounding)
    return int(rounded) if each.kind.unit == "money" else rounded
