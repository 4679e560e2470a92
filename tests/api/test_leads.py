"""Leads and feedback through the API."""

from collections.abc import Callable

import pytest

from rongtong.domain.parties.models import Account
from tests.api.conftest import Caller
from tests.factories import AchievementFactory, ResourceFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db
Calling = Callable[[Account], Caller]


def test_two_are_brought_together_and_both_sides_agree(calling: Calling) -> None:
    asks, offers = RoleGrantFactory(), RoleGrantFactory()
    demand, candidate = ResourceFactory(owner=asks.party), AchievementFactory(owner=offers.party)
    pair = {"demand": str(demand.pk), "candidate": str(candidate.pk)}
    status, lead = calling(asks.account).post("leads", pair)
    assert (status, lead["state"]) == (201, "demand_interested")
    supply = calling(offers.account)
    assert "supply_accept" in [step["event"] for step in supply.get(f"leads/{lead['id']}")[1]["steps"]]
    assert supply.post(f"leads/{lead['id']}/steps", {"event": "supply_accept"})[1]["state"] == "introduced"


def test_the_same_two_again_are_one_lead(calling: Calling) -> None:
    asks = RoleGrantFactory()
    pair = {"demand": str(ResourceFactory(owner=asks.party).pk), "candidate": str(AchievementFactory().pk)}
    caller = calling(asks.account)
    assert caller.post("leads", pair)[1]["id"] == caller.post("leads", pair)[1]["id"]
    assert caller.get("leads")[1]["count"] == 1


def test_a_lead_of_others_is_not_there(calling: Calling) -> None:
    asks, stranger = RoleGrantFactory(), RoleGrantFactory()
    pair = {"demand": str(ResourceFactory(owner=asks.party).pk), "candidate": str(AchievementFactory().pk)}
    lead = calling(asks.account).post("leads", pair)[1]
    assert calling(stranger.account).get(f"leads/{lead['id']}")[0] == 404


def test_feedback_replaces_what_was_said_before(calling: Calling) -> None:
    caller = calling(RoleGrantFactory().account)
    pair = {"demand": str(ResourceFactory().pk), "candidate": str(AchievementFactory().pk)}
    first = caller.post("feedback", pair | {"verdict": "useful", "reason": "right"})[1]
    second = caller.post("feedback", pair | {"verdict": "not_useful", "reason": "stage"})[1]
    assert (first["id"], second["verdict"]) == (second["id"], "not_useful")


def test_a_reason_that_contradicts_the_verdict_is_refused(calling: Calling) -> None:
    caller = calling(RoleGrantFactory().account)
    pair = {"demand": str(ResourceFactory().pk), "candidate": str(AchievementFactory().pk)}
    assert caller.post("feedback", pair | {"verdict": "useful", "reason": "stage"})[0] == 422
