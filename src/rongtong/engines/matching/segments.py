"""A text in the pieces that get a vector of their own.

One vector for a whole text drowns its one decisive sentence; comparing piece by piece finds it again. The title is a
piece by itself, since it names the object; short sentences are joined, because a vector of five characters says little.
"""

from rongtong.engines.text import Span, sentences

MOST = 8
SHORTEST, LONGEST = 40, 120
# A Chinese character carries about as much as three Latin letters.
LATIN_WIDTH = 3
FIRST_CJK = 0x2E80


def segments(title: str, text: str, most: int = MOST) -> list[Span]:
    """At most `most` pieces covering title and text; offsets count in `record_text(title, text)`."""
    whole = record_text(title, text)
    head = [Span(0, len(title), title)] if title.strip() else []
    start = len(whole) - len(text)
    body = [Span(start + each.start, start + each.end, each.text) for each in _sentences(text)]
    return head + _joined(whole, body, most - len(head))


def record_text(title: str, text: str) -> str:
    """The whole of a record as it is encoded: title and text, or the one that is there."""
    return f"{title}。{text}" if title.strip() and text.strip() else title if title.strip() else text


def _sentences(text: str) -> list[Span]:
    latin = sum(ord(character) < FIRST_CJK for character in text) > len(text) / 2
    return sentences(text, LONGEST * LATIN_WIDTH if latin else LONGEST)


def _joined(whole: str, body: list[Span], most: int) -> list[Span]:
    """Neighbouring sentences joined until each piece is long enough, and all of them few enough."""
    total = sum(_width(span.text) for span in body)
    enough = max(SHORTEST, total / most if total > most * LONGEST else SHORTEST)
    while len(joined := _join(whole, body, enough)) > most:
        enough *= 1.25
    return joined


def _join(whole: str, body: list[Span], enough: float) -> list[Span]:
    pieces: list[Span] = []
    for span in body:
        if pieces and _width(pieces[-1].text) < enough:
            start = pieces[-1].start
            pieces[-1] = Span(start, span.end, whole[start : span.end])
        else:
            pieces.append(span)
    return _without_short_tail(whole, pieces, enough / 2)


def _without_short_tail(whole: str, pieces: list[Span], enough: float) -> list[Span]:
    if len(pieces) > 1 and _width(pieces[-1].text) < enough:
        start, end = pieces[-2].start, pieces[-1].end
        return [*pieces[:-2], Span(start, end, whole[start:end])]
    return pieces


def _width(text: str) -> float:
    return sum(1.0 if ord(character) >= FIRST_CJK else 1 / LATIN_WIDTH for character in text)
