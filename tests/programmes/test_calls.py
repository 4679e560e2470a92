"""A topic is born of demands, argued, and published under terms that no longer change."""

import datetime as dt
from dataclasses import replace

import pytest

from rongtong.domain.foundation.access import allows, scope
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.programmes.actions.calls import (
    advance_programme,
    advance_topic,
    appoint_examiner,
    argue_topic,
    edit_programme,
    edit_topic,
)
from rongtong.domain.programmes.models import Programme, Topic
from tests.factories import PLATFORM
from tests.programmes.factories import ProgrammeFactory, TopicFactory

pytestmark = pytest.mark.django_db


def expert(number: int) -> Actor:
    return Actor(name=f"专家{number}", account=9000 + number, roles=frozenset({Role.EXPERT}))


def argued(topic: Topic) -> Topic:
    topic = advance_topic(actor=PLATFORM, topic=topic, event="submit")
    for each in range(3):
        argue_topic(actor=expert(each), topic=topic, verdict="support", opinion="值得做，指标可测。")
    return advance_topic(actor=PLATFORM, topic=topic, event="approve")


def test_a_programme_starts_with_its_basis_and_criteria() -> None:
    programme = ProgrammeFactory(legal_basis="")
    with pytest.raises(IllegalTransition, match="依据"):
        advance_programme(actor=PLATFORM, programme=programme, event="start")
    edit_programme(actor=PLATFORM, programme=programme, legal_basis="某办法")
    assert advance_programme(actor=PLATFORM, programme=programme, event="start").state == "running"


def test_a_number_out_of_bounds_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        ProgrammeFactory(parameters={"panel_size": 3, "nonsense": 1})
    assert {problem.field for problem in refused.value.problems} == {"panel_size", "nonsense"}
    assert not Programme.objects.exists()


def test_a_topic_is_submitted_only_when_it_can_be_measured_and_paid() -> None:
    topic = TopicFactory(metrics=[], payments=["1/2"], setter_money=0, public_money=0)
    with pytest.raises(IllegalTransition) as refused:
        advance_topic(actor=PLATFORM, topic=topic, event="submit")
    assert "可测的指标" in refused.value.message
    assert "100%" in refused.value.message


def test_three_experts_support_it_before_it_is_approved() -> None:
    topic = advance_topic(actor=PLATFORM, topic=TopicFactory(), event="submit")
    argue_topic(actor=expert(1), topic=topic, verdict="support", opinion="值得做。")
    with pytest.raises(IllegalTransition, match="签署过"):
        argue_topic(actor=expert(1), topic=topic, verdict="support", opinion="再说一遍。")
    with pytest.raises(IllegalTransition, match="至少 3 位"):
        advance_topic(actor=PLATFORM, topic=topic, event="approve")


@pytest.mark.parametrize(
    ("of_programme", "of_expert", "may"),
    [
        ("330100", "330100", True),
        ("330100", "330000", True),
        ("330100", "", True),
        ("", "440300", True),
        ("330100", "440300", False),
        ("330100", "330106", False),
        ("330000", "330100", False),
    ],
)
def test_an_expert_of_the_region_or_above_it_reads_and_argues_and_no_other(
    of_programme: str, of_expert: str, may: bool
) -> None:
    drafted = TopicFactory(programme=ProgrammeFactory(actor=replace(PLATFORM, region=of_programme)), region=of_expert)
    topic = advance_topic(actor=PLATFORM, topic=drafted, event="submit")
    actor = replace(expert(1), region=of_expert)
    assert bool(allows(actor, "view", topic)) == may
    assert scope(actor, "argue", Topic.objects.all()).exists() == may
    if not may:
        with pytest.raises(AccessDenied):
            argue_topic(actor=actor, topic=topic, verdict="support", opinion="值得做。")


def test_the_setter_is_no_examiner() -> None:
    topic = TopicFactory()
    with pytest.raises(Invalid, match="阅卷人"):
        appoint_examiner(actor=PLATFORM, topic=topic, party=topic.setter)


def test_it_is_not_published_without_time_to_read_and_a_box() -> None:
    topic = TopicFactory()
    topic = edit_topic(actor=PLATFORM, topic=topic, opens_at=topic.opens_at - dt.timedelta(days=10))
    topic = argued(topic)
    with pytest.raises(IllegalTransition) as refused:
        advance_topic(actor=PLATFORM, topic=topic, event="publish")
    assert "30 天" in refused.value.message
    assert "封存箱" in refused.value.message
    assert "没有启动" in refused.value.message
