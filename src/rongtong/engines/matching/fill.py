"""Filling in the vectors of a store: a job that can be stopped and taken up again at any record."""

from itertools import pairwise

import numpy as np
import pyarrow as pa

from rongtong.engines.matching.encoding.base import Encoder, Progress
from rongtong.engines.matching.segments import record_text, segments
from rongtong.engines.matching.store import Store

CHUNK = 128


def fill_vectors(store: Store, encoder: Encoder, *, most: int | None = None, progress: Progress | None = None) -> int:
    """Encode records that have no vector yet, at most `most` of them, and return how many were.

    Every chunk is kept as soon as it is encoded, so a killed job loses seconds of work. Raises EncoderError.
    """
    pending = store.pending_ids()[:most]
    for start in range(0, len(pending), CHUNK):
        _fill(store, encoder, store.fetch(pending[start : start + CHUNK]))
        if progress:
            progress(min(start + CHUNK, len(pending)), len(pending))
    if pending:
        store.optimise()
    return len(pending)


def _fill(store: Store, encoder: Encoder, records: pa.Table) -> None:
    texts = list(zip(records["title"].to_pylist(), records["text"].to_pylist(), strict=True))
    whole = encoder.encode([record_text(title, text) for title, text in texts], role="passage")
    pieces = [[span.text for span in segments(title, text)] for title, text in texts]
    vectors = encoder.encode([piece for each in pieces for piece in each], role="passage")
    ends = np.cumsum([0, *map(len, pieces)])
    store.set_vectors(records, whole, [vectors[start:end] for start, end in pairwise(ends)])
