"""Who objects does so by name and in time; somebody else than the decider answers; what is upheld is decided anew."""

import datetime as dt
import io
import threading
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection  # noqa: F401  # the condition of needs_postgresql is evaluated here

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.documents import belonging
from rongtong.domain.foundation.documents.actions import upload_document, withdraw_document
from rongtong.domain.foundation.documents.belonging import Room
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.foundation.models import AuditEvent, Document
from rongtong.domain.programmes import secret_links
from rongtong.domain.programmes.actions.deciding import award_topic, end_notice, give_notice, publish_decision
from rongtong.domain.programmes.actions.objections import advance_objection, file_objection, take_back_objection
from rongtong.domain.programmes.documents import EVIDENCE
from rongtong.domain.programmes.models import Notice, Objection, Project, Topic
from rongtong.domain.programmes.queries import deciding
from tests.factories import PLATFORM
from tests.foundation.test_transitions import at_once, needs_postgresql
from tests.programmes.deciding_scene import (
    COLLEAGUE,
    CONTACT,
    GROUND,
    OFFICER,
    SUPERVISOR,
    WEEK,
    bids_of,
    citizen,
    day_after,
    ended,
    noticed,
    of_party,
    on,
    prepared,
    ranked_topic,
)

pytestmark = pytest.mark.django_db
SECRET = "Zq3fP0v7kK9mWc2xR5tYb8nH1jL4gD6sAaEeUuIiOo0"


def objected(notice: Notice, actor: Actor | None = None, **more: Any) -> Objection:
    given: dict[str, Any] = {"name": "张三", "contact": "0571-12345678", "ground": GROUND} | more
    return file_objection(actor=actor or citizen(), notice=notice, **given)


def answered(objection: Objection, event: str) -> Objection:
    admitted = advance_objection(actor=COLLEAGUE, objection=objection, event="admit")
    return advance_objection(actor=COLLEAGUE, objection=admitted, event=event, reason="经核查发票和设备。")


def test_anybody_objects_by_name_and_gets_a_day_for_the_answer() -> None:
    topic = ranked_topic()
    with on(WEEK):
        objection = objected(noticed(topic), VISITOR)
    assert (objection.state, objection.due, objection.account) == ("filed", dt.date(2026, 9, 17), None)


def test_nameless_is_told_that_it_may_be_passed_on_as_information() -> None:
    notice = noticed(ranked_topic())
    with pytest.raises(Invalid) as refused:
        objected(notice, VISITOR, name=" ", contact="", ground="不公平")
    assert [problem.field for problem in refused.value.problems] == ["name", "contact", "ground"]
    assert "线索" in refused.value.problems[0].message
    assert not Objection.objects.exists()


def test_the_same_said_twice_is_one_objection() -> None:
    notice = noticed(ranked_topic())
    assert objected(notice) == objected(notice)
    assert objected(notice, ground=GROUND + "另附照片。") != objected(notice)


def test_without_an_account_the_secret_says_that_it_is_the_same_and_the_words_do_not() -> None:
    notice = noticed(ranked_topic())
    first = objected(notice, VISITOR, secret=SECRET)
    assert objected(notice, VISITOR, secret=SECRET) == first
    assert objected(notice, VISITOR, secret=secret_links.new_secret()) != first
    assert objected(notice, VISITOR) != objected(notice, VISITOR)
    with pytest.raises(IllegalTransition, match="已经提交过"):
        objected(notice, VISITOR, secret=SECRET, ground=GROUND + "另附照片。")
    assert first.digest == secret_links.digest_of(SECRET) != SECRET


def test_who_holds_the_link_reads_adds_and_takes_back_and_nobody_else_does() -> None:
    objection = objected(noticed(ranked_topic()), VISITOR, secret=SECRET)
    objected(objection.notice, VISITOR, secret=SECRET[::-1])
    holder = holder_of(SECRET)
    assert deciding.by_link(holder) == objection
    assert evidence(holder, objection).uploaded_by is None
    for other in (VISITOR, citizen(), holder_of(SECRET[::-1]), holder_of(SECRET[:-1]), holder_of("")):
        for what in ("view", "attach", "file"):
            assert not allows(other, what, objection)
        with pytest.raises(AccessDenied):
            take_back_objection(actor=other, objection=objection)
    for nothing in (VISITOR, citizen(), holder_of(SECRET[:-1])):
        with pytest.raises(Objection.DoesNotExist):
            deciding.by_link(nothing)
    assert not allows(holder, "decide", objection)
    assert take_back_objection(actor=holder, objection=objection).state == "taken_back"
    with pytest.raises(AccessDenied):
        evidence(holder, objection)
    assert not AuditEvent.objects.filter(details__icontains=SECRET).exists()


def test_an_objection_carries_so_many_files_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    objection = objected(noticed(ranked_topic()), VISITOR, secret=SECRET)
    holder = holder_of(SECRET)
    kept = [evidence(holder, objection, f"照片{number}") for number in range(EVIDENCE.files)]
    withdraw_document(actor=holder, document=kept[0], reason="传错了")
    with pytest.raises(Invalid, match="最多放 10 个"):
        evidence(holder, objection, "又一张")
    other = objected(objection.notice)
    monkeypatch.setitem(belonging._rooms, Objection, Room(files=10, megabytes=0))
    with pytest.raises(Invalid, match="共 0 MB"):
        evidence(citizen(), other)
    assert Document.objects.count() == EVIDENCE.files


def test_where_there_is_no_room_for_more_the_same_files_may_come_again() -> None:
    """As they do when the page that answered the form is loaded anew."""
    objection = objected(noticed(ranked_topic()), VISITOR, secret=SECRET)
    holder = holder_of(SECRET)
    kept = [evidence(holder, objection, f"照片{number}") for number in range(EVIDENCE.files)]
    assert [evidence(holder, objection, f"照片{number}") for number in range(EVIDENCE.files)] == kept


def holder_of(secret: str) -> Actor:
    return secret_links.holding(VISITOR, secret_links.digest_of(secret))


def evidence(actor: Actor, objection: Objection, text: str = "设备与发票不符") -> Document:
    file = io.BytesIO(text.encode())
    return upload_document(
        actor=actor, entity=objection, file=file, name="说明.txt", no_secrets=True, visibility="internal"
    )


def test_only_while_the_notice_runs() -> None:
    topic = ranked_topic()
    with on(WEEK):
        notice = give_notice(
            actor=OFFICER,
            decision=publish_decision(actor=OFFICER, decision=prepared(topic)),
            starts=WEEK.date() + dt.timedelta(days=1),
            contact=CONTACT,
        )
        with pytest.raises(IllegalTransition, match="没有开始"):
            objected(notice)
    with on(notice.ends):
        objected(notice)
    with on(day_after(notice)), pytest.raises(IllegalTransition, match="公示期已过"):
        objected(notice, ground=GROUND + "再说一次。")


def test_who_sees_an_objection() -> None:
    topic = ranked_topic()
    objection = objected(noticed(topic))
    for actor in (citizen(), OFFICER, SUPERVISOR):
        assert allows(actor, "view", objection)
    for actor in (VISITOR, of_party(topic.setter), of_party(bids_of(topic)[0].applicant)):
        assert not allows(actor, "view", objection)
        assert not deciding.objections(actor).exists()


def test_what_a_visitor_filed_is_no_other_visitors() -> None:
    objection = objected(noticed(ranked_topic()), VISITOR)
    assert not allows(VISITOR, "view", objection)
    with pytest.raises(AccessDenied):
        take_back_objection(actor=VISITOR, objection=objection)


def test_academic_judgement_is_no_ground() -> None:
    objection = objected(noticed(ranked_topic()), academic=True)
    with pytest.raises(IllegalTransition, match="学术判断"):
        advance_objection(actor=COLLEAGUE, objection=objection, event="admit")
    dismissed = advance_objection(actor=COLLEAGUE, objection=objection, event="dismiss", reason="属于学术判断。")
    assert (dismissed.state, dismissed.finding, dismissed.decided_by) == (
        "inadmissible",
        "属于学术判断。",
        COLLEAGUE.name,
    )


@pytest.mark.parametrize("event", ["uphold", "reject"])
def test_who_prepared_the_decision_does_not_judge_what_is_held_against_it(event: str) -> None:
    objection = objected(noticed(ranked_topic()))
    admitted = advance_objection(actor=OFFICER, objection=objection, event="admit")
    with pytest.raises(IllegalTransition, match="另一位"):
        advance_objection(actor=OFFICER, objection=admitted, event=event, reason="…")
    with pytest.raises(IllegalTransition, match="理由"):
        advance_objection(actor=COLLEAGUE, objection=admitted, event=event)
    assert advance_objection(actor=COLLEAGUE, objection=admitted, event=event, reason="经核查。").state != "admitted"


def test_whoever_is_no_officer_answers_nothing() -> None:
    objection = objected(noticed(ranked_topic()))
    for actor in (citizen(), SUPERVISOR, VISITOR):
        with pytest.raises(AccessDenied):
            advance_objection(actor=actor, objection=objection, event="admit")
    with pytest.raises(IllegalTransition):
        advance_objection(actor=COLLEAGUE, objection=objection, event="take_back")


def test_an_open_objection_holds_the_award_up_and_a_rejected_one_does_not() -> None:
    topic = ranked_topic()
    with on(WEEK):
        notice = noticed(topic)
        objection = objected(notice)
    with on(day_after(notice)):
        end_notice(actor=PLATFORM, notice=notice)
        with pytest.raises(IllegalTransition, match="1 件异议"):
            award_topic(actor=OFFICER, topic=topic)
        answered(objection, "reject")
        assert len(award_topic(actor=OFFICER, topic=topic)) == 1


def test_taken_back_it_holds_nothing_up() -> None:
    topic = ranked_topic()
    with on(WEEK):
        notice = noticed(topic)
        assert take_back_objection(actor=citizen(), objection=objected(notice)).state == "taken_back"
    with on(day_after(notice)):
        end_notice(actor=PLATFORM, notice=notice)
        award_topic(actor=OFFICER, topic=topic)


@pytest.mark.parametrize("late", [False, True], ids=["while it runs", "after its last day"])
def test_upheld_the_notice_falls_and_the_topic_is_decided_anew(late: bool) -> None:
    topic = ranked_topic(3, rejected=1)
    with on(WEEK):
        notice = noticed(topic, "proposed", "reserve", "not_awarded", "not_awarded")
        objection = objected(notice)
    with on(day_after(notice) if late else WEEK):
        if late:
            end_notice(actor=PLATFORM, notice=notice)
        answered(objection, "uphold")
    topic.refresh_from_db()
    notice.refresh_from_db()
    assert (topic.state, notice.state) == ("ranked", "overturned")
    assert [each.state for each in bids_of(topic)] == ["ranked", "ranked", "ranked", "formal_rejected"]
    with on(dt.date(2026, 10, 12)):
        decision = prepared(topic, "proposed", "reserve", "not_awarded", "not_awarded")
        second = give_notice(
            actor=OFFICER, decision=publish_decision(actor=OFFICER, decision=decision), contact=CONTACT
        )
    with on(day_after(second)):
        end_notice(actor=PLATFORM, notice=second)
        assert len(award_topic(actor=OFFICER, topic=topic)) == 1


def test_a_second_objection_to_a_notice_that_fell_is_answered_and_moves_nothing() -> None:
    topic = ranked_topic()
    notice = noticed(topic)
    first, second = objected(notice), objected(notice, VISITOR)
    answered(first, "uphold")
    assert answered(second, "uphold").state == "upheld"
    topic.refresh_from_db()
    assert topic.state == "ranked"


def test_who_was_not_chosen_asks_once_to_be_examined_again_and_nobody_else_does() -> None:
    topic = ranked_topic()
    notice = ended(topic)
    best, second, _third = bids_of(topic)
    with on(day_after(notice)):
        asked = {"kind": "reexamination", "submission": second}
        with pytest.raises(AccessDenied):
            objected(notice, of_party(best.applicant), **asked)
        with pytest.raises(IllegalTransition, match="未入选"):
            objected(notice, of_party(best.applicant), kind="reexamination", submission=best)
        objection = objected(notice, of_party(second.applicant), **asked)
        assert objected(notice, of_party(second.applicant), **asked | {"ground": GROUND * 2}) == objection
        assert objection.due == day_after(notice) + dt.timedelta(days=60)
        answered(objection, "reject")
        with pytest.raises(IllegalTransition, match="已经答复"):
            objected(notice, of_party(second.applicant), **asked)


def test_the_term_of_a_reexamination_begins_when_one_is_told() -> None:
    topic = ranked_topic()
    with on(WEEK):
        notice = noticed(topic)
    loser = bids_of(topic)[1]
    asked = {"kind": "reexamination", "submission": loser}
    last = WEEK.date() + dt.timedelta(days=15)
    assert deciding.reexamination_until(loser) == last
    with on(last + dt.timedelta(days=1)), pytest.raises(IllegalTransition, match="期限"):
        objected(notice, of_party(loser.applicant), **asked)
    with on(last):
        assert deciding.may_ask_again(of_party(loser.applicant), loser)
        assert objected(notice, of_party(loser.applicant), **asked).state == "filed"


def test_a_rejected_form_that_was_wrong_goes_back_to_the_formal_check() -> None:
    topic = ranked_topic(2, rejected=1)
    notice = noticed(topic)
    rejected = bids_of(topic)[2]
    objection = objected(notice, of_party(rejected.applicant), kind="reexamination", submission=rejected)
    answered(objection, "uphold")
    assert [each.state for each in bids_of(topic)] == ["ranked", "ranked", "formal_rejected"]


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_an_objection_in_the_last_second_and_an_award_one_happens() -> None:
    """For the objector it is still the last day, for the officer the next: whoever holds the topic first wins."""
    topic = ranked_topic()
    with on(WEEK):
        notice = noticed(topic)
    with on(day_after(notice)):
        end_notice(actor=PLATFORM, notice=notice)
    Notice.objects.filter(pk=notice.pk).update(state="running")
    days = threading.local()

    def object_late() -> object:
        days.now = dt.datetime.combine(notice.ends, dt.time(23, 59, 59), WEEK.tzinfo)
        return objected(notice)

    def award_early() -> object:
        days.now = dt.datetime.combine(day_after(notice), dt.time(0), WEEK.tzinfo)
        end_notice(actor=PLATFORM, notice=notice)
        return award_topic(actor=OFFICER, topic=topic)

    with patch.object(clock, "now", lambda: days.now):
        results = at_once(object_late, award_early)
    assert sum(isinstance(result, IllegalTransition) for result in results) == 1, results
    awarded = Topic.objects.get(pk=topic.pk).state == "awarded"
    assert (Objection.objects.count(), Project.objects.count()) == ((0, 1) if awarded else (1, 0))
