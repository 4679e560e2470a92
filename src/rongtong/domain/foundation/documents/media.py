"""What may be attached: formats that can be looked into, and what everything else is called in a refusal."""

from dataclasses import dataclass
from pathlib import Path

import puremagic
from django.utils.translation import gettext as _

from rongtong.domain.foundation.words import Words

OFFICE = "application/vnd.openxmlformats-officedocument."
HEAD = 8192
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f")
_ENCODINGS = ("utf-8", "gb18030")


@dataclass(frozen=True, slots=True)
class Medium:
    """A format: its media type, the suffixes that agree with it, what it is called."""

    key: str
    media_type: str
    suffixes: tuple[str, ...]
    label: Words


MEDIA = {
    medium.key: medium
    for medium in (
        Medium("pdf", "application/pdf", ("pdf",), Words("PDF 文件", "PDF")),
        Medium("docx", OFFICE + "wordprocessingml.document", ("docx",), Words("Word 文档", "Word document")),
        Medium("xlsx", OFFICE + "spreadsheetml.sheet", ("xlsx",), Words("Excel 工作簿", "Excel workbook")),
        Medium("pptx", OFFICE + "presentationml.presentation", ("pptx",), Words("PowerPoint 演示文稿", "PowerPoint")),
        Medium("ofd", "application/ofd", ("ofd",), Words("OFD 版式文件", "OFD")),  # GB/T 33190-2016
        Medium("png", "image/png", ("png",), Words("PNG 图片", "PNG image")),
        Medium("jpg", "image/jpeg", ("jpg", "jpeg"), Words("JPEG 图片", "JPEG image")),
        Medium("webp", "image/webp", ("webp",), Words("WebP 图片", "WebP image")),
        Medium("text", "text/plain", ("txt",), Words("文本文件", "Text")),
        Medium("csv", "text/csv", ("csv",), Words("文本表格", "CSV table")),
    )
}
ACCEPT = ",".join(f".{suffix}" for medium in MEDIA.values() for suffix in medium.suffixes)
"""For the file box of a form."""

ZIP = "zip"
_SIGNATURES = {
    b"%PDF-": "pdf",
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpg",
    b"PK\x03\x04": ZIP,
    b"PK\x05\x06": ZIP,
}
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<body", b"<head", b"<iframe", b"mime-version:")
_PROGRAMS = frozenset(
    {"exe", "dll", "drv", "sys", "com", "msi", "appimage", "class", "lnk", "so", "dylib", "jar", "apk"}
)
_ARCHIVES = frozenset({"zip", "rar", "7z", "gz", "bz2", "xz", "tar", "zst", "cab", "iso", "dmg", "tgz", "lz"})
_PICTURES = frozenset({"gif", "bmp", "tif", "tiff", "ico", "psd", "heic", "avif", "jp2"})
_FILMS = frozenset({"mp4", "mov", "avi", "mkv", "mp3", "wav", "flac", "wmv", "m4a", "ogg"})


def recognise(path: Path) -> str:
    """The key of :data:`MEDIA` that the content is (``ZIP`` and ``"text"`` before a closer look), or "" for neither."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    found = next((key for signature, key in _SIGNATURES.items() if head.startswith(signature)), "")
    return found or ("text" if is_markup(head) or is_text(path) else "")


def is_markup(head: bytes) -> bool:
    """Whether text begins like a page or a drawing that a browser would run."""
    start = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()  # UTF-16 alternates with NUL
    return start.startswith(_MARKUP)


def is_text(path: Path) -> bool:
    """Whether the whole file reads as UTF-8, GB 18030, or UTF-16 with its mark, without control characters."""
    with path.open("rb") as file:
        head = file.read(3)
    encodings = ("utf-16",) if head[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS
    return any(_reads(path, encoding) for encoding in encodings)


def _reads(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while block := file.read(1 << 20):
                if any(ord(character) in _CONTROLS for character in set(block)):
                    return False
    except UnicodeError:
        return False
    return True


def told(path: Path) -> str:
    """What a file is that is not accepted, in words for the person who sent it."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if is_markup(head):
        return _("网页或矢量图（其中可以带脚本）")
    if head[:4] == b"\xd0\xcf\x11\xe0":
        return _("旧版 Office 文件，或加了密码的 Office 文件")
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _("压缩包")
    names = _suffixes(head)
    if head[:2] == b"MZ" or head[:4] == b"\x7fELF" or names & _PROGRAMS:
        return _("程序或快捷方式")
    kinds = ((_ARCHIVES, _("压缩包")), (_PICTURES, _("这里不收的图片格式")), (_FILMS, _("音频或视频")))
    return next((label for suffixes, label in kinds if names & suffixes), _("平台不能识别的文件"))


def _suffixes(head: bytes) -> set[str]:
    try:
        return {match.extension.lstrip(".").lower() for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def label_of(media_type: str) -> Words:
    """What a format is called, by the media type it was stored with."""
    return next(medium.label for medium in MEDIA.values() if medium.media_type == media_type)
