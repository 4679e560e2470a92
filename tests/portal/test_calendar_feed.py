"""Calendars: well formed, one's own alone, revocable, and nothing in them that is not public."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.mailbox.actions import make_feed, revoke_feed
from rongtong.domain.mailbox.models import Feed
from rongtong.domain.mailbox.queries import actor_of_feed
from rongtong.domain.parties.membership import end_role, suspend_account
from rongtong.domain.parties.models import Account, RoleGrant
from rongtong.domain.programmes.models import Notice, Submission, Topic
from rongtong.portal.icalendar import FOLD, Event, calendar
from tests import factories as make
from tests.programmes.factories import TopicFactory

SignIn = Callable[..., Client]


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


@given(words=st.text(max_size=300))
def test_no_words_break_a_calendar(words: str) -> None:
    written = calendar("trial", [Event("1", dt.date(2026, 3, 2), words, description=words)])
    for line in written.split("\r\n"):
        assert len(line.encode()) <= FOLD
        assert "\n" not in line
    lines = unfolded(written)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert sum(line.startswith("BEGIN:") for line in lines) == 2
    assert sum(line.startswith("SUMMARY:") for line in lines) == 1


def test_words_come_back_as_they_were() -> None:
    words = "一题；两队, 三关\\终\n" * 12
    (line,) = [each for each in unfolded(calendar("t", [Event("1", dt.date(2026, 3, 2), words)])) if "SUMMARY" in each]
    back = re.sub(r"\\([\\;,n])", lambda found: "\n" if found[1] == "n" else found[1], line.removeprefix("SUMMARY:"))
    assert back == words.rstrip("\n")


def test_an_hour_is_told_in_utc_and_a_day_as_a_day() -> None:
    hour = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    lines = unfolded(calendar("t", [Event("a", hour, "x"), Event("b", dt.date(2026, 3, 31), "y")]))
    assert "DTSTART:20260302T010000Z" in lines
    assert "DTSTART;VALUE=DATE:20260331" in lines
    assert "DTEND;VALUE=DATE:20260401" in lines
    assert "UID:a@rongtong" in lines


def drafted() -> tuple[Submission, str]:
    """A draft whose deadline nears, and the address of its applicant's calendar."""
    topic = TopicFactory(title="高温石灰自动出灰")
    Topic.objects.filter(pk=topic.pk).update(state="open", closes_at=timezone.now() + dt.timedelta(days=5))
    applicant = make.member()
    submission = Submission.objects.create(topic=topic, applicant_id=applicant.party, state="draft")
    _feed, secret = make_feed(actor=applicant)
    return submission, reverse("portal:calendar-file", args=(secret,))


@pytest.mark.django_db
def test_the_address_needs_no_session_and_tells_no_title_of_what_is_sealed(visitor: Client) -> None:
    submission, address = drafted()
    answer = visitor.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert "sessionid" not in answer.cookies
    lines = unfolded(answer.content.decode())
    assert f"UID:programmes.submission-{submission.pk}@rongtong" in lines
    assert any("一条榜题" in line for line in lines)
    assert "出灰" not in answer.content.decode()


@pytest.mark.django_db
def test_the_entry_of_a_record_keeps_its_name_when_its_day_moves(visitor: Client) -> None:
    submission, address = drafted()
    before = {line for line in unfolded(visitor.get(address).content.decode()) if line.startswith("UID")}
    Topic.objects.filter(pk=submission.topic_id).update(closes_at=timezone.now() + dt.timedelta(days=9))
    after = {line for line in unfolded(visitor.get(address).content.decode()) if line.startswith("UID")}
    assert before == after != set()


@pytest.mark.django_db
def test_a_calendar_holds_only_what_is_its_owners(visitor: Client) -> None:
    drafted()
    for somebody in (make.member(), make.officer(), make.supervisor()):
        _feed, secret = make_feed(actor=somebody)
        assert "BEGIN:VEVENT" not in visitor.get(reverse("portal:calendar-file", args=(secret,))).content.decode()


@pytest.mark.django_db
def test_a_revoked_address_answers_nobody(visitor: Client) -> None:
    actor = make.member()
    feed, secret = make_feed(actor=actor)
    address = reverse("portal:calendar-file", args=(secret,))
    assert visitor.get(address).status_code == 200
    revoke_feed(actor=actor, feed=feed)
    assert visitor.get(address).status_code == 404
    _again, fresh = make_feed(actor=actor)
    assert fresh != secret
    assert visitor.get(address).status_code == 404
    assert visitor.get(reverse("portal:calendar-file", args=(fresh,))).status_code == 200


@pytest.mark.django_db
def test_a_new_address_ends_the_old_and_the_secret_is_kept_nowhere() -> None:
    actor = make.member()
    _feed, first = make_feed(actor=actor)
    _feed, second = make_feed(actor=actor)
    assert actor_of_feed(first) is None
    assert actor_of_feed(second) == actor
    kept = str(list(Feed.objects.values())) + str(list(AuditEvent.objects.values()))
    assert first not in kept
    assert second not in kept


@pytest.mark.django_db
def test_who_no_longer_acts_in_its_seat_has_no_calendar(visitor: Client) -> None:
    gone, held = make.member(), make.member()
    secrets = [make_feed(actor=actor)[1] for actor in (gone, held)]
    end_role(actor=make.PLATFORM, grant=RoleGrant.objects.get(account=gone.account), reason="离职")
    suspend_account(actor=make.PLATFORM, account=Account.objects.get(pk=held.account), reason="停用")
    for secret in (*secrets, "nothing", "x" * 300):
        assert visitor.get(reverse("portal:calendar-file", args=(secret,))).status_code == 404


@pytest.mark.django_db
def test_the_page_makes_an_address_shows_it_once_and_revokes_it(signed_in: SignIn, visitor: Client) -> None:
    client = signed_in(make.member())
    answer = client.post(reverse("portal:make-feed"))
    found = re.search(r'href="(http[^"]*\.ics)"', answer.content.decode())
    assert found is not None
    assert "no-store" in answer.headers["Cache-Control"]
    assert visitor.get(found[1]).status_code == 200
    assert found[1] not in client.get(reverse("portal:messages")).content.decode()
    client.post(reverse("portal:revoke-feed"))
    client.post(reverse("portal:revoke-feed"))
    assert visitor.get(found[1]).status_code == 404


@pytest.mark.django_db
def test_a_topics_days_are_public_once_it_is_on_the_list(visitor: Client, signed_in: SignIn) -> None:
    topic = TopicFactory(title="高温石灰自动出灰")
    address = reverse("portal:topic-calendar", args=(topic.pk,))
    assert visitor.get(address).status_code == 404
    assert signed_in(make.member(topic.setter)).get(address).status_code == 404
    Topic.objects.filter(pk=topic.pk).update(state="noticed")
    day = timezone.localdate()
    Notice.objects.create(topic=topic, title="公示", starts=day, ends=day + dt.timedelta(days=7), working_days=5)
    lines = unfolded(visitor.get(address).content.decode())
    assert [line for line in lines if line.startswith("SUMMARY:")] == [
        "SUMMARY:开始受理：高温石灰自动出灰",
        "SUMMARY:揭榜截止：高温石灰自动出灰",
        "SUMMARY:公示截止：高温石灰自动出灰",
    ]
