"""Parts of a sum add up to it; the first instalment of a race is equal; what is left goes to those who go on."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongtong.engines.money.splitting import instalments, parts

SUMS = st.integers(0, 10**13)
SHARES = st.lists(st.fractions(Fraction(1, 50), 3, max_denominator=50), min_size=1, max_size=6)


@given(SUMS, SHARES)
def test_the_parts_are_the_whole_and_none_is_a_fen_off(total: int, shares: list[Fraction]) -> None:
    found = parts(total, shares)
    assert sum(found) == total
    whole = sum(shares)
    assert all(abs(part - total * share / whole) < 1 for part, share in zip(found, shares, strict=True))


def test_the_earlier_of_two_equal_remainders_gets_the_fen() -> None:
    assert parts(100, [Fraction(1, 3)] * 3) == [34, 33, 33]
    assert parts(1_000_01, [Fraction("3/10"), Fraction("2/5"), Fraction("3/10")]) == [300_00, 400_01, 300_00]


@given(SUMS, SHARES, st.integers(1, 6))
def test_teams_start_equal_and_together_get_the_whole(total: int, shares: list[Fraction], teams: int) -> None:
    found = instalments(total, shares, teams)
    assert len(found) == teams
    assert sum(map(sum, found)) == total
    if len(shares) > 1:
        assert len({each[0] for each in found}) == 1
    assert all(max(column) - min(column) <= 1 for column in zip(*found, strict=True))


@given(SUMS, SHARES, st.data())
def test_whoever_is_eliminated_the_money_never_grows_and_ends_with_those_who_go_on(
    total: int, shares: list[Fraction], data: st.DataObject
) -> None:
    """At each milestone some teams may drop out: what was not given is divided anew among the rest."""
    teams, given_ = data.draw(st.integers(1, 6)), 0
    planned = instalments(total, shares, teams)
    for order in range(len(shares)):
        teams = data.draw(st.integers(1, teams))
        planned = instalments(total - given_, shares[order:], teams)
        given_ += sum(team[0] for team in planned)
        assert given_ <= total
    assert given_ == total


@pytest.mark.parametrize(
    ("total", "shares"),
    [(-1, [Fraction(1)]), (5, []), (5, [Fraction(0)]), (5, [Fraction(2), Fraction(-1)])],
)
def test_what_cannot_be_divided_is_refused(total: int, shares: list[Fraction]) -> None:
    with pytest.raises(ValueError, match="cannot be divided"):
        parts(total, shares)


def test_nobody_cannot_be_paid() -> None:
    with pytest.raises(ValueError, match="nobody"):
        instalments(5, [Fraction(1)], 0)
