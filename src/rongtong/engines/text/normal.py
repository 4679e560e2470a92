"""One normal form for search, matching and deduplication; and a same-length folding for reading the original."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import opencc

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


def normalise(text: str) -> str:
    """Return the form in which two writings of the same text are equal.

    Compatibility characters and full width are folded (NFKC), traditional characters become simplified (OpenCC t2s,
    by phrase), letters lower case, any run of blanks one space, invisible characters nothing. Idempotent.
    The original text stays what people see: this form is only for comparing.
    """
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower()
    folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", folded))
    return _BLANK.sub(" ", simplify(folded)).strip()


def simplify(text: str) -> str:
    """Return the text in simplified characters (OpenCC t2s); the length may change by phrase."""
    if text.isascii():
        return text
    converter = _converter()
    once: str = converter.convert(text)
    # A few variants reach their simplified form in two steps (薴 → 苧 → 苎), so conversion runs to its fixed point.
    while once != text:
        text, once = once, converter.convert(once)
    return once


def fold(text: str) -> str:
    """Return the text with full width, traditional and blank characters folded one for one.

    The length never changes, so offsets in the result are offsets in the original. Superscripts and unit signs stay,
    because NFKC would turn 10⁵ into 105.
    """
    if text.isascii():
        return text.translate(_BLANKS)
    return text.translate(_BLANKS).translate(_folding())


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


_BLANKS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, *range(128, 161)), " ") | {0x3000: " ", 9: " "}


@lru_cache(maxsize=1)
def _folding() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    ideographs = "".join(map(chr, (*range(0x3400, 0xA000), *range(0xF900, 0xFA6E))))
    for character in ideographs:
        simple = simplify(unicodedata.normalize("NFKC", character))
        if simple != character and len(simple) == 1:
            table[ord(character)] = simple
    return table
