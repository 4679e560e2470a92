"""What the apps hold of a person: each says how it is given out, and how it is erased.

An app that stores something about people contributes a part; an app below it need not know.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models import Account, Party

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing that is held of a person.

    ``gather`` answers it as rows for the copy; ``erase`` (None where the law has it kept) redacts it and answers how
    many records it touched; ``kept`` says why it is kept. ``count`` answers how many rows there are where gathering
    them only to count would be slow.
    """

    key: str
    label: Words
    gather: Callable[[Party, list[Account]], Rows]
    erase: Callable[[Actor, Party], int] | None = None
    kept: Words | None = None
    count: Callable[[Party, list[Account]], int] | None = None

    def number(self, person: Party, accounts: list[Account]) -> int:
        """How many rows there are."""
        return self.count(person, accounts) if self.count else len(self.gather(person, accounts))


_parts: dict[str, Part] = {}


def contribute(part: Part) -> None:
    """Say what an app holds of a person."""
    _parts[part.key] = part


def parts() -> list[Part]:
    """Every part, in the order in which the apps stand."""
    return list(_parts.values())
