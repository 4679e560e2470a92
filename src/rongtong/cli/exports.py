"""``rongtong export``: records of one kind as a sheet."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rongtong.cli.language import say
from rongtong.cli.output import err
from rongtong.cli.who import AS, acting
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.registry.exchange.export import Export, write_csv, write_xlsx
from rongtong.domain.registry.kinds import all_kinds
from rongtong.domain.registry.queries import Filters, listing

app = typer.Typer(add_completion=False)


class Format(StrEnum):
    """What a sheet is written as."""

    XLSX = "xlsx"
    CSV = "csv"


@app.command(help=say("导出一类记录；可改后再导入", "Export records of a kind; change them and import them again"))
def export(
    kind: Annotated[str, typer.Argument(help=say("记录种类，如 demand", "Kind of record, such as demand"))],
    to: Annotated[
        Path | None, typer.Option(help=say("文件；CSV 不写则输出到屏幕", "A file; CSV goes to stdout without"))
    ] = None,
    form: Annotated[Format, typer.Option("--format", help=say("格式", "Format"))] = Format.CSV,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--filter",
            help=say("筛选，与门户地址栏相同：region=330100", "A filter, as in the portal's address: region=330100"),
        ),
    ] = None,
    account: Annotated[str | None, AS] = None,
) -> None:
    if kind not in all_kinds():
        known = "、".join(all_kinds())
        raise Invalid(say(f"没有“{kind}”这类记录。有：{known}", f"There is no kind {kind!r}. There are: {known}"))
    actor = acting(account)
    filters = _filters(kind, only or [])
    export = Export(actor, all_kinds()[kind], listing(actor, filters), filters.params())
    if form == Format.XLSX:
        _to_xlsx(export, to)
    else:
        _to_csv(export, to)


def _filters(kind: str, written: list[str]) -> Filters:
    given = dict(pair.split("=", 1) for pair in written if "=" in pair)
    unknown = [pair for pair in written if pair.split("=", 1)[0] not in Filters.__slots__ or "=" not in pair]
    if unknown:
        raise Invalid(say(f"看不懂的筛选：{'，'.join(unknown)}", f"Not a filter: {', '.join(unknown)}"))
    return Filters.read(given | {"kind": kind})


def _to_xlsx(export: Export, to: Path | None) -> None:
    if to is None:
        raise Invalid(say("导出 .xlsx 请用 --to 给出文件名。", "Name a file with --to for .xlsx."))
    with to.open("wb") as file:
        count = write_xlsx(export, file)
    err.print(say(f"已导出 {count} 条到 {to}", f"{count} records written to {to}"), highlight=False)


def _to_csv(export: Export, to: Path | None) -> None:
    stream = to.open("wb") if to else sys.stdout.buffer
    try:
        write_csv(export, stream)
    finally:
        if to:
            stream.close()
