"""Rule packs over 1, 1,000 and 1,000,000 rows: seconds, processor time, peak memory; the same rule in plain Python.

    python -m benchmarks.rules [--rows 1000000]

Each size runs in a process of its own, so that the peak is its own. `verdict` gives outcome and score, `reasons` also
sentences in both languages, every item and what to supply. Others may share the machine: seconds are told by the clock
and by processor time. Plain Python decides the high-tech rule for one row after the other, without a word of reasons,
and must come to the same outcomes.
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


def plain(rows: int) -> dict[str, float]:
    """The high-tech rule written out in Python, over rows."""
    from rongtong.engines.rules import assess_table, shipped

    pack = shipped().load(PACKS[0], DAY)
    table = facts(pack, rows)
    listed = list(table.iter_rows(named=True))
    start = time.process_time()
    found = [high_tech(row) for row in listed]
    seconds = time.process_time() - start
    outcomes = assess_table(pack, table, DAY, "verdict")["outcome"].to_list()
    return {"seconds": seconds, "same": sum(one == other for one, other in zip(found, outcomes, strict=True)) / rows}


def high_tech(row: dict[str, Any]) -> str:
    """Outcome by the national high-tech rule, without the experts' marks."""
    gates = [_gate(row["registered_on"], lambda day: (DAY - day).days >= 365)]
    gates += [row["owns_core_ip"], row["in_field"], row["no_accident"]]
    gates.append(_least(row["tech_staff"], row["staff"], 10))
    gates.append(_intensity(row))
    gates.append(_least(row["rd_3y_domestic"], row["rd_3y"], 60))
    gates.append(_least(row["high_tech_income_last"], row["income_last"], 60))
    low, high = (sum(part) for part in zip(*_points(row), strict=True))
    if False in gates or high < 71:
        return "failed"
    return "undetermined" if None in gates or low < 71 else "passed"


def _gate(value: Any, holds: Callable[[Any], bool]) -> bool | None:
    return None if value is None else holds(value)


def _least(over: int | None, under: int | None, percent: int) -> bool | None:
    return None if over is None or not under else over * 100 >= percent * under


def _intensity(row: dict[str, Any]) -> bool | None:
    sales = row["sales_last"]
    if sales is None:
        return None
    return _least(row["rd_3y"], row["sales_3y"], 5 if sales <= 5 * 10**9 else 4 if sales <= 2 * 10**10 else 3)


def _points(row: dict[str, Any]) -> list[tuple[int, int]]:
    one, two = row["class1_ip"], row["class2_ip"]
    number, origin = _ip_number(one, two), _ip_origin(one, two, row["own_rd_ip"])
    bonus = (0, 0) if row["led_standard"] is False else (0, 2)
    ip = (min(30, number[0] + origin[0] + bonus[0]), min(30, 16 + number[1] + origin[1] + bonus[1]))
    mean = row["conversions_3y"]
    converted = (
        (0, 30) if mean is None else _first(mean, ((15, 25, 30), (12, 19, 24), (9, 13, 18), (6, 7, 12), (3, 1, 6)))
    )
    growth = [_growth(row[name]) for name in ("net_assets_growth", "sales_growth")]
    return [ip, converted, (0, 20), *growth]


def _first(value: int, bands: tuple[tuple[int, int, int], ...]) -> tuple[int, int]:
    return next(((low, high) for edge, low, high in bands if value >= edge), (0, 0))


def _ip_number(one: int | None, two: int | None) -> tuple[int, int]:
    if one:
        return 7, 8
    by_two = (0, 6) if two is None else _first(two, ((5, 5, 6), (3, 3, 4), (1, 1, 2)))
    return (min(7, by_two[0]), 8) if one is None else by_two


def _ip_origin(one: int | None, two: int | None, own: bool | None) -> tuple[int, int]:
    has = True if one or two else None if one is None or two is None else False
    if has is False:
        return 0, 0
    most = 3 if own is False else 6
    return (1 if has else 0), most


def _growth(share: int | None) -> tuple[int, int]:
    if share is None:
        return 0, 10
    found = _first(share, ((350_000_000, 9, 10), (250_000_000, 7, 8), (150_000_000, 5, 6), (50_000_000, 3, 4)))
    return found if found != (0, 0) else ((1, 2) if share > 0 else (0, 0))


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
    parser.add_argument("--plain", type=int)
    parser.add_argument("--singles")
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(inside(options.inside[0], int(options.inside[1]), options.inside[2])))
    elif options.plain:
        print(json.dumps(plain(options.plain)))
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
    found = apart("--plain", str(min(rows, 200_000)))
    per_million = found["seconds"] * 1_000_000 / min(rows, 200_000)
    benchmark.record("plain_seconds", per_million)
    benchmark.record("plain_same", found["same"])
    benchmark.record(
        "ratio", per_million / (benchmark.found["high-tech-enterprise_verdict_all_cpu"] * 1_000_000 / rows)
    )
    benchmark.finish()


if __name__ == "__main__":
    main()
