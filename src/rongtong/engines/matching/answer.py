"""What comes back for a query: candidates with probabilities, a verdict, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from rongtong.engines import text as reading
from rongtong.engines.matching.calibration import Grade, Verdict
from rongtong.engines.matching.query import QueryView, demand_words, frame_words
from rongtong.engines.matching.records import Record


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record with the probability that a technology manager would introduce it, and the evidence behind that."""

    id: str
    probability: float
    grade: Grade
    evidence: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Missing:
    """A part of the demand that no candidate covers: a phrase, a sub-need or a required parameter, in its words."""

    code: Literal["phrase", "sub_need", "parameter"]
    text: str


@dataclass(frozen=True)
class Answer:
    """The candidates of one query, best first.

    `verdict` follows from the best probability; `vectors` is the share of records that have a vector (0 when the
    answer rests on words alone); `timings` are seconds by step.
    """

    query: str
    candidates: list[Candidate]
    verdict: Verdict
    probability: float
    vectors: float
    missing: list[Missing] = field(default_factory=list)
    timings: Mapping[str, float] = field(default_factory=dict)


# A phrase counts as covered when one candidate has this share of its words, weighed by length.
PHRASE_COVERED = 0.5
# Parts of a demand that a person reads at a glance.
PHRASES_SHOWN = 8


def missing_parts(view: QueryView, records: Sequence[Record]) -> list[Missing]:
    """Which key phrases, sub-needs and required parameters of a demand none of these records covers."""
    known = [frozenset(reading.words(f"{record.title}\n{record.text}\n{record.keywords}")) for record in records]
    phrases = [phrase.text for phrase in reading.key_phrases(f"{view.query.title}\n{view.problem}", PHRASES_SHOWN)]
    missing = [Missing("phrase", each) for each in phrases if not _says_terms(each) and not _covered(each, known)]
    missing.extend(Missing("sub_need", need) for need in view.sub_needs if not _covered(need, known))
    missing.extend(Missing("parameter", text) for text in _unmet(view, records))
    return missing


def _says_terms(phrase: str) -> bool:
    """Whether at least half of a phrase speaks of money, time and bounds, or of demands as such."""
    words = set(reading.words(phrase))
    terms = words & (frame_words() | demand_words())
    return 2 * sum(map(len, terms)) >= sum(map(len, words))


def _covered(phrase: str, known: Sequence[frozenset[str]]) -> bool:
    words = set(reading.words(phrase))
    lengths = {word: len(word) for word in words}
    total = sum(lengths.values())
    return not total or any(sum(lengths[word] for word in words & each) >= PHRASE_COVERED * total for each in known)


def _unmet(view: QueryView, records: Sequence[Record]) -> list[str]:
    required = view.parameters
    offered = [reading.parameters(record.text) for record in records] if required else []
    tables = [reading.satisfaction_table(required, each) for each in offered]
    return [
        need.span.text for row, need in enumerate(required) if not any(table[row].verdict == "met" for table in tables)
    ]


def best_first(ids: Sequence[str], probabilities: np.typing.NDArray[np.float32], top: int) -> list[int]:
    """Places of the `top` most probable candidates; equals in the order given (which is that of their names)."""
    return [int(place) for place in np.argsort(-probabilities, kind="stable")[:top]]
