"""From a problem in somebody's own words to two parties brought together, page by page."""

import json
from collections.abc import Callable
from types import ModuleType

import pytest
from django.test import Client
from django.urls import reverse

from rongtong.domain.leads.models import Feedback, Lead
from rongtong.domain.registry.models import Resource
from rongtong.portal.suggestion import merged, suggest, target_key
from tests.factories import DEMAND, AchievementFactory, PartyFactory, ResourceFactory, manager, member

pytestmark = pytest.mark.django_db
TOLD = (
    "我厂石灰窑出灰系统在高温下频繁卡料，人工清理危险。希望研发自动出灰装置，灰温不高于 80 ℃，"
    "处理能力 20~30 t/h。不得改动窑体结构。预算 50 万元，希望与高校合作研发。"
)


@pytest.fixture
def supply(index: ModuleType) -> Resource:
    """An achievement that answers the demand of the factories, in the index beside one that does not."""
    found = AchievementFactory(title="石灰窑自动出灰装置")
    AchievementFactory(title="有机发光面板", values={"problem": "提高有机发光显示面板的寿命和亮度均匀性。"})
    index.drain()
    return found


def test_a_text_suggests_what_it_says_and_nothing_else() -> None:
    found = suggest(TOLD)
    assert [(row["name"], row["relation"], row["value"], row["unit"]) for row in found.targets] == [
        ("灰温", "<=", "80", "℃"),
        ("处理能力", "range", "20", "t/h"),
    ]
    assert (found.constraints, found.wanted, found.budget) == (["不得改动窑体结构"], ["joint"], "500000")


def test_an_edit_or_a_removal_is_not_undone_by_the_next_suggestion() -> None:
    first = suggest(TOLD).targets
    seen = {target_key(row) for row in first}
    edited = [{**first[0], "value": "60"}]
    assert merged(edited, suggest(TOLD).targets, seen, target_key) == edited


def test_reading_a_text_fills_the_form_and_answers_at_once(visitor: Client, supply: Resource) -> None:
    body = visitor.post(reverse("portal:reading"), {"text": TOLD}).content.decode()
    assert 'value="灰温"' in body and "石灰窑自动出灰装置" in body


def test_a_removed_target_stays_removed_while_one_goes_on_writing(visitor: Client, index: ModuleType) -> None:
    first = visitor.post(reverse("portal:reading"), {"text": TOLD})
    body = visitor.post(
        reverse("portal:reading"), {"text": TOLD + "另外", "seen": first.context["seen"]}
    ).content.decode()
    assert 'value="灰温"' not in body
    assert json.loads(first.context["seen"])


def test_what_a_visitor_wrote_waits_for_them_behind_the_sign_in(visitor: Client, index: ModuleType) -> None:
    answer = visitor.post(reverse("portal:describe"), {"text": TOLD, "title": "自动出灰"})
    assert answer.url.startswith(reverse("portal:sign-in"))
    assert TOLD in visitor.get(reverse("portal:describe")).content.decode()


def test_a_described_demand_is_saved_as_a_draft_of_ones_organisation(
    signed_in: Callable[..., Client], index: ModuleType
) -> None:
    owner = PartyFactory()
    client = signed_in(member(owner))
    answer = client.post(
        reverse("portal:describe"),
        {
            "text": TOLD,
            "title": "自动出灰",
            "targets.name": ["灰温"],
            "targets.relation": ["<="],
            "targets.value": ["80"],
            "targets.high": [""],
            "targets.unit": ["℃"],
            "targets.must": ["must"],
        },
    )
    record = Resource.objects.get()
    assert answer.url == reverse("portal:match", args=(record.pk,))
    assert (record.state, record.owner, record.holder) == ("draft", owner, owner.name)
    assert record.values["targets"][0]["name"] == "灰温"


def test_the_match_page_opens_on_the_verdict_and_shows_why(visitor: Client, supply: Resource) -> None:
    demand = ResourceFactory()
    answer = visitor.get(reverse("portal:match", args=(demand.pk,)))
    body = answer.content.decode()
    assert body.index("verdict-line") < body.index("answer-title")
    assert "<mark>" in body
    assert answer.context["result"].answers[0].record == supply


def test_a_point_that_is_switched_off_no_longer_counts(visitor: Client, supply: Resource) -> None:
    demand = ResourceFactory()
    address = reverse("portal:match", args=(demand.pk,))
    everything = visitor.get(address).context["result"].answers[0]
    without = visitor.get(address, {"chosen": "1"}).context["result"].answers[0]
    assert [row.name for row in everything.parameters] == ["出灰温度"]
    assert without.parameters == []


def test_an_achievement_asks_for_the_demands_it_could_answer(visitor: Client, index: ModuleType) -> None:
    demand, supply = ResourceFactory(), AchievementFactory()
    index.drain()
    answer = visitor.get(reverse("portal:match", args=(supply.pk,)))
    assert [card.record for card in answer.context["result"].answers] == [demand]
    assert "哪些需求可以用上它" in answer.content.decode()


def test_nothing_suitable_is_said_plainly(visitor: Client, index: ModuleType) -> None:
    demand = ResourceFactory()
    body = visitor.get(reverse("portal:match", args=(demand.pk,))).content.decode()
    assert "这里没有合适的供给。" in body


def test_a_judgement_is_kept_and_shown(signed_in: Callable[..., Client], supply: Resource) -> None:
    demand = ResourceFactory()
    client = signed_in(member(demand.owner))
    said = {"verdict": "not_useful", "reason": "stage", "probability": "0.4", "of": str(supply.pk)}
    body = client.post(reverse("portal:feedback", args=(demand.pk, supply.pk)), said).content.decode()
    assert "成熟度不够" in body
    assert Feedback.objects.get().reason == "stage"
    assert "成熟度不够" in client.get(reverse("portal:match", args=(demand.pk,))).content.decode()


def test_an_introduction_makes_one_lead_and_leads_to_it(signed_in: Callable[..., Client], supply: Resource) -> None:
    demand = ResourceFactory()
    client = signed_in(member(demand.owner))
    address = reverse("portal:introduce", args=(demand.pk, supply.pk))
    answer = client.post(address, {"probability": "0.4"}, headers={"HX-Request": "true"})
    client.post(address)
    lead = Lead.objects.get()
    assert answer.headers["HX-Redirect"] == reverse("portal:lead", args=(lead.pk,))
    assert (lead.state, lead.probability) == ("demand_interested", 0.4)


def test_both_sides_walk_a_lead_to_its_signature(signed_in: Callable[..., Client]) -> None:
    demand, supply = ResourceFactory(), AchievementFactory()
    asks, offers = signed_in(member(demand.owner)), signed_in(member(supply.owner))
    asks.post(reverse("portal:introduce", args=(demand.pk, supply.pk)))
    lead = Lead.objects.get()
    address = reverse("portal:advance-lead", args=(lead.pk,))
    offers.post(address, {"event": "supply_accept"})
    asks.post(address, {"event": "negotiate"})
    asks.post(address, {"event": "win"})
    lead.refresh_from_db()
    assert lead.state == "won"
    assert "这条线索已经结束" in asks.get(reverse("portal:lead", args=(lead.pk,))).content.decode()


def test_a_stranger_is_not_offered_to_introduce(signed_in: Callable[..., Client], supply: Resource) -> None:
    demand = ResourceFactory()
    address = reverse("portal:match", args=(demand.pk,))
    shown = {
        who: "引荐</button>" in signed_in(actor).get(address).content.decode()
        for who, actor in {"stranger": member(), "own": member(demand.owner), "manager": manager()}.items()
    }
    assert shown == {"stranger": False, "own": True, "manager": True}


def test_two_answers_stand_side_by_side(visitor: Client, index: ModuleType) -> None:
    pair = AchievementFactory.create_batch(2)
    index.drain()
    demand = ResourceFactory()
    answer = visitor.get(reverse("portal:compare", args=(demand.pk,)), {"with": [str(each.pk) for each in pair]})
    assert [card.record for card in answer.context["answers"]] == pair


def test_comparing_one_leads_back_to_the_match(visitor: Client, supply: Resource) -> None:
    demand = ResourceFactory()
    answer = visitor.get(reverse("portal:compare", args=(demand.pk,)), {"with": [str(supply.pk)]})
    assert answer.url == reverse("portal:match", args=(demand.pk,))


def test_the_report_names_source_and_time(visitor: Client, supply: Resource) -> None:
    demand = ResourceFactory()
    body = visitor.get(reverse("portal:report", args=(demand.pk,))).content.decode()
    assert "依据本平台登记册" in body and "石灰窑自动出灰装置" in body


def test_search_ranks_and_narrows(visitor: Client, supply: Resource) -> None:
    answer = visitor.get(reverse("portal:search"), {"q": "石灰窑出灰"})
    assert answer.context["rows"][0][0] == supply
    narrowed = visitor.get(reverse("portal:search"), {"q": "石灰窑出灰", "kind": "expert"})
    assert narrowed.context["total"] == 0
    assert "没有找到" in narrowed.content.decode()


def test_a_demand_of_one_sentence_can_be_described_from_the_address(visitor: Client, supply: Resource) -> None:
    body = visitor.get(reverse("portal:describe"), {"text": DEMAND["problem"]}).content.decode()
    assert "石灰窑自动出灰装置" in body
