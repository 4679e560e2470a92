"""What time it is, for what must not happen too early or too late. Never an argument of an action.

Two clocks are asked, the process's and the database's, and the stricter one counts: an envelope is late when either
says so, a box is opened when both say so. A clock that is wrong on one machine can then delay, but not favour.
"""

from datetime import UTC, datetime

from django.db import connection

from rongtong.domain.foundation import clock


def has_come(hour: datetime) -> bool:
    """Whether ``hour`` has come by both clocks."""
    return min(_clocks()) >= hour


def is_past(hour: datetime) -> bool:
    """Whether ``hour`` has come by either clock."""
    return max(_clocks()) >= hour


def now() -> datetime:
    """The later of the two clocks, so that nothing is dated before it can have happened."""
    return max(_clocks())


def _clocks() -> tuple[datetime, datetime]:
    return _process_clock(), _database_clock()


def _process_clock() -> datetime:
    return clock.now()


def _database_clock() -> datetime:
    """SQLite has no clock but the process's; PostgreSQL's runs on while a transaction waits for a lock."""
    if connection.vendor != "postgresql":
        return _process_clock()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found.astimezone(UTC) - clock.told_back()
