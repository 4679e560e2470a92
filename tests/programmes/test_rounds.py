"""A panel is drawn so that anyone can draw it again, stays whole, and nobody sits on it who should not."""

import datetime as dt
from collections import Counter
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.access import allows, scope
from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.errors import AccessDenied, DomainError, IllegalTransition, Invalid
from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.parties.models import Affiliation, Consent, Party, RoleGrant
from rongtong.domain.programmes.actions.rounds import (
    abandon_round,
    aggregate_round,
    answer_seat,
    close_round,
    draw_panel,
    open_round,
    plan_round,
    rank_topic,
    recuse_seat,
    replace_seat,
    reschedule_round,
    waive_second_look,
)
from rongtong.domain.programmes.models import Review, Round, Seat, Submission, Topic
from rongtong.domain.programmes.queries.pool import outline_of, pool_of, senior, without_account
from rongtong.domain.programmes.queries.reviewing import record_of
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.persons import PURPOSE
from rongtong.engines.review import commitment, read_record, verify
from tests.factories import PLATFORM, AccountFactory, PartyFactory, ResourceFactory, member, officer
from tests.factories import supervisor as a_supervisor
from tests.programmes.panels import (
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


def reasons(round_: Round, person: object) -> set[str]:
    record = read_record(round_.draw)
    return {each.code for each in record.result.exclusions if each.candidate == str(person)}


def test_the_draw_is_the_same_for_whoever_has_its_record() -> None:
    reviewers(9)
    round_ = drawn(checked_topic())
    record = read_record(round_.draw)
    assert verify(record) == ()
    assert len(record.result.drawn) == 5 and len(record.result.reserve) == 4
    assert {str(seat.person_id) for seat in round_.seats.all()} == set(record.members)
    assert record.order.label == "2026-0001-001/1/1"


def test_the_seed_is_bound_before_the_pool_is_read_and_a_new_one_taken_after() -> None:
    reviewers(7)
    round_ = planned(checked_topic())
    told = AuditEvent.objects.get(action="programmes.plan_round").details["commitment"]
    moved = draw_panel(actor=PLATFORM, round=round_)
    assert read_record(moved.draw).commitment == told == commitment(round_.seed)
    assert moved.seed not in (round_.seed, "")
    event = AuditEvent.objects.get(action="round.draw")
    assert event.details["next_commitment"] == commitment(moved.seed)
    again = draw_panel(actor=PLATFORM, round=moved, reason="漏登了一家单位")
    assert read_record(again.draw).commitment == commitment(moved.seed)


def test_who_is_near_to_an_applicant_the_setter_or_an_examiner_is_left_out() -> None:
    topic = checked_topic()
    first = topic.submissions.first()
    assert first is not None
    reviewers(6)
    employed, of_setter, past, long_past = (reviewer() for _ in range(4))
    Affiliation.objects.filter(member=employed).update(organisation=first.applicant)
    Affiliation.objects.filter(member=of_setter).update(organisation=topic.setter)
    today = clock.today()
    for person, years in ((past, 2), (long_past, 4)):
        ended = today - dt.timedelta(days=366 * years)
        Affiliation.objects.create(member=person, organisation=first.applicant, role="employee", ends=ended)
    round_ = drawn(topic)
    assert "entity" in reasons(round_, employed.pk)
    assert "entity" in reasons(round_, of_setter.pk)
    assert reasons(round_, past.pk) == {"employment"}
    assert reasons(round_, long_past.pk) == set()


def test_a_member_of_a_consortium_counts_as_an_applicant() -> None:
    reviewers(6)
    partner = PartyFactory()
    person = reviewer(partner)
    topic = checked_topic(2)
    bid(topic, "联合体牵头有限公司", members=[{"party": str(partner.pk), "name": partner.name}])
    assert "entity" in reasons(drawn(topic), person.pk)


def test_whom_an_applicant_names_is_left_out_three_at_most_and_only_if_asked_for() -> None:
    reviewers(6)
    unwelcome = reviewer(name="周不宜")
    topic = checked_topic(2)
    bid(topic, "点名有限公司", avoid=[{"name": "周不宜", "organisation": "", "reason": "有过诉讼"}])
    round_ = drawn(topic)
    assert reasons(round_, unwelcome.pk) == {"named"}
    again = draw_panel(actor=PLATFORM, round=round_, reason="按规则包只提示", bars=())
    assert reasons(again, unwelcome.pk) == set()


def test_whose_name_stands_in_a_submission_is_told_and_may_sit() -> None:
    reviewers(4)
    named = reviewer(name="赵同名")
    topic = checked_topic(2)
    bid(topic, "提及有限公司", answers={"approach": "与赵同名教授合作研制。"})
    record = read_record(drawn(topic).draw)
    assert [each.candidate for each in record.result.told] == [str(named.pk)]
    assert str(named.pk) in record.members


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"rank": "助理研究员"}, "senior"), ({"years": 3}, "years"), ({"rank": ""}, "unknown"),
     ({"years": None}, "unknown"), ({"roles": ["consult"]}, "unavailable")],
)  # fmt: skip
def test_who_does_not_qualify_or_is_not_willing_is_left_out(facts: dict[str, object], code: str) -> None:
    reviewers(5)
    person = reviewer(**facts)  # type: ignore[arg-type]
    assert reasons(drawn(checked_topic()), person.pk) == {code}


def test_who_also_serves_the_bureau_is_left_out() -> None:
    reviewers(5)
    person = reviewer()
    other = AccountFactory(person=person)
    RoleGrant.objects.create(account=other, role=Role.OFFICER, region="330100", starts=clock.today())
    assert "supervisor" in reasons(drawn(checked_topic()), person.pk)


def test_a_reviewer_of_another_region_is_not_in_the_pool_and_one_without_account_is_told() -> None:
    reviewers(5)
    far = reviewer()
    RoleGrant.objects.filter(account__person=far).update(region="110000")
    stranger = ResourceFactory(kind="expert", title="无账号", values={"expertise": "窑炉", "region": "330100"})
    topic = checked_topic()
    pool = pool_of(planned(topic))
    assert len(pool.candidates) == 5
    count, first = without_account(topic)
    assert stranger in first
    assert {each.state for each in first} <= {"published", "stale"}
    assert (count, without_account(topic, most=0)) == (len(first), (len(first), []))
    assert Resource.objects.filter(kind="expert").count() == 7


def test_the_outline_of_a_pool_is_that_of_the_whole_pool() -> None:
    reviewers(4)
    reviewer(roles=["consult"])
    willing_since = reviewer(roles=["consult"])
    ResourceFactory(kind="expert", owner=willing_since, values={"expertise": "窑炉", "roles": ["review"]})
    house = PartyFactory(organisation_type="university")
    described, another = (reviewer(house) for _ in range(2))
    Resource.objects.filter(owner__in=[described, another]).delete()
    for person, owner, orcid in (
        (described, house, "0000-0002-1825-0097"),
        (another, PartyFactory(), "0000-0001-5109-3700"),
    ):
        Party.objects.filter(pk=person.pk).update(orcid=orcid)
        values = {"expertise": "窑炉", "roles": ["train"], "orcid": orcid}
        ResourceFactory(kind="expert", owner=owner, values=values)
    Consent.objects.create(
        subject=reviewer(), purpose=PURPOSE, starts=clock.today(), withdrawn_at=clock.now(), given_by="本人"
    )
    topic = checked_topic()
    organiser = AccountFactory(person=reviewer())
    round_ = planned(topic)
    pool, outline = pool_of(round_, [organiser.pk]), outline_of(round_, [organiser.pk])
    assert outline.size == len(pool.candidates)
    assert outline.away == Counter(pool.away.values()) == {"unwilling": 2, "opted_out": 1, "organiser": 1}


def test_a_page_reads_of_a_pool_whom_the_record_tells_of() -> None:
    reviewers(20)
    excluded = reviewer(years=3)
    round_ = drawn(checked_topic())
    whole = read_record(round_.draw)
    told = record_of(officer(), round_)
    assert told is not None
    assert {each.id for each in told.order.pool} == {*whole.members, str(excluded.pk)}
    assert told.result == whole.result
    assert record_of(officer(), round_, checked=True) == whole


@pytest.mark.parametrize(
    ("title", "found"),
    [("教授", True), ("副研究员", True), ("高级工程师", True), ("助理研究员", False), ("讲师", False),
     ("工程师", False), ("", None), ("Senior engineer", True)],
)  # fmt: skip
def test_a_senior_title_is_known_by_its_words(title: str, found: bool | None) -> None:
    assert senior(title) is found


def test_too_few_reviewers_are_told_by_number_and_nothing_is_written() -> None:
    reviewers(3)
    round_ = planned(checked_topic())
    with pytest.raises(Invalid, match="还差 2 人"):
        draw_panel(actor=PLATFORM, round=round_)
    round_.refresh_from_db()
    assert (round_.state, round_.draw, Seat.objects.count()) == ("planned", {}, 0)


@pytest.mark.parametrize("size", [4, 6, 3])
def test_a_panel_is_odd_and_five_at_least(size: int) -> None:
    with pytest.raises(Invalid) as refused:
        planned(checked_topic(), size=size)
    assert {each.field for each in refused.value.problems} == {"size"}


def test_a_round_asks_for_its_end_and_a_kind() -> None:
    with pytest.raises(Invalid) as refused:
        plan_round(actor=PLATFORM, topic=checked_topic(), kind="tea")
    assert {each.field for each in refused.value.problems} == {"kind", "ends_at"}


def test_it_is_planned_only_between_opening_and_ranking() -> None:
    topic = checked_topic()
    Topic.objects.filter(pk=topic.pk).update(state="open")
    with pytest.raises(IllegalTransition, match="启封以后"):
        planned(topic)


def test_drawn_again_with_a_reason_both_draws_are_kept() -> None:
    reviewers(9)
    round_ = drawn(checked_topic())
    with pytest.raises(IllegalTransition, match="理由"):
        draw_panel(actor=PLATFORM, round=round_)
    again = draw_panel(actor=PLATFORM, round=round_, reason="漏登了一家成员单位")
    assert [each["record"] for each in again.earlier] == [round_.draw]
    assert again.earlier[0]["reason"] == "漏登了一家成员单位"
    assert verify(read_record(again.draw)) == () and again.draw["order"]["label"].endswith("/2")
    assert {str(seat.person_id) for seat in again.seats.filter(state="invited")} == set(read_record(again.draw).members)


def test_it_is_not_drawn_again_once_somebody_accepted() -> None:
    reviewers(9)
    round_ = drawn(checked_topic())
    seat = round_.seats.first()
    assert seat is not None
    answer_seat(actor=account_actor(seat.account), seat=seat, event="accept")
    with pytest.raises(IllegalTransition, match="应允"):
        draw_panel(actor=PLATFORM, round=round_, reason="换一批")


def test_who_declined_is_not_drawn_again() -> None:
    reviewers(7)
    round_ = drawn(checked_topic())
    seat = round_.seats.first()
    assert seat is not None
    answer_seat(actor=account_actor(seat.account), seat=seat, event="decline", reason="出差")
    round_.refresh_from_db()
    again = draw_panel(actor=PLATFORM, round=round_, reason="名单有误")
    assert reasons(again, seat.person_id) == {"unavailable"}


def test_a_declined_seat_goes_to_the_first_of_the_reserve() -> None:
    reviewers(8)
    round_ = drawn(checked_topic())
    reserve = read_record(round_.draw).result.reserve
    seat = round_.seats.first()
    assert seat is not None
    with pytest.raises(IllegalTransition, match="理由"):
        answer_seat(actor=account_actor(seat.account), seat=seat, event="decline")
    answer_seat(actor=account_actor(seat.account), seat=seat, event="decline", reason="出差")
    (successor,) = seat.replaced_by.all()
    assert (str(successor.person_id), successor.state) == (reserve[0], "invited")
    round_.refresh_from_db()
    assert verify(read_record(round_.draw)) == ()


def test_a_successor_who_may_no_longer_review_is_passed_over() -> None:
    reviewers(8)
    round_ = drawn(checked_topic())
    reserve = read_record(round_.draw).result.reserve
    RoleGrant.objects.filter(account__person=reserve[0]).update(ends=clock.today() - dt.timedelta(days=1))
    seat = round_.seats.first()
    assert seat is not None
    successor = replace_seat(actor=PLATFORM, seat=seat, reason="联系不上")
    assert str(successor.person_id) == reserve[1]
    round_.refresh_from_db()
    assert verify(read_record(round_.draw)) == ()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 6), st.sampled_from(("decline", "recuse", "replace", "accept"))), max_size=7
    )
)
def test_after_any_sequence_of_leaving_the_record_verifies_and_names_the_panel(
    steps: list[tuple[int, str]], topic_of_nine: Topic
) -> None:
    with transaction.atomic():
        _leave_by(steps, topic_of_nine)
        transaction.set_rollback(True)


def _leave_by(steps: list[tuple[int, str]], topic_of_nine: Topic) -> None:
    round_ = draw_panel(actor=PLATFORM, round=planned(topic_of_nine))
    for place, what in steps:
        held = list(round_.seats.filter(state__in=("invited", "accepted")).order_by("pk"))
        if not held:
            break
        seat = held[place % len(held)]
        try:
            if what == "replace":
                replace_seat(actor=PLATFORM, seat=seat, reason="另有任务")
            elif what == "recuse":
                recuse_seat(actor=account_actor(seat.account), seat=seat, reason="师生关系")
            else:
                answer_seat(actor=account_actor(seat.account), seat=seat, event=what, reason="出差")
        except IllegalTransition:
            continue
    round_.refresh_from_db()
    record = read_record(round_.draw)
    assert verify(record) == ()
    held_ids = {str(each.person_id) for each in round_.seats.filter(state__in=("invited", "accepted"))}
    assert held_ids == set(record.members)


@pytest.fixture
def topic_of_nine() -> Topic:
    reviewers(9)
    return checked_topic()


def test_who_drew_does_not_sit() -> None:
    reviewers(5)
    round_ = drawn(checked_topic())
    seat = round_.seats.first()
    assert seat is not None
    Round.objects.filter(pk=round_.pk).update(drawn_by=seat.account)
    with pytest.raises(AccessDenied, match="抽取"):
        answer_seat(actor=account_actor(seat.account), seat=seat, event="accept")


def test_accepting_asks_for_the_promise() -> None:
    reviewers(5)
    seat = drawn(checked_topic()).seats.first()
    assert seat is not None
    with pytest.raises(Invalid) as refused:
        answer_seat(actor=account_actor(seat.account), seat=seat, event="accept", promises=False)
    assert [each.field for each in refused.value.problems] == ["promises"]


def test_the_panel_is_told_to_the_bureau_its_supervisors_and_each_member_alone() -> None:
    reviewers(6)
    topic = checked_topic()
    round_ = drawn(topic)
    seats = Seat.objects.filter(round=round_)
    first = seats.first()
    assert first is not None
    assert scope(officer(), "view", seats).count() == scope(a_supervisor(), "view", seats).count() == 5
    assert list(scope(account_actor(first.account), "view", seats)) == [first]
    outsider = member(topic.submissions.get(title__contains="第1队").applicant)
    for stranger in (outsider, member(topic.setter)):
        assert not scope(stranger, "view", seats).exists()
        assert not allows(stranger, "read_draw", round_)
    assert not allows(account_actor(first.account), "read_draw", round_)


def test_a_round_opens_only_with_its_whole_panel_and_takes_topic_and_submissions_along() -> None:
    reviewers(6)
    topic = checked_topic()
    round_ = drawn(topic)
    with pytest.raises(IllegalTransition, match="5 人应允"):
        open_round(actor=PLATFORM, round=round_)
    open_round(actor=PLATFORM, round=accepted(round_))
    topic.refresh_from_db()
    assert topic.state == "reviewing"
    assert set(topic.submissions.values_list("state", flat=True)) == {"in_review"}
    assert Review.objects.filter(state="open").count() == 5 * 3


def test_a_submission_that_passes_the_form_after_the_draw_was_not_looked_at_for_conflicts() -> None:
    reviewers(6)
    topic = checked_topic()
    round_ = accepted(drawn(topic))
    bid(topic, "迟到有限公司")
    with pytest.raises(IllegalTransition, match="重新安排"):
        open_round(actor=PLATFORM, round=round_)
    assert Review.objects.count() == 0


def test_who_is_replaced_counts_nowhere_and_the_successor_writes_anew() -> None:
    reviewers(6)
    topic = checked_topic(1)
    submission = topic.submissions.get()
    round_ = opened(topic)
    seat = round_.seats.order_by("pk").first()
    assert seat is not None
    sign(seat.reviews.get(), "0")
    successor = replace_seat(actor=officer(), seat=seat, reason="申请人举报，查实有合作")
    assert seat.reviews.get().state == "void"
    answer_seat(actor=account_actor(successor.account), seat=successor, event="accept")
    closed = aggregated(marked(round_))
    standing = closed.standings[str(submission.pk)]
    assert (standing["score"], len(standing["totals"])) == ("80", 5)
    assert str(seat.pk) not in standing["totals"]


def test_a_round_that_lost_a_member_and_has_no_reserve_cannot_close_but_be_given_up() -> None:
    reviewers(5)
    topic = checked_topic()
    round_ = opened(topic)
    seat = round_.seats.first()
    assert seat is not None
    recuse_seat(actor=account_actor(seat.account), seat=seat, reason="发现是同门")
    marked(round_)
    with pytest.raises(IllegalTransition, match="现有 4 人"):
        close_round(actor=PLATFORM, round=round_)
    abandon_round(actor=PLATFORM, round=round_, reason="候补用完")
    assert not Review.objects.exclude(state="void").exists()
    reviewers(3)
    again = planned(topic)
    assert (again.order, len(again.subjects)) == (2, 3)


def test_it_closes_when_everybody_signed_and_seats_are_finished() -> None:
    reviewers(5)
    round_ = opened(checked_topic())
    with pytest.raises(IllegalTransition, match="15 份意见没有签署"):
        close_round(actor=PLATFORM, round=round_)
    close_round(actor=PLATFORM, round=marked(round_))
    assert set(round_.seats.values_list("state", flat=True)) == {"finished"}


def test_scores_are_exact_and_a_wide_spread_owes_a_second_look() -> None:
    reviewers(12)
    topic = checked_topic(2)
    even, torn = topic.submissions.order_by("pk")
    marks = {even.pk: ["80", "81", "82", "83", "84.33"], torn.pk: ["90", "60", "90", "90", "90"]}
    round_ = aggregated(marked(opened(topic), marks))
    even.refresh_from_db()
    torn.refresh_from_db()
    assert Fraction(round_.standings[str(even.pk)]["exact"]) == Fraction(41033, 500)
    assert (str(even.score), even.second_look) == ("82.0700", False)
    assert (str(torn.spread), torn.second_look) == ("30.0000", True)
    with pytest.raises(IllegalTransition, match="分歧较大"):
        rank_topic(actor=PLATFORM, topic=topic)
    second = opened(topic, kind="meeting", submissions=[torn])
    assert second.subjects == [str(torn.pk)]
    aggregated(marked(second, {torn.pk: ["95", "60", "95", "95", "95"]}))
    torn.refresh_from_db()
    assert (str(torn.score), torn.second_look) == ("88.0000", False)
    assert rank_topic(actor=PLATFORM, topic=topic).state == "ranked"
    assert list(topic.submissions.order_by("rank").values_list("pk", flat=True)) == [torn.pk, even.pk]


def test_a_second_look_is_waived_only_with_a_reason_that_stays() -> None:
    reviewers(5)
    topic = checked_topic(1)
    submission = topic.submissions.get()
    round_ = aggregated(marked(opened(topic), {submission.pk: ["90", "60", "90", "90", "90"]}))
    with pytest.raises(Invalid, match="理由"):
        waive_second_look(actor=PLATFORM, submission=submission, reason=" ")
    waive_second_look(actor=PLATFORM, submission=submission, reason="评审组会商后维持")
    round_.refresh_from_db()
    assert round_.waivers[str(submission.pk)]["reason"] == "评审组会商后维持"
    with pytest.raises(IllegalTransition, match="不需要复看"):
        waive_second_look(actor=PLATFORM, submission=submission, reason="再来")
    assert rank_topic(actor=PLATFORM, topic=topic).state == "ranked"


def test_ties_are_told_and_broken_by_the_stated_rule() -> None:
    reviewers(5)
    topic = checked_topic(2)
    aggregated(marked(opened(topic)))
    first = rank_topic(actor=PLATFORM, topic=topic)
    event = AuditEvent.objects.get(action="programmes.rank_topic")
    assert {*event.details["ties"][0]} == {str(pk) for pk in first.submissions.values_list("pk", flat=True)}
    assert "权重最大" in event.details["rule"]
    assert sorted(first.submissions.values_list("rank", flat=True)) == [1, 2]


def test_the_time_of_a_round_moves_with_a_reason() -> None:
    reviewers(5)
    round_ = opened(checked_topic())
    later = clock.now() + dt.timedelta(days=30)
    with pytest.raises(Invalid, match="1 处"):
        reschedule_round(actor=PLATFORM, round=round_, ends_at=later, reason="")
    assert reschedule_round(actor=PLATFORM, round=round_, ends_at=later, reason="两位专家出差").ends_at == later


@pytest.mark.parametrize("who", ["setter", "reviewer", "supervisor"])
def test_only_the_bureau_runs_rounds(who: str) -> None:
    reviewers(5)
    topic = checked_topic()
    round_ = drawn(topic)
    seat = round_.seats.first()
    assert seat is not None
    actor = {"setter": member(topic.setter), "reviewer": account_actor(seat.account), "supervisor": a_supervisor()}[who]
    for attempt in (
        lambda: planned(topic, actor),
        lambda: draw_panel(actor=actor, round=round_, reason="想换人"),
        lambda: open_round(actor=actor, round=round_),
        lambda: replace_seat(actor=actor, seat=seat, reason="想换人"),
        lambda: aggregate_round(actor=actor, round=round_),
        lambda: rank_topic(actor=actor, topic=topic),
    ):
        with pytest.raises(DomainError):
            attempt()
    assert Submission.objects.filter(state="formal_ok").count() == 3
    assert round_.seats.filter(state="invited").count() == 5
