"""Several processes at one folder: taking turns where they must, trying again where they collided."""

import fcntl
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

ATTEMPTS = 12
LONGEST_PAUSE_SECONDS = 0.5
_CONFLICT = re.compile("conflict|preempted by concurrent", re.IGNORECASE)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds a lock among processes and threads; the system frees it when its holder dies. Not to be nested."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def retried(action: Callable[[], T]) -> T:
    """Do a write to a LanceDB table, again when another writer's commit came in between.

    LanceDB has no exception of its own for this: it raises RuntimeError and says so in words.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            return action()
        except RuntimeError as error:
            if not _CONFLICT.search(str(error)):
                raise
            time.sleep(random.uniform(0, LONGEST_PAUSE_SECONDS) * attempt / ATTEMPTS)
    return action()
