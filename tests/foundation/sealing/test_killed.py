"""A process killed in the middle leaves nothing half: real processes, SIGKILL, SQLite and PostgreSQL alike."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[3]
CHILD = Path(__file__).with_name("child.py")
Told = list[dict[str, Any]]


def run(folder: Path, *arguments: str) -> Told:
    """What each killed process left, in the order of the points."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "RONGTONG_HOME": str(folder),
        "DATABASE_URL": _address(folder),
    }
    done = subprocess.run([sys.executable, str(CHILD), *arguments], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told: Told = json.loads(done.stdout)
    return told


def _address(folder: Path) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{folder / 'killed.sqlite3'}"
    known = connection.settings_dict
    return f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


def test_a_submission_is_whole_or_not_at_all(tmp_path: Path) -> None:
    points = ("drafting", "written", "named", "row", "before commit")
    *early, committed, again = run(tmp_path, "seal", *points, "after commit", "none")
    for found in early:
        assert found["ended"] == "killed"
        assert (found["rows"], found["aside"], found["swept"], found["chain"]) == (0, 0, 1, ""), found
    assert (committed["ended"], committed["rows"], committed["whole"], committed["swept"]) == ("killed", 1, True, 0)
    assert (again["ended"], again["rows"], again["whole"], again["aside"]) == ("done", 1, True, 1)


def test_an_opening_happens_whole_or_not_at_all(tmp_path: Path) -> None:
    points = ("advanced", "reading", "protocol", "destroyed", "disclosed", "before commit")
    *early, done, again = run(tmp_path, "open", *points, "none", "none")
    for found in early:
        assert found["ended"] == "killed"
        assert (found["state"], found["locked"], found["protocols"], found["aside"]) == ("open", True, 0, 1), found
        assert (found["whole"], found["chain"]) == (True, ""), found
    for found in (done, again):
        assert (found["state"], found["locked"], found["protocols"], found["aside"]) == ("opened", False, 1, 0), found
    assert (done["ended"], again["ended"], again["chain"]) == ("done", "failed", "")
