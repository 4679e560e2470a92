"""``rongtong import``: a file of records, checked whole, imported whole or not at all."""

from pathlib import Path
from typing import Annotated

import typer

from rongtong.cli.language import say
from rongtong.cli.output import PROBLEMS, as_json, err, out, progress
from rongtong.cli.who import AS, acting
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.registry.exchange.actions import cancel_import, map_columns, upload_file
from rongtong.domain.registry.exchange.jobs import import_now, open_report, run
from rongtong.domain.registry.models import ImportJob
from rongtong.domain.registry.states import CHECKING

app = typer.Typer(add_completion=False)
SHOWN = 50


@app.command(
    help=say(
        "导入文件：先检查全部，有一处问题就都不导入", "Import a file: all of it is checked, one problem and nothing is"
    )
)
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help=".xlsx / .csv / .jsonl")],
    kind: Annotated[str, typer.Option(help=say("记录种类，如 demand", "Kind of record, such as demand"))],
    no_secrets: Annotated[
        bool,
        typer.Option(
            "--no-secrets",
            help=say("声明文件不含国家秘密（必须）", "Declare that it holds no state secrets (required)"),
        ),
    ] = False,
    source: Annotated[str, typer.Option(help=say("外部编号出自哪里", "Where its external ids come from"))] = "",
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map", help=say("列的含义：表头=字段，可多次", "What a column means: heading=field, repeatable")
        ),
    ] = None,
    publish: Annotated[
        bool, typer.Option(help=say("直接发布（已核实的数据）", "Publish at once (verified data)"))
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("只检查", "Only check"))] = False,
    account: Annotated[str | None, AS] = None,
    json: Annotated[bool, typer.Option("--json", help=say("以 JSON 输出", "Answer in JSON"))] = False,
) -> None:
    actor = acting(account)
    with file.open("rb") as opened:
        job = upload_file(
            actor=actor, kind=kind, file=opened, name=file.name, no_secrets=no_secrets, source=source, publish=publish
        )
    if mapping:
        job = map_columns(actor=actor, job=job, columns=job.columns | dict(map(_pair, mapping)))
    job = _checked(actor, job) if dry_run else _imported(actor, job)
    if json:
        as_json(_facts(job))
    else:
        _tell(job)
    if job.problems:
        raise typer.Exit(PROBLEMS)


def _checked(actor: Actor, job: ImportJob) -> ImportJob:
    with progress(say("检查", "checking")) as report:
        job = run(job, progress=report)
    return cancel_import(actor=actor, job=job)


def _imported(actor: Actor, job: ImportJob) -> ImportJob:
    with progress(say("导入", "importing")) as report:
        return import_now(actor=actor, job=job, progress=report)


def _pair(written: str) -> tuple[str, str]:
    heading, sign, field = written.partition("=")
    if not sign:
        raise Invalid(say(f"--map {written}：应写成 表头=字段。", f"--map {written}: should be heading=field."))
    return heading.strip(), field.strip()


def _facts(job: ImportJob) -> dict[str, object]:
    wanted = ("id", "state", "kind", "source", "columns", "counts", "problems", "warnings")
    return {name: getattr(job, name) for name in wanted}


def _tell(job: ImportJob) -> None:
    counts = job.counts
    out.print(f"{CHECKING.state(job.state).label}: {job.file_name}", highlight=False, markup=False)
    summary = {
        say("行", "rows"): counts.get("rows", 0),
        say("新增", "created"): counts.get("created", 0),
        say("更新", "updated"): counts.get("updated", 0),
        say("未变", "unchanged"): counts.get("unchanged", 0),
        say("问题", "problems"): counts.get("problems", 0),
        say("提示", "warnings"): counts.get("warnings", 0),
    }
    out.print("  ".join(f"{name} {count}" for name, count in summary.items()), highlight=False)
    for found in [*job.problems, *job.warnings][:SHOWN]:
        place = say(f"第 {found['row']} 行", f"row {found['row']}") if found["row"] else ""
        err.print(f"  {place} {found['label']} {found['message']}", highlight=False, markup=False)
    if counts.get("problems", 0) + counts.get("warnings", 0) > SHOWN:
        _point_to_report(job)


def _point_to_report(job: ImportJob) -> None:
    if report := open_report(job):
        err.print(say(f"全部见 {report.name}", f"All of them: {report.name}"), highlight=False, markup=False)
        report.close()
