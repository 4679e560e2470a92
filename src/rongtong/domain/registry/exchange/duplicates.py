"""Rows that nearly repeat one another or a record of the register, found by their fingerprints."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from rongtong.domain.foundation.access import scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Problem
from rongtong.domain.registry.models import Resource

BITS = 3
"""Fingerprints of 64 bits that differ in at most three stand for nearly the same text (Manku et al., WWW 2007)."""
_BANDS = 4
_WINDOW = 6
_MOST_NAMED = 500
_DIRECT = 200_000_000
"""Up to so many comparisons (half a second) a small file is held against the register row by row, without sorting."""


@dataclass(slots=True)
class Fingerprints:
    """The fingerprints of the new records of a file, twelve bytes a row."""

    prints: "array[int]" = field(default_factory=lambda: array("q"))
    rows: "array[int]" = field(default_factory=lambda: array("i"))

    def add(self, row: int, fingerprint: int) -> None:
        if fingerprint:
            self.prints.append(fingerprint)
            self.rows.append(row)

    def warnings(self, actor: Actor, kind: str) -> Iterator[Problem]:
        """A warning for each row that nearly repeats an earlier one or a record that ``actor`` may see."""
        if self.prints:
            yield from self._within()
            yield from self._against(actor, kind)

    def _within(self) -> Iterator[Problem]:
        prints = np.frombuffer(self.prints, dtype=np.int64)
        for first, second in near_pairs(prints):
            earlier, later = sorted((self.rows[first], self.rows[second]))
            yield Problem("", _("与第 %(row)s 行内容几乎相同，请确认不是重复登记。") % {"row": earlier}, later)

    def _against(self, actor: Actor, kind: str) -> Iterator[Problem]:
        visible = scope(actor, "view", Resource.objects.filter(kind=kind)).exclude(fingerprint=0)
        known = np.fromiter(visible.order_by().values_list("fingerprint", flat=True).iterator(), dtype=np.int64)
        prints = np.frombuffer(self.prints, dtype=np.int64)
        pairs = near_pairs(np.concatenate([prints, known]), split=len(prints))[:_MOST_NAMED]
        met = {int(known[other - len(prints)]) for _row, other in pairs}
        titles = dict(visible.filter(fingerprint__in=met).values_list("fingerprint", "title"))
        for row, other in pairs:
            title = titles.get(int(known[other - len(prints)]), "")
            yield Problem(
                "", _("与已登记的“%(title)s”内容几乎相同，请确认不是重复登记。") % {"title": title}, self.rows[row]
            )


def near_pairs(prints: NDArray[np.int64], *, split: int | None = None, bits: int = BITS) -> list[tuple[int, int]]:
    """Pairs (i, j), i < j, of ``prints`` that differ in at most ``bits`` bits; with ``split`` only i < split <= j.

    With three bits in four bands of sixteen at least one band is equal, so sorting by each band in front brings such a
    pair together; within a band each is compared with its next few neighbours, which keeps the cost linear and finds
    at least one partner for every member of a crowd.
    """
    words = prints.astype(np.uint64)
    if split is not None and split * len(words) <= _DIRECT:
        return _each_against_all(words[:split], words[split:], bits)
    found: set[tuple[int, int]] = set()
    for band in range(_BANDS):
        shift = np.uint64(16 * band)
        turned = (words << shift) | (words >> ((np.uint64(64) - shift) % np.uint64(64))) if band else words
        order = np.argsort(turned, kind="stable")
        for step in range(1, min(_WINDOW, len(order) - 1) + 1):
            left, right = order[:-step], order[step:]
            near = np.bitwise_count(words[left] ^ words[right]) <= bits
            found |= _ordered(left[near], right[near], split)
    return sorted(found)


def _each_against_all(few: NDArray[np.uint64], many: NDArray[np.uint64], bits: int) -> list[tuple[int, int]]:
    return [
        (row, len(few) + int(other))
        for row, word in enumerate(few)
        for other in np.flatnonzero(np.bitwise_count(many ^ word) <= bits)
    ]


def _ordered(left: NDArray[np.intp], right: NDArray[np.intp], split: int | None) -> set[tuple[int, int]]:
    first, second = np.minimum(left, right), np.maximum(left, right)
    if split is not None:
        across = (first < split) & (second >= split)
        first, second = first[across], second[across]
    return set(zip(first.tolist(), second.tolist(), strict=True))
