"""Records held in memory as columns: for matching from files, and for matching everything against everything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rongtong.engines import text as reading
from rongtong.engines.matching.candidates import Candidates
from rongtong.engines.matching.channel import Channel, Floats, Ints
from rongtong.engines.matching.encoder import Encoder, Progress
from rongtong.engines.matching.features import CandidateVectors, QueryVectors
from rongtong.engines.matching.query import QueryView
from rongtong.engines.matching.records import Record
from rongtong.engines.matching.segments import record_text, segments

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class RecordVectors:
    """Vectors of a collection: wholes [n, d] and the segments of record i at offsets[i]:offsets[i + 1]."""

    whole: Floats
    segments: Floats
    offsets: Ints


class Collection:
    """Records in memory with their words, bigrams and (once encoded) vectors."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = list(records)
        self.ids = np.array([record.id for record in self.records])
        self.vectors: RecordVectors | None = None
        self._row = {record.id: row for row, record in enumerate(self.records)}
        self._kinds = np.array([record.kind for record in self.records])
        # Equal scores come in the order of the identifiers, whatever the order of the file.
        self._order = np.argsort(np.argsort(self.ids, kind="stable"), kind="stable")
        titles = [reading.normalise(record.title) for record in self.records]
        bodies = [reading.normalise(f"{record.text}\n{record.keywords}") for record in self.records]
        self.words = Channel(map(reading.words_of_normal, titles), map(reading.words_of_normal, bodies))
        self.bigrams = Channel(map(reading.bigrams_of_normal, titles), map(reading.bigrams_of_normal, bodies))

    def __len__(self) -> int:
        return len(self.records)

    def encode(self, encoder: Encoder, progress: Progress | None = None) -> None:
        """Makes the vectors of all records. Raises EncoderError."""
        pieces = [[span.text for span in segments(record.title, record.text)] for record in self.records]
        texts = [record_text(record.title, record.text) for record in self.records]
        texts.extend(piece for each in pieces for piece in each)
        made = encoder.encode(texts, role="passage", progress=progress)
        offsets = np.cumsum([0, *map(len, pieces)])
        self.vectors = RecordVectors(made[: len(self)], made[len(self) :], offsets)

    def candidates(
        self, view: QueryView, vectors: QueryVectors | None, depth: int, where: str | None = None
    ) -> Candidates:
        """The best `depth` records of every channel, together, in the order of the identifiers.

        Of filters, memory knows the kinds of the query only: ValueError for any other condition.
        """
        if where is not None:
            raise ValueError("records in memory cannot be filtered by a condition; filter them before, or use a store")
        found = [
            self.words.scores(view.words.terms, view.words.weights),
            self.bigrams.scores(view.bigrams.terms, view.bigrams.weights),
        ]
        if vectors is not None and self.vectors is not None:
            # A cosine below zero is a cosine: the nearest come along however far they are, as from a store.
            found.append(self.vectors.whole @ vectors.whole + 2)
        mask = self._mask(view.query.kinds)
        rows = np.unique(np.concatenate([_best(scores, depth, mask) for scores in found]))
        rows = rows[np.argsort(self._order[rows])]
        return Candidates(
            [str(identifier) for identifier in self.ids[rows]],
            self.words.table(view.words.terms, rows),
            self.bigrams.table(view.bigrams.terms, rows),
            self._vectors_of(rows) if len(found) > 2 else None,
        )

    def fetch_records(self, ids: Sequence[str]) -> list[Record]:
        """These records, in this order; those that are not there are left out."""
        return [self.records[self._row[identifier]] for identifier in ids if identifier in self._row]

    def vector_share(self) -> float:
        """All records have vectors, or none."""
        return float(self.vectors is not None)

    def _mask(self, kinds: Sequence[str] | None) -> Mask | None:
        return None if kinds is None else np.isin(self._kinds, list(kinds))

    def _vectors_of(self, rows: Ints) -> CandidateVectors | None:
        if self.vectors is None:
            return None
        first = self.vectors.offsets[rows]
        sizes = self.vectors.offsets[rows + 1] - first
        owners = np.repeat(np.arange(len(rows)), sizes)
        places = np.repeat(first - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        return CandidateVectors(self.vectors.whole[rows], self.vectors.segments[places], owners)


def _best(scores: Floats, depth: int, mask: Mask | None) -> Ints:
    """Rows of the `depth` highest scores above zero; all that equal the last one's score come along."""
    allowed = scores > 0 if mask is None else (scores > 0) & mask
    rows = np.flatnonzero(allowed)
    if len(rows) <= depth:
        return rows
    threshold = np.partition(scores[rows], len(rows) - depth)[len(rows) - depth]
    best: Ints = rows[scores[rows] >= threshold]
    return best
