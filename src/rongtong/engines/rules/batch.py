"""A file of facts through a pack into a file of results."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from rongtong.engines.rules.assess import assess
from rongtong.engines.rules.facts import Facts, stored_facts
from rongtong.engines.rules.files import read_table, write_table
from rongtong.engines.rules.pack import Pack
from rongtong.engines.rules.peers import Peers
from rongtong.engines.rules.table import assess_table, peers_of

MOST_ADVISED = 1000
"""Rows up to which remedies and shortest lists are worked out unless asked for; one may take tenths of a second."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was done: rows by outcome, inputs without a column, whether remedies were worked out."""

    rows: int
    outcomes: dict[str, int]
    absent: tuple[str, ...]
    advised: bool


def assess_file(pack: Pack, facts: Path, out: Path, as_of: date, advise: bool | None = None) -> Summary:
    """Assess a file; raises :class:`~.facts.FactsError` with every problem, and then nothing is written.

    ``advise``: whether ``missing`` (the shortest list) and ``remedies_…`` are worked out row by row; by default up to
    :data:`MOST_ADVISED` rows.
    """
    read = stored_facts(pack, read_table(facts))
    result = assess_table(pack, read.frame, as_of)
    advised = len(result) <= MOST_ADVISED if advise is None else advise
    if advised:
        result = result.hstack(_advice(pack, read, as_of, peers_of(pack, read.frame, as_of)))
    identity = {"pack": pack.id, "version": pack.version.isoformat(), "digest": pack.digest, "as_of": as_of.isoformat()}
    write_table(result.with_columns(pl.lit(value).alias(name) for name, value in identity.items()), out)
    return Summary(len(result), dict(Counter(result["outcome"].to_list())), read.absent, advised)


def _advice(pack: Pack, facts: Facts, as_of: date, peers: Peers) -> pl.DataFrame:
    rows = [assess(pack, facts.row(pack, index), as_of, peers) for index in range(len(facts.frame))]
    return pl.DataFrame(
        {
            "missing": [",".join(each.missing) for each in rows],
            "remedies_zh": ["\n".join(advice.said.zh for advice in each.remedies) for each in rows],
            "remedies_en": ["\n".join(advice.said.en for advice in each.remedies) for each in rows],
        },
        schema=dict.fromkeys(("missing", "remedies_zh", "remedies_en"), pl.String),
    )
