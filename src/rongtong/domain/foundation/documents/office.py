"""Inside Office Open XML and OFD files: macros, programs, and what they would fetch from elsewhere.

Parts are told by ECMA-376 (Office Open XML) and GB/T 33190-2016 (OFD). Markup is read with expat, event by event; a
document type declaration, which alone makes entities possible, is refused.
"""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

from django.utils.translation import gettext as _

from rongtong.domain.foundation.documents import archives
from rongtong.domain.foundation.documents.archives import DEEPEST, MEMBER_LIMIT, Budget
from rongtong.domain.foundation.errors import Invalid

_MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx", "OFD.xml": "ofd"}
_MACROS = ("vbaproject.bin", "vbadata.xml", "macrosheets/", "activex/", "vbaprojectsignature.bin")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"#!", b"L\x00\x00\x00\x01\x14\x02\x00")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_PACKAGED = "Ole10Native".encode("utf-16-le")
"""The stream in which an OLE object carries a file of any kind."""
_FETCHED = ("attachedtemplate", "oleobject", "frame", "subdocument", "package", "officedocument", "control")
"""Relationships that an office program follows by itself when they point outside."""
_LINKED = "external_link"
_SHOWN = 60
"""Characters of a part's name that a refusal tells."""
_Seen = Callable[[str, dict[str, str]], None]


def look_into(path: Path) -> tuple[str, frozenset[str]]:
    """Which format the container is (a key of ``MEDIA``, or "" when it is another archive) and what is odd about it.

    Raises Invalid for macros, programs, outside templates, dynamic data exchange and damaged markup.
    """
    budget = Budget()
    with archives.opened(path, path.stat().st_size, budget) as archive:
        names = set(archive.namelist())
        key = next((key for part, key in _MAIN_PARTS.items() if part in names), "")
        return key, _oddities(archive, budget, 1) if key else frozenset()


def _oddities(archive: zipfile.ZipFile, budget: Budget, depth: int) -> frozenset[str]:
    found: set[str] = set()
    for member in archive.infolist():
        if not member.is_dir():
            found |= _of_member(archive, member, budget, depth)
    return frozenset(found)


def _of_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget, depth: int) -> set[str]:
    name = member.filename.lower()
    if any(part in name for part in _MACROS):
        raise Invalid(_("文件里带有宏或控件，打开时会执行程序。请另存为不含宏的格式后再上传。"))
    if name.endswith((".xml", ".rels")):
        return _of_markup(archive, member)
    content = _head(archive, member)
    if content.startswith(_PROGRAMS) or _PACKAGED in content or b"This program cannot be run in DOS mode" in content:
        raise Invalid(
            _("文件里嵌有程序或打包的其他文件（%(part)s）。请删除嵌入的对象后再上传。") % {"part": _shown(member)}
        )
    if content.startswith(_ARCHIVES):
        raise Invalid(_("文件里嵌有压缩包（%(part)s）。请删除后再上传。") % {"part": _shown(member)})
    if content.startswith(b"PK\x03\x04"):
        return _of_container(archive, member, budget, depth)
    return {"embedded"} if content.startswith(b"\xd0\xcf\x11\xe0") else set()


def _of_container(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget, depth: int) -> set[str]:
    if depth >= DEEPEST or member.file_size > MEMBER_LIMIT:
        raise Invalid(_("文件一层套一层，平台无法逐层检查。请把嵌入的文件单独上传。"))
    content = archive.read(member)
    with archives.opened(io.BytesIO(content), len(content), budget) as inner:
        if not set(_MAIN_PARTS) & set(inner.namelist()):
            raise Invalid(_("文件里嵌有压缩包（%(part)s）。请删除后再上传。") % {"part": _shown(member)})
        return {"embedded", *_oddities(inner, budget, depth + 1)}


def _shown(member: zipfile.ZipInfo) -> str:
    return member.filename[-_SHOWN:]


def _head(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as part:
        return part.read(MEMBER_LIMIT)


def _of_markup(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> set[str]:
    if member.file_size > MEMBER_LIMIT * 4:
        raise Invalid(_("文件里有一部分过大，平台无法检查。请拆成几个文件后再上传。"))
    found: set[str] = set()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = _watcher(found)
    parser.CharacterDataHandler = _refuse_exchange if member.filename.startswith("word/") else None
    try:
        with archive.open(member) as part:
            parser.ParseFile(part)
    except expat.ExpatError as error:
        raise Invalid(_("文件的内容已损坏（%(part)s）。请重新保存后再上传。") % {"part": _shown(member)}) from error
    return found


def _refuse_doctype(*_declaration: object) -> None:
    raise Invalid(_("文件里含有不允许的外部声明。请用常用的办公软件重新保存后再上传。"))


def _refuse_exchange(text: str) -> None:
    if text.lstrip().upper().startswith(("DDE ", "DDEAUTO")):
        _refuse_fetching()


def _refuse_fetching() -> None:
    raise Invalid(_("文件打开时会自动从别处取内容或启动程序。请断开外部模板、对象和链接后再上传。"))


def _watcher(found: set[str]) -> _Seen:
    """Reads relationships and content types as they come by."""

    def element(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local in ("ddeLink", "oleLink"):
            _refuse_fetching()
        if local in ("Override", "Default") and "macroenabled" in attributes.get("ContentType", "").lower():
            raise Invalid(_("文件里带有宏或控件，打开时会执行程序。请另存为不含宏的格式后再上传。"))
        if local == "Relationship" and attributes.get("TargetMode", "").lower() == "external":
            _judge_link(attributes, found)

    return element


def _judge_link(attributes: dict[str, str], found: set[str]) -> None:
    kind = attributes.get("Type", "").rpartition("/")[2].lower()
    target = attributes.get("Target", "").strip().lower()
    if kind == "hyperlink" and not target.startswith(("javascript:", "vbscript:", "data:", "file:", "\\\\")):
        return
    if kind in _FETCHED or kind == "hyperlink" or target.startswith("\\\\"):
        _refuse_fetching()
    found.add(_LINKED)
