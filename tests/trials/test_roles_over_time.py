"""Who was somebody yesterday is nobody special today: every right of a challenge asks who one is now."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from rongtong.domain.foundation.access import allows, scope
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition
from rongtong.domain.mailbox.actions import make_feed
from rongtong.domain.mailbox.models import Message
from rongtong.domain.mailbox.queries import actor_of_feed
from rongtong.domain.parties.models import Account, RoleGrant
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.parties.seats import seats
from rongtong.domain.programmes.actions.reviews import sign_review
from rongtong.domain.programmes.actions.rounds import answer_seat
from rongtong.domain.programmes.models import Project, Review, Seat, Submission, Topic
from rongtong.domain.programmes.queries.reviewing import dossier
from rongtong.domain.programmes.queries.waiting import waiting_for
from tests import factories as make
from tests.programmes.bidding import Bidding, bidding
from tests.programmes.deciding_scene import prepared, ranked_topic
from tests.programmes.panels import account_actor, checked_topic, drawn, opened, reviewers, write
from tests.programmes.running import running_project
from tests.trials.test_sealed_silence import browser

pytestmark = pytest.mark.django_db
YESTERDAY = dt.timedelta(days=1)


def ended(actor: Actor) -> Actor:
    """The same account, whose every role ended yesterday."""
    RoleGrant.objects.filter(account=actor.account).update(ends=timezone.localdate() - YESTERDAY)
    return again(actor)


def again(actor: Actor) -> Actor:
    return actor_of(Account.objects.get(pk=actor.account))


def own_review() -> Review:
    reviewers(8)
    opened(checked_topic(1))
    return Review.objects.filter(state="open").select_related("seat__round", "submission__topic").order_by("pk")[0]


def refused(actor: Actor, review: Review) -> None:
    """Neither read nor written nor signed."""
    with pytest.raises(AccessDenied):
        dossier(actor, review)
    with pytest.raises(IllegalTransition):
        write(review, "80")
    with pytest.raises(IllegalTransition):
        sign_review(actor=actor, review=review)


def test_who_is_no_reviewer_any_more_reads_and_writes_no_review() -> None:
    review = own_review()
    actor = account_actor(review.account)
    assert dossier(actor, review).answers
    actor = ended(actor)
    refused(actor, review)
    assert not allows(actor, "read_assigned", review.submission)
    page: Any = browser(actor).get(f"/reviews/{review.pk}/")
    assert "逐级出灰" not in page.content.decode()


def test_who_is_no_reviewer_any_more_accepts_no_seat() -> None:
    reviewers(8)
    seat = drawn(checked_topic(1)).seats.filter(state="invited").order_by("pk")[0]
    actor = ended(account_actor(seat.account))
    with pytest.raises(AccessDenied):
        answer_seat(actor=actor, seat=seat, event="accept", declares="没有关系")
    assert Seat.objects.get(pk=seat.pk).state == "invited"
    assert waiting_for(actor) == []


@pytest.mark.parametrize("side", ["applicant", "setter", "member", "employee"])
def test_a_reviewer_who_came_to_belong_to_one_of_them_stands_aside(side: str) -> None:
    review = own_review()
    submission, topic = review.submission, review.submission.topic
    house = {"setter": topic.setter, "member": make.PartyFactory()}.get(side, submission.applicant)
    if side == "member":
        Submission.objects.filter(pk=submission.pk).update(members=[str(house.pk)])
        review.refresh_from_db()
    account = Account.objects.get(pk=review.account)
    if side == "employee":
        make.AffiliationFactory(member=account.person, organisation=house)
    else:
        make.RoleGrantFactory(account=account, party=house)
    actor = next(seat.actor(account) for seat in seats(account) if Role.EXPERT in seat.actor(account).roles)
    refused(actor, Review.objects.select_related("seat__round", "submission__topic").get(pk=review.pk))
    page: Any = browser(actor).get(f"/reviews/{review.pk}/")
    assert page.status_code == 403
    assert "回避" in page.content.decode()


@pytest.fixture
def call() -> Bidding:
    return bidding()


def test_who_left_the_applicant_reads_neither_draft_nor_message_nor_calendar(call: Bidding) -> None:
    actor = make.member()
    sealed = call.sealed(actor)
    _feed, secret = make_feed(actor=actor)
    assert actor_of_feed(secret) is not None
    assert scope(again(actor), "view", Message.objects.all()).exists()
    gone = ended(actor)
    client = browser(gone)
    assert client.get(f"/bids/{sealed.pk}/").status_code == 404
    assert not scope(gone, "view", Message.objects.all()).exists()
    assert actor_of_feed(secret) is None
    assert Client(SERVER_NAME="localhost").get(f"/me/calendar/{secret}.ics").status_code == 404
    for event in ("withdraw", "redraft", "save", "seal"):
        assert client.post(f"/bids/{sealed.pk}/{event}").status_code == 404
    sealed.refresh_from_db()
    assert sealed.state == "sealed"


def test_in_another_seat_the_same_person_has_no_draft(call: Bidding) -> None:
    actor = make.member()
    draft = call.draft(actor)
    account = Account.objects.get(pk=actor.account)
    make.RoleGrantFactory(account=account, party=make.PartyFactory())
    other = next(each.actor(account) for each in seats(account) if each.actor(account).party != actor.party)
    assert not allows(other, "view", draft) and not allows(other, "edit", draft)
    assert not scope(other, "view", Submission.objects.all()).exists()


def test_an_officer_who_was_moved_has_nothing_left_of_the_region() -> None:
    topic = ranked_topic(2)
    decision, officer = prepared(topic), make.officer()
    assert allows(officer, "decide", decision)
    RoleGrant.objects.filter(account=officer.account).update(region="440300")
    moved, ends = again(officer), ended(make.officer())
    for actor in (moved, ends):
        assert not allows(actor, "decide", decision) and not allows(actor, "view", decision)
        assert not scope(actor, "view", Submission.objects.all()).exists()
        assert not allows(actor, "steer", Topic.objects.get(pk=topic.pk))
        client = browser(actor)
        assert client.get(f"/decisions/{decision.pk}/").status_code == 404
        assert client.post(f"/decisions/{decision.pk}/publish").status_code == 404
        assert client.get(f"/challenges/topics/{topic.pk}/result.csv").status_code in (403, 404)


def test_who_left_the_team_has_nothing_left_of_its_project() -> None:
    project = running_project()
    actor = make.member(project.leader)
    assert allows(actor, "lead", project)
    gone = ended(actor)
    assert not scope(gone, "view", Project.objects.all()).exists()
    assert browser(gone).get(f"/projects/{project.pk}/").status_code == 404
