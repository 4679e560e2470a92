"""Rule packs over 1, 1,000 and 1,000,000 rows: seconds, processor time, peak memory; the same rule in plain Python.

    python -m benchmarks.rules [--rows 1000000]

Each size runs in a process of its own, so that the peak is its own. `verdict` gives outcome and score, `reasons` also
sentences in both languages, every item and what to supply. Others may share the machine: seconds are told by the clock
and by processor time. Plain Python (`plain_rules.py`) decides each rule for one row after the other, without a word of
reasons, and must come to the same outcomes.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

PACKS = ("cn.high-tech-enterprise", "cn.tech-sme", "cn.srdi-sme", "cn.33.revenue-split")
DAY = date(2026, 6, 30)
SINGLES = 200


def facts(pack: Any, rows: int) -> Any:
    """Made-up facts in stored columns: amounts round the sizes the rules speak of, one in fifty unknown."""
    import polars as pl

    from rongtong.engines.rules.columns import DTYPES

    chance = np.random.default_rng(7)
    columns = {}
    for name, asked in pack.inputs.items():
        if asked.judged:
            continue
        found = pl.Series(name, _column(asked, chance, rows)).cast(DTYPES[asked.type])
        known = pl.Series(chance.random(rows) >= 0.02)
        columns[name] = pl.select(pl.when(known).then(found)).to_series()
    return pl.DataFrame(columns)


def _column(asked: Any, chance: Any, rows: int) -> Any:
    match asked.type:
        case "money":
            return (10 ** chance.uniform(8, 11, rows)).astype(np.int64)
        case "count":
            return chance.integers(0, 300 if "staff" in asked.id else 12, rows)
        case "share":
            return (chance.uniform(0, 0.5, rows) * 10**6).astype(np.int64) * 1000
        case "number":
            return chance.integers(0, 100, rows) * 10**6
        case "flag":
            return chance.random(rows) < 0.9
        case "date":
            return chance.integers(15_000, 20_500, rows).astype(np.int32)
        case "choice":
            return np.array(sorted(asked.options))[chance.integers(0, len(asked.options), rows)]
        case "choices":
            return [[code] for code in np.array(sorted(asked.options))[chance.integers(0, len(asked.options), rows)]]
    return chance.choice(["a", "b"], rows)


def inside(name: str, rows: int, detail: str) -> dict[str, float]:
    """One pack, one size, one detail, in this process."""
    from rongtong.engines.rules import assess_table, shipped

    pack = shipped().load(name, DAY)
    table = facts(pack, rows)
    before = peak()
    assess_table(pack, table.head(1), DAY, detail)  # type: ignore[arg-type]  # a detail by its name
    wall, cpu = time.perf_counter(), time.process_time()
    assess_table(pack, table, DAY, detail)  # type: ignore[arg-type]
    return {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "peak": peak(),
        "before": before,
    }


def peak() -> float:
    """Peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def singles(name: str) -> dict[str, float]:
    """Milliseconds for one enterprise: bare verdict, and everything with remedies."""
    from rongtong.engines.rules import assess, shipped
    from rongtong.engines.rules.evaluate import evaluate
    from rongtong.engines.rules.facts import row_facts

    pack = shipped().load(name, DAY)
    rows = [row_facts(pack, row) for row in facts(pack, SINGLES).iter_rows(named=True)]
    bare = _each(lambda row: evaluate(pack, row, DAY), rows)
    told = _each(lambda row: assess(pack, row, DAY, with_remedies=False), rows)
    return {"bare": bare, "told": told, "advised": _each(lambda row: assess(pack, row, DAY), rows[:40])}


def _each(action: Callable[[Any], Any], rows: list[Any]) -> float:
    start = time.process_time()
    for row in rows:
        action(row)
    return (time.process_time() - start) / len(rows) * 1000


def plain(name: str, rows: int) -> dict[str, float]:
    """The rule of a pack written out in Python, over rows, and the columns' verdicts on the same rows."""
    from benchmarks.plain_rules import RULES
    from rongtong.engines.rules import assess_table, shipped

    pack = shipped().load(name, DAY)
    table = facts(pack, rows)
    listed = list(table.iter_rows(named=True))
    start = time.process_time()
    found = [RULES[name](row) for row in listed]
    seconds = time.process_time() - start
    outcomes = assess_table(pack, table, DAY, "verdict")["outcome"].to_list()
    return {"seconds": seconds, "same": sum(one == other for one, other in zip(found, outcomes, strict=True)) / rows}


def apart(*arguments: str) -> dict[str, float]:
    """What this module finds in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.rules", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--inside", nargs=3, metavar=("PACK", "ROWS", "DETAIL"))
    parser.add_argument("--plain", nargs=2, metavar=("PACK", "ROWS"))
    parser.add_argument("--singles")
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(inside(options.inside[0], int(options.inside[1]), options.inside[2])))
    elif options.plain:
        print(json.dumps(plain(options.plain[0], int(options.plain[1]))))
    elif options.singles:
        print(json.dumps(singles(options.singles)))
    else:
        _report(options.rows)


def _report(rows: int) -> None:
    from benchmarks.harness import Benchmark

    benchmark = Benchmark("rules")
    for name in PACKS:
        key = name.split(".", 1)[1].replace(".", "-")
        for figure, value in apart("--singles", name).items():
            benchmark.record(f"{key}_{figure}", value)
        for size in (1000, rows):
            for detail in ("verdict", "reasons"):
                found = apart("--inside", name, str(size), detail)
                label = f"{key}_{detail}_{'1000' if size == 1000 else 'all'}"
                benchmark.record(f"{label}_wall", found["wall"])
                benchmark.record(f"{label}_cpu", found["cpu"])
                benchmark.record(f"{label}_peak", found["peak"])
        sample = min(rows, 200_000)
        found = apart("--plain", name, str(sample))
        per_row = found["seconds"] / sample
        benchmark.record(f"{key}_plain", per_row * 1_000_000)
        benchmark.record(f"{key}_plain_same", found["same"])
        benchmark.record(f"{key}_ratio", per_row / (benchmark.found[f"{key}_verdict_all_cpu"] / rows))
    benchmark.finish()


if __name__ == "__main__":
    main()
