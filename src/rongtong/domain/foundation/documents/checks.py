"""Is an upload what it says it is, and is it safe to hand on? Judged by content; the name only has to agree."""

import re
from dataclasses import dataclass
from pathlib import Path

import imagesize
from django.utils.translation import gettext as _

from rongtong.domain.foundation.documents import media, office, scanning
from rongtong.domain.foundation.documents.media import MEDIA, Medium
from rongtong.domain.foundation.documents.names import suffix_of
from rongtong.domain.foundation.errors import Invalid, Problem
from rongtong.domain.foundation.words import Words

MOST_PIXELS = 100_000_000
"""Ten thousand by ten thousand: a scan of an A0 drawing at 200 dpi. More is a bomb for whatever draws it."""
ODDITIES = {
    "external_link": Words("引用了外部内容，打开时请勿更新链接", "Refers to outside content: do not update links"),
    "embedded": Words("嵌有其他文档", "Holds other documents"),
    "script": Words("含有脚本，请在阅读器中关闭脚本", "Holds script: turn it off in the reader"),
    "attachment": Words("PDF 里带有附件", "The PDF carries attachments"),
}
_PICTURES = ("png", "jpg", "webp")
_IN_PDF = re.compile(
    rb"/(?:(?P<launch>S\s*/Launch)|(?P<script>JavaScript|JS|Launch|RichMedia)|(?P<attachment>EmbeddedFiles?))\b"
)
_OVERLAP = 64


@dataclass(frozen=True, slots=True)
class Finding:
    """What an upload is, and what is odd about it (keys of ``ODDITIES``) though it was accepted."""

    medium: Medium
    oddities: tuple[str, ...] = ()


def examine(path: Path, name: str) -> Finding:
    """What the file at ``path`` is. ``name`` is what it is called; Invalid says what was found and what to do."""
    try:
        finding = _looked_into(path, name)
        scanning.scan(path)
    except Invalid as invalid:
        raise Invalid(invalid.message, invalid.problems or [Problem("file", invalid.message)]) from invalid.__cause__
    return finding


def _looked_into(path: Path, name: str) -> Finding:
    if not path.stat().st_size:
        raise Invalid(_("文件是空的，没有内容。请检查后重新选择。"))
    key, oddities = _recognised(path, name)
    if key not in MEDIA:
        raise Invalid(
            _("这个文件是%(found)s，不能上传。可以上传：%(accepted)s。")
            % {"found": media.told(path), "accepted": accepted()}
        )
    medium = MEDIA[key]
    if suffix_of(name) not in medium.suffixes:
        raise Invalid(
            _("文件名以“.%(suffix)s”结尾，内容却是%(found)s。请把文件名改为以“.%(right)s”结尾，或重新选择文件。")
            % {"suffix": suffix_of(name), "found": medium.label, "right": medium.suffixes[0]}
        )
    return Finding(medium, tuple(sorted(oddities)))


def accepted() -> str:
    """The suffixes that are taken, as a list for people."""
    return _("、").join(suffix for medium in MEDIA.values() for suffix in medium.suffixes)


def _recognised(path: Path, name: str) -> tuple[str, frozenset[str]]:
    found = media.recognise(path)
    if found == media.ZIP:
        return office.look_into(path)
    if found == "text":
        return _text_key(path, name), frozenset()
    if found == "pdf":
        return found, _pdf_oddities(path)
    if found in _PICTURES:
        _check_pixels(path)
    return found, frozenset()


def _text_key(path: Path, name: str) -> str:
    """Text has no marks of its own: whether it is a table is what its name says."""
    with path.open("rb") as file:
        head = file.read(media.HEAD)
    if media.is_markup(head):
        return ""
    return "csv" if suffix_of(name) == "csv" else "text"


def _check_pixels(path: Path) -> None:
    with path.open("rb") as file:
        try:
            width, height = imagesize.get(file)
        except (ValueError, IndexError, OverflowError, ArithmeticError, EOFError, TypeError) as error:
            raise Invalid(_("图片已损坏，打不开。请重新保存后再上传。")) from error
    if width <= 0 or height <= 0:
        raise Invalid(_("图片已损坏，打不开。请重新保存后再上传。"))
    if width * height > MOST_PIXELS:
        raise Invalid(
            _("图片有 %(width)s × %(height)s 个像素，超出上限。请缩小到一亿像素以内再上传。")
            % {"width": int(width), "height": int(height)}
        )


def _pdf_oddities(path: Path) -> frozenset[str]:
    """What stands openly in a PDF; script within compressed objects is not found, as the threat model says."""
    found: set[str] = set()
    kept = b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            window = kept + block
            found |= {str(match.lastgroup) for match in _IN_PDF.finditer(window)}
            if "launch" in found:
                raise Invalid(_("这个 PDF 打开时会启动其他程序，不能上传。请重新导出后再上传。"))
            kept = window[-_OVERLAP:]
    return frozenset(found)
