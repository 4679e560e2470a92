"""What every encoder offers, and the words all of them use."""

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Role = Literal["query", "passage"]
Vectors = NDArray[np.float32]
# Called with (done, total) as texts are encoded.
Progress = Callable[[int, int], None]

# The e5 family was trained with these two beginnings.
PREFIX: dict[Role, str] = {"query": "query: ", "passage": "passage: "}


class EncoderError(RuntimeError):
    """No vectors could be made; the message says what failed and where."""


class Encoder(Protocol):
    """Turns texts into unit vectors whose inner product is their similarity."""

    @property
    def name(self) -> str:
        """Names the model and its form: vectors of different names must not be compared."""

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""

    @property
    def note(self) -> str:
        """Why this encoder stands in for the one asked for; empty when it does not."""

    def encode(self, texts: Sequence[str], *, role: Role, progress: Progress | None = None) -> Vectors:
        """float32 [texts, dimension], each row of length 1. Raises EncoderError."""


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; a row of zeros stays zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    return scaled
