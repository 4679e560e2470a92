"""To-do lists: what waits for each role, by its date, in a bounded number of queries."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.mailbox.due import due_for
from rongtong.domain.parties.models import Account
from rongtong.domain.programmes.models import (
    Examiner,
    Milestone,
    Notice,
    Objection,
    Obligation,
    Programme,
    Project,
    Review,
    Round,
    Seat,
    Submission,
    Topic,
)
from rongtong.domain.programmes.queries.nexts import MODELS
from rongtong.domain.programmes.queries.waiting import AT_MOST, COUNTED, JOINED, WIDE, items_of, waiting_for
from tests import factories as make
from tests.programmes.factories import TopicFactory

pytestmark = pytest.mark.django_db


def listed(state: str = "open", **columns: object) -> Topic:
    topic = TopicFactory()
    Topic.objects.filter(pk=topic.pk).update(state=state, region="330100", **columns)
    topic.refresh_from_db()
    return topic


def awarded(topic: Topic) -> Project:
    party = make.PartyFactory()
    submission = Submission.objects.create(topic=topic, applicant=party, state="awarded")
    return Project.objects.create(
        topic=topic, submission=submission, leader=party, setter=topic.setter_id, title="项目", state="running"
    )


def keys(actor: Actor) -> list[str]:
    return sorted(each.key.rpartition(".")[0] for each in waiting_for(actor))


def test_every_process_of_the_table_says_what_is_read_along() -> None:
    assert set(JOINED) == set(MODELS)


def test_an_officer_is_told_what_to_do_with_each_topic() -> None:
    closed = listed("closed", closes_at=timezone.now() - dt.timedelta(days=90))
    proposed = listed("proposed")
    clerk = make.officer()
    found = items_of(waiting_for(clerk))
    assert [item.record for item in found if item.process == "topic"] == [closed, proposed]
    assert [item.overdue for item in found if item.process == "topic"] == [True, False]
    assert "topic.closed" not in keys(make.holder(Role.OFFICER, "440300"))


def test_a_setter_drafts_and_pays() -> None:
    topic = listed("drafting")
    project = awarded(topic)
    day = clock.today()
    owed = {"project": project, "payee": project.leader, "fen": 1, "due": day}
    Obligation.objects.create(purse="setter", payer=topic.setter, **owed)
    assert keys(make.member(topic.setter)) == ["obligation.due", "topic.drafting"]


def test_public_money_waits_for_the_bureau() -> None:
    project = awarded(listed("awarded"))
    Obligation.objects.create(project=project, purse="public", payee=project.leader, fen=1, due=clock.today())
    assert "obligation.due" in keys(make.officer())
    assert "obligation.due" not in keys(make.member(project.leader))


def test_the_finance_keeper_is_told_of_money_to_come_and_nobody_else_of_the_team() -> None:
    project = awarded(listed("awarded"))
    keeper, colleague = make.member(project.leader), make.member(project.leader)
    Project.objects.filter(pk=project.pk).update(finance_keeper=keeper.account)
    Obligation.objects.create(project=project, purse="public", payee=project.leader, fen=1, due=clock.today())
    assert "obligation.due" in keys(keeper)
    assert "obligation.due" not in keys(colleague)


def test_an_applicant_is_told_of_a_draft_and_nobody_else_is() -> None:
    topic = listed("open")
    applicant = make.member()
    Submission.objects.create(topic=topic, applicant_id=applicant.party, state="draft")
    assert keys(applicant) == ["submission.draft"]
    for somebody in (make.member(topic.setter), make.officer(), make.supervisor(), make.member()):
        assert "submission.draft" not in keys(somebody)


def test_sealed_submissions_change_no_list_but_their_applicants() -> None:
    topic = listed("closed")
    readers = [make.member(topic.setter), make.officer(), make.supervisor(), make.holder(Role.EXPERT, "330100")]
    before = [waiting_for(reader) for reader in readers]
    Submission.objects.create(topic=topic, applicant=make.PartyFactory(), state="sealed")
    assert [waiting_for(reader) for reader in readers] == before


def test_an_expert_argues_answers_and_signs() -> None:
    expert = make.holder(Role.EXPERT, "330100")
    listed("argued")
    round_ = Round.objects.create(topic=listed("reviewing"), state="open", ends_at=timezone.now())
    person = make.PersonFactory()
    seat = Seat.objects.create(round=round_, person=person, account=expert.account, state="invited")
    assert keys(expert) == ["seat.invited", "topic.argued"]
    Seat.objects.filter(pk=seat.pk).update(state="accepted")
    submission = Submission.objects.create(topic=round_.topic, applicant=make.PartyFactory(), state="in_review")
    Review.objects.create(seat=seat, submission=submission, account=expert.account)
    assert keys(expert) == ["review.open", "topic.argued"]


def test_an_examiner_tries_what_asks_for_acceptance() -> None:
    project = awarded(listed("awarded"))
    Project.objects.filter(pk=project.pk).update(state="acceptance")
    examiner = make.member()
    Examiner.objects.create(topic=project.topic, party_id=examiner.party)
    assert keys(examiner) == ["project.acceptance"]
    project.market_tests.create(party_id=examiner.party, conditions="…", passed=True, signed_by="用户")
    assert keys(examiner) == []


def test_a_supervisor_sees_what_is_late_and_nothing_else() -> None:
    topic = listed("noticed")
    day = clock.today()
    notice = Notice.objects.create(topic=topic, title="公示", starts=day, ends=day, working_days=5)
    late = Objection.objects.create(notice=notice, name="甲", contact="-", ground="-", due=day - dt.timedelta(days=1))
    Objection.objects.create(notice=notice, name="乙", contact="-", ground="-", due=day)
    (waiting,) = waiting_for(make.supervisor())
    assert [(item.record, item.overdue, item.watched) for item in waiting.items] == [(late, True, True)]


def test_what_is_due_first_comes_first_and_what_has_no_day_last() -> None:
    project = awarded(listed("awarded"))
    Project.objects.filter(pk=project.pk).update(state="conditional")
    for order, days in enumerate((9, -3, 2), start=1):
        due = clock.today() + dt.timedelta(days=days)
        Milestone.objects.create(project=project, order=order, title=str(order), due=due, share="1/3", state="due")
    found = items_of(waiting_for(make.member(project.leader)))
    assert [getattr(item.record, "title", "") for item in found] == ["2", "3", "1", "项目"]
    assert [item.overdue for item in found] == [True, False, False, False]


def test_many_are_counted_and_the_first_shown_in_as_many_queries() -> None:
    project = awarded(listed("awarded"))
    team = make.member(project.leader)

    def more(first: int, last: int) -> None:
        for order in range(first, last):
            due = clock.today() + dt.timedelta(days=order)
            Milestone.objects.create(project=project, order=order, title=str(order), due=due, share="1/99", state="due")

    more(1, 3)
    with CaptureQueriesContext(connection) as few:
        waiting_for(team)
    more(3, AT_MOST + 6)
    with CaptureQueriesContext(connection) as many:
        (waiting,) = waiting_for(team)
    assert waiting.count == AT_MOST + 5
    assert [item.record.order for item in waiting.items] == list(range(1, AT_MOST + 1))
    assert len(many) == len(few)


def test_nobody_counts_a_thousand() -> None:
    topic = listed("finished")
    for order in range(COUNTED + 1):
        Round.objects.create(topic=topic, order=order, ends_at=timezone.now())
    (waiting,) = (each for each in waiting_for(make.officer()) if each.key.startswith("round."))
    assert (waiting.count, waiting.over, len(waiting.items)) == (COUNTED, True, AT_MOST)


def test_a_list_reads_no_record_of_a_draw_nor_what_was_handed_in() -> None:
    round_ = Round.objects.create(topic=listed("finished"), draw={"pool": ["somebody"]})
    (item,) = (each for each in items_of(waiting_for(make.officer())) if each.process == "round")
    assert item.record == round_
    assert item.record.get_deferred_fields() >= set(WIDE[Round])
    assert item.record.topic.programme.get_deferred_fields() == set(WIDE[Programme])


def test_an_officer_waits_for_no_ledger_of_a_team() -> None:
    project = awarded(listed("awarded"))
    clerk = make.officer()
    Project.objects.filter(pk=project.pk).update(finance_keeper=clerk.account)
    Obligation.objects.create(project=project, purse="setter", payee=project.leader, fen=1, due=clock.today())
    assert "obligation.due" not in keys(clerk)


def test_what_leaves_the_house_has_a_title_only_where_it_is_public() -> None:
    closes = timezone.now() + dt.timedelta(days=3)
    project, open_topic = awarded(listed("awarded")), listed("open", closes_at=closes)
    Milestone.objects.create(project=project, order=1, title="一", due=clock.today(), share="1", state="due")
    Submission.objects.create(topic=open_topic, applicant=project.leader, state="draft")
    found = {due.kind: due.title for due in due_for(make.member(project.leader))}
    assert found == {"programmes.milestone": str(project.topic), "programmes.submission": ""}


def test_the_workbench_shows_what_waits_with_a_way_to_it() -> None:
    topic = listed("closed", closes_at=timezone.now() - dt.timedelta(days=90))
    clerk = make.officer()
    client = _signed_in(clerk)
    body = client.get(reverse("portal:workbench")).content.decode()
    assert topic.title in body
    assert "已逾期" in body
    assert str(topic.pk) in body
    assert topic.title not in _signed_in(make.member()).get(reverse("portal:workbench")).content.decode()


def _signed_in(actor: Actor) -> Client:
    client = Client(headers={"Accept-Language": "zh-CN"})
    client.force_login(Account.objects.get(pk=actor.account))
    return client
