"""The pages of the review: the bureau plans, draws and puts together; a reviewer answers, reads, marks and signs."""

import datetime as dt
import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.models import ProvisionEvent
from rongtong.domain.parties.models import Account
from rongtong.domain.programmes.actions.rounds import answer_seat, open_round, recuse_seat
from rongtong.domain.programmes.models import Review, Round, Seat, Submission, Topic
from rongtong.engines.review import read_record, verify
from tests.factories import PLATFORM, PartyFactory, member, officer, supervisor
from tests.portal.test_english import chinese_in
from tests.programmes.panels import (
    CRITERIA,
    accepted,
    account_actor,
    aggregated,
    bid,
    checked_topic,
    drawn,
    marked,
    opened,
    planned,
    reviewer,
    reviewers,
    sign,
)

pytestmark = pytest.mark.django_db


def client_of(actor: Actor, language: str = "zh-CN") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def body(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"portal:{name}", args=args))
    assert answer.status_code == 200, answer.content.decode()[:500]
    return str(answer.content.decode())


def read_aloud(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def first_review(round_: Round) -> tuple[Review, Client]:
    seat = round_.seats.order_by("pk")[0]
    review = seat.reviews.order_by("pk")[0]
    return review, client_of(account_actor(seat.account))


def form(**more: str) -> dict[str, str]:
    return {f"mark-{name}": "80" for name in CRITERIA} | {"opinion": "路线清楚。"} | more


def test_the_bureau_goes_from_planning_to_the_ranking() -> None:
    reviewers(6)
    topic = checked_topic(2)
    client = client_of(officer())
    assert "还没有安排评审" in body(client, "topic-review", topic.pk)
    ends = (clock.now() + dt.timedelta(days=10)).strftime("%Y-%m-%dT%H:%M")
    plan = {"kind": "written", "size": "5", "ends_at": ends, "blind": "1"}
    answer = client.post(reverse("portal:plan-round", args=(topic.pk,)), plan)
    round_ = Round.objects.get()
    assert answer.url == reverse("portal:round", args=(round_.pk,))
    assert "6 人" in body(client, "round", round_.pk)
    draw = {"seen_state": "planned", "named": "1"}
    assert client.post(reverse("portal:draw-round", args=(round_.pk,)), draw).status_code == 302
    page = body(client, "round", round_.pk)
    assert all(seat.person.name in page for seat in round_.seats.all())
    again = client.get(reverse("portal:round", args=(round_.pk,)), {"check": "1"}).content.decode()
    assert "重算，结果一致" in again and "重算，结果一致" not in page
    accepted(round_)
    for event, before in (("open", "drawn"), ("close", "open"), ("aggregate", "closed")):
        answer = client.post(reverse("portal:advance-round", args=(round_.pk,)), {"event": event, "seen_state": before})
        assert answer.status_code == 302, answer.content.decode()
        if event == "open":
            marked(round_)
    assert "marks-line" in body(client, "round", round_.pk)
    assert client.post(reverse("portal:rank-topic", args=(topic.pk,)), {"seen_state": "reviewing"}).status_code == 302
    assert Topic.objects.get().state == "ranked"
    assert "名次" in body(client, "topic-review", topic.pk)


def test_a_plan_that_is_wrong_is_told_by_field_and_kept() -> None:
    reviewers(6)
    topic = checked_topic(1)
    answer = client_of(officer()).post(
        reverse("portal:plan-round", args=(topic.pk,)), {"kind": "meeting", "size": "6", "ends_at": ""}
    )
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "应为单数" in told and "截止时间" in told
    assert '<option value="meeting" selected>' in told and 'value="6"' in told


def test_what_stands_against_a_draw_is_said_on_its_page() -> None:
    reviewers(3)
    round_ = planned(checked_topic(1))
    answer = client_of(officer()).post(reverse("portal:draw-round", args=(round_.pk,)), {"seen_state": "planned"})
    assert (answer.status_code, "还差 2 人" in answer.content.decode()) == (422, True)


def test_the_second_of_two_officers_is_told_that_it_was_drawn() -> None:
    reviewers(8)
    round_ = planned(checked_topic(1))
    draw = {"seen_state": "planned"}
    address = reverse("portal:draw-round", args=(round_.pk,))
    assert client_of(officer()).post(address, draw).status_code == 302
    answer = client_of(officer()).post(address, draw)
    assert (answer.status_code, "别人刚刚已经抽取" in answer.content.decode()) == (422, True)
    assert Seat.objects.count() == 5


def test_the_record_on_the_page_is_what_the_engine_verifies() -> None:
    reviewers(8)
    round_ = drawn(checked_topic(1))
    client = client_of(supervisor())
    answer = client.get(reverse("portal:draw-record", args=(round_.pk,)))
    assert verify(read_record(answer.content)) == ()
    assert client.get(reverse("portal:earlier-draw", args=(round_.pk, 1))).content == answer.content
    assert client.get(reverse("portal:earlier-draw", args=(round_.pk, 2))).status_code == 404
    assert ProvisionEvent.objects.filter(entity_id=str(round_.pk)).count() == 2


def test_exclusions_are_listed_with_reason_evidence_and_article() -> None:
    reviewers(6)
    topic = checked_topic(1)
    applicant = topic.submissions.get().applicant
    near = reviewer(applicant, name="近在眼前")
    round_ = drawn(topic)
    told = read_aloud(body(client_of(officer()), "round", round_.pk))
    assert near.name in told and "同一法人单位" in told and "国家自然科学基金条例" in told


def test_a_seat_is_replaced_on_the_page() -> None:
    reviewers(7)
    round_ = opened(checked_topic(1))
    seat = round_.seats.order_by("pk")[0]
    client = client_of(officer())
    address = reverse("portal:move-seat", args=(seat.pk,))
    assert client.post(address, {"event": "replace", "seen_state": "accepted"}).status_code == 422
    assert client.post(address, {"event": "replace", "seen_state": "accepted", "reason": "生病"}).status_code == 302
    assert seat.replaced_by.count() == 1
    assert "接替" in body(client, "round", round_.pk)


def test_a_reviewer_answers_reads_marks_and_signs() -> None:
    reviewers(6)
    topic = checked_topic(2)
    round_ = drawn(topic)
    seat = round_.seats.order_by("pk")[0]
    client = client_of(account_actor(seat.account))
    assert "答复邀请" in body(client, "my-reviews")
    invitation = body(client, "seat", seat.pk)
    assert "第1队有限公司" in invitation and topic.setter.name in invitation
    address = reverse("portal:answer-seat", args=(seat.pk,))
    assert client.post(address, {"event": "accept", "declares": "曾同校"}).status_code == 422
    assert client.post(address, {"event": "accept", "promises": "1", "declares": "曾同校"}).status_code == 302
    assert Seat.objects.get(pk=seat.pk).declares == "曾同校"
    for other in round_.seats.filter(state="invited"):
        answer_seat(actor=account_actor(other.account), seat=other, event="accept")
    open_round(actor=PLATFORM, round=round_)
    assert "去评审" in body(client, "my-reviews")
    review = seat.reviews.order_by("pk")[0]
    assert "分段冷却" in body(client, "review", review.pk)
    saved = client.post(reverse("portal:save-review", args=(review.pk,)), form(autosave="1"))
    assert saved.status_code == 200 and ">80<" in re.sub(r"\s", "", saved.content.decode())
    signed = client.post(reverse("portal:sign-review", args=(review.pk,)), form())
    following = seat.reviews.get(state="open")
    assert signed.url == reverse("portal:review", args=(following.pk,))
    again = client.post(reverse("portal:sign-review", args=(review.pk,)), form())
    assert again.status_code == 302 and Review.objects.filter(state="signed").count() == 1
    assert 'name="mark-route"' not in body(client, "review", review.pk)


def test_what_is_wrong_with_marks_is_told_and_kept() -> None:
    reviewers(6)
    review, client = first_review(opened(checked_topic(1)))
    wrong = form() | {"mark-route": "180", "opinion": "写到一半"}
    answer = client.post(reverse("portal:save-review", args=(review.pk,)), wrong)
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "0 到 100" in told and 'value="180"' in told and "写到一半" in told
    alone = client.post(reverse("portal:save-review", args=(review.pk,)), wrong | {"autosave": "1"})
    assert (alone.status_code, "还没有保存" in alone.content.decode()) == (422, True)
    unsigned = client.post(reverse("portal:sign-review", args=(review.pk,)), form() | {"mark-cost": ""})
    assert (unsigned.status_code, "1 项没有打分" in unsigned.content.decode()) == (422, True)
    review.refresh_from_db()
    assert (review.state, review.marks["route"]) == ("open", "80")


def test_no_page_of_a_reviewer_in_a_blind_round_holds_a_name() -> None:
    reviewers(6)
    topic = checked_topic(0)
    partner = PartyFactory(name="暗夜伙伴研究院")
    bid(
        topic, "白昼之光有限公司", avoid=[{"name": "钱回避", "organisation": "", "reason": "竞争"}],
        members=[{"party": str(partner.pk), "name": "暗夜伙伴", "share": "1/2", "task": "试验"}],
        answers={"approach": "白昼之光与暗夜伙伴研究院共同研制。", "team": "孙负责", "budget_mode": "itemised"},
    )  # fmt: skip
    round_ = opened(topic)
    review, client = first_review(round_)
    submission = Submission.objects.get()
    pages = [
        body(client, "review", review.pk),
        body(client, "my-reviews"),
        body(client, "seat", review.seat_id),
        body(client, "topic", topic.pk),
        client.post(reverse("portal:save-review", args=(review.pk,)), form(opinion="x")).content.decode(),
        client.post(reverse("portal:save-review", args=(review.pk,)), form() | {"mark-cost": "z"}).content.decode(),
    ]
    sign(review)
    pages.append(body(client, "review", review.pk))
    for name in ("白昼之光", "暗夜伙伴", "孙负责", "钱回避", str(submission.pk), str(submission.applicant_id)):
        assert not any(name in page for page in pages), name
    for name in ("bid", "bid-opinions"):
        assert client.get(reverse(f"portal:{name}", args=(submission.pk,))).status_code == 404
    assert client.get(reverse("portal:bids", args=(topic.pk,))).content.decode().count("白昼之光") == 0


def test_who_has_no_part_in_it_finds_nothing() -> None:
    reviewers(7)
    topic = checked_topic(1)
    round_ = opened(topic)
    review, client = first_review(round_)
    other = account_actor(Seat.objects.exclude(account=review.account).order_by("pk")[0].account)
    submission = topic.submissions.get()
    for actor in (other, officer(), supervisor(), member(topic.setter), member(submission.applicant)):
        for name, key in (("review", review.pk), ("seat", review.seat_id)):
            assert client_of(actor).get(reverse(f"portal:{name}", args=(key,))).status_code == 404
    for actor in (other, member(topic.setter), member(submission.applicant)):
        for name, key in (("round", round_.pk), ("draw-record", round_.pk), ("topic-review", topic.pk)):
            assert client_of(actor).get(reverse(f"portal:{name}", args=(key,))).status_code == 404
    assert "去评审" in body(client, "my-reviews")


def test_after_the_end_only_ones_own_words_are_left() -> None:
    reviewers(6)
    round_ = opened(checked_topic(1))
    review, client = first_review(round_)
    sign(review)
    Round.objects.update(starts_at=None, ends_at=clock.now() - dt.timedelta(minutes=1))
    page = body(client, "review", review.pk)
    assert "分段冷却" not in page and "路线清楚" in page and "评审时间已过" in page
    assert "评审时间已过" in body(client_of(officer()), "round", round_.pk)


def test_who_stood_aside_finds_their_review_no_more() -> None:
    reviewers(6)
    review, client = first_review(opened(checked_topic(1)))
    address = reverse("portal:answer-seat", args=(review.seat_id,))
    assert client.post(address, {"event": "recuse", "reason": "发现是同门"}).status_code == 302
    assert client.get(reverse("portal:review", args=(review.pk,))).status_code == 404


def marks_sheet(client: Client, round_: UUID) -> list[str]:
    """The lines of the sheet of marks."""
    answer = client.get(reverse("portal:marks-file", args=(round_,)))
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


def test_the_bureau_reads_marks_only_when_the_round_is_over_and_takes_them_as_a_sheet() -> None:
    reviewers(6)
    topic = checked_topic(1)
    round_ = marked(opened(topic))
    client = client_of(officer())
    assert "路线清楚" not in body(client, "round", round_.pk)
    assert len(marks_sheet(client, round_.pk)) == 1
    aggregated(round_)
    assert "路线清楚" in body(client, "round", round_.pk)
    sheet = marks_sheet(client, round_.pk)
    assert len(sheet) == 6
    assert "80" in sheet[1]


def test_a_formula_in_an_opinion_is_text_in_the_sheet() -> None:
    reviewers(6)
    round_ = opened(checked_topic(1))
    review, client = first_review(round_)
    client.post(reverse("portal:save-review", args=(review.pk,)), form(opinion="=HYPERLINK(1)"))
    client.post(reverse("portal:sign-review", args=(review.pk,)), form(opinion="=HYPERLINK(1)"))
    for other in Review.objects.filter(state="open"):
        sign(other)
    aggregated(round_)
    assert "'=HYPERLINK" in "".join(marks_sheet(client_of(officer()), round_.pk))


def test_a_second_look_is_owed_and_waived_on_the_page() -> None:
    reviewers(6)
    topic = checked_topic(1)
    submission = topic.submissions.get()
    round_ = aggregated(marked(opened(topic), {submission.pk: ["90", "60", "90", "90", "90"]}))
    client = client_of(officer())
    assert "分歧较大，应复看" in body(client, "topic-review", topic.pk)
    address = reverse("portal:waive-second-look", args=(round_.pk,))
    assert client.post(address, {"submission": str(submission.pk), "reason": ""}).status_code == 422
    assert client.post(address, {"submission": str(submission.pk), "reason": "会商维持"}).status_code == 302
    assert "会商维持" in body(client, "round", round_.pk)


def test_the_applicant_reads_the_opinions_without_names() -> None:
    reviewers(6)
    topic = checked_topic(1)
    aggregated(marked(opened(topic)))
    submission = topic.submissions.get()
    client = client_of(member(submission.applicant))
    assert client.get(reverse("portal:bid-opinions", args=(submission.pk,))).status_code == 404
    Submission.objects.update(state="not_awarded")
    page = body(client, "bid-opinions", submission.pk)
    assert page.count("路线清楚") == 5
    assert not any(seat.person.name in page for seat in Seat.objects.select_related("person"))


def test_the_time_of_a_round_is_moved_on_the_page() -> None:
    reviewers(5)
    round_ = planned(checked_topic(1))
    later = (clock.now() + dt.timedelta(days=40)).strftime("%Y-%m-%dT%H:%M")
    client, address = client_of(officer()), reverse("portal:reschedule-round", args=(round_.pk,))
    assert client.post(address, {"ends_at": later}).status_code == 422
    assert client.post(address, {"ends_at": later, "reason": "专家出差"}).status_code == 302
    assert Round.objects.get().ends_at > clock.now() + dt.timedelta(days=39)  # type: ignore[operator]  # just set


@pytest.mark.parametrize("name", ["topic-review", "my-reviews"])
def test_a_list_takes_as_many_queries_for_three_as_for_one(name: str) -> None:
    reviewers(12)
    topic = checked_topic(1)
    seat = opened(topic).seats.order_by("pk")[0]
    actor = officer() if name == "topic-review" else account_actor(seat.account)
    args = (topic.pk,) if name == "topic-review" else ()
    client = client_of(actor)
    client.get(reverse(f"portal:{name}", args=args))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(f"portal:{name}", args=args))
    for _number in range(2):
        round_ = planned(topic, kind="meeting")
        Seat.objects.create(round=round_, person=seat.person, account=seat.account)
    with CaptureQueriesContext(connection) as three:
        client.get(reverse(f"portal:{name}", args=args))
    assert len(three) == len(one)


def test_english_pages_speak_english(settings: Any) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"region_name": "Region"})
    reviewers(8)
    topic = checked_topic(1)
    submission = topic.submissions.get()
    round_ = opened(topic)
    review, _client = first_review(round_)
    seat = round_.seats.exclude(pk=review.seat_id).order_by("pk")[0]
    recuse_seat(actor=account_actor(seat.account), seat=seat, reason="x")
    invited = round_.seats.get(state="invited")
    left = {}
    for actor, name, key in (
        (officer(), "topic-review", topic.pk),
        (officer(), "round", round_.pk),
        (account_actor(review.account), "my-reviews", None),
        (account_actor(review.account), "review", review.pk),
        (account_actor(review.account), "seat", review.seat_id),
        (account_actor(invited.account), "seat", invited.pk),
    ):
        page = body(client_of(actor, "en"), name, *([key] if key else []))
        for said in _own_words(topic, submission, actor):
            page = page.replace(said, "")
        left[name, actor.name] = chinese_in(page)
    assert {key: words for key, words in left.items() if words} == {}


def _own_words(topic: Topic, submission: Submission, actor: Actor) -> list[str]:
    """What people wrote, in their own language."""
    people = [seat.person.name for seat in Seat.objects.select_related("person")]
    answers = [text for text in submission.content["answers"].values() if text]
    hidden = [text.replace("第1队有限公司", "[hidden]") for text in (*answers, submission.title)]
    texts = [topic.title, topic.programme.title, topic.problem, submission.title, topic.setter.name, actor.name]
    texts += ["没有需要申明的关系", "出灰温度", "融通", "示例", "第1队有限公司", "杭州市", "青山"]
    return sorted([*texts, *people, *answers, *hidden], key=len, reverse=True)
