"""An officer reaches what lies in the region of the seat and what lies in none; one without a region reaches all."""

import pytest

from rongtong.domain.foundation.access import allows, declared, scope
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.leads.models import Lead
from rongtong.domain.parties.models import Party
from rongtong.domain.registry.models import Resource
from tests.factories import AchievementFactory, LeadFactory, PartyFactory, ResourceFactory, holder

pytestmark = pytest.mark.django_db
APPS = ("foundation", "parties", "registry", "leads")
WATCHERS = [Role.OFFICER, Role.SUPERVISOR]


def regions(actor: Actor, action: str, model: type) -> set[str]:
    return set(scope(actor, action, model._default_manager.all()).values_list("region", flat=True))


def lying_in(region: str, record: Resource) -> Resource:
    """``record`` moved to a region, as an import or a form would say."""
    Resource.objects.filter(pk=record.pk).update(region=region)
    record.refresh_from_db()
    return record


@pytest.mark.parametrize(
    ("region", "reached"),
    [("330100", {"330102", "330100", ""}), ("330000", {"330102", "330100", "330200", ""}), ("", None)],
)
def test_what_an_officer_reaches(region: str, reached: set[str] | None) -> None:
    places = {"330102", "330100", "330200", "530100", ""}
    for place in places:
        lying_in(place, ResourceFactory(owner=PartyFactory(region=place), published=False))
    Resource.objects.update(state="submitted")
    clerk = holder(Role.OFFICER, region)
    assert regions(clerk, "verify", Resource) == (places if reached is None else reached)
    assert regions(clerk, "edit", Party) == (places if reached is None else reached)


@pytest.mark.parametrize("role", WATCHERS)
def test_leads_are_of_the_region_of_either_side(role: Role) -> None:
    reached = {
        (demand, candidate): LeadFactory(
            demand=lying_in(demand, ResourceFactory()), candidate=lying_in(candidate, AchievementFactory())
        )
        for demand in ("330100", "530100")
        for candidate in ("330100", "530100", "")
    }
    watcher = holder(role, "330100")
    seen = {places for places, lead in reached.items() if allows(watcher, "view", lead)}
    assert seen == set(reached) - {("530100", "530100")}
    assert scope(watcher, "view", Lead.objects.all()).count() == len(seen)


def test_a_supervisor_changes_nothing() -> None:
    watcher = holder(Role.SUPERVISOR)
    reading = {"view", "find", "history", "explain", "read", "export", "verify"}
    own = {"edit", "create", "revoke", "end", "give", "withdraw", "ask", "take_back"}
    allowed = {
        (model._meta.label, action)
        for model, actions in declared().items()
        if model._meta.app_label in APPS
        for action, grants in actions.items()
        if any(grant.whom(watcher) for grant in grants) and action not in reading and not action.startswith("view_")
    }
    assert {action for _model, action in allowed} <= own
    assert {model for model, _action in allowed} <= {
        "foundation.Document", "parties.Account", "parties.ApiKey", "parties.SignIn", "parties.Consent",
        "parties.PersonalRequest",
    }  # fmt: skip
