"""Acceptance by experts: planned from the project, judged on what the project shows, awaited by the conclusion."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.errors import IllegalTransition
from rongtong.domain.programmes.actions.projects import advance_project
from rongtong.domain.programmes.actions.reviews import sign_review, write_review
from rongtong.domain.programmes.actions.rounds import abandon_round, draw_panel, open_round, plan_round
from rongtong.domain.programmes.models import Project, Review, Round
from rongtong.domain.programmes.queries.reviewing import opinions
from rongtong.domain.programmes.terms import template
from tests.factories import PLATFORM, officer
from tests.programmes.panels import accepted, account_actor, aggregated, reviewers
from tests.programmes.running import OFFICER, finished, member_of, running_project, signed

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def under_acceptance() -> Project:
    """A project that asks for acceptance, with enough reviewers to draw from."""
    reviewers(12)
    project = finished(running_project(region="330100"))
    signed(project)
    return project


def planned(project: Project, **facts: Any) -> Round:
    ends = clock.now() + dt.timedelta(days=14)
    return plan_round(actor=PLATFORM, topic=project.topic, project=project, kind="acceptance", ends_at=ends, **facts)


def opened(project: Project) -> Round:
    round_ = draw_panel(actor=PLATFORM, round=planned(project), seed="验收2026")
    return open_round(actor=PLATFORM, round=accepted(round_))


def all_signed(round_: Round, mark: str) -> Round:
    marks = dict.fromkeys((each["id"] for each in round_.criteria), mark)
    for review in Review.objects.filter(seat__round=round_, seat__state="accepted"):
        actor = account_actor(review.account)
        sign_review(actor=actor, review=write_review(actor=actor, review=review, marks=marks, opinion="指标属实。"))
    return round_


def conclude(project: Project) -> Project:
    return advance_project(actor=OFFICER, project=project, event="accept")


def page_of(client: Client, name: str, key: object) -> str:
    answer = client.get(reverse(f"portal:{name}", args=(key,)))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_result_is_judged_by_the_criteria_of_acceptance_and_never_blindly() -> None:
    project = under_acceptance()
    round_ = planned(project, blind=True)
    assert round_.subjects == [str(project.submission_id)]
    assert round_.criteria == list(template("open-challenge").acceptance)
    assert not round_.blind


def test_a_round_is_planned_under_acceptance_alone_and_one_at_a_time() -> None:
    with pytest.raises(IllegalTransition):
        planned(running_project(region="330100"))
    project = under_acceptance()
    first = planned(project)
    with pytest.raises(IllegalTransition):
        planned(project)
    abandon_round(actor=PLATFORM, round=first, reason="时间不合适")
    assert planned(project).state == "planned"


@pytest.mark.parametrize("event", ["accept", "accept_on_conditions", "fail"])
def test_nobody_concludes_before_the_panel_has_spoken(event: str) -> None:
    project = under_acceptance()
    round_ = planned(project)
    with pytest.raises(IllegalTransition, match="验收评审还没有汇总"):
        advance_project(actor=OFFICER, project=project, event=event, reason="先作结论")
    abandon_round(actor=PLATFORM, round=round_, reason="不再需要")
    assert advance_project(actor=OFFICER, project=project, event=event, reason="如此").state != "acceptance"


def test_the_scores_of_acceptance_leave_those_of_the_challenge_alone() -> None:
    project = under_acceptance()
    before = project.submission.score
    round_ = aggregated(all_signed(opened(project), "90"))
    project.submission.refresh_from_db()
    assert project.submission.score == before
    assert round_.standings[str(project.submission_id)]["score"] == "90"
    assert conclude(project).state == "accepted"


def test_reviewers_read_the_project_while_they_review_it_and_never_its_budget() -> None:
    project = under_acceptance()
    drawn = draw_panel(actor=PLATFORM, round=planned(project), seed="验收2026")
    actor = account_actor(drawn.seats.order_by("pk")[0].account)
    assert not allows(actor, "view", project)
    round_ = open_round(actor=PLATFORM, round=accepted(drawn))
    for record in (project, project.milestones.get(order=1), project.market_tests.get()):
        assert allows(actor, "view", record)
    assert not allows(actor, "view_budget", project)
    aggregated(all_signed(round_, "80"))
    assert not allows(actor, "view", project)


def test_the_team_reads_the_opinions_after_the_conclusion() -> None:
    project = under_acceptance()
    aggregated(all_signed(opened(project), "85"))
    team = member_of(project.leader)
    assert opinions(team, project.submission) == []
    conclude(project)
    ((_round, written),) = opinions(team, project.submission)
    assert {each.opinion for each in written} == {"指标属实。"}


def test_the_pages_lead_from_the_project_to_the_panel_and_back(signed_in: SignIn) -> None:
    project = under_acceptance()
    bureau = signed_in(officer())
    assert "安排验收评审" in page_of(bureau, "project", project.pk)
    address = reverse("portal:plan-acceptance", args=(project.pk,))
    refused = bureau.post(address, {"size": "5", "ends_at": ""})
    assert refused.status_code == 422
    assert "请填写评审的截止时间" in refused.content.decode()
    ends = (clock.now() + dt.timedelta(days=10)).strftime("%Y-%m-%dT%H:%M")
    answer = bureau.post(address, {"size": "5", "ends_at": ends})
    round_ = Round.objects.get(project=project)
    assert answer.headers["Location"] == reverse("portal:round", args=(round_.pk,))
    assert reverse("portal:project", args=(project.pk,)) in page_of(bureau, "round", round_.pk)
    assert "安排验收评审" not in page_of(bureau, "project", project.pk)
    running = open_round(actor=PLATFORM, round=accepted(draw_panel(actor=PLATFORM, round=round_, seed="验收2026")))
    review = Review.objects.filter(seat__round=running).order_by("pk")[0]
    expert = signed_in(account_actor(review.account))
    assert reverse("portal:project", args=(project.pk,)) in page_of(expert, "review", review.pk)
    assert "预算与支出" not in page_of(expert, "project", project.pk)
    aggregated(all_signed(running, "88"))
    assert "得分 88" in page_of(signed_in(officer()), "project", project.pk)
    page_of(signed_in(officer()), "round", round_.pk)
