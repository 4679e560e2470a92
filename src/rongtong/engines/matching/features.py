"""What speaks for a candidate: one definition of the features, for records in memory and for rows of a store.

Every feature is larger when the candidate fits better, and none depends on the size of the collection: shares of what
the query could have reached at most, and cosines. The features are columns over the candidates of one query.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rongtong.engines.matching.channel import TITLE_WEIGHT, Floats, Ints, TermTable, saturation
from rongtong.engines.matching.query import QueryTerms

Columns = Mapping[str, Floats]

WORD_FEATURES = ("words", "bigrams", "covered", "returned")
# Multiplications of one product that OpenBLAS still leaves to one thread: 2^18 of two matrices, 9,216 with a vector.
BLAS_DIVIDES_FROM = 8_192
VECTOR_FEATURES = ("whole", "title", "pieces", "sentences")


@dataclass(frozen=True)
class QueryVectors:
    """Unit vectors of a query: the whole [d], and its pieces [p, d], the title first."""

    whole: Floats
    pieces: Floats


@dataclass(frozen=True)
class CandidateVectors:
    """Unit vectors of candidates: wholes [c, d] (zeros where there is none yet), segments [s, d] with their owners.

    `owners` gives the candidate of each segment, in ascending order.
    """

    whole: Floats
    segments: Floats
    owners: Ints

    @property
    def present(self) -> NDArray[np.bool_]:
        """Which candidates have a vector."""
        return np.asarray(self.whole.any(axis=1))


def word_features(words: tuple[QueryTerms, TermTable], bigrams: tuple[QueryTerms, TermTable]) -> Columns:
    """The features that need no model, each between 0 and 1.

    `words` and `bigrams`: BM25 as a share of the most the query could reach; `covered`: how much of the query's title
    the candidate speaks of; `returned`: how much of the candidate's title the query speaks of.
    """
    both = (words, bigrams)
    return {
        "words": _attained(*words),
        "bigrams": _attained(*bigrams),
        "covered": _mean([_covered(*channel) for channel in both]),
        "returned": _mean([_returned(*channel) for channel in both]),
    }


def vector_features(query: QueryVectors, candidates: CandidateVectors) -> Columns:
    """Cosines; not a number for candidates without a vector.

    `whole`: whole query to whole candidate; `title`: the query's title to the whole; `pieces`: mean over the query's
    pieces to the whole; `sentences`: mean over the query's pieces of the candidate's best segment.
    """
    against_whole = products(candidates.whole, query.pieces)
    columns = {
        "whole": products(candidates.whole, query.whole[None])[:, 0],
        "title": against_whole[:, 0],
        "pieces": against_whole.mean(axis=1),
        "sentences": best_segments(query.pieces, candidates).mean(axis=1),
    }
    return {name: np.where(candidates.present, column, np.nan).astype(np.float32) for name, column in columns.items()}


def products(rows: Floats, others: Floats) -> Floats:
    """Every row with every one of a few others: [n, d] and [p, d] give [n, p].

    In blocks so small that BLAS computes each in the calling thread. Where it divides the work it waits for threads
    that a busy machine runs later, which takes many times as long as the product itself.
    """
    size = max(BLAS_DIVIDES_FROM // max(others.size, 1), 1)
    whole = len(rows) // size * size
    blocks = rows[:whole].reshape(whole // size, size, rows.shape[1]) @ others.T
    return np.concatenate([blocks.reshape(whole, len(others)), rows[whole:] @ others.T])


def best_segments(pieces: Floats, candidates: CandidateVectors) -> Floats:
    """For each candidate and each piece of the query, the cosine of the candidate's best segment: [c, p].

    A candidate without segments is taken as one segment, its whole.
    """
    best = products(candidates.whole, pieces)
    if len(candidates.owners):
        owned, first = np.unique(candidates.owners, return_index=True)
        best[owned] = np.maximum.reduceat(products(candidates.segments, pieces), first, axis=0)
    return best


def _attained(query: QueryTerms, table: TermTable) -> Floats:
    weights = query.weights * table.idf
    counts = table.body + TITLE_WEIGHT * table.title
    attained = _weighted(saturation(counts, table.length[:, None], table.mean_length), weights)
    return _share(attained, weights.sum())


def _covered(query: QueryTerms, table: TermTable) -> Floats:
    weights = (query.in_title > 0) * table.idf
    return _share(_weighted((table.title + table.body) > 0, weights), weights.sum())


def _returned(query: QueryTerms, table: TermTable) -> Floats:
    return _share(_weighted(table.title > 0, table.idf), table.title_mass)


def _weighted(cells: Floats | NDArray[np.bool_], weights: Floats) -> Floats:
    return products(cells.astype(np.float32), weights.astype(np.float32)[None])[:, 0]


def _share(part: Floats, whole: Floats | np.float32) -> Floats:
    return (part / np.maximum(whole, 1e-6)).astype(np.float32)


def _mean(columns: list[Floats]) -> Floats:
    mean: Floats = np.mean(columns, axis=0, dtype=np.float32)
    return mean
