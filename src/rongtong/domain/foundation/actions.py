"""The one way to write: ``@action``."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from rongtong.domain.foundation import audit

P = ParamSpec("P")
R = TypeVar("R")

_actions: dict[str, Callable[..., object]] = {}


def action(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an action called ``name`` (``registry.submit``): atomic, and held to leave an audit event.

    An action is called as ``verb_noun(*, actor, …)``; it checks access itself, because only it knows the record.
    Work that must not happen unless the write stands (mail, index) goes through ``transaction.on_commit``.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            with transaction.atomic(), audit.watching(name):
                return function(*args, **kwargs)

        _actions[name] = run
        return run

    return decorate


def all_actions() -> dict[str, Callable[..., object]]:
    """Every action by its name, for the tests and the generated documentation."""
    return dict(_actions)
