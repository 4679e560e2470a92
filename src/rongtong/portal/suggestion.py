"""What a pasted text suggests for the form of a demand, laid beside what the person has already changed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rongtong.engines import text as reading

FORM_OF: dict[reading.Form, str] = {
    "joint_development": "joint",
    "commissioned_development": "commission",
    "transfer": "licence",
    "licence": "licence",
    "consulting": "expert",
    "talent": "expert",
    "service": "facility",
    "equity": "capital",
    "investment": "capital",
    "purchase": "technology",
}
CHANGES: dict[reading.Change | None, tuple[str, str]] = {
    "increase": ("提高", " increase"),
    "decrease": ("降低", " decrease"),
    None: ("", ""),
}
_BETWEEN = " \t≥≤><=≈约≧≦不低于高小大等于超过少达到为在至"
TITLE_LENGTH = 60
NAME_LENGTH = 80


@dataclass(frozen=True)
class Suggestion:
    """Values for the fields of a demand, in the form in which the form takes them."""

    title: str = ""
    targets: list[dict[str, Any]] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)
    acceptance: str = ""
    budget: str = ""


def suggest(text: str) -> Suggestion:
    """What ``text`` itself says of name, targets, constraints, wanted form, acceptance, budget; nothing is invented."""
    read = reading.read_demand("", text)
    rows = [_row(parameter, text) for parameter in read.targets]
    return Suggestion(
        title=_title(read, text),
        targets=[row for row in rows if row["name"] and row["value"]],
        constraints=_unique(span.text.strip()[:300] for span in read.constraints),
        wanted=_unique(FORM_OF[form.form] for form in read.forms),
        acceptance="\n".join(span.text.strip() for span in read.acceptance),
        budget=_yuan(read.budget) if read.budget else "",
    )


def target_key(row: dict[str, Any]) -> str:
    """What makes two rows of parameters the same statement."""
    return " ".join(str(row.get(name) or "") for name in ("name", "relation", "value", "high", "unit"))


def merged(given: list[Any], suggested: list[Any], seen: set[str], key: Any = str) -> list[Any]:
    """What the person has, plus what was not suggested before: an edit or a removal of theirs is never undone."""
    present = {key(item) for item in given}
    return [*given, *(item for item in suggested if key(item) not in seen and key(item) not in present)]


def _title(read: reading.DemandReading, text: str) -> str:
    sentences = [span.text for span in read.problem] or [text]
    if read.object and read.language == "zh" and len(read.object.text) >= 4:
        return read.object.text[:TITLE_LENGTH]
    return sentences[0].strip().split("\n", 1)[0].rstrip("。；;.")[:TITLE_LENGTH]


def _row(parameter: reading.Parameter, text: str) -> dict[str, Any]:
    low, high = parameter.low, parameter.high
    name = parameter.name or _clause_before(text, parameter.span.start)
    return {
        "name": (name + CHANGES[parameter.change][name.isascii()])[:NAME_LENGTH],
        "relation": parameter.relation,
        "value": _plain(low if low is not None else high),
        "high": _plain(high) if parameter.relation == "range" else "",
        "unit": parameter.unit[:40],
        "must": True,
    }


def _clause_before(text: str, start: int) -> str:
    """What stands between the last stop and a value whose name was not recognised; the person will correct it."""
    return re.split(r"[，,。；;：:、\n]", text[:start])[-1].strip(_BETWEEN)


def _plain(value: float | None) -> str:
    return "" if value is None else f"{Decimal(repr(value)).normalize():f}"


def _yuan(budget: reading.Parameter) -> str:
    amount = budget.high_base if budget.high_base is not None else budget.low_base
    return _plain(amount)


def _unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(item for item in items if item))
