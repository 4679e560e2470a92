"""An assessment in the reader's words: rungs of the ladder, items with their bands, facts, what is not verified."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.assessments import catalogue, queries
from rongtong.domain.assessments.models import Assessment, Fact
from rongtong.domain.assessments.queries import Rung
from rongtong.domain.foundation.actors import Actor
from rongtong.engines.rules import Input, Pack, Text, Value
from rongtong.engines.rules.shown import shown

FEW = 3


@dataclass(frozen=True)
class Missing:
    """A fact to supply: its name for the form, its label for the reader."""

    name: str
    label: Text


@dataclass(frozen=True)
class Step:
    """A rung as the page shows it."""

    rung: Rung
    word: str
    tone: str
    missing: list[Missing]
    remedies: list[dict[str, str]]
    before: bool

    @property
    def result(self) -> dict[str, Any]:
        return self.rung.assessment.result if self.rung.assessment else {}

    @property
    def marks(self) -> list[Any]:
        """Where the pass line stands."""
        return [self.result.get("threshold")]

    @property
    def names(self) -> str:
        """The missing facts as an address takes them."""
        return ",".join(each.name for each in self.missing)


@dataclass(frozen=True)
class Line:
    """A fact as a row: label, value in words, the fact itself."""

    label: Text
    shown: Text
    unit: str
    fact: Fact


@dataclass(frozen=True)
class Bar:
    """A scored item: what the result says, where its bands end on the scale of points, and the bands in words."""

    item: dict[str, Any]
    edges: list[Any]
    bands: list[tuple[Text, str, bool]]


def outcome_word(outcome: str) -> str:
    """A verdict as one says it."""
    words = {"passed": _("符合"), "failed": _("暂不符合"), "undetermined": _("尚不能判断")}
    return words.get(outcome, _("还没有测评"))


def tone(outcome: str) -> str:
    """The colour of a verdict's tag."""
    tones = {"passed": "tag-success", "failed": "tag-danger", "undetermined": "tag-warning"}
    return tones.get(outcome, "")


def because_word(because: str) -> str:
    """What an open verdict waits for."""
    words = {
        "inputs": _("还缺指标"),
        "experts": _("取决于专家评分"),
        "both": _("还缺指标，也取决于专家评分"),
        "uncomputable": _("现有规则算不出来：地区还没有设定所需的数值"),
    }
    return words.get(because, "")


def status_word(status: str) -> str:
    """How sure a number is."""
    words = {"verified": _("已核对原文"), "memory": _("尚未核对原文"), "draft": _("草稿，未生效")}
    return words.get(status, status)


def steps(actor: Actor, rungs: Sequence[Rung], known: Iterable[Fact]) -> list[Step]:
    """The ladder for the page; ``known`` tells which assessments are of before the last change."""
    latest = max((fact.entered_at for fact in known), default=None)
    return [_step(rung, latest) for rung in rungs]


def _step(rung: Rung, latest: dt.datetime | None) -> Step:
    made = rung.assessment
    outcome = made.outcome if made else ""
    result = made.result if made else {}
    return Step(
        rung=rung,
        word=outcome_word(outcome),
        tone=tone(outcome),
        missing=missing(rung.pack, result.get("missing", ())),
        remedies=[advice["said"] for advice in result.get("remedies", ())][:FEW],
        before=bool(made and latest and latest > made.made_at),
    )


def missing(pack: Pack, names: Iterable[str]) -> list[Missing]:
    """Inputs by name with their labels."""
    return [Missing(name, pack.labels[name]) for name in names if name in pack.inputs]


def lines(facts: Iterable[Fact]) -> list[Line]:
    """Facts as rows; one whose input no pack asks for any more keeps its name."""
    return [_line(fact) for fact in facts]


def _line(fact: Fact) -> Line:
    asked = catalogue.inputs().get(fact.name)
    if asked is None:
        return Line(Text(fact.name, fact.name), Text(str(fact.value), str(fact.value)), "", fact)
    return Line(asked.label, value_words(asked, fact.value), unit_of(asked), fact)


def value_words(asked: Input, kept: Any) -> Text:
    """A kept value in words."""
    return shown(catalogue.restored(asked, kept), asked.kind, asked.options)


def unit_of(asked: Input) -> str:
    """The unit that is not already written with the value."""
    return "" if asked.type in ("money", "share") else asked.unit


def bars(pack: Pack | None, result: dict[str, Any]) -> list[Bar]:
    """Every scored item with the edges and words of its bands."""
    items = pack.items if pack else {}
    return [_bar(each, items.get(each["id"])) for each in result.get("items", ())]


def _bar(item: dict[str, Any], declared: Any) -> Bar:
    bands = declared.bands if declared else ()
    edges = sorted({band.points.high for band in bands} | {band.points.low for band in bands})
    now = (item.get("band") or {}).get("zh")
    said = [(band.text, _points(band.points), band.text.zh == now) for band in bands]
    return Bar(item, [edge for edge in edges if edge], said)


def _points(points: Any) -> str:
    low, high = (f"{float(end):g}" for end in (points.low, points.high))
    return low if low == high else f"{low}–{high}"


def doubtful(pack: Pack) -> list[tuple[Text, str, str]]:
    """(label, article, how sure) of every part of a pack whose numbers are not verified."""
    score = pack.score
    parts: list[Any] = [*pack.gates, *(score.require if score else ()), *pack.direct, *pack.items.values()]
    parts += [*pack.parameters, *pack.derived, *pack.outputs]
    return [
        (each.label, pack.cited(each.cite), status_word(each.cite.status))
        for each in parts
        if each.cite.status != "verified"
    ]


def written(asked: Input, value: Value) -> str:
    """A value as a form shows it: a number in the input's unit, a share in per cent, a flag or choice by its code."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | Fraction():
            number = Fraction(value) * 100 if asked.type == "share" else Fraction(value, asked.scale)
            text = f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case frozenset():
            return "；".join(sorted(value))
    return value.isoformat() if isinstance(value, dt.date) else value


def as_given(asked: Input, text: str) -> str:
    """What a form sends as the engine reads it: a share is meant in per cent, with the sign or without."""
    bare = asked.type == "share" and text and not text.endswith(("%", "％"))
    return f"{text}%" if bare else text


def form_unit(asked: Input) -> str:
    """The unit beside a field of a form."""
    return "%" if asked.type == "share" else asked.unit or ("元" if asked.type == "money" else "")


def titles() -> dict[str, Text]:
    """What each status is called, by the id of its pack; of several versions the newest."""
    return {pack.id: pack.title for pack in catalogue.packs()}


def stage_of(assessment: Assessment) -> str:
    """The stage that innovation points were computed for, empty when it is not known."""
    words = {"startup": _("初创期"), "growth": _("成长期"), "stable": _("稳定期")}
    derived = {each["id"]: each["value"] for each in assessment.result.get("derived", ())}
    return words.get(derived.get("stage", ""), "")


def known_now(actor: Actor, party: Any) -> list[Fact]:
    """The facts of a party, of each indicator the latest year."""
    newest: dict[str, Fact] = {}
    for fact in queries.facts_of(actor, party):
        newest.setdefault(fact.name, fact)
    return list(newest.values())


def declared_bar(item: Any, depth: int, cited: str) -> Bar:
    """An item of a pack as its page draws it, without a value."""
    told = {
        "id": item.id, "label": item.label.as_dict(), "depth": depth, "top": item.top, "cite": cited,
        "status": item.cite.status, "band": None,
    }  # fmt: skip
    return _bar(told, item)
