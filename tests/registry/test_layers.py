"""Closed fields, the owner's name, seals: what stands in no list, count, index or sheet before it may."""

import datetime as dt
import io
from typing import Any

import pytest
from django.utils import timezone

from rongtong.cli.jobs import end_disclosures, unseal
from rongtong.domain.foundation.access import scope
from rongtong.domain.foundation.actors import VISITOR, Role, system_actor
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.registry import indexing, layers, queries
from rongtong.domain.registry.actions import advance_resource, create_resource, unseal_resource, update_resource
from rongtong.domain.registry.exchange.export import Export, write_csv
from rongtong.domain.registry.kinds import kind_of
from rongtong.domain.registry.models import OWNER, Resource
from rongtong.domain.registry.queries import Filters
from rongtong.domain.registry.reading import as_shown_to, read
from tests import factories as make

pytestmark = pytest.mark.django_db
CANARY = "碧玺蜂鸟"


def in_an_hour() -> dt.datetime:
    return timezone.now() + dt.timedelta(hours=1)


def sealed(**facts: Any) -> Resource:
    values = make.DEMAND | {"problem": f"{CANARY}：{make.DEMAND['problem']}", "holder": CANARY, "region": "330106"}
    return make.ResourceFactory(title=CANARY, values=values, visibility="sealed", opens_at=in_an_hour(), **facts)


def everybody(record: Resource) -> list[Any]:
    roles = [make.holder(role) for role in (Role.EXPERT, Role.ANALYST, Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)]
    outside = [VISITOR, make.member(), make.manager(), make.officer(), make.supervisor(), *roles]
    return [*outside, make.member(record.owner), make.administrator(record.owner)]


def csv_of(actor: Any) -> str:
    export = Export(actor, kind_of("demand"), queries.listing(actor, Filters(kind="demand")))
    written = io.BytesIO()
    write_csv(export, written)
    return written.getvalue().decode()


def test_what_is_sealed_stands_nowhere_before_its_hour() -> None:
    record = sealed()
    assert str(record) == "已封存的技术需求"
    assert CANARY.encode() not in b"".join(str(value).encode() for value in _columns(record))
    for actor in everybody(record):
        assert not read(actor, record).fields
        assert CANARY not in csv_of(actor)
        if actor.party != record.owner_id:
            assert not scope(actor, "view", Resource.objects.all()).exists()
        assert sum(count for _kind, count in queries.counts_by_kind(actor)) == 0
        assert not queries.facets(scope(actor, "find", Resource.objects.all()))["region"]


def _columns(record: Resource) -> list[object]:
    return [getattr(record, name) for name in ("region", "field", "industry", "holder", "fingerprint", "completeness")]


def test_what_is_sealed_is_not_in_the_index_until_its_hour(index: Any) -> None:
    record = sealed()
    index.drain()
    assert indexing.store().count("true") == 0
    _come(record)
    assert unseal(lambda done, total: None) == 1
    index.drain()
    assert indexing.store().count("true") == 1


def _come(record: Resource) -> None:
    Resource.objects.filter(pk=record.pk).update(opens_at=timezone.now())


def test_at_its_hour_it_is_as_declared() -> None:
    record = sealed(closed={"budget": "sealed", "targets": "matched"})
    _come(record)
    opened = unseal_resource(actor=system_actor("平台时钟"), record=record)
    assert (opened.visibility, opened.closed, opened.opens_at) == ("public", {"targets": "matched"}, None)
    assert (opened.title, opened.region) == (CANARY, "330106")
    assert CANARY in str(read(VISITOR, opened).values)


def test_nobody_opens_a_seal_early() -> None:
    record = sealed()
    for actor in (*everybody(record), system_actor("平台时钟")):
        with pytest.raises(AccessDenied):
            unseal_resource(actor=actor, record=record)
    for actor in (make.member(record.owner), make.officer()):
        with pytest.raises(AccessDenied):
            update_resource(actor=actor, record=record, values=make.DEMAND, visibility="public")


def test_a_sealed_field_stays_so_for_its_owner_too_and_its_hour_is_not_brought_forward() -> None:
    record = make.ResourceFactory(closed={"budget": "sealed"}, opens_at=in_an_hour())
    owner = make.member(record.owner)
    assert "budget" not in read(owner, record).fields
    for change in ({"closed": {}}, {"closed": {"budget": "owner"}}, {"opens_at": timezone.now()}):
        with pytest.raises(Invalid):
            update_resource(actor=owner, record=record, values=make.DEMAND, **change)
    later = in_an_hour() + dt.timedelta(days=1)
    changed = update_resource(actor=owner, record=record, values={"problem": make.DEMAND["problem"]}, opens_at=later)
    assert (changed.opens_at, changed.values["budget"]) == (later, 50_000_000)


def test_a_seal_needs_an_hour_to_come() -> None:
    with pytest.raises(Invalid):
        make.ResourceFactory(closed={"budget": "sealed"})
    with pytest.raises(Invalid):
        make.ResourceFactory(visibility="sealed", opens_at=timezone.now())


def test_the_owner_of_what_is_sealed_can_withdraw_it() -> None:
    record = sealed()
    moved = advance_resource(actor=make.member(record.owner), record=record, event="withdraw", reason="不再需要")
    assert moved.state == "withdrawn"
    assert "已封存" in queries.audience(record)


def test_closed_fields_fill_no_column_and_no_index_entry() -> None:
    values = make.DEMAND | {"region": "330106", "holder": CANARY, "details": CANARY}
    record = make.ResourceFactory(values=values, closed={"region": "owner", OWNER: "owner", "targets": "matched"})
    assert (record.region, record.holder, record.public_owner) == ("", "", "")
    entry = indexing.entry(record)
    assert CANARY not in f"{entry}" and "出灰温度" not in f"{entry}"
    assert CANARY not in csv_of(make.officer())


def test_what_is_no_narrower_than_declared_is_not_kept_as_closed() -> None:
    record = make.ResourceFactory(closed={"budget": "members", "problem": "public", "holder": "matched"})
    assert record.closed == {OWNER: "matched"}


@pytest.mark.parametrize("closed", [{"nothing": "owner"}, {"budget": "secret"}])
def test_what_cannot_be_closed_is_refused(closed: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        make.ResourceFactory(closed=closed)


def test_a_name_that_is_kept_back_may_not_stand_in_the_public_part() -> None:
    owner = make.PartyFactory(name="云岭砺石材料有限公司")
    told = make.DEMAND | {"problem": f"云岭砺石材料有限公司的{make.DEMAND['problem']}"}
    facts = {"actor": make.member(owner), "kind": "demand", "owner": owner, "closed": {OWNER: "matched"}}
    with pytest.raises(Invalid) as refused:
        create_resource(title="石灰窑出灰", values=told, **facts)
    assert [problem.field for problem in refused.value.problems] == ["problem"]
    draft = create_resource(title="石灰窑出灰", values=told, draft=True, **facts)
    with pytest.raises(IllegalTransition, match="单位名称"):
        advance_resource(actor=make.member(owner), record=draft, event="submit", no_secrets=True)


def test_a_public_part_too_thin_to_be_found_says_what_to_add() -> None:
    thin = make.ResourceFactory(values={"problem": "见保密说明"}, closed={OWNER: "matched"})
    assert [item.field for item in layers.thin(thin)] == ["problem", "targets"]
    told = make.DEMAND | {"problem": make.DEMAND["problem"] + "出灰温度不高于 100 ℃。"}
    assert layers.thin(make.ResourceFactory(values=told, closed={"targets": "matched"})) == []
    assert layers.thin(make.ResourceFactory(values={"problem": "短"})) == []


def test_a_first_public_summary_leaves_figures_and_sums_out() -> None:
    told = "石灰窑出灰系统在高温下频繁卡料。希望灰温不高于 80 ℃。预算 50 万元。人工清理危险。"
    assert layers.public_draft(told) == "石灰窑出灰系统在高温下频繁卡料。人工清理危险。"


def test_the_owner_sees_beforehand_what_others_will() -> None:
    record = make.ResourceFactory(closed={"targets": "matched", "budget": "owner"})
    visitor = as_shown_to(record, [Visibility.PUBLIC])
    introduced = as_shown_to(record, [Visibility.PUBLIC, Visibility.MEMBERS, Visibility.MATCHED])
    assert "targets" not in visitor.values and "targets" in introduced.values
    assert "budget" not in introduced.values
    assert visitor.fields.keys() == read(VISITOR, record).fields.keys()


def test_the_worker_has_nothing_to_end_where_nothing_is_over() -> None:
    assert end_disclosures(lambda done, total: None) == 0


def test_an_own_number_stands_for_one_record_of_ones_own() -> None:
    make.ResourceFactory(source="甲", external_id="7")
    owner = make.PartyFactory()
    facts = {
        "kind": "demand",
        "title": "出灰",
        "values": make.DEMAND,
        "source": "甲",
        "external_id": "7",
        "owner": owner,
    }
    create_resource(actor=make.member(owner), **facts)
    with pytest.raises(Invalid, match="登记过"):
        create_resource(actor=make.member(owner), **facts)


def test_a_sheet_of_the_owner_says_what_is_closed_and_that_of_others_does_not() -> None:
    record = make.ResourceFactory(closed={"budget": "owner", "targets": "matched"})
    assert "预算上限；目标参数（引荐后可见）" in csv_of(make.member(record.owner))
    assert "（引荐后可见）" not in csv_of(make.officer())
