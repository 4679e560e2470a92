"""``rongtong sample``: the sample region."""

from enum import StrEnum
from typing import Annotated

import typer

from rongtong.cli import sample_loader
from rongtong.cli.language import say
from rongtong.cli.output import PROBLEMS, as_json, err, out, progress
from rongtong.cli.sample_challenges import STAGES
from rongtong.domain.registry import indexing

app = typer.Typer()
RESET = typer.Option(
    "--reset", help=say("把示例记录恢复成随附的内容", "Give the sample records their shipped content back")
)
Stage = StrEnum("Stage", {name: name for name in STAGES})  # type: ignore[misc]  # the stages stand where they are told
STAGE = typer.Option(
    "--stage", help=say("榜题只装入停在这个阶段的（可重复）", "Load only the challenge at this stage (may be repeated)")
)


@app.command(
    help=say(
        "装入示例地区；已有的不动，可以反复运行。",
        "Load the sample region; what is there is left alone.",
    )
)
def sample(
    reset: Annotated[bool, RESET] = False,
    stage: Annotated[list[Stage], STAGE] = [],  # noqa: B006  # Typer reads it, nobody changes it
    json: Annotated[bool, typer.Option("--json", help=say("以 JSON 输出", "Answer in JSON"))] = False,
) -> None:
    with progress(say("装入示例地区", "loading the sample region")) as report:
        loaded = sample_loader.load(report, restore=reset, stages=[str(each) for each in stage or STAGES])
    vectors = _index()
    if json:
        as_json({name: getattr(loaded, name) for name in loaded.__slots__} | {"vectors": vectors})
        return
    out.print(
        say(
            f"示例地区已就绪：新增单位和人员 {loaded.parties}、账号 {loaded.accounts}、记录 {loaded.records}、"
            f"线索 {loaded.leads}、榜题 {loaded.topics}；恢复记录 {loaded.restored}；随附向量 {vectors}。",
            f"The sample region is ready: {loaded.parties} parties, {loaded.accounts} accounts, {loaded.records} "
            f"records, {loaded.leads} leads and {loaded.topics} topics are new; {loaded.restored} restored; "
            f"{vectors} shipped vectors used.",
        ),
        highlight=False,
    )


def _index() -> int:
    try:
        with progress(say("编入索引", "indexing")) as report:
            return sample_loader.index(report)
    except indexing.Busy:
        err.print(
            say(
                "另一个进程（多半是后台任务）正在写索引，记录由它编入。",
                "Another process (most likely the worker) is writing the index and takes the records in.",
            )
        )
        raise typer.Exit(PROBLEMS) from None
