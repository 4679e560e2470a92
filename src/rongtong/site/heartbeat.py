"""The worker's sign of life: a small file in the data folder, renewed every few seconds."""

import json
import os
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

EVERY_SECONDS = 5.0
DEAD_AFTER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Beat:
    """What the worker was doing at ``at`` (UTC, ISO 8601): which job, and how many of how many."""

    pid: int
    at: str
    job: str = ""
    done: int = 0
    total: int = 0

    def age(self) -> float:
        """Seconds since."""
        return (datetime.now(UTC) - datetime.fromisoformat(self.at)).total_seconds()

    @property
    def alive(self) -> bool:
        return self.age() < DEAD_AFTER_SECONDS


def last_beat(home: Path) -> Beat | None:
    """The last sign of life under ``home``, or None when there never was one (or it cannot be read)."""
    try:
        return Beat(**json.loads(_path(home).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


class Heart:
    """Beats from a thread while the worker is at work; ``doing`` says at what."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._doing = ("", 0, 0)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def doing(self, job: str, done: int = 0, total: int = 0) -> None:
        self._doing = (job, done, total)

    def __enter__(self) -> Self:
        self._beat()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()
        _path(self._home).unlink(missing_ok=True)

    def _run(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            self._beat()

    def _beat(self) -> None:
        beat = Beat(os.getpid(), datetime.now(UTC).isoformat(timespec="seconds"), *self._doing)
        beside = _path(self._home).with_suffix(".new")
        beside.write_text(json.dumps(asdict(beat)), encoding="utf-8")
        beside.replace(_path(self._home))


def _path(home: Path) -> Path:
    return home / "worker.json"
