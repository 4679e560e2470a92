"""Kills every action at the boundaries of its statements, in forked processes, and tells what each kill left.

Run as ``killed.py few|all [name…]`` on the database of DATABASE_URL and in RONGTONG_HOME: an object of JSON by action.
"""

import gc
import hashlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "rongtong.site.settings"
django.setup()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from rongtong.domain.foundation import audit, clock  # noqa: E402
from rongtong.domain.foundation.errors import DomainError  # noqa: E402
from rongtong.domain.foundation.ids import new_id  # noqa: E402
from rongtong.domain.foundation.sealing import suites  # noqa: E402
from tests import factories  # noqa: E402
from tests.foundation.test_actions import PERFORMED  # noqa: E402
from tests.trials.intercepted import Attempt, at_the_door  # noqa: E402

TABLES = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
DONE, REFUSED, FAILED, KILLED = 0, 3, 1, -signal.SIGKILL
_create = factories.create_account


def _create_another(**facts: Any) -> object:
    """People of one name come up again and again in one database; here each gets a number."""
    return _create(**facts | {"username": f"{facts['username']}-{new_id().hex[-10:]}"})


factories.create_account = _create_another  # type: ignore[assignment]  # as above
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
suites.SCRYPT_N = 2**10


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def at_statement(number: int) -> Callable[[], None]:
    """Let the process die before its statement of that number."""

    def arm() -> None:
        left = [number]

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                die()
            return execute(sql, params, many, context)

        connection.execute_wrappers.append(count)
        at_commit(after=False)()  # where it takes fewer statements than the time before

    return arm


def at_commit(*, after: bool) -> Callable[[], None]:
    """Let it die when the transaction would be committed, or when it has been and nothing else has been done."""

    def arm() -> None:
        commit = connection._commit

        def dying() -> None:
            if after:
                commit()
            die()

        connection._commit = dying

    return arm


def counting(told: Any) -> Callable[[], None]:
    """Write down one byte for each statement, and die before anything is committed."""

    def arm() -> None:
        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            os.write(told, b".")
            return execute(sql, params, many, context)

        connection.execute_wrappers.append(count)
        at_commit(after=False)()

    return arm


def apart(attempt: Attempt, arm: Callable[[], None]) -> int:
    """How an attempt in a process of its own ended."""
    connection.close()
    gc.freeze()  # a collection in the child would copy every page that the two share
    child = os.fork()
    if child == 0:
        try:
            connection.ensure_connection()
            arm()
            attempt()
        except DomainError:
            os._exit(REFUSED)
        except BaseException:  # noqa: BLE001  # a forked process must not return into the parent's code
            traceback.print_exc()
            os._exit(FAILED)
        os._exit(DONE)
    _pid, status = os.waitpid(child, 0)
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def snapshot() -> dict[str, str]:
    """Every table by the hash of its rows."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(map(repr, cursor.fetchall()))
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    connection.close()
    return found


def statements(attempt: Attempt) -> int:
    """How many statements an attempt takes up to its commit; it is killed there."""
    read, write = os.pipe()
    ended = apart(attempt, counting(write))
    os.close(write)
    with os.fdopen(read, "rb") as told:
        count = len(told.read())
    return count if ended == KILLED else -1


class Kill:
    """Tries one action: where it was killed, and every place at which something was wrong afterwards."""

    def __init__(self, every: bool) -> None:
        self.every, self.kills, self.wrong = every, 0, []

    wrong: list[str]

    def __call__(self, attempt: Attempt) -> None:
        before = snapshot()
        self._chains("before")
        count = statements(attempt)
        self._same(before, "counted")
        if count < 0:
            self.wrong.append("it never came to a commit")
        for number in range(1, count + 1) if self.every else sorted({1, max(1, count // 2), max(1, count)}):
            self._killed(apart(attempt, at_statement(number)), f"statement {number}")
            self._same(before, f"statement {number}")
        self._killed(apart(attempt, at_commit(after=True)), "after the commit")
        self._other(before)
        if apart(attempt, lambda: None) == FAILED:
            self.wrong.append("the next attempt failed")
        self._chains("the next attempt")

    def _killed(self, ended: int, where: str) -> None:
        self.kills += 1
        if ended != KILLED:
            self.wrong.append(f"{where}: ended with {ended}")

    def _same(self, before: dict[str, str], where: str) -> None:
        now = snapshot()
        changed = [table for table in before if before[table] != now[table]]
        if changed:
            self.wrong.append(f"{where}: changed {changed}")
            self._chains(where)  # where no row differs, the chains hold as they did before

    def _other(self, before: dict[str, str]) -> None:
        if snapshot() == before:
            self.wrong.append("committed, and nothing was written")
        self._chains("after the commit")

    def _chains(self, where: str) -> None:
        faults = [found.fault for found in audit.verify_all() if found.fault]
        connection.close()
        if faults:
            self.wrong.append(f"{where}: {faults}")


def main(how: str, names: list[str]) -> None:
    if connection.vendor == "sqlite":
        settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}  # the tables as they are now
        call_command("migrate", run_syncdb=True, verbosity=0)
    told = {}
    for name in names or list(PERFORMED):
        kill = Kill(how == "all")
        clock._back.set(timedelta(0))  # the hour that the scene before was played at
        alone = at_the_door(name, PERFORMED[name], kill)
        told[name] = {"alone": alone, "kills": kill.kills, "wrong": kill.wrong}
    sys.stdout.write(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
