"""The draw: seed, pool and rules give one panel, the same whoever computes it and in whatever order the pool comes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rongtong.engines.review.demands import Obstacle, PanelRules, number
from rongtong.engines.review.eligibility import Exclusion, exclusions
from rongtong.engines.review.filling import fill
from rongtong.engines.review.people import Candidate
from rongtong.engines.review.ranks import ranked
from rongtong.engines.review.recusal import Conflict


class PoolError(ValueError):
    """The pool names somebody twice."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What came of a draw, by ids.

    ``drawn`` and ``reserve`` in the order of ranks (together everybody who may be drawn); ``told``: conflicts of these
    that bar nobody but that the officer should know; ``exclusions``: every reason against everybody else. Where there
    is no panel, ``obstacles`` say why and nobody is drawn.
    """

    drawn: tuple[str, ...]
    reserve: tuple[str, ...]
    exclusions: tuple[Exclusion, ...]
    told: tuple[Conflict, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True)
class Successors:
    """Who takes the places of those who left, in the order of ranks; or why nobody can."""

    chosen: tuple[str, ...]
    obstacles: tuple[Obstacle, ...] = ()


def draw(
    pool: Iterable[Candidate],
    places: int,
    rules: PanelRules,
    seed: str,
    *,
    as_of: date,
    label: str = "",
    conflicts: Iterable[Conflict] = (),
) -> Draw:
    """A panel of ``places``: of those who may be drawn the first by rank that meet the rules together.

    ``label`` keeps draws with one seed apart (a topic and its round). Raises :class:`PoolError`.
    """
    people, known = _by_id(pool), tuple(conflicts)
    against = exclusions(people, known, rules, as_of)
    barred = {each.candidate for each in against}
    order = ranked((each for each in people if each.id not in barred), seed, label)
    told = _told(known, barred)
    wrong = number(places, rules)
    filled = None if wrong else fill(order, places, rules)
    if filled is None or filled.obstacles:
        return Draw((), _ids(order), against, told, wrong if filled is None else filled.obstacles)
    drawn = _ids(filled.chosen)
    chosen = set(drawn)
    return Draw(drawn, tuple(each.id for each in order if each.id not in chosen), against, told)


def succeed(
    order: Sequence[Candidate], seated: Iterable[Candidate], gone: Iterable[str], places: int, rules: PanelRules
) -> Successors:
    """Who takes the places that became free: the first by rank with whom, beside those seated, the panel is whole.

    ``order`` is everybody who may be drawn, by rank; ``gone`` are those who refused or were replaced, and never return.
    """
    held = tuple(seated)
    away = {*gone, *(each.id for each in held)}
    filled = fill([each for each in order if each.id not in away], places, rules, held)
    return Successors(_ids(filled.chosen), filled.obstacles)


def _by_id(pool: Iterable[Candidate]) -> list[Candidate]:
    people = sorted(pool, key=lambda each: each.id)
    twice = [id for id, times in Counter(each.id for each in people).items() if times > 1]
    if twice:
        raise PoolError(f"named twice in the pool: {', '.join(twice)}")
    return people


def _told(conflicts: Iterable[Conflict], barred: set[str]) -> tuple[Conflict, ...]:
    found = [each for each in conflicts if each.verdict == "told" and each.candidate not in barred]
    return tuple(sorted(found, key=lambda each: (each.candidate, each.proposal, each.party, each.kind, each.evidence)))


def _ids(people: Iterable[Candidate]) -> tuple[str, ...]:
    return tuple(each.id for each in people)
