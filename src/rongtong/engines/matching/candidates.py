"""The records worth a closer look for one query, and where they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

from rongtong.engines.matching.channel import TITLE_WEIGHT, Counts, Floats, TermTable
from rongtong.engines.matching.features import CandidateVectors, QueryVectors
from rongtong.engines.matching.query import QueryTerms, QueryView
from rongtong.engines.matching.records import CONTENT, Record, all_of, one_of, title_and_body
from rongtong.engines.matching.store import Retrieved, Store, segments_of, vectors_of


@dataclass(frozen=True)
class Candidates:
    """Candidates as columns; `vectors` is None when words alone were asked or there are none."""

    ids: list[str]
    words: TermTable
    bigrams: TermTable
    vectors: CandidateVectors | None


class Source(Protocol):
    """Where records are: a collection in memory, or a store."""

    def candidates(
        self, view: QueryView, vectors: QueryVectors | None, depth: int, where: str | None = None
    ) -> Candidates:
        """The best `depth` records of every channel, together, in the order of their identifiers."""

    def fetch_records(self, ids: Sequence[str]) -> list[Record]:
        """These records, in this order; those that are gone are left out."""

    def vector_share(self) -> float:
        """The share of records that have a vector, between 0 and 1."""


class StoredRecords:
    """A store as a source of candidates."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def candidates(
        self, view: QueryView, vectors: QueryVectors | None, depth: int, where: str | None = None
    ) -> Candidates:
        """The best `depth` records of every channel that fulfil the condition, together."""
        asked = all_of(where, one_of("kind", view.query.kinds) if view.query.kinds is not None else None)
        found = self.store.retrieve(
            _repeated(view.words), _repeated(view.bigrams), None if vectors is None else vectors.whole, depth, asked
        )
        rows = self.store.fetch(_united(found), asked)
        statistics = self.store.statistics()
        return Candidates(
            rows["id"].to_pylist(),
            _table(view.words, rows["words"], rows["title_words"], statistics.words),
            _table(view.bigrams, rows["bigrams"], rows["title_bigrams"], statistics.bigrams),
            None if vectors is None else _vectors(rows),
        )

    def fetch_records(self, ids: Sequence[str]) -> list[Record]:
        """These records, in this order."""
        rows = self.store.fetch(list(ids)).select(list(CONTENT)).to_pylist() if ids else []
        return [Record(**row) for row in rows]

    def vector_share(self) -> float:
        """The share of records that have a vector."""
        return self.store.coverage().share


def _repeated(terms: QueryTerms) -> list[str]:
    """Every term as often as the query says it: the store takes repetition for urgency."""
    return [term for term, count in zip(terms.terms, terms.weights, strict=True) for _ in range(int(count))]


def _united(found: Retrieved) -> list[str]:
    return sorted({identifier for hits in found for identifier in hits.ids})


def _table(query: QueryTerms, tokens: pa.ChunkedArray, title_lengths: pa.ChunkedArray, counts: Counts) -> TermTable:
    rows = list(zip(tokens.to_pylist(), title_lengths.to_pylist(), strict=True))
    place = {term: column for column, term in enumerate(query.terms)}
    title = np.zeros((len(rows), len(place)), dtype=np.float32)
    body = np.zeros_like(title)
    length = np.zeros(len(rows), dtype=np.float32)
    titles: list[list[str]] = []
    for row, (text, title_length) in enumerate(rows):
        in_title, in_body = title_and_body(text, title_length)
        _count(title[row], in_title, place)
        _count(body[row], in_body, place)
        length[row] = TITLE_WEIGHT * len(in_title) + len(in_body)
        titles.append(list(dict.fromkeys(in_title)))
    return TermTable(counts.idf(query.terms), title, body, length, counts.mean_length, _title_mass(titles, counts))


def _count(cells: Floats, terms: Sequence[str], place: dict[str, int]) -> None:
    for term in terms:
        if (column := place.get(term)) is not None:
            cells[column] += 1


def _title_mass(titles: list[list[str]], counts: Counts) -> Floats:
    owner = np.repeat(np.arange(len(titles)), [len(title) for title in titles])
    rarity = counts.idf([term for title in titles for term in title])
    return np.bincount(owner, weights=rarity, minlength=len(titles)).astype(np.float32)


def _vectors(rows: pa.Table) -> CandidateVectors:
    whole, _ = vectors_of(rows)
    return CandidateVectors(whole, *segments_of(rows))
