"""Errors that reach a person: each says what was wrong and what to do, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the input: the field ("" for the whole), the message, the row if there is one."""

    field: str
    message: str
    row: int | None = None


class DomainError(Exception):
    """Something a person asked for cannot be done; nothing was changed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class AccessDenied(DomainError):
    """The actor may not do this; the message says why and whom to ask.

    ``needs`` and ``entity`` say what was asked of which record, for the event that a refusal leaves.
    """

    def __init__(self, message: str, needs: str = "", entity: Any = None) -> None:
        super().__init__(message)
        self.needs = needs
        self.entity = entity
        self.noted = False


class Invalid(DomainError):
    """The input has problems; all of them are in ``problems``."""

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class IllegalTransition(DomainError):
    """The record is not in a state in which this can happen, or a guard objects."""


class Stale(DomainError):
    """Somebody else changed the record in the meantime."""


class TryLater(DomainError):
    """The platform is too busy just now; the same may be done in a minute."""
