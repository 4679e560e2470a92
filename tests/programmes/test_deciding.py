"""A decision speaks of every submission, places all of them in one moment, and is carried out after its notice."""

import pytest
from django.db import connection  # noqa: F401  # the condition of needs_postgresql is evaluated here

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.programmes.actions.calls import advance_topic
from rongtong.domain.programmes.actions.deciding import (
    award_topic,
    discard_decision,
    give_notice,
    override_veto,
    prepare_decision,
    publish_decision,
    step_up,
    veto_proposal,
)
from rongtong.domain.programmes.models import Decision, Project, Submission, Topic
from rongtong.domain.programmes.queries import deciding
from tests.factories import PLATFORM
from tests.foundation.test_transitions import at_once, needs_postgresql
from tests.programmes.deciding_scene import (
    BASIS,
    COLLEAGUE,
    CONTACT,
    OFFICER,
    bids_of,
    day_after,
    ended,
    noticed,
    of_party,
    on,
    outcome,
    prepared,
    published,
    ranked_topic,
)

pytestmark = pytest.mark.django_db


def states(topic: Topic) -> list[str]:
    return [each.state for each in bids_of(topic)]


def test_every_submission_gets_its_place_when_the_decision_is_published() -> None:
    topic = ranked_topic(3, rejected=1)
    decision = prepared(topic, "proposed", "reserve", "not_awarded", "not_awarded")
    assert states(topic) == ["ranked", "ranked", "ranked", "formal_rejected"]
    publish_decision(actor=COLLEAGUE, decision=decision)
    topic.refresh_from_db()
    assert topic.state == "proposed"
    assert states(topic) == ["proposed", "reserve", "not_proposed", "not_proposed"]
    told = AuditEvent.objects.get(action="submission.pass_over", entity_id=str(bids_of(topic)[2].pk))
    assert told.details["reason"] == "综合得分较低。"


def test_nobody_outside_knows_of_a_decision_before_it_is_published() -> None:
    topic = ranked_topic()
    decision = prepared(topic)
    applicant = of_party(bids_of(topic)[0].applicant)
    assert not allows(applicant, "view", decision)
    assert allows(of_party(topic.setter), "view", decision)
    assert allows(applicant, "view", publish_decision(actor=OFFICER, decision=decision))


@pytest.mark.parametrize(
    ("verdicts", "field"),
    [
        (("proposed", "", "not_awarded"), "verdict-1"),
        (("proposed", "proposed", "not_awarded"), ""),
        (("reserve", "reserve", "not_awarded"), ""),
        (("reserve", "proposed", "not_awarded"), "reason-1"),
        (("proposed", "not_awarded", "reserve"), "reason-2"),
    ],
)
def test_what_is_wrong_with_an_outcome_is_said_at_its_field(verdicts: tuple[str, ...], field: str) -> None:
    topic = ranked_topic()
    rows = bids_of(topic)
    name, _sep, place = field.partition("-")
    wanted = f"{name}-{rows[int(place)].pk}" if place else field
    with pytest.raises(Invalid) as refused:
        prepared(topic, *verdicts)
    assert [problem.field for problem in refused.value.problems] == [wanted]
    assert not Decision.objects.exists()


def test_all_that_is_missing_is_said_at_once() -> None:
    topic = ranked_topic(2, rejected=1)
    rows = bids_of(topic)
    given = {each.pk: {"verdict": "not_awarded", "reason": ""} for each in rows}
    given[rows[2].pk]["verdict"] = "proposed"
    with pytest.raises(Invalid) as refused:
        prepare_decision(actor=OFFICER, topic=topic, outcome=given, basis=" ")
    fields = {problem.field for problem in refused.value.problems}
    assert fields == {f"reason-{rows[0].pk}", f"reason-{rows[1].pk}", f"verdict-{rows[2].pk}", "basis"}


def test_out_of_order_with_a_reason_stands() -> None:
    topic = ranked_topic()
    rows, given = bids_of(topic), outcome(topic, "reserve", "proposed", "not_awarded")
    given[rows[1].pk]["reason"] = "第一名不承诺在本地转化。"
    assert prepare_decision(actor=OFFICER, topic=topic, outcome=given, basis=BASIS).state == "prepared"


def test_equal_ranks_are_in_either_order() -> None:
    topic = ranked_topic(2)
    Submission.objects.filter(topic=topic).update(rank=1)
    assert prepared(topic, "reserve", "proposed").state == "prepared"


def test_a_race_has_two_teams() -> None:
    with pytest.raises(Invalid, match="修改") as refused:
        prepared(ranked_topic(template="horse-race"))
    assert "两支队伍" in refused.value.problems[0].message


def test_there_is_one_prepared_decision_at_a_time() -> None:
    topic = ranked_topic()
    decision = prepared(topic)
    with pytest.raises(IllegalTransition, match="已经有一份"):
        prepared(topic)
    discard_decision(actor=OFFICER, decision=decision, reason="重新研究")
    assert prepared(topic).state == "prepared"


def test_what_changed_since_it_was_prepared_is_seen_when_it_is_published() -> None:
    topic = ranked_topic(2, rejected=1)
    decision = prepared(topic)
    Submission.objects.filter(topic=topic, state="formal_rejected").update(state="formal_ok")
    with pytest.raises(Invalid):
        publish_decision(actor=OFFICER, decision=decision)
    assert states(topic) == ["ranked", "ranked", "formal_ok"]


def test_whoever_is_no_officer_of_the_region_decides_nothing() -> None:
    topic = ranked_topic()
    with pytest.raises(AccessDenied):
        prepare_decision(actor=of_party(topic.setter), topic=topic, outcome=outcome(topic), basis=BASIS)
    decision = prepared(topic)
    with pytest.raises(AccessDenied):
        publish_decision(actor=of_party(topic.setter), decision=decision)


def test_the_setter_vetoes_with_a_reason_and_the_decider_answers_with_one() -> None:
    topic = ranked_topic()
    decision, best, setter = prepared(topic), bids_of(topic)[0], of_party(topic.setter)
    with pytest.raises(Invalid, match="理由"):
        veto_proposal(actor=setter, decision=decision, submission=best, reason=" ")
    with pytest.raises(AccessDenied):
        veto_proposal(actor=OFFICER, decision=decision, submission=best, reason="不合适")
    veto_proposal(actor=setter, decision=decision, submission=best, reason="与我方存在未了结的诉讼。")
    with pytest.raises(IllegalTransition, match="否决"):
        publish_decision(actor=OFFICER, decision=decision)
    override_veto(actor=OFFICER, decision=decision, submission=best, reason="诉讼已经了结，见法院文书。")
    published_ = publish_decision(actor=OFFICER, decision=decision)
    veto = published_.vetoes[str(best.pk)]
    assert (veto["reason"], veto["override"]["reason"]) == ("与我方存在未了结的诉讼。", "诉讼已经了结，见法院文书。")


def test_a_veto_is_not_shaken_off_by_preparing_the_decision_anew() -> None:
    topic = ranked_topic()
    decision, best = prepared(topic), bids_of(topic)[0]
    veto_proposal(actor=of_party(topic.setter), decision=decision, submission=best, reason="与我方有诉讼。")
    override_veto(actor=OFFICER, decision=decision, submission=best, reason="无碍。")
    discard_decision(actor=OFFICER, decision=decision, reason="重新研究")
    with pytest.raises(IllegalTransition, match="否决"):
        publish_decision(actor=OFFICER, decision=prepared(topic))


def test_the_setter_does_not_veto_whom_nobody_proposed_nor_afterwards() -> None:
    topic = ranked_topic()
    decision, rows, setter = prepared(topic), bids_of(topic), of_party(topic.setter)
    with pytest.raises(IllegalTransition, match="没有被拟立项"):
        veto_proposal(actor=setter, decision=decision, submission=rows[1], reason="不合适")
    publish_decision(actor=OFFICER, decision=decision)
    with pytest.raises(IllegalTransition, match="公布"):
        veto_proposal(actor=setter, decision=decision, submission=rows[0], reason="不合适")


def test_no_step_of_the_topic_goes_past_the_decision() -> None:
    topic = ranked_topic()
    for event in ("propose", "notice", "award"):
        with pytest.raises(IllegalTransition):
            advance_topic(actor=OFFICER, topic=topic, event=event)
    ended(topic)
    with pytest.raises(IllegalTransition, match="没有办结"):
        advance_topic(actor=OFFICER, topic=topic, event="award")


def test_an_award_makes_projects_and_lets_the_others_read_their_opinions() -> None:
    topic = ranked_topic(3, rejected=1)
    notice = ended(topic, "proposed", "reserve", "not_awarded", "not_awarded")
    loser = of_party(bids_of(topic)[2].applicant)
    assert not allows(loser, "read_marks", bids_of(topic)[2])
    with on(day_after(notice)):
        projects = award_topic(actor=OFFICER, topic=topic)
    assert [project.submission for project in projects] == [bids_of(topic)[0]]
    assert states(topic) == ["awarded", "not_awarded", "not_awarded", "not_awarded"]
    assert allows(loser, "read_marks", bids_of(topic)[2])
    assert deciding.opinions(loser, bids_of(topic)[2]) == []
    with pytest.raises(IllegalTransition):
        award_topic(actor=OFFICER, topic=topic)


def test_a_topic_is_not_awarded_while_its_notice_runs() -> None:
    topic = ranked_topic()
    noticed(topic)
    with pytest.raises(IllegalTransition, match="公示期"):
        award_topic(actor=OFFICER, topic=topic)
    assert states(topic)[0] == "proposed"
    assert not Project.objects.exists()


def test_only_the_latest_published_decision_is_put_under_notice() -> None:
    topic = ranked_topic()
    decision = prepared(topic)
    with pytest.raises(IllegalTransition):
        give_notice(actor=OFFICER, decision=decision, contact=CONTACT)
    give_notice(actor=OFFICER, decision=publish_decision(actor=OFFICER, decision=decision), contact=CONTACT)
    with pytest.raises(IllegalTransition):
        give_notice(actor=OFFICER, decision=decision, contact=CONTACT)


def test_one_in_reserve_steps_up_when_a_winner_refuses_to_sign() -> None:
    topic = ranked_topic(3)
    notice = ended(topic, "proposed", "reserve", "not_awarded")
    with on(day_after(notice)):
        [project] = award_topic(actor=OFFICER, topic=topic)
    rows = bids_of(topic)
    with pytest.raises(IllegalTransition, match="没有空出"):
        step_up(actor=OFFICER, submission=rows[1], reason="递补")
    Project.objects.filter(pk=project.pk).update(state="terminated")
    with pytest.raises(IllegalTransition, match="候补"):
        step_up(actor=OFFICER, submission=rows[2], reason="递补")
    stepped = step_up(actor=OFFICER, submission=rows[1], reason="第一名放弃签约")
    assert stepped.submission == rows[1]
    assert stepped.setter_money + stepped.public_money == topic.money
    assert states(topic) == ["not_awarded", "awarded", "not_awarded"]


def test_every_step_leaves_an_event_and_the_chain_holds() -> None:
    topic = ranked_topic()
    notice = ended(topic)
    with on(day_after(notice)):
        award_topic(actor=OFFICER, topic=topic)
    wanted = ["programmes.prepare_decision", "decision.publish", "programmes.give_notice", "notice.end", "topic.award"]
    assert list(AuditEvent.objects.filter(action__in=wanted).order_by("seq").values_list("action", flat=True)) == wanted
    assert not audit.verify().fault


def test_an_officer_of_another_region_reaches_nothing() -> None:
    topic = ranked_topic()
    decision = prepared(topic)
    elsewhere = OFFICER.__class__(name="别处", account=9199, roles=OFFICER.roles, region="440300")
    assert not allows(elsewhere, "decide", decision)
    assert deciding.results(elsewhere, topic) == []
    assert len(deciding.results(OFFICER, topic)) == 3


def test_a_deciding_officer_of_the_platform_names_its_reason_in_the_history() -> None:
    topic = ranked_topic()
    decision = prepared(topic)
    with pytest.raises(IllegalTransition, match="理由"):
        discard_decision(actor=PLATFORM, decision=decision, reason="")
    assert discard_decision(actor=PLATFORM, decision=decision, reason="重来").state == "discarded"


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_publish_at_once_one_does() -> None:
    topic = ranked_topic()
    decision = prepared(topic)
    results = at_once(
        lambda: publish_decision(actor=OFFICER, decision=decision),
        lambda: publish_decision(actor=COLLEAGUE, decision=decision),
    )
    assert sorted(type(result).__name__ for result in results) == ["Decision", "IllegalTransition"]
    assert AuditEvent.objects.filter(action="submission.propose").count() == 1


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_prepared_at_once_one_stands() -> None:
    topic = ranked_topic()
    results = at_once(lambda: prepared(topic), lambda: prepared(topic, actor=COLLEAGUE))
    assert sorted(type(result).__name__ for result in results) == ["Decision", "IllegalTransition"]
    assert Decision.objects.count() == 1


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_veto_and_a_publication_at_once_leave_one_of_them() -> None:
    topic = ranked_topic()
    decision, best = prepared(topic), bids_of(topic)[0]
    results = at_once(
        lambda: publish_decision(actor=OFFICER, decision=decision),
        lambda: veto_proposal(actor=of_party(topic.setter), decision=decision, submission=best, reason="有诉讼。"),
    )
    assert sum(isinstance(result, IllegalTransition) for result in results) == 1


def test_two_awards_make_each_project_once() -> None:
    topic = ranked_topic(template="horse-race")
    notice = ended(topic, "proposed", "proposed", "not_awarded")
    with on(day_after(notice, 2)):
        assert len(award_topic(actor=OFFICER, topic=topic)) == 2
        with pytest.raises(IllegalTransition):
            award_topic(actor=COLLEAGUE, topic=topic)
    assert Project.objects.filter(topic=topic).count() == 2


def test_published_keeps_who_published_it() -> None:
    decision = published(ranked_topic())
    assert (decision.author, decision.decided_by) == (OFFICER.account, OFFICER.name)
