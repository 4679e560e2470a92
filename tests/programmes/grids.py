"""Records of a challenge in every combination of the columns that its rights look at; no action would lead to some."""

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import chain, cycle, product, repeat
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from rongtong.domain.programmes import models as m
from rongtong.domain.programmes import states

TODAY = dt.date(2026, 3, 2)
Grids = dict[type[Model], Callable[[], Sequence[Model]]]


def challenge_grids(accounts: Sequence[int], parties: Sequence[UUID]) -> Grids:
    """The grid of each model; those below stand on the records of those above."""

    def programmes() -> list[Model]:
        regions = ("", "330100", "110000")
        return [
            m.Programme(template="open-challenge", title="计划", state=state.key, region=region)
            for state, region in product(states.PROGRAMME.states, regions)
        ]

    def topics() -> list[Model]:
        columns = product(states.TOPIC.states, parties[:2], ("", "110000"))
        return [
            m.Topic(programme=programme, title="题", problem="…", state=state.key, setter_id=setter, region=region)
            for programme, (state, setter, region) in zip(cycle(m.Programme.objects.all()[:3]), columns, strict=False)
        ]

    def some_topics() -> list[m.Topic]:
        return list(m.Topic.objects.order_by("region", "setter", "pk")[::9])

    def examiners() -> list[Model]:
        return [m.Examiner(topic=topic, party_id=parties[2]) for topic in some_topics()]

    def arguments() -> list[Model]:
        return [
            m.Argument(topic=topic, account=account, name="专家", verdict="support", opinion="…")
            for topic, account in product(some_topics(), accounts)
        ]

    def submissions() -> list[Model]:
        columns = [(topic, party) for topic in some_topics() for party in parties]
        found = [state.key for state in states.SUBMISSION.states]
        return [
            m.Submission(topic=topic, applicant_id=party, state=found[number % len(found)])
            for number, (topic, party) in enumerate(columns)
        ]

    def refusals() -> list[Model]:
        return [m.Refusal(topic=topic, party_id=parties[0], at=timezone.now(), reason="晚") for topic in some_topics()]

    def rounds() -> list[Model]:
        return [m.Round(topic=topic, state=state) for topic, state in product(some_topics(), ("open", "closed"))]

    def seats() -> list[Model]:
        return [
            m.Seat(round=each, person_id=person, account=account, state=state)
            for each in m.Round.objects.all()
            for person, account, state in zip(parties, accounts, ("accepted", "invited", "replaced"), strict=True)
        ]

    def reviews() -> list[Model]:
        submissions_ = list(m.Submission.objects.order_by("state", "pk")[::2])
        seats_ = list(m.Seat.objects.order_by("pk"))
        return [
            m.Review(seat=seats_[number % len(seats_)], submission=each, account=accounts[number % 3], state=state)
            for number, (each, state) in enumerate(product(submissions_, ("open", "signed", "void")))
            if (number % 3) == ("open", "signed", "void").index(state)
        ]

    def decisions() -> list[Model]:
        return [
            m.Decision(topic=topic, state=state.key) for topic, state in product(some_topics(), states.DECISION.states)
        ]

    def notices() -> list[Model]:
        return [
            m.Notice(topic=topic, title="公示", starts=TODAY, ends=TODAY, working_days=5, state=state.key)
            for topic, state in product(some_topics(), states.NOTICE.states)
        ]

    def objections() -> list[Model]:
        columns = product(m.Notice.objects.all(), (None, *accounts[:2]), ("filed", "upheld"))
        return [
            m.Objection(
                notice=notice, account=account, name="某人", contact="-", ground="-", state=state, digest=digest
            )
            for digest, (notice, account, state) in zip(chain("ab", repeat(None)), columns, strict=False)
        ]  # fmt: skip

    def projects() -> list[Model]:
        awarded = m.Submission.objects.select_related("topic").order_by("pk")
        return [
            m.Project(topic=each.topic, submission=each, leader_id=each.applicant_id, setter=each.topic.setter_id)
            for each in awarded
        ]

    def milestones() -> list[Model]:
        return [
            m.Milestone(project=each, order=1, title="一", due=TODAY, share="1") for each in m.Project.objects.all()
        ]

    def changes() -> list[Model]:
        return [m.Change(project=each, kind="time", after="…", reason="…") for each in m.Project.objects.all()]

    def market_tests() -> list[Model]:
        return [
            m.MarketTest(project=each, party_id=party, conditions="…", passed=True, signed_by="用户")
            for each, party in product(m.Project.objects.all(), parties[1:])
        ]

    def reports() -> list[Model]:
        return [
            m.Report(project=each, kind="progress", year=2026, text="…", written_by="某人")
            for each in m.Project.objects.all()
        ]

    def spendings() -> list[Model]:
        return [
            m.Spending(project=each, item="材料费", purse="public", fen=1, day=TODAY, purpose="…", asked_by="某人")
            for each in m.Project.objects.all()
        ]

    def obligations() -> list[Model]:
        return [
            m.Obligation(project=each, purse=purse, payer_id=parties[0], payee_id=each.leader_id, fen=1)
            for each, purse in product(m.Project.objects.all(), m.Obligation.PURSES)
        ]

    def follow_ups() -> list[Model]:
        return [
            m.FollowUp(project=each, year=2027, stage="use", reported_by="某人") for each in m.Project.objects.all()
        ]

    return {
        m.Programme: programmes,
        m.Topic: topics,
        m.Examiner: examiners,
        m.Argument: arguments,
        m.Submission: submissions,
        m.Refusal: refusals,
        m.Round: rounds,
        m.Seat: seats,
        m.Review: reviews,
        m.Decision: decisions,
        m.Notice: notices,
        m.Objection: objections,
        m.Project: projects,
        m.Milestone: milestones,
        m.Change: changes,
        m.MarketTest: market_tests,
        m.Report: reports,
        m.Spending: spendings,
        m.Obligation: obligations,
        m.FollowUp: follow_ups,
    }
