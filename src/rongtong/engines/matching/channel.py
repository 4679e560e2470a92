"""One channel of words: the terms of a collection, where they stand, and how rare they are.

A channel counts one kind of unit (content words, or character bigrams) of titles and bodies. It answers two questions:
which records score best for weighted terms (BM25), and how often each term stands in given records (a table from which
the features are computed, the same for records in memory and for rows fetched from a store).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

# BM25 (Robertson and Zaragoza, 2009): saturation of repeated terms, and how far long texts are discounted.
K1 = 1.2
B = 0.6
# A term of the title counts this often (as in the columns of `records`): authors put the object there.
TITLE_WEIGHT = 2


@dataclass(frozen=True)
class Counts:
    """What is known of a channel over a whole collection: the number of records, their mean length, rarity of terms."""

    records: int
    mean_length: float
    frequencies: Mapping[str, int]

    def idf(self, terms: Sequence[str]) -> Floats:
        """Inverse document frequency of each term, never negative; an unseen term is as rare as can be."""
        return idf(np.array([self.frequencies.get(term, 0) for term in terms], dtype=np.float32), self.records)


@dataclass(frozen=True)
class TermTable:
    """Query terms against candidate records: counts [candidates, terms] with what is needed to weigh them."""

    idf: Floats
    title: Floats
    body: Floats
    length: Floats
    mean_length: float
    title_mass: Floats


def idf(frequency: Floats, records: int) -> Floats:
    """log(1 + (n - df + ½) / (df + ½)), as in Lucene."""
    return np.log1p((records - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)


def saturation(count: Floats, length: Floats, mean_length: float) -> Floats:
    """BM25's share of a term's weight, between 0 and 1: the count against itself plus the discounted length."""
    discounted = K1 * (1 - B + B * length / np.float32(max(mean_length, 1e-9)))
    return (count / (count + discounted)).astype(np.float32)


class Channel:
    """Postings of one kind of unit over records in memory."""

    def __init__(self, titles: Iterable[Sequence[str]], bodies: Iterable[Sequence[str]]) -> None:
        self.vocabulary: dict[str, int] = {}
        rows, terms, counts = self._read(titles, bodies)
        self.size = len(counts[0])
        self._count(rows, terms, counts[1])
        self._weigh()

    def _read(
        self, titles: Iterable[Sequence[str]], bodies: Iterable[Sequence[str]]
    ) -> tuple[Ints, Ints, tuple[Ints, Ints]]:
        """Every occurrence as (record, term), titles before bodies within a record, and how many of each."""
        number = self.vocabulary
        terms: list[int] = []
        in_title: list[int] = []
        in_body: list[int] = []
        for title, body in zip(titles, bodies, strict=True):
            terms.extend(number.setdefault(term, len(number)) for term in title)
            terms.extend(number.setdefault(term, len(number)) for term in body)
            in_title.append(len(title))
            in_body.append(len(body))
        both = np.array([in_title, in_body], dtype=np.int64)
        rows = np.repeat(np.arange(both.shape[1]), both.sum(axis=0))
        title_flags = np.repeat(np.tile([1, 0], both.shape[1]), both.T.ravel())
        return rows, np.array(terms, dtype=np.int64), (both[0], title_flags)

    def _count(self, rows: Ints, terms: Ints, title_flags: Ints) -> None:
        """Occurrences become postings, sorted by term and record, with counts in title and body."""
        places, posting = np.unique(terms * max(self.size, 1) + rows, return_inverse=True)
        occurrences = np.bincount(posting, minlength=len(places))
        self.title = np.bincount(posting, weights=title_flags, minlength=len(places)).astype(np.float32)
        self.body = occurrences.astype(np.float32) - self.title
        self.rows = places % max(self.size, 1)
        self.starts = np.searchsorted(places // max(self.size, 1), np.arange(len(self.vocabulary) + 1))

    def _weigh(self) -> None:
        frequency = np.diff(self.starts)
        self.idf = idf(frequency.astype(np.float32), self.size)
        self.length = self._sum(self.body + TITLE_WEIGHT * self.title)
        self.mean_length = float(self.length.mean()) if self.size else 0.0
        posted_idf = np.repeat(self.idf, frequency)
        self.title_mass = self._sum(posted_idf * (self.title > 0))
        weighted = self.body + TITLE_WEIGHT * self.title
        self.impact = posted_idf * saturation(weighted, self.length[self.rows], self.mean_length)

    def _sum(self, values: Floats) -> Floats:
        return np.bincount(self.rows, weights=values, minlength=self.size).astype(np.float32)

    def counts(self) -> Counts:
        """The statistics of the channel, as a store would give them."""
        frequency = np.diff(self.starts).tolist()
        return Counts(self.size, self.mean_length, dict(zip(self.vocabulary, frequency, strict=True)))

    def scores(self, terms: Sequence[str], weights: Floats) -> Floats:
        """BM25 of every record for weighted terms: float32 [records]."""
        postings, which = self._postings(terms)
        found = np.bincount(self.rows[postings], weights=self.impact[postings] * weights[which], minlength=self.size)
        return found.astype(np.float32)

    def table(self, terms: Sequence[str], records: Ints) -> TermTable:
        """How often each term stands in title and body of the given records."""
        postings, which = self._postings(terms)
        place = np.full(self.size, -1, dtype=np.int64)
        place[records] = np.arange(len(records))
        candidate = place[self.rows[postings]]
        kept = candidate >= 0
        cells = (candidate[kept], which[kept])
        title = np.zeros((len(records), len(terms)), dtype=np.float32)
        body = np.zeros_like(title)
        title[cells] = self.title[postings[kept]]
        body[cells] = self.body[postings[kept]]
        known = self._numbers(terms)
        rarity = np.where(known >= 0, self.idf[known] if self.idf.size else 0, idf(np.zeros(1, np.float32), self.size))
        return TermTable(
            rarity.astype(np.float32), title, body, self.length[records], self.mean_length, self.title_mass[records]
        )

    def _numbers(self, terms: Sequence[str]) -> Ints:
        return np.array([self.vocabulary.get(term, -1) for term in terms], dtype=np.int64)

    def _postings(self, terms: Sequence[str]) -> tuple[Ints, Ints]:
        """Positions of the postings of all terms, and for each the term it belongs to."""
        numbers = self._numbers(terms)
        known = np.flatnonzero(numbers >= 0)
        first = self.starts[numbers[known]]
        sizes = self.starts[numbers[known] + 1] - first
        offsets = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.repeat(first, sizes) + offsets, np.repeat(known, sizes)
