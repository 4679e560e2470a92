"""A review is its writer's alone until the round is over, says what was published, and is signed once."""

import datetime as dt
from fractions import Fraction

import pytest

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.access import allows, scope
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.programmes.actions.reviews import sign_review, write_review
from rongtong.domain.programmes.actions.rounds import close_round, open_round, recuse_seat
from rongtong.domain.programmes.models import Review, Round, Submission
from rongtong.domain.programmes.queries.reviewing import (
    aliases,
    dossier,
    opinions,
    parties_concerned,
    progress_of,
    results_of,
)
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.reading import read
from tests.factories import PLATFORM, PartyFactory, ResourceFactory, member, officer, supervisor
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
    reviewers,
    sign,
    write,
)

pytestmark = pytest.mark.django_db


def a_review(bids: int = 1, **facts: object) -> Review:
    reviewers(6)
    round_ = opened(checked_topic(bids), **facts)
    review = Review.objects.filter(seat__round=round_).select_related("seat__round", "submission").first()
    assert review is not None
    return review


def test_marks_are_exact_and_the_total_is_weighted() -> None:
    review = a_review()
    marks = dict(zip(CRITERIA, ("85.5", "90", "70", "60.25", "100"), strict=True))
    written = write_review(actor=account_actor(review.account), review=review, marks=marks, opinion="可行。")
    assert Fraction(written.total or 0) == Fraction("82.675")
    assert written.marks["route"] == "85.5"


def test_a_draft_may_be_unfinished_and_says_nothing_to_the_chain() -> None:
    review = a_review()
    written = write_review(
        actor=account_actor(review.account), review=review, marks={"route": "77", "team": " "}, opinion=""
    )
    assert (written.marks, written.total) == ({"route": "77"}, None)
    event = AuditEvent.objects.filter(action="programmes.write_review").latest("seq")
    assert "77" not in str(event.details) and event.details == {"complete": False}


@pytest.mark.parametrize("mark", ["101", "-1", "八十", "85.555", "1e2", "NaN"])
def test_a_mark_that_is_none_is_refused_by_its_field(mark: str) -> None:
    review = a_review()
    with pytest.raises(Invalid) as refused:
        write_review(
            actor=account_actor(review.account), review=review, marks={"route": mark, "charm": "5"}, opinion=""
        )
    assert {each.field for each in refused.value.problems} == {"mark-route", "mark-charm"}


def test_it_is_signed_with_every_mark_and_an_opinion_and_only_once() -> None:
    review = a_review()
    actor = account_actor(review.account)
    write_review(actor=actor, review=review, marks={"route": "80"}, opinion="")
    with pytest.raises(IllegalTransition, match="4 项没有打分"):
        sign_review(actor=actor, review=review)
    write(review, "80", opinion=" ")
    with pytest.raises(IllegalTransition, match="评审意见"):
        sign_review(actor=actor, review=review)
    signed = sign(review)
    assert signed.signed_at is not None
    with pytest.raises(IllegalTransition, match="已经签署"):
        sign_review(actor=actor, review=review)
    with pytest.raises(IllegalTransition, match="已经签署"):
        write(review, "100")
    review.refresh_from_db()
    assert set(review.marks.values()) == {"80"}


def test_nobody_writes_for_another() -> None:
    review = a_review()
    other = Review.objects.exclude(account=review.account).first()
    assert other is not None
    for actor in (account_actor(other.account), officer(), supervisor(), PLATFORM):
        with pytest.raises(AccessDenied):
            write_review(actor=actor, review=review, marks={"route": "100"}, opinion="好")


@pytest.mark.parametrize("hours", [(-48, -1), (1, 48)])
def test_outside_the_window_nothing_is_read_or_written(hours: tuple[int, int]) -> None:
    review = a_review()
    actor, now = account_actor(review.account), clock.now()
    starts, ends = (now + dt.timedelta(hours=each) for each in hours)
    Round.objects.update(starts_at=starts, ends_at=ends)
    assert not allows(actor, "read_assigned", review.submission)
    with pytest.raises(IllegalTransition, match="评审时间"):
        write(review, "80")
    with pytest.raises(AccessDenied):
        dossier(actor, review)


def test_a_review_is_its_writers_alone_until_the_round_is_over() -> None:
    reviewers(6)
    round_ = marked(opened(checked_topic(1)))
    signed = Review.objects.filter(seat__round=round_, state="signed")
    writer = account_actor(signed.first().account)  # type: ignore[union-attr]  # five were signed
    assert scope(writer, "view", signed).count() == 1
    assert not scope(officer(), "view", signed).exists() and not scope(supervisor(), "view", signed).exists()
    close_round(actor=PLATFORM, round=round_)
    assert scope(writer, "view", signed).count() == 1
    assert scope(officer(), "view", signed).count() == scope(supervisor(), "view", signed).count() == 5


def test_a_blind_round_tells_its_reviewers_no_name() -> None:
    reviewers(6)
    topic = checked_topic(1)
    partner = PartyFactory(name="暗夜伙伴研究院", name_en="Night Partner Institute")
    bid(
        topic, "白昼之光有限公司",
        members=[{"party": str(partner.pk), "name": "暗夜伙伴", "share": "1/2", "task": "试验"}],
        avoid=[{"name": "钱回避", "organisation": "", "reason": "竞争"}],
        promises=[{"name": "出灰温度", "value": "75", "high": "", "unit": "℃"}],
        answers={
            "approach": "白昼之光有限公司与 Night Partner Institute 共同研制，白昼之光已有样机。",
            "team": "孙负责", "budget_mode": "itemised",
        },
    )  # fmt: skip
    round_ = opened(topic)
    review = Review.objects.get(seat=round_.seats.first(), submission__title__startswith="白昼")
    found = dossier(account_actor(review.account), review)
    said = repr(found)
    for name in ("白昼之光", "Night Partner", "暗夜", "孙负责", "钱回避"):
        assert name not in said
    assert "〔已隐去〕" in found.title
    assert [str(each.choice) for each in found.answers if each.choice] == ["预算制"]
    assert (found.applicant, found.members, found.withheld) == ("", (), 1)
    assert not allows(account_actor(review.account), "view", review.submission)


def test_an_open_round_names_the_applicant_but_never_whom_it_would_avoid() -> None:
    reviewers(6)
    topic = checked_topic(0)
    made = bid(topic, "明牌有限公司", avoid=[{"name": "钱回避", "organisation": "", "reason": "竞争"}])
    round_ = opened(topic, blind=False)
    review = Review.objects.get(seat=round_.seats.first(), submission=made)
    found = dossier(account_actor(review.account), review)
    assert found.applicant == "明牌有限公司" and "王大锤" in repr(found)
    assert "钱回避" not in repr(found)


def test_every_reviewer_of_a_round_calls_a_submission_by_the_same_number() -> None:
    reviewers(6)
    round_ = opened(checked_topic(4))
    numbers = aliases(round_)
    assert sorted(numbers.values()) == [1, 2, 3, 4]
    for review in Review.objects.filter(seat__round=round_).select_related("seat__round", "submission"):
        assert dossier(account_actor(review.account), review).alias == numbers[str(review.submission_id)]


def test_whom_it_concerns_is_told_before_one_accepts() -> None:
    reviewers(6)
    topic = checked_topic(2)
    round_ = drawn(topic)
    names = [party.name for party in parties_concerned(round_)]
    assert topic.setter.name in names and names == sorted(names)
    assert {each.applicant.name for each in topic.submissions.all()} <= set(names)


def test_who_stands_aside_loses_sight_of_everything() -> None:
    review = a_review()
    actor = account_actor(review.account)
    write(review, "80")
    recuse_seat(actor=actor, seat=review.seat, reason="发现是同门")
    assert not allows(actor, "read_assigned", review.submission)
    with pytest.raises((AccessDenied, IllegalTransition)):
        write(review, "90")


def test_what_the_setter_opened_to_reviewers_is_read_by_them_in_their_time_and_nothing_more() -> None:
    setter = PartyFactory()
    demand = ResourceFactory(owner=setter)
    Resource.objects.filter(pk=demand.pk).update(
        closed={"targets": Visibility.PANEL.value, "problem": Visibility.OWNER.value}
    )
    demand.refresh_from_db()
    reviewers(6)
    topic = checked_topic(1, setter=setter, demands=[demand])
    round_ = accepted(drawn(topic))
    seat = round_.seats.first()
    assert seat is not None
    actor = account_actor(seat.account)
    assert "targets" not in read(actor, demand).fields
    open_round(actor=PLATFORM, round=round_)
    assert "targets" in read(actor, demand).fields and "problem" not in read(actor, demand).fields
    close_round(actor=PLATFORM, round=marked(round_))
    assert "targets" not in read(actor, demand).fields


def test_progress_is_counted_in_one_query(django_assert_num_queries: object) -> None:
    reviewers(6)
    round_ = opened(checked_topic(2))
    sign(Review.objects.filter(seat__round=round_).first())  # type: ignore[arg-type]  # ten were made
    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture of pytest-django
        progress = progress_of(Round.objects.all())[round_.pk]
    assert (progress.places, progress.accepted, progress.reviews, progress.signed) == (5, 5, 10, 1)


def test_results_are_for_the_bureau_with_every_total() -> None:
    reviewers(6)
    topic = checked_topic(2)
    round_ = aggregated(marked(opened(topic)))
    found = results_of(officer(), round_)
    assert [(each.score, len(each.dots)) for each in found] == [("80", 5), ("80", 5)]
    with pytest.raises(AccessDenied):
        results_of(member(topic.setter), round_)


def test_the_applicant_reads_the_opinions_when_the_result_stands_and_not_before() -> None:
    reviewers(6)
    topic = checked_topic(1)
    round_ = aggregated(marked(opened(topic)))
    submission = topic.submissions.select_related("applicant").get()
    applicant = member(submission.applicant)
    with pytest.raises(AccessDenied):
        opinions(applicant, submission)
    Submission.objects.filter(pk=submission.pk).update(state="not_awarded")
    submission.refresh_from_db()
    ((told, reviews),) = opinions(applicant, submission)
    assert told == round_ and len(reviews) == 5
    with pytest.raises(AccessDenied):
        opinions(member(), submission)
