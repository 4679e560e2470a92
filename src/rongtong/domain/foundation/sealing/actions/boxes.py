"""A sealed box: made, closed by the clock, abandoned."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem
from rongtong.domain.foundation.models import BoxCustodian, BoxShare, SealedBox, SealKey
from rongtong.domain.foundation.sealing import clock, keys, locks
from rongtong.domain.foundation.sealing.encoding import moment
from rongtong.domain.foundation.sealing.states import BOX
from rongtong.domain.foundation.sealing.suites import DEFAULT
from rongtong.domain.foundation.transitions import advance

FEWEST, MOST = 2, 7
"""Custodians of a box: two must meet at the opening; shares grow with the square of their number."""


@action("sealing.create_box")
def create_box(
    *,
    actor: Actor,
    title: str,
    closes_at: datetime,
    opens_at: datetime,
    custodians: Sequence[SealKey],
    show_count: bool = False,
    subject: tuple[str, object] = ("", ""),
) -> SealedBox:
    """A box that takes envelopes until ``closes_at`` and opens at ``opens_at`` by two of ``custodians``.

    ``show_count`` lets the number of envelopes be seen before; ``subject`` is what it is for (kind and identifier).
    Three custodians or more are wise: with two, one forgotten passphrase closes the box for good. Raises AccessDenied,
    Invalid with every problem.
    """
    box = SealedBox(
        title=title.strip(),
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        closes_at=closes_at,
        opens_at=opens_at,
        show_count=show_count,
        suite=DEFAULT,
        created_by=actor.account,
        state_since=timezone.now(),
    )
    require(actor, "create", box)
    chosen = list(SealKey.objects.select_for_update().filter(pk__in=[key.pk for key in custodians]).order_by("pk"))
    _check(box, chosen)
    shares = locks.lock(box, chosen)
    box.save()
    BoxCustodian.objects.bulk_create([BoxCustodian(box=box, key=key, account=key.account) for key in chosen])
    BoxShare.objects.bulk_create(shares)
    names = [key.holder_name for key in chosen]
    audit.record(actor, "sealing.create_box", box, closes_at=closes_at, opens_at=opens_at, custodians=names)
    return box


@action("sealing.close_box")
def close_box(*, actor: Actor, box: SealedBox) -> SealedBox:
    """Mark that the time of a box is over; what decides for envelopes is the clock, not this mark."""
    return advance(BOX, box, "close", actor=actor)


@action(locks.POSTPONED)
def postpone_box(*, actor: Actor, box: SealedBox, closes_at: datetime, reason: str) -> SealedBox:
    """Let a box take envelopes until a later hour, and open as much later; the hours of a box move in no other way.

    What lies in it stays, its receipts stay valid, and until the new hour it can be replaced or withdrawn. Raises
    IllegalTransition once the present hour has passed by either clock, Invalid for an hour that is not later.
    """
    locked = SealedBox.objects.select_for_update().get(pk=box.pk)
    require(actor, "postpone", locked)
    if locked.state != "open" or clock.is_past(locked.closes_at):
        raise IllegalTransition(_("已过截止时间，不能再延期。"))
    if closes_at <= locked.closes_at:
        message = _("截止时间只能往后延，不能提前。")
        raise Invalid(message, [Problem("closes_at", message)])
    before = locked.closes_at
    locks.postpone(locked, closes_at, locked.opens_at + (closes_at - before))
    locked.save(update_fields=["closes_at", "opens_at", "hour_part", "signature"])
    hours = {"closes_at": moment(closes_at), "opens_at": moment(locked.opens_at)}
    audit.record(actor, locks.POSTPONED, locked, before=moment(before), reason=reason, **hours)
    return locked


@action("sealing.abandon_box")
def abandon_box(*, actor: Actor, box: SealedBox, reason: str) -> SealedBox:
    """Give a box up, for a new one to be made: its key is destroyed, its envelopes stay closed for ever.

    Who had handed something in stays unknown too: they may do so again in the next one.
    """
    moved = advance(BOX, box, "abandon", actor=actor, reason=reason)
    locks.destroy(moved)
    moved.save()
    return moved


def _check(box: SealedBox, chosen: list[SealKey]) -> None:
    problems = []
    if not box.title:
        problems.append(Problem("title", _("名称必填。")))
    if clock.is_past(box.closes_at):
        problems.append(Problem("closes_at", _("截止时间应晚于现在。")))
    if box.opens_at < box.closes_at:
        problems.append(Problem("opens_at", _("开启时间不能早于截止时间。")))
    problems += _check_custodians(chosen)
    if problems:
        raise Invalid(" ".join(problem.message for problem in problems), problems)


def _check_custodians(chosen: list[SealKey]) -> list[Problem]:
    said = []
    if not FEWEST <= len({key.account for key in chosen}) <= MOST:
        said.append(
            _("开箱人应为 %(fewest)s 至 %(most)s 位不同的工作人员，建议三位以上。") % {"fewest": FEWEST, "most": MOST}
        )
    for key in chosen:
        if key.revoked_at:
            said.append(_("%(name)s的开箱密钥已停用。") % {"name": key.holder_name})
        elif not keys.endorsed(key):
            said.append(_("%(name)s的开箱密钥不是在本平台登记的，不能使用。") % {"name": key.holder_name})
    return [Problem("custodians", message) for message in said]
