"""``rongtong audit``: verify the chains, take them away as archives, let go what has had its time."""

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.utils import timezone

from rongtong.cli.language import say
from rongtong.cli.output import PROBLEMS, as_json, err, out, table
from rongtong.cli.who import AS, acting
from rongtong.domain.foundation import archives, audit, keeping
from rongtong.domain.foundation.actors import system_actor
from rongtong.domain.foundation.audit import Verification
from rongtong.domain.foundation.chains import FAULTS, HEAD
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.foundation.keeping import Expired

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help=say("验证、导出、清理审计链", "Verify, export and prune the audit chains"),
)
STREAMS = {
    audit.ACTS: say("办理", "acts"),
    audit.ACCESS: say("访问", "access"),
    audit.PROVISION: say("提供", "provision"),
}
SAID = dict(
    zip(
        FAULTS,
        (
            say("事件被改动", "the event was changed"),
            say("缺少事件：被删去了", "an event is missing: it was removed"),
            say("事件是后来插入的", "the event was inserted"),
            say("从这里起末尾被截去", "from here on the end was cut off"),
            say("从这里起是添加在末尾的", "from here on events were added at the end"),
            say("开头的事件不是按规定清理的", "the events before were not let go by a pruning"),
            say(
                "找不到保存在别处的链头：那之前的事件被改过",
                "the head kept elsewhere is not in the chain: it was rewritten",
            ),
        ),
        strict=True,
    )
)
JSON = typer.Option("--json", help=say("以 JSON 输出", "Answer in JSON"))
DAY = "%Y-%m-%d"


@app.command(
    help=say(
        "从头核对每条链的每个事件；有问题则退出码为 1。",
        "Check every event of every chain from the first; exit code 1 when one is wrong.",
    )
)
def verify(
    head: Annotated[
        list[str] | None,
        typer.Option(
            help=say("此前保存在别处的链头：流=散列，可多次", "A head kept elsewhere: stream=hash, repeatable")
        ),
    ] = None,
    archive: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True, dir_okay=False, help=say("只核对这个档案，不用数据库", "Check this archive only, no database")
        ),
    ] = None,
    account: Annotated[str | None, AS] = None,
    json: Annotated[bool, JSON] = False,
) -> None:
    heads = dict(map(_pair, head or []))
    if archive:
        found = [_of_archive(each, heads) for each in archive]
    else:
        found = keeping.verify_audit(actor=acting(account), heads=heads)
    if json:
        as_json([asdict(each) for each in found])
    else:
        _tell(found)
    if any(each.fault for each in found):
        raise typer.Exit(PROBLEMS)


@app.command(
    help=say(
        "每条链写成一个自带说明的档案（ZIP），可交第三方核对。",
        "Write each chain to an archive (ZIP) that explains itself, for others to check.",
    )
)
def export(
    to: Annotated[Path, typer.Argument(file_okay=False, help=say("目录", "A folder"))],
    stream: Annotated[
        list[str] | None, typer.Option(help=say("只导出这条链，可多次", "This chain only, repeatable"))
    ] = None,
    since: Annotated[dt.datetime | None, typer.Option(formats=[DAY], help=say("从这天起", "From this day on"))] = None,
    until: Annotated[dt.datetime | None, typer.Option(formats=[DAY], help=say("到这天为止", "Up to this day"))] = None,
    account: Annotated[str | None, AS] = None,
    json: Annotated[bool, JSON] = False,
) -> None:
    if unknown := set(stream or ()) - set(STREAMS):
        raise Invalid(_unknown(", ".join(sorted(unknown))))
    actor, ends = acting(account), _day_after(until)
    written = [
        done
        for name in stream or STREAMS
        if (done := keeping.export_audit(actor=actor, stream=name, folder=to, since=_start(since), until=ends))
    ]
    if json:
        as_json([{"file": str(path), **asdict(manifest)} for path, manifest in written])
        return
    for path, manifest in written:
        count = say(f"{manifest.events} 个事件", f"{manifest.events} events")
        out.print(f"{path}  {count}  {say('链头', 'head')} {manifest.head_hash}", highlight=False, markup=False)
    if not written:
        err.print(say("这段时间没有事件，没有写文件。", "There are no events in that period; nothing was written."))


@app.command(
    help=say(
        "清理到期的访问和提供记录；办理记录长期保留。",
        "Let go of access and provision events whose time has passed; acts are kept for good.",
    )
)
def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("只看会清理什么", "Only show what would go"))] = False,
    json: Annotated[bool, JSON] = False,
) -> None:
    if dry_run:
        found = [keeping.expired(stream) for stream in keeping.kept_days()]
    else:
        found = keeping.prune_audit(actor=system_actor(say("命令行", "command line")))
    if json:
        as_json([asdict(each) for each in found])
    else:
        _list([each for each in found if each.events], dry_run=dry_run)


def _list(found: list[Expired], *, dry_run: bool) -> None:
    if not found:
        err.print(say("没有到期的事件。", "No event has had its time."))
        return
    headings = (
        say("链", "Chain"),
        say("保留天数", "Days kept"),
        say("事件", "Events"),
        say("从", "From"),
        say("到", "To"),
    )
    table(headings, [(STREAMS[e.stream], e.days, e.events, _day(e.since), _day(e.until)) for e in found])
    folder = settings.ENVIRONMENT.audit_archive
    if dry_run:
        err.print(say("以上会被清理。", "These would go."))
    elif folder:
        err.print(say(f"清理前已存档到 {folder}。", f"Archived to {folder} before they went."), highlight=False)


def _of_archive(path: Path, heads: dict[str, str]) -> Verification:
    stream = archives.manifest_of(path).stream
    manifest, done, seen = archives.check(path, head=heads.get(stream, ""))
    if not done.fault and not seen:
        return Verification(done.events, done.hash, None, HEAD, manifest.stream)
    return Verification(done.events, done.hash, done.broken_at, done.fault, manifest.stream)


def _tell(found: list[Verification]) -> None:
    for each in found:
        name = STREAMS[each.stream]
        if each.fault:
            place = (
                say(f"第 {each.broken_at} 号：", f" at event {each.broken_at}: ") if each.broken_at else say("：", ": ")
            )
            err.print(f"[red]{say('断开', 'Broken')}[/] {name} {place}{SAID[each.fault]}", highlight=False)
        else:
            out.print(say(f"完好 {name} {each.events} 个事件", f"Holds: {name}, {each.events} events"), highlight=False)
            out.print(f"  {each.stream}={each.head}", highlight=False, soft_wrap=True)
    if not any(each.fault for each in found):
        err.print(
            say(
                "请把链头另存一处，以后用 --head 流=散列 核对。",
                "Keep the heads elsewhere and check them later with --head stream=hash.",
            ),
            highlight=False,
        )


def _pair(written: str) -> tuple[str, str]:
    stream, sign, value = written.partition("=")
    if not sign or stream not in STREAMS:
        raise Invalid(_unknown(written))
    return stream, value.strip().lower()


def _unknown(written: str) -> str:
    known = "、".join(STREAMS)
    return say(f"没有链“{written}”。有：{known}", f"No chain {written!r}. There are: {known}")


def _start(day: dt.datetime | None) -> dt.datetime | None:
    return timezone.make_aware(day) if day else None


def _day_after(day: dt.datetime | None) -> dt.datetime | None:
    return timezone.make_aware(day + dt.timedelta(days=1)) if day else None


def _day(moment: dt.datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
