"""A table of facts through a pack: verdict, score and reasons as columns, for three rows or a million."""

from datetime import date
from typing import Literal

import polars as pl

from rongtong.engines.rules import explained
from rongtong.engines.rules.columns import DTYPES
from rongtong.engines.rules.pack import Item, Pack
from rongtong.engines.rules.peers import Peers
from rongtong.engines.rules.program import Program, compiled
from rongtong.engines.rules.row_by_row import by_rows, peers_by_rows
from rongtong.engines.rules.whole import TooLarge, figure

OUTCOME = pl.Enum(["passed", "failed", "undetermined"])
ROW = " row"
"""No input is called so: names hold no blanks."""

Detail = Literal["verdict", "reasons"]


def assess_table(pack: Pack, facts: pl.DataFrame, as_of: date, detail: Detail = "reasons") -> pl.DataFrame:
    """One row for each row of ``facts``, in its order.

    ``facts`` holds a column for each known input, as :func:`~.facts.stored_facts` makes them; columns that are no
    inputs (names, numbers) are kept in front. ``outcome``, ``score_low`` and ``score_high`` come always; with
    ``reasons`` also

    * ``because``: what an undetermined row waits for (``inputs``, ``experts``, ``both``, ``uncomputable``),
    * ``reasons_zh``, ``reasons_en``: sentences, one a line, the same as those of a single row,
    * ``to_supply``: every missing input that something undecided rests on (a single row gives the shortest list),
    * ``gate.…``, ``low.…`` and ``high.…``, and ``out.…`` for every condition, item and output.

    A pack whose figures would not fit into 128 bits exactly is computed row by row.
    """
    try:
        return _columns(pack, facts, as_of, detail)
    except TooLarge:
        return by_rows(pack, facts, as_of, detail)


def _columns(pack: Pack, facts: pl.DataFrame, as_of: date, detail: Detail) -> pl.DataFrame:
    program = compiled(pack, as_of, len(facts))
    full = program.frame(completed(pack, facts).lazy())
    kept = [pl.col(name) for name in facts.columns if name not in pack.inputs]
    columns = [_outcome(), *_score(program)]
    if detail == "verdict":
        return full.select(*kept, *columns).collect()
    # What is decided and what is open are told apart first: the sentences of the one are not made up for the other.
    every = full.with_row_index(ROW).collect()
    parts = []
    for decided in (True, False):
        part = every.filter(pl.col("verdict").is_not_null() if decided else pl.col("verdict").is_null())
        part, more = explained.columns(program, part, decided)
        parts.append(part.select(ROW, *kept, *columns, *more))
    return pl.concat(parts).sort(ROW).drop(ROW)


def completed(pack: Pack, facts: pl.DataFrame) -> pl.DataFrame:
    """The facts with an empty column for every input that is not among them."""
    absent = [each for each in pack.inputs.values() if each.id not in facts.columns]
    return facts.with_columns(pl.lit(None, dtype=DTYPES[each.type]).alias(each.id) for each in absent)


def _outcome() -> pl.Expr:
    verdict = pl.col("verdict")
    words = (
        pl.when(verdict).then(pl.lit("passed")).when(~verdict).then(pl.lit("failed")).otherwise(pl.lit("undetermined"))
    )
    return words.cast(OUTCOME).alias("outcome")


def _score(program: Program) -> list[pl.Expr]:
    if program.total is None:
        return []
    low, high = program.total
    return [figure(low).alias("score_low"), figure(high).alias("score_high")]


def peers_of(pack: Pack, facts: pl.DataFrame, as_of: date) -> Peers:
    """The groups a table's rows are measured against, frozen: a single row assessed with them finds the same place."""
    items = [item for item in pack.items.values() if item.form == "peer"]
    if not items:
        return Peers({})
    try:
        program = compiled(pack, as_of, len(facts))
    except TooLarge:
        return peers_by_rows(pack, facts, as_of)
    full = program.frame(completed(pack, facts).lazy())
    return Peers({item.id: _groups(program, item, full) for item in items})


def _groups(program: Program, item: Item, full: pl.LazyFrame) -> dict[str, tuple[int, ...]]:
    group = pl.lit("") if item.group is None else program.scope.flag(item.group)
    values = full.select(group.alias("group"), pl.col(f"peer.{item.id}").alias("value")).drop_nulls().collect()
    return {str(name): tuple(sorted(found)) for name, found in values.group_by("group").agg("value").iter_rows()}
