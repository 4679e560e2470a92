"""The records worth a closer look for one query, and where they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rongtong.engines.matching.channel import TITLE_WEIGHT, Counts, Floats, Ints, TermTable
from rongtong.engines.matching.features import CandidateVectors, QueryVectors
from rongtong.engines.matching.query import QueryTerms, QueryView
from rongtong.engines.matching.records import CONTENT, Record, all_of, one_of
from rongtong.engines.matching.store import Retrieved, Store, segments_of, vectors_of

Mask = NDArray[np.bool_]

# What the features read of a candidate; the rest is fetched for the few that are shown.
FEATURE_COLUMNS = ("words", "title_words", "bigrams", "title_bigrams")
TOKEN_SEPARATOR = " "


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
        rows = self.store.fetch(_united(found), asked, FEATURE_COLUMNS, vectors=vectors is not None)
        statistics = self.store.statistics()
        return Candidates(
            rows["id"].to_pylist(),
            _table(view.words, rows["words"], rows["title_words"], statistics.words),
            _table(view.bigrams, rows["bigrams"], rows["title_bigrams"], statistics.bigrams),
            None if vectors is None else _vectors(rows),
        )

    def fetch_records(self, ids: Sequence[str]) -> list[Record]:
        """These records, in this order."""
        if not ids:
            return []
        rows = self.store.fetch(list(ids), columns=CONTENT, vectors=False)
        return [Record(**row) for row in rows.select(list(CONTENT)).to_pylist()]

    def vector_share(self) -> float:
        """The share of records that have a vector."""
        return self.store.coverage().share


def _repeated(terms: QueryTerms) -> list[str]:
    """Every term as often as the query says it: the store takes repetition for urgency."""
    return [term for term, count in zip(terms.terms, terms.weights, strict=True) for _ in range(int(count))]


def _united(found: Retrieved) -> list[str]:
    return sorted({identifier for hits in found for identifier in hits.ids})


def _table(query: QueryTerms, tokens: pa.ChunkedArray, title_lengths: pa.ChunkedArray, counts: Counts) -> TermTable:
    said = _occurrences(tokens, title_lengths)
    asked = pc.index_in(said.tokens, value_set=pa.array(query.terms, pa.string())).fill_null(-1).to_numpy()
    title, body = (_counted(said, asked, len(query.terms), part) for part in (said.in_title, said.in_body))
    # The title stands there as often as it counts.
    length = said.lengths.astype(np.float32)
    return TermTable(counts.idf(query.terms), title, body, length, counts.mean_length, _title_mass(said, counts))


class _Occurrences(NamedTuple):
    """Every token of the candidates one after another, with its candidate and the part it stands in."""

    lengths: Ints
    tokens: pa.StringArray
    owners: Ints
    in_title: Mask
    in_body: Mask


def _occurrences(texts: pa.ChunkedArray, title_lengths: pa.ChunkedArray) -> _Occurrences:
    """Stored `words` or `bigrams`, cut up again for all candidates at once (they have 150,000 tokens)."""
    # Cutting an empty text would give one empty token.
    said = pc.if_else(pc.equal(texts, ""), None, texts).combine_chunks()
    split = pc.split_pattern(said, TOKEN_SEPARATOR)
    lengths = pc.list_value_length(split).fill_null(0).to_numpy().astype(np.int64)
    owners = np.repeat(np.arange(len(lengths)), lengths)
    place = np.arange(len(owners)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    title_ends = title_lengths.to_numpy()[owners]
    return _Occurrences(lengths, split.flatten(), owners, place < title_ends, place >= TITLE_WEIGHT * title_ends)


def _counted(said: _Occurrences, asked: Ints, terms: int, part: Mask) -> Floats:
    """How often each candidate says each term of the query in one part: [candidates, terms]."""
    counted = np.flatnonzero(part & (asked >= 0))
    cells = said.owners[counted] * terms + asked[counted]
    counts = np.bincount(cells, minlength=len(said.lengths) * terms)
    return counts.reshape(len(said.lengths), terms).astype(np.float32)


def _title_mass(said: _Occurrences, counts: Counts) -> Floats:
    """The rarity of the distinct terms of each candidate's title, summed."""
    encoded = said.tokens.filter(pa.array(said.in_title)).dictionary_encode()
    rarity = counts.idf(encoded.dictionary.to_pylist())
    known = max(len(rarity), 1)
    distinct = np.unique(said.owners[said.in_title] * known + encoded.indices.to_numpy())
    mass = np.bincount(distinct // known, weights=rarity[distinct % known], minlength=len(said.lengths))
    return mass.astype(np.float32)


def _vectors(rows: pa.Table) -> CandidateVectors:
    whole, _ = vectors_of(rows)
    return CandidateVectors(whole, *segments_of(rows))
