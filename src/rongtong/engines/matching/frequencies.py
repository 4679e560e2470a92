"""How often the terms of a store occur: kept in a file beside it, counted again when the store has moved on.

Rarity changes slowly. The counts may lag behind by a fiftieth of the records before they are made anew, so that saving
one record never costs a pass over all of them.
"""

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import get_ident

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rongtong.engines.matching.channel import Counts

CHANNELS = ("words", "bigrams")
TOLERATED_LAG = 0.02


@dataclass(frozen=True)
class Statistics:
    """The counts of both channels over the whole store."""

    words: Counts
    bigrams: Counts

    @property
    def records(self) -> int:
        """Records counted."""
        return self.words.records

    def fits(self, records: int) -> bool:
        """Whether the counts are recent enough for a store of so many records."""
        return abs(records - self.records) <= TOLERATED_LAG * records


def count(batches: Iterable[pa.RecordBatch]) -> Statistics:
    """One pass over the columns `words` and `bigrams`."""
    frequencies: dict[str, Counter[str]] = {channel: Counter() for channel in CHANNELS}
    lengths = dict.fromkeys(CHANNELS, 0)
    records = 0
    for batch in batches:
        records += batch.num_rows
        for channel in CHANNELS:
            for tokens in batch.column(channel).to_pylist():
                parts = tokens.split(" ") if tokens else []
                lengths[channel] += len(parts)
                frequencies[channel].update(set(parts))
    words, bigrams = (Counts(records, lengths[each] / max(records, 1), frequencies[each]) for each in CHANNELS)
    return Statistics(words, bigrams)


def write(statistics: Statistics, path: Path) -> None:
    """Written beside and renamed, so that a reader sees the old file or the new one."""
    tables = [_table(channel, getattr(statistics, channel)) for channel in CHANNELS]
    totals = {f"{each}.mean_length": str(getattr(statistics, each).mean_length) for each in CHANNELS}
    table = pa.concat_tables(tables).replace_schema_metadata({"records": str(statistics.records), **totals})
    draft = path.with_suffix(f".{os.getpid()}.{get_ident()}.draft")
    pq.write_table(table, draft)
    draft.replace(path)


def read(path: Path) -> Statistics | None:
    """The counts in a file; None when there is none or it cannot be read (they can be made again)."""
    try:
        table = pq.read_table(path)
        metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
        words, bigrams = (_counts(table, channel, metadata) for channel in CHANNELS)
    except (OSError, KeyError, ValueError, pa.ArrowInvalid):
        return None
    return Statistics(words, bigrams)


def _table(channel: str, counts: Counts) -> pa.Table:
    terms = pa.array(counts.frequencies.keys(), pa.string())
    frequencies = pa.array(np.fromiter(counts.frequencies.values(), np.int64, len(terms)))
    return pa.table({"channel": pa.array([channel] * len(terms)), "term": terms, "frequency": frequencies})


def _counts(table: pa.Table, channel: str, metadata: dict[str, str]) -> Counts:
    chosen = table.filter(pc.equal(table["channel"], channel))
    frequencies = dict(zip(chosen["term"].to_pylist(), chosen["frequency"].to_pylist(), strict=True))
    return Counts(int(metadata["records"]), float(metadata[f"{channel}.mean_length"]), frequencies)
