"""The sentence vectors of the sample region, computed once and shipped, so that nobody waits for them.

``vectors.npz`` holds for each text its digest (as the index computes it from title and text), the number of its rows,
and its rows in int8: first the vector of the whole, then those of its segments. A text that has changed since has
another digest and is simply encoded again by the worker.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from django.conf import settings
from numpy.typing import NDArray

from rongtong.cli.sample_pack import FOLDER, records
from rongtong.domain.registry import indexing
from rongtong.domain.registry.kinds import kind_of
from rongtong.domain.registry.models import Resource
from rongtong.engines.matching.encoder import Encoder
from rongtong.engines.matching.records import digest
from rongtong.engines.matching.segments import record_text, segments
from rongtong.engines.matching.store import Store, pack, unpack

Floats = NDArray[np.float32]

FILE = "vectors.npz"
DIMENSION = 384
CHUNK = 500


@dataclass(frozen=True)
class Shipped:
    """Vectors by the digest of their text, and the model they are of."""

    model: str
    rows: dict[str, NDArray[np.int8]]

    def vectors(self, text_digest: str) -> tuple[Floats, Floats]:
        """The vector [384] of the whole and those [m, 384] of its segments, each of length 1."""
        unit = unpack(self.rows[text_digest].tobytes(), DIMENSION)
        return unit[0], unit[1:]


def use(store: Store) -> int:
    """Give the records of the index that have no vector yet the shipped one of their text; answers how many got it.

    Does nothing when this installation's vectors are of another model.
    """
    shipped = read()
    if settings.ENVIRONMENT.encoder != "local" or shipped is None:
        return 0
    pending = store.pending_ids()
    chunks = (pending[start : start + CHUNK] for start in range(0, len(pending), CHUNK))
    return sum(_give(store, shipped, store.fetch(chunk)) for chunk in chunks)


@cache
def read() -> Shipped | None:
    """The shipped vectors; None when the file is not there (a checkout from which it was left out)."""
    file = FOLDER / FILE
    if not file.is_file():
        return None
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as found:
        digests, counts, rows = found["digests"], found["counts"], found["rows"]
        model = str(found["model"])
    parts = np.split(rows, np.cumsum(counts)[:-1])
    return Shipped(model, dict(zip(map(bytes.hex, map(bytes, digests)), parts, strict=True)))


def texts() -> Iterator[tuple[str, str]]:
    """Title and text of every record of the pack, as the index holds them."""
    for each in records():
        values = kind_of(each.kind).clean(each.values).values
        found = indexing.entry(Resource(kind=each.kind, title=each.title, title_en=each.title_en, values=values))
        yield found.title, found.text


def write(path: Path, encoder: Encoder, texts: Iterable[tuple[str, str]], progress: indexing.Progress) -> None:
    """Encode (title, text) pairs and keep their vectors at ``path``; the same texts give the same file."""
    unique = {digest(title, text): (title, text) for title, text in texts}
    pieces = [
        [record_text(title, text), *(span.text for span in segments(title, text))] for title, text in unique.values()
    ]
    flat = [piece for each in pieces for piece in each]
    vectors = encoder.encode(flat, role="passage", progress=progress)
    np.savez_compressed(
        path,
        model=np.array(encoder.name),
        digests=np.frombuffer(bytes.fromhex("".join(unique)), np.uint8).reshape(len(unique), -1),
        counts=np.array([len(each) for each in pieces], np.uint8),
        rows=np.frombuffer(pack(vectors), np.int8).reshape(-1, DIMENSION),
    )


def _give(store: Store, shipped: Shipped, pending: pa.Table) -> int:
    known = pending.filter(pa.array([each in shipped.rows for each in pending["digest"].to_pylist()], pa.bool_()))
    if known.num_rows:
        found = [shipped.vectors(each) for each in known["digest"].to_pylist()]
        store.set_vectors(known, np.stack([whole for whole, _ in found]), [pieces for _, pieces in found])
    return int(known.num_rows)
