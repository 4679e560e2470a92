"""Handing in, withdrawing, closing, opening at the same moment: one of two happens whole (needs PostgreSQL)."""

import datetime as dt
import time

import pytest
from django.db import connection  # noqa: F401  # the condition of needs_postgresql is evaluated here

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.errors import DomainError
from rongtong.domain.foundation.models import AuditEvent, Envelope, OpeningProtocol
from rongtong.domain.foundation.sealing import installation
from rongtong.domain.programmes.actions.calls import reissue_topic
from rongtong.domain.programmes.actions.clock import run_clock
from rongtong.domain.programmes.actions.submissions import (
    begin_submission,
    save_draft,
    seal_submission,
    withdraw_submission,
)
from rongtong.domain.programmes.models import Refusal, Submission
from tests.factories import PLATFORM, member
from tests.foundation.test_transitions import at_once, needs_postgresql
from tests.programmes.bidding import at, bidding

pytestmark = [needs_postgresql, pytest.mark.django_db(transaction=True)]
HOURS = dt.timedelta(hours=2)


def until(moment: dt.datetime) -> None:
    """Wait for a moment of the platform's clock."""
    time.sleep(max(0.0, (moment - clock.now()).total_seconds()))


def test_two_begin_at_once() -> None:
    call, actor = bidding(closes_in=HOURS), member()
    results = at_once(*[lambda: begin_submission(actor=actor, topic=call.topic) for _each in range(3)])
    assert len({each.pk for each in results if isinstance(each, Submission)}) == Submission.objects.count() == 1


def test_two_windows_at_once_keep_one() -> None:
    call, actor = bidding(closes_in=HOURS), member()
    begun = begin_submission(actor=actor, topic=call.topic)
    results = at_once(
        *[
            lambda title=title: save_draft(actor=actor, submission=begun, revision=1, facts={"title": title})
            for title in ("一", "二")
        ]
    )
    assert sum(isinstance(each, Submission) for each in results) == 1


def test_a_double_click_at_once_seals_once() -> None:
    call, actor = bidding(closes_in=HOURS), member()
    installation.fingerprint()
    draft = call.draft(actor)
    results = at_once(*[lambda: seal_submission(actor=actor, submission=draft, token="一次") for _each in range(3)])
    assert not [each for each in results if isinstance(each, DomainError)]
    assert Envelope.objects.count() == 1
    assert Submission.objects.get().state == "sealed"


def test_saving_and_sealing_at_once_lose_nothing() -> None:
    call, actor = bidding(closes_in=HOURS), member()
    installation.fingerprint()
    draft = call.draft(actor)
    at_once(
        lambda: seal_submission(actor=actor, submission=draft, token="一次"),
        lambda: save_draft(actor=actor, submission=draft, revision=draft.revision, facts={"title": "改了"}),
    )
    state, count = Submission.objects.get().state, Envelope.objects.count()
    assert (state, count) in (("sealed", 1), ("draft", 0))


def test_the_last_second() -> None:
    """Many hand in around the deadline while the clock closes: each is in the box in time, or refused and not in it."""
    call = bidding(closes_in=HOURS)
    installation.fingerprint()
    actors = [member() for _each in range(6)]
    drafts = [call.draft(actor) for actor in actors]

    def hand_in(number: int) -> Submission:
        until(call.closes_at + dt.timedelta(milliseconds=100 * (number - 3)))
        return seal_submission(actor=actors[number], submission=drafts[number], token="一次")

    def close() -> int:
        until(call.closes_at)
        return run_clock(PLATFORM)

    at(call.closes_at - dt.timedelta(seconds=2))
    at_once(*[lambda number=number: hand_in(number) for number in range(6)], close, close)
    run_clock(PLATFORM)
    sealed = Submission.objects.filter(state="sealed")
    assert Envelope.objects.count() == sealed.count()
    assert all(each.sealed_at < call.closes_at for each in Envelope.objects.all())
    refused = set(Refusal.objects.values_list("party_id", flat=True))
    assert refused == {each.applicant_id for each in Submission.objects.exclude(state="sealed")}
    assert len(refused) + sealed.count() == 6
    assert call.again().state == "closed"


def test_withdrawn_and_opened_at_once() -> None:
    call = bidding(closes_in=HOURS, minimum_bids=1)
    installation.fingerprint()
    actor = member()
    sealed = call.sealed(actor)
    call.sealed(token="别家")
    at(call.closes_at)
    results = at_once(call.open, lambda: withdraw_submission(actor=actor, submission=sealed))
    assert sum(isinstance(each, DomainError) for each in results) == 1
    assert set(Submission.objects.values_list("state", flat=True)) == {"opened"}


def test_of_opening_and_reissuing_at_once_one_happens() -> None:
    call = bidding(closes_in=HOURS, minimum_bids=1)
    installation.fingerprint()
    call.sealed()
    at(call.closes_at)
    run_clock(PLATFORM)
    results = at_once(call.open, lambda: reissue_topic(actor=PLATFORM, topic=call.topic, reason="改题"))
    faults = [each for each in results if isinstance(each, Exception) and not isinstance(each, DomainError)]
    assert faults == []
    state = Submission.objects.get().state
    assert (call.again().state, state, OpeningProtocol.objects.count()) in (
        ("reissued", "unopened", 0),
        ("reissued", "opened", 1),
        ("opened", "opened", 1),
    )


def test_two_openings_at_once_receive_once() -> None:
    call = bidding(closes_in=HOURS, minimum_bids=1)
    installation.fingerprint()
    call.sealed()
    at(call.closes_at)
    results = at_once(call.open, call.open)
    assert sum(isinstance(each, DomainError) for each in results) == 1
    assert AuditEvent.objects.filter(action="programmes.receive_submissions").count() == 1
