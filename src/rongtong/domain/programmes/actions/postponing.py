"""The deadline of a topic that takes submissions moves, to a later hour and in public."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem, Stale
from rongtong.domain.foundation.sealing.actions.boxes import postpone_box
from rongtong.domain.mailbox.telling import tell
from rongtong.domain.programmes.actions.submissions import hold_box
from rongtong.domain.programmes.models import Topic

POSTPONABLE = ("published", "open")
SHORTEST_REASON, LONGEST_REASON = 5, 500
LONGEST = dt.timedelta(days=180)
"""The hour never moves back: a slip of the year would keep everything sealed for good."""


@action("programmes.postpone_topic")
def postpone_topic(*, actor: Actor, topic: Topic, closes_at: dt.datetime | None, reason: str, seen: str) -> Topic:
    """Move the deadline of a topic to a later hour before it has passed, and its box with it; the list says why.

    ``seen`` is the deadline (ISO form) that the officer had before their eyes: of two at once one moves it. Drafts and
    what lies sealed stay, and may be changed or withdrawn until the new hour. The least days of the programme were kept
    before, so they are afterwards. The same click twice moves it once. Raises Stale, Invalid with every problem,
    IllegalTransition, AccessDenied.
    """
    box = hold_box(topic)
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    require(actor, "steer", locked)
    before = require_postponable(locked)
    row = {"from": seen, "until": closes_at and closes_at.isoformat(), "reason": reason.strip()}
    if row in locked.postponed[-1:]:
        audit.record(actor, "programmes.postpone_topic", locked, again=True)
        return locked
    if seen != before.isoformat():
        raise Stale(_("您打开之后别人改过截止时间。请刷新页面，核对之后再改。"))
    problems = list(_problems(before, closes_at, reason.strip()))
    if problems or closes_at is None:
        raise Invalid(" ".join(each.message for each in problems), problems)
    postpone_box(actor=actor, box=box, closes_at=closes_at, reason=reason.strip())
    locked.postponed = [*locked.postponed, row]
    locked.closes_at = closes_at
    locked.save(update_fields=["closes_at", "postponed", "updated_at"])
    audit.record(actor, "programmes.postpone_topic", locked, before=before, closes_at=closes_at, reason=row["reason"])
    tell(actor, "topic.postpone", locked)
    return locked


def require_postponable(topic: Topic) -> dt.datetime:
    """The deadline that may be moved. Raises IllegalTransition where the topic has none ahead of it."""
    if topic.state not in POSTPONABLE or topic.closes_at is None:
        raise IllegalTransition(_("只有已发榜、还没有截止的榜题可以延期。"))
    return topic.closes_at


def _problems(before: dt.datetime, closes_at: dt.datetime | None, reason: str) -> Iterable[Problem]:
    if closes_at is None:
        yield Problem("closes_at", _("时间读不出来，写法如 2026-06-30 17:00。"))
    elif closes_at <= before:
        yield Problem("closes_at", _("截止时间只能往后延，不能提前。"))
    elif closes_at > before + LONGEST:
        yield Problem("closes_at", _("一次最多延后 %(days)s 天。") % {"days": LONGEST.days})
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        shown = {"least": SHORTEST_REASON, "most": LONGEST_REASON}
        yield Problem("reason", _("请写明延期的原因，%(least)s 到 %(most)s 字，会公开。") % shown)
