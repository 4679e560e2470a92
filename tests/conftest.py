"""What every test stands on: a data folder of its own, whatever RONGTONG_HOME says outside."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection
from django.db.models.signals import post_migrate
from django.http import HttpRequest
from django.utils import translation

MADE = pytest.StashKey[Path]()
COMMITTING = frozenset({"transactional_db", "live_server"})
DATABASES = frozenset({"db", "django_db_setup", *COMMITTING})


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MADE] = made = Path(tempfile.mkdtemp(prefix="rongtong-test-"))
    os.environ["RONGTONG_HOME"] = str(made)  # for processes that a test starts
    stand(made)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What touches a database is marked; what is long comes first, so that at the end no worker waits for another."""
    for item in items:
        if item.get_closest_marker("django_db") or DATABASES & set(_fixtures(item)):
            item.add_marker("database")
    items.sort(key=lambda item: (_commits(item), not item.get_closest_marker("slow")))


def _commits(item: pytest.Item) -> bool:
    """Whether its rows are deleted afterwards; such tests come last."""
    marked = item.get_closest_marker("django_db")
    return bool(marked and marked.kwargs.get("transaction")) or bool(COMMITTING & set(_fixtures(item)))


def _fixtures(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


def stand(folder: Path) -> None:
    """Move the data folder (the settings have been read by now), let words alone answer, and hash passwords cheaply.

    The encoder takes a second and hundreds of megabytes to open; the tests that are about vectors ask for it.
    """
    settings.HOME = folder
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"home": folder, "limits": 0, "encoder": "none"})
    settings.STATIC_ROOT = folder / "static"
    settings.STATIC_ROOT.mkdir()
    settings.STORAGES["default"]["OPTIONS"]["location"] = folder / "files"
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def open_forced(sender: object, request: HttpRequest, user: Any, **more: object) -> None:
    """``Client.force_login`` goes past the door: give it the session that the door opens, a code shown and all."""
    if request.method is not None:
        return
    from rongtong.domain.parties.signing.sessions import open_session

    opened = open_session(user, how="password", two_factors=True)
    request.session["sign_in"] = str(opened.pk)


user_logged_in.connect(open_forced)


@pytest.fixture(scope="session", autouse=True)
def emptied_by_rows() -> None:
    """After a test that commits, its rows are deleted: to truncate a hundred tables that hold a few takes seconds.

    What Django would write into the empty ones again (permissions, content types) nobody reads.
    """
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    if connection.vendor == "postgresql":
        type(connection.ops).sql_flush = _deletions  # type: ignore[method-assign, assignment]  # the same with fewer names


def _deletions(operations: Any, style: Any, tables: list[str], **ways: Any) -> list[str]:
    return [f"DELETE FROM {operations.quote_name(table)};" for table in tables]


@pytest.fixture(scope="session", autouse=True)
def cheap_passphrases() -> None:
    """A guess at a passphrase costs little here; what it costs in life is asked of the source, in test_seal_keys."""
    from rongtong.domain.foundation.sealing import suites

    suites.SCRYPT_N = 2**10


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A page in English leaves its language to the thread: the next test begins in its own."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def own_hour() -> Iterator[None]:
    """Whatever hour a test has moved the platform to, the next one begins at the machine's."""
    from rongtong.domain.foundation import clock

    token = clock._back.set(clock.told_back())
    yield
    clock._back.reset(token)


@pytest.fixture
def index() -> Iterator[ModuleType]:
    """An index that this test has to itself."""
    from rongtong.domain.registry import indexing

    indexing.forget()
    indexing.store().clear()
    yield indexing
    indexing.forget()


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[MADE], ignore_errors=True)
