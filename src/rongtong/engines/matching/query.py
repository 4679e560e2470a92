"""What is asked, read for matching: the object and the problem, apart from the words any demand is written in."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from rongtong.engines import text as reading
from rongtong.engines.matching.channel import Floats
from rongtong.engines.matching.segments import record_text, segments

# A long demand repeats itself; beyond these many of its rarest terms nothing is gained and time is lost.
MOST_WORDS = 120
MOST_BIGRAMS = 240
LONGEST_PROBLEM = 600


@dataclass(frozen=True, slots=True)
class Query:
    """A demand, or a record for which counterparts are sought.

    `parameters` are those a person confirmed; None reads them from the text. `field` is a field or industry name;
    `kinds` limits the answer to these kinds of record.
    """

    id: str
    title: str
    text: str = ""
    parameters: Sequence[reading.Parameter] | None = None
    field: str | None = None
    kinds: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The distinct terms of a query on one channel, with how often each stands in the title and in the text."""

    terms: list[str]
    in_title: Floats
    in_text: Floats

    @property
    def weights(self) -> Floats:
        """How much each term counts in BM25."""
        return self.in_title + self.in_text


@dataclass(frozen=True)
class QueryView:
    """A query prepared once for retrieval, features and explanation."""

    query: Query
    problem: str
    language: str
    words: QueryTerms
    bigrams: QueryTerms
    pieces: list[str]
    parameters: Sequence[reading.Parameter]
    sub_needs: Sequence[str]

    @property
    def whole(self) -> str:
        """The text whose vector stands for the whole query."""
        return record_text(self.query.title, self.problem)


def read_query(query: Query) -> QueryView:
    """Reads a query: its problem, its terms on both channels and the pieces that get a vector each."""
    demand = reading.read_demand(query.title, query.text)
    problem = _problem(demand, query.text)
    return QueryView(
        query=query,
        problem=problem,
        language=reading.language(f"{query.title} {query.text}"),
        words=_terms(reading.words, demand_words(), query.title, problem, MOST_WORDS),
        bigrams=_terms(reading.bigrams, _demand_bigrams(), query.title, problem, MOST_BIGRAMS),
        pieces=[span.text for span in segments(query.title, problem)] or [query.title],
        parameters=demand.targets if query.parameters is None else query.parameters,
        sub_needs=[need.text for need in demand.sub_needs],
    )


def _problem(demand: reading.DemandReading, text: str) -> str:
    """What is needed or wrong, without the history of the company; failing that the goals, failing that the text."""
    problem, goals = (" ".join(span.text for span in spans) for spans in (demand.problem, demand.goals))
    return (problem or goals or text.strip())[:LONGEST_PROBLEM]


@cache
def demand_words() -> frozenset[str]:
    """Words that any demand is written in (packs/matching/demand_words.txt)."""
    return _listed("demand_words.txt")


@cache
def frame_words() -> frozenset[str]:
    """Words of the terms of a demand: money, time, bounds (packs/matching/frame_words.txt)."""
    return _listed("frame_words.txt")


def _listed(name: str) -> frozenset[str]:
    text = resources.files("rongtong").joinpath("packs", "matching", name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


@cache
def _demand_bigrams() -> frozenset[str]:
    return frozenset(pair for word in demand_words() for pair in reading.bigrams(word))


def _terms(cut: Callable[[str], list[str]], dropped: frozenset[str], title: str, text: str, most: int) -> QueryTerms:
    """The terms of title and text; those of the title first, so that a cut falls on the end of the text."""
    in_title, in_text = (_counts(cut(part), dropped) for part in (title, text))
    terms = list(in_title | in_text)[:most]
    return QueryTerms(terms, _column(terms, in_title), _column(terms, in_text))


def _counts(terms: Iterable[str], dropped: frozenset[str]) -> Counter[str]:
    return Counter(term for term in terms if term not in dropped)


def _column(terms: list[str], counts: Counter[str]) -> Floats:
    return np.array([counts[term] for term in terms], dtype=np.float32)
