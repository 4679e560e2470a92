"""How many demands a second are matched against all records, in memory, against bm25s in the same run.

    python -m benchmarks.batch_match

371 demands against 9,744 records of `henan`, the top 20 of each; reading the demands is part of the work, encoding
them is not (query vectors are cached).
"""

from collections.abc import Sequence

import bm25s

from benchmarks import data
from benchmarks.harness import Benchmark, timed
from benchmarks.matching_data import arguments, encoder, record
from rongtong.engines import text
from rongtong.engines.matching.collection import Collection
from rongtong.engines.matching.matcher import Matcher, encode_queries
from rongtong.engines.matching.query import Query, read_query

TOP = 20


def main() -> None:
    options = arguments(__doc__).parse_args()
    vectors = encoder(options.cache)
    found = data.collection("henan")
    collection = Collection(record(document) for document in found.documents)
    collection.encode(vectors)
    queries = [Query(each["id"], each["title"] or "", each.get("text") or "") for each in found.queries]
    encode_queries(vectors, [read_query(query) for query in queries])
    benchmark = Benchmark("batch_match")
    benchmark.record("words", per_second(Matcher(collection), queries))
    benchmark.record("vectors", per_second(Matcher(collection, vectors), queries))
    benchmark.record("bm25s", bm25s_per_second(collection, queries))
    benchmark.finish()


def per_second(matcher: Matcher, queries: Sequence[Query]) -> float:
    """Demands matched a second."""
    seconds, _ = timed(lambda: list(matcher.match_many(queries, top=TOP)))
    return len(queries) / seconds


def bm25s_per_second(collection: Collection, queries: Sequence[Query]) -> float:
    """Demands a second by bm25s over words alone, reading included."""
    retriever = bm25s.BM25()
    retriever.index([text.words(f"{each.title} {each.text}") for each in collection.records], show_progress=False)
    seconds, _ = timed(lambda: [_retrieve(retriever, query) for query in queries])
    return len(queries) / seconds


def _retrieve(retriever: bm25s.BM25, query: Query) -> object:
    known = [word for word in text.words(f"{query.title} {query.text}") if word in retriever.vocab_dict]
    return retriever.retrieve([known], k=TOP, show_progress=False) if known else None


if __name__ == "__main__":
    main()
