"""Transactions that would rather give up than wait for long: a page is not held up by an import for minutes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import TryLater

_LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's code when lock_timeout has passed


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """A transaction that waits so long for each lock. Raises TryLater when it did not get one.

    Within another transaction it only joins that one, which has done its waiting.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    try:
        with _patience(seconds), transaction.atomic():
            if connection.vendor == "postgresql":
                _execute(f"SET LOCAL lock_timeout = '{int(seconds * 1000)}ms'")
            yield
    except OperationalError as error:
        if not _waited_in_vain(error):
            raise
        raise TryLater(_("平台正在写入大批数据，这一步现在登记不了，因此没有完成。请过一分钟再试。")) from error


@contextmanager
def _patience(seconds: float) -> Iterator[None]:
    """SQLite has one lock for all, asked for when the transaction begins: its patience belongs to the connection."""
    if connection.vendor != "sqlite":
        yield
        return
    usual = connection.settings_dict.get("OPTIONS", {}).get("timeout", 5)
    _execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
    try:
        yield
    finally:
        _execute(f"PRAGMA busy_timeout = {int(usual * 1000)}")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _waited_in_vain(error: OperationalError) -> bool:
    return "locked" in str(error) or getattr(error.__cause__, "sqlstate", "") == _LOCK_NOT_AVAILABLE
