"""What a box was made for has a say in its opening: what must hold before, and what follows in the same transaction.

An app that makes boxes for a kind of subject registers here, so that no door to the opening leads past its rule.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition
from rongtong.domain.foundation.models import SealedBox


@dataclass(frozen=True, slots=True)
class Say:
    """``objection``: why a box whose hour has come may still not be opened, or None. ``opened``: what follows."""

    objection: Callable[[SealedBox], str | None]
    opened: Callable[[Actor, SealedBox], None]


_says: dict[str, Say] = {}


def on_opening(subject_kind: str, say: Say) -> None:
    """Let whoever owns the boxes for ``subject_kind`` have its say."""
    _says[subject_kind] = say


def objection(box: SealedBox) -> str | None:
    """Why ``box`` may not be opened although its hour has come, or None."""
    say = _says.get(box.subject_kind)
    return say.objection(box) if say else None


def refuse_objected(box: SealedBox) -> None:
    """Raises IllegalTransition when something still stands against the opening of ``box``."""
    if reason := objection(box):
        raise IllegalTransition(_("不能启封：%(reason)s") % {"reason": reason})


def follow(actor: Actor, box: SealedBox) -> None:
    """Do what follows the opening, within its transaction: it stands with it or falls with it."""
    say = _says.get(box.subject_kind)
    if say:
        say.opened(actor, box)
