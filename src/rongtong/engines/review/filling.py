"""Places filled in the order of ranks, each only so that the places left can still be filled by the rules.

Three nested groups (everybody, experts, experts from enterprises) have a least number, and an organisation has a most.
Whether a choice leaves a way to a whole panel is a flow from groups through organisations; its least cut is one of
three sums, kept up to date person by person, so that a hundred thousand candidates take a second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rongtong.engines.review.demands import Obstacle, PanelRules, obstacle
from rongtong.engines.review.people import Candidate

GROUPS = range(3)


@dataclass(frozen=True, slots=True)
class Filled:
    """Who was chosen, in the order of ranks; or why nobody could be."""

    chosen: tuple[Candidate, ...]
    obstacles: tuple[Obstacle, ...] = ()


def fill(order: Sequence[Candidate], places: int, rules: PanelRules, held: Iterable[Candidate] = ()) -> Filled:
    """The first panel of ``places`` in the order that meets the rules, beside those who hold a place already.

    A candidate is taken if and only if a whole panel with all taken before and this one is possible, so no other panel
    comes earlier in the order. ``order`` may not contain those who hold a place.
    """
    room = _Room(order, places, rules, tuple(held))
    obstacles = room.obstacles()
    if obstacles:
        return Filled((), obstacles)
    chosen: list[Candidate] = []
    for candidate in order:
        if room.places == 0:
            break
        if room.takes(candidate):
            chosen.append(candidate)
    return Filled(tuple(chosen))


class _Room:
    """Places left, what each group may still take, and who is still there by organisation.

    ``_spare[g]``: places that may go to people outside group g; ``_there[o]``: how many of each group (those of an
    inner group count in the outer ones too) are left at an organisation; ``_reach[g]``: how many of group g could sit,
    organisations' limits considered.
    """

    def __init__(self, order: Sequence[Candidate], places: int, rules: PanelRules, held: tuple[Candidate, ...]) -> None:
        self._rules = rules
        self.places = places
        self._spare = [0, places - rules.experts(places), places - rules.enterprise_experts(places)]
        self._most = places if rules.per_organisation is None else rules.per_organisation
        self._seated: dict[str, int] = {}
        self._there: dict[str, list[int]] = {}
        self._reach = [0, 0, 0]
        for candidate in order:
            self._there.setdefault(candidate.organisation, [0, 0, 0])
            self._count(candidate, 1)
        for candidate in held:
            self._seat(candidate, 1)

    def takes(self, candidate: Candidate) -> bool:
        """Take the candidate if a whole panel stays possible; else pass over."""
        self._count(candidate, -1)
        self._seat(candidate, 1)
        if self._possible(candidate.organisation):
            return True
        self._seat(candidate, -1)
        return False

    def obstacles(self) -> tuple[Obstacle, ...]:
        """Every demand that cannot be met, and by how many; empty when a panel is possible."""
        there = sum(counts[0] for counts in self._there.values())
        short = {
            "candidates": self.places - there,
            "organisations": self.places - self._reach[0] if there >= self.places else 0,
            "experts": self.places - self._spare[1] - self._reach[1],
            "enterprise": self.places - self._spare[2] - self._reach[2],
        }
        return tuple(obstacle(code, missing, self._rules) for code, missing in short.items() if missing > 0)

    def _possible(self, organisation: str) -> bool:
        within = self._seated[organisation] <= self._most
        return within and all(self._spare[g] >= 0 and self.places <= self._spare[g] + self._reach[g] for g in GROUPS)

    def _count(self, candidate: Candidate, change: int) -> None:
        """One candidate more or fewer among those still there."""
        name = candidate.organisation
        for group in _groups(candidate):
            before = self._sitting(name, group)
            self._there[name][group] += change
            self._reach[group] += self._sitting(name, group) - before

    def _seat(self, candidate: Candidate, change: int) -> None:
        """One place more or fewer taken by such a candidate."""
        name = candidate.organisation
        before = [self._sitting(name, group) for group in GROUPS]
        self._seated[name] = self._seated.get(name, 0) + change
        for group in GROUPS:
            self._reach[group] += self._sitting(name, group) - before[group]
            self._spare[group] -= change if group not in _groups(candidate) else 0
        self.places -= change

    def _sitting(self, name: str, group: int) -> int:
        """How many of a group could still sit for an organisation."""
        counts = self._there.get(name)
        return 0 if counts is None else max(0, min(self._most - self._seated.get(name, 0), counts[group]))


def _groups(candidate: Candidate) -> range:
    """Everybody; experts; experts from enterprises."""
    return range(1 if not candidate.expert else 3 if candidate.enterprise else 2)
