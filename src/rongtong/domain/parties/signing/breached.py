"""Whether a password stands in a file of leaked ones; the file is searched where it lies, however large."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

_HASH_LINE = re.compile(rb"^[0-9A-Fa-f]{40}(:\d+)?\r?$")


def is_breached(password: str, path: Path) -> bool:
    """Whether ``password`` is in the file at ``path``.

    The file is either the sorted SHA-1 list of Have I Been Pwned (``HASH:count`` or ``HASH`` a line; bisected, about
    thirty reads for a thousand million lines) or holds one password a line.
    """
    with path.open("rb") as file:
        if not _HASH_LINE.match(file.readline().rstrip(b"\n")):
            return password.strip().lower() in _plain(path, path.stat().st_mtime_ns)
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        return _bisected(file, wanted, path.stat().st_size)


def _bisected(file: BinaryIO, wanted: bytes, size: int) -> bool:
    """Look for the line that begins with ``wanted``; ``low`` and ``high`` are places in the file."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        start = _line_start(file, middle)
        found = file.readline()[:40].upper()
        if found == wanted:
            return True
        if found < wanted:
            low = max(file.tell(), middle + 1)
        else:
            high = start
    return False


def _line_start(file: BinaryIO, place: int) -> int:
    """Go to the beginning of the line that ``place`` lies in; lines are shorter than 64 bytes."""
    back = max(0, place - 64)
    file.seek(back)
    before = file.read(place - back)
    start = back + before.rfind(b"\n") + 1
    file.seek(start)
    return start


@lru_cache(maxsize=2)
def _plain(path: Path, changed: int) -> frozenset[str]:
    """The lines of a plain file; ``changed`` makes a new version of it be read again."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return frozenset(line.strip().lower() for line in file)
