"""Seals or opens in processes of their own that are killed at given points, and tells what each left.

Run by test_killed as ``child.py seal|open point…``, on the database of DATABASE_URL and in RONGTONG_HOME, as in life.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "rongtong.site.settings"
django.setup()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from rongtong.domain.foundation import audit  # noqa: E402
from rongtong.domain.foundation.models import ClosedEvent, Envelope, OpeningProtocol, SealedBox  # noqa: E402
from rongtong.domain.foundation.sealing import clock, files, housekeeping, inspection, locks, protocols, suites  # noqa: E402
from rongtong.domain.foundation.sealing.actions import envelopes, opening, seal_envelope  # noqa: E402
from rongtong.domain.foundation.sealing.contents import Part  # noqa: E402
from rongtong.domain.parties.models import Account  # noqa: E402
from rongtong.domain.parties.queries import actor_of  # noqa: E402
from tests.factories import PartyFactory, RoleGrantFactory  # noqa: E402
from tests.foundation.sealing.scene import Hours, new_scene  # noqa: E402

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
suites.SCRYPT_N = 2**10


def die(*_args: object, **_more: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def instead(module: object, name: str, *, after: bool = False) -> Callable[[], None]:
    """Let the process die when ``module.name`` is called, or when it has done its work."""

    def arm() -> None:
        original = getattr(module, name)

        def dying(*args: object, **more: object) -> object:
            if after:
                original(*args, **more)
            return die()

        setattr(module, name, dying)

    return arm


COMMIT = instead(connection, "_commit")
COMMITTED = instead(connection, "_commit", after=True)
POINTS: dict[str, Callable[[], None]] = {
    "none": lambda: None,
    "drafting": lambda: None,
    "written": instead(files, "_sync_folder"),
    "named": instead(envelopes, "keep_envelope"),
    "row": instead(audit, "record_closed"),
    "before commit": COMMIT,
    "after commit": COMMITTED,
    "advanced": instead(locks, "unlock"),
    "reading": instead(inspection, "inspect"),
    "protocol": instead(protocols, "write", after=True),
    "destroyed": instead(locks, "destroy", after=True),
    "disclosed": instead(audit, "disclose", after=True),
}


Given = dict[str, Any]


def setup() -> Given:
    if connection.vendor == "sqlite":
        settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}  # the tables as they are now
        call_command("migrate", run_syncdb=True, verbosity=0)
    scene = new_scene(Hours(), custodians=2)
    grant = RoleGrantFactory(party=PartyFactory())
    return {
        "box": str(scene.box.pk),
        "officers": [actor.account for actor in scene.officers],
        "passphrases": scene.passphrases,
        "submitter": grant.account.pk,
    }


def seal(point: str, given: Given) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"x" * 300_000
        if point == "drafting":
            die()
        yield b"y" * 300_000

    actor = actor_of(Account.objects.get(pk=given["submitter"]))
    box = SealedBox.objects.get(pk=given["box"])
    POINTS[point]()
    seal_envelope(actor=actor, box=box, parts=[Part("a", "b", chunks())], token="same")


def open_(point: str, given: Given) -> None:
    first, second = (actor_of(Account.objects.get(pk=pk)) for pk in given["officers"])
    box = SealedBox.objects.get(pk=given["box"])
    clock._process_clock = clock._database_clock = lambda: timezone.now() + timedelta(hours=3)
    POINTS[point]()
    opening.open_box(
        actor=first,
        box=box,
        passphrase=given["passphrases"][0],
        witness=second,
        witness_passphrase=given["passphrases"][1],
    )


def look(given: Given) -> dict[str, object]:
    """What stands in the database and on the disk, and how the two agree."""
    rows = list(Envelope.objects.all())
    paths = [files.path_of(row.box_id, row.pk) for row in rows]
    whole = all(
        path.exists() and (path.stat().st_size, files.hash_of(path, "sha256")) == (row.size, row.ciphertext_hash)
        for row, path in zip(rows, paths, strict=True)
    )
    swept = housekeeping.sweep(older_than=-1)
    box = SealedBox.objects.get(pk=given["box"])
    return {
        "rows": len(rows),
        "whole": whole,
        "swept": swept,
        "state": box.state,
        "locked": bool(box.wrapped_key and box.hour_part and box.shares.exists()),
        "aside": ClosedEvent.objects.count(),
        "protocols": OpeningProtocol.objects.count(),
        "chain": audit.verify().fault,
    }


COMMANDS: dict[str, Callable[[str, Given], None]] = {"seal": seal, "open": open_}


def apart(command: Callable[[str, Given], None], point: str, given: Given) -> str:
    """Run a command in a forked process; how that ended: ``killed``, ``done`` or ``failed``."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            command(point, given)
        except BaseException:  # noqa: BLE001  # a forked process must not return into the parent's code
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return "killed" if os.WIFSIGNALED(status) else "failed" if status else "done"


if __name__ == "__main__":
    command, *points = sys.argv[1:]
    given = setup()
    if command == "open":
        apart(seal, "none", given)
    told = [{"point": point, "ended": apart(COMMANDS[command], point, given)} | look(given) for point in points]
    sys.stdout.write(json.dumps(told))
