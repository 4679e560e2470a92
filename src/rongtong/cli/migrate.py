"""``rongtong migrate``: create or upgrade the database."""

import typer
from django.core.management import call_command

from rongtong.cli.language import say
from rongtong.cli.output import err

app = typer.Typer(add_completion=False)


@app.command(
    help=say(
        "建立或升级数据库；已是最新则什么也不做。", "Create or upgrade the database; does nothing when it is current."
    )
)
def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    err.print(say("数据库已是最新。", "The database is current."))
