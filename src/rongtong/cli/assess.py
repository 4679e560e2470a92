"""``rongtong engine assess``: a file of facts through a rule pack."""

from pathlib import Path
from typing import Annotated

import typer

from rongtong.cli.language import say
from rongtong.cli.output import WRONG, as_json, err, out, table
from rongtong.cli.packs import AsOf, day_of, found, opened, said
from rongtong.engines.rules import FactProblem, FactsError, Pack, Summary, assess_file

SHOWN = 50
OUTCOMES = {
    "passed": say("通过", "passed"),
    "failed": say("不通过", "failed"),
    "undetermined": say("尚不能判断", "undetermined"),
}


def assess(
    pack: Annotated[str, typer.Option(help=say("规则包的标识", "Id of the rule pack"))],
    facts: Annotated[Path, typer.Option(help=say("事实：.csv .xlsx .parquet .jsonl", "Facts"))],
    to: Annotated[Path, typer.Option("--out", help=say("结果写到哪里", "Where the results are written"))],
    as_of: AsOf = None,
    folder: Annotated[Path | None, typer.Option(help=say("规则包的文件夹", "Folder of packs"))] = None,
    advise: Annotated[
        bool | None,
        typer.Option("--advise/--no-advise", help=say("逐行求最短清单与补救；缺省一千行以内", "Remedies row by row")),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=say("以 JSON 输出摘要", "The summary in JSON"))] = False,
) -> None:
    """Assess every row; problems are told by row and column, and then nothing is written."""
    day = day_of(as_of)
    chosen = found(opened(folder), pack, day)
    try:
        summary = assess_file(chosen, facts, to, day, advise)
    except FactsError as error:
        _refuse(facts, error.problems)
    except OSError as error:
        err.print(f"[red]{say('做不成', 'This cannot be done')}[/]: {error}", highlight=False)
        raise typer.Exit(WRONG) from error
    _tell(chosen, summary, to, json)


def _refuse(facts: Path, problems: list[FactProblem]) -> None:
    err.print(f"[red]{say('文件有问题，什么也没有写', 'The file has problems; nothing was written')}[/]")
    for problem in problems[:SHOWN]:
        place = say(f"第 {problem.row} 行", f"row {problem.row}")
        column = f" {problem.column}" if problem.column else ""
        err.print(f"{facts.name}: {place}{column}: {said(problem.said)}", highlight=False, markup=False, soft_wrap=True)
    if len(problems) > SHOWN:
        more = len(problems) - SHOWN
        err.print(say(f"……另有 {more} 处", f"… and {more} more"))
    raise typer.Exit(WRONG)


def _tell(pack: Pack, summary: Summary, to: Path, json: bool) -> None:
    if json:
        as_json(
            {
                "pack": pack.id,
                "version": pack.version.isoformat(),
                "digest": pack.digest,
                "status": pack.status,
                "rows": summary.rows,
                "outcomes": summary.outcomes,
                "absent": list(summary.absent),
                "advised": summary.advised,
                "out": str(to),
            }
        )
        return
    if pack.status != "verified":
        err.print(
            say("规则包中有未核对原文的数字。", "The pack holds numbers not checked against the text."), style="yellow"
        )
    if summary.absent:
        labels = "、".join(said(pack.labels[name]) for name in summary.absent)
        err.print(say(f"没有这些列，按未知处理：{labels}", f"No column, taken as unknown: {labels}"), highlight=False)
    out.print(say(f"{summary.rows} 行 → {to}", f"{summary.rows} rows → {to}"), highlight=False, markup=False)
    rows = ((OUTCOMES[each], summary.outcomes.get(each, 0)) for each in OUTCOMES)
    table((say("结论", "outcome"), say("行数", "rows")), rows)
