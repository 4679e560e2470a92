"""``rongtong engine draw`` and ``verify-draw``: a panel from plain files, and the same draw once more."""

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated, NoReturn, cast

import typer

from rongtong.cli.language import say
from rongtong.cli.output import PROBLEMS, WRONG, as_json, err, out, table
from rongtong.cli.packs import AsOf, day_of, found, opened, refuse, said
from rongtong.engines import review
from rongtong.engines.review.files import FilesError, read_files
from rongtong.engines.review.record import digest
from rongtong.engines.review.words import KINDS, conflict
from rongtong.engines.rules import Library, PackError, Text, UnknownPack

SHOWN = 50
Pool = Annotated[Path, typer.Option(help=say("专家名单 .csv", "The pool, .csv"))]
Places = Annotated[int, typer.Option(min=1, help=say("抽取几人", "How many are drawn"))]
To = Annotated[Path, typer.Option("--out", help=say("记录写到哪里；已有的不覆盖", "Where the record is written"))]
Relations = Annotated[Path | None, typer.Option(help=say("关系 .csv", "Relations, .csv"))]
Parties = Annotated[
    list[str] | None, typer.Option(help=say("申请方；缺省为关系文件中的", "A party; by default those related"))
]
Seed = Annotated[str | None, typer.Option(help=say("种子；缺省取自系统随机数", "The seed; by default from the system"))]
Label = Annotated[str, typer.Option(help=say("哪个榜题哪一轮", "Which topic, which round"))]
PerOrganisation = Annotated[int | None, typer.Option(min=1, help=say("每个单位最多几人", "Most of one organisation"))]
EnterpriseShare = Annotated[
    str | None, typer.Option(help=say("企业专家最低比例，如 1/3、20%", "Least share of enterprise experts"))
]
MostOpen = Annotated[int | None, typer.Option(min=1, help=say("在评件数上限", "Most open reviews"))]
MostInYear = Annotated[int | None, typer.Option(min=1, help=say("一年内评审次数上限", "Most reviews within a year"))]
CoolDown = Annotated[int | None, typer.Option(min=1, help=say("两次评审间隔天数", "Days between two reviews"))]
Bar = Annotated[
    list[str] | None,
    typer.Option(help=say("规则包只提示、本次一律回避的关系", "A kind the pack only tells that bars here")),
]
Folder = Annotated[Path | None, typer.Option(help=say("规则包的文件夹；缺省为自带的", "Folder of packs"))]
Json = Annotated[bool, typer.Option("--json", help=say("以 JSON 输出摘要", "The summary in JSON"))]


def draw(
    pool: Pool,
    places: Places,
    to: To,
    relations: Relations = None,
    party: Parties = None,
    seed: Seed = None,
    label: Label = "",
    as_of: AsOf = None,
    per_organisation: PerOrganisation = None,
    enterprise_share: EnterpriseShare = None,
    most_open: MostOpen = None,
    most_in_year: MostInYear = None,
    cool_down: CoolDown = None,
    bar: Bar = None,
    folder: Folder = None,
    json: Json = False,
) -> None:
    """Draw a panel; problems are told by row and column, and then nothing is written."""
    day, library = day_of(as_of), opened(folder)
    if to.exists():
        refuse(Text(f"{to} 已经存在；抽取的记录不覆盖", f"{to} is there already; a record is not overwritten"))
    parties = tuple(dict.fromkeys(party or ()))
    people, facts = _read(pool, relations, parties)
    panel, recusal = _rules(library, day, bar or [])
    limited = replace(
        panel,
        per_organisation=per_organisation,
        enterprise_share=_share(enterprise_share) if enterprise_share else panel.enterprise_share,
        most_open=most_open,
        most_in_year=most_in_year,
        cool_down_days=cool_down,
    )
    proposals = _proposals(parties or tuple(sorted({each.party for each in facts})))
    order = review.Order(
        label=label, as_of=day, places=places, seed=seed or review.new_seed(), panel=limited, recusal=recusal,
        pool=people, proposals=proposals, relations=facts,
    )  # fmt: skip
    record = review.settle(order)
    _write(record, to)
    _tell(record, to, json)
    if record.result.obstacles:
        raise typer.Exit(PROBLEMS)


def verify_draw(
    record: Annotated[Path, typer.Argument(help=say("抽取的记录", "The record of a draw"))],
    commitment: Annotated[
        str | None, typer.Option(help=say("事先公布的种子摘要", "The digest of the seed published before"))
    ] = None,
    pool_digest: Annotated[
        str | None, typer.Option(help=say("事先公布的名单摘要", "The digest of the pool published before"))
    ] = None,
    folder: Folder = None,
    json: Json = False,
) -> None:
    """Draw again from the record and compare; exit code 1 where something differs."""
    read = _record(record)
    differences = [*review.verify(read), *_published(read, commitment, pool_digest)]
    strange = [name for name in (read.order.panel.origin, read.order.recusal.origin) if not _known(name, folder)]
    if json:
        as_json(
            {
                "same": not differences,
                "differences": [
                    {"place": each.place, "found": each.found, "expected": each.expected} for each in differences
                ],
                "unknown_packs": strange,
                "record_digest": digest(review.as_data(read)),
            }
        )
    else:
        _compare(read, differences, strange)
    if differences:
        raise typer.Exit(PROBLEMS)


def _read(
    pool: Path, relations: Path | None, parties: tuple[str, ...]
) -> tuple[tuple[review.Candidate, ...], tuple[review.Relation, ...]]:
    try:
        return read_files(pool, relations, parties)
    except FilesError as error:
        err.print(f"[red]{say('文件有问题，什么也没有写', 'The files have problems; nothing was written')}[/]")
        for problem in error.problems[:SHOWN]:
            place = say(f"第 {problem.row} 行", f"row {problem.row}")
            column = f" {problem.column}" if problem.column else ""
            line = f"{problem.file}: {place}{column}: {said(problem.said)}"
            err.print(line, highlight=False, markup=False, soft_wrap=True)
        if len(error.problems) > SHOWN:
            more = len(error.problems) - SHOWN
            err.print(say(f"……另有 {more} 处", f"… and {more} more"))
        raise typer.Exit(WRONG) from error
    except OSError as error:
        _cannot(error)


def _rules(library: Library, day: date, bars: list[str]) -> tuple[review.PanelRules, review.RecusalRules]:
    strange = [each for each in bars if each not in KINDS]
    if strange:
        listed = "、".join(f"{kind}（{label.zh}）" for kind, label in KINDS.items())
        refuse(Text(f"没有关系 {strange[0]}；有 {listed}", f"no kind {strange[0]}; there are {', '.join(KINDS)}"))
    try:
        panel = review.panel_rules(found(library, review.PANEL, day), day)
        return panel, review.recusal_rules(found(library, review.RECUSAL, day), day, cast("list[review.Kind]", bars))
    except review.UnfitPack as error:
        refuse(Text(f"规则包缺少数字：{error}", f"a pack lacks a number: {error}"))


def _share(written: str) -> Fraction:
    percent = written.endswith("%")
    try:
        share = Fraction(written.removesuffix("%")) / (100 if percent else 1)
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 1:
        refuse(Text(f"“{written}”不是比例；写法如 1/3、20%", f"{written!r} is not a share like 1/3 or 20%"))
    return share


def _proposals(parties: tuple[str, ...]) -> tuple[review.Proposal, ...]:
    """Each party for itself: names given by one applicant are counted apart from those of another."""
    return tuple(review.Proposal(each, (each,)) for each in parties)


def _write(record: review.Record, to: Path) -> None:
    """Never over a record that came in the meantime."""
    try:
        with to.open("x", encoding="utf-8") as file:
            file.write(review.as_text(record))
    except OSError as error:
        _cannot(error)


def _cannot(error: OSError) -> NoReturn:
    err.print(f"[red]{say('做不成', 'This cannot be done')}[/]: {error}", highlight=False)
    raise typer.Exit(WRONG) from error


def _tell(record: review.Record, to: Path, json: bool) -> None:
    order, result = record.order, record.result
    excluded = {each.candidate for each in result.exclusions}
    if json:
        as_json(
            {
                "pool": len(order.pool),
                "excluded": len(excluded),
                "drawn": list(result.drawn),
                "reserve": len(result.reserve),
                "obstacles": [said(review.hindrance(each)) for each in result.obstacles],
                "seed": order.seed,
                "packs": [order.panel.origin, order.recusal.origin],
                "record_digest": digest(review.as_data(record)),
                "out": str(to),
            }
        )
        return
    sizes = say(
        f"名单 {len(order.pool)} 人，排除 {len(excluded)} 人，抽取 {len(result.drawn)} 人 → {to}",
        f"{len(order.pool)} in the pool, {len(excluded)} excluded, {len(result.drawn)} drawn → {to}",
    )
    out.print(sizes, highlight=False, markup=False)
    for origin in (order.panel.origin, order.recusal.origin):
        out.print(say(f"规则 {origin}", f"rules {origin}"), highlight=False, markup=False)
    _hindered(result)
    against = Counter(said(review.reason(replace(each, until=None))) for each in result.exclusions)
    if against:
        table((say("排除原因", "excluded because"), say("人次", "times")), against.most_common())
    if not result.drawn:
        return
    organisations = {each.id: each.organisation for each in order.pool}
    table((say("抽中", "drawn"), say("单位", "organisation")), ((id, organisations[id]) for id in result.drawn))
    told = [each for each in result.told if each.candidate in result.drawn]
    if told:
        headings = (say("抽中", "drawn"), say("申请方", "party"), say("关系", "relation"), say("依据", "known from"))
        rows = ((each.candidate, each.party, said(conflict(each.kind, each.until)), each.evidence) for each in told)
        table(headings, rows, title=say("以下关系不必然回避，请决定", "These relations do not bar; decide"))


def _hindered(result: review.Draw) -> None:
    for each in result.obstacles:
        line = " ".join(filter(None, (said(review.hindrance(each)), each.article)))
        err.print(line, style="red", highlight=False, markup=False, soft_wrap=True)


def _record(path: Path) -> review.Record:
    try:
        return review.read_record(path.read_bytes())
    except review.RecordError as error:
        err.print(f"[red]{say('不是抽取的记录', 'This is no record of a draw')}[/]", highlight=False)
        for place, reason in error.problems[:SHOWN]:
            err.print(f"{path.name}: {place}: {reason}", highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(WRONG) from error
    except OSError as error:
        _cannot(error)


def _published(read: review.Record, commitment: str | None, pool: str | None) -> list[review.Difference]:
    """Against what was published before the draw."""
    pairs = (("commitment", read.commitment, commitment), ("pool_digest", read.pool_digest, pool))
    return [
        review.Difference(place, recorded, published)
        for place, recorded, published in pairs
        if published is not None and published.lower() != recorded
    ]


def _known(origin: str, folder: Path | None) -> bool:
    """Whether the packs here hold this version, word for word."""
    name, _blank, sum_of_pack = origin.partition(" ")
    library = opened(folder)
    try:
        return library.open(library.find(name, date.min)).digest == sum_of_pack
    except (UnknownPack, PackError):
        return False


def _compare(read: review.Record, differences: list[review.Difference], strange: list[str]) -> None:
    for origin in strange:
        note = say(f"这里没有规则包 {origin}，数字无从核对", f"no pack {origin} here; its numbers cannot be compared")
        err.print(note, style="yellow", highlight=False, markup=False, soft_wrap=True)
    if not differences:
        drawn = len(read.result.drawn)
        out.print(say(f"重新抽取，{drawn} 人相同。", f"Drawn again: the same {drawn}."), highlight=False)
        return
    headings = (say("位置", "place"), say("记录中", "found"), say("应为", "expected"))
    table(headings, ((each.place, each.found, each.expected) for each in differences[:SHOWN]))
