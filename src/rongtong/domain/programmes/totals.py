"""The total of a running project's budget (预算总额): what a change of it may ask for and how it is divided."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Problem
from rongtong.domain.programmes.budgeting import PURSES, yuan
from rongtong.domain.programmes.models import Change, Milestone, Obligation, Project
from rongtong.engines.money.splitting import parts

GRANTED = Obligation.PURSES
"""The purses that others fill; own money has no total that anybody approves."""
AHEAD = ("planned", "due", "reported", "rework")
"""The milestones whose money is still to come."""
MOST = 10**17
"""No amount reaches this many fen, as none that is read from a form does."""


def column(purse: str) -> str:
    """Where a purse stands, in a project, a milestone and a topic alike."""
    return f"{purse}_money"


def totals(record: Project | Milestone) -> dict[str, int]:
    """What a project or milestone has in each purse, in fen."""
    return {purse: getattr(record, column(purse)) for purse in GRANTED}


def fixed(stones: Iterable[Milestone], purse: str) -> dict[int, int]:
    """What of a purse was paid or is owed for each milestone, order → fen; no change moves it."""
    owed = Obligation.objects.filter(milestone__in=list(stones), purse=purse).exclude(state="cancelled")
    return dict(owed.values_list("milestone__order", "fen"))


def total_problems(stands: Mapping[str, int], wanted: Mapping[str, Any], stones: Sequence[Milestone]) -> list[Problem]:
    """What is wrong with the new totals ``wanted``, purse → fen, by the column of each."""
    moved = [(purse, fen) for purse, fen in wanted.items() if fen != stands[purse]]
    said = [(purse, _problem(purse, fen, stones)) for purse, fen in moved]
    return [Problem(column(purse), message) for purse, message in said if message]


def divided(stones: Sequence[Milestone], purse: str, total: int) -> dict[int, int]:
    """Order of each milestone → its part of ``total`` fen, together the whole.

    What was paid or is owed stays; the rest goes by their shares to the milestones still to come, and nothing to those
    that came to nothing.
    """
    kept, ahead = fixed(stones, purse), [stone for stone in stones if stone.state in AHEAD]
    given = {stone.order: kept.get(stone.order, 0) for stone in stones}
    if ahead:
        rest = parts(total - sum(kept.values()), [Fraction(stone.share) for stone in ahead])
        given |= {stone.order: fen for stone, fen in zip(ahead, rest, strict=True)}
    return given


def added(projects: Iterable[Project]) -> Counter[tuple[UUID, int, str]]:
    """What approved changes added to the milestones of ``projects``, or took: (project, order, purse) → fen.

    It is each project's own: what a topic divides among its teams is counted without it.
    """
    found: Counter[tuple[UUID, int, str]] = Counter()
    for change in Change.objects.filter(project__in=list(projects), kind="budget", state="approved"):
        for purse, by_order in change.effect.get("added", {}).items():
            for order, fen in by_order.items():
                found[change.project_id, int(order), purse] += fen
    return found


def _problem(purse: str, fen: Any, stones: Sequence[Milestone]) -> str | None:
    if not isinstance(fen, int) or isinstance(fen, bool) or not 0 <= fen < MOST:
        return _("金额应不小于零，最多到分。")
    kept, said = sum(fixed(stones, purse).values()), {"purse": PURSES[purse]}
    if fen < kept:
        return _("“%(purse)s”已付和应付的共 %(kept)s 元，总额不能少于它。") % (said | {"kept": yuan(kept)})
    if fen > kept and not any(stone.state in AHEAD for stone in stones):
        return _("“%(purse)s”没有尚未通过的里程碑可以安排，总额不能增加。") % said
    return None
