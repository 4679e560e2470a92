"""The table of what happens next covers every state, and says the same to a page and to a to-do list."""

import datetime as dt

import pytest
from django.db.models import Q
from django.utils import timezone

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.access import declared, scope
from rongtong.domain.foundation.actors import VISITOR, Role
from rongtong.domain.programmes import states
from rongtong.domain.programmes.models import Milestone, Notice, Objection, Project, Submission, Topic
from rongtong.domain.programmes.queries import nexts
from rongtong.domain.programmes.queries.nexts import MODELS, TABLE, Whom, is_over, what_next
from tests import factories as make
from tests.programmes.factories import TopicFactory

OPEN = [(each.name, state.key) for each in states.PROCESSES for state in each.states if not state.end]
"""Every state in which something still happens."""


def put(record: object, state: str, **columns: object) -> None:
    """A record put into a state as the factories cannot."""
    type(record).objects.filter(pk=record.pk).update(state=state, **columns)  # type: ignore[attr-defined]
    record.refresh_from_db()  # type: ignore[attr-defined]


def test_every_state_says_what_happens_next_and_no_end_does() -> None:
    assert set(TABLE) == set(OPEN)


def test_the_rights_it_names_are_declared() -> None:
    wanted = {
        (MODELS[process], rule.needs) for (process, _state), rules in TABLE.items() for rule in rules if rule.needs
    }
    assert [each for each in wanted if each[1] not in declared()[each[0]]] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("process", "state"), OPEN)
def test_the_conditions_of_a_state_leave_no_record_without_an_answer(process: str, state: str) -> None:
    """Of the rows of one state the conditions add up to everything."""
    rules = TABLE[process, state]
    model = MODELS[process]
    left = model._default_manager.all()
    for rule in rules:
        left = left.exclude(pk__in=model._default_manager.filter(rule.when()).values("pk"))
    record = _some(process)
    put(record, state)
    assert not left.filter(pk=record.pk).exists()
    assert what_next(VISITOR, model._default_manager.get(pk=record.pk))


def _some(process: str) -> object:
    """A record of a process with as little company as can be."""
    topic = TopicFactory()
    if process in ("topic", "programme"):
        return topic if process == "topic" else topic.programme
    party = make.PartyFactory()
    submission = Submission.objects.create(topic=topic, applicant=party)
    project = Project.objects.create(
        topic=topic, submission=submission, leader=party, setter=topic.setter_id, title="项目"
    )
    day = clock.today()
    notice = Notice.objects.create(topic=topic, title="公示", starts=day, ends=day, working_days=5)
    round_ = MODELS["round"]._default_manager.create(topic=topic)
    seat = MODELS["seat"]._default_manager.create(round=round_, person=make.PersonFactory(), account=1)
    made: dict[str, dict[str, object]] = {
        "review": {"seat": seat, "submission": submission, "account": 1},
        "decision": {"topic": topic},
        "objection": {"notice": notice, "name": "某人", "contact": "-", "ground": "-"},
        "milestone": {"project": project, "order": 1, "title": "一", "due": day, "share": "1"},
        "change": {"project": project, "kind": "time", "after": "…", "reason": "…"},
        "obligation": {"project": project, "purse": "setter", "payee": party, "fen": 1},
        "spending": {"project": project, "fen": 1, "day": day},
    }
    known = {"submission": submission, "project": project, "notice": notice, "round": round_, "seat": seat}
    return known.get(process) or MODELS[process]._default_manager.create(**made[process])


@pytest.mark.django_db
def test_the_formal_check_is_due_by_the_number_of_the_programme() -> None:
    topic = TopicFactory()
    put(topic, "opened")
    Submission.objects.create(topic=topic, applicant=make.PartyFactory(), state="opened")
    (step,) = what_next(make.officer(), topic)
    days = topic.programme.parameters["formal_check_days"]
    assert step.by == timezone.localdate(topic.closes_at) + dt.timedelta(days=days)
    assert step.yours
    assert not step.overdue


@pytest.mark.django_db
def test_an_objection_is_answered_by_its_day_or_by_the_number_of_the_programme() -> None:
    topic = TopicFactory()
    day = clock.today()
    notice = Notice.objects.create(topic=topic, title="公示", starts=day, ends=day, working_days=5)
    objection = Objection.objects.create(notice=notice, name="某人", contact="-", ground="-")
    (step,) = what_next(VISITOR, objection)
    assert step.by == day + dt.timedelta(days=topic.programme.parameters["objection_days"])
    objection.due = day - dt.timedelta(days=1)
    (step,) = what_next(VISITOR, objection)
    assert step.overdue
    assert not step.yours


@pytest.mark.django_db
def test_of_an_open_topic_nothing_is_said_of_who_applies() -> None:
    topic = TopicFactory()
    put(topic, "open")
    alone = what_next(make.officer(), topic)
    Submission.objects.create(topic=topic, applicant=make.PartyFactory(), state="sealed")
    assert what_next(make.officer(), topic) == alone
    assert [step.name for step in alone] == [""]


@pytest.mark.django_db
def test_what_is_yours_is_what_the_rights_say() -> None:
    """A step is called one's own exactly where the right behind it reaches the record."""
    topic = TopicFactory()
    setter, other = make.member(topic.setter), make.member()
    assert [step.yours for step in what_next(setter, topic)] == [True]
    assert scope(setter, "draft", Topic.objects.all()).filter(pk=topic.pk).exists()
    assert [step.yours for step in what_next(other, topic)] == [False]
    assert [step.yours for step in what_next(make.officer(), topic)] == [False]  # may, but it waits for the setter


@pytest.mark.django_db
def test_who_has_signed_an_opinion_is_asked_no_more() -> None:
    topic = TopicFactory()
    put(topic, "argued")
    expert = make.holder(Role.EXPERT, "330100")
    assert [step.yours for step in what_next(expert, topic) if step.whom is Whom.EXPERT] == [True]
    topic.arguments.create(account=expert.account, name="专家", verdict="support", opinion="值得。")
    assert [step.yours for step in what_next(expert, topic) if step.whom is Whom.EXPERT] == [False]


@pytest.mark.django_db
def test_a_milestone_far_ahead_is_on_nobodys_list() -> None:
    project = _some("project")
    far = clock.today() + nexts.SOON + dt.timedelta(days=1)
    milestone = Milestone.objects.create(project=project, order=1, title="一", due=far, share="1")
    team = make.member(project.leader)  # type: ignore[attr-defined]
    assert [step.yours for step in what_next(team, milestone)] == [False]
    milestone.due = clock.today() + nexts.SOON
    milestone.save()
    assert [step.yours for step in what_next(team, milestone)] == [True]


def test_a_day_is_over_at_its_end_and_an_hour_at_once() -> None:
    assert not is_over(None)
    assert not is_over(clock.today())
    assert is_over(clock.today() - dt.timedelta(days=1))
    assert is_over(clock.now() - dt.timedelta(seconds=1))
    assert not is_over(clock.now() + dt.timedelta(minutes=1))


def test_conditions_are_for_the_database_and_rights_are_not_among_them() -> None:
    assert all(isinstance(rule.when(), Q) for rules in TABLE.values() for rule in rules)
