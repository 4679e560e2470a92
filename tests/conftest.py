"""What every test stands on: a data folder of its own, whatever RONGTONG_HOME says outside."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

_MADE = Path(tempfile.mkdtemp(prefix="rongtong-test-"))


def pytest_configure(config: pytest.Config) -> None:
    """Move the data folder (pytest-django has read the settings by now) and make passwords cheap to hash."""
    os.environ["RONGTONG_HOME"] = str(_MADE)  # for processes that a test starts
    settings.HOME = _MADE
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"home": _MADE})
    settings.STATIC_ROOT = _MADE / "static"
    settings.STATIC_ROOT.mkdir()
    settings.STORAGES["default"]["OPTIONS"]["location"] = _MADE / "files"
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_MADE, ignore_errors=True)
