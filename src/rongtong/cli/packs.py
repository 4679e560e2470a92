"""``rongtong packs``: the rule packs: which there are, what they say, whether they are sound, what changed."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from rongtong.cli.language import say
from rongtong.cli.output import PROBLEMS, WRONG, as_json, err, out, table
from rongtong.engines.rules.checking import check_library
from rongtong.engines.rules.compare import diff, diff_on, shown
from rongtong.engines.rules.library import Library, UnknownPack, Version, shipped
from rongtong.engines.rules.pack import Input, Pack
from rongtong.engines.rules.source import PackError, Problem
from rongtong.engines.rules.words import Text

app = typer.Typer(no_args_is_help=True)

Folder = Annotated[
    Path | None, typer.Option(help=say("规则包的文件夹；缺省为自带的", "Folder of packs; by default those shipped"))
]
AsOf = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help=say("按哪一天的规则；缺省为今天", "As of which day"))
]
CHANGES = {"added": say("新增", "added"), "removed": say("删去", "removed"), "changed": say("改动", "changed")}
STATUSES = {
    "verified": say("已核对原文", "verified"),
    "memory": say("凭记忆，待核对", "from memory"),
    "draft": say("草稿", "draft"),
}


@app.callback()
def packs() -> None:
    """Options that concern every command would stand here; there are none."""


@app.command("list", help=say("有哪些规则包", "Which packs there are"))
def list_packs(
    folder: Folder = None,
    json: Annotated[bool, typer.Option("--json", help=say("以 JSON 输出", "In JSON"))] = False,
) -> None:
    library = opened(folder)
    versions = _versions(library)
    loaded = [_open(library, each) for each in versions]
    if json:
        as_json([summary(pack) for pack in loaded])
        return
    headings = (
        say("规则包", "pack"),
        say("版本", "version"),
        say("名称", "title"),
        say("地区", "place"),
        say("依据", "status"),
    )
    table(headings, ((pack.id, pack.version, said(pack.title), pack.place, STATUSES[pack.status]) for pack in loaded))


@app.command(help=say("检查规则包并运行其中的算例", "Check packs and run the tests in them"))
def check(
    names: Annotated[
        list[str] | None,
        typer.Argument(help=say("规则包的标识或文件名；缺省为全部", "Ids or file names; by default all")),
    ] = None,
    folder: Folder = None,
) -> None:
    library = opened(folder)
    problems = check_library(library, tuple(names or ()))
    tell(problems)
    if problems:
        raise typer.Exit(PROBLEMS)
    count = len([each for each in _versions(library) if not names or each.id in names or each.file.name in names])
    out.print(say(f"{count} 个规则包没有问题", f"{count} packs without problems"), highlight=False)


@app.command(help=say("一个规则包的条件、计分与出处", "What a pack asks, scores and cites"))
def show(
    name: Annotated[str, typer.Argument(help=say("标识，或 标识@版本", "Id, or id@version"))],
    as_of: AsOf = None,
    folder: Folder = None,
    json: Annotated[bool, typer.Option("--json", help=say("以 JSON 输出", "In JSON"))] = False,
) -> None:
    pack = found(opened(folder), name, day_of(as_of))
    if json:
        as_json({**summary(pack), "inputs": [_input(each) for each in pack.inputs.values()]})
        return
    out.print(f"{said(pack.title)}  {pack.id}@{pack.version}  {pack.digest}", highlight=False, markup=False)
    out.print(STATUSES[pack.status], highlight=False)
    rows = (
        (each.id, said(each.label), each.type, each.unit, said(each.source))
        for each in pack.inputs.values()
        if not each.judged
    )
    table(
        (say("输入", "input"), say("名称", "label"), say("类型", "type"), say("单位", "unit"), say("来源", "from")),
        rows,
    )
    conditions = [*pack.gates, *(pack.score.require if pack.score else ()), *pack.direct]
    rows_of = ((each.id, said(each.label), pack.cited(each.cite), STATUSES[each.cite.status]) for each in conditions)
    table((say("条件", "condition"), say("名称", "label"), say("条款", "article"), say("依据", "status")), rows_of)
    items = ((item.id, said(item.label), str(item.top), pack.cited(item.cite)) for item in pack.items.values())
    table((say("计分项", "item"), say("名称", "label"), say("最高", "most"), say("条款", "article")), items)


@app.command("diff", help=say("两个版本有何不同；给出事实时，谁的结果会变", "How two versions differ, and for whom"))
def diff_packs(
    before: Annotated[str, typer.Argument(help=say("标识@版本", "Id@version"))],
    after: Annotated[str, typer.Argument(help=say("标识@版本", "Id@version"))],
    facts: Annotated[Path | None, typer.Option(help=say("事实的文件", "A file of facts"))] = None,
    as_of: AsOf = None,
    folder: Folder = None,
) -> None:
    library = opened(folder)
    versions = [_find(library, name, day_of(as_of)) for name in (before, after)]
    rows = (
        (each.place, CHANGES[each.change], shown(each.before), shown(each.after)) for each in diff(library, *versions)
    )
    table((say("位置", "place"), say("变化", "change"), say("原为", "before"), say("现为", "after")), rows)
    if facts is not None:
        _shifts([_open(library, each) for each in versions], facts, day_of(as_of))


def _shifts(packs: list[Pack], facts: Path, day: date) -> None:
    from rongtong.engines.rules.facts import FIRST_ROW, FactsError, stored_facts
    from rongtong.engines.rules.files import read_table

    try:
        read = stored_facts(packs[1], read_table(facts))
    except (FactsError, OSError) as error:
        err.print(str(error), highlight=False, markup=False)
        raise typer.Exit(WRONG) from error
    found = diff_on(packs[0], packs[1], read.frame, day)
    rows = (
        (each.row + FIRST_ROW, f"{each.before} → {each.after}", _arrow(each.low), _arrow(each.high)) for each in found
    )
    table((say("行", "row"), say("结论", "outcome"), say("最低分", "low"), say("最高分", "high")), rows)


def _arrow(pair: tuple[float | None, float | None]) -> str:
    return f"{pair[0]} → {pair[1]}" if pair[0] != pair[1] else str(pair[0] if pair[0] is not None else "")


def _find(library: Library, name: str, day: date) -> Version:
    try:
        return library.find(name, day)
    except UnknownPack as error:
        refuse(error.said)


def _input(asked: Input) -> dict[str, object]:
    return {
        "id": asked.id,
        "type": asked.type,
        "label": asked.label.as_dict(),
        "unit": asked.unit,
        "options": {code: label.as_dict() for code, label in asked.options.items()},
        "judged": asked.judged,
    }


def day_of(as_of: datetime | None) -> date:
    """The day asked for, or today in the operator's own calendar."""
    return as_of.date() if as_of else date.today()  # noqa: DTZ011


def opened(folder: Path | None) -> Library:
    """The packs of a folder, or those shipped."""
    if folder is not None and not folder.is_dir():
        refuse(Text(f"没有文件夹 {folder}", f"there is no folder {folder}"))
    return Library(folder) if folder else shipped()


def found(library: Library, name: str, day: date) -> Pack:
    """The pack in force on a day; ends the command where there is none or it is not sound."""
    try:
        return library.load(name, day)
    except UnknownPack as error:
        refuse(error.said)
    except PackError as error:
        tell(error.problems)
        raise typer.Exit(WRONG) from error


def refuse(words: Text) -> NoReturn:
    """End with a sentence."""
    err.print(said(words), style="red", highlight=False, markup=False)
    raise typer.Exit(WRONG)


def tell(problems: list[Problem]) -> None:
    """Problems by file and line, on stderr."""
    for problem in problems:
        place = f"{problem.place}: " if problem.place else ""
        line = f"{problem.file}:{problem.line}: {place}{said(problem.said)}"
        err.print(line, highlight=False, markup=False, soft_wrap=True)


def said(words: Text | None) -> str:
    """The one of the two languages the operator reads."""
    return say(words.zh, words.en) if words else ""


def summary(pack: Pack) -> dict[str, object]:
    """What identifies a pack."""
    return {
        "pack": pack.id,
        "version": pack.version.isoformat(),
        "title": pack.title.as_dict(),
        "place": pack.place,
        "subject": pack.subject,
        "status": pack.status,
        "valid": {"from": pack.since.isoformat(), "to": pack.until.isoformat() if pack.until else None},
        "extends": list(pack.lineage),
        "digest": pack.digest,
    }


def _versions(library: Library) -> list[Version]:
    try:
        return library.versions()
    except PackError as error:
        tell(error.problems)
        raise typer.Exit(WRONG) from error


def _open(library: Library, version: Version) -> Pack:
    try:
        return library.open(version)
    except PackError as error:
        tell(error.problems)
        raise typer.Exit(WRONG) from error
