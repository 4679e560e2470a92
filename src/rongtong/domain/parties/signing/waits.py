"""Growing waits after failures to sign in, which cannot be used to keep somebody else out.

A stranger's failures count for the name at their address, and for their address over all names; never for the name
alone. A browser that has signed in to the account before counts for itself. Names count as they were typed, whether or
not there is such an account. An attempt is counted before it is made, so that many at once are not checked for free.
"""

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation.addresses import neighbourhood
from rongtong.domain.foundation.limits import TooMany
from rongtong.domain.parties.models import Wait
from rongtong.domain.parties.signing.ciphers import keyed_digest

FIRST = dt.timedelta(seconds=30)
LONGEST = dt.timedelta(minutes=15)
FORGOTTEN_AFTER = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Counter:
    """What is counted: its key, how many failures are free, and whether a success sets it back to nothing."""

    key: str
    free: int
    cleared: bool = True


def at_the_door(name: str, address: str, device: str) -> tuple[Counter, ...]:
    """The counters of somebody who types a password for ``name``."""
    typed = name.strip().casefold()
    if device:
        return (Counter(keyed_digest("wait", "device", device, typed), 10),)
    near = neighbourhood(address)
    return (
        Counter(keyed_digest("wait", "name", typed, near), 5),
        # Not cleared: with one account of one's own one could otherwise try all others for ever.
        Counter(keyed_digest("wait", "address", near), 40, cleared=False),
    )


def at_the_second_door(account: int, device: str) -> tuple[Counter, ...]:
    """The counter of somebody who gave the password and types a code: six digits are few, so strangers share one."""
    return (Counter(keyed_digest("wait", "code", account, device or "strangers"), 5),)


@transaction.atomic
def charge(counters: Iterable[Counter]) -> bool:
    """Count an attempt under each counter; raise TooMany, counting nothing, while one of them has to wait.

    Answers whether this attempt, should it fail, makes the next one wait.
    """
    now = timezone.now()
    rows = [(counter, _locked(counter, now)) for counter in counters]
    for _counter, row in rows:
        if row.until and row.until > now:
            raise too_many(row.until - now)
    for counter, row in rows:
        row.failures, row.since = row.failures + 1, now
        over = row.failures - counter.free
        row.until = now + min(LONGEST, FIRST * 2.0 ** min(over, 10)) if over >= 0 else None
        row.save()
    return any(row.until for _counter, row in rows)


@transaction.atomic
def settle(counters: Iterable[Counter]) -> None:
    """The attempt just counted was good."""
    for counter in counters:
        row = Wait.objects.select_for_update().filter(key=counter.key).first()
        if row is None or counter.cleared:
            Wait.objects.filter(key=counter.key).delete()
        else:
            row.failures, row.until = max(0, row.failures - 1), None
            row.save()


def sweep() -> int:
    """Forget failures of yesterday."""
    return Wait.objects.filter(since__lt=timezone.now() - FORGOTTEN_AFTER).delete()[0]


def too_many(rest: dt.timedelta) -> TooMany:
    """The refusal to whoever has to wait for ``rest``; it says nothing of whether there is such an account."""
    seconds = max(1, math.ceil(rest.total_seconds()))
    text = _("%(minutes)d 分钟") % {"minutes": math.ceil(seconds / 60)} if seconds > 90 else None
    text = text or _("%(seconds)d 秒") % {"seconds": seconds}
    return TooMany(_("尝试次数过多，请在%(wait)s后再试。在用过的浏览器上登录不受影响。") % {"wait": text}, seconds)


def _locked(counter: Counter, now: dt.datetime) -> Wait:
    while (row := Wait.objects.select_for_update().filter(key=counter.key).first()) is None:
        # another may make it, or take it away again, at the same moment
        Wait.objects.bulk_create([Wait(key=counter.key)], ignore_conflicts=True)
    if row.since < now - FORGOTTEN_AFTER:
        row.failures, row.until = 0, None
    return row
