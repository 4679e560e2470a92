"""Loading the sample region: through the actions, as often as one likes, taking nothing from anybody."""

from collections import Counter
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from rongtong.cli import sample_loader, sample_pack, sample_vectors
from rongtong.domain.foundation import audit
from rongtong.domain.foundation.actors import Role
from rongtong.domain.leads.models import Feedback, Lead
from rongtong.domain.leads.states import LEAD
from rongtong.domain.parties.models import Account, Affiliation, Party
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.registry import indexing
from rongtong.domain.registry.actions import update_resource
from rongtong.domain.registry.models import Resource

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def vectors(index: ModuleType, settings: Any) -> Iterator[None]:
    """An index that holds nothing, before and after, of a platform that computes vectors."""
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"encoder": "local"})
    index.forget()
    yield
    index.store().clear()


def test_the_region_is_loaded_whole_and_a_second_load_changes_nothing(vectors: None) -> None:
    loaded = sample_loader.load()

    shipped = Counter((each.kind, each.state) for each in sample_pack.records())
    assert Counter(Resource.objects.values_list("kind", "state")) == shipped
    assert loaded.records == shipped.total()
    assert not any(account.has_usable_password() for account in Account.objects.all())
    assert Feedback.objects.count() == len(sample_pack.feedback())
    assert Affiliation.objects.count() == len(sample_pack.people())
    _the_funnel_is_not_empty()
    _personas_act_in_their_role()
    _index_uses_the_shipped_vectors()

    events = audit.verify()
    assert events.fault == ""
    assert sample_loader.load() == sample_loader.Loaded(parties=0, accounts=0, records=0, restored=0, leads=0, topics=0)
    assert audit.verify() == events

    _what_people_changed_stays_until_it_is_reset()


def _the_funnel_is_not_empty() -> None:
    states = Counter(Lead.objects.values_list("state", flat=True))
    assert set(states) == {state.key for state in LEAD.states}
    assert states.total() == len(sample_pack.leads())


def _personas_act_in_their_role() -> None:
    roles = {account.username: actor_of(account).roles for account in Account.objects.filter(is_sample=True)}
    assert roles == {each["username"]: frozenset({Role(each["role"])}) for each in sample_pack.personas()}
    assert not any(account.has_usable_password() for account in Account.objects.all())


def _index_uses_the_shipped_vectors() -> None:
    used = sample_loader.index()
    status = indexing.status()
    assert status.waiting == 0
    assert status.records == Resource.objects.filter(state="published").count()
    assert used >= 0.95 * status.records, "run tools/build_sample_vectors.py: the texts have changed"


def _what_people_changed_stays_until_it_is_reset() -> None:
    demand = Resource.objects.get(kind="demand", external_id="D001")
    enterprise = actor_of(Account.objects.get(username="enterprise"))
    shipped = demand.values
    update_resource(actor=enterprise, record=demand, values=shipped | {"budget": "1万元"}, title="改过的需求")

    assert sample_loader.load().restored == 0
    assert Resource.objects.get(pk=demand.pk).title == "改过的需求"
    assert sample_loader.load(restore=True).restored == 1
    assert Resource.objects.get(pk=demand.pk).values == shipped


def test_shipped_vectors_are_of_the_texts_that_are_shipped() -> None:
    found = sample_vectors.read()
    assert found is not None
    whole, pieces = found.vectors(next(iter(found.rows)))
    assert whole.shape == (384,)
    assert pieces.shape[1] == 384
    assert float(whole @ whole) == pytest.approx(1, abs=1e-3)


def test_parties_keep_their_source() -> None:
    with_source = {each.key: each.source for each in (*sample_pack.organisations(), *sample_pack.people())}
    sample_loader.load_parties()
    assert dict(Party.objects.values_list("external_id", "source")) == with_source
