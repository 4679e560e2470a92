"""What every test stands on: a data folder of its own, set before Django reads its settings."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_MADE = Path(tempfile.mkdtemp(prefix="rongtong-test-"))
os.environ["RONGTONG_HOME"] = str(_MADE)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_MADE, ignore_errors=True)
