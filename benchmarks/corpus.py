"""Records of any number for timing: real ones, and beyond their number real ones varied.

A varied record drops a fifth of the sentences' clauses of one record and borrows clauses of another, so that words keep
their real rarity and no two records are equal. Vectors of varied records are those of their origin with a little noise:
good for timing, of no meaning for ranking.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

from benchmarks.data import collection
from rongtong.engines.matching.records import Record

KEPT = 0.8
NOISE = 0.02
_CLAUSE = re.compile(r"[^，。；,;.]+[，。；,;.]*")


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


def records(count: int) -> Iterator[tuple[Record, int]]:
    """Records and the number of the real one each comes from."""
    real = real_records()
    yield from islice(zip(real, range(len(real)), strict=True), count)
    random = np.random.default_rng(7)
    for number in range(len(real), count):
        origin = number % len(real)
        yield _varied(real[origin], real[int(random.integers(len(real)))], number, random), origin


def queries(count: int) -> list[tuple[str, str]]:
    """Titles and texts of real demands."""
    return [(row["title"], row["text"]) for row in collection("henan").queries[:count]]


def near(vectors: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Unit vectors close to the given ones."""
    moved = vectors + random.normal(0, NOISE, vectors.shape).astype(np.float32)
    return moved / np.linalg.norm(moved, axis=1, keepdims=True)


def _varied(record: Record, other: Record, number: int, random: np.random.Generator) -> Record:
    clauses = _CLAUSE.findall(record.text)
    kept = [clause for clause, chance in zip(clauses, random.random(len(clauses)), strict=True) if chance < KEPT]
    borrowed = _CLAUSE.findall(other.text)[-2:]
    return replace(record, id=f"{record.id}-{number}", text="".join(kept + borrowed))
