"""Which of the two working languages a text is written in."""

from __future__ import annotations

import re
from typing import Literal

from rongtong.engines.text.tokens import HAN

Language = Literal["zh", "en"]

_HAN = re.compile(f"[{HAN}]")
_ENGLISH = re.compile(r"[a-z]{3,}")


def language(text: str) -> Language:
    """Return "zh" when the Chinese characters are at least as many as the English words, otherwise "en".

    A Chinese technical sentence is full of names such as PLC, CNN or Al2O3 and still Chinese, so that only runs of
    three lower-case letters count as words. Text without either is "zh", the platform's first language.
    """
    sample = text[:5000]
    ideographs = len(_HAN.findall(sample))
    return "zh" if ideographs >= len(_ENGLISH.findall(sample)) else "en"
