"""``rongtong audit``: verify the chain, export it."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.forms.models import model_to_dict

from rongtong.cli.language import say
from rongtong.cli.output import PROBLEMS, as_json, err, out
from rongtong.domain.foundation import audit
from rongtong.domain.foundation.audit import Verification
from rongtong.domain.foundation.models import AuditEvent

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help=say("验证与导出审计链", "Verify and export the audit chain")
)

FAULTS = {
    "missing": say("缺少事件", "an event is missing"),
    "changed": say("事件被改动", "an event was changed"),
    "tail": say(
        "末尾与链头不符：有事件被删去或添加", "the end does not agree with the head: events were cut off or added"
    ),
    "head": say(
        "找不到保存在别处的链头：那之前的事件被改过", "the head kept elsewhere is not in the chain: it was rewritten"
    ),
}


@app.command(
    help=say(
        "从头核对每一个事件；有问题则退出码为 1。", "Check every event from the first; exit code 1 when one is wrong."
    )
)
def verify(
    head: Annotated[str, typer.Option(help=say("此前保存在别处的链头", "A head kept elsewhere earlier"))] = "",
    json: Annotated[bool, typer.Option("--json", help=say("以 JSON 输出", "Answer in JSON"))] = False,
) -> None:
    result = audit.verify()
    fault = result.fault or ("" if _has(head, result) else "head")
    if json:
        as_json({"events": result.events, "head": result.head, "broken_at": result.broken_at, "fault": fault})
    else:
        _tell(result, fault)
    if fault:
        raise typer.Exit(PROBLEMS)


@app.command(
    help=say(
        "每行一个事件（JSON），连同散列；可交第三方核对。",
        "One event a line (JSON) with its hash, for others to check.",
    )
)
def export(
    to: Annotated[
        Path | None, typer.Argument(help=say("文件；不写则输出到屏幕", "A file; stdout when left out"))
    ] = None,
) -> None:
    stream = to.open("w", encoding="utf-8") if to else sys.stdout
    try:
        for event in AuditEvent.objects.order_by("seq").iterator(chunk_size=2000):
            stream.write(json.dumps(model_to_dict(event), ensure_ascii=False, default=str) + "\n")
    finally:
        if to:
            stream.close()


def _has(head: str, result: Verification) -> bool:
    return not head or head == result.head or AuditEvent.objects.filter(hash=head).exists()


def _tell(result: Verification, fault: str) -> None:
    if fault:
        place = say(f"第 {result.broken_at} 号", f"at event {result.broken_at}") if result.broken_at else ""
        err.print(f"[red]{say('审计链断开', 'The chain is broken')}[/] {place}: {FAULTS[fault]}", highlight=False)
        return
    out.print(say(f"审计链完好：{result.events} 个事件。", f"The chain holds: {result.events} events."))
    out.print(f"{say('链头', 'head')} {result.head}", highlight=False)
    err.print(say("请把链头另存一处，以后用 --head 核对。", "Keep the head elsewhere and check it later with --head."))
