"""A record in two layers on its pages: who asks, who grants, and that words of the closed part stand in no answer."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from typer.testing import CliRunner

from rongtong.cli.main import app
from rongtong.domain.foundation.actors import VISITOR, Actor, Role
from rongtong.domain.foundation.models import ProvisionEvent
from rongtong.domain.leads.models import Lead
from rongtong.domain.parties.models import Account
from rongtong.domain.registry.disclosing import agreement
from rongtong.domain.registry.models import OWNER, Disclosure, Resource
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CANARY = "翡翠山雀"
RANDOM = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[A-Za-z0-9]{64}\b|\d+\.\d{4,}(?:e-?\d+)?")
"""Identifiers, tokens, the long fractions of weights and probabilities, and those of a second in a time."""
NAME = "云岭碧玺精工有限公司"
PROBLEM = make.DEMAND["problem"]
SECRET = f"{CANARY}法出灰：石灰窑出灰系统在高温下频繁卡料，窑压 37.5 kPa，自动出灰。"


def layered(**facts: Any) -> Resource:
    values = {"problem": PROBLEM, "details": SECRET, "budget": "77万元", "holder": NAME, "current": CANARY}
    values["targets"] = [{"name": f"{CANARY}温度", "relation": "<=", "value": "137", "unit": "℃"}]
    closed = {"targets": "matched", "budget": "owner", "current": "owner", OWNER: "matched"}
    owner = make.PartyFactory(name=NAME)
    facts = {"title": "石灰窑自动出灰", "source": NAME, "external_id": "D-1"} | facts
    return make.ResourceFactory(values=values, closed=closed, owner=owner, **facts)


def outsiders() -> list[Actor]:
    roles = (Role.EXPERT, Role.ANALYST, Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)
    return [make.member(), make.administrator(), make.manager(), make.officer(), *map(make.holder, roles)]


def pages(demand: Resource, supply: Resource, lead: Lead) -> Iterator[str]:
    """Every page on which the record, its matches or its lead may stand."""
    for record in (demand, supply):
        for name in ("record", "drawer", "edit", "preview"):
            yield reverse(f"portal:{name}", args=(record.kind, record.pk))
        for name in ("match", "report"):
            yield reverse(f"portal:{name}", args=(record.pk,))
        yield reverse("portal:list", args=(record.kind,))
        yield reverse("portal:export-file", args=(record.kind, "csv"))
    yield f"{reverse('portal:match', args=(supply.pk,))}?group=demand"
    yield reverse("portal:lead", args=(lead.pk,))
    for name in ("home", "workbench", "my-demands", "my-leads", "disclosures", "resources", "figures"):
        yield reverse(f"portal:{name}")
    for words in (CANARY, "出灰", NAME, "137", "77"):
        yield f"{reverse('portal:search')}?q={words}"
        yield f"{reverse('portal:list', args=('demand',))}?q={words}&columns=budget&columns=holder&columns=current"
        yield f"{reverse('portal:list', args=('demand',))}?holder={words}"


def calls(demand: Resource, supply: Resource, lead: Lead) -> Iterator[str]:
    """Every operation of the API that may answer with it."""
    yield from ("resources", "leads", "disclosures", f"leads/{lead.pk}", f"search?q={CANARY}", "search?q=出灰")
    for record in (demand, supply):
        yield from (f"resources/{record.pk}", f"resources/{record.pk}/matches?explain=true")
        yield from (f"resources/{record.pk}/history", f"resources/{record.pk}/agreement")


def gives_away(body: str) -> set[str]:
    """Which of the closed words stand in an answer; what was asked is not an answer, nor digits of random numbers."""
    body = RANDOM.sub("", body)
    return {word for word in (CANARY, "137", "77万", "77 万", "770000", NAME, "37.5") if word in body}


@pytest.fixture
def scene(index: ModuleType) -> tuple[Resource, Resource, Lead]:
    """A demand in two layers, a supply that answers it, and the lead the platform made of them."""
    demand, supply = (
        layered(),
        make.AchievementFactory(values={"problem": "石灰窑出灰系统在高温下频繁卡料，自动出灰。"}),
    )
    index.drain()
    return demand, supply, make.LeadFactory(demand=demand, candidate=supply, grounds={"blind": True})


def test_words_of_the_closed_part_stand_on_no_page_of_anybody_else(
    scene: tuple[Resource, Resource, Lead], signed_in: Callable[..., Client]
) -> None:
    found = {}
    for actor in (VISITOR, make.member(scene[1].owner), *outsiders()):
        client = signed_in(actor) if actor.signed_in else Client()
        for address in pages(*scene):
            body = _without_what_was_asked(client.get(address))
            if words := gives_away(body):
                found[tuple(actor.roles), address] = words
    assert found == {}


def _without_what_was_asked(response: Any) -> str:
    """The answer's text without the words of the question, which the page repeats in its boxes and links."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    body = content.decode(errors="replace")
    for asked in {value for values in response.wsgi_request.GET.lists() for value in values[1]}:
        body = body.replace(asked, "").replace(json.dumps(asked)[1:-1], "")
    return body


def test_words_of_the_closed_part_stand_in_no_answer_of_the_interface(scene: tuple[Resource, Resource, Lead]) -> None:
    found = {}
    for actor in (VISITOR, make.member(scene[1].owner), *outsiders()):
        secret = make.ApiKeyFactory(account=Account.objects.get(pk=actor.account)).secret if actor.signed_in else ""
        client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})
        for call in calls(*scene):
            if words := gives_away(client.get(f"/api/v1/{call}").content.decode()):
                found[tuple(actor.roles), call] = words
    assert found == {}


def test_words_of_the_closed_part_stand_in_no_answer_of_the_command_line(
    scene: tuple[Resource, Resource, Lead],
) -> None:
    for actor in (make.member(scene[1].owner), *outsiders()):
        name = Account.objects.get(pk=actor.account).username
        for command in (
            ["match", "石灰窑出灰高温卡料", "--kind", "demand", "--json", "--as", name],
            ["match", "石灰窑出灰高温卡料", "--kind", "demand", "--as", name],
            ["export", "demand", "--as", name],
        ):
            assert gives_away(CliRunner().invoke(app, command).output) == set(), (actor.roles, command)


def test_the_owner_reads_all_of_it_and_the_reasons(
    scene: tuple[Resource, Resource, Lead], signed_in: Callable[..., Client]
) -> None:
    demand, supply, lead = scene
    owner, other = signed_in(make.member(demand.owner)), signed_in(make.member(supply.owner))
    body = owner.get(reverse("portal:record", args=("demand", demand.pk))).content.decode()
    assert {CANARY, NAME} <= gives_away(body) and "公开摘要" in body and "还没有人申请查看" in body
    assert "平台为什么推荐" in owner.get(reverse("portal:lead", args=(lead.pk,))).content.decode()
    told = other.get(reverse("portal:lead", args=(lead.pk,))).content.decode()
    assert "理由不公开；可以申请查看" in told and "likelihood" not in told


def test_asking_granting_reading_and_revoking_on_the_pages(signed_in: Callable[..., Client]) -> None:
    demand, stranger = layered(), make.member()
    candidate, owner = signed_in(stranger), signed_in(make.administrator(demand.owner))
    page = reverse("portal:record", args=("demand", demand.pk))
    body = candidate.get(page).content.decode()
    assert "申请查看" in body and "保密说明" in body and "评估" not in body
    given = {"purpose": "评估能否解决", "accepts": agreement.version(), "fields": ["details", "targets"]}
    for _double_click in range(2):
        candidate.post(reverse("portal:ask", args=("demand", demand.pk)), given)
    asked = Disclosure.objects.get()
    assert "有人申请查看保密部分" in owner.get(reverse("portal:workbench")).content.decode()
    assert "评估能否解决" in owner.get(page).content.decode()
    terms = {"fields": ["details"], "ends": "2027-01-15T18:00"}
    owner.post(reverse("portal:grant", args=(asked.pk,)), terms)
    body = candidate.get(page).content.decode()
    assert SECRET in body and f"{CANARY}温度" not in body
    assert ProvisionEvent.objects.filter(account=stranger.account, details__ground="所属单位同意向贵单位披露").exists()
    assert "查看过 1 次" in owner.get(page).content.decode()
    owner.post(reverse("portal:advance-disclosure", args=(asked.pk,)), {"event": "revoke", "reason": "另有安排"})
    body = candidate.get(page).content.decode()
    assert CANARY not in body and "另有安排" in body
    assert "已收回" in candidate.get(reverse("portal:disclosures")).content.decode()


def test_who_may_not_decide_is_refused(signed_in: Callable[..., Client]) -> None:
    demand = layered()
    make.administrator(demand.owner)
    stranger = make.member()
    given = {"purpose": "看", "accepts": agreement.version(), "fields": "details"}
    signed_in(stranger).post(reverse("portal:ask", args=("demand", demand.pk)), given)
    asked = Disclosure.objects.get()
    terms = {"fields": ["details"], "ends": "2027-01-15T18:00"}
    assert signed_in(stranger).post(reverse("portal:grant", args=(asked.pk,)), terms).status_code == 403
    assert (
        signed_in(make.member(demand.owner)).post(reverse("portal:grant", args=(asked.pk,)), terms).status_code == 403
    )
    assert signed_in(make.member()).post(reverse("portal:grant", args=(asked.pk,)), terms).status_code == 404


def test_a_form_says_beside_each_field_who_may_read_it(signed_in: Callable[..., Client]) -> None:
    record = make.ResourceFactory()
    client = signed_in(make.member(record.owner))
    address = reverse("portal:edit", args=("demand", record.pk))
    body = client.get(address).content.decode()
    assert 'name="closed.targets"' in body and 'name="closed.owner"' in body
    data = {"title": record.title, "problem": PROBLEM, "budget": "50万元", "revision": record.revision}
    client.post(address, data | {"closed.budget": "owner", "closed.owner": "matched", "closed.problem": ""})
    record.refresh_from_db()
    assert record.closed == {"budget": "owner", OWNER: "matched"}
    client.post(address, data | {"revision": record.revision})  # a form that does not ask changes nothing of it
    record.refresh_from_db()
    assert record.closed == {"budget": "owner", OWNER: "matched"}
    assert 'name="closed.targets"' not in signed_in(make.officer()).get(address).content.decode()


def test_the_hour_of_a_seal_is_that_of_the_place(signed_in: Callable[..., Client]) -> None:
    record = make.ResourceFactory()
    client = signed_in(make.member(record.owner))
    data = {"title": record.title, "problem": PROBLEM, "budget": "50万元", "closed.budget": "sealed"}
    client.post(reverse("portal:edit", args=("demand", record.pk)), data | {"opens_at": "2027-03-01T09:00"})
    record.refresh_from_db()
    assert record.opens_at is not None and record.opens_at.isoformat() == "2027-03-01T01:00:00+00:00"


def test_what_is_sealed_has_no_title_on_any_page_of_its_owner(signed_in: Callable[..., Client]) -> None:
    record = make.ResourceFactory(title=CANARY, visibility="sealed", opens_at=_far())
    client = signed_in(make.member(record.owner))
    for address in (
        reverse("portal:record", args=("demand", record.pk)),
        reverse("portal:list", args=("demand",)),
        reverse("portal:workbench"),
        reverse("portal:my-demands"),
        reverse("portal:match", args=(record.pk,)),
    ):
        assert CANARY not in client.get(address).content.decode(), address
    assert "已封存，至" in client.get(reverse("portal:record", args=("demand", record.pk))).content.decode()


def _far() -> dt.datetime:
    return dt.datetime(2027, 3, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize("reader", ["visitor", "member", "introduced"])
def test_the_owner_sees_what_others_will(reader: str, signed_in: Callable[..., Client]) -> None:
    record = layered()
    address = f"{reverse('portal:preview', args=('demand', record.pk))}?as={reader}"
    body = signed_in(make.member(record.owner)).get(address).content.decode()
    assert (f"{CANARY}温度" in body) == (reader == "introduced")
    assert SECRET not in body
    assert signed_in(make.member()).get(address).status_code == 403


def test_a_described_demand_is_kept_in_two_layers(signed_in: Callable[..., Client]) -> None:
    actor = make.member()
    told = "石灰窑出灰系统在高温下频繁卡料，人工清理危险。希望灰温不高于 80 ℃。预算 50 万元。"
    given = {"text": told, "title": "石灰窑出灰", "keep": ["targets", "budget", "owner"], "public": ""}
    signed_in(actor).post(reverse("portal:describe"), given)
    record = Resource.objects.get()
    assert record.closed == {"targets": "matched", "budget": "owner", OWNER: "matched"}
    assert record.values["details"] == told and "80" not in record.values["problem"]


def test_a_reviewer_is_assigned_on_the_page(signed_in: Callable[..., Client]) -> None:
    record = make.ResourceFactory(closed={"budget": "panel"})
    reviewer = make.holder(Role.EXPERT)
    account = Account.objects.get(pk=reviewer.account)
    client = signed_in(make.officer())
    client.post(
        reverse("portal:convene", args=("demand", record.pk)),
        {"account": account.username, "ends": "2026-12-20T18:00", "purpose": "需求论证"},
    )
    body = signed_in(reviewer).get(reverse("portal:record", args=("demand", record.pk))).content.decode()
    assert "50" in body and "评审查阅" in body
