"""The evaluation collections in the form the matcher takes, with their vectors from the cache."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import data
from rongtong.engines.matching.candidates import Candidates
from rongtong.engines.matching.collection import Collection
from rongtong.engines.matching.encoder import Encoder, EncoderSettings, default_cache, open_encoder
from rongtong.engines.matching.features import Columns, QueryVectors
from rongtong.engines.matching.matcher import DEPTH, encode_queries, feature_columns
from rongtong.engines.matching.query import Query, QueryView, read_query
from rongtong.engines.matching.records import Record

COLLECTIONS = ("henan", "cordis", "cranfield", "vaswani")


@dataclass(frozen=True)
class Topics:
    """A collection with its judged queries; `least` is the grade from which a document answers a query."""

    name: str
    collection: Collection
    queries: list[Query]
    grades: Mapping[str, Mapping[str, int]]
    pooled: bool

    @property
    def least(self) -> int:
        """Graded 0-3 where a pool was judged, else 0-1."""
        return 2 if self.pooled else 1


@dataclass(frozen=True)
class Judged:
    """One query with its candidates and their features."""

    view: QueryView
    vectors: QueryVectors | None
    candidates: Candidates
    columns: Columns
    grades: Mapping[str, int]


def arguments(description: str | None) -> argparse.ArgumentParser:
    """The options all benchmarks of matching share."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=default_cache(), help="folder of the model and of the vectors")
    return parser


def encoder(cache: Path) -> Encoder:
    """The local encoder; its vectors are kept, so that only the first run waits for them."""
    opened = open_encoder(EncoderSettings(cache=cache))
    assert opened is not None
    return opened


def topics(name: str, vectors: Encoder | None) -> Topics:
    """A collection indexed in memory, encoded when an encoder is given, and its judged queries."""
    found = data.collection(name)
    collection = Collection(record(document) for document in found.documents)
    if vectors is not None:
        collection.encode(vectors)
    queries = [
        Query(query["id"], query["title"] or "", query.get("text") or "")
        for query in found.queries
        if query["id"] in found.judgements
    ]
    return Topics(name, collection, queries, found.judgements, found.pooled)


def record(document: Mapping[str, Any]) -> Record:
    """A document of a collection as a record."""
    keywords = document.get("keywords") or ""
    return Record(
        id=document["id"],
        kind=document.get("kind") or "",
        title=document["title"] or "",
        text=document.get("abstract") or "",
        keywords=keywords if isinstance(keywords, str) else " ".join(keywords),
    )


def judged(found: Topics, vectors: Encoder | None, depth: int = DEPTH) -> list[Judged]:
    """Every query with the candidates the matcher would weigh, and their features."""
    views = [read_query(query) for query in found.queries]
    encoded: Sequence[QueryVectors | None] = encode_queries(vectors, views) if vectors else [None] * len(views)
    rows = []
    for view, each in zip(views, encoded, strict=True):
        candidates = found.collection.candidates(view, each, depth)
        columns = feature_columns(view, each, candidates)
        rows.append(Judged(view, each, candidates, columns, found.grades[view.query.id]))
    return rows
