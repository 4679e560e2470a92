"""A table assessed one row after the other: exact for figures of any size, and slow."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

import polars as pl

from rongtong.engines.rules.assess import assess
from rongtong.engines.rules.assessment import Assessment
from rongtong.engines.rules.evaluate import quantities
from rongtong.engines.rules.facts import row_facts
from rongtong.engines.rules.pack import Pack
from rongtong.engines.rules.peers import FINE, Peers
from rongtong.engines.rules.row import value
from rongtong.engines.rules.values import Value

TRUTHS = {"passed": True, "failed": False, "undetermined": None}
OUTCOME = pl.Enum(list(TRUTHS))


def by_rows(pack: Pack, facts: pl.DataFrame, as_of: date, detail: str) -> pl.DataFrame:
    """The columns of :func:`~.table.assess_table`."""
    peers = peers_by_rows(pack, facts, as_of)
    found = [assess(pack, row, as_of, peers, with_remedies=False) for row in _rows(pack, facts)]
    rows = [_reasons(each) if detail == "reasons" else _verdict(each) for each in found]
    names = list(rows[0]) if rows else ["outcome"]
    kept = [facts[name] for name in facts.columns if name not in pack.inputs]
    columns = [pl.Series(name, [row[name] for row in rows], strict=False) for name in names]
    return pl.DataFrame([*kept, *columns]).with_columns(pl.col("outcome").cast(OUTCOME))


def peers_by_rows(pack: Pack, facts: pl.DataFrame, as_of: date) -> Peers:
    """The groups of :func:`~.table.peers_of`."""
    items = [item for item in pack.items.values() if item.form == "peer"]
    groups: dict[str, dict[str, list[int]]] = {item.id: {} for item in items}
    for facts_of_row in _rows(pack, facts) if items else ():
        row = quantities(pack, facts_of_row, as_of)
        for item in items:
            found = None if item.value is None else value(item.value, row)
            group = "" if item.group is None else value(item.group, row)
            if group is not None and isinstance(found, (int, Fraction)):
                groups[item.id].setdefault(str(group), []).append(floor(found * FINE))
    return Peers({name: {key: tuple(sorted(found)) for key, found in each.items()} for name, each in groups.items()})


def _rows(pack: Pack, facts: pl.DataFrame) -> Iterator[dict[str, Value]]:
    return (row_facts(pack, row) for row in facts.iter_rows(named=True))


def _verdict(found: Assessment) -> dict[str, Any]:
    score = {} if found.low is None else {"score_low": _figure(found.low), "score_high": _figure(found.high)}
    return {"outcome": found.outcome, **score}


def _reasons(found: Assessment) -> dict[str, Any]:
    return {
        **_verdict(found),
        "because": found.because,
        "reasons_zh": "\n".join(reason.zh for reason in found.reasons),
        "reasons_en": "\n".join(reason.en for reason in found.reasons),
        "to_supply": ",".join(found.missing),
        **{f"gate.{each.id}": TRUTHS[each.outcome] for each in found.findings},
        **{f"low.{item.id}": _figure(item.low) for item in found.items},
        **{f"high.{item.id}": _figure(item.high) for item in found.items},
        **{f"out.{each.id}": _output(each.value) for each in found.outputs},
    }


def _output(found: Value) -> Any:
    return _figure(found) if isinstance(found, Fraction) else found


def _figure(number: Fraction | None) -> float | int | None:
    return None if number is None else int(number) if number.denominator == 1 else float(number)
