"""One declaration of access, read three ways: for a record in hand, for a queryset, for the index's filter."""

import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice, product
from uuid import UUID, uuid5

import pytest
from django.db.models import Model, Q
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rongtong.domain.foundation.access import (
    EVERYTHING,
    NOTHING,
    allows,
    as_where,
    declared,
    holds,
    require,
    scope,
)
from rongtong.domain.foundation.actors import VISITOR, Actor, Role, system_actor
from rongtong.domain.foundation.errors import AccessDenied
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.foundation.models import Document
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.leads.models import Feedback, Lead
from rongtong.domain.leads.states import LEAD
from rongtong.domain.parties.models import Account, Affiliation, ApiKey, Party, RoleGrant
from rongtong.domain.registry import indexing
from rongtong.domain.registry.models import Disclosure, ImportJob, Resource
from rongtong.domain.registry.states import CHECKING, LIFE
from rongtong.engines.matching.records import all_of, one_of
from rongtong.engines.matching.store import Store
from tests.assessments.grids import assessment_grids
from tests.foundation.sealing.records import sealing_grids
from tests.mailbox.grids import mailbox_grids
from tests.parties.grids import audit_grids, party_grids
from tests.programmes.grids import challenge_grids

PARTIES = [uuid5(UUID(int=0), f"party {number}") for number in range(3)]
ACCOUNTS = [1, 2, 3]
EXAMPLES = 5 if "postgres" in os.environ.get("DATABASE_URL", "") else 15
"""What is declared is the same on either database; a few try that the other one understands it so."""


def _parties() -> list[Model]:
    named = [Party(id=key, kind="organisation", name=f"单位{n}") for n, key in enumerate(PARTIES)]
    rest = [
        Party(kind=kind, state=state, name=f"{kind}{state}") for kind in Party.KINDS for state in ("active", "closed")
    ]
    return [*named, *rest]


def _accounts() -> list[Model]:
    return [Account(id=number, username=f"a{number}", display_name=f"账号{number}") for number in ACCOUNTS]


def _resources() -> list[Model]:
    columns = product([state.key for state in LIFE.states], Visibility, [None, *PARTIES[:2]])
    return [
        Resource(kind="demand", title=f"{state} {visibility}", state=state, visibility=visibility, owner_id=owner)
        for state, visibility, owner in columns
    ]


def _leads() -> list[Model]:
    ends = list(Resource.objects.values_list("pk", flat=True)[:30])
    columns = product(LEAD.states, [None, *PARTIES[:2]], [None, PARTIES[1]], [None, *ACCOUNTS[:2]])
    pairs = ((demand, candidate) for demand in ends for candidate in ends)
    return [
        Lead(
            state=state.key,
            demand_party=ours,
            supply_party=theirs,
            manager=manager,
            demand_id=pair[0],
            candidate_id=pair[1],
        )
        for (state, ours, theirs, manager), pair in zip(columns, pairs, strict=False)
    ]


def _disclosures() -> list[Model]:
    """Of the confidential layer and of the panel: asked, granted and revoked; past, present and to come."""
    now = timezone.now()
    days = [
        (now - dt.timedelta(days=9), now - dt.timedelta(days=1)),
        (now - dt.timedelta(days=1), now + dt.timedelta(days=9)),
    ]
    records = list(Resource.objects.order_by("pk")[::17])
    columns = list(product(Disclosure.LAYERS, ["granted", "revoked"], PARTIES[1:], days))
    columns += [("confidential", "asked", party, (None, None)) for party in PARTIES[1:]]
    return [
        Disclosure(
            record=record, record_owner=record.owner_id, layer=layer, state=state, party_id=party, account=ACCOUNTS[0],
            fields=["budget"], purpose="试验", starts=starts, ends=ends,
        )
        for record in records
        for layer, state, party, (starts, ends) in columns
    ]  # fmt: skip


def _feedback() -> list[Model]:
    pk = Resource.objects.values_list("pk", flat=True).first()
    return [Feedback(account=account, verdict="useful", demand_id=pk, candidate_id=pk) for account in ACCOUNTS]


def _jobs() -> list[Model]:
    return [
        ImportJob(account=account, state=state.key, kind="demand", file_name="需求.csv", file_path="-", sha256="-")
        for account, state in product([None, *ACCOUNTS], CHECKING.states)
    ]


def _affiliations() -> list[Model]:
    return [Affiliation(member_id=a, organisation_id=b, role="employee") for a, b in product(PARTIES, PARTIES)]


def _keys() -> list[Model]:
    return [ApiKey(account_id=account, label="x", prefix="rt_", digest=str(account)) for account in ACCOUNTS]


def _grants() -> list[Model]:
    return [
        RoleGrant(account_id=account, role=role, party_id=party, starts="2020-01-01")
        for account, role, party in product(ACCOUNTS, Role, [None, *PARTIES[:2]])
    ]


def _documents() -> list[Model]:
    classes = cycle(product([*Visibility, Visibility.OWNER], [None, timezone.now()]))
    facts = {"name": "图纸.pdf", "media_type": "application/pdf", "sha256": "-", "size": 1, "declaration": "-"}
    return [
        Document(
            entity_kind="registry.resource",
            entity_id=entity,
            visibility=visibility,
            withdrawn_at=withdrawn,
            declared_at=timezone.now(),
            retain_until=timezone.localdate(),
            **facts,
        )
        for entity in Resource.objects.order_by("title", "pk").values_list("pk", flat=True)[::14]
        for visibility, withdrawn in islice(classes, 3)
    ]


GRIDS: dict[type[Model], Callable[[], Sequence[Model]]] = {
    Party: _parties,
    Account: _accounts,
    Resource: _resources,
    Lead: _leads,
    Disclosure: _disclosures,
    Document: _documents,
    Feedback: _feedback,
    ImportJob: _jobs,
    Affiliation: _affiliations,
    ApiKey: _keys,
    RoleGrant: _grants,
    **sealing_grids(ACCOUNTS, PARTIES),
    **mailbox_grids(ACCOUNTS, PARTIES),
    **challenge_grids(ACCOUNTS, PARTIES),
    **party_grids(ACCOUNTS, PARTIES),
    **assessment_grids(PARTIES),
    **audit_grids(),
}

actors = st.builds(
    Actor,
    name=st.just("某人"),
    account=st.sampled_from([None, *ACCOUNTS]),
    party=st.sampled_from([None, *PARTIES]),
    roles=st.frozensets(st.sampled_from(Role)),
    region=st.sampled_from(["", "330100"]),
    link=st.sampled_from(["", "a", "b"]),
)
same_database = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=EXAMPLES
)


@pytest.fixture
def every_record(db: None) -> dict[type[Model], list[Model]]:
    """Records in every combination of the columns that rules look at; no action would lead to some of them."""
    return {model: list(model._default_manager.bulk_create(grid())) for model, grid in GRIDS.items()}


def test_every_declared_model_has_records_to_try() -> None:
    assert set(GRIDS) == set(declared())


@same_database
@given(actor=actors)
def test_the_record_in_hand_and_the_queryset_agree(every_record: dict[type[Model], list[Model]], actor: Actor) -> None:
    for model, actions in declared().items():
        for action in actions:
            in_hand = {record.pk for record in every_record[model] if allows(actor, action, record)}
            found = set(scope(actor, action, model._default_manager.all()).values_list("pk", flat=True))
            assert found == in_hand, (model.__name__, action)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[Resource]]]:
    """Records in every combination, in a search index of their own."""
    records = [record for record in _resources() if isinstance(record, Resource)]
    store = Store.open(tmp_path_factory.mktemp("index"))
    store.add([indexing.entry(record) for record in records])
    yield store, records


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(actor=actors)
def test_the_index_filter_agrees_with_the_record_in_hand(index: tuple[Store, list[Resource]], actor: Actor) -> None:
    store, records = index
    expected = [str(record.pk) for record in records if allows(actor, "find", record)]
    where = indexing.where(actor)
    among = all_of(where, one_of("id", expected)) if expected else where
    assert store.count(where) == len(expected) == store.count(among)


def test_a_rule_that_compares_with_what_the_actor_lacks_reaches_nothing(db: None) -> None:
    Resource.objects.create(kind="demand", title="没有所属单位")
    nobody = Actor(name="没有单位的人", account=1, roles=frozenset({Role.MEMBER}))
    assert not scope(nobody, "edit", Resource.objects.all()).exists()
    assert as_where(NOTHING, {}) == "(false)"


def test_nothing_is_found_as_nothing_whether_the_index_says_so_or_is_silent() -> None:
    assert as_where(Q(region=""), {"region": "region"}) == "((region IS NULL OR region = ''))"


@given(text=st.text(min_size=1, max_size=20))
def test_a_value_cannot_leave_its_quotes(text: str) -> None:
    written = as_where(Q(state=text), {"state": "state"})
    inner = written.removeprefix("(state = '").removesuffix("')")
    assert inner.replace("''", "") == text.replace("'", "")


def test_a_negative_rule_is_refused() -> None:
    record = Resource(kind="demand", title="某需求")
    with pytest.raises(ValueError, match="positive"):
        holds(~Q(state="draft"), record)
    with pytest.raises(ValueError, match="positive"):
        as_where(~Q(state="draft"), indexing.COLUMNS)


def test_a_rule_across_a_join_is_refused() -> None:
    with pytest.raises(ValueError, match="own columns"):
        holds(Q(owner__region="330100"), Resource(kind="demand", title="某需求"))


@pytest.mark.django_db
def test_what_is_not_declared_is_denied_to_everyone() -> None:
    record = Resource(kind="demand", title="某需求", state="published")
    assert not allows(system_actor("测试"), "destroy", record)


@pytest.mark.django_db
def test_a_denial_says_what_to_do() -> None:
    record = Resource(id=new_id(), kind="demand", title="某需求", state="draft")
    assert "登录" in allows(VISITOR, "view", record).reason
    with pytest.raises(AccessDenied, match="管理部门"):
        require(Actor(name="某人", account=1, roles=frozenset({Role.MEMBER})), "view", record)


@pytest.mark.django_db
def test_a_permission_says_why() -> None:
    record = Resource(kind="demand", title="某需求", state="published", visibility=Visibility.PUBLIC)
    assert allows(VISITOR, "view", record).reason == "公开发布的记录"
    assert holds(EVERYTHING, record)
