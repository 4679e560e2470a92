"""A topic's pages: written from a demand, argued, published and read, and who is shown what."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.errors import IllegalTransition
from rongtong.domain.foundation.models import AuditEvent, SealedBox
from rongtong.domain.parties.models import Account
from rongtong.domain.programmes import overlap
from rongtong.domain.programmes.actions import calls
from rongtong.domain.programmes.models import Argument, Examiner, Programme, Topic
from rongtong.domain.programmes.overlap import overlaps
from tests.factories import (
    PLATFORM,
    PartyFactory,
    ResourceFactory,
    RoleGrantFactory,
    holder,
    member,
    officer,
    supervisor,
)
from tests.foundation.sealing.scene import enrolled
from tests.programmes.factories import ProgrammeFactory, TopicFactory
from tests.programmes.test_calls import argued, expert

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def running(**facts: object) -> Programme:
    return calls.advance_programme(actor=PLATFORM, programme=ProgrammeFactory(**facts), event="start")


def published(**facts: object) -> Topic:
    """A topic on the list with its box."""
    topic = argued(TopicFactory(programme=facts.pop("programme", None) or running(), **facts))
    officers, keys, _passphrases = enrolled(2)
    topic = calls.make_box(actor=officers[0], topic=topic, custodians=keys)
    return calls.advance_topic(actor=officers[0], topic=topic, event="publish")


def written(**changed: str) -> dict[str, object]:
    """What a clerk types into the form."""
    opens = timezone.localtime() + dt.timedelta(days=40)
    given = {
        "title": "石灰窑自动出灰",
        "problem": "石灰窑出灰系统在高温下频繁卡料，需要自动出灰的装置与控制方法。",
        "targets.name": ["出灰温度", ""], "targets.relation": ["<=", ">="], "targets.value": ["80", ""],
        "targets.high": ["", ""], "targets.unit": ["℃", ""], "targets.must": ["must", "must"],
        "setter_money": "300万元", "public_money": "", "payments": "30%、40%、30%", "winners": "1",
        "minimum_bids": "3", "months": "18", "opens_at": opens.strftime("%Y-%m-%dT%H:%M"),
        "closes_at": (opens + dt.timedelta(days=30)).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    return given | changed


def page_of(topic: Topic, name: str = "topic") -> str:
    return reverse(f"portal:{name}", args=(topic.pk,))


def test_a_demand_becomes_a_topic_and_shows_it(signed_in: SignIn) -> None:
    clerk, demand, programme = signed_in(officer()), ResourceFactory(), running()
    body = clerk.get(reverse("portal:record", args=("demand", demand.pk))).content.decode()
    address = f"{reverse('portal:new-topic')}?demand={demand.pk}"
    assert address in body
    form = clerk.get(address).content.decode()
    assert (demand.title in form, "出灰温度" in form, demand.owner.name in form) == (True, True, True)
    given = written(demand=str(demand.pk), programme=str(programme.pk))
    answer = clerk.post(reverse("portal:new-topic"), given)
    topic = Topic.objects.get()
    assert answer.headers["Location"] == page_of(topic)
    assert (topic.setter, topic.setter_money, topic.public_money) == (demand.owner, 300_000_000, 0)
    assert (topic.payments, topic.months, topic.metrics[0]["value"]) == (["3/10", "2/5", "3/10"], 18, "80")
    assert timezone.localtime(topic.opens_at).strftime("%Y-%m-%dT%H:%M") == given["opens_at"]
    body = clerk.get(reverse("portal:record", args=("demand", demand.pk))).content.decode()
    assert page_of(topic) in body
    assert demand.title in clerk.get(page_of(topic)).content.decode()


def test_the_topics_of_a_demand_are_those_one_may_view(visitor: Client) -> None:
    topic = TopicFactory()
    demand = topic.demands.get()
    address = reverse("portal:record", args=("demand", demand.pk))
    assert page_of(topic) not in visitor.get(address).content.decode()
    Topic.objects.filter(pk=topic.pk).update(state="published")
    assert page_of(topic) in visitor.get(address).content.decode()


def test_a_refused_form_keeps_what_was_typed_and_names_every_fault(signed_in: SignIn) -> None:
    clerk, demand, programme = signed_in(officer()), ResourceFactory(), running()
    given = written(
        demand=str(demand.pk), programme=str(programme.pk), title="", payments="三成", winners="7",
        setter="没有这家公司", setter_money="很多", closes_at="2020-01-01T00:00",
    )  # fmt: skip
    answer = clerk.post(reverse("portal:new-topic"), given)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert all(said in body for said in ("名称必填", "“三成”读不出比例", "没有找到这个单位", "应为金额"))
    assert all(f'value="{kept}"' in body for kept in ("三成", "没有这家公司", "很多"))
    assert not Topic.objects.exists()
    answer = clerk.post(reverse("portal:new-topic"), written(demand=str(demand.pk), programme=str(programme.pk)) | {
        "winners": "7", "closes_at": "2020-01-01T00:00"
    })  # fmt: skip
    body = answer.content.decode()
    assert all(said in body for said in ("“立项数”应在 1 到 1 之间", "截止时间应晚于"))


def test_demands_are_found_and_combined_without_script(signed_in: SignIn) -> None:
    clerk, programme = signed_in(officer()), running()
    one, two = ResourceFactory(), ResourceFactory(title="窑炉余热回收")
    found = clerk.post(reverse("portal:new-topic"), written(demand=str(one.pk), find="1", find_q="余热"))
    body = found.content.decode()
    assert (found.status_code, two.title in body, "石灰窑自动出灰" in body) == (200, True, True)
    clerk.post(
        reverse("portal:new-topic"), written(programme=str(programme.pk)) | {"demand": [str(one.pk), str(two.pk)]}
    )
    assert set(Topic.objects.get().demands.all()) == {one, two}


def test_enter_in_a_box_of_the_form_saves_and_in_the_search_box_finds(signed_in: SignIn) -> None:
    """A browser presses the first submit button of a form; the search box names the one it presses."""
    running()
    body = signed_in(officer()).get(reverse("portal:new-topic")).content.decode()
    form = next(each for each in re.findall(r"<form.*?</form>", body, re.S) if 'name="title"' in each)
    first, *others = re.findall(r"<button([^>]*)>", form)
    assert 'name="' not in first
    search = re.search(r'<input id="t-find"[^>]*data-enter="([^"]+)"', form)
    assert search
    assert [f'id="{search[1]}"' in each for each in others if 'name="find"' in each] == [True]


def test_a_setter_drafts_from_its_own_demands_alone(signed_in: SignIn) -> None:
    owner, programme = PartyFactory(), running()
    mine, other = ResourceFactory(owner=owner), ResourceFactory()
    client = signed_in(member(owner))
    answer = client.post(
        reverse("portal:new-topic"), written(programme=str(programme.pk), setter=other.owner.name) | {
            "demand": [str(mine.pk), str(other.pk)]
        }
    )  # fmt: skip
    assert answer.status_code == 422
    assert "不是本单位的需求" in answer.content.decode()
    client.post(reverse("portal:new-topic"), written(programme=str(programme.pk), demand=str(mine.pk)))
    topic = Topic.objects.get()
    assert topic.setter == owner
    assert client.get(page_of(topic, "edit-topic")).status_code == 200
    assert signed_in(member()).get(page_of(topic, "edit-topic")).status_code == 404


def test_a_draft_is_not_found_by_others_and_is_noted_when_shown(signed_in: SignIn, visitor: Client) -> None:
    topic = TopicFactory()
    for client in (visitor, signed_in(member())):
        assert client.get(page_of(topic)).status_code == 404
    for actor in (officer(), supervisor(), member(topic.setter)):
        assert signed_in(actor).get(page_of(topic)).status_code == 200


def test_what_is_missing_stands_on_the_page_before_anybody_clicks(signed_in: SignIn) -> None:
    topic = TopicFactory(metrics=[], payments=["1/2"])
    body = signed_in(officer()).get(page_of(topic)).content.decode()
    assert "可测的指标" in body
    assert "相加应为 100%" in body
    assert 'value="submit"' not in body


def test_a_topic_goes_from_draft_to_the_list_by_its_pages(signed_in: SignIn) -> None:
    topic = TopicFactory(programme=running())
    officers, keys, _passphrases = enrolled(2)
    clerk, advance = signed_in(officers[0]), page_of(topic, "advance-topic")
    assert clerk.post(advance, {"event": "submit", "seen_state": "drafting"}).status_code == 302
    for _number in range(3):
        examined = signed_in(holder(Role.EXPERT))
        assert topic.title in examined.get(page_of(topic, "argue-topic")).content.decode()
        assert examined.post(page_of(topic, "argue-topic"), {"verdict": "support", "opinion": ""}).status_code == 422
        assert (
            examined.post(page_of(topic, "argue-topic"), {"verdict": "support", "opinion": "值得做"}).status_code == 302
        )
        assert examined.post(page_of(topic, "argue-topic"), {"verdict": "oppose", "opinion": "再说"}).status_code == 422
    assert Argument.objects.count() == 3
    assert clerk.post(advance, {"event": "approve", "seen_state": "argued"}).status_code == 302
    assert clerk.post(page_of(topic, "make-box"), {"custodian": str(keys[0].pk)}).status_code == 422
    chosen = {"custodian": [str(key.pk) for key in keys]}
    assert clerk.post(page_of(topic, "make-box"), chosen).status_code == 302
    assert clerk.post(page_of(topic, "make-box"), chosen).status_code == 302
    assert sorted(SealedBox.objects.values_list("state", flat=True)) == ["abandoned", "open"]
    assert clerk.post(advance, {"event": "publish", "seen_state": "approved"}).status_code == 302
    topic.refresh_from_db()
    assert (topic.state, topic.number) == ("published", f"{timezone.localdate().year}-001")
    assert clerk.post(advance, {"event": "publish", "seen_state": "approved"}).status_code in (409, 422)


def test_only_the_steps_of_its_page_are_taken_there(signed_in: SignIn) -> None:
    topic = TopicFactory()
    Topic.objects.filter(pk=topic.pk).update(state="noticed")
    assert signed_in(officer()).post(page_of(topic, "advance-topic"), {"event": "award"}).status_code == 404


def test_an_expert_bound_to_the_setter_steps_aside() -> None:
    topic = calls.advance_topic(actor=PLATFORM, topic=TopicFactory(), event="submit")
    bound = holder(Role.EXPERT)
    RoleGrantFactory(account=Account.objects.get(pk=bound.account), party=topic.setter)
    with pytest.raises(IllegalTransition, match="回避"):
        calls.argue_topic(actor=bound, topic=topic, verdict="support", opinion="值得做")


def test_examiners_are_named_and_taken_back(signed_in: SignIn) -> None:
    topic, user, clerk = TopicFactory(), PartyFactory(), signed_in(officer())
    address = page_of(topic, "appoint-examiner")
    assert clerk.post(address, {"party": topic.setter.name}).status_code == 422
    assert clerk.post(address, {"party": "没有这家"}).status_code == 422
    assert clerk.post(address, {"party": user.name}).status_code == 302
    assert user.name in clerk.get(page_of(topic)).content.decode()
    assert clerk.post(address, {"dismiss": str(user.pk)}).status_code == 302
    assert not Examiner.objects.exists()
    assert signed_in(member(topic.setter)).post(address, {"party": user.name}).status_code == 403


def test_a_topic_like_one_on_the_list_is_answered_before_approval(signed_in: SignIn) -> None:
    before = TopicFactory(title="石灰窑高温自动出灰成套技术")
    Topic.objects.filter(pk=before.pk).update(state="open", number="2026-001")
    topic = calls.advance_topic(actor=PLATFORM, topic=TopicFactory(title="石灰窑高温自动出灰技术"), event="submit")
    for each in range(3):
        calls.argue_topic(actor=expert(each), topic=topic, verdict="support", opinion="值得做")
    clerk = signed_in(officer())
    body = clerk.get(page_of(topic)).content.decode()
    assert before.title in body
    assert "1 个相近榜题还没有说明" in body
    assert clerk.post(page_of(topic, "answer-overlap"), {"answer": " "}).status_code == 422
    assert clerk.post(page_of(topic, "answer-overlap"), {"answer": "前者只做装置，本题做控制。"}).status_code == 302
    assert calls.advance_topic(actor=PLATFORM, topic=topic, event="approve").state == "approved"


def test_what_is_passed_over_at_a_glance_is_never_alike() -> None:
    titles = (
        "石灰窑高温自动出灰技术",
        "石灰窑出灰",
        "LiFePO4 batteries 回收",
        "LiFePO4 battery 回收技术",
        "出灰出灰出灰",
        "窑",
        "",
    )
    near = [(one, other) for one in titles for other in titles if overlap._Title(one).alike(other) >= overlap.NEAR]
    assert ("LiFePO4 batteries 回收", "LiFePO4 battery 回收技术") in near
    assert all(overlap._Title(one).may_be_near(other) for one, other in near)
    assert not overlap._Title(titles[0]).may_be_near("锂电池隔膜涂布")


def test_the_same_demand_counts_as_overlap_and_a_predecessor_does_not() -> None:
    demand = ResourceFactory()
    before = TopicFactory(title="甲", demands=[demand])
    Topic.objects.filter(pk=before.pk).update(state="closed", number="2026-001")
    other = TopicFactory(title="完全不同的题目", demands=[demand])
    assert [(each.topic.pk, each.same_demand) for each in overlaps(other)] == [(before.pk, True)]
    fresh = calls.reissue_topic(actor=PLATFORM, topic=before, reason="不足三份")
    assert overlaps(fresh) == []


def test_sent_back_it_is_argued_anew(signed_in: SignIn) -> None:
    topic = argued(TopicFactory())
    topic = calls.advance_topic(actor=PLATFORM, topic=topic, event="return", reason="指标要改")
    calls.edit_topic(actor=PLATFORM, topic=topic, title="改过的题目")
    topic = calls.advance_topic(actor=PLATFORM, topic=topic, event="submit")
    with pytest.raises(IllegalTransition, match="现有 0 位"):
        calls.advance_topic(actor=PLATFORM, topic=topic, event="approve")
    assert "对修改前的文本" in signed_in(officer()).get(page_of(topic)).content.decode()


def test_under_argument_only_its_times_move() -> None:
    topic = calls.advance_topic(actor=PLATFORM, topic=TopicFactory(), event="submit")
    with pytest.raises(IllegalTransition, match="只能改受理时间"):
        calls.edit_topic(actor=PLATFORM, topic=topic, title="另一题")
    later = topic.closes_at + dt.timedelta(days=3)
    assert calls.edit_topic(actor=PLATFORM, topic=topic, closes_at=later).closes_at == later


def test_two_clerks_at_once_do_not_overwrite_each_other(signed_in: SignIn) -> None:
    topic, clerk = TopicFactory(), signed_in(officer())
    seen = topic.updated_at.isoformat()
    demand = str(topic.demands.get().pk)
    first = clerk.post(page_of(topic, "edit-topic"), written(seen=seen, demand=demand, title="先改的"))
    second = clerk.post(page_of(topic, "edit-topic"), written(seen=seen, demand=demand, title="后改的"))
    assert (first.status_code, second.status_code) == (302, 422)
    assert "后改的" in second.content.decode()
    topic.refresh_from_db()
    assert topic.title == "先改的"


def test_a_topic_is_read_printed_and_shared_by_anybody(visitor: Client, signed_in: SignIn) -> None:
    topic = published()
    body = visitor.get(page_of(topic)).content.decode()
    for said in (
        topic.problem,
        "出灰温度",
        "30 万元",
        "30 %",
        "技术路线可行性",
        "国家自然科学基金条例",
        topic.setter.name,
    ):
        assert said in body
    for hidden in ("论证意见", "阅卷人", "封存箱", "历史", "相近榜题"):
        assert f"<h2>{hidden}" not in body
    assert f"http://localhost{page_of(topic)}" in body
    picture = visitor.get(page_of(topic, "topic-picture"))
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/svg+xml")


def test_a_page_of_a_topic_costs_no_more_for_more(signed_in: SignIn) -> None:
    topic = calls.advance_topic(actor=PLATFORM, topic=TopicFactory(), event="submit")
    clerk = signed_in(officer())

    def cost() -> int:
        clerk.get(page_of(topic))
        with CaptureQueriesContext(connection) as queries:
            clerk.get(page_of(topic))
        return len(queries)

    def more(number: int) -> None:
        calls.argue_topic(actor=expert(number), topic=topic, verdict="doubt", opinion="有疑问")
        calls.appoint_examiner(actor=PLATFORM, topic=topic, party=PartyFactory())
        topic.demands.add(ResourceFactory())

    more(1)
    one = cost()
    more(2)
    more(3)
    assert cost() == one


def test_reissue_begins_a_draft_that_follows(signed_in: SignIn) -> None:
    topic = published()
    Topic.objects.filter(pk=topic.pk).update(state="closed")
    answer = signed_in(officer()).post(page_of(topic, "reissue-topic"), {"reason": "不足三份"})
    fresh = Topic.objects.get(follows=topic)
    assert answer.headers["Location"] == page_of(fresh)
    assert (fresh.state, fresh.number, fresh.title, fresh.region) == ("drafting", "", topic.title, topic.region)
    assert AuditEvent.objects.filter(action="programmes.return_submissions").exists()
