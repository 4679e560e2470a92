"""Who is told that a record has moved: listeners hear of every step in the transaction that takes it.

``transitions.advance`` says what happened; the app that keeps messages listens. Neither knows the other.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models

from rongtong.domain.foundation.actors import Actor


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was just taken: ``event`` is ``<process>.<event>``, ``record`` is locked and saved."""

    actor: Actor
    event: str
    record: models.Model
    reason: str = ""


Listener = Callable[[Step], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have every step told to ``listener``. What it writes stands or falls with the step."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(step: Step) -> None:
    """Tell every listener."""
    for listener in _listeners:
        listener(step)
