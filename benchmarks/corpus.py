"""Records of any number for timing: the real ones, and beyond their number copies of them varied token by token.

A varied record drops a fifth of the tokens of one record and borrows some of another's, so that terms keep their real
rarity and no two records are equal. Vectors of varied records are those of their origin with a little noise: good for
timing, of no meaning for ranking.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.data import collection
from rongtong.engines.matching.records import TITLE_WEIGHT, Record, record_table

KEPT = 0.8
NOISE = 0.02
CHUNK = 5_000


def real_records() -> list[Record]:
    """The Henan supply."""
    return [
        Record(
            row["id"],
            row["kind"],
            row["title"] or "",
            row["abstract"] or "",
            keywords="；".join(row.get("keywords") or []),
            field=row.get("discipline") or None,
            holder=row.get("holder") or None,
            state="published",
            visibility="public",
        )
        for row in collection("henan").documents
    ]


def tables(count: int) -> Iterator[tuple[pa.Table, NDArray[np.int64]]]:
    """Rows for a store, chunk by chunk, with the number of the real record each comes from."""
    real = record_table(real_records())
    random = np.random.default_rng(7)
    for start in range(0, count, CHUNK):
        origins = np.arange(start, min(start + CHUNK, count)) % real.num_rows
        copies = real.take(origins)
        yield (copies if start + CHUNK <= real.num_rows else _varied(copies, start, random)), origins


def queries(count: int) -> list[tuple[str, str]]:
    """Titles and texts of real demands."""
    return [(row["title"], row["text"]) for row in collection("henan").queries[:count]]


def near(vectors: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Unit vectors close to the given ones."""
    moved = vectors + random.normal(0, NOISE, vectors.shape).astype(np.float32)
    return moved / np.linalg.norm(moved, axis=1, keepdims=True)


def _varied(rows: pa.Table, start: int, random: np.random.Generator) -> pa.Table:
    """Copies with other names and other tokens; the title is left as it is."""
    names = [f"{name}-{start + place}" for place, name in enumerate(rows["id"].to_pylist())]
    changed = {"id": names, "version": names}
    for channel in ("words", "bigrams"):
        tokens = [value.split(" ") for value in rows[channel].to_pylist()]
        lent = random.permutation(len(tokens))
        heads = [TITLE_WEIGHT * length for length in rows[f"title_{channel}"].to_pylist()]
        changed[channel] = [_mixed(tokens[i], tokens[lent[i]], heads[i], random) for i in range(len(tokens))]
    for name, values in changed.items():
        rows = rows.set_column(
            rows.schema.get_field_index(name), rows.schema.field(name), pa.array(values, pa.string())
        )
    return rows


def _mixed(tokens: list[str], lender: list[str], head: int, random: np.random.Generator) -> str:
    body = tokens[head:]
    kept = [token for token, chance in zip(body, random.random(len(body)).tolist(), strict=True) if chance < KEPT]
    return " ".join([*tokens[:head], *kept, *lender[-len(body) // 8 :]])
