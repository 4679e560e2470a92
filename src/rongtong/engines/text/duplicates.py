"""Near-duplicates by fingerprint (M. Charikar, STOC 2002; G. Manku et al., WWW 2007)."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rongtong.engines.text.normal import normalise

# Two texts at most this far apart are worth showing to a person as the same.
NEAR = 6

_SHINGLE = 4
_LONGEST = 200_000
_BANDS = 4
_BAND_BITS = 16


def simhash(text: str) -> int:
    """Return a 64-bit fingerprint that differs in few bits for texts that differ in few words.

    Width, traditional characters, case, blanks and punctuation make no difference. Texts without letters give 0.
    """
    letters = "".join(filter(str.isalnum, normalise(text[:_LONGEST])))
    if not letters:
        return 0
    hashes = _shingle_hashes(letters)
    bits = np.unpackbits(hashes.view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
    majority = 2 * bits.sum(axis=0, dtype=np.int64) > len(hashes)
    return int.from_bytes(np.packbits(majority, bitorder="little").tobytes(), "little")


def distance(first: int, second: int) -> int:
    """Return the number of bits in which two fingerprints differ (0 to 64)."""
    return (first ^ second).bit_count()


def near_pairs(fingerprints: Sequence[int], furthest: int = 3) -> Iterator[tuple[int, int]]:
    """Yield the positions (i, j), i < j, of fingerprints at most `furthest` bits apart, each pair once.

    Exact up to three bits: of four bands at least one is then equal. Beyond that some pairs are missed.
    """
    seen: set[tuple[int, int]] = set()
    for band in range(_BANDS):
        groups: dict[int, list[int]] = defaultdict(list)
        for position, fingerprint in enumerate(fingerprints):
            groups[fingerprint >> (band * _BAND_BITS) & 0xFFFF].append(position)
        for group in groups.values():
            for pair in itertools.combinations(group, 2):
                if pair not in seen and distance(fingerprints[pair[0]], fingerprints[pair[1]]) <= furthest:
                    seen.add(pair)
                    yield pair


def _shingle_hashes(letters: str) -> NDArray[np.uint64]:
    codes = np.frombuffer(letters.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    width = min(_SHINGLE, len(codes))
    windows = np.lib.stride_tricks.sliding_window_view(codes, width)
    powers = np.uint64(0x9E3779B97F4A7C15) ** np.arange(1, width + 1, dtype=np.uint64)
    return _mixed((windows * powers).sum(axis=1, dtype=np.uint64))


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread every input bit over the word (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
