"""Whatever is granted, introduced, ended or narrowed: no channel shows a reader more than the register's one answer.

Records, people and an index stand for the whole file; each example grants, introduces, revokes and narrows as
generated, and is undone. The index is left as it was: what it holds still of a record narrowed since
must not come out of it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rongtong.domain.foundation.access import allows, scope
from rongtong.domain.foundation.actors import VISITOR, Actor, Role
from rongtong.domain.foundation.models import Document
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.leads.models import Lead
from rongtong.domain.leads.states import INTRODUCED
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.registry import access, indexing
from rongtong.domain.registry.declaration import Kind
from rongtong.domain.registry.models import OWNER, Disclosure, Resource
from rongtong.domain.registry.queries import Filters
from rongtong.domain.registry.reading import read
from rongtong.domain.registry.search import search
from tests import factories as make
from tests.trials.canaries import Aviary, texts_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PLAIN = "石灰窑出灰系统在高温下频繁卡料，人工清理危险，需要自动出灰装置。"
WORDY = ("problem", "current", "details", "scene", "acceptance", "contact", "chain_node")
SHAPES: tuple[tuple[str, dict[str, str]], ...] = (
    ("public", {}),
    ("public", {"current": "owner", "details": "matched", "scene": "members"}),
    ("public", {OWNER: "matched", "current": "owner", "details": "owner", "contact": "owner"}),
    ("members", {"details": "owner"}),
    ("matched", {"scene": "owner"}),
    ("internal", {}),
    ("owner", {"current": "matched"}),
)
"""Visibility of a record, and which of its fields are narrower."""
STATES = ("draft", "submitted", "published", "stale", "withdrawn")
PAST, SOON = dt.timedelta(hours=-1), dt.timedelta(hours=1)


@dataclass
class Place:
    """The people, each with a browser and a key; the records; a word for each of their fields."""

    firms: list[Party] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)
    browsers: dict[str, tuple[Client, str]] = field(default_factory=dict)
    demands: list[Resource] = field(default_factory=list)
    supplies: list[Resource] = field(default_factory=list)
    birds: Aviary = field(default_factory=Aviary)

    def actor(self, name: str) -> Actor:
        return actor_of(self.accounts[name]) if name in self.accounts else VISITOR

    @property
    def records(self) -> list[Resource]:
        return [*self.demands, *self.supplies]


PEOPLE = ("visitor", "owner", "asker", "other", "manager", "expert", "officer", "officer elsewhere", "supervisor")


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    with django_db_blocker.unblock(), transaction.atomic():
        indexing.forget()
        indexing.store().clear()
        yield _built()
        transaction.set_rollback(True)
    indexing.forget()


def _built() -> Place:
    made = Place(firms=[make.PartyFactory(name=f"云岭{n}示例有限公司", region="330100") for n in "甲乙丙丁"])
    roles: dict[str, tuple[Role, dict[str, Any]]] = {
        "owner": (Role.MEMBER, {"party": made.firms[0]}), "asker": (Role.ADMINISTRATOR, {"party": made.firms[1]}),
        "other": (Role.MEMBER, {"party": made.firms[2]}), "manager": (Role.MANAGER, {"party": made.firms[3]}),
        "expert": (Role.EXPERT, {"party": None, "region": "330100"}),
        "officer": (Role.OFFICER, {"party": None, "region": "330100"}),
        "officer elsewhere": (Role.OFFICER, {"party": None, "region": "440300"}),
        "supervisor": (Role.SUPERVISOR, {"party": None, "region": "330100"}),
    }  # fmt: skip
    for name, (role, bound) in roles.items():
        account = make.AccountFactory(person=make.PersonFactory(name=f"示例{name}"))
        make.RoleGrantFactory(account=account, role=role, **bound)
        made.accounts[name] = account
    made.demands = [_record(made, number, *shape) for number, shape in enumerate(SHAPES)]
    made.supplies = [make.AchievementFactory(owner=made.firms[1]) for _number in range(2)]
    for number, each in enumerate((Visibility.OWNER, Visibility.MATCHED, Visibility.PUBLIC)):
        _document(made, made.demands[number], each)
    indexing.drain()
    for name, account in made.accounts.items():
        made.browsers[name] = _browser(), make.ApiKeyFactory(account=account).secret
        made.browsers[name][0].force_login(account)
    made.browsers["visitor"] = _browser(), ""
    return made


def _browser() -> Client:
    return Client(SERVER_NAME="localhost", headers={"Accept-Language": "zh-CN"})


def _record(made: Place, number: int, visibility: str, closed: dict[str, str]) -> Resource:
    box: list[Resource] = []

    def planted(name: str) -> str:
        return made.birds.plant(f"{name} of demand {number}", lambda actor: name in _open(actor, box[0]))

    values = {name: f"{planted(name)}：{PLAIN}" for name in WORDY} | {"budget": "50万元", "region": "330100"}
    title = made.birds.plant(f"title of demand {number}", lambda actor: _seen(actor, box[0]))
    owner = made.firms[0]
    box.append(make.ResourceFactory(title=f"石灰窑自动出灰{title}", values=values, owner=owner, visibility=visibility,
                                    closed=closed))  # fmt: skip
    return box[0]


def _document(made: Place, record: Resource, visibility: Visibility) -> None:
    box: list[Document] = []

    def may(actor: Actor) -> bool:
        return any(allows(actor, step, Document.objects.get(pk=box[0].pk)) for step in ("view", "withdraw"))

    name = made.birds.plant(f"name of a document for {visibility}", may)
    box.append(make.DocumentFactory(entity=record, name=f"{name}.pdf", visibility=visibility))


def _seen(actor: Actor, record: Resource) -> bool:
    return bool(allows(actor, "view", Resource.objects.get(pk=record.pk)))


def _open(actor: Actor, record: Resource) -> frozenset[str]:
    """What the register answers to ``actor`` of ``record`` as it stands now."""
    fresh = Resource.objects.get(pk=record.pk)
    return frozenset(read(actor, fresh).fields) if allows(actor, "view", fresh) else frozenset()


DISCLOSED = st.fixed_dictionaries({
    "record": st.integers(0, len(SHAPES) - 1),
    "party": st.sampled_from([1, 2, 3]),
    "state": st.sampled_from(["granted", "granted", "granted", "revoked", "expired", "refused", "taken_back"]),
    "starts": st.sampled_from([dt.timedelta(days=-9), PAST * 2, SOON]),
    "ends": st.sampled_from([PAST, SOON * 2, dt.timedelta(days=9)]),
    "fields": st.sets(st.sampled_from(["current", "details", "scene", "contact", OWNER, "documents"]), min_size=1),
    "layer": st.sampled_from(["confidential", "confidential", "panel"]),
})  # fmt: skip
INTRODUCTION = st.tuples(
    st.integers(0, len(SHAPES) - 1), st.sampled_from(["suggested", "demand_interested", *INTRODUCED, "lost"])
)
CHANGE = st.tuples(
    st.integers(0, len(SHAPES) - 1), st.sampled_from(STATES), st.sampled_from(["public", "members", "matched", "owner"])
)
COURSE = st.fixed_dictionaries({
    "disclosures": st.lists(DISCLOSED, max_size=4),
    "leads": st.lists(INTRODUCTION, max_size=2, unique_by=lambda each: each[0]),
    "changes": st.lists(CHANGE, max_size=2),
})  # fmt: skip
FEW = settings(
    max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


def happen(place: Place, course: dict[str, Any]) -> None:
    """Write down what was generated; rows as the actions leave them, times in the past among them."""
    now = timezone.now()
    for each in course["disclosures"]:
        panel = each["layer"] == "panel"
        record = place.demands[each["record"]]
        Disclosure.objects.create(
            record=record, record_owner=record.owner_id, layer=each["layer"], state=each["state"], purpose="评估",
            party=None if panel else place.firms[each["party"]], fields=sorted(each["fields"]),
            account=place.accounts["expert"].pk if panel else None, starts=now + each["starts"],
            ends=now + each["ends"],
        )  # fmt: skip
    for number, state in course["leads"]:
        Lead.objects.create(
            demand=place.demands[number], candidate=place.supplies[0], demand_party=place.firms[0].pk,
            supply_party=place.firms[1].pk, state=state,
        )  # fmt: skip
    for number, state, visibility in course["changes"]:
        Resource.objects.filter(pk=place.demands[number].pk).update(state=state, visibility=visibility)


def pages(record: Resource) -> Iterator[str]:
    """Every page, part and file on which something of a record may stand."""
    kind = record.kind
    for name in ("record", "drawer", "edit", "documents"):
        yield reverse(f"portal:{name}", args=(kind, record.pk))
    for name in ("match", "report"):
        yield reverse(f"portal:{name}", args=(record.pk,))
    yield reverse("portal:audit-record", args=("registry.resource", record.pk))


def everywhere() -> Iterator[str]:
    """Every page on which something of any record may stand."""
    columns = "&".join(f"columns={name}" for name in ("holder", "region", "details", "current", "contact"))
    yield f"{reverse('portal:list', args=('demand',))}?q=石灰窑&{columns}"
    yield f"{reverse('portal:list', args=('demand',))}?{columns}"
    yield f"{reverse('portal:search')}?q=自动出灰"
    yield f"{reverse('portal:terms', args=('industry',))}?q=石"
    for form in ("csv", "xlsx", "json"):
        yield reverse("portal:export-file", args=("demand", form))
    for name in ("home", "workbench", "my-demands", "my-leads", "disclosures", "resources", "figures", "audit",
                 "personal-copy", "personal-file"):  # fmt: skip
        yield reverse(f"portal:{name}")


def calls(records: list[Resource]) -> Iterator[str]:
    yield from ("resources?limit=50", "search?q=石灰窑出灰", "leads", "disclosures")
    for record in records:
        yield from (f"resources/{record.pk}", f"resources/{record.pk}/matches?explain=true")
        yield from (f"resources/{record.pk}/history", f"resources/{record.pk}/documents")


def shown(place: Place, name: str, records: list[Resource]) -> Iterator[tuple[str, str]]:
    """Whatever ``name`` is shown through every channel: (address, text)."""
    browser, key = place.browsers[name]
    asked = [*(each for record in records for each in pages(record)), *everywhere()]
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    for address in asked:
        yield from ((address, text) for text in texts_of(_body(browser.get(address))))
    for address in calls(records):
        answer = Client(SERVER_NAME="localhost").get(f"/api/v1/{address}", headers=headers)
        yield from ((f"API {address}", text) for text in texts_of(_body(answer)))


def _body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def told_too_much(place: Place, name: str, records: list[Resource]) -> list[str]:
    """The closed words found, each with the address that showed it."""
    cage = place.birds.closed_to(place.actor(name))
    return [f"{where} at {address}" for address, text in shown(place, name, records) for where in cage.found([text])]


def opened_by_grant(place: Place, course: dict[str, Any], number: int, name: str) -> bool:
    """Said once more, plainly: whether the firm of "asker" may read ``name``, a field for the owner alone."""
    now = dt.timedelta()
    return any(
        each["record"] == number and each["layer"] == "confidential" and each["state"] == "granted"
        and each["party"] == 1 and name in each["fields"] and each["starts"] <= now < each["ends"]
        for each in course["disclosures"]
    )  # fmt: skip


@FEW
@given(course=COURSE, name=st.sampled_from(PEOPLE), picked=st.sets(st.integers(0, len(SHAPES) - 1), max_size=1))
def test_no_channel_shows_more_than_the_register_answers(
    place: Place, course: dict[str, Any], name: str, picked: set[int]
) -> None:
    touched = {each["record"] for each in course["disclosures"]} | {each[0] for each in course["changes"]}
    with transaction.atomic():
        happen(place, course)
        records = [place.demands[number] for number in sorted(picked | set(sorted(touched)[:1]))]
        assert told_too_much(place, name, records) == []
        transaction.set_rollback(True)


@settings(FEW, max_examples=10)
@given(course=COURSE)
def test_one_record_and_many_are_judged_alike_and_counts_are_of_what_may_be_found(
    place: Place, course: dict[str, Any]
) -> None:
    with transaction.atomic():
        happen(place, course)
        for name in PEOPLE:
            actor = place.actor(name)
            for model, step in ((Resource, "view"), (Resource, "find"), (Disclosure, "view"), (Lead, "view"),
                                (Document, "view")):  # fmt: skip
                assert _reached(actor, step, model) == _allowed(actor, step, model), (name, model, step)
            found = search(actor, Filters(), limit=50)
            assert found.total == len(_reached(actor, "find", Resource))
            assert sum(count for _key, _label, count in found.facets["kind"]) == found.total
        transaction.set_rollback(True)


@settings(FEW, max_examples=40)
@given(course=COURSE)
def test_what_is_for_the_owner_is_open_to_whom_it_was_granted_while_it_lasts(
    place: Place, course: dict[str, Any]
) -> None:
    """The rule of disclosures said a second time, by hand, and held against the declaration."""
    with transaction.atomic():
        happen(place, course | {"changes": []})
        asker = place.actor("asker")
        for number, (visibility, closed) in enumerate(SHAPES):
            kept = [name for name, each in closed.items() if each == "owner"] if visibility == "public" else []
            for name in kept:
                expected = opened_by_grant(place, course, number, name)
                assert (name in _open(asker, place.demands[number])) == expected, (number, name)
        transaction.set_rollback(True)


def test_a_channel_that_shows_every_value_is_found(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Kind, "readable", lambda _kind, values, _names: dict(values))
    found = told_too_much(place, "other", place.demands[1:3])
    assert any(each.startswith("current of demand 1 at /resources/") for each in found)
    assert any("API" in each for each in found)


def test_a_grant_without_an_end_is_found(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    over = {"record": 1, "party": 1, "state": "granted", "layer": "confidential", "fields": {"current"}}
    course = {"disclosures": [over | {"starts": PAST * 2, "ends": PAST}], "leads": [], "changes": []}
    known = access.in_force
    with transaction.atomic():
        happen(place, course)
        assert "current" not in _open(place.actor("asker"), place.demands[1])
        monkeypatch.setattr(
            "rongtong.domain.registry.reading.in_force",
            lambda actor, layer: known(actor, layer) | access.Q(party_id=actor.party, state="granted"),
        )
        assert "current" in _open(place.actor("asker"), place.demands[1])
        assert not opened_by_grant(place, course, 1, "current")
        transaction.set_rollback(True)


def _reached(actor: Actor, step: str, model: type[Model]) -> set[Any]:
    return set(scope(actor, step, model._default_manager.all()).values_list("pk", flat=True))


def _allowed(actor: Actor, step: str, model: type[Model]) -> set[Any]:
    return {row.pk for row in model._default_manager.all() if allows(actor, step, row)}
