"""``rongtong engine``: the engines on plain files, without a database."""

from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from rongtong.cli.assess import assess
from rongtong.cli.draw import draw, verify_draw
from rongtong.cli.language import say
from rongtong.cli.output import WRONG, as_json, err, out, progress, table
from rongtong.engines.matching.batch import Summary, match_files
from rongtong.engines.matching.encoder import Encoder, EncoderError, EncoderSettings, default_cache, open_encoder
from rongtong.engines.matching.encoding.base import Progress
from rongtong.engines.matching.files import InputError, Problem

app = typer.Typer(no_args_is_help=True)

SHOWN = 50
PROBLEMS = {
    "not_utf8": "第 {byte} 字节不是 UTF-8，请把文件另存为 UTF-8",
    "not_json": "不是 JSON：第 {column} 列，{reason}",
    "too_deep": "嵌套过深；一条记录是一个平的对象",
    "not_object": '不是对象；一条记录形如 {{"id": …, "title": …, "abstract": …}}',
    "no_records": "文件里没有记录；应当每行一个 JSON 对象",
    "no_id": "字段 id 缺失或不是文字；每条记录须有自己的 id",
    "blank_in_id": "字段 id：{id} 含空白，结果文件无法写出",
    "same_id": "字段 id：{id} 在第 {first} 行已经用过",
    "not_text": "字段 {field} 是 {found}，应当是文字",
    "keywords": "字段 keywords 应当是文字，或文字的列表",
    "trl": "字段 trl 应当是 1 到 9 的整数",
}
VERDICTS = {
    "suitable": say("有合适的供给", "suitable supply"),
    "related_only": say("只有同领域的", "same field only"),
    "none": say("没有合适的供给", "no suitable supply"),
}
STEPS = {
    "vectors of the records": say("供给的向量", "vectors of the records"),
    "vectors of the demands": say("需求的向量", "vectors of the demands"),
    "explanations": say("解释", "explanations"),
}


@app.callback()
def engine() -> None:
    """Options that concern every engine would stand here; there are none."""


app.command(help=say("一个文件的事实按规则包逐行判断", "Assess a file of facts by a rule pack"))(assess)
app.command(help=say("从专家名单中抽取评审组，写下可以重算的记录", "Draw a panel; the record can be drawn again"))(draw)
app.command("verify-draw", help=say("按记录重新抽取并比较", "Draw again from a record and compare"))(verify_draw)


@app.command(
    help=say("一个文件的需求对一个文件的供给，写出 TREC 结果", "Match demands to supply from files; writes a TREC run")
)
def match(
    corpus: Annotated[Path, typer.Option(help=say("供给，JSON Lines：id、title、abstract……", "Supply, JSON Lines"))],
    queries: Annotated[Path, typer.Option(help=say("需求，JSON Lines：id、title、text", "Demands, JSON Lines"))],
    run: Annotated[Path, typer.Option(help=say("结果写到哪里", "Where the run is written"))],
    top: Annotated[int, typer.Option(min=1, max=10_000, help=say("每条需求几项", "Answers for each demand"))] = 20,
    explain: Annotated[
        Path | None, typer.Option(help=say("把解释写到这个文件", "Write explanations to this file"))
    ] = None,
    no_vectors: Annotated[bool, typer.Option("--no-vectors", help=say("只用词语", "Words alone"))] = False,
    cache: Annotated[
        Path | None, typer.Option(help=say("模型与向量留存的文件夹", "Folder in which model and vectors are kept"))
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=say("以 JSON 输出摘要", "The summary in JSON"))] = False,
) -> None:
    encoder = None if no_vectors else _encoder(cache)
    try:
        with ExitStack() as bars:
            summary = match_files(
                corpus, queries, run=run, explained=explain, top=top, encoder=encoder, steps=_Bars(bars)
            )
    except InputError as error:
        _refuse(error.problems)
    except (OSError, EncoderError) as error:
        err.print(f"[red]{say('做不成', 'This cannot be done')}[/]: {error}", highlight=False)
        raise typer.Exit(WRONG) from error
    for note in summary.notes:
        err.print(note, highlight=False, markup=False)
    _tell(summary, run, json)


class _Bars:
    """One progress bar after the other, each on stderr."""

    def __init__(self, bars: ExitStack) -> None:
        self._bars = bars

    def __call__(self, step: str) -> Progress:
        self._bars.close()
        return self._bars.enter_context(progress(STEPS[step]))


def _encoder(cache: Path | None) -> Encoder | None:
    """The local encoder; when there is none words alone answer, and that is said."""
    try:
        opened = open_encoder(EncoderSettings(cache=cache or default_cache()))
    except (EncoderError, OSError) as error:
        err.print(say(f"没有向量，只用词语：{error}", f"No vectors, words alone: {error}"), highlight=False)
        return None
    if opened is not None and opened.note:
        err.print(opened.note, highlight=False, markup=False)
    return opened


def _refuse(problems: list[Problem]) -> None:
    err.print(f"[red]{say('文件有问题，什么也没有写', 'The files have problems; nothing was written')}[/]")
    for problem in problems[:SHOWN]:
        words = say(PROBLEMS[problem.code].format(**problem.values), problem.message)
        err.print(f"{problem.path}:{problem.line}: {words}", highlight=False, markup=False, soft_wrap=True)
    if len(problems) > SHOWN:
        more = len(problems) - SHOWN
        err.print(say(f"……另有 {more} 处", f"… and {more} more"))
    raise typer.Exit(WRONG)


def _tell(summary: Summary, run: Path, json: bool) -> None:
    verdicts = Counter[str](answer.verdict for answer in summary.answers)
    if json:
        as_json(
            {
                "records": summary.records,
                "queries": summary.queries,
                "run": str(run),
                "verdicts": dict(verdicts),
                "seconds": summary.seconds,
                "notes": summary.notes,
            }
        )
        return
    sizes = say(
        f"{summary.queries} 条需求，{summary.records} 条供给 → {run}",
        f"{summary.queries} demands, {summary.records} records → {run}",
    )
    out.print(sizes, highlight=False, markup=False)
    table((say("结论", "verdict"), say("需求", "demands")), ((VERDICTS[each], verdicts[each]) for each in VERDICTS))
