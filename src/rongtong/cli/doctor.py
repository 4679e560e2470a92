"""``rongtong doctor``: what is set, what is missing, and what that costs."""

from dataclasses import asdict
from typing import Annotated

import typer

from rongtong.cli.language import say
from rongtong.cli.output import PROBLEMS, as_json, table
from rongtong.site.checks import Level, examine

app = typer.Typer(add_completion=False)
SIGNS = {Level.OK: "✓", Level.NOTE: "!", Level.BAD: "✗"}


@app.command(
    help=say("检查设置；有致命问题则退出码为 1", "Look at the settings; exit code 1 when something essential is broken")
)
def doctor(
    full: Annotated[
        bool, typer.Option("--full", help=say("从头核对审计链", "Check the audit chains from their first event"))
    ] = False,
    json: Annotated[bool, typer.Option("--json", help=say("以 JSON 输出", "Answer in JSON"))] = False,
) -> None:
    findings = examine(full=full)
    if json:
        as_json([asdict(found) for found in findings])
    else:
        headings = ("", say("项目", "What"), say("现状", "Is so"), say("影响与办法", "What it costs, what to do"))
        table(headings, [(SIGNS[found.level], found.what, found.is_so, found.cost) for found in findings])
    if any(found.level == Level.BAD for found in findings):
        raise typer.Exit(PROBLEMS)
