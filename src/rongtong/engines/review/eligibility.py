"""Who of the pool may be drawn at all, and every reason of those who may not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rongtong.engines.review.demands import PanelRules
from rongtong.engines.review.people import Candidate
from rongtong.engines.review.recusal import Conflict

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One reason why somebody is not drawn.

    ``code``: the kind of a conflict, or what the pool says of the person; ``unknown`` with the name of the fact that is
    missing in ``evidence``. Of a conflict: ``party`` the other side, ``until`` the day it ended, ``unclear`` where that
    day is missing.
    """

    candidate: str
    code: str
    evidence: str = ""
    article: str = ""
    party: str = ""
    until: date | None = None
    unclear: bool = False


def exclusions(
    pool: Iterable[Candidate], conflicts: Iterable[Conflict], rules: PanelRules, as_of: date
) -> tuple[Exclusion, ...]:
    """Every reason against everybody, by candidate; who has none may be drawn. Conflicts only told bar nobody."""
    found = [reason for candidate in pool for reason in _of_candidate(candidate, rules, as_of)]
    found += [_of_conflict(each) for each in conflicts if each.verdict != "told"]
    return tuple(sorted(set(found), key=_place))


def _place(exclusion: Exclusion) -> tuple[str, ...]:
    return exclusion.candidate, exclusion.code, exclusion.party, str(exclusion.until or ""), exclusion.evidence


def _of_conflict(each: Conflict) -> Exclusion:
    unclear = each.verdict == "unclear"
    return Exclusion(each.candidate, each.kind, each.evidence, each.article, each.party, each.until, unclear)


def _of_candidate(candidate: Candidate, rules: PanelRules, as_of: date) -> Iterator[Exclusion]:
    for code, evidence in (
        *_stated(candidate),
        *_qualification(candidate, rules),
        *_load(candidate, rules),
        *_cool_down(candidate, rules, as_of),
    ):
        yield Exclusion(candidate.id, code, evidence, rules.articles.get(code, ""))


def _stated(candidate: Candidate) -> Iterator[tuple[str, str]]:
    if not candidate.available:
        yield "unavailable", ""
    if candidate.supervisor:
        yield "supervisor", ""
    if not candidate.organisation:
        yield UNKNOWN, "organisation"


def _qualification(candidate: Candidate, rules: PanelRules) -> Iterator[tuple[str, str]]:
    """An expert has so many years in the field and a senior title or equal standing; others need neither."""
    if not candidate.expert or rules.expert_years is None:
        return
    if candidate.years is None:
        yield UNKNOWN, "years"
    elif candidate.years < rules.expert_years:
        yield "years", f"{candidate.years} < {rules.expert_years}"
    if candidate.senior is None:
        yield UNKNOWN, "senior"
    elif not candidate.senior:
        yield "senior", ""


def _load(candidate: Candidate, rules: PanelRules) -> Iterator[tuple[str, str]]:
    limits = (
        ("open_reviews", candidate.open_reviews, rules.most_open),
        ("year_reviews", candidate.year_reviews, rules.most_in_year),
    )
    for code, load, most in limits:
        if most is not None and load is None:
            yield UNKNOWN, code
        elif most is not None and load is not None and load >= most:
            yield code, f"{load} ≥ {most}"


def _cool_down(candidate: Candidate, rules: PanelRules, as_of: date) -> Iterator[tuple[str, str]]:
    if rules.cool_down_days is None or candidate.last_review is None:
        return
    if (as_of - candidate.last_review).days < rules.cool_down_days:
        yield "cool_down", f"{candidate.last_review}"
