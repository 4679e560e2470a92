"""From the real review to the award: a formal rejection that was wrong is put right, reviewed, ranked and decided."""

import datetime as dt

import pytest

from rongtong.domain.programmes.actions.deciding import (
    award_topic,
    end_notice,
    give_notice,
    prepare_decision,
    publish_decision,
)
from rongtong.domain.programmes.actions.objections import advance_objection, file_objection
from rongtong.domain.programmes.actions.opening import check_submission
from rongtong.domain.programmes.actions.rounds import rank_topic
from rongtong.domain.programmes.models import Notice, Submission, Topic
from rongtong.domain.programmes.terms import template
from tests.factories import PLATFORM
from tests.programmes.deciding_scene import BASIS, COLLEAGUE, CONTACT, GROUND, OFFICER, of_party, on, outcome
from tests.programmes.panels import aggregated, bid, checked_topic, marked, opened, reviewers

pytestmark = pytest.mark.django_db


def decided(topic: Topic, *verdicts: str) -> Notice:
    decision = prepare_decision(actor=OFFICER, topic=topic, outcome=outcome(topic, *verdicts), basis=BASIS)
    return give_notice(actor=OFFICER, decision=publish_decision(actor=OFFICER, decision=decision), contact=CONTACT)


def test_a_submission_wrongly_rejected_is_reviewed_and_may_win() -> None:
    reviewers(12)
    topic = checked_topic(2)
    late = bid(topic, "被误退的申请")
    Submission.objects.filter(pk=late.pk).update(state="formal_rejected")
    Topic.objects.filter(pk=topic.pk).update(region="330100")
    aggregated(marked(opened(topic)))
    topic = rank_topic(actor=OFFICER, topic=topic)
    notice = decided(topic, "proposed", "reserve", "not_awarded")
    late.refresh_from_db()
    objection = file_objection(
        actor=of_party(late.applicant), notice=notice, name="王某某", contact="a@example.org", ground=GROUND,
        kind="reexamination", submission=late,
    )  # fmt: skip
    for event in ("admit", "uphold"):
        objection = advance_objection(actor=COLLEAGUE, objection=objection, event=event, reason="材料齐全，误退。")
    points = {key: True for key, _label in template(topic.programme.template).formal_checks}
    check_submission(actor=COLLEAGUE, submission=late, event="pass_form", checklist=points)
    topic.refresh_from_db()
    second = opened(topic)
    assert second.subjects == [str(late.pk)]
    aggregated(marked(second, {late.pk: ("99", "99", "99", "99", "99")}))
    topic.refresh_from_db()
    topic = rank_topic(actor=OFFICER, topic=topic)
    ranks = sorted(topic.submissions.values_list("rank", flat=True))
    assert ranks == [1, 2, 3]
    late.refresh_from_db()
    assert (late.rank, late.state) == (1, "ranked")
    final = decided(topic, "proposed", "reserve", "not_awarded")
    with on(final.ends + dt.timedelta(days=1)):
        end_notice(actor=PLATFORM, notice=final)
        [project] = award_topic(actor=OFFICER, topic=topic)
    assert project.submission == late
