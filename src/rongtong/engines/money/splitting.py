"""A sum in fen divided by exact shares, so that the parts add up to the whole to the last fen."""

from collections.abc import Sequence
from fractions import Fraction


def parts(total: int, shares: Sequence[Fraction]) -> list[int]:
    """``total`` fen in the proportion of ``shares``: each within one fen of its exact part, together the whole.

    The fen left by rounding down go to the largest remainders, the earlier of two equal ones first (Hamilton's method).
    Raises ValueError for a negative sum or share, and when there is nothing to divide by.
    """
    whole = sum(shares, Fraction(0))
    if total < 0 or whole <= 0 or any(share < 0 for share in shares):
        raise ValueError(f"{total} fen cannot be divided by {[str(share) for share in shares]}")
    exact = [total * Fraction(share) / whole for share in shares]
    found = [int(part) for part in exact]
    largest = sorted(range(len(exact)), key=lambda place: (found[place] - exact[place], place))
    for place in largest[: total - sum(found)]:
        found[place] += 1
    return found


def instalments(total: int, shares: Sequence[Fraction], teams: int) -> list[list[int]]:
    """What each of ``teams`` gets at each milestone when ``total`` fen fall due by ``shares``: one list for each team.

    The first instalment is equal to the fen: what cannot be divided equally moves on to the next. Raises ValueError.
    """
    if teams < 1:
        raise ValueError("nobody to pay")
    pots = parts(total, shares)
    if len(pots) > 1:
        spare = pots[0] % teams
        pots[0], pots[1] = pots[0] - spare, pots[1] + spare
    divided = [parts(pot, [Fraction(1)] * teams) for pot in pots]
    return [list(each) for each in zip(*divided, strict=True)]
