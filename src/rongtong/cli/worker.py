"""``rongtong worker``: one process beside the portal that does what nobody waits for."""

import fcntl
import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from rongtong.cli.jobs import Job, all_jobs
from rongtong.cli.language import say
from rongtong.cli.output import err
from rongtong.site.heartbeat import Heart

app = typer.Typer(add_completion=False)
log = logging.getLogger("rongtong.worker")
IDLE_SECONDS = 1.0
ALREADY_RUNNING = 3
"""Exit code: another worker holds this data folder."""


@app.command(
    help=say("运行后台任务：到期、导入、索引、语义向量", "Run the background jobs: expiry, imports, index, vectors")
)
def worker(
    once: Annotated[
        bool, typer.Option("--once", help=say("把现有的做完就结束", "End when nothing is left to do"))
    ] = False,
    nice: Annotated[int, typer.Option(min=0, max=19, help=say("进程优先级（0–19）", "Priority (0–19)"))] = 10,
    parent: Annotated[int, typer.Option(hidden=True)] = 0,
) -> None:
    os.nice(nice)
    stop = _stop_on_signal()
    with only_one(settings.HOME), Heart(settings.HOME) as heart:
        work(all_jobs(), heart, stop, once=once, parent=parent)


def work(jobs: list[Job], heart: Heart, stop: threading.Event, *, once: bool = False, parent: int = 0) -> None:
    """Try every job that is due, round after round, until ``stop`` (or, with ``once``, until nothing is left).

    ``parent`` is the process that started this one: when it is gone, so is the reason to go on.
    """
    while not stop.is_set() and not _orphaned(parent):
        done = sum(_attempt(job, heart, stop) for job in jobs if job.due())
        heart.doing("")
        if once and not done:
            return
        if not done:
            stop.wait(IDLE_SECONDS)


def _attempt(job: Job, heart: Heart, stop: threading.Event) -> int:
    def report(done: int, total: int) -> None:
        heart.doing(job.name, done, total)
        if stop.is_set():
            raise SystemExit(0)  # leaves through the job's transaction, which is undone

    heart.doing(job.name)
    return job.attempt(report)


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the data folder: two workers would index and import everything twice."""
    with (home / "worker.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            err.print(say(f"{home} 已有后台任务在运行。", f"Another worker is at work on {home}."), highlight=False)
            raise SystemExit(ALREADY_RUNNING) from None
        yield


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _orphaned(parent: int) -> bool:
    return bool(parent) and os.getppid() != parent
