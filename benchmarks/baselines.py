"""The simple systems a matcher must beat, measured in the same run: BM25 by bm25s, vectors alone, and their fusion.

Query: title twice and the first 300 characters of the text; document: title twice and the text.
"""

from collections.abc import Callable, Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

from benchmarks.matching_data import Topics
from rongtong.engines import text
from rongtong.engines.matching.encoder import Encoder
from rongtong.engines.matching.segments import record_text

Scores = NDArray[np.float32]
QUERY_TEXT = 300
RRF = 60


def scores(topics: Topics, encoder: Encoder | None) -> dict[str, Scores]:
    """Every simple system's score of every document: [queries, documents]."""
    words = bm25(topics, text.words)
    bigrams = bm25(topics, text.bigrams)
    systems = {"BM25 words": words, "BM25 bigrams": bigrams, "BM25 words + bigrams": words + bigrams}
    if encoder is not None and topics.collection.vectors is not None:
        texts = [record_text(query.title, query.text) for query in topics.queries]
        systems["vectors"] = encoder.encode(texts, role="query") @ topics.collection.vectors.whole.T
        systems["RRF"] = reciprocal_rank_fusion(systems["BM25 words + bigrams"], systems["vectors"])
    return systems


def bm25(topics: Topics, cut: Callable[[str], list[str]]) -> Scores:
    """BM25 as bm25s computes it with its own defaults."""
    retriever = bm25s.BM25()
    documents = [cut(record.title) * 2 + cut(record.text) for record in topics.collection.records]
    retriever.index(documents, show_progress=False)
    queries = [cut(query.title) * 2 + cut(query.text[:QUERY_TEXT]) for query in topics.queries]
    return np.stack([_scores(retriever, query, len(documents)) for query in queries])


def reciprocal_rank_fusion(*systems: Scores) -> Scores:
    """The sum of 1 / (60 + rank) over the systems (Cormack, Clarke and Büttcher, 2009)."""
    return np.sum([1 / (RRF + 1 + _ranks(system)) for system in systems], axis=0)


def ranking(row: Scores, names: Sequence[str]) -> list[str]:
    """Names by falling score."""
    return [names[place] for place in np.argsort(-row, kind="stable")]


def _scores(retriever: bm25s.BM25, query: list[str], documents: int) -> Scores:
    known = [token for token in query if token in retriever.vocab_dict]
    return retriever.get_scores(known) if known else np.zeros(documents, np.float32)


def _ranks(system: Scores) -> NDArray[np.int64]:
    return np.argsort(np.argsort(-system, axis=1, kind="stable"), axis=1, kind="stable")
