"""Near-duplicates are found by their fingerprints, each of them, in linear time."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongtong.domain.registry.exchange import duplicates
from rongtong.domain.registry.exchange.duplicates import BITS, near_pairs

WORDS = st.integers(-(2**63), 2**63 - 1)


def flipped(word: int, bits: set[int]) -> int:
    value = word & (2**64 - 1)
    for bit in bits:
        value ^= 1 << bit
    return value - 2**64 if value >= 2**63 else value


@given(word=WORDS, bits=st.sets(st.integers(0, 63), max_size=6))
def test_a_pair_is_found_exactly_when_it_differs_in_few_bits(word, bits):
    pairs = near_pairs(np.array([word, flipped(word, bits)], dtype=np.int64))
    assert pairs == ([(0, 1)] if len(bits) <= BITS else [])


@given(words=st.lists(WORDS, min_size=2, max_size=40))
def test_every_pair_that_is_named_is_near(words):
    for first, second in near_pairs(np.array(words, dtype=np.int64)):
        assert first < second
        assert ((words[first] ^ words[second]) & (2**64 - 1)).bit_count() <= BITS


@pytest.mark.parametrize("direct", [0, 1000])
def test_with_a_split_only_pairs_across_it_are_named(direct, monkeypatch):
    monkeypatch.setattr(duplicates, "_DIRECT", direct)
    assert near_pairs(np.array([5, 5, 5, 9 << 40], dtype=np.int64), split=1) == [(0, 1), (0, 2)]


def test_every_member_of_a_crowd_has_a_partner():
    pairs = near_pairs(np.zeros(50, dtype=np.int64))
    assert {member for pair in pairs for member in pair} == set(range(50))


@pytest.mark.slow
def test_a_million_fingerprints_take_seconds():
    words = np.random.default_rng(3).integers(-(2**63), 2**63, 1_000_000, dtype=np.int64)
    start = time.process_time()
    assert near_pairs(words) == []
    assert time.process_time() - start < 20
