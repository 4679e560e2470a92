"""Why these two: what a person can check with a finger on both texts.

Deterministic and without a model (vectors only help to choose the sentences shown). Only the text passed in is quoted:
whoever may see part of a record passes that part.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rongtong.engines import text as reading
from rongtong.engines.matching.channel import Floats
from rongtong.engines.matching.encoder import Encoder, EncoderError
from rongtong.engines.matching.query import Query, demand_words, read_query
from rongtong.engines.matching.records import Record
from rongtong.engines.matching.segments import record_text, segments
from rongtong.engines.text import Parameter, Satisfaction, Span

Agreement = Literal["same", "different", "unknown"]
Unknown = Literal["holder", "field", "stage", "date", "parameters", "text"]

# What a person reads before deciding.
PAIRS_SHOWN = 3
PHRASES_SHOWN = 12
_LATIN_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """A phrase both texts hold. Spans count characters in `query_text` and `record_text` of the explanation."""

    phrase: str
    in_query: list[Span]
    in_record: list[Span]


@dataclass(frozen=True, slots=True)
class SentencePair:
    """A piece of the demand and the piece of the record that answers it best.

    `similarity` is the cosine of their vectors, or without vectors the share of the piece's words that are met;
    `shared` are the words both hold.
    """

    in_query: Span
    in_record: Span
    similarity: float
    shared: list[str]


@dataclass(frozen=True)
class Explanation:
    """Everything that speaks for a match, and what is not known.

    `query_text` and `record_text` are the texts the spans refer to. `field` compares the two fields; `stage` is the
    record's technology readiness level, None when not given; `unknown` lists what nobody stated.
    """

    query: str
    record: str
    query_text: str
    record_text: str
    phrases: list[PhraseMatch]
    pairs: list[SentencePair]
    parameters: list[Satisfaction]
    field: Agreement
    stage: int | None
    holder: str | None
    unknown: list[Unknown]


def explain(
    query: Query, record: Record, encoder: Encoder | None = None, stated: Sequence[Parameter] = ()
) -> Explanation:
    """Explains a match. `record` is the record as its reader may see it: nothing else is quoted.

    `stated` are parameters that the record gives in fields of their own; those of its text are read beside them.
    """
    query_text, candidate_text = record_text(query.title, query.text), record_text(record.title, record.text)
    view = read_query(query)
    offered = [*stated, *reading.parameters(candidate_text)]
    table = reading.satisfaction_table(view.parameters, offered)
    return Explanation(
        query=query.id,
        record=record.id,
        query_text=query_text,
        record_text=candidate_text,
        phrases=shared_phrases(query_text, candidate_text),
        pairs=sentence_pairs(segments(query.title, query.text), segments(record.title, record.text), encoder),
        parameters=table,
        field=_agreement(query.field, record.field),
        stage=record.trl,
        holder=record.holder or None,
        unknown=_unknown(record, table),
    )


def shared_phrases(first: str, second: str, most: int = PHRASES_SHOWN) -> list[PhraseMatch]:
    """The longest phrases that stand in both texts, with every place; words any demand is written in are left out."""
    shared = (set(reading.words(first)) & set(reading.words(second))) - demand_words()
    in_first, in_second = (_places(text, shared) for text in (first, second))
    common = in_first.keys() & in_second.keys()
    kept = sorted(common, key=lambda phrase: (-len(phrase), in_first[phrase][0].start))[:most]
    return [PhraseMatch(phrase, in_first[phrase], in_second[phrase]) for phrase in kept]


def sentence_pairs(
    asked: Sequence[Span], offered: Sequence[Span], encoder: Encoder | None = None, most: int = PAIRS_SHOWN
) -> list[SentencePair]:
    """The pieces of the demand that are met best, each with the piece of the record that meets it."""
    if not asked or not offered:
        return []
    asked_words, offered_words = (
        [set(reading.words(span.text)) - demand_words() for span in each] for each in (asked, offered)
    )
    overlap = _overlap(asked_words, offered_words)
    similarity = _cosines(asked, offered, encoder)
    similarity = overlap if similarity is None else similarity
    best = similarity.argmax(axis=1)
    order = sorted(range(len(asked)), key=lambda row: (-similarity[row, best[row]], row))
    return [
        SentencePair(
            asked[row],
            offered[best[row]],
            round(float(similarity[row, best[row]]), 4),
            sorted(asked_words[row] & offered_words[best[row]]),
        )
        for row in order[:most]
        if similarity[row, best[row]] > 0
    ]


def _overlap(asked: Sequence[set[str]], offered: Sequence[set[str]]) -> Floats:
    shares = [[len(need & offer) / max(len(need), 1) for offer in offered] for need in asked]
    return np.array(shares, dtype=np.float32)


def _cosines(asked: Sequence[Span], offered: Sequence[Span], encoder: Encoder | None) -> Floats | None:
    if encoder is None:
        return None
    try:
        needs = encoder.encode([span.text for span in asked], role="query")
        offers = encoder.encode([span.text for span in offered], role="passage")
    except EncoderError:
        return None
    return needs @ offers.T


def _places(text: str, words: set[str]) -> dict[str, list[Span]]:
    """Where runs of shared words stand: words that touch or overlap make one phrase, named in normal form."""
    found: dict[str, list[Span]] = {}
    marked = sorted(_occurrences(text, words))
    for start, end in _merged(marked):
        found.setdefault(reading.normalise(text[start:end]), []).append(Span(start, end, text[start:end]))
        for inner in (place for place in marked if start <= place[0] and place[1] <= end and place != (start, end)):
            span = Span(*inner, text[slice(*inner)])
            spans = found.setdefault(reading.normalise(span.text), [])
            if span not in spans:
                spans.append(span)
    return found


def _occurrences(text: str, words: set[str]) -> Iterable[tuple[int, int]]:
    # Folding keeps every offset, so a place in the folded text is one in the original.
    folded = reading.fold(text).lower()
    if len(folded) != len(text):
        folded = "".join(each.lower() if len(each.lower()) == 1 else each for each in reading.fold(text))
    for word in words:
        if not word.isascii():
            yield from ((hit.start(), hit.end()) for hit in re.finditer(re.escape(word), folded))
    latin = {word for word in words if word.isascii()}
    for hit in _LATIN_WORD.finditer(folded) if latin else ():
        if hit.group().isascii() and latin.intersection(reading.words(hit.group())):
            yield hit.start(), hit.end()


def _merged(places: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    start = end = -1
    for first, last in places:
        if first > end:
            if end > start:
                yield start, end
            start, end = first, last
        else:
            end = max(end, last)
    if end > start:
        yield start, end


def _agreement(asked: str | None, offered: str | None) -> Agreement:
    if not asked or not offered:
        return "unknown"
    return "same" if reading.normalise(asked) == reading.normalise(offered) else "different"


def _unknown(record: Record, table: Sequence[Satisfaction]) -> list[Unknown]:
    stated: list[tuple[Unknown, bool]] = [
        ("text", bool(record.text.strip())),
        ("holder", bool(record.holder)),
        ("field", bool(record.field)),
        ("stage", record.trl is not None),
        ("date", bool(record.date)),
        ("parameters", not any(row.verdict == "not_stated" for row in table)),
    ]
    return [name for name, known in stated if not known]
