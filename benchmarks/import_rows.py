"""Import of 100,000 achievements from .csv and .xlsx: rows a second, peak memory, a second import that changes nothing.

    python -m benchmarks.import_rows [--rows 100000]

Each format runs in a process and a data folder of its own (SQLite), so that the peak is its own; rows are counted by
the second on the wall and, since others may share the machine, by the second of processor time. Reading the file alone,
in the same process, stands beside it. The rows are made of shipped technical words: 260 characters in twelve columns.
"""

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

HEADINGS = ("外部编号", "成果名称", "解决的问题", "技术原理与方案", "关键词", "关键参数", "自评技术成熟度", "所处阶段",
            "意向价格", "完成单位", "技术领域", "完成日期")  # fmt: skip


def rows(count: int) -> Iterator[list[str | int]]:
    """Rows that differ, with every type of cell that an achievement has."""
    words = (files("rongtong") / "packs" / "dictionaries" / "technical.txt").read_text(encoding="utf-8").split()
    chance = random.Random(7)
    for number in range(count):
        text = "".join(chance.choices(words, k=24))
        principle = "，".join(chance.choices(words, k=24))
        yield [
            f"E{number:06d}",
            "".join(chance.choices(words, k=4)),
            f"解决{text[:100]}的问题。",
            f"{principle[:140]}。",
            "；".join(chance.choices(words, k=4)),
            f"热导率 <= {chance.random():.3f} W/(m·K); 强度 >= {chance.randint(1, 99)} MPa",
            chance.randint(1, 9),
            "中试",
            chance.randint(1, 99) * 10_000,
            "云岭示例大学",
            "MAT03",
            "2024-05-06",
        ]


def write(path: Path, count: int) -> None:
    """The rows as a file of the format its name says."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADINGS, *rows(count)])
        return
    import xlsxwriter

    workbook = xlsxwriter.Workbook(path, {"constant_memory": True})
    page = workbook.add_worksheet()
    for index, row in enumerate([HEADINGS, *rows(count)]):
        page.write_row(index, 0, row)
    workbook.close()


def one(path: Path) -> dict[str, float]:
    """Check and import one file twice, in this process."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from rongtong.domain.foundation.actors import system_actor
    from rongtong.domain.registry.exchange import jobs
    from rongtong.domain.registry.exchange.actions import confirm_import, upload_file
    from rongtong.domain.registry.exchange.tables import open_table

    actor, figures = system_actor("benchmark"), {}
    for turn in ("first", "again"):
        wall, cpu = time.perf_counter(), time.process_time()
        with path.open("rb") as file:
            job = upload_file(actor=actor, kind="achievement", file=file, name=path.name, no_secrets=True)
        job = jobs.run(job)
        checked = time.process_time()
        job = jobs.run(confirm_import(actor=actor, job=job))
        count = job.counts["rows"]
        figures[f"check_{turn}"] = count / (checked - cpu)
        figures[f"write_{turn}"] = count / (time.process_time() - checked)
        figures[f"cpu_{turn}"] = count / (time.process_time() - cpu)
        figures[f"wall_{turn}"] = count / (time.perf_counter() - wall)
        figures[f"created_{turn}"] = job.counts["created"]
    figures["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.process_time()
    figures["read"] = sum(1 for _row in open_table(path).rows()) / (time.process_time() - start)
    return figures


def apart(path: Path) -> dict[str, float]:
    """The figures of :func:`one` from a process with a data folder of its own."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "RONGTONG_HOME": home, "DJANGO_SETTINGS_MODULE": "rongtong.site.settings"}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "benchmarks.import_rows", "--one", str(path)]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--one", type=Path)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.one)))
        return
    from benchmarks.harness import Benchmark

    benchmark = Benchmark("import_rows")
    with tempfile.TemporaryDirectory() as folder:
        for form in ("csv", "xlsx"):
            path = Path(folder) / f"rows.{form}"
            write(path, options.rows)
            figures = apart(path)
            for key, value in figures.items():
                benchmark.record(f"{form}_{key}", value)
            benchmark.record(f"{form}_share", figures["cpu_first"] / figures["read"])
    benchmark.finish()


if __name__ == "__main__":
    main()
