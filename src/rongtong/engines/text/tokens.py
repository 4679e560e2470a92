"""From text to the units that are counted: words and character bigrams."""

from __future__ import annotations

import itertools
import re

from rongtong.engines.text.dictionary import segmenter, stop_words
from rongtong.engines.text.normal import normalise
from rongtong.engines.text.stemming import stem

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af〇"
# An alphanumeric run may hold inner points, hyphens and plus signs: pm2.5, 60si2mn, e5-small, c++, α-sialon.
_LATIN = r"[^\W_\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
_RUN = re.compile(f"[{HAN}]+|{_LATIN}+(?:\\.{_LATIN}+)*\\+*")
_NUMBER = re.compile(r"[\d.]+")
# Grades and types are worth finding (304 stainless, 6061 alloy, 35CrMo); amounts and years are not.
_GRADE = re.compile(r"(?!(?:19|20)\d\d$)\d{3,4}")


def words(text: str) -> list[str]:
    """Return the content words of a text in order, with repetitions.

    Chinese is cut in search mode (氮化硼 gives 氮化 and 氮化硼) with the technical dictionaries; English is lower-cased
    and stemmed. Function words, single Chinese characters, single letters and plain amounts are dropped.
    """
    return words_of_normal(normalise(text))


def words_of_normal(normal: str) -> list[str]:
    """Like `words`, for a text that is in normal form already."""
    cut = segmenter().cut_for_search
    drop = stop_words()
    found: list[str] = []
    for run in _RUN.findall(normal):
        if is_han(run[0]):
            found.extend(word for word in cut(run) if len(word) > 1 and word not in drop)
        elif run not in drop and (token := _latin_token(run)):
            found.append(token)
    return found


def bigrams(text: str) -> list[str]:
    """Return overlapping pairs of Chinese characters, and Latin or digit runs whole, in order with repetitions."""
    return bigrams_of_normal(normalise(text))


def bigrams_of_normal(normal: str) -> list[str]:
    """Like `bigrams`, for a text that is in normal form already."""
    found: list[str] = []
    for run in _RUN.findall(normal):
        if not is_han(run[0]):
            found.append(stem(run))
        elif len(run) == 1:
            found.append(run)
        else:
            found.extend(map("".join, itertools.pairwise(run)))
    return found


def is_han(character: str) -> bool:
    """Say whether a character is a Chinese ideograph."""
    return (
        "\u4e00" <= character <= "\u9fff"
        or "\u3400" <= character <= "\u4dbf"
        or "\uf900" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U000323af"
        or character == "〇"
    )


def _latin_token(run: str) -> str:
    if _NUMBER.fullmatch(run):
        return run if _GRADE.fullmatch(run) else ""
    return stem(run) if len(run) > 1 else ""
