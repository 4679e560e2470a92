"""Every action of submissions, done once."""

import datetime as dt
from collections.abc import Callable

from rongtong.domain.foundation.sealing.actions import TooLate
from rongtong.domain.programmes.actions import opening, submissions
from rongtong.domain.programmes.actions.postponing import postpone_topic
from rongtong.domain.programmes.models import Submission, Topic
from rongtong.domain.programmes.terms import template
from tests.factories import PLATFORM, member, officer
from tests.programmes.bidding import Bidding, at, bidding


def _begin() -> object:
    return submissions.begin_submission(actor=member(), topic=bidding().topic)


def _save() -> object:
    return bidding().draft(member())


def _seal() -> object:
    return bidding().sealed()


def _withdraw() -> object:
    call, actor = bidding(), member()
    return submissions.withdraw_submission(actor=actor, submission=call.sealed(actor))


def _redraft() -> object:
    call, actor = bidding(), member()
    return submissions.redraft_submission(actor=actor, submission=call.sealed(actor))


def _lapse() -> object:
    call = bidding()
    draft = call.draft(member())
    at(call.closes_at)
    return submissions.lapse_submission(actor=PLATFORM, submission=draft)


def _return() -> object:
    call = bidding()
    call.sealed()
    Topic.objects.filter(pk=call.over().topic.pk).update(state="reissued")
    return submissions.return_submissions(actor=PLATFORM, topic=call.again())


def _postpone() -> object:
    call = bidding()
    later, seen = call.closes_at + dt.timedelta(days=7), call.closes_at.isoformat()
    return postpone_topic(actor=officer(), topic=call.topic, closes_at=later, reason="准备时间不足", seen=seen)


def _refuse() -> object:
    call, actor = bidding(), member()
    draft = call.draft(actor)
    at(call.closes_at)
    try:
        return submissions.seal_submission(actor=actor, submission=draft, token="一次")
    except TooLate:
        return draft


def _opened() -> Bidding:
    call = bidding(minimum_bids=1)
    call.sealed()
    call.over().open()
    return call


def _check() -> object:
    call = _opened()
    points = {key: True for key, _label in template(call.topic.programme.template).formal_checks}
    submission = Submission.objects.get(topic=call.topic)
    return opening.check_submission(actor=officer(), submission=submission, event="pass_form", checklist=points)


SUBMISSIONS: dict[str, Callable[[], object]] = {
    "programmes.postpone_topic": _postpone,
    "programmes.begin_submission": _begin,
    "programmes.save_draft": _save,
    "programmes.seal_submission": _seal,
    "programmes.withdraw_submission": _withdraw,
    "programmes.redraft_submission": _redraft,
    "programmes.lapse_submission": _lapse,
    "programmes.return_submissions": _return,
    "programmes.refuse_submission": _refuse,
    "programmes.receive_submissions": _opened,
    "programmes.check_submission": _check,
}
