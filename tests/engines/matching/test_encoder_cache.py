"""No text is encoded twice, by this process or another, and a killed run keeps what it had."""

import multiprocessing
import os
from pathlib import Path

import numpy as np
import pytest

from rongtong.engines.matching.encoder import CachedEncoder


class LetterEncoder:
    """A real, tiny encoder: counts of letters; it remembers what it was asked and may stop at a text."""

    name = "letters"
    dimension = 8
    note = ""

    def __init__(self, fatal: str = "") -> None:
        self.asked: list[str] = []
        self.fatal = fatal

    def encode(self, texts, *, role, progress=None):
        if self.fatal in texts:
            os._exit(9)
        self.asked += texts
        counts = [
            [sum(ord(letter) % 8 == bucket for letter in text + role) + 0.1 for bucket in range(8)] for text in texts
        ]
        vectors = np.array(counts, np.float32).reshape(-1, 8)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def opened(tmp_path):
    caches = []

    def _open(encoder):
        caches.append(CachedEncoder(encoder, tmp_path))
        return caches[-1]

    yield _open
    for cache in caches:
        cache.close()


def test_a_second_run_encodes_nothing_and_gives_the_same_numbers(opened):
    first, second = LetterEncoder(), LetterEncoder()
    texts = ["镁合金", "涂层", "镁合金"]
    before = opened(first).encode(texts, role="passage")
    after = opened(second).encode(texts, role="passage")
    assert first.asked == ["镁合金", "涂层"]
    assert second.asked == []
    assert np.array_equal(before, after)


def test_a_query_and_a_passage_are_kept_apart(opened):
    encoder = LetterEncoder()
    cache = opened(encoder)
    cache.encode(["涂层"], role="passage")
    assert cache.cached(["涂层"], role="query") == [False]
    cache.encode(["涂层"], role="query")
    assert encoder.asked == ["涂层", "涂层"]


def test_another_model_has_its_own_vectors(opened):
    other = LetterEncoder()
    other.name = "other"
    opened(LetterEncoder()).encode(["涂层"], role="query")
    opened(other).encode(["涂层"], role="query")
    assert other.asked == ["涂层"]


def test_no_texts_give_no_vectors(opened):
    assert opened(LetterEncoder()).encode([], role="query").shape == (0, 8)


def test_progress_counts_known_texts_as_done(opened):
    cache = opened(LetterEncoder())
    cache.encode(["a", "b"], role="query")
    reports = []
    cache.encode(["a", "b", "c"], role="query", progress=lambda done, total: reports.append((done, total)))
    assert reports == [(3, 3)]


def _encode_until_killed(folder: Path, texts: list[str]) -> None:
    CachedEncoder(LetterEncoder(fatal=texts[-1]), folder).encode(texts, role="query")


def test_a_killed_run_keeps_the_chunks_it_had_finished(tmp_path, opened):
    texts = [f"text {number}" for number in range(150)]
    process = multiprocessing.get_context("spawn").Process(target=_encode_until_killed, args=(tmp_path, texts))
    process.start()
    process.join(60)
    encoder = LetterEncoder()
    opened(encoder).encode(texts, role="query")
    assert process.exitcode == 9
    assert encoder.asked == texts[128:]
