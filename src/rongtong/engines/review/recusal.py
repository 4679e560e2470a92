"""Who may not review what: every conflict between a candidate and a proposal, with evidence and article."""

from calendar import isleap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date
from typing import Literal

from rongtong.engines.review.demands import RecusalRules
from rongtong.engines.review.people import DATED, Candidate, Kind, Proposal, Relation
from rongtong.engines.rules.row import years

Verdict = Literal["barred", "unclear", "told"]
"""``unclear``: it would bar, but the day on which it ended is missing; ``told``: the officer decides."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One reason why a candidate should not review a proposal; ``lapses``: the first day it no longer counts."""

    candidate: str
    proposal: str
    party: str
    kind: Kind
    verdict: Verdict
    article: str = ""
    evidence: str = ""
    until: date | None = None
    lapses: date | None = None


class Relations:
    """Relations by candidate, and in the order given, which is the order in which applicants named reviewers."""

    def __init__(self, relations: Iterable[Relation] = ()) -> None:
        self._of: dict[str, list[Relation]] = defaultdict(list)
        self._named: dict[str, list[str]] = defaultdict(list)
        for each in relations:
            self._of[each.candidate].append(each)
            if each.kind == "named":
                self._named[each.party].append(each.candidate)

    def of(self, candidate: str) -> list[Relation]:
        """What is known of one candidate."""
        return self._of.get(candidate, [])

    def named(self, proposal: Proposal) -> tuple[str, ...]:
        """Whom the applicants of a proposal named as unsuitable, each once, in their order."""
        return tuple(dict.fromkeys(name for party in proposal.parties for name in self._named.get(party, ())))


def conflicts(
    candidate: Candidate, proposal: Proposal, relations: Relations, rules: RecusalRules, as_of: date
) -> tuple[Conflict, ...]:
    """Every conflict of one candidate with one proposal on a day.

    Employment, board and control count until ``years_back`` full years have passed, to the day (政府采购法实施条例
    第九条); of those the applicant named the first ``names_most`` are accepted (国家自然科学基金条例 第二十条).
    """
    found = [*_of_entity(candidate, proposal, rules)]
    for relation in relations.of(candidate.id):
        if relation.party in proposal.parties and _counts(relation, proposal, relations, rules):
            found += _of_relation(relation, proposal, rules, as_of)
    return tuple(found)


def all_conflicts(
    candidates: Iterable[Candidate],
    proposals: Iterable[Proposal],
    relations: Relations,
    rules: RecusalRules,
    as_of: date,
) -> Iterator[Conflict]:
    """Every conflict of many candidates with many proposals; pairs with nothing between them cost nothing."""
    by_party: dict[str, dict[str, Proposal]] = defaultdict(dict)
    for proposal in proposals:
        for party in proposal.parties:
            by_party[party][proposal.id] = proposal
    for candidate in candidates:
        touched = [candidate.organisation, *candidate.also, *(each.party for each in relations.of(candidate.id))]
        met = {id: proposal for party in touched for id, proposal in by_party.get(party, {}).items()}
        for _id, proposal in sorted(met.items()):
            yield from conflicts(candidate, proposal, relations, rules, as_of)


def refused_names(proposal: Proposal, relations: Relations, rules: RecusalRules) -> tuple[str, ...]:
    """Whom the applicants named beyond the number they may name."""
    return relations.named(proposal)[rules.names_most :]


def _of_entity(candidate: Candidate, proposal: Proposal, rules: RecusalRules) -> Iterator[Conflict]:
    ground = rules.grounds.get("entity")
    if ground is None:
        return
    for organisation in dict.fromkeys((candidate.organisation, *candidate.also)):
        if organisation and organisation in proposal.parties:
            verdict: Verdict = "barred" if ground.decisive else "told"
            yield Conflict(candidate.id, proposal.id, organisation, "entity", verdict, ground.article)


def _counts(relation: Relation, proposal: Proposal, relations: Relations, rules: RecusalRules) -> bool:
    return relation.kind != "named" or relation.candidate in relations.named(proposal)[: rules.names_most]


def _of_relation(relation: Relation, proposal: Proposal, rules: RecusalRules, as_of: date) -> Iterator[Conflict]:
    ground = rules.grounds.get(relation.kind)
    span = rules.co_work_years if relation.kind == "co_work" else rules.years_back
    dated = relation.kind in DATED and not relation.ongoing and span is not None
    if ground is None or (dated and relation.until is not None and years(relation.until, as_of) >= (span or 0)):
        return
    unclear = dated and relation.until is None
    yield Conflict(
        relation.candidate,
        proposal.id,
        relation.party,
        relation.kind,
        "told" if not ground.decisive else "unclear" if unclear else "barred",
        ground.article,
        relation.evidence,
        relation.until,
        _lapses(relation.until, span) if dated and relation.until and span else None,
    )


def _lapses(until: date, span: int) -> date | None:
    """A 29 February completes its year on 1 March, as full years are counted everywhere here; None: in no calendar."""
    year = until.year + span
    if year > MAXYEAR:
        return None
    leap_day = (until.month, until.day) == (2, 29) and not isleap(year)
    return date(year, 3, 1) if leap_day else until.replace(year=year)
