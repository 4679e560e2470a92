"""How often one may knock: sliding windows that hold over several threads and processes of a machine.

They are counted in a small database of their own in the data folder, because the records' database may be held for a
minute by an import, and a page must not wait for that. Several machines count for themselves.
"""

import hashlib
import logging
import math
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import DomainError

log = logging.getLogger("rongtong.limits")
FILE = "limits.sqlite3"
PATIENCE_SECONDS = 1.0
SCHEMA = """
CREATE TABLE IF NOT EXISTS uses (
    key TEXT NOT NULL, place INTEGER NOT NULL, count INTEGER NOT NULL, ends REAL NOT NULL, PRIMARY KEY (key, place)
) WITHOUT ROWID
"""
COUNT = """
INSERT INTO uses VALUES (?, ?, 1, ?)
ON CONFLICT (key, place) DO UPDATE SET count = count + 1 WHERE count < ? RETURNING count
"""


class TooMany(DomainError):
    """Somebody asks too often; ``retry_after`` says in how many seconds they may again."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` uses in any ``seconds``."""

    most: int
    seconds: int


LIMITS = {
    "sign-in": Limit(60, 300),  # an office behind one address signs in at nine
    "code": Limit(60, 300),
    "forgotten": Limit(10, 3600),
    "link": Limit(60, 600),
    "search": Limit(120, 60),
    "match": Limit(30, 60),
    "upload": Limit(60, 3600),
    "receipt": Limit(60, 60),
    "objection": Limit(20, 3600),
    "api": Limit(1200, 60),
    "api-visitor": Limit(300, 60),
}


def take(name: str, who: str) -> None:
    """Count one use of ``name`` by ``who`` (an address, an account, a key); raise TooMany when there were too many.

    A use that is refused is not counted, so that who keeps knocking is let in when their time has come.
    """
    limit, times = LIMITS[name], settings.ENVIRONMENT.limits
    if not times:
        return
    most = max(1, math.floor(limit.most * times))
    try:
        wait = _use(_key(name, who), most, limit.seconds, time.time())
    except sqlite3.Error as error:
        # Without its file nobody would be let in at all; the sign-in's own waits stand in the records' database.
        log.error("limits are not counted: %s", error)
        return
    if wait:
        raise TooMany(_("操作太频繁，请在 %(seconds)d 秒后再试。") % {"seconds": wait}, wait)


def sweep() -> int:
    """Forget windows that have passed; answers how many."""
    with _base.held() as base:
        return base.execute("DELETE FROM uses WHERE ends < ?", (time.time(),)).rowcount


def _use(key: str, most: int, seconds: int, now: float) -> int:
    """Count, and answer 0; or leave it and answer how many seconds to wait."""
    place, elapsed = int(now // seconds), now % seconds
    with _base.held() as base:
        row = base.execute("SELECT count FROM uses WHERE key = ? AND place = ?", (key, place - 1)).fetchone()
        before = row[0] if row else 0
        # Of the window before, the part counts that still lies within the last ``seconds``.
        room = most - math.ceil(before * (1 - elapsed / seconds))
        if room > 0 and base.execute(COUNT, (key, place, (place + 2) * seconds, room)).fetchone():
            return 0
    return max(1, math.ceil(seconds - elapsed))


class _Base:
    """One connection of this process, used by one thread at a time: to open the file costs more than to count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._where: tuple[Path, int] | None = None
        self._open: sqlite3.Connection | None = None

    @contextmanager
    def held(self) -> Iterator[sqlite3.Connection]:
        """The connection to the present data folder's file; a forked process opens its own."""
        with self._lock:
            where = (Path(settings.HOME) / FILE, os.getpid())
            if self._open is None or where != self._where:
                if self._open is not None and self._where and self._where[1] == where[1]:
                    self._open.close()
                self._open, self._where = None, where
                self._open = _opened(where[0])
            yield self._open


_base = _Base()


def _opened(path: Path) -> sqlite3.Connection:
    fresh = not path.exists()
    base = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
    base.execute("PRAGMA synchronous = OFF")  # a count lost with the machine's power is no loss
    if fresh:
        with suppress(sqlite3.OperationalError):  # another of several firsts is doing so just now
            base.execute("PRAGMA journal_mode = WAL")
    base.execute(SCHEMA)
    return base


def _key(name: str, who: str) -> str:
    return hashlib.sha256(f"{name}\0{who}".encode()).hexdigest()[:32]
