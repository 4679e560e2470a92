"""Every action of the review, done once."""

import datetime as dt
from collections.abc import Callable

from rongtong.domain.foundation import clock
from rongtong.domain.programmes.actions import reviews, rounds
from rongtong.domain.programmes.models import Review, Round, Seat, Submission, Topic
from tests.factories import PLATFORM
from tests.programmes.panels import (
    account_actor,
    checked_topic,
    drawn,
    marked,
    opened,
    planned,
    reviewers,
    write,
)


def a_topic(bids: int = 1) -> Topic:
    reviewers(6)
    return checked_topic(bids)


def _seat(round_: Round) -> Seat:
    return round_.seats.order_by("pk")[0]


def _review() -> Review:
    return _seat(opened(a_topic())).reviews.get()


def _torn() -> Submission:
    topic = a_topic()
    submission = topic.submissions.get()
    round_ = marked(opened(topic), {submission.pk: ["90", "60", "90", "90", "90"]})
    rounds.aggregate_round(actor=PLATFORM, round=rounds.close_round(actor=PLATFORM, round=round_))
    return Submission.objects.get(pk=submission.pk)


def _reschedule_round() -> object:
    later = clock.now() + dt.timedelta(days=30)
    return rounds.reschedule_round(actor=PLATFORM, round=planned(a_topic()), ends_at=later, reason="两位专家出差")


def _answer_seat() -> object:
    seat = _seat(drawn(a_topic()))
    return rounds.answer_seat(actor=account_actor(seat.account), seat=seat, event="decline", reason="出差")


def _recuse_seat() -> object:
    seat = _seat(opened(a_topic()))
    return rounds.recuse_seat(actor=account_actor(seat.account), seat=seat, reason="发现是同门")


def _open_round() -> object:
    round_ = drawn(a_topic())
    for seat in round_.seats.all():
        rounds.answer_seat(actor=account_actor(seat.account), seat=seat, event="accept")
    return rounds.open_round(actor=PLATFORM, round=round_)


def _aggregate_round() -> object:
    round_ = rounds.close_round(actor=PLATFORM, round=marked(opened(a_topic())))
    return rounds.aggregate_round(actor=PLATFORM, round=round_)


def _rank_topic() -> object:
    topic = a_topic(2)
    round_ = rounds.close_round(actor=PLATFORM, round=marked(opened(topic)))
    rounds.aggregate_round(actor=PLATFORM, round=round_)
    return rounds.rank_topic(actor=PLATFORM, topic=topic)


def _sign_review() -> object:
    review = write(_review(), "80")
    return reviews.sign_review(actor=account_actor(review.account), review=review)


REVIEW: dict[str, Callable[[], object]] = {
    "programmes.plan_round": lambda: planned(a_topic()),
    "programmes.reschedule_round": _reschedule_round,
    "programmes.draw_panel": lambda: rounds.draw_panel(
        actor=PLATFORM, round=drawn(a_topic()), reason="漏登了一家成员单位"
    ),
    "programmes.answer_seat": _answer_seat,
    "programmes.recuse_seat": _recuse_seat,
    "programmes.replace_seat": lambda: rounds.replace_seat(
        actor=PLATFORM, seat=_seat(opened(a_topic())), reason="联系不上"
    ),
    "programmes.open_round": _open_round,
    "programmes.close_round": lambda: rounds.close_round(actor=PLATFORM, round=marked(opened(a_topic()))),
    "programmes.abandon_round": lambda: rounds.abandon_round(
        actor=PLATFORM, round=opened(a_topic()), reason="候补用完"
    ),
    "programmes.aggregate_round": _aggregate_round,
    "programmes.waive_second_look": lambda: rounds.waive_second_look(
        actor=PLATFORM, submission=_torn(), reason="会商后维持"
    ),
    "programmes.rank_topic": _rank_topic,
    "programmes.write_review": lambda: write(_review(), "80"),
    "programmes.sign_review": _sign_review,
}
