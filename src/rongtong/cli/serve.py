"""``rongtong serve``: the portal, the API and, beside them, the worker."""

import errno
import os
import resource
import signal
import socket
import threading
from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from waitress import buffers
from waitress.server import create_server

from rongtong.cli.language import say
from rongtong.cli.output import WRONG, err, out
from rongtong.cli.prepare import prepare
from rongtong.cli.supervision import Supervised
from rongtong.domain.foundation.actors import system_actor
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.foundation.sealing.spool import SpoolFile
from rongtong.domain.leads import matching
from rongtong.domain.parties.models import Account
from rongtong.site.database import pending_migrations

app = typer.Typer(add_completion=False)
MEGABYTE = 1024 * 1024
RECEIVED_AT_ONCE = 256 * 1024
"""Bytes taken from a connection in one go, and held in memory for it before they are spooled. Every go waits for the
threads that compute: in smaller ones a big body comes in late when many are at work."""
MOST_CONNECTIONS = 500
"""Slow senders and idle browsers keep theirs, and who comes when none is left waits unheard."""
MOST_FILES = 4 * MOST_CONNECTIONS


@app.command(help=say("启动门户、接口与后台任务", "Run the portal, the API and the worker"))
def serve(
    bind: Annotated[str, typer.Option(help=say("监听地址", "Address to listen on"))] = settings.ENVIRONMENT.bind,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help=say("后台任务另行启动", "The worker runs elsewhere"))
    ] = False,
    prepare_first: Annotated[
        bool,
        typer.Option(
            "--prepare", help=say("先升级数据库；空的则装入示例地区", "First upgrade the database, fill an empty one")
        ),
    ] = False,
) -> None:
    listening = listen(bind)  # first, so that a second start is refused before it touches anything
    if prepare_first:
        prepare(sample=settings.ENVIRONMENT.sample)
    _refuse_old_database()
    collect_static()
    signal.signal(signal.SIGTERM, _leave)
    worker = None if no_worker else Supervised("worker", "--parent", str(os.getpid()))
    server = portal(listening)
    try:
        if worker:
            worker.start()
        threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
        _welcome(bind)
        server.run()
    finally:
        server.close()
        if worker:
            worker.stop()


def listen(bind: str) -> socket.socket:
    """A socket bound to ``host:port``; Invalid when the address cannot be had."""
    host, _colon, port = bind.rpartition(":")
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except (OSError, OverflowError) as fault:
        raise Invalid(_unavailable(bind, fault)) from None
    return bound


def portal(listening: socket.socket) -> Any:
    """The WSGI server; made once the static files stand where they are served from."""
    spool_encrypted()
    have_files_enough()
    return create_server(
        get_wsgi_application(),
        sockets=[listening],
        threads=settings.ENVIRONMENT.threads,
        ident=None,
        recv_bytes=RECEIVED_AT_ONCE,
        inbuf_overflow=RECEIVED_AT_ONCE,
        connection_limit=MOST_CONNECTIONS,
        asyncore_use_poll=True,  # select() knows no file above the thousandth
        max_request_body_size=settings.ENVIRONMENT.upload_limit_mb * MEGABYTE + MEGABYTE,
        **_behind_proxy(),
    )


def have_files_enough() -> None:
    """Let this process have the files open that its connections ask for, as far as the system lets it.

    A connection has two, the socket and what is spooled of it; the usual limit is a thousand and some.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


class _Spool(buffers.TempfileBasedBuffer):  # type: ignore[misc]  # waitress has no types
    """What waitress puts on the disk, encrypted: a body too big for the memory may be what is to be sealed."""

    def newfile(self) -> SpoolFile:
        return SpoolFile()


def spool_encrypted() -> None:
    """Let waitress spool through :class:`SpoolFile`; it has no setting for that, so its class is exchanged."""
    buffers.TempfileBasedBuffer = _Spool


def _behind_proxy() -> dict[str, object]:
    """What proxies in front may say: with HTTPS that it was; X-Forwarded-For passes, for the portal to count in."""
    passed: dict[str, object] = {"clear_untrusted_proxy_headers": not settings.ENVIRONMENT.proxies}
    if not settings.ENVIRONMENT.https:
        return passed
    return passed | {"trusted_proxy": "*", "trusted_proxy_headers": {"x-forwarded-proto"}}


def _unavailable(bind: str, fault: OSError | OverflowError) -> str:
    if isinstance(fault, OSError) and fault.errno == errno.EADDRINUSE:
        return say(
            f"{bind} 已被占用：可能已有一个门户在运行。换一个地址：rongtong serve --bind 127.0.0.1:8001",
            f"{bind} is in use: another portal may be running. Try rongtong serve --bind 127.0.0.1:8001",
        )
    return say(f"不能监听 {bind}：{fault}", f"Cannot listen on {bind}: {fault}")


def _refuse_old_database() -> None:
    if pending_migrations():
        err.print(
            say("数据库需要升级，请先运行 rongtong migrate。", "The database must be upgraded: run rongtong migrate.")
        )
        raise typer.Exit(WRONG)


def collect_static() -> None:
    """Bring the portal's files to where they are served from, unless nothing changed since the last time."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists() or _newest_source() > manifest.stat().st_mtime:
        call_command("collectstatic", interactive=False, verbosity=0)


def _newest_source() -> float:
    found = (storage.path(name) for finder in get_finders() for name, storage in finder.list([]))
    return max((Path(path).stat().st_mtime for path in found), default=0.0)


def _welcome(bind: str) -> None:
    out.print(f"[bold]{say('融通', 'Rongtong')}[/]  http://{bind}/", highlight=False, soft_wrap=True)
    if settings.ENVIRONMENT.sample:
        out.print(
            say("示例身份（在登录页点选，不要密码）：", "Personas (choose one on the sign-in page, no password):")
        )
        for persona in Account.objects.filter(is_sample=True, is_active=True).order_by("pk"):
            line = f"  {persona.username:<12} {persona.display_name}  {_in_one_language(persona.description)}"
            out.print(line, highlight=False, markup=False, soft_wrap=True)
    out.print(say("按 Ctrl-C 结束。", "Ctrl-C ends it."))


def _in_one_language(description: str) -> str:
    """The sample region describes its personas in Chinese and English, with a dot between."""
    chinese, _dot, english = description.partition(" · ")
    return say(chinese, english or chinese)


def _leave(number: int, frame: object) -> None:
    raise SystemExit(0)


def _warm_up() -> None:
    """Open the index and the encoder before the first visitor needs them."""
    actor, query = system_actor("warm-up"), matching.text_query("", say("预热", "warm-up"))
    matching.match(actor, query, top=1)
    connection.close()
