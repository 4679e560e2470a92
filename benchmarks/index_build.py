"""Time to build an index of words from nothing, against bm25s on the same texts and the same tokens.

    python -m benchmarks.index_build [--records 10000]

bm25s counts one channel in memory; the store keeps two (words and bigrams), the texts and the filters, on disk.
"""

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

import bm25s

from benchmarks.corpus import real_records
from benchmarks.harness import Benchmark, timed
from rongtong.engines.matching.records import Record
from rongtong.engines.matching.store import Store
from rongtong.engines.text import bigrams, words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    options = parser.parse_args()
    chosen = _exactly(options.records)
    texts = [f"{record.title}。{record.text}" for record in chosen]
    benchmark = Benchmark("index_build")
    words(texts[0])  # dictionaries are read once a process, not once an index
    with tempfile.TemporaryDirectory() as folder:
        benchmark.record("store", timed(lambda: _build(Path(folder), chosen))[0])
        benchmark.record("disk", sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6)
    benchmark.record("bm25s_words", timed(lambda: _bm25s([words(text) for text in texts]))[0])
    benchmark.record("bm25s_both", benchmark.found["bm25s_words"] + timed(lambda: _bm25s(list(map(bigrams, texts))))[0])
    benchmark.record("ratio", benchmark.found["store"] / benchmark.found["bm25s_both"])
    benchmark.finish()


def _exactly(count: int) -> list[Record]:
    """The real records, repeated under other names when more are asked for."""
    real = real_records()
    return [replace(real[place % len(real)], id=str(place)) for place in range(count)]


def _build(folder: Path, chosen) -> None:
    store = Store.open(folder)
    store.add(chosen)
    store.optimise()
    store.statistics()


def _bm25s(tokens) -> None:
    bm25s.BM25().index(tokens, show_progress=False)


if __name__ == "__main__":
    main()
