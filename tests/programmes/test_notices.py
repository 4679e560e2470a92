"""A notice stands for working days as the calendar of the year has them, and what it says no longer changes."""

import datetime as dt

import pytest

from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import VISITOR
from rongtong.domain.foundation.calendar import NoCalendar
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.parties.actions import update_party
from rongtong.domain.programmes.actions.clock import run_clock
from rongtong.domain.programmes.actions.deciding import end_notice, give_notice
from rongtong.domain.programmes.models import Notice, Submission
from rongtong.domain.programmes.queries import deciding
from tests.factories import PLATFORM, PartyFactory
from tests.programmes.deciding_scene import (
    CONTACT,
    OFFICER,
    bids_of,
    day_after,
    noticed,
    of_party,
    on,
    published,
    ranked_topic,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("given_on", "starts", "ends"),
    [
        # an ordinary week
        (dt.date(2026, 11, 2), None, dt.date(2026, 11, 9)),
        # National Day from the first to the seventh of October, Saturday the tenth is worked
        (dt.date(2026, 9, 28), None, dt.date(2026, 10, 10)),
        # Mid-Autumn from Friday to Sunday
        (dt.date(2026, 9, 21), None, dt.date(2026, 9, 29)),
        # Sunday the twentieth of September is worked
        (dt.date(2026, 9, 14), None, dt.date(2026, 9, 20)),
        # put up on a Saturday: that day does not count anyway
        (dt.date(2026, 11, 7), None, dt.date(2026, 11, 13)),
        # a later working day, also one that is made up for
        (dt.date(2026, 9, 14), dt.date(2026, 9, 20), dt.date(2026, 9, 28)),
        # the last term that the year's calendar reaches
        (dt.date(2026, 12, 24), None, dt.date(2026, 12, 31)),
    ],
)
def test_the_last_day_is_counted_by_the_calendar(given_on: dt.date, starts: dt.date | None, ends: dt.date) -> None:
    topic = ranked_topic()
    with on(given_on):
        notice = give_notice(actor=OFFICER, decision=published(topic), starts=starts, contact=CONTACT)
    assert (notice.starts, notice.ends, notice.working_days) == (starts or given_on, ends, 5)


def test_a_term_into_a_year_without_calendar_is_told_and_changes_nothing() -> None:
    topic = ranked_topic()
    with on(dt.date(2026, 12, 25)):
        decision = published(topic)
        with pytest.raises(NoCalendar, match="2027"):
            give_notice(actor=OFFICER, decision=decision, contact=CONTACT)
    topic.refresh_from_db()
    assert topic.state == "proposed"
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("starts", "said"),
    [(dt.date(2026, 9, 25), "不是工作日"), (dt.date(2026, 9, 13), "过去"), (dt.date(2026, 9, 19), "工作日")],
)
def test_it_starts_on_no_holiday_and_not_in_the_past(starts: dt.date, said: str) -> None:
    topic = ranked_topic()
    with on(dt.date(2026, 9, 14)):
        decision = published(topic)
        with pytest.raises(Invalid, match=said) as refused:
            give_notice(actor=OFFICER, decision=decision, starts=starts, contact=CONTACT)
    assert [problem.field for problem in refused.value.problems] == ["starts"]


def test_one_working_day_is_still_three_natural_days() -> None:
    """Implementing regulations of the bidding law, art. 54: never fewer than three days, whatever a programme sets."""
    topic = ranked_topic(parameters={"notice_working_days": 1})
    with on(dt.date(2026, 11, 2)):
        term = deciding.notice_term(topic)
    assert (term.ends, term.working_days) == (dt.date(2026, 11, 5), 3)
    with on(dt.date(2026, 11, 6)):
        assert deciding.notice_term(topic).ends == dt.date(2026, 11, 9)


def test_the_days_that_do_not_count_are_named() -> None:
    topic = ranked_topic()
    with on(dt.date(2026, 9, 28)):
        term = deciding.notice_term(topic)
    assert [each.day.day for each in term.skipped] == [1, 2, 3, 4, 5, 6, 7]
    assert {each.holiday for each in term.skipped} == {"国庆节"}
    assert [each.day for each in term.made_up] == [dt.date(2026, 10, 10)]


def test_what_is_public_does_not_change_with_names_and_money_that_do() -> None:
    topic = ranked_topic()
    member = PartyFactory(name="云岭大学")
    best = bids_of(topic)[0]
    Submission.objects.filter(pk=best.pk).update(members=[str(best.applicant_id), str(member.pk)])
    notice = noticed(topic, "proposed", "reserve", "not_awarded")
    name = best.applicant.name
    update_party(actor=PLATFORM, party=best.applicant, name="改名后的公司")
    Submission.objects.filter(pk=best.pk).update(bid=1)
    notice.refresh_from_db()
    [entry] = notice.content["proposed"]
    assert (entry["applicant"], entry["members"], entry["fen"]) == (name, ["云岭大学"], 100_000_00)
    assert [each["applicant"] for each in notice.content["reserve"]] == [bids_of(topic)[1].applicant.name]
    assert notice.content["setter"] == topic.setter.name
    assert notice.content["contact"] == "科技局规划处 0571-00000000"


def test_a_notice_names_nobody_who_was_not_chosen() -> None:
    topic = ranked_topic(3, rejected=1)
    notice = noticed(topic, "proposed", "reserve", "not_awarded", "not_awarded")
    losers = [each.applicant.name for each in bids_of(topic)[2:]]
    assert not any(name in str(notice.content) for name in losers)


def test_anybody_reads_notices_and_only_officers_give_them() -> None:
    topic = ranked_topic()
    decision = published(topic)
    with pytest.raises(AccessDenied):
        give_notice(actor=of_party(topic.setter), decision=decision, contact=CONTACT)
    notice = give_notice(actor=OFFICER, decision=decision, contact=CONTACT)
    assert allows(VISITOR, "view", notice)
    assert list(deciding.notices(VISITOR, running=True)) == [notice]
    assert not deciding.notices(VISITOR, running=False).exists()


def test_the_clock_ends_a_notice_after_its_last_day() -> None:
    topic = ranked_topic()
    with on(dt.date(2026, 9, 28)):
        notice = noticed(topic)
        with pytest.raises(IllegalTransition, match="没有满"):
            end_notice(actor=PLATFORM, notice=notice)
    with on(notice.ends):
        run_clock(PLATFORM)
        notice.refresh_from_db()
        assert notice.state == "running"
    with on(day_after(notice)):
        run_clock(PLATFORM)
        assert run_clock(PLATFORM) == 0
    notice.refresh_from_db()
    assert notice.state == "ended"


def test_a_notice_says_whom_objections_reach() -> None:
    decision = published(ranked_topic())
    with pytest.raises(Invalid) as refused:
        give_notice(actor=OFFICER, decision=decision, contact="  ")
    assert [problem.field for problem in refused.value.problems] == ["contact"]
