"""What time it is, for the rules: the machine's clock, or, while a sample region is told, an earlier hour of its story.

Whatever asks whether a term has begun or is over asks :func:`now` and :func:`today`; when something really happened
(the audit, the columns ``created_at``) is the machine's affair alone.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.utils import timezone

_back: ContextVar[dt.timedelta] = ContextVar("_back", default=dt.timedelta(0))


def now() -> dt.datetime:
    """The hour by which terms are judged, with its zone."""
    return timezone.now() - _back.get()


def today() -> dt.date:
    """The day of :func:`now` where the platform stands."""
    return timezone.localdate(now())


def told_back() -> dt.timedelta:
    """How far behind the machine's clock the present story is; nought in life."""
    return _back.get()


@contextmanager
def telling(moment: dt.datetime) -> Iterator[None]:
    """Within the block ``moment`` is the hour, in this thread alone: how a sample region gets a past.

    Raises RuntimeError where the region is no sample, and for an hour to come.
    """
    if not settings.ENVIRONMENT.sample:
        raise RuntimeError("only a sample region is told as if it were another hour")
    behind = timezone.now() - moment
    if behind < dt.timedelta(0):
        raise RuntimeError("an hour to come cannot be told")
    token = _back.set(behind)
    try:
        yield
    finally:
        _back.reset(token)
