"""Vectors kept by content, so that no text is encoded twice."""

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from rongtong.engines.matching.encoding.base import Encoder, Progress, Role, Vectors

FILE = "vectors.sqlite"
# A killed run loses at most this many texts.
CHUNK = 64
LOOKUP = 500
BUSY_SECONDS = 60
T = TypeVar("T")


class CachedEncoder:
    """An encoder with a memory on disk, shared by processes.

    A vector is kept under the digest of model, role and text, as half-precision floats. Fresh vectors are rounded the
    same way, so that a second run gives the very same numbers.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._encoder = encoder
        self._lock = threading.Lock()
        self._database = sqlite3.connect(folder / FILE, timeout=BUSY_SECONDS, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute("CREATE TABLE IF NOT EXISTS vectors (digest BLOB PRIMARY KEY, vector BLOB NOT NULL)")

    @property
    def name(self) -> str:
        """Names the model behind the cache."""
        return self._encoder.name

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._encoder.dimension

    @property
    def note(self) -> str:
        """Why the encoder behind stands in for another; empty when it does not."""
        return self._encoder.note

    def encode(self, texts: Sequence[str], *, role: Role, progress: Progress | None = None) -> Vectors:
        """float32 [texts, dimension]; only texts not seen before are encoded."""
        digests = [self._digest(text, role) for text in texts]
        known = self._load(digests)
        missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
        for start, chunk in enumerate(_chunks(list(missing.items()), CHUNK)):
            known.update(self._encode(dict(chunk), role))
            if progress:
                progress(len(texts) - len(missing) + min((start + 1) * CHUNK, len(missing)), len(texts))
        return np.stack([known[digest] for digest in digests]) if texts else np.empty((0, self.dimension), np.float32)

    def cached(self, texts: Sequence[str], *, role: Role) -> list[bool]:
        """Which of the texts need no encoding."""
        digests = [self._digest(text, role) for text in texts]
        known = self._load(digests)
        return [digest in known for digest in digests]

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def _digest(self, text: str, role: Role) -> bytes:
        content = "\0".join((self.name, role, text))
        return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).digest()

    def _load(self, digests: Iterable[bytes]) -> dict[bytes, Vectors]:
        found: dict[bytes, Vectors] = {}
        with self._lock:
            for chunk in _chunks(list(dict.fromkeys(digests)), LOOKUP):
                marks = ",".join("?" * len(chunk))
                rows = self._database.execute(f"SELECT digest, vector FROM vectors WHERE digest IN ({marks})", chunk)
                found.update((digest, np.frombuffer(vector, "<f2").astype(np.float32)) for digest, vector in rows)
        return found

    def _encode(self, texts: dict[bytes, str], role: Role) -> dict[bytes, Vectors]:
        halves = self._encoder.encode(list(texts.values()), role=role).astype("<f2")
        rows = [(digest, half.tobytes()) for digest, half in zip(texts, halves, strict=True)]
        with self._lock, self._database:
            self._database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        return dict(zip(texts, halves.astype(np.float32), strict=True))


def _chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
