"""Authenticated encryption of a stream in chunks: nothing cut off, reordered or swapped goes unnoticed.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015; also used by age and Tink): the nonce of
a chunk is a random prefix, the chunk's number and a flag on the last. Every chunk is full, so the size of the
ciphertext tells that of the content only to the next 64 KiB.
"""

import os
import struct
from collections.abc import Callable, Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag

from rongtong.domain.foundation.sealing.suites import Suite, Unreadable

MAGIC = b"RTENV1\n\0"
CHUNK = 64 * 1024
TAG = 16
PREFIX = 7


class Readable(Protocol):
    """Where ciphertext is read from."""

    def read(self, size: int, /) -> bytes: ...


class SealingWriter:
    """Encrypts what is written to ``sink`` (any callable that takes bytes); :meth:`close` marks the end."""

    def __init__(self, suite: Suite, key: bytes, context: bytes, sink: Callable[[bytes], object]) -> None:
        prefix = os.urandom(PREFIX)
        self._cipher, self._sink = suite.chunk_cipher(key), sink
        self._prefix, self._context = prefix, context
        self._number, self._pending = 0, bytearray()
        sink(MAGIC + prefix)

    def write(self, data: bytes) -> None:
        """Take ``data``; whole chunks leave at once, and at least one is kept back for the end."""
        self._pending += data
        whole = max(0, len(self._pending) - 1) // CHUNK * CHUNK
        with memoryview(self._pending) as pending:
            for start in range(0, whole, CHUNK):
                self._emit(pending[start : start + CHUNK], last=False)
        del self._pending[:whole]

    def close(self) -> None:
        """Fill the last chunk with zeros (what is written must know its own end) and mark it as the last."""
        self._emit(bytes(self._pending).ljust(CHUNK, b"\0"), last=True)

    def _emit(self, chunk: bytes | memoryview, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last)
        self._sink(self._cipher.encrypt(nonce, chunk, self._context))
        self._number += 1


def unsealed(suite: Suite, key: bytes, context: bytes, source: Readable) -> Iterator[bytes]:
    """The chunks of the content, each checked before it is given. Raises Unreadable at the first that fails."""
    head = source.read(len(MAGIC) + PREFIX)
    if not head.startswith(MAGIC) or len(head) != len(MAGIC) + PREFIX:
        raise Unreadable
    cipher, prefix = suite.chunk_cipher(key), head[len(MAGIC) :]
    for number, (chunk, last) in enumerate(_with_last(source)):
        try:
            yield cipher.decrypt(_nonce(prefix, number, last), chunk, context)
        except (InvalidTag, ValueError):
            raise Unreadable from None


def _with_last(source: Readable) -> Iterator[tuple[bytes, bool]]:
    here = source.read(CHUNK + TAG)
    if not here:
        raise Unreadable
    while here:
        following = source.read(CHUNK + TAG)
        yield here, not following
        here = following


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + struct.pack(">I?", number, last)
