"""Every address and API operation asked by everybody, with ordinary and with hostile parameters: what was answered.

    python -m benchmarks.trials [--rounds 1] [--seed 20261122] [--people visitor,member]
    python -m benchmarks.trials --database postgresql://user@host/empty_database

In the world of `tests/trials/world.py` each closed place holds a word of its own; after each request everything that
came of it (body, headers, members of archives, mail, lines of the log) is searched for words closed to who asked, and
the request is undone. Without ``--database`` it runs on SQLite in a folder that is removed afterwards.
"""

import argparse
import logging
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.harness import Benchmark

SEED = 20261122
EXAMPLES = 20


@contextmanager
def platform(database: str) -> Iterator[None]:
    """A platform with nothing in it, standing as it does in the tests."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"RONGTONG_HOME": home, "DJANGO_SETTINGS_MODULE": "rongtong.site.settings"}
        os.environ |= {"DATABASE_URL": database, "RONGTONG_HOSTS": "localhost,testserver", "RONGTONG_ENCODER": "none"}
        import django

        django.setup()
        from django.core.management import call_command
        from django.test.utils import setup_test_environment

        from tests import conftest

        setup_test_environment()
        conftest.stand(Path(home))
        logging.getLogger().handlers.clear()  # what is refused is told in the table
        call_command("migrate", verbosity=0)
        yield


def walk(people: list[str], rounds: int, seed: int) -> tuple[Any, dict[str, float]]:
    """The tally of the whole walk, and its figures."""
    from rongtong.domain.foundation.sealing import suites
    from rongtong.domain.registry import indexing
    from tests.trials.trial import Trial
    from tests.trials.world import build

    suites.SCRYPT_N = 2**10
    world = build()
    indexing.drain()
    trial = Trial(world, seed)
    names = people or list(world.people)
    begun = time.perf_counter()
    for _round in range(rounds):
        for hostile in (False, True):
            trial.every_address(names, hostile=hostile)
    spent = time.perf_counter() - begun
    return trial.tally, _figures(trial, len(names), spent)


def _figures(trial: Any, people: int, spent: float) -> dict[str, float]:
    tally, public = trial.tally, _declared_public()
    return {
        "people": people, "addresses": len(trial.addresses), "public": len(public), "requests": tally.count,
        "told": len(tally.told), "broken": len(tally.broken), "undeclared": len(tally.opened - set(public)),
        "rate": tally.count / spent,
    }  # fmt: skip


def answers(statuses: Counter[tuple[str, int]]) -> Table:
    """How often each of the people was answered with what."""
    seen = sorted({status for _name, status in statuses})
    table = Table("who asks", *(str(status) for status in seen), "together", title="Answers")
    for name in dict.fromkeys(name for name, _status in statuses):
        row = [statuses[name, status] for status in seen]
        table.add_row(name, *(str(count or "") for count in row), str(sum(row)))
    sums = [sum(count for (_name, found), count in statuses.items() if found == status) for status in seen]
    table.add_section()
    table.add_row("everybody", *map(str, sums), str(sum(sums)))
    return table


def _declared_public() -> dict[str, str]:
    from tests.trials.addresses import declared_public

    return declared_public()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--people", default="")
    parser.add_argument("--database", default="")
    options = parser.parse_args()
    benchmark = Benchmark("trials")
    with platform(options.database):
        tally, figures = walk([name for name in options.people.split(",") if name], options.rounds, options.seed)
    opened = sorted(tally.opened - set(_declared_public()))
    console = Console(width=max(Console().width, 140))
    console.print(answers(tally.statuses))
    for fault in [*tally.told[:EXAMPLES], *tally.broken[:EXAMPLES], *(f"open to strangers: {each}" for each in opened)]:
        console.print(fault, markup=False)
    for key, value in figures.items():
        benchmark.record(key, value)
    benchmark.finish()


if __name__ == "__main__":
    main()
