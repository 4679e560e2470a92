"""Whatever the shares, the teams and who goes out: what is owed never exceeds what the topic gives, and ends as it."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rongtong.domain.programmes.models import Obligation, Project, Topic
from tests.programmes.running import decided, passed, race, reported

pytestmark = pytest.mark.django_db
WEIGHTS = st.lists(st.integers(1, 9), min_size=3, max_size=3)


def owed(topic: Topic, purse: str) -> int:
    return sum(Obligation.objects.filter(project__topic=topic, purse=purse).values_list("fen", flat=True))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WEIGHTS, st.integers(2, 4), st.integers(1, 10**9), st.integers(0, 10**9), st.data())
def test_a_race_gives_away_its_money_and_no_fen_more(
    weights: list[int], teams: int, setter_money: int, public_money: int, data: st.DataObject
) -> None:
    payments = [str(Fraction(weight, sum(weights))) for weight in weights]
    topic, projects = race(teams, payments=payments, setter_money=setter_money, public_money=public_money)
    for project in projects:
        passed(project, 1)
        reported(project, 2)
    assert owed(topic, "setter") <= setter_money
    staying = data.draw(st.integers(1, teams))
    decided(topic, 2, on=projects[:staying], out=projects[staying:])
    for project in projects[:staying]:
        passed(project, 3)
    assert (owed(topic, "setter"), owed(topic, "public")) == (setter_money, public_money)
    for project in Project.objects.filter(topic=topic):
        got = sum(project.obligations.values_list("fen", flat=True))
        assert got == project.setter_money + project.public_money
