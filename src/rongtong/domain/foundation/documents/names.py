"""The name under which a file is shown. It is never a path: content is kept under its hash."""

import re
import unicodedata

from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Invalid

LONGEST = 120
_DECEIVING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of writing: with them “说明‮fdp.exe” reads like a PDF."""
_SEPARATORS = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
"""Not allowed in a file name on Windows, where most readers will save it."""


def shown_name(given: str) -> str:
    """The last part of ``given``, cleaned for showing and saving; at most ``LONGEST`` characters, its suffix kept.

    Raises Invalid for names made to deceive: control characters, or marks that turn the direction of writing.
    """
    name = unicodedata.normalize("NFC", _SEPARATORS.split(given)[-1])
    if any(character in _DECEIVING or unicodedata.category(character) in ("Cc", "Cs") for character in name):
        raise Invalid(_("文件名里有看不见的控制字符，可能用来伪装文件类型。请改名后再上传。"))
    name = "".join(character for character in name if unicodedata.category(character) not in ("Cf", "Zl", "Zp"))
    name = _FORBIDDEN.sub("_", name).strip(" .")
    if not name:
        raise Invalid(_("文件没有名称。请改名后再上传。"))
    stem, dot, suffix = name.rpartition(".")
    return name if len(name) <= LONGEST else f"{stem[: LONGEST - len(suffix) - 1]}{dot}{suffix}"[:LONGEST]


def suffix_of(name: str) -> str:
    """What stands behind the last dot, in small letters; "" when there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""
