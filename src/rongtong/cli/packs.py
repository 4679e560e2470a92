"""``rongtong packs``: the rule packs: which there are, what they say, whether they are sound, what changed."""

from datetime import date
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from rongtong.cli.language import say
from rongtong.cli.output import PROBLEMS, WRONG, as_json, err, out, table
from rongtong.engines.rules.checking import check_library
from rongtong.engines.rules.library import Library, UnknownPack, Version, shipped
from rongtong.engines.rules.pack import Pack
from rongtong.engines.rules.source import PackError, Problem
from rongtong.engines.rules.words import Text

app = typer.Typer(no_args_is_help=True)

Folder = Annotated[
    Path | None, typer.Option(help=say("规则包的文件夹；缺省为自带的", "Folder of packs; by default those shipped"))
]
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


def said(words: Text) -> str:
    """The one of the two languages the operator reads."""
    return say(words.zh, words.en)


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
