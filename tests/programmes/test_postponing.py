"""The deadline of a topic moves to a later hour, in public, and everything goes by the new one."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection  # noqa: F401  # the condition of needs_postgresql is evaluated here
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid, Stale
from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.foundation.sealing.actions import TooLate
from rongtong.domain.foundation.sealing.locks import TooEarly
from rongtong.domain.mailbox.models import Message
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.actions.clock import HANDS, _moved, run_clock, tell_solvers
from rongtong.domain.programmes.actions.postponing import LONGEST, postpone_topic
from rongtong.domain.programmes.actions.submissions import redraft_submission, save_draft, withdraw_submission
from rongtong.domain.programmes.models import Submission, Topic
from rongtong.domain.programmes.terms import template
from tests.factories import PLATFORM, holder, member, officer, supervisor
from tests.foundation.test_transitions import at_once, needs_postgresql
from tests.programmes.bidding import Bidding, at, bidding
from tests.programmes.factories import TopicFactory

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=10)
REASON = "多家单位反映准备时间不足"
SECOND = dt.timedelta(seconds=1)


def postponed(call: Bidding, *, by: dt.timedelta = DAYS, actor: Actor | None = None, **more: str) -> Topic:
    seen = more.pop("seen", call.closes_at.isoformat())
    reason = more.pop("reason", REASON)
    closes_at = call.closes_at + by
    return postpone_topic(actor=actor or officer(), topic=call.topic, closes_at=closes_at, reason=reason, seen=seen)


def test_the_box_goes_with_the_topic_and_the_list_says_why() -> None:
    call = bidding()
    before = call.closes_at
    topic = postponed(call)
    assert topic.closes_at == before + DAYS == call.box.closes_at == call.box.opens_at
    assert topic.postponed == [
        {"from": before.isoformat(), "until": (before + DAYS).isoformat(), "reason": REASON},
    ]
    assert AuditEvent.objects.get(action="programmes.postpone_topic").details["reason"] == REASON


def test_what_was_begun_and_sealed_stays_and_changes_until_the_new_hour() -> None:
    call = bidding(minimum_bids=1)
    drafts, seals, withdraws = member(), member(), member()
    draft, sealed, withdrawn = call.draft(drafts), call.sealed(seals), call.sealed(withdraws)
    former = call.closes_at
    call.topic = postponed(call)
    at(former + SECOND)
    run_clock(PLATFORM)
    assert call.again().state == "open"
    assert Submission.objects.get(pk=draft.pk).state == "draft"
    save_draft(actor=drafts, submission=draft, revision=draft.revision, facts={"title": "改了题目"})
    withdraw_submission(actor=withdraws, submission=withdrawn)
    with pytest.raises(TooEarly):
        call.open()
    call.over()
    with pytest.raises(TooLate):
        redraft_submission(actor=seals, submission=sealed)
    call.open()
    states = dict(Submission.objects.values_list("pk", "state"))
    assert states == {draft.pk: "lapsed", sealed.pk: "opened", withdrawn.pk: "lapsed"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"by": dt.timedelta(0)}, "closes_at"),
        ({"by": -SECOND}, "closes_at"),
        ({"by": LONGEST + SECOND}, "closes_at"),
        ({"reason": " 晚点 "}, "reason"),
        ({"reason": "长" * 501}, "reason"),
    ],
)
def test_only_later_within_bounds_and_with_a_reason(given: dict[str, object], field: str) -> None:
    call = bidding()
    with pytest.raises(Invalid) as refused:
        postponed(call, **given)  # type: ignore[arg-type]
    assert [each.field for each in refused.value.problems] == [field]
    assert call.again().postponed == []


def test_not_after_the_hour_even_before_the_clock_has_closed_it() -> None:
    call = bidding()
    at(call.closes_at + SECOND)
    with pytest.raises(IllegalTransition, match="已过截止时间"):
        postponed(call)
    call.over()
    with pytest.raises(IllegalTransition, match="还没有截止"):
        postponed(call)


def test_only_whoever_runs_it() -> None:
    call = bidding(region="330100")
    for actor in (member(), member(call.topic.setter), supervisor(), holder(Role.OFFICER, "440300")):
        with pytest.raises(AccessDenied):
            postponed(call, actor=actor)


def test_who_saw_the_former_deadline_is_told() -> None:
    call = bidding()
    seen = call.closes_at.isoformat()
    call.topic = postponed(call)
    with pytest.raises(Stale):
        postponed(call, seen=seen)


def test_the_same_click_twice_moves_it_once() -> None:
    call = bidding()
    seen, by = call.closes_at.isoformat(), call.closes_at + DAYS
    first, second = (
        postpone_topic(actor=officer(), topic=call.topic, closes_at=by, reason=REASON, seen=seen) for _click in range(2)
    )
    assert (first.closes_at, len(second.postponed)) == (second.closes_at, 1)
    assert (
        Message.objects.filter(key="topic.postpone").count()
        == Message.objects.filter(key="topic.postpone").values("account_id").distinct().count()
    )


def test_a_click_that_came_again_is_no_act_of_the_history(signed_in: Callable[..., Client]) -> None:
    call = bidding()
    postponed(call)
    postponed(call)
    assert AuditEvent.objects.filter(action="programmes.postpone_topic").count() == 2
    body = signed_in(officer()).get(reverse("portal:topic", args=(call.topic.pk,))).content.decode()
    assert body.count("</time>延后截止时间") == 1


def test_who_comes_too_late_reads_the_present_deadline_and_may_go_on_from_it(signed_in: Callable[..., Client]) -> None:
    call = bidding()
    client, seen = signed_in(officer()), call.closes_at.isoformat()
    postponed(call)
    address = reverse("portal:postpone-topic", args=(call.topic.pk,))
    later = timezone.localtime(call.again().closes_at + DAYS).strftime("%Y-%m-%dT%H:%M")
    page = client.post(address, {"closes_at": later, "reason": REASON, "seen": seen})
    assert (page.status_code, "别人改过截止时间" in page.content.decode()) == (422, True)
    now_seen = re.search(r'name="seen" value="([^"]*)"', page.content.decode())
    assert now_seen
    assert client.post(address, {"closes_at": later, "reason": REASON, "seen": now_seen[1]}).status_code == 302


def test_where_there_is_no_deadline_ahead_no_form_is_shown(signed_in: Callable[..., Client]) -> None:
    call = bidding()
    call.over()
    client = signed_in(officer())
    for topic in (call.topic, TopicFactory()):
        address = reverse("portal:postpone-topic", args=(topic.pk,))
        for answer in (client.get(address), client.post(address)):
            assert (answer.status_code, "只有已发榜" in answer.content.decode()) == (409, True)


def test_bidders_and_who_was_told_of_it_hear_and_nobody_else() -> None:
    call = bidding()
    drafts, seals, matched, stranger = member(), member(), member(), member()
    call.draft(drafts)
    call.sealed(seals)
    tell_solvers(actor=PLATFORM, topic=call.topic, parties=[Party.objects.get(pk=matched.party)])
    postponed(call)
    told = set(Message.objects.filter(key="topic.postpone").values_list("account_id", flat=True))
    assert {drafts.account, seals.account, matched.account} <= told
    assert stranger.account not in told


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_moves_it() -> None:
    call = bidding(closes_in=dt.timedelta(hours=2))
    results = at_once(lambda: postponed(call), lambda: postponed(call, by=2 * DAYS))
    assert sorted(type(each).__name__ for each in results) == ["Stale", "Topic"]
    assert len(call.again().postponed) == 1
    assert call.box.closes_at == call.closes_at


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_a_seal_and_a_postponement_at_once_both_happen() -> None:
    call = bidding(closes_in=dt.timedelta(hours=2))
    results = at_once(lambda: postponed(call), call.sealed)
    assert sorted(type(each).__name__ for each in results) == ["Submission", "Topic"]


def test_the_page_keeps_what_was_typed_and_then_everybody_reads_it(
    signed_in: Callable[..., Client], visitor: Client
) -> None:
    call = bidding()
    client = signed_in(officer())
    address = reverse("portal:postpone-topic", args=(call.topic.pk,))
    here = reverse("portal:topic", args=(call.topic.pk,))
    assert address in client.get(here).content.decode()
    later = timezone.localtime(call.closes_at + DAYS).strftime("%Y-%m-%dT%H:%M")
    seen = call.closes_at.isoformat()
    refused = client.post(address, {"closes_at": "2020-01-01T10:00", "reason": REASON, "seen": seen})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert (REASON in page, "不能提前" in page, "2020-01-01T10:00" in page) == (True, True, True)
    assert f"{template(call.topic.programme.template).label}的天数" in page
    assert client.post(address, {"closes_at": later, "reason": REASON, "seen": seen})["Location"] == here
    said = f"延至 {later.replace('T', ' ')}，原因：{REASON}"
    assert said in visitor.get(here).content.decode()
    assert address not in visitor.get(here).content.decode()
    assert visitor.post(address, {}).status_code == 302


def test_a_clock_that_comes_second_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Two workers look at once; the second finds the topic closed, or its hour moved, which is no fault."""
    call = bidding()
    closing = next(hand for hand in HANDS if hand.name == "topic.close")
    seen = Topic.objects.get(pk=call.topic.pk)
    at(call.closes_at + dt.timedelta(seconds=1))
    assert run_clock(PLATFORM) > 0
    assert not _moved(closing, PLATFORM, seen)
    assert [each.message for each in caplog.records if each.name == "rongtong.worker"] == []


def test_a_clock_that_cannot_do_what_is_due_says_so(caplog: pytest.LogCaptureFixture) -> None:
    call = bidding()
    closing = next(hand for hand in HANDS if hand.name == "topic.close")
    at(call.closes_at + dt.timedelta(seconds=1))
    assert not _moved(closing, member(), Topic.objects.get(pk=call.topic.pk))
    assert [each.levelname for each in caplog.records if each.name == "rongtong.worker"] == ["ERROR"]
