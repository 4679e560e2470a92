"""Is an uploaded file what it must be, judged by its content alone: its name is only shown, never trusted."""

import codecs
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Invalid

XLSX, CSV, JSONL = "xlsx", "csv", "jsonl"
UNPACKED_LIMIT = 2 * 1024**3
RATIO_LIMIT = 400
"""A sheet of repeated text packs about fifty to one; a bomb packs a thousand to one."""
_BLOCK = 1 << 20
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ENCODINGS = ("utf-8", "gb18030")


@dataclass(frozen=True, slots=True)
class Form:
    """What a file is: its format, the encoding of its text, and for a workbook the bytes it unpacks to."""

    format: str
    encoding: str = ""
    unpacked: int = 0


def recognise(path: Path) -> Form:
    """The form of the file at ``path``; Invalid says what it is instead and what to do."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise Invalid(_("文件是空的。"))
    if head.startswith(b"PK\x03\x04"):
        return Form(XLSX, unpacked=_workbook_size(path))
    if head.startswith(_OLD_EXCEL):
        raise Invalid(_("这是旧版 .xls 文件（或加了密码的工作簿）。请在表格软件中去掉密码，另存为 .xlsx 后再上传。"))
    encoding = _encoding(path, head)
    start = head.decode(encoding, errors="ignore").lstrip("\ufeff \r\n\t")
    if start.startswith("["):
        raise Invalid(_("这是一个 JSON 数组。请每行写一个 JSON 对象（.jsonl）。"))
    return Form(JSONL if start.startswith("{") else CSV, encoding)


def _workbook_size(path: Path) -> int:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        raise Invalid(_("工作簿已损坏，打不开。请在表格软件中重新保存后再上传。")) from None
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        raise Invalid(_("这不是 .xlsx 工作簿。可以上传 .xlsx、.csv 或 .jsonl 文件。"))
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if unpacked > UNPACKED_LIMIT or unpacked / packed > RATIO_LIMIT:
        raise Invalid(_("工作簿展开后过大，为安全起见没有打开。请拆成几个文件，或改用 .csv。"))
    return unpacked


def _encoding(path: Path, head: bytes) -> str:
    """The first encoding that reads the whole file; the list is ordered by how seldom it reads what it should not."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\x00" in head and not wide:
        raise Invalid(_("这不是文本或表格文件。可以上传 .xlsx、.csv 或 .jsonl 文件。"))
    for encoding in ("utf-16",) if wide else _ENCODINGS:
        with path.open("rb") as file:
            if _reads(file, encoding):
                return encoding
    raise Invalid(_("文件的文字编码读不出来。请另存为 UTF-8 编码后再上传。"))


def _reads(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in blocks(file):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def blocks(file: BinaryIO) -> Iterator[bytes]:
    """The content of ``file`` in pieces of a megabyte."""
    while block := file.read(_BLOCK):
        yield block
