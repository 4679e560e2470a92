"""Stands at the door of an action: when one is called by a performance, tries it there in a way of one's own."""

import sys
from collections.abc import Callable
from copy import copy
from typing import Any
from unittest.mock import patch

from django.db.models import Model

from rongtong.domain.foundation import audit

Attempt = Callable[[], object]


class Tried(BaseException):
    """The action was tried; what would have come after it is of no interest."""


def at_the_door(name: str, perform: Callable[[], object], attempt: Callable[[Attempt], object]) -> bool:
    """Perform, and where the action ``name`` would begin hand ``attempt`` a call of it that can be made many times.

    Everything that the performance did before stands committed. False when the action is only ever part of another.
    """
    known = audit.within_action

    def within() -> bool:
        frame = sys._getframe(1)
        inside = known()
        if not inside and frame.f_code.co_name == "run" and frame.f_locals.get("name") == name:
            given = frame.f_locals["kwargs"]
            with patch.object(audit, "within_action", known):
                attempt(_again(name, given))
            raise Tried
        return inside

    try:
        with patch.object(audit, "within_action", within):
            perform()
    except Tried:
        return True
    return False


def _again(name: str, given: dict[str, Any]) -> Attempt:
    from rongtong.domain.foundation.actions import all_actions

    run = all_actions()[name]
    return lambda: run(**{key: copy(value) if isinstance(value, Model) else value for key, value in given.items()})
