"""What every test stands on: a data folder of its own, whatever RONGTONG_HOME says outside."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

_MADE = Path(tempfile.mkdtemp(prefix="rongtong-test-"))


def pytest_configure(config: pytest.Config) -> None:
    """Move the data folder (pytest-django has read the settings by now) and make passwords cheap to hash."""
    os.environ["RONGTONG_HOME"] = str(_MADE)  # for processes that a test starts
    settings.HOME = _MADE
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"home": _MADE, "limits": 0})
    settings.STATIC_ROOT = _MADE / "static"
    settings.STATIC_ROOT.mkdir()
    settings.STORAGES["default"]["OPTIONS"]["location"] = _MADE / "files"
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


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_MADE, ignore_errors=True)
