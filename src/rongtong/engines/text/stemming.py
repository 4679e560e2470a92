"""A light stemmer for English: plural, past and gerund, and the common derivational endings.

The steps are those of M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980.
"""

from __future__ import annotations

import re
from functools import lru_cache

_CONSONANT_RUN = r"(?:[^aeiouy]|(?<=[aeiou])y|^y)"
_VOWEL_RUN = r"(?:[aeiou]|(?<![aeiou])(?<!^)y)"
_MEASURE = re.compile(f"{_VOWEL_RUN}+{_CONSONANT_RUN}+")
_HAS_VOWEL = re.compile(_VOWEL_RUN)
_DOUBLE = re.compile(r"([^aeioulsz])\1$")
_SHORT = re.compile(f"^.*{_CONSONANT_RUN}{_VOWEL_RUN}(?![wxy]){_CONSONANT_RUN}$")

_STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "abli": "able", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "isation": "ise", "ation": "ate", "ator": "ate",
    "alism": "al", "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble",
}  # fmt: skip
_STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP_4 = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ise",
    "ion", "al", "er", "ic", "ou",
)  # fmt: skip
_ENDINGS_2 = tuple(sorted(_STEP_2, key=len, reverse=True))
_ENDINGS_3 = tuple(sorted(_STEP_3, key=len, reverse=True))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the stem of a lower-case English word; words with digits and words of up to two letters stay."""
    if len(word) <= 2 or not word.isalpha() or not word.isascii():
        return word
    word = _inflection(_plural(word))
    if word.endswith("y") and _HAS_VOWEL.search(word[:-1]):
        word = word[:-1] + "i"
    word = _replace(word, _ENDINGS_2, _STEP_2)
    word = _replace(word, _ENDINGS_3, _STEP_3)
    return _final(_derivation(word))


def _measure(root: str) -> int:
    return len(_MEASURE.findall(root))


def _plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _inflection(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        root = word.removesuffix(ending)
        if root != word:
            return _restore(root) if _HAS_VOWEL.search(root) else word
    return word


def _restore(root: str) -> str:
    if root.endswith(("at", "bl", "iz")):
        return root + "e"
    if _DOUBLE.search(root):
        return root[:-1]
    return root + "e" if _measure(root) == 1 and _SHORT.match(root) else root


def _replace(word: str, endings: tuple[str, ...], table: dict[str, str]) -> str:
    for ending in endings:
        if word.endswith(ending):
            root = word[: -len(ending)]
            return root + table[ending] if _measure(root) > 0 else word
    return word


def _derivation(word: str) -> str:
    for ending in _STEP_4:
        if word.endswith(ending):
            root = word[: -len(ending)]
            allowed = ending != "ion" or root.endswith(("s", "t"))
            return root if allowed and _measure(root) > 1 else word
    return word


def _final(word: str) -> str:
    if word.endswith("e"):
        root = word[:-1]
        count = _measure(root)
        if count > 1 or (count == 1 and not _SHORT.match(root)):
            return root
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word
