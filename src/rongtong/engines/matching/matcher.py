"""Who can answer this demand, and how sure are we: retrieval, features, fusion, calibration, answer.

matcher = Matcher(StoredRecords(store), encoder)
answer = matcher.match(Query("D1", "石灰窑自动出灰", "窑底出灰温度高，人工清理……"))
"""

from collections.abc import Iterator, Mapping, Sequence
from time import perf_counter

import numpy as np

from rongtong.engines.matching.answer import Answer, Candidate, best_first, missing_parts
from rongtong.engines.matching.calibration import Weights, probabilities, shipped_weights, thresholds
from rongtong.engines.matching.candidates import Candidates, Source, StoredRecords
from rongtong.engines.matching.channel import Floats
from rongtong.engines.matching.encoder import Encoder, EncoderError, Progress
from rongtong.engines.matching.features import Columns, QueryVectors, vector_features, word_features
from rongtong.engines.matching.query import Query, QueryView, read_query
from rongtong.engines.matching.store import Store

# Candidates taken from each channel: what is not among the best of any channel is no match.
DEPTH = 200
# What is missing is judged against the candidates a person looks at.
LOOKED_AT = 10


class Matcher:
    """Matches queries against a source of records. Without an encoder, or before vectors exist, words alone answer."""

    def __init__(self, source: Source | Store, encoder: Encoder | None = None) -> None:
        self.source: Source = StoredRecords(source) if isinstance(source, Store) else source
        self.encoder = encoder

    def match(self, query: Query, *, top: int = 20, where: str | None = None) -> Answer:
        """The best `top` candidates that fulfil the condition, with the verdict and what none of them covers."""
        started = perf_counter()
        view = read_query(query)
        share = self.source.vector_share() if self.encoder else 0.0
        vectors = self._vectors([view])[0] if share else None
        encoded = perf_counter()
        answer = self._answer(view, vectors, share, top, where)
        ranked = perf_counter()
        records = self.source.fetch_records([each.id for each in answer.candidates[:LOOKED_AT]])
        missing = missing_parts(view, records)
        timings = {"read": encoded - started, "rank": ranked - encoded, "missing": perf_counter() - ranked}
        return Answer(**{**vars(answer), "missing": missing, "timings": timings})

    def match_many(
        self, queries: Sequence[Query], *, top: int = 20, where: str | None = None, progress: Progress | None = None
    ) -> Iterator[Answer]:
        """The answers to many queries, in their order; what is missing is left out.

        `progress` is told of the encoding of the queries.
        """
        views = [read_query(query) for query in queries]
        share = self.source.vector_share() if self.encoder else 0.0
        vectors = self._vectors(views, progress) if share else [None] * len(views)
        for view, each in zip(views, vectors, strict=True):
            yield self._answer(view, each, share, top, where)

    def _answer(
        self, view: QueryView, vectors: QueryVectors | None, share: float, top: int, where: str | None
    ) -> Answer:
        share = 0.0 if vectors is None else share
        if not view.words.terms and not view.bigrams.terms:
            # A question without a word is near everything and means nothing.
            return Answer(view.query.id, [], "none", 0.0, share)
        candidates = self.source.candidates(view, vectors, max(DEPTH, top), where)
        columns, likely = weigh(view, vectors, candidates)
        best = [
            Candidate(candidates.ids[row], p := float(likely[row]), thresholds().grade(p), _evidence(columns, row))
            for row in best_first(candidates.ids, likely, top)
        ]
        top_probability = best[0].probability if best else 0.0
        return Answer(view.query.id, best, thresholds().verdict(top_probability), top_probability, share)

    def _vectors(self, views: Sequence[QueryView], progress: Progress | None = None) -> Sequence[QueryVectors | None]:
        """Vectors of queries, or None for each when the encoder fails: the words answer all the same."""
        if self.encoder is None:
            return [None] * len(views)
        try:
            return encode_queries(self.encoder, views, progress)
        except EncoderError:
            return [None] * len(views)


def encode_queries(
    encoder: Encoder, views: Sequence[QueryView], progress: Progress | None = None
) -> list[QueryVectors]:
    """The vectors of queries, all encoded together. Raises EncoderError."""
    texts = [text for view in views for text in (view.whole, *view.pieces)]
    made = encoder.encode(texts, role="query", progress=progress)
    ends = np.cumsum([1 + len(view.pieces) for view in views])
    return [QueryVectors(part[0], part[1:]) for part in np.split(made, ends[:-1])]


def weigh(view: QueryView, vectors: QueryVectors | None, candidates: Candidates) -> tuple[Columns, Floats]:
    """The features of all candidates and their probabilities."""
    with_vectors, words_only = shipped_weights()
    columns = feature_columns(view, vectors, candidates)
    weights: Weights = with_vectors if "whole" in columns else words_only
    if not candidates.ids:
        return columns, np.empty(0, np.float32)
    return columns, probabilities(columns, weights)


def feature_columns(view: QueryView, vectors: QueryVectors | None, candidates: Candidates) -> Columns:
    """All features of the candidates of one query; those of vectors only where there are any."""
    columns = dict(word_features((view.words, candidates.words), (view.bigrams, candidates.bigrams)))
    if vectors is not None and candidates.vectors is not None and candidates.vectors.present.any():
        columns |= vector_features(vectors, candidates.vectors)
    return columns


def _evidence(columns: Columns, row: int) -> Mapping[str, float]:
    return {name: round(float(column[row]), 4) for name, column in columns.items() if not np.isnan(column[row])}
