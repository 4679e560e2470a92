"""Where content lies: under its own SHA-256, written aside, synced, then linked into place, never changed.

A process may be killed at any moment: what is under ``.incoming`` or has no row is swept after a while, and a row is
written only after its content is safely in place.
"""

import errno
import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import DomainError, Invalid, Problem
from rongtong.domain.foundation.ids import new_id

UNFINISHED_SECONDS = 3600.0
"""Older than this, what is under ``.incoming`` belongs to a process that is gone."""
UNCLAIMED_SECONDS = 86400.0
"""Older than this, content without a row will never get one: no transaction lasts a day."""
_BLOCK = 1 << 20
_AT_ONCE = 500
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Received:
    """Content that has come in whole and lies aside: where, its SHA-256, its size in bytes."""

    path: Path
    sha256: str
    size: int


def root() -> Path:
    """The folder that holds every content."""
    return settings.HOME / "files" / "documents"


def path_of(sha256: str) -> Path:
    """Where the content with this hash lies, or would."""
    return root() / sha256[:2] / sha256


@contextmanager
def receiving(file: BinaryIO) -> Iterator[Received]:
    """Write ``file`` aside within the limit, for as long as the caller looks at it.

    Raises Invalid when it is too large, DomainError when there is no room left; nothing stays behind either way.
    """
    aside = _incoming() / f"{new_id()}.part"
    try:
        with _telling_full():
            received = _written(file, aside)
        yield received
    finally:
        aside.unlink(missing_ok=True)


def keep(received: Received) -> None:
    """Put received content into place. The same content is kept once; it is marked as wanted now.

    Holds the shared lock against :func:`sweep`, which judges age and removes under the exclusive one.
    """
    final = path_of(received.sha256)
    with _telling_full(), _locked(fcntl.LOCK_SH):
        final.parent.mkdir(exist_ok=True)
        try:
            os.link(received.path, final)
        except FileExistsError:
            os.utime(final)
        _sync_folder(final.parent)


def sweep(claimed: Callable[[list[str]], set[str]], *, now: float | None = None) -> int:
    """Remove what is unfinished or unclaimed for long; ``claimed`` answers which hashes have a row. How many went."""
    now = time.time() if now is None else now
    unfinished = [path for path in _incoming().iterdir() if now - _written_at(path) > UNFINISHED_SECONDS]
    for path in unfinished:
        path.unlink(missing_ok=True)
    with _locked(fcntl.LOCK_EX):
        old = [path for path in _contents() if now - _written_at(path) > UNCLAIMED_SECONDS]
        unclaimed = [path for path in old if path.name not in _all_claimed(old, claimed)]
        for path in unclaimed:
            path.unlink()
    return len(unfinished) + len(unclaimed)


def _all_claimed(paths: list[Path], claimed: Callable[[list[str]], set[str]]) -> set[str]:
    names = [path.name for path in paths]
    return set().union(*(claimed(names[i : i + _AT_ONCE]) for i in range(0, len(names), _AT_ONCE)))


def _contents() -> Iterator[Path]:
    return (path for folder in root().iterdir() if len(folder.name) == 2 for path in folder.iterdir())


def _written(file: BinaryIO, aside: Path) -> Received:
    limit = settings.ENVIRONMENT.document_limit_mb
    digest, size = hashlib.sha256(), 0
    with aside.open("xb") as target:
        while block := file.read(_BLOCK):
            size += len(block)
            if size > limit << 20:
                message = _("文件超过 %(limit)s MB。请压缩图片、拆成几个文件后再上传。") % {"limit": limit}
                raise Invalid(message, [Problem("file", message)])
            digest.update(block)
            target.write(block)
        target.flush()
        os.fsync(target.fileno())
    return Received(aside, digest.hexdigest(), size)


@contextmanager
def _telling_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise DomainError(
            _("服务器的存储空间不足，文件没有保存，其他内容不受影响。请联系平台管理员后再试。")
        ) from error


@contextmanager
def _locked(how: int) -> Iterator[None]:
    with (root() / ".lock").open("a") as file:
        fcntl.flock(file, how)
        yield


def _incoming() -> Path:
    folder = root() / ".incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _written_at(path: Path) -> float:
    """When a file was last written; now for one that has just gone, which is then nobody's to remove."""
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return time.time()


def _sync_folder(folder: Path) -> None:
    for each in (folder, folder.parent):
        number = os.open(each, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
