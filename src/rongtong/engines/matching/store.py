"""The store of records: words, bigrams, vectors and filters in two LanceDB tables of one folder.

Records stand in one table and vectors in another, because vectors come later and slowly: filling them in appends rows
and never touches the words, whose index therefore stays whole, and a search by words never waits for a model. The
facets stand in both, so that every search filters before it ranks. The table of records is the truth: what a search by
vectors finds is fetched from there under the same filter, hence a record withdrawn or deleted is gone at once even
when a crash left its vector behind; `repair` then brings the vectors back in line.

Rows too new for an index are scanned, so everything written is found at once; `optimise` takes them into the indexes.
LanceDB takes a second to import: whoever opens no store, as most commands do, does not wait for it.
A search by words asks for the most informative terms only: BM25's time grows with the postings it reads, and beyond
some two dozen terms the common ones add time and hardly change which records come out.

    store = Store.open(Path("var/index"), model=encoder.name)
    store.add([Record("A1", "achievement", "石灰窑出灰机", "…")])
    store.search_words(words("石灰窑自动出灰"), limit=100, where=one_of("kind", ["achievement"]))
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rongtong.engines.matching import frequencies
from rongtong.engines.matching.channel import Counts
from rongtong.engines.matching.contention import locked, retried
from rongtong.engines.matching.encoding.base import Progress
from rongtong.engines.matching.frequencies import Statistics
from rongtong.engines.matching.records import (
    FACETS,
    RECORD_SCHEMA,
    Record,
    all_of,
    digest,
    one_of,
    record_table,
    vector_schema,
)

Floats = NDArray[np.float32]
T = TypeVar("T")

# Records cut and written at a time: enough for speed, little enough for constant memory.
CHUNK = 2_000
# Names in one IN (…) list.
NAMES = 1_000
# Terms asked of the index: the most informative known ones, and a few it may have only in its newest rows.
MOST_KNOWN_TERMS, MOST_NEW_TERMS = 28, 8
REPEATED = 3
# Below this many vectors comparing with each of them takes a few milliseconds and misses nothing.
VECTORS_WORTH_AN_INDEX = 50_000
# Few large partitions: training costs partitions times sample, and reading a hundred of them takes milliseconds.
VECTORS_IN_A_PARTITION = 4_000
# Among a million, 96 partitions hold all but a few of the nearest twenty; 24 hold half of them.
PROBES, REFINED = 96, 4
UNINDEXED_TOLERATED = 1_000
# Counting terms anew is a matter of a second up to here; beyond it `optimise` does it, never a search.
COUNTED_AT_ONCE = 20_000
# Writers take turns, since they look before they write; making indexes takes longer and keeps its own turns.
WRITING, MAINTENANCE = "writing.lock", "maintenance.lock"
KEPT_FOR_READERS = timedelta(minutes=10)
RECORD_COLUMNS = tuple(RECORD_SCHEMA.names)
VECTOR_COLUMNS = ["id", "digest", "vector", "segments"]
AS_IT_IS: dict[str, Any] = {
    "base_tokenizer": "whitespace",
    "stem": False,
    "remove_stop_words": False,
    "ascii_folding": False,
    "lower_case": False,
    "max_token_length": None,
    "with_position": False,
}
"""How the index of words takes its text: cut and folded by us already."""


class StoreError(RuntimeError):
    """The store cannot be used as it is; the message says what to do."""


class Hits(NamedTuple):
    """What one search found, best first, equals by name."""

    ids: list[str]
    scores: Floats


class Retrieved(NamedTuple):
    """What the three searches found for one query."""

    words: Hits
    bigrams: Hits
    vectors: Hits


class Coverage(NamedTuple):
    """How far the vectors have come."""

    vectors: int
    records: int

    @property
    def share(self) -> float:
        """Between 0 and 1; 1 for an empty store, which misses nothing."""
        return min(self.vectors / self.records, 1.0) if self.records else 1.0


class Store:
    """An opened store. One object may be used by many threads; many processes may read and write the same folder."""

    def __init__(self, path: Path, records: Any, vectors: Any) -> None:
        """Use `Store.open`."""
        self._path = path
        self._records = records
        self._vectors = vectors
        self._statistics: Statistics | None = None
        self._counted_version = -1
        self._counting = Lock()
        self._searches = ThreadPoolExecutor(max_workers=3, thread_name_prefix="search")

    @classmethod
    def open(cls, path: Path, *, model: str = "e5-small", dimension: int = 384) -> "Store":
        """Open the store in a folder, making it when there is none. Each model has its own table of vectors.

        Raises StoreError when the folder holds a store of another form.
        """
        import lancedb
        from lancedb.index import FTS

        path.mkdir(parents=True, exist_ok=True)
        database = lancedb.connect(path, read_consistency_interval=timedelta(0))
        with locked(path / MAINTENANCE):
            records = _table(database, "records", RECORD_SCHEMA, words=FTS(**AS_IT_IS), bigrams=FTS(**AS_IT_IS))
            vectors = _table(database, f"vectors_{digest(model)}", vector_schema(dimension))
        return cls(path, records, vectors)

    # -- writing --

    def add(self, records: Iterable[Record], progress: Progress | None = None) -> int:
        """Insert or replace by id, in chunks; unchanged records are passed over. Returns how many were written.

        `progress` is called with the records read so far and, the total being unknown, 0.
        """
        written = read = 0
        for chunk in _chunks(records, CHUNK):
            read += len(chunk)
            written += self.add_rows(record_table(list({record.id: record for record in chunk}.values())))
            if progress:
                progress(read, 0)
        if self._unindexed() > UNINDEXED_TOLERATED:
            self.optimise()
        return written

    def add_rows(self, table: pa.Table) -> int:
        """Insert or replace rows made by `record_table`, each id once; for rows cut elsewhere, in parallel, say."""
        with locked(self._path / WRITING):
            return self._write_rows(table)

    def remove(self, ids: Iterable[str]) -> None:
        """Delete records and their vectors; searches stop finding them at once."""
        for chunk in _chunks(ids, NAMES):
            self._delete(one_of("id", chunk))

    def clear(self) -> None:
        """Delete everything."""
        self._delete("true")

    def set_vectors(self, records: pa.Table, vectors: Floats, segments: Sequence[Floats]) -> None:
        """Keep the vectors of records as `pending_vectors` gave them.

        `vectors` is [records, dimension], `segments` has [pieces, dimension] for each record.
        Segments are kept in int8, which changes their cosines by less than a thousandth.
        """
        kept = records.select(["id", *FACETS, "digest", "version"])
        whole = pa.FixedSizeListArray.from_arrays(pa.array(vectors.astype(np.float32).ravel()), vectors.shape[1])
        packed = pa.array([pack(each) for each in segments], pa.binary())
        table = kept.append_column("vector", whole).append_column("segments", packed)
        table = table.cast(self._vectors.schema)
        with locked(self._path / WRITING):
            if self._vectors.count_rows(one_of("id", table["id"].to_pylist())):
                _upsert(self._vectors, table)
            else:
                retried(lambda: self._vectors.add(table))

    def optimise(self) -> None:
        """Take new rows into the indexes, repair the vectors, count the terms, drop old versions. Safe at any time."""
        self.repair()
        # One process at a time: two that make the same index collide, and the second has nothing left to do.
        with locked(self._path / MAINTENANCE):
            self._index_facets()
            self._index_vectors()
            for table in (self._records, self._vectors):
                retried(partial(table.optimize, cleanup_older_than=KEPT_FOR_READERS))
        statistics = self._statistics or frequencies.read(self._statistics_path)
        if statistics is None or not statistics.fits(self.count()):
            self._count_terms()

    def repair(self) -> None:
        """Bring vectors in line with records after a crash between the two: stale ones go, facets are copied anew."""
        records = self._columns(self._records, ["id", "version"])
        vectors = self._columns(self._vectors, ["id", "version"])
        same = dict(zip(records["id"].to_pylist(), records["version"].to_pylist(), strict=True))
        rows = zip(vectors["id"].to_pylist(), vectors["version"].to_pylist(), strict=True)
        for chunk in _chunks((each for each, version in rows if same.get(each) != version), NAMES):
            with locked(self._path / WRITING):
                self._align(chunk)

    # -- reading --

    def count(self, where: str | None = None) -> int:
        """Records that fulfil a condition."""
        return int(self._records.count_rows(where))

    def coverage(self) -> Coverage:
        """How many records have a vector."""
        return Coverage(int(self._vectors.count_rows()), self.count())

    def search_words(self, tokens: Sequence[str], limit: int = 200, where: str | None = None) -> Hits:
        """Records that score best by BM25 over words; a repeated token asks for its term more urgently."""
        return self._search_text("words", tokens, limit, where)

    def search_bigrams(self, tokens: Sequence[str], limit: int = 200, where: str | None = None) -> Hits:
        """Records that score best by BM25 over character bigrams."""
        return self._search_text("bigrams", tokens, limit, where)

    def search_vector(self, vector: Floats, limit: int = 200, where: str | None = None) -> Hits:
        """Records whose vector is nearest, by cosine; exact below 50,000 vectors and nearly so above."""
        search = self._vectors.search(vector, vector_column_name="vector").distance_type("cosine")
        search = search.nprobes(PROBES).refine_factor(REFINED).select(["id", "_distance"])
        found = _filtered(search, where).limit(limit).to_arrow()
        return _hits(found, 1 - found["_distance"].to_numpy())

    def retrieve(
        self,
        words: Sequence[str],
        bigrams: Sequence[str],
        vector: Floats | None,
        limit: int = 200,
        where: str | None = None,
    ) -> Retrieved:
        """The three searches side by side; without a vector the third finds nothing."""
        by_words = self._searches.submit(self.search_words, words, limit, where)
        by_bigrams = self._searches.submit(self.search_bigrams, bigrams, limit, where)
        by_vector = Hits([], np.empty(0, np.float32)) if vector is None else self.search_vector(vector, limit, where)
        return Retrieved(by_words.result(), by_bigrams.result(), by_vector)

    def fetch(
        self,
        ids: Sequence[str],
        where: str | None = None,
        columns: Sequence[str] = RECORD_COLUMNS,
        vectors: bool = True,
    ) -> pa.Table:
        """Rows of these records in this order: `columns`, and `vector` and `segments` (null while pending) if asked.

        Names that are not there, or do not fulfil the condition, are left out. Asking for less is faster.
        """
        condition = one_of("id", ids)
        wanted = list(dict.fromkeys(["id", "digest", *columns]))
        asked = self._searches.submit(self._columns, self._vectors, VECTOR_COLUMNS, condition) if vectors else None
        records = self._columns(self._records, wanted, all_of(condition, where))
        return _in_order(_with_vectors(records, asked.result()) if asked else records, ids)

    def pending_vectors(self, limit: int = 256) -> pa.Table:
        """Records whose text has no vector yet, oldest first, as `set_vectors` wants them back."""
        return self.fetch(self.pending_ids()[:limit])

    def pending_ids(self) -> list[str]:
        """Names of all records whose text has no vector yet."""
        vectors = self._columns(self._vectors, ["id", "digest"])
        done = set(zip(vectors["id"].to_pylist(), vectors["digest"].to_pylist(), strict=True))
        records = self._columns(self._records, ["id", "digest"])
        rows = zip(records["id"].to_pylist(), records["digest"].to_pylist(), strict=True)
        return [row[0] for row in rows if row not in done]

    def statistics(self) -> Statistics:
        """Document frequencies of words and bigrams; they may lag behind by a fiftieth of the records."""
        version = self._records.version
        with self._counting:
            if self._statistics is None or version != self._counted_version:
                self._statistics = self._recent_statistics(self.count())
                self._counted_version = version
            return self._statistics

    # -- within --

    @property
    def _statistics_path(self) -> Path:
        return self._path / "frequencies.parquet"

    def _recent_statistics(self, records: int) -> Statistics:
        for statistics in (self._statistics, frequencies.read(self._statistics_path)):
            if statistics and (statistics.fits(records) or records > COUNTED_AT_ONCE):
                return statistics
        return self._count_terms()

    def _count_terms(self) -> Statistics:
        batches = self._records.search().select(["words", "bigrams"]).to_batches()
        self._statistics = frequencies.count(batches)
        frequencies.write(self._statistics, self._statistics_path)
        return self._statistics

    def _align(self, ids: Sequence[str]) -> None:
        """Give the vectors of changed records their new facets; drop those whose text changed or is gone."""
        rows = self.fetch(ids).filter(pc.is_valid(pc.field("vector")))
        current = rows.select(self._vectors.schema.names).cast(self._vectors.schema)
        stale = set(ids) - set(current["id"].to_pylist())
        if stale:
            retried(lambda: self._vectors.delete(one_of("id", sorted(stale))))
        if current.num_rows:
            retried(lambda: self._vectors.merge_insert("id").when_matched_update_all().execute(current))

    def _write_rows(self, table: pa.Table) -> int:
        known = self._columns(self._records, ["id", "version"], one_of("id", table["id"].to_pylist()))
        versions = dict(zip(known["id"].to_pylist(), known["version"].to_pylist(), strict=True))
        rows = zip(table["id"].to_pylist(), table["version"].to_pylist(), strict=True)
        table = table.filter(pa.array([versions.get(name) != version for name, version in rows], pa.bool_()))
        if versions and table.num_rows:
            _upsert(self._records, table)
            self._align(list(versions))
        elif table.num_rows:
            retried(lambda: self._records.add(table))
        return int(table.num_rows)

    def _delete(self, where: str) -> None:
        # Records first: they are the truth, and vectors without a record are found by nobody.
        with locked(self._path / WRITING):
            for table in (self._records, self._vectors):
                retried(partial(table.delete, where))

    def _columns(self, table: Any, columns: list[str] | None, where: str | None = None) -> pa.Table:
        search = table.search() if columns is None else table.search().select(columns)
        return _filtered(search, where).to_arrow()

    def _search_text(self, column: str, tokens: Sequence[str], limit: int, where: str | None) -> Hits:
        from lancedb.query import MatchQuery

        terms = _informative(tokens, getattr(self.statistics(), column))
        if not terms:
            return Hits([], np.empty(0, np.float32))
        query = MatchQuery(" ".join(terms), column)  # type: ignore[call-arg]  # its defaults are hidden by pydantic
        search = self._records.search(query).select(["id", "_score"])
        found = _filtered(search, where).limit(limit).to_arrow()
        return _hits(found, found["_score"].to_numpy())

    def _unindexed(self) -> int:
        return int(self._records.index_stats("words_idx").num_unindexed_rows)

    def _index_facets(self) -> None:
        from lancedb.index import Bitmap

        for table in (self._records, self._vectors):
            indexed = {index.columns[0] for index in table.list_indices()}
            for column in ("kind", "state", "visibility"):
                if column not in indexed:
                    retried(partial(table.create_index, column, config=Bitmap()))

    def _index_vectors(self) -> None:
        from lancedb.index import IvfPq

        indexed = {index.columns[0] for index in self._vectors.list_indices()}
        rows = int(self._vectors.count_rows())
        if "vector" not in indexed and rows >= VECTORS_WORTH_AN_INDEX:
            dimension = self._vectors.schema.field("vector").type.list_size
            partitions = rows // VECTORS_IN_A_PARTITION
            config = IvfPq(distance_type="cosine", num_partitions=partitions, num_sub_vectors=dimension // 4)
            retried(lambda: self._vectors.create_index("vector", config=config))


def pack(segments: Floats) -> bytes:
    """Vectors [m, dimension] as int8, each stretched to its own range: their direction is kept, not their length."""
    largest = np.abs(segments).max(axis=1, keepdims=True, initial=1e-12)
    rows: NDArray[np.int8] = np.round(segments / largest * 127).astype(np.int8)
    return rows.tobytes()


def unpack(packed: bytes, dimension: int = 384) -> Floats:
    """The unit vectors [m, dimension] that `pack` kept."""
    rows = np.frombuffer(packed, np.int8).reshape(-1, dimension).astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Floats = (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    return unit


def vectors_of(rows: pa.Table) -> tuple[Floats, NDArray[np.bool_]]:
    """Whole vectors [rows, dimension] of fetched rows, zeros where there is none, and which rows have one."""
    column = rows["vector"].combine_chunks()
    present = np.asarray(column.is_valid())
    matrix = np.zeros((len(column), column.type.list_size), np.float32)
    # `flatten` leaves out the places of rows without a vector.
    matrix[present] = column.flatten().to_numpy().reshape(-1, column.type.list_size)
    return matrix, present


def segments_of(rows: pa.Table) -> tuple[Floats, NDArray[np.int64]]:
    """Unit vectors of all segments of fetched rows [m, dimension], and the row each belongs to."""
    dimension = rows["vector"].type.list_size
    packed = [value or b"" for value in rows["segments"].to_pylist()]
    owners = np.repeat(np.arange(len(packed)), [len(value) // dimension for value in packed])
    return unpack(b"".join(packed), dimension), owners


def _table(database: Any, name: str, schema: pa.Schema, **indexes: Any) -> Any:
    """The table of this name, made with its indexes when it is not there."""
    from lancedb.index import BTree

    try:
        table = database.create_table(name, schema=schema, exist_ok=True)
    except ValueError as error:
        advice = "it was made by another version; delete the folder and build it again"
        raise StoreError(f"the index in {database.uri} has another form: {advice} ({error})") from error
    indexed = {index.columns[0] for index in table.list_indices()}
    for column, config in {"id": BTree(), **indexes}.items():
        if column not in indexed:
            table.create_index(column, config=config)
    return table


def _upsert(table: Any, rows: pa.Table) -> None:
    retried(lambda: table.merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute(rows))


def _filtered(search: Any, where: str | None) -> Any:
    return search.where(where, prefilter=True) if where else search


def _informative(tokens: Sequence[str], counts: Counts) -> list[str]:
    """The terms worth asking for, rare in the collection and repeated in the query, as often as they should weigh."""
    asked = Counter(tokens)
    terms = sorted(asked)
    weights = counts.idf(terms) * np.minimum([asked[term] for term in terms], REPEATED)
    ranked = [terms[place] for place in np.argsort(-weights, kind="stable")]
    known = [term for term in ranked if term in counts.frequencies]
    new = [term for term in ranked if term not in counts.frequencies]
    # The index counts a repeated term that many times.
    return [term for term in known[:MOST_KNOWN_TERMS] + new[:MOST_NEW_TERMS] for _ in range(min(asked[term], REPEATED))]


def _hits(found: pa.Table, scores: Floats) -> Hits:
    names = found["id"].to_pylist()
    order = sorted(range(len(names)), key=lambda place: (-scores[place], names[place]))
    return Hits([names[place] for place in order], scores[order].astype(np.float32))


def _with_vectors(records: pa.Table, vectors: pa.Table) -> pa.Table:
    """Records with the vectors of their present text; null where there is none."""
    keys = zip(vectors["id"].to_pylist(), vectors["digest"].to_pylist(), strict=True)
    place = {key: row for row, key in enumerate(keys)}
    wanted = zip(records["id"].to_pylist(), records["digest"].to_pylist(), strict=True)
    rows = pa.array([place.get(key) for key in wanted], pa.int64())
    for column in ("vector", "segments"):
        records = records.append_column(column, vectors[column].take(rows))
    return records


def _in_order(table: pa.Table, ids: Sequence[str]) -> pa.Table:
    place = {name: row for row, name in enumerate(table["id"].to_pylist())}
    return table.take(pa.array([place[name] for name in ids if name in place], pa.int64()))


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
