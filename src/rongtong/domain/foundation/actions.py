"""The one way to write: ``@action``."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.errors import AccessDenied

P = ParamSpec("P")
R = TypeVar("R")

_actions: dict[str, Callable[..., object]] = {}


def action(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an action called ``name`` (``registry.submit``): atomic, and held to leave an audit event.

    An action is called as ``verb_noun(*, actor, …)``; it checks access itself, because only it knows the record. A
    refusal undoes everything and leaves an event of its own in the stream of access. Work that must not happen unless
    the write stands (mail, index) goes through ``transaction.on_commit``.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            outermost = not audit.within_action()
            try:
                with transaction.atomic(), audit.watching(name):
                    return function(*args, **kwargs)
            except AccessDenied as denied:
                if outermost:
                    note_refusal(_actor(kwargs), name, denied)
                raise

        _actions[name] = run
        return run

    return decorate


def note_refusal(actor: Actor, what: str, denied: AccessDenied) -> None:
    """Append to the stream of access that ``actor`` was refused ``what``; once for each refusal."""
    if denied.noted:
        return
    audit.note(actor, "refused", denied.entity, wanted=what, needs=denied.needs, reason=denied.message)
    denied.noted = True


def _actor(given: dict[str, object]) -> Actor:
    actor = given.get("actor")
    return actor if isinstance(actor, Actor) else VISITOR


def all_actions() -> dict[str, Callable[..., object]]:
    """Every action by its name, for the tests and the generated documentation."""
    return dict(_actions)
