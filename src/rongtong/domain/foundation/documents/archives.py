"""Zip containers (Office and OFD files are such): nothing is unpacked before its sizes have been checked."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Invalid

MOST_ENTRIES = 10_000
UNPACKED_LIMIT = 1 << 30
RATIO_LIMIT = 400
"""A sheet of repeated text packs about fifty to one; a bomb packs a thousand to one."""
DEEPEST = 2
"""A presentation holds the workbook of a chart: one container within another, and no further."""
MEMBER_LIMIT = 64 << 20
"""Bytes of one part that are looked at; a larger part of markup is refused."""

_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The two ways of packing that ECMA-376 allows."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OverflowError, ValueError)


@dataclass
class Budget:
    """What may still be unpacked of one upload, all containers within it together."""

    bytes_left: int = UNPACKED_LIMIT
    entries_left: int = MOST_ENTRIES


@contextmanager
def opened(source: Path | IO[bytes], packed_size: int, budget: Budget) -> Iterator[zipfile.ZipFile]:
    """The container, once its directory has been found sound and within ``budget``. Raises Invalid."""
    try:
        with zipfile.ZipFile(source) as archive:
            _check(archive.infolist(), packed_size, budget)
            yield archive
    except _DAMAGED as error:
        raise Invalid(_("文件已损坏，或用了不支持的压缩方式，打不开。请重新保存后再上传。")) from error


def _check(members: list[zipfile.ZipInfo], packed_size: int, budget: Budget) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if any(member.compress_type not in _PACKED for member in members):
        raise NotImplementedError("packed in a way that the format does not allow")
    if any(member.flag_bits & 1 for member in members):
        raise Invalid(_("文件加了密码，平台无法检查其中的内容。请去掉密码后再上传。"))
    if len(members) > budget.entries_left or unpacked > budget.bytes_left or unpacked > RATIO_LIMIT * max(packed, 1024):
        raise Invalid(_("文件展开后过大，像是“压缩炸弹”，为安全起见没有打开。请拆成几个文件后再上传。"))
    if packed > packed_size or min((member.header_offset for member in members), default=0):
        raise Invalid(_("文件的结构有异常（内容重叠，或前面另接了内容）。请重新保存后再上传。"))
    if any(_leaves(member.filename) for member in members):
        raise Invalid(_("文件里有指向外部目录的路径，为安全起见没有接收。请重新保存后再上传。"))
    budget.bytes_left -= unpacked
    budget.entries_left -= len(members)


def _leaves(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]
