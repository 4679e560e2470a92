"""``rongtong index``: how far the search index has come, and bringing it further."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from rongtong.cli.language import say
from rongtong.cli.output import PROBLEMS, as_json, err, out, progress
from rongtong.domain.registry import indexing
from rongtong.domain.registry.indexing import IndexStatus

app = typer.Typer(add_completion=False, no_args_is_help=True, help=say("检索索引", "The search index"))
NO_VECTORS = typer.Option("--no-vectors", help=say("先不算语义向量", "Leave the vectors for later"))
WATCH_SECONDS = 2.0


@app.command(help=say("索引里有多少、还差多少", "What is in the index and what is missing"))
def status(json: Annotated[bool, typer.Option("--json", help=say("以 JSON 输出", "Answer in JSON"))] = False) -> None:
    now = indexing.status()
    if json:
        as_json({"records": now.records, "waiting": now.waiting, "vectors": now.vectors})
    else:
        out.print(_sentence(now), highlight=False)


@app.command(help=say("把待处理的记录编入索引，并补齐语义向量", "Bring in what is waiting and fill in the vectors"))
def build(no_vectors: Annotated[bool, NO_VECTORS] = False) -> None:
    with _unless_busy(), progress(say("编入索引", "indexing")) as report:
        indexing.drain(report)
    if not no_vectors:
        with _unless_busy(), progress(say("语义向量", "vectors")) as report:
            indexing.fill(progress=report)
    out.print(_sentence(indexing.status()), highlight=False)


@app.command(help=say("清空后从记录重建（记录是真本，索引随时可重建）", "Empty it and build it again from the records"))
def rebuild(no_vectors: Annotated[bool, NO_VECTORS] = False) -> None:
    with _unless_busy(), progress(say("重建索引", "rebuilding")) as report:
        indexing.rebuild(report)
    build(no_vectors)


@app.command(help=say("看着后台任务补齐索引，补齐即结束", "Watch the worker catch up; ends when it has"))
def watch() -> None:
    with progress(say("语义向量", "vectors")) as report:
        while (now := indexing.status()).waiting or now.vectors < now.records:
            report(now.vectors, now.records + now.waiting)
            time.sleep(WATCH_SECONDS)
    out.print(_sentence(now), highlight=False)


def _sentence(now: IndexStatus) -> str:
    return say(
        f"索引 {now.records} 条，待处理 {now.waiting} 条，语义向量 {now.vector_share:.0%}。",
        f"{now.records} records in the index, {now.waiting} waiting, vectors {now.vector_share:.0%}.",
    )


@contextmanager
def _unless_busy() -> Iterator[None]:
    try:
        yield
    except indexing.Busy:
        err.print(
            say(
                "另一个进程（多半是后台任务）正在写索引，它会补齐；rongtong index watch 可以看着。",
                "Another process (most likely the worker) is writing the index; see rongtong index watch.",
            )
        )
        raise typer.Exit(PROBLEMS) from None
