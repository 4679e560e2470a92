"""Topics on the list that ask for the same as another: born of the same demand, or titled almost alike."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Q

from rongtong.domain.programmes.models import Topic
from rongtong.engines.text import bigrams, bigrams_of_normal, normalise
from rongtong.engines.text.tokens import is_han

NEAR = 0.7
"""Share of the pairs of characters that two titles have in common, from which somebody should compare the two."""
MOST = 20


@dataclass(frozen=True, slots=True)
class Overlap:
    """A topic that was published before; ``likeness`` of the titles from 0 to 1."""

    topic: Topic
    same_demand: bool
    likeness: float


def overlaps(topic: Topic) -> list[Overlap]:
    """The topics on the list to compare ``topic`` with, those of the same demand first; its predecessors are none."""
    listed = Topic.objects.exclude(number="").exclude(state="cancelled").exclude(pk__in=_line(topic))
    shared = set(listed.filter(demands__in=topic.demands.all()).values_list("pk", flat=True))
    wanted = _wanted(topic.title)
    near = {title for title in listed.order_by().values_list("title", flat=True) if wanted.is_near(title)}
    to_compare = listed.order_by().filter(Q(title__in=near) | Q(pk__in=shared)).values_list("pk", "title")
    likeness = {pk: wanted.alike(title) for pk, title in to_compare}
    found = sorted(likeness, key=lambda pk: (pk not in shared, -likeness[pk]))
    topics = Topic.objects.select_related("setter").in_bulk(found[:MOST])
    return [Overlap(topics[pk], pk in shared, likeness[pk]) for pk in found[:MOST]]


def unanswered(topic: Topic) -> list[Overlap]:
    """The overlaps that nobody has answered yet."""
    seen = set(topic.overlap.get("topics", ()))
    return [each for each in overlaps(topic) if str(each.topic.pk) not in seen]


def _line(topic: Topic) -> list[UUID]:
    """The topic and those it was reissued from."""
    line, earlier = [topic.pk], topic.follows_id
    while earlier is not None:
        line.append(earlier)
        earlier = Topic.objects.values_list("follows_id", flat=True).get(pk=earlier)
    return line


@lru_cache(maxsize=20_000)
def _normal(title: str) -> str:
    """The normal form of a title on the list: most of the work of a comparison, and the same for every topic."""
    return normalise(title)


class _Title:
    """A title that ten thousand others are compared with: most are out of the question at a glance."""

    def __init__(self, title: str) -> None:
        self._pairs = Counter(bigrams(title))
        self._least = self._pairs.total() * NEAR / (2 - NEAR)
        self._judged: dict[str, bool] = {}

    def is_near(self, title: str) -> bool:
        """Whether ``title`` is as like as NEAR says; asked again for the same page and its step, it remembers."""
        if title not in self._judged:
            self._judged[title] = self.may_be_near(title) and self.alike(title) >= NEAR
        return self._judged[title]

    def may_be_near(self, title: str) -> bool:
        """Whether enough of the pairs stand in ``title``; what is no pair of Chinese may be anywhere.

        Of two titles that have s pairs in common the other has s at least: 2s / (own + s) reaches NEAR or nothing does.
        """
        normal = _normal(title)
        common = sum(times for pair, times in self._pairs.items() if pair in normal or not is_han(pair[0]))
        return common >= self._least

    def alike(self, title: str) -> float:
        """The share of pairs in common, from 0 to 1."""
        other = Counter(bigrams_of_normal(_normal(title)))
        total = self._pairs.total() + other.total()
        return 2 * (self._pairs & other).total() / total if total else 0.0


_wanted = lru_cache(maxsize=16)(_Title)
