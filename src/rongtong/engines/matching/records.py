"""What is stored of a record, and how it becomes columns.

The index is derived: it holds what is needed to find, filter and weigh a record, and can be rebuilt at any time.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import pyarrow as pa

from rongtong.engines.text import bigrams_of_normal, language, normalise, words_of_normal

# Columns a filter may name; they stand beside the words and beside the vectors.
FACETS = ("kind", "field", "region", "holder", "trl", "date", "language", "state", "visibility", "owner")
# The title counts twice: it names the object.
TITLE_WEIGHT = 2
CONTENT = ("id", "title", "text", "keywords", "extra", *FACETS)

_FACET_FIELDS = [pa.field(name, pa.int32() if name == "trl" else pa.string()) for name in FACETS]
RECORD_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("title", pa.string()),
        pa.field("text", pa.string()),
        pa.field("keywords", pa.string()),
        pa.field("extra", pa.string()),
        *_FACET_FIELDS,
        pa.field("digest", pa.string()),
        pa.field("version", pa.string()),
        pa.field("words", pa.string()),
        pa.field("title_words", pa.int32()),
        pa.field("bigrams", pa.string()),
        pa.field("title_bigrams", pa.int32()),
    ]
)


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that can be found. Unknown facets are None; `date` is ISO (2026-11-22); `extra` is JSON shown back."""

    id: str
    kind: str
    title: str
    text: str = ""
    keywords: str = ""
    field: str | None = None
    region: str | None = None
    holder: str | None = None
    trl: int | None = None
    date: str | None = None
    language: str | None = None
    state: str | None = None
    visibility: str | None = None
    owner: str | None = None
    extra: str = "{}"


def vector_schema(dimension: int) -> pa.Schema:
    """Columns of the vectors: that of the whole record, and those of its segments as rows of int8 in one value."""
    return pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            *_FACET_FIELDS,
            pa.field("digest", pa.string()),
            pa.field("version", pa.string()),
            pa.field("vector", pa.list_(pa.float32(), dimension)),
            pa.field("segments", pa.binary()),
        ]
    )


def record_table(records: Sequence[Record]) -> pa.Table:
    """Records as columns, cut into words and bigrams; `digest` tells when the text changed, `version` when anything."""
    columns = {name: [getattr(record, name) for record in records] for name in CONTENT}
    columns["language"] = [record.language or language(record.title + record.text) for record in records]
    columns["digest"] = [digest(record.title, record.text) for record in records]
    columns["version"] = [digest(*map(str, asdict(record).values())) for record in records]
    cut = [_terms(record) for record in records]
    columns["words"] = [_doubled(title_words, body_words) for title_words, body_words, _, _ in cut]
    columns["title_words"] = [len(title_words) for title_words, _, _, _ in cut]
    columns["bigrams"] = [_doubled(title_bigrams, body_bigrams) for _, _, title_bigrams, body_bigrams in cut]
    columns["title_bigrams"] = [len(title_bigrams) for _, _, title_bigrams, _ in cut]
    return pa.table(columns, schema=RECORD_SCHEMA)


def title_and_body(tokens: str, title_length: int) -> tuple[list[str], list[str]]:
    """Undo the doubling: the title's tokens and the body's, from a stored `words` or `bigrams` value."""
    parts = tokens.split(" ") if tokens else []
    return parts[:title_length], parts[TITLE_WEIGHT * title_length :]


def digest(*parts: str) -> str:
    """A short digest that tells two contents apart."""
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _terms(record: Record) -> tuple[list[str], list[str], list[str], list[str]]:
    title = normalise(record.title)
    body = normalise(f"{record.text}\n{record.keywords}")
    return words_of_normal(title), words_of_normal(body), bigrams_of_normal(title), bigrams_of_normal(body)


def _doubled(title: list[str], body: list[str]) -> str:
    return " ".join(title * TITLE_WEIGHT + body)


def one_of(column: str, values: Iterable[str | int]) -> str:
    """A condition for filters: the column holds one of the values. Raises ValueError for a column that is no facet."""
    if column not in (*FACETS, "id"):
        raise ValueError(f"records cannot be filtered by {column!r}; columns are {', '.join(FACETS)}")
    listed = ", ".join(_literal(value) for value in values)
    return f"{column} IN ({listed})" if listed else "false"


def begins(column: str, start: str) -> str:
    """A condition for filters: the column begins with a string (a region below a region)."""
    if column not in FACETS or column == "trl":
        raise ValueError(f"records cannot be filtered by the beginning of {column!r}")
    return f"starts_with({column}, {_literal(start)})"


def all_of(*conditions: str | None) -> str | None:
    """Conditions joined by AND; None when there is nothing to ask."""
    asked = [f"({condition})" for condition in conditions if condition]
    return " AND ".join(asked) or None


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
