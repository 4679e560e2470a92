"""Sealing and opening envelopes of 20 MB: how fast, against plain hashing in the same run.

    python -m benchmarks.sealing

On a database and a data folder of its own, which are removed afterwards.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.harness import Benchmark

MEGABYTES = 20
ENVELOPES = 10
PIECE = b"\x5a" * 65536
PASSPHRASE = "青山绿水 白鹭飞过田野 渔舟唱晚"


def main() -> None:
    benchmark = Benchmark("sealing")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"RONGTONG_HOME": folder, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "rongtong.site.settings"}
        _start()
        for key, value in _figures(Path(folder)).items():
            benchmark.record(key, value)
    benchmark.finish()


def _start() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _figures(folder: Path) -> dict[str, float]:
    from rongtong.domain.foundation.actors import Actor, Role
    from rongtong.domain.foundation.ids import new_id
    from rongtong.domain.foundation.sealing import actions

    officers = [Actor(name=f"O{n}", account=n, roles=frozenset({Role.OFFICER})) for n in (1, 2, 3)]
    keys, enrolling = _timed(lambda: [actions.enrol_seal_key(actor=o, passphrase=PASSPHRASE) for o in officers])
    box = _box(officers[0], keys)
    firms = [Actor(name="F", account=9, party=new_id(), party_name="F") for _ in range(ENVELOPES)]
    _none, sealing = _timed(lambda: [_seal(actions, firm, box) for firm in firms])
    _let_the_hour_come()
    given = {"passphrase": PASSPHRASE, "witness": officers[1], "witness_passphrase": PASSPHRASE}
    protocol, opening = _timed(lambda: actions.open_box(actor=officers[0], box=box, **given))
    assert [entry["result"] for entry in protocol.results] == ["opened"] * ENVELOPES
    hashing = _hashing(next((folder / "sealed").rglob("*.sealed")))
    whole = MEGABYTES * ENVELOPES
    return {
        "enrol": enrolling / len(keys),
        "seal": whole / sealing,
        "open": whole / opening,
        "seal_to_hash": (sealing / ENVELOPES) / hashing,
        "open_to_hash": (opening / ENVELOPES) / hashing,
    }


def _box(officer: Any, keys: list[Any]) -> Any:
    from django.utils import timezone

    from rongtong.domain.foundation.sealing import actions

    now = timezone.now()
    hours = {"closes_at": now + timedelta(hours=1), "opens_at": now + timedelta(hours=1)}
    return actions.create_box(actor=officer, title="-", custodians=keys, **hours)


def _seal(actions: Any, firm: Any, box: Any) -> None:
    from rongtong.domain.foundation.sealing.contents import Part

    actions.seal_envelope(actor=firm, box=box, parts=[Part("a", "application/pdf", _content())], token="a")


def _content() -> Iterator[bytes]:
    return (PIECE for _ in range(MEGABYTES * 16))


def _let_the_hour_come() -> None:
    from django.utils import timezone

    from rongtong.domain.foundation.sealing import clock

    clock._process_clock = clock._database_clock = lambda: timezone.now() + timedelta(hours=2)


def _hashing(path: Path) -> float:
    """Seconds to hash one envelope's file with SHA-256: the best of three."""

    def once() -> str:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    return min(_timed(once)[1] for _ in range(3))


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    done = work()
    return done, time.perf_counter() - started


if __name__ == "__main__":
    main()
