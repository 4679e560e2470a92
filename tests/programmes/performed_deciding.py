"""Every action from the decision to the award, done once."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings

from rongtong.domain.foundation.actors import VISITOR
from rongtong.domain.programmes.actions import deciding, forgetting, objections
from rongtong.domain.programmes.models import Decision, Notice, Objection, Project
from tests.factories import PLATFORM
from tests.programmes.deciding_scene import (
    COLLEAGUE,
    CONTACT,
    GROUND,
    OFFICER,
    bids_of,
    ended,
    noticed,
    of_party,
    on,
    prepared,
    published,
    ranked_topic,
)


def _vetoed() -> Decision:
    topic = ranked_topic()
    decision = prepared(topic)
    return deciding.veto_proposal(
        actor=of_party(topic.setter), decision=decision, submission=bids_of(topic)[0], reason="与我方有诉讼。"
    )


def _override_veto() -> object:
    decision = _vetoed()
    best = bids_of(decision.topic)[0]
    return deciding.override_veto(actor=OFFICER, decision=decision, submission=best, reason="诉讼已了结。")


def _discard_decision() -> object:
    return deciding.discard_decision(actor=OFFICER, decision=prepared(ranked_topic()), reason="重新研究")


def _publish_decision() -> object:
    return deciding.publish_decision(actor=OFFICER, decision=prepared(ranked_topic()))


def _give_notice() -> object:
    return deciding.give_notice(actor=OFFICER, decision=published(ranked_topic()), contact=CONTACT)


def _end_notice() -> object:
    notice = noticed(ranked_topic())
    Notice.objects.filter(pk=notice.pk).update(ends=notice.starts - dt.timedelta(days=1))
    return deciding.end_notice(actor=PLATFORM, notice=notice)


def _award_topic() -> object:
    return deciding.award_topic(actor=OFFICER, topic=ended(ranked_topic()).topic)


def _step_up() -> object:
    topic = ranked_topic()
    ended(topic, "proposed", "reserve", "not_awarded")
    [project] = deciding.award_topic(actor=OFFICER, topic=topic)
    Project.objects.filter(pk=project.pk).update(state="terminated")
    return deciding.step_up(actor=OFFICER, submission=bids_of(topic)[1], reason="第一名放弃签约")


def _filed() -> Objection:
    notice = noticed(ranked_topic())
    somebody = of_party(notice.topic.setter)
    return objections.file_objection(
        actor=somebody, notice=notice, name="王某某", contact="0571-12345678", ground=GROUND
    )


def _take_back_objection() -> object:
    objection = _filed()
    return objections.take_back_objection(actor=of_party(objection.notice.topic.setter), objection=objection)


def _advance_objection() -> object:
    admitted = objections.advance_objection(actor=COLLEAGUE, objection=_filed(), event="admit")
    return objections.advance_objection(actor=COLLEAGUE, objection=admitted, event="uphold", reason="经核查属实。")


def _forget_objector() -> object:
    notice = noticed(ranked_topic())
    filed = objections.file_objection(
        actor=VISITOR, notice=notice, name="王某某", contact="0571-12345678", ground=GROUND
    )
    admitted = objections.advance_objection(actor=COLLEAGUE, objection=filed, event="admit")
    done = objections.advance_objection(actor=COLLEAGUE, objection=admitted, event="reject", reason="经核查不属实。")
    with on(done.state_since + dt.timedelta(days=settings.ENVIRONMENT.keep_objections_days + 1)):
        return forgetting.forget_objector(actor=PLATFORM, objection=done)


DECIDING: dict[str, Callable[[], object]] = {
    "programmes.prepare_decision": lambda: prepared(ranked_topic()),
    "programmes.veto_proposal": _vetoed,
    "programmes.override_veto": _override_veto,
    "programmes.discard_decision": _discard_decision,
    "programmes.publish_decision": _publish_decision,
    "programmes.give_notice": _give_notice,
    "programmes.end_notice": _end_notice,
    "programmes.award_topic": _award_topic,
    "programmes.step_up": _step_up,
    "programmes.file_objection": _filed,
    "programmes.take_back_objection": _take_back_objection,
    "programmes.advance_objection": _advance_objection,
    "programmes.forget_objector": _forget_objector,
}
