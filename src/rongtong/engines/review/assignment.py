"""Who reviews which proposal: what every way of assigning answers, and the random one."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from rongtong.engines.review.demands import PanelRules
from rongtong.engines.review.drawing import Draw, draw
from rongtong.engines.review.people import Candidate, Proposal
from rongtong.engines.review.recusal import Conflict


class Assignment(Protocol):
    """Panels for proposals. Whatever it goes by (chance, affinity, an optimum), conflicts bar and rules hold."""

    def assign(
        self, pool: Iterable[Candidate], proposals: Iterable[Proposal], conflicts: Iterable[Conflict]
    ) -> Mapping[str, Draw]:
        """A panel, or the reason there is none, for every proposal by its id."""


@dataclass(frozen=True, slots=True)
class RandomAssignment:
    """A draw of its own for every proposal, in the order of their ids; each place taken counts as load in the next."""

    places: int
    rules: PanelRules
    seed: str
    as_of: date
    label: str = ""

    def assign(
        self, pool: Iterable[Candidate], proposals: Iterable[Proposal], conflicts: Iterable[Conflict]
    ) -> Mapping[str, Draw]:
        """One seed serves all: the id of the proposal is part of what is hashed."""
        people, known = tuple(pool), _by_proposal(conflicts)
        taken: Counter[str] = Counter()
        found: dict[str, Draw] = {}
        for proposal in sorted(proposals, key=lambda each: each.id):
            loaded = [_loaded(each, taken[each.id]) for each in people]
            found[proposal.id] = self._panel(loaded, proposal.id, known.get(proposal.id, []))
            taken.update(found[proposal.id].drawn)
        return found

    def _panel(self, people: list[Candidate], proposal: str, conflicts: list[Conflict]) -> Draw:
        label = f"{self.label}/{proposal}"
        return draw(people, self.places, self.rules, self.seed, as_of=self.as_of, label=label, conflicts=conflicts)


def _loaded(candidate: Candidate, more: int) -> Candidate:
    if not more:
        return candidate
    counts = {name: getattr(candidate, name) for name in ("open_reviews", "year_reviews")}
    return replace(candidate, **{name: count + more for name, count in counts.items() if count is not None})


def _by_proposal(conflicts: Iterable[Conflict]) -> dict[str, list[Conflict]]:
    found: dict[str, list[Conflict]] = {}
    for each in conflicts:
        found.setdefault(each.proposal, []).append(each)
    return found
