"""Reading speed on one core: normal form, words, bigrams, parameters, demands; and what reading a demand is worth.

    python -m benchmarks.text [--records 10000]

The last figures rank the pooled Henan documents by BM25 over words and bigrams with the query made in two ways: title
twice and the first 300 characters, and title twice and what `read_demand` calls the problem.
"""

import argparse
import math
import time
from collections.abc import Callable
from typing import Any

import bm25s
import numpy as np

from benchmarks.data import Collection, collection
from benchmarks.harness import Benchmark
from rongtong.engines import text

Maker = Callable[[dict[str, str]], str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    options = parser.parse_args()
    henan = collection("henan")
    benchmark = Benchmark("text")
    bodies = [f"{row['title']}。{row['abstract']}" for row in henan.documents[: options.records]]
    text.words("石灰"), text.parameters("热导率≥5 W/(m·K)")
    seconds, normal = processor_time(lambda: [text.normalise(body) for body in bodies])
    benchmark.record("normalise", seconds)
    benchmark.record("words", processor_time(lambda: [text.words_of_normal(body) for body in normal])[0])
    benchmark.record("bigrams", processor_time(lambda: [text.bigrams_of_normal(body) for body in normal])[0])
    seconds, found = processor_time(lambda: [text.parameters(body) for body in bodies])
    benchmark.record("parameters", seconds / len(bodies) * 1000)
    benchmark.record("found", sum(map(len, found)) / len(bodies))
    seconds, _ = processor_time(lambda: [text.read_demand(row["title"], row["text"]) for row in henan.queries])
    benchmark.record("demand", seconds / len(henan.queries) * 1000)
    channels = [_index(henan, text.words), _index(henan, text.bigrams)]
    for name, maker in (("plain", _plain), ("read", _read)):
        benchmark.record(name, _ndcg(henan, channels, maker))
    benchmark.record("ratio", benchmark.found["read"] / benchmark.found["plain"])
    benchmark.finish()


def processor_time(action: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of this process's own work, which other work on the machine does not lengthen, and what came of it."""
    start = time.process_time()
    outcome = action()
    return time.process_time() - start, outcome


def _plain(demand: dict[str, str]) -> str:
    return demand["text"][:300]


def _read(demand: dict[str, str]) -> str:
    return text.read_demand("", demand["text"]).problem_text


Channel = tuple[Callable[[str], list[str]], bm25s.BM25]


def _index(henan: Collection, units: Callable[[str], list[str]]) -> Channel:
    index = bm25s.BM25(k1=1.2, b=0.75)
    index.index([2 * units(row["title"]) + units(row["abstract"]) for row in henan.documents], show_progress=False)
    return units, index


def _ndcg(henan: Collection, channels: list[Channel], maker: Maker) -> float:
    """nDCG@10 with gain 2^grade - 1 on condensed lists, over demands that have a positive grade."""
    position = {row["id"]: place for place, row in enumerate(henan.documents)}
    scores = []
    for demand in henan.queries:
        grades = henan.judgements.get(demand["id"], {})
        if max(grades.values(), default=0) > 0:
            total = sum(_scores(channel, demand["title"], maker(demand)) for channel in channels)
            ranked = sorted(grades, key=lambda document: -total[position[document]])
            scores.append(
                _gain([grades[document] for document in ranked]) / _gain(sorted(grades.values(), reverse=True))
            )
    return float(np.mean(scores))


def _scores(channel: Channel, title: str, body: str) -> np.ndarray:
    units, index = channel
    known = [unit for unit in 2 * units(title) + units(body) if unit in index.vocab_dict]
    return index.get_scores(known)


def _gain(grades: list[int]) -> float:
    return sum((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades[:10]))


if __name__ == "__main__":
    main()
