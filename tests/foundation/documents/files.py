"""Files of every sort, made here: sound ones, and those that somebody means harm with."""

import io
import secrets
import struct
import zipfile
import zlib
from collections.abc import Mapping

RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SHORTCUT = b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F"
PROGRAM = b"MZ\x90\x00" + bytes(60) + b"This program cannot be run in DOS mode" + bytes(200)


def pdf(body: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + body + b"\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def png(width: int = 4, height: int = 3) -> bytes:
    rows = b"".join(b"\x00" + b"\x20\x40\x60" * min(width, 8) for _ in range(min(height, 8)))
    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def jpg(width: int = 4, height: int = 3) -> bytes:
    frame = struct.pack("!BHHB", 8, height, width, 3) + b"\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    start = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return start + b"\xff\xc0" + struct.pack("!H", len(frame) + 2) + frame + b"\xff\xd9"


def webp(width: int = 4, height: int = 3) -> bytes:
    extended = b"\x00" * 4 + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", len(extended)) + extended
    return b"RIFF" + struct.pack("<I", len(body)) + body


def packed(parts: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def office(main: str = "word/document.xml", more: Mapping[str, bytes | str] | None = None) -> bytes:
    """An Office Open XML (or, with ``OFD.xml``, an OFD) file with ``more`` parts."""
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>'
    parts: dict[str, bytes | str] = {"[Content_Types].xml": types, main: '<w xmlns="w">石灰窑出灰</w>'}
    return packed(parts | dict(more or {}))


def relationship(kind: str, target: str, part: str = "word/_rels/document.xml.rels") -> Mapping[str, str]:
    """A part with one relationship that points outside."""
    row = f'<Relationship Id="r1" Type="{OFFICE_RELATIONSHIPS}/{kind}" Target="{target}" TargetMode="External"/>'
    return {part: f'<Relationships xmlns="{RELATIONSHIPS}">{row}</Relationships>'}


def overlapping() -> bytes:
    """A container of which twenty entries share the same packed bytes."""
    content = bytearray(office(more={"word/media/a.xml": "<a>" + secrets.token_hex(2000) + "</a>"}))
    end = content.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<I", content, end + 16)[0]
    entries = bytes(content[start:end])
    last = entries[entries.rindex(b"PK\x01\x02") :]
    more = b"".join(last.replace(b"word/media/a.xml", f"word/media/{letter}.xml".encode()) for letter in "bcdefghijklm")
    directory = entries + more
    count = struct.unpack_from("<H", content, end + 10)[0] + 12
    tail = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory), start, 0)
    return bytes(content[:start]) + directory + tail


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))
