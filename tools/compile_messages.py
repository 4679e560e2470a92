"""Compile every translation (``django.po`` → ``django.mo``) without the GNU gettext tools."""

import ast
import re
import struct
from collections.abc import Iterator
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "src" / "rongtong" / "locale"
_LINE = re.compile(r'^(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[\d+\])?\s+)?(".*")$')

Message = dict[str, list[str]]
"""What stands under each keyword of an entry; ``msgstr`` has one text for each plural form."""


def messages(text: str) -> Iterator[Message]:
    """The entries of a .po file that are in use: neither fuzzy nor struck out."""
    for block in re.split(r"\n\s*\n", text):
        lines = block.splitlines()
        if not any(line.startswith("#,") and "fuzzy" in line for line in lines):
            message = _message(lines)
            if message:
                yield message


def _message(lines: list[str]) -> Message:
    message: Message = {}
    texts: list[str] = []
    for found in (_LINE.match(line) for line in lines):
        if found is None:
            continue
        if keyword := found[1]:
            texts = message.setdefault(keyword, [])
            texts.append("")
        texts[-1] += ast.literal_eval(found[2])
    return message


def catalogue(text: str) -> dict[bytes, bytes]:
    """Keys and translations as they stand in a .mo file; what is not translated is left out."""
    found = {}
    for message in messages(text):
        if all(message.get("msgstr", [""])):
            found[_key(message)] = "\0".join(message["msgstr"]).encode()
    return found


def _key(message: Message) -> bytes:
    context = message["msgctxt"][0] + "\4" if "msgctxt" in message else ""
    return (context + "\0".join(message["msgid"] + message.get("msgid_plural", []))).encode()


def compiled(text: str) -> bytes:
    """The .mo file of a .po file: a header, two tables of (length, offset), sorted keys, translations."""
    entries = sorted(catalogue(text).items())
    keys, values = ([pair[side] for pair in entries] for side in (0, 1))
    tables = 28 + 16 * len(entries)
    key_table, end = _table(keys, tables)
    value_table, _end = _table(values, end)
    header = struct.pack("<7I", 0x950412DE, 0, len(entries), 28, 28 + 8 * len(entries), 0, 0)
    return header + key_table + value_table + b"".join(text + b"\0" for text in (*keys, *values))


def _table(texts: list[bytes], offset: int) -> tuple[bytes, int]:
    rows = []
    for text in texts:
        rows.append(struct.pack("<2I", len(text), offset))
        offset += len(text) + 1
    return b"".join(rows), offset


def main() -> None:
    for source in LOCALE.glob("*/LC_MESSAGES/django.po"):
        source.with_suffix(".mo").write_bytes(compiled(source.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
