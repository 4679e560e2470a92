"""When one rule takes the place of another, staff see for whom the result changes; nobody else does."""

import datetime as dt

import pytest

from rongtong.domain.assessments.shifting import shifted
from rongtong.engines import rules
from tests import factories
from tests.assessments import factories as make

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 6, 30)


def test_only_those_whose_result_changes_are_named() -> None:
    party = make.assessment(pack=make.POINTS).party
    factories.PartyFactory()  # an enterprise of which nothing is known comes out the same
    before, after = (rules.shipped().load(name, DAY) for name in ("cn.innovation-points", make.POINTS))
    found = shifted(factories.officer(), before, after, DAY)
    assert found is not None
    assert party.pk in {each.party for each in found}
    assert all((each.before, each.low, each.high) != (each.after, None, None) for each in found)
    assert shifted(factories.officer(), after, after, DAY) == []


def test_it_is_for_staff_to_ask() -> None:
    pack = rules.shipped().load(make.PACK, DAY)
    assert shifted(factories.member(), pack, pack, DAY) is None
