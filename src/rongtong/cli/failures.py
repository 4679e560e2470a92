"""What becomes of a refusal or of a database that is not there: a sentence, and an exit code scripts can read."""

import getpass
import os
import sys
from collections.abc import Callable

from django.db import Error as DatabaseFault

from rongtong.cli.language import say
from rongtong.cli.output import WRONG, err
from rongtong.domain.foundation import audit
from rongtong.domain.foundation.actions import note_refusal
from rongtong.domain.foundation.actors import system_actor
from rongtong.domain.foundation.errors import AccessDenied, DomainError, Invalid

BROKEN = 1
SHOWN = 50


def guarded(command: Callable[[], object]) -> None:
    """Run ``command``; what a person can put right is said on stderr (2), a database out of order likewise (1)."""
    try:
        with audit.coming_from("cli", _machine_user()):
            _run(command)
    except DomainError as error:
        explain(error)
        sys.exit(WRONG)
    except DatabaseFault as fault:
        err.print(
            f"[red]{say('数据库用不了', 'The database cannot be used')}[/]: {str(fault).strip()}", highlight=False
        )
        err.print(
            say("请先运行 rongtong migrate；再看 rongtong doctor。", "Run rongtong migrate, then see rongtong doctor.")
        )
        sys.exit(BROKEN)


def _run(command: Callable[[], object]) -> None:
    """A refusal that no action has noted leaves its event here."""
    try:
        command()
    except AccessDenied as denied:
        note_refusal(system_actor(say("命令行", "command line")), "rongtong " + " ".join(sys.argv[1:3]), denied)
        raise


def _machine_user() -> str:
    """Who is at this machine, as it knows them; a container may know nobody."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def explain(error: DomainError) -> None:
    """The message, and every problem with its row and field."""
    err.print(f"[red]{error.message}[/]", highlight=False)
    problems = error.problems if isinstance(error, Invalid) else ()
    for problem in problems[:SHOWN]:
        err.print(f"  {_place(problem.row, problem.field)}{problem.message}", highlight=False, markup=False)
    if len(problems) > SHOWN:
        err.print(say(f"  ……另有 {len(problems) - SHOWN} 处。", f"  … and {len(problems) - SHOWN} more."))


def _place(row: int | None, field: str) -> str:
    parts = [say(f"第 {row} 行", f"row {row}")] if row is not None else []
    parts += [field] if field else []
    return f"{' '.join(parts)}: " if parts else ""
