"""An answer of the matching engine in the reader's words: verdict, reasons, parameters, what is not known."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.leads import matching
from rongtong.domain.leads.matching import Match, Matches
from rongtong.domain.leads.models import NOT_USEFUL, REASONS, USEFUL, USEFUL_REASONS, Feedback, Lead
from rongtong.domain.leads.queries import lead_between, leads_of, own_feedback
from rongtong.domain.leads.states import LEAD
from rongtong.domain.registry import taxonomies
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.persons import is_personal, records_of_actor
from rongtong.domain.registry.queries import summary
from rongtong.domain.registry.showing import note_answers
from rongtong.domain.registry.states import LISTED
from rongtong.engines.matching.answer import Missing
from rongtong.engines.matching.explain import Explanation, SentencePair
from rongtong.engines.matching.query import Query
from rongtong.engines.text import Parameter, Satisfaction, Span

PAIRS = 2
SHOWN = 12
SHOWN_WHILE_WRITING = 6
REMOTE_SHOWN = 3
CANDIDATES = 100
PARAMETERS = 8
SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "", "~": "≈", "range": ""}


@dataclass(frozen=True)
class Pair:
    """A sentence of the demand and the sentence that answers it, with what both share."""

    asked: str
    asked_spans: list[tuple[int, int]]
    offered: str
    offered_spans: list[tuple[int, int]]


@dataclass(frozen=True)
class ParameterRow:
    """One required parameter beside what is offered; ``verdict`` is met, not_met or not_stated."""

    name: str
    required: str
    offered: str
    verdict: str
    note: str


@dataclass(frozen=True)
class Chip:
    """A point of the demand, and whether it counts at the moment."""

    text: str
    on: bool


@dataclass(frozen=True)
class Tab:
    """A group of answers one can turn to; ``part`` is where htmx asks for it when the question is a form."""

    label: str
    address: str
    current: bool
    part: str = ""


@dataclass
class Card:
    """One candidate as the page shows it."""

    record: Resource
    demand: Resource | None
    supply: Resource
    probability: float
    grade: str
    offers: str = ""
    pairs: list[Pair] = field(default_factory=list)
    parameters: list[ParameterRow] = field(default_factory=list)
    unknowns: list[str] = field(default_factory=list)
    feedback: Feedback | None = None
    lead: Lead | None = None
    may_introduce: bool = False
    own: bool = False
    """Whether it is the reader whom the machine judges here."""

    @property
    def personal(self) -> bool:
        """Whether the machine judges a person here: then it says who decides."""
        return is_personal(self.supply) or is_personal(self.record)

    @property
    def judged(self) -> Resource:
        """The record of the person who is judged."""
        return self.supply if is_personal(self.supply) else self.record

    @property
    def distant(self) -> bool:
        """Whether the reasons are kept one click down: there is little to decide here."""
        return self.grade in ("related", "remote")

    @property
    def unstated(self) -> list[str]:
        """The names of all required parameters when none of them is stated; [] when a table has something to say."""
        if any(row.verdict != "not_stated" or row.note for row in self.parameters):
            return []
        return [row.name for row in self.parameters]

    def hear(self, said: Feedback | None) -> None:
        """Take in what the reader said of this candidate."""
        self.feedback = said

    @property
    def feedback_reason(self) -> str:
        return str(REASONS.get(self.feedback.reason, "")) if self.feedback else ""

    @property
    def lead_state(self) -> str:
        return str(LEAD.state(self.lead.state).label) if self.lead else ""

    @property
    def holder(self) -> str:
        return self.record.public_owner

    @property
    def stage(self) -> str:
        return _("成熟度 %(level)s 级") % {"level": self.record.trl} if self.record.trl else ""

    @property
    def field_name(self) -> str:
        return taxonomies.scheme("field").show(self.record.field) if self.record.field else ""

    @property
    def region(self) -> str:
        return taxonomies.scheme("division").show(self.record.region) if self.record.region else ""

    @property
    def summary(self) -> str:
        return summary(self.record, longest=240)


@dataclass
class Result:
    """The answers of one group in words."""

    verdict: str
    sentence: str
    detail: str
    missing: list[str]
    vectors: float
    answers: list[Card]
    groups: list[Tab] = field(default_factory=list)

    @property
    def comparable(self) -> bool:
        return len(self.answers) > 1


def to_record(actor: Actor, record: Resource, *, group: str, top: int = SHOWN, off: Collection[str] = ()) -> Result:
    """The answers to ``record`` from ``group``, with reasons; ``off`` are the points that do not count."""
    found = matching.match_record(actor, record, group=group, top=top, without=off)
    note_answers(actor, "match", [record, *(each.record for each in found.matches)])
    cards = [_card(actor, found.query, each, record) for each in _worth_showing(found.matches)]
    _add_history(actor, record, cards)
    _find_oneself(actor, cards)
    return _result(found, cards, reverse=group == "demand")


def to_text(actor: Actor, *, title: str, text: str, targets: list[dict[str, Any]], group: str = "technology") -> Result:
    """The answers to a text that is not (yet) a record."""
    query = matching.text_query(title, text, targets=targets or None)
    found = matching.match(actor, query, group=group, top=SHOWN_WHILE_WRITING)
    note_answers(actor, "match", [each.record for each in found.matches])
    cards = [_card(actor, query, each, None) for each in _worth_showing(found.matches)]
    _find_oneself(actor, cards)
    return _result(found, cards, reverse=False)


def card_between(actor: Actor, record: Resource, other: Resource) -> Card | None:
    """The card of ``other`` as an answer to ``record``; None when it is not among the candidates."""
    found = matching.match_record(actor, record, group=other.declaration.group, top=CANDIDATES)
    note_answers(actor, "match", [record, other])
    return next((_card(actor, found.query, each, record) for each in found.matches if each.record.pk == other.pk), None)


def tabs(current: str, address: str, part: str = "") -> list[Tab]:
    """The groups that can answer a demand."""
    return [
        Tab(
            str(matching.GROUPS[group]),
            f"{address}?group={group}",
            group == current,
            f"{part}?only=answers&group={group}" if part else "",
        )
        for group in matching.ANSWERS
    ]


def _worth_showing(found: Sequence[Match]) -> list[Match]:
    """All that share at least the field; of the remote ones only the nearest few, so that the scale can be seen."""
    near = [each for each in found if each.grade != "remote"]
    remote = [each for each in found if each.grade == "remote"]
    return near + remote[: max(0, REMOTE_SHOWN - len(near))]


def _card(actor: Actor, query: Query, found: Match, asked: Resource | None) -> Card:
    """The card of one candidate. Whichever side asked, the demand requires and the other side offers."""
    if asked is None or asked.declaration.group == "demand":
        demand, supply, why = asked, found.record, matching.reasons(actor, query, found.record)
    else:
        demand, supply = found.record, asked
        why = matching.reasons(actor, matching.record_query(actor, demand), supply)
    card = Card(
        record=found.record,
        demand=demand,
        supply=supply,
        probability=found.probability,
        grade=found.grade,
        offers=_("对方") if supply is found.record else str(supply.declaration.label),
        pairs=pairs(why),
        parameters=parameter_rows(why.parameters),
        unknowns=unknowns(why.unknown),
    )
    card.may_introduce = _may_introduce(actor, card)
    return card


def _may_introduce(actor: Actor, card: Card) -> bool:
    if card.demand is None or card.demand.state not in LISTED or not actor.signed_in:
        return False
    sides = (card.demand.owner_id, card.supply.owner_id)
    return actor.is_any(Role.OFFICER, Role.MANAGER) or (actor.party is not None and actor.party in sides)


def _add_history(actor: Actor, record: Resource, cards: list[Card]) -> None:
    """What the reader said of these answers, and the leads that exist."""
    if record.declaration.group != "demand":
        leads = {lead.demand_id: lead for lead in leads_of(actor).filter(candidate=record)}
        said = {item.demand_id: item for item in Feedback.objects.filter(candidate=record, account=actor.account or 0)}
    else:
        leads, said = lead_between(actor, record), own_feedback(actor, record)
    for card in cards:
        card.lead = leads.get(card.record.pk)
        card.hear(said.get(card.record.pk))


def _find_oneself(actor: Actor, cards: list[Card]) -> None:
    """Mark the answers in which the reader is judged."""
    judged = {card.judged.pk: card for card in cards if card.personal}
    if judged and actor.signed_in:
        for pk in records_of_actor(actor).filter(pk__in=list(judged)).values_list("pk", flat=True):
            judged[pk].own = True


def _result(found: Matches, cards: list[Card], *, reverse: bool) -> Result:
    grades = [card.grade for card in cards]
    verdict = found.verdict if cards else "none"
    best = max((card.probability for card in cards), default=0.0)
    return Result(
        verdict=verdict,
        sentence=verdict_sentence(verdict, grades, reverse=reverse),
        detail=_("最好的一项，技术经理人会引荐的可能性约 %(share)s %%。") % {"share": round(best * 100)}
        if cards
        else "",
        missing=[] if reverse else missing_lines(found.missing),
        vectors=found.vector_share,
        answers=cards,
    )


def _best(probability: float) -> str:
    return _("最好的一项，技术经理人会引荐的可能性约 %(share)s %%。") % {"share": round(probability * 100)}


def pairs(explanation: Explanation) -> list[Pair]:
    """The best pairs of sentences, no sentence of the record twice, with the shared phrases marked."""
    in_query = [span for phrase in explanation.phrases for span in phrase.in_query]
    in_record = [span for phrase in explanation.phrases for span in phrase.in_record]
    distinct = {pair.in_record: pair for pair in reversed(explanation.pairs)}
    best = sorted(distinct.values(), key=lambda pair: -pair.similarity)
    return [_pair(pair, in_query, in_record) for pair in best[:PAIRS]]


def _pair(pair: SentencePair, in_query: Sequence[Span], in_record: Sequence[Span]) -> Pair:
    return Pair(
        pair.in_query.text,
        _inside(pair.in_query, in_query),
        pair.in_record.text,
        _inside(pair.in_record, in_record),
    )


def _inside(sentence: Span, marks: Iterable[Span]) -> list[tuple[int, int]]:
    """Places of ``marks`` within ``sentence``, counted from its beginning."""
    return [
        (mark.start - sentence.start, mark.end - sentence.start)
        for mark in marks
        if sentence.start <= mark.start and mark.end <= sentence.end
    ]


def parameter_rows(table: Sequence[Satisfaction]) -> list[ParameterRow]:
    """The required parameters beside what is offered."""
    notes = {
        "partly": _("对方的范围只有一部分符合"),
        "other_dimension": _("单位不同，无法比较"),
        "other_kind": _("一方是变化幅度，另一方是数值"),
    }
    return [
        ParameterRow(
            row.required.name or row.required.span.text,
            quantity(row.required),
            quantity(row.offered) if row.offered and row.verdict != "not_stated" else "",
            row.verdict,
            notes.get(row.reason, ""),
        )
        for row in table[:PARAMETERS]
    ]


def quantity(parameter: Parameter) -> str:
    """A parameter's relation, value and unit as one reads it: ``≥ 67 %``."""
    low, high = (None if value is None else f"{value:g}" for value in (parameter.low, parameter.high))
    if parameter.relation == "range":
        amount = f"{low}~{high}"
    else:
        amount = f"{SIGNS[parameter.relation]} {low if low is not None else high}".strip()
    change = {"increase": _("提高"), "decrease": _("降低"), None: ""}[parameter.change]
    return f"{change} {amount} {parameter.unit}".strip()


def unknowns(codes: Iterable[str]) -> list[str]:
    """What nobody stated, as a person would ask for it."""
    said = {
        "holder": _("权利人或持有单位"),
        "field": _("所属技术领域"),
        "stage": _("成熟到哪一级"),
        "date": _("日期"),
        "parameters": _("部分指标能否达到"),
        "text": _("具体内容"),
    }
    return [said[code] for code in codes if code in said]


def verdict_sentence(verdict: str, grades: Sequence[str], *, reverse: bool = False) -> str:
    """The answer first, in one sentence."""
    introduce, consider = grades.count("introduce"), grades.count("consider")
    if verdict == "none" or not grades:
        return _("没有找到可以用上它的需求。") if reverse else _("这里没有合适的供给。")
    if verdict == "related_only":
        return _("没有直接合适的，只有同一领域的线索。")
    likely = ngettext("%(n)s 项很可能合适", "%(n)s 项很可能合适", introduce) % {"n": introduce}
    worth = ngettext("%(n)s 项值得一谈", "%(n)s 项值得一谈", consider) % {"n": consider}
    return _("，").join(part for part, count in ((likely, introduce), (worth, consider)) if count) + _("。")


def missing_lines(missing: Sequence[Missing]) -> list[str]:
    """The parts of the demand that no candidate covers, gathered by what they are."""
    said = {
        "phrase": _("没有一项提到：%(what)s"),
        "sub_need": _("没有一项回应：%(what)s"),
        "parameter": _("没有一项写明能达到：%(what)s"),
    }
    found = {code: [item.text for item in missing if item.code == code] for code in said}
    return [said[code] % {"what": _("、").join(texts[:5])} for code, texts in found.items() if texts]


def feedback_choices() -> list[tuple[str, str, str, list[tuple[str, Any]]]]:
    """(verdict, icon, label, reasons) of the two buttons."""
    good = [(key, words) for key, words in REASONS.items() if key in USEFUL_REASONS]
    bad = [(key, words) for key, words in REASONS.items() if key not in USEFUL_REASONS]
    return [(USEFUL, "thumb-up", _("有用"), good), (NOT_USEFUL, "thumb-down", _("不合适"), bad)]


def probability_in(data: QueryDict) -> float | None:
    """The probability that stood on the answer of which something is said; None for one that cannot be read."""
    try:
        value = float(data.get("probability", ""))
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
