"""Two who draw, sign, close, accept or leave at the same moment (two connections need PostgreSQL)."""

import pytest
from django.db import connection  # noqa: F401  # the condition of needs_postgresql is evaluated here

from rongtong.domain.foundation.errors import DomainError, IllegalTransition
from rongtong.domain.programmes.actions.reviews import sign_review
from rongtong.domain.programmes.actions.rounds import (
    answer_seat,
    close_round,
    draw_panel,
    open_round,
    rank_topic,
    recuse_seat,
    replace_seat,
)
from rongtong.domain.programmes.models import Review, Round, Seat
from rongtong.engines.review import read_record, verify
from tests.factories import PLATFORM
from tests.foundation.test_transitions import at_once, needs_postgresql
from tests.programmes.panels import (
    accepted,
    account_actor,
    aggregated,
    checked_topic,
    drawn,
    marked,
    opened,
    planned,
    reviewers,
    sign,
    write,
)

pytestmark = [needs_postgresql, pytest.mark.django_db(transaction=True)]


def whole(round_: Round) -> bool:
    """Whether record and seats name the same people, and the record verifies."""
    record = read_record(Round.objects.get(pk=round_.pk).draw)
    held = {str(each.person_id) for each in Seat.objects.filter(round=round_, state__in=Seat.HELD)}
    return verify(record) == () and held == set(record.members)


def test_of_two_draws_at_once_one_happens() -> None:
    reviewers(9)
    round_ = planned(checked_topic(1))
    results = at_once(*[lambda: draw_panel(actor=PLATFORM, round=round_)] * 2)
    assert sorted(type(each).__name__ for each in results) == ["IllegalTransition", "Round"]
    assert Seat.objects.count() == 5 and whole(round_)


def test_of_two_clicks_that_sign_one_signs() -> None:
    reviewers(5)
    review = write(opened(checked_topic(1)).seats.order_by("pk")[0].reviews.get(), "80")
    actor = account_actor(review.account)
    results = at_once(*[lambda: sign_review(actor=actor, review=review)] * 2)
    assert sorted(type(each).__name__ for each in results) == ["IllegalTransition", "Review"]


def test_a_round_closes_with_the_last_signature_or_waits_for_it() -> None:
    reviewers(5)
    round_ = opened(checked_topic(1))
    first, *others = Review.objects.order_by("pk")
    for review in others:
        sign(review)
    write(first, "60")
    actor = account_actor(first.account)
    results = at_once(lambda: sign_review(actor=actor, review=first), lambda: close_round(actor=PLATFORM, round=round_))
    assert isinstance(results[0], Review)
    round_.refresh_from_db()
    assert (round_.state == "closed") is isinstance(results[1], Round)
    assert Review.objects.filter(state="signed").count() == 5


def test_a_round_is_not_closed_behind_a_replacement() -> None:
    reviewers(7)
    round_ = marked(opened(checked_topic(1)))
    seat = round_.seats.order_by("pk")[0]
    results = at_once(
        lambda: replace_seat(actor=PLATFORM, seat=seat, reason="查实有合作"),
        lambda: close_round(actor=PLATFORM, round=round_),
    )
    assert sum(isinstance(each, IllegalTransition) for each in results) == 1
    round_.refresh_from_db()
    valid = Review.objects.filter(seat__round=round_, state="signed").count()
    assert (round_.state, valid) in {("closed", 5), ("open", 4)}
    assert whole(round_)


def test_nobody_accepts_a_seat_that_a_new_draw_takes_away() -> None:
    reviewers(9)
    round_ = drawn(checked_topic(1))
    seat = round_.seats.order_by("pk")[0]
    actor = account_actor(seat.account)
    results = at_once(
        lambda: answer_seat(actor=actor, seat=seat, event="accept"),
        lambda: draw_panel(actor=PLATFORM, round=round_, reason="漏登了一家单位"),
    )
    assert sum(isinstance(each, DomainError) for each in results) == 1
    assert whole(round_)


def test_two_who_leave_at_once_are_followed_by_two() -> None:
    reviewers(9)
    round_ = accepted(drawn(checked_topic(1)))
    one, other = round_.seats.order_by("pk")[:2]
    actors = [account_actor(each.account) for each in (one, other)]
    at_once(
        lambda: recuse_seat(actor=actors[0], seat=one, reason="同门"),
        lambda: recuse_seat(actor=actors[1], seat=other, reason="合作"),
    )
    assert Seat.objects.filter(round=round_, state="invited").count() == 2
    assert whole(round_)


def test_a_round_opens_once() -> None:
    reviewers(5)
    round_ = accepted(drawn(checked_topic(2)))
    results = at_once(*[lambda: open_round(actor=PLATFORM, round=round_)] * 2)
    assert sum(isinstance(each, IllegalTransition) for each in results) == 1
    assert Review.objects.count() == 10


def test_a_topic_is_ranked_once() -> None:
    reviewers(5)
    topic = checked_topic(2)
    aggregated(marked(opened(topic)))
    results = at_once(*[lambda: rank_topic(actor=PLATFORM, topic=topic)] * 2)
    assert sum(isinstance(each, IllegalTransition) for each in results) == 1
    assert sorted(topic.submissions.values_list("rank", flat=True)) == [1, 2]
