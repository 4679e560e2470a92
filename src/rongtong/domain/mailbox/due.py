"""What falls due for somebody: apps above say it, mails and calendars ask it.

What stands here may leave the house: a title is only ever one that is public.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.words import Words


@dataclass(frozen=True, slots=True)
class Due:
    """Something that waits for somebody: ``what`` they do with it, ``by`` when; ``kind`` and ``entity`` name it.

    ``title`` may be told to anybody: it is public, or only says of which sort the thing is.
    """

    kind: str
    entity: str
    what: Words
    title: str
    by: dt.date | dt.datetime


_known: list[Callable[[Actor], Iterable[Due]]] = []


def falls_due(provider: Callable[[Actor], Iterable[Due]]) -> None:
    """Add to what :func:`due_for` answers."""
    _known.append(provider)


def due_for(actor: Actor) -> list[Due]:
    """Everything with a date that waits for ``actor``, the earliest first."""
    return sorted((due for provider in _known for due in provider(actor)), key=lambda due: (day_of(due.by), due.entity))


def day_of(by: dt.date | dt.datetime) -> dt.date:
    """The day of a term, where the platform stands."""
    return timezone.localdate(by) if isinstance(by, dt.datetime) else by
