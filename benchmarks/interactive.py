"""How long one demand waits for its answer, against LanceDB called directly on the same tables in the same run.

    python -m benchmarks.interactive --records 10000
    python -m benchmarks.interactive --records 1000000 [--store FOLDER] [--queries 100]

The store is built once in FOLDER and used again. Vectors are random projections of the texts' bigrams: they have the
number and size of real ones and cost no model; query vectors are warm, as the product keeps them.
"LanceDB directly" is what one writes by hand: the whole demand as one full-text query over words and one vector query,
twenty rows each, nothing fused, weighed or explained. Processor time (of all threads) is reported beside the waiting
time, because it hardly depends on what else the machine does.
"""

import argparse
import time
import zlib
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

import lancedb
import numpy as np
from lancedb.query import MatchQuery

from benchmarks.corpus import near, queries, real_records, tables
from benchmarks.harness import Benchmark, percentile
from rongtong.engines.matching.candidates import FEATURE_COLUMNS
from rongtong.engines.matching.encoder import default_cache
from rongtong.engines.matching.matcher import Matcher
from rongtong.engines.matching.query import Query, read_query
from rongtong.engines.matching.records import digest
from rongtong.engines.matching.segments import record_text, segments
from rongtong.engines.matching.store import Store
from rongtong.engines.text import bigrams, words

DIMENSION = 384
WARMING = 5


class Projection:
    """An encoder without a model: each bigram has its own random direction, a text is their sum."""

    name, dimension, note = "projection", DIMENSION, ""

    def __init__(self) -> None:
        self.encode_one = lru_cache(maxsize=100_000)(self._encode_one)

    def encode(self, texts, *, role="passage", progress=None):
        return np.stack([self.encode_one(text) for text in texts]) if texts else np.empty((0, DIMENSION), np.float32)

    def _encode_one(self, text: str) -> np.ndarray:
        summed = np.sum([_direction(token) for token in bigrams(text)] or [np.ones(DIMENSION)], axis=0)
        return (summed / np.linalg.norm(summed)).astype(np.float32)


@lru_cache(maxsize=200_000)
def _direction(token: str) -> np.ndarray:
    return np.random.default_rng(zlib.crc32(token.encode())).normal(size=DIMENSION).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--store", type=Path)
    options = parser.parse_args()
    folder = options.store or default_cache() / "benchmarks" / f"interactive-{options.records}"
    encoder = Projection()
    store = built(folder, options.records, encoder)
    asked = [Query(str(number), *query) for number, query in enumerate(queries(options.queries))]
    benchmark = Benchmark(f"interactive_{options.records}")
    measure(benchmark, store, folder, encoder, asked)
    benchmark.finish()


def measure(benchmark: Benchmark, store: Store, folder: Path, encoder: Projection, asked: Sequence[Query]) -> None:
    """Retrieval alone, the whole match, and LanceDB by hand, demand by demand in turn."""
    matcher = Matcher(store, encoder)
    by_hand = ByHand(folder, encoder)
    actions = {
        "retrieval": lambda query: _retrieve(store, encoder, query),
        "match": matcher.match,
        "filtered": lambda query: matcher.match(query, where="kind = 'patent'"),
        "lancedb": by_hand,
    }
    seconds = {name: [] for name in actions}
    processor = {name: [] for name in actions}
    for query in asked:
        encoder.encode([read_query(query).whole, *read_query(query).pieces], role="query")
        for name, action in actions.items():
            start, used = time.perf_counter(), time.process_time()
            action(query)
            seconds[name].append(time.perf_counter() - start)
            processor[name].append(time.process_time() - used)
    for name, found in seconds.items():
        benchmark.record(f"{name}_p50", percentile(found[WARMING:], 50))
        benchmark.record(f"{name}_p95", percentile(found[WARMING:], 95))
        benchmark.record(f"{name}_cpu", percentile(processor[name][WARMING:], 50))


class ByHand:
    """LanceDB's own searches on the same tables."""

    def __init__(self, folder: Path, encoder: Projection) -> None:
        database = lancedb.connect(folder, read_consistency_interval=timedelta(0))
        self.records = database.open_table("records")
        self.vectors = database.open_table(f"vectors_{digest(encoder.name)}")
        self.encoder = encoder

    def __call__(self, query: Query) -> None:
        terms = " ".join(words(f"{query.title} {query.text}"))
        self.records.search(MatchQuery(terms, "words")).select(["id", "title", "text", "_score"]).limit(20).to_list()
        vector = self.encoder.encode_one(read_query(query).whole)
        search = self.vectors.search(vector, vector_column_name="vector").distance_type("cosine")
        search.select(["id", "_distance"]).limit(20).to_list()


def _retrieve(store: Store, encoder: Projection, query: Query) -> None:
    view = read_query(query)
    found = store.retrieve(view.words.terms, view.bigrams.terms, encoder.encode_one(view.whole), 200)
    store.fetch(sorted({name for hits in found for name in hits.ids}), columns=FEATURE_COLUMNS)


def built(folder: Path, count: int, encoder: Projection) -> Store:
    """The store in the folder, filled up to `count` records and as many vectors."""
    store = Store.open(folder, model=encoder.name)
    if store.coverage().vectors < count:
        store.clear()
        _fill(store, count, encoder)
    store.optimise()
    return store


def _fill(store: Store, count: int, encoder: Projection) -> None:
    """Rows and vectors: those of the real records, and noisy copies for the varied ones."""
    real = real_records()
    whole = np.stack([encoder.encode_one(record_text(each.title, each.text)) for each in real])
    pieces = [encoder.encode([span.text for span in segments(each.title, each.text)]) for each in real]
    random = np.random.default_rng(11)
    for rows, origins in tables(count):
        store.add_rows(rows)
        store.set_vectors(rows, near(whole[origins], random), [pieces[origin] for origin in origins])
        _say(f"{store.count()} records")


def _say(message: str) -> None:
    print(f"\r{message}", end="", flush=True)


if __name__ == "__main__":
    main()
