"""Marks put together: weighted totals, a score for each proposal, how far reviewers are apart, and the ranking."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import floor
from typing import Literal

WHOLE = 100
"""Totals, scores and spreads are of a hundred."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is marked: its exact weight (all weights make 1) and the highest mark."""

    id: str
    weight: Fraction
    highest: Fraction


@dataclass(frozen=True, slots=True)
class Marks:
    """What one reviewer says of one proposal: a mark for every criterion, a vote where votes decide.

    ``void``: of a reviewer who was replaced; counts nowhere and is not even looked at.
    """

    reviewer: str
    proposal: str
    marks: Mapping[str, Fraction] = field(default_factory=dict)
    vote: bool | None = None
    void: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """How marks become scores.

    ``mean`` of the totals; ``trimmed``: without the ``trim`` highest and lowest; ``vote``: the share in favour. A score
    is rounded once, at the end, half away from nought, to ``digits`` decimals; what is published decides the ranking.
    ``second_look``: a spread above it asks for one; None never. ``least``: fewer valid reviews give no score.
    """

    method: Literal["mean", "trimmed", "vote"] = "mean"
    digits: int = 2
    trim: int = 1
    second_look: Fraction | None = None
    least: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """One proposal. ``exact`` before and ``score`` after rounding, None where there are too few valid reviews.

    ``totals`` by reviewer; ``spread``: highest less lowest total (votes: the smaller side); ``rank`` the same for equal
    scores, and the next is as many lower (1, 1, 3).
    """

    proposal: str
    totals: Mapping[str, Fraction]
    exact: Fraction | None
    score: Fraction | None
    spread: Fraction
    second_look: bool
    voided: tuple[str, ...]
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """All proposals, the best first, those without a score last; ``ties``: groups of equal score, left to people."""

    standings: tuple[Standing, ...]
    ties: tuple[tuple[str, ...], ...]


class MarksError(ValueError):
    """Marks that cannot be used; ``problems`` are (reviewer, proposal, criterion, code)."""

    def __init__(self, problems: list[tuple[str, str, str, str]]) -> None:
        super().__init__("; ".join("/".join(each) for each in problems))
        self.problems = problems


def aggregate(marks: Iterable[Marks], criteria: Sequence[Criterion], rule: Rule) -> Ranking:
    """Scores and ranking of every proposal somebody reviewed.

    Only the criteria given, which are those published, may be marked (招标投标法实施条例 第四十九条). Raises
    :class:`MarksError` with every problem: ``weights`` (they do not make 1), ``unpublished``, ``missing``, ``range``,
    ``vote`` (missing where votes decide), ``twice`` (one reviewer, one proposal).
    """
    given = tuple(marks)
    problems = _problems([each for each in given if not each.void], criteria, rule)
    if problems:
        raise MarksError(problems)
    by_proposal: dict[str, list[Marks]] = defaultdict(list)
    for each in given:
        by_proposal[each.proposal].append(each)
    return _ranking([_standing(id, found, criteria, rule) for id, found in sorted(by_proposal.items())])


def total(marks: Mapping[str, Fraction], criteria: Iterable[Criterion]) -> Fraction:
    """Of a hundred: every mark as a share of the highest, times its weight."""
    shares = (each.weight * marks[each.id] / each.highest for each in criteria)
    return WHOLE * sum(shares, Fraction(0))


def rounded(exact: Fraction, digits: int) -> Fraction:
    """To so many decimals, halves away from nought (scores are never negative)."""
    scale = 10**digits
    return Fraction(floor(exact * scale + Fraction(1, 2)), scale)


def _standing(proposal: str, given: Sequence[Marks], criteria: Sequence[Criterion], rule: Rule) -> Standing:
    valid = sorted((each for each in given if not each.void), key=lambda each: each.reviewer)
    values = {each.reviewer: _value(each, criteria, rule) for each in valid}
    exact = _score(sorted(values.values()), rule)
    spread = _spread(list(values.values()), rule)
    return Standing(
        proposal,
        values,
        exact,
        None if exact is None else rounded(exact, rule.digits),
        spread,
        rule.second_look is not None and spread > rule.second_look,
        tuple(sorted(each.reviewer for each in given if each.void)),
    )


def _value(marks: Marks, criteria: Sequence[Criterion], rule: Rule) -> Fraction:
    return Fraction(WHOLE * bool(marks.vote)) if rule.method == "vote" else total(marks.marks, criteria)


def _score(ordered: Sequence[Fraction], rule: Rule) -> Fraction | None:
    cut = rule.trim if rule.method == "trimmed" else 0
    if len(ordered) < max(rule.least, 2 * cut + 1):
        return None
    kept = ordered[cut : len(ordered) - cut]
    return sum(kept, Fraction(0)) / len(kept)


def _spread(values: Sequence[Fraction], rule: Rule) -> Fraction:
    if not values:
        return Fraction(0)
    if rule.method == "vote":
        inside = sum(values, Fraction(0)) / len(values)
        return min(inside, WHOLE - inside)
    return max(values) - min(values)


def _ranking(standings: list[Standing]) -> Ranking:
    scored = sorted((each for each in standings if each.score is not None), key=lambda each: -(each.score or 0))
    groups: dict[Fraction | None, list[Standing]] = defaultdict(list)
    for each in scored:
        groups[each.score].append(each)
    ranked: list[Standing] = []
    for group in groups.values():
        place = len(ranked) + 1
        ranked += [replace(each, rank=place) for each in group]
    without = [each for each in standings if each.score is None]
    ties = tuple(tuple(each.proposal for each in group) for group in groups.values() if len(group) > 1)
    return Ranking((*ranked, *without), ties)


def _problems(given: Sequence[Marks], criteria: Sequence[Criterion], rule: Rule) -> list[tuple[str, str, str, str]]:
    found: list[tuple[str, str, str, str]] = []
    if rule.method != "vote" and sum((each.weight for each in criteria), Fraction(0)) != 1:
        found.append(("", "", "", "weights"))
    seen: set[tuple[str, str]] = set()
    for each in given:
        if (each.reviewer, each.proposal) in seen:
            found.append((each.reviewer, each.proposal, "", "twice"))
        seen.add((each.reviewer, each.proposal))
        wrong = _wrong_vote(each) if rule.method == "vote" else _wrong_marks(each, criteria)
        found += [(each.reviewer, each.proposal, *problem) for problem in wrong]
    return found


def _wrong_vote(marks: Marks) -> list[tuple[str, str]]:
    return [("", "vote")] if marks.vote is None else []


def _wrong_marks(marks: Marks, criteria: Sequence[Criterion]) -> list[tuple[str, str]]:
    published = {each.id: each for each in criteria}
    strange = [(id, "unpublished") for id in marks.marks if id not in published]
    missing = [(id, "missing") for id in published if id not in marks.marks]
    outside = [
        (id, "range") for id, mark in marks.marks.items() if id in published and not 0 <= mark <= published[id].highest
    ]
    return [*strange, *missing, *outside]
