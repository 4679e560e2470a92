"""Every action there is, killed by SIGKILL in processes of their own, on either database.

Here at the first, middle and last statement of its transaction, at the commit and after it; `killed.py all` kills at
every statement. What a transaction is belongs to the database, what is done outside of it to the action: all are
killed on the one that is embedded, every eighth on PostgreSQL.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.foundation.test_actions import PERFORMED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
CHILD = Path(__file__).with_name("killed.py")
ALWAYS_PART_OF_ANOTHER = {"sealing.note_lateness", "programmes.receive_submissions"}
"""Taken only within other actions, whose kills reach them too."""
SHARDS = 4


def run(folder: Path, *arguments: str) -> dict[str, Any]:
    """What each kill left, by action."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "PYTHONWARNINGS": "ignore",
        "RONGTONG_HOME": str(folder),
        "DATABASE_URL": _address(folder),
    }
    done = subprocess.run([sys.executable, str(CHILD), *arguments], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _address(folder: Path) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{folder / 'killed.sqlite3'}"
    known = connection.settings_dict
    return f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


@pytest.mark.parametrize("shard", range(SHARDS))
def test_killed_anywhere_a_write_is_whole_or_has_not_happened(tmp_path: Path, shard: int) -> None:
    names = list(PERFORMED)[shard::SHARDS]
    if connection.vendor == "postgresql":
        names = names[::8]
    told = run(tmp_path, "few", *names)
    assert {name: found["wrong"] for name, found in told.items() if found["wrong"]} == {}
    assert {name for name, found in told.items() if not found["alone"]} <= ALWAYS_PART_OF_ANOTHER
    assert {name: found["kills"] for name, found in told.items() if found["alone"] and found["kills"] < 3} == {}
