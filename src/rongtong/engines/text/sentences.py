"""Sentences of the original text, with exact offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: `original[start:end] == text`."""

    start: int
    end: int
    text: str


# A full stop ends a sentence unless a digit or letter follows directly (0.03, e.g.x, www.a.cn).
_END = re.compile(r"[。！？；!?;…]+[”’\"')）】」』]*|\.(?=\s|$)|[\r\n\u2028\u2029]+")
_COMMA = re.compile(r"[，,、：:]")


def sentences(text: str, longest: int = 300) -> list[Span]:
    """Return the sentences of a text as spans over the original, blank ones left out and blanks trimmed.

    Lines, stops, question marks and semicolons end a sentence. What is still longer than `longest` characters is cut
    at its last comma before that length, or hard where there is none.
    """
    found: list[Span] = []
    start = 0
    for mark in _END.finditer(text):
        found.extend(_pieces(text, start, mark.end(), longest))
        start = mark.end()
    found.extend(_pieces(text, start, len(text), longest))
    return found


def span_of(text: str, start: int, end: int) -> Span | None:
    """Return the span without the blanks at its ends, or None when nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end, text[start:end]) if start < end else None


def _pieces(text: str, start: int, end: int, longest: int) -> list[Span]:
    found: list[Span] = []
    while start < end:
        stop = end if end - start <= longest else _cut(text, start, longest)
        span = span_of(text, start, stop)
        if span and any(map(str.isalnum, span.text)):
            found.append(span)
        start = stop
    return found


def _cut(text: str, start: int, longest: int) -> int:
    last = None
    for last in _COMMA.finditer(text, start + longest // 3, start + longest):  # noqa: B007 - the last one is wanted
        pass
    return last.end() if last else start + longest
