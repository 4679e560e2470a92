"""Key phrases of patent abstracts against plain tf-idf in the same run, on KPPatent-ZH (exact match, macro averages).

    python -m benchmarks.key_phrases [--records 1000] [--table FILE]

The reference key words of the collection are single words, so that both systems give words here (`longest=1`); of the
phrases given by default it is reported how many contain a reference word. `--table` writes the background table that
ships with the dictionaries.
"""

import argparse
import json
import math
import random
import re
from collections import Counter
from pathlib import Path

from benchmarks.data import folder, missing_message
from benchmarks.harness import Benchmark, timed
from rongtong.engines import text
from rongtong.engines.text.dictionary import segmenter

FILES = ("data_A.json", "test_data_TAC.json")
LIMITS = (5, 10)


def read(name: str) -> list[tuple[str, frozenset[str]]]:
    """Abstracts with those of their reference key words that occur in them."""
    base = folder()
    if base is None:
        raise SystemExit(missing_message())
    rows = json.loads((base / "kppatent" / name).read_text(encoding="utf-8"))
    return [(body, keys) for body, keys in map(_pair, rows) if keys]


def tf_idf(body: str, limit: int) -> list[str]:
    """The words of highest term frequency times inverse document frequency."""
    counts = Counter(text.words(body))
    rarity = {word: math.log(1 / max(text.background_share(word), 1 / 4000)) for word in counts}
    return sorted(counts, key=lambda word: -counts[word] * rarity[word])[:limit]


def ours(body: str, limit: int) -> list[str]:
    """The words that the engine chooses."""
    return [phrase.text for phrase in text.key_phrases(body, limit, longest=1)]


def f1(found: list[str], keys: frozenset[str]) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * len(set(found) & keys) / (len(found) + len(keys))


def table() -> str:
    """The share of abstracts that contain a word, as comma-separated values."""
    bodies = [body for name in FILES for body, _ in read(name)]
    counts = Counter(word for body in bodies for word in _distinct(body))
    kept = [(word, count / len(bodies)) for word, count in counts.most_common() if count >= 4]
    return "word,share\n" + "".join(
        f"{word},{share:.4f}\n" for word, share in sorted(kept, key=lambda row: (-row[1], row[0]))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--table", type=Path)
    options = parser.parse_args()
    if options.table:
        options.table.write_text(table(), encoding="utf-8")
        return
    pairs = read("data_A.json")
    compare(random.Random(7).sample(pairs, min(len(pairs), options.records)))


def compare(sample: list[tuple[str, frozenset[str]]]) -> None:
    """F1@5 and F1@10 of both systems, the speed of ours, and the default phrases."""
    benchmark = Benchmark("key_phrases")
    for limit in LIMITS:
        for name, system in (("tf_idf", tf_idf), ("ours", ours)):
            score = sum(f1(system(body, limit), keys) for body, keys in sample) / len(sample)
            benchmark.record(f"{name}_{limit}", score)
        benchmark.record(f"ratio_{limit}", benchmark.found[f"ours_{limit}"] / benchmark.found[f"tf_idf_{limit}"])
    seconds, found = timed(lambda: [text.key_phrases(body, 10) for body, _ in sample])
    benchmark.record("speed", len(sample) / seconds)
    phrases = [(phrase.text, keys) for chosen, (_, keys) in zip(found, sample, strict=True) for phrase in chosen]
    benchmark.record("length", sum(len(phrase) for phrase, _ in phrases) / len(phrases))
    benchmark.record("contain", sum(any(key in phrase for key in keys) for phrase, keys in phrases) / len(phrases))
    benchmark.finish()


def _pair(row: dict[str, str]) -> tuple[str, frozenset[str]]:
    body = row["input"]
    return body, frozenset(key for key in map(str.strip, re.split("[,，;；、]", row["output"])) if key and key in body)


def _distinct(body: str) -> set[str]:
    plain = re.sub("^(?:摘要|标题)：", "", text.fold(body))[:1500]
    cut = (word.lower() for word, _ in segmenter().tag(plain))
    return {word for word in cut if len(word) > 1 and word[0].isalpha() and "," not in word}


if __name__ == "__main__":
    main()
