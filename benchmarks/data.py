"""The evaluation collections, which are not part of the project: where they are, and how their files read.

They are looked for in the folder that RONGTONG_EVALUATION_DATA names, else in `shared/data` beside the checkout.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VARIABLE = "RONGTONG_EVALUATION_DATA"
# folder: documents, queries, judgements
FILES = {
    "henan": ("supply.jsonl", "demands.jsonl", "qrels-dev.tsv"),
    "cordis": ("corpus.jsonl", "topics-dev.jsonl", "qrels-dev.tsv"),
    "cranfield": ("corpus.jsonl", "queries.jsonl", "qrels.tsv"),
    "vaswani": ("corpus.jsonl", "queries.jsonl", "qrels.tsv"),
}


@dataclass(frozen=True)
class Collection:
    """Documents, queries and graded judgements; `pooled` when a document without a judgement may be relevant."""

    name: str
    documents: list[dict[str, Any]]
    queries: list[dict[str, Any]]
    judgements: dict[str, dict[str, int]]

    @property
    def pooled(self) -> bool:
        """Whether rankings are scored on condensed lists (documents without a judgement dropped)."""
        return self.name == "henan"


def folder() -> Path | None:
    """The folder of the collections; None when it is not there."""
    named = os.environ.get(VARIABLE)
    path = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"
    return path if path.is_dir() else None


def missing_message() -> str:
    """What to tell when the collections are not there."""
    return f"the evaluation collections are not here: set {VARIABLE} to their folder (they are not part of the project)"


def collection(name: str) -> Collection:
    """One collection whole. Ends the program with a clear message when it is not there."""
    base = folder()
    if base is None or not (base / name).is_dir():
        raise SystemExit(f"{name}: {missing_message()}")
    documents, queries, judgements = (base / name / file for file in FILES[name])
    return Collection(name, list(rows(documents)), list(rows(queries)), _judgements(judgements))


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    """query -> document -> grade."""
    judgements: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        query, document, grade = line.split("\t")
        judgements.setdefault(query, {})[document] = int(grade)
    return judgements
