"""The form of a submission: what stands in it, and what a person has typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from rongtong.domain.foundation.access import scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Problem
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes import contents
from rongtong.domain.programmes.budgeting import PURSES
from rongtong.domain.programmes.models import Submission
from rongtong.domain.programmes.terms import template
from rongtong.domain.registry.measures import RELATIONS
from rongtong.domain.registry.types import Money, Rejected
from rongtong.portal.forms import SIGNS

MONEY = Money()
Typed = dict[str, Any]
COLUMNS = {
    "budget": ("item", "amount", "purse", "note"),
    "members": ("name", "share", "task"),
    "promises": ("name", "value", "high", "unit"),
    "avoid": ("name", "organisation", "reason"),
}
"""The tables of the form; money and parties stand in them as people write them."""


@dataclass(frozen=True)
class Answer:
    """A field of the call with what is written in it."""

    name: str
    label: Words
    help: Words | None
    required: bool
    value: str
    options: list[tuple[str, Words]]
    errors: tuple[str, ...]


def typed_from(submission: Submission, content: Mapping[str, Any]) -> Typed:
    """What stands in the form for a content that was kept."""
    own = str(submission.applicant_id)
    budget = [{**line, "amount": _amount(line["fen"])} for line in content["budget"]]
    members = [row for row in content["members"] if row["party"] != own]
    leader = next((row for row in content["members"] if row["party"] == own), {"share": "", "task": ""})
    return {
        "title": content["title"],
        "answers": dict(content["answers"]),
        "bid": _amount(content["bid"]),
        "budget": budget,
        "leader": leader,
        "members": members,
        "promises": _promises(submission, content["promises"]),
        "avoid": list(content["avoid"]),
    }


def typed_in(submission: Submission, given: QueryDict) -> Typed:
    """What was typed, as it was typed."""
    fields = submission.topic.programme.form
    rows = {name: _rows(given, name) for name in COLUMNS}
    return {
        "title": given.get("title", "").strip(),
        "answers": {each["name"]: given.get(f"answers.{each['name']}", "").strip() for each in fields},
        "bid": given.get("bid", "").strip(),
        "leader": {"share": given.get("leader.share", "").strip(), "task": given.get("leader.task", "").strip()},
        **rows,
    }


def facts_of(actor: Actor, submission: Submission, typed: Typed) -> tuple[dict[str, Any], list[Problem]]:
    """What is kept of what was typed, and what of it cannot be read, by field."""
    problems: list[Problem] = []
    facts: dict[str, Any] = {
        "title": typed["title"],
        "answers": {name: answer for name, answer in typed["answers"].items() if answer},
        "bid": _fen("bid", typed["bid"], problems),
        "budget": [
            {
                "item": row["item"],
                "fen": _fen("budget", row["amount"], problems),
                "purse": row["purse"],
                "note": row["note"],
            }
            for row in typed["budget"]
        ],
        "members": _members(actor, submission, typed),
        "promises": [dict(row) for row in typed["promises"]],
        "avoid": [dict(row) for row in typed["avoid"]],
    }
    return facts, problems


def answers(submission: Submission, typed: Typed, wrong: Mapping[str, Sequence[str]]) -> list[Answer]:
    """The fields of the call."""
    return [
        Answer(
            name=each["name"],
            label=Words(**each["label"]),
            help=Words(**each["help"]) if "help" in each else None,
            required=bool(each.get("required")),
            value=typed["answers"].get(each["name"], ""),
            options=[(key, Words(**label)) for key, label in each.get("options", {}).items()],
            errors=tuple(wrong.get(f"answers.{each['name']}", ())),
        )
        for each in submission.topic.programme.form
    ]


def choices(submission: Submission) -> dict[str, Any]:
    """What the tables of the form let one choose from."""
    kind = template(submission.topic.programme.template)
    return {"items": kind.budget.items, "purses": list(PURSES.items()), "barred": kind.budget.barred}


def metrics(submission: Submission, promises: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each metric of the topic beside what is promised for it, and whether that reaches it (None: cannot be told)."""
    promised = {row["name"]: row for row in promises}
    return [
        {
            "metric": metric,
            "sign": SIGNS.get(metric["relation"], metric["relation"]),
            "relation": RELATIONS.get(metric["relation"], metric["relation"]),
            "promise": promised.get(metric["name"], {}),
            "reaches": contents.reaches(metric, promised.get(metric["name"], {})),
        }
        for metric in submission.topic.metrics
    ]


def by_field(problems: Sequence[Problem]) -> dict[str, list[str]]:
    """Problems as the template asks for them; of a table each says its row."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        said = _("第 %(row)s 行：%(message)s") % {"row": problem.row, "message": problem.message}
        found.setdefault(problem.field, []).append(said if problem.row else problem.message)
    return found


def _promises(submission: Submission, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    kept = {row["name"]: row for row in rows}
    return [kept.get(row["name"], row) for row in contents.empty(submission.topic)["promises"]]


def _rows(given: QueryDict, name: str) -> list[dict[str, str]]:
    """The rows of a table that say anything; a promise is kept empty too."""
    columns = [[each.strip() for each in given.getlist(f"{name}.{column}")] for column in COLUMNS[name]]
    found = [dict(zip(COLUMNS[name], row, strict=True)) for row in zip(*columns, strict=False)]
    told = [column for column in COLUMNS[name] if column not in ("item", "purse")]
    return [row for row in found if name == "promises" or any(row[column] for column in told)]


def _fen(field: str, written: str, problems: list[Problem]) -> int | None:
    if not written:
        return None
    try:
        found: int = MONEY.parse(written)
    except Rejected as rejected:
        problems.append(Problem(field, f"“{written[:40]}”：{rejected}"))
        return None
    return found


def _amount(fen: int | None) -> str:
    return "" if fen is None else str(MONEY.cell(fen))


def _members(actor: Actor, submission: Submission, typed: Typed) -> list[dict[str, str]]:
    """The consortium, its leader first; none when no other organisation is named."""
    if not typed["members"]:
        return []
    called = {row["name"] for row in typed["members"]}
    known = scope(actor, "view", Party.objects.filter(name__in=called, kind="organisation"))
    found = {party.name: str(party.pk) for party in known}
    leader = {"party": str(submission.applicant_id), "name": submission.applicant.name, **typed["leader"]}
    others = [{"party": found.get(row["name"], ""), **row} for row in typed["members"]]
    rows = [leader, *others]
    return [{key: row[key] for key in ("party", "name", "task")} | {"share": _share(row["share"])} for row in rows]


def _share(written: str) -> str:
    """An exact part as it is kept: ``30 %`` becomes 3/10; what cannot be read stays as it was written."""
    try:
        plain = written.replace("％", "%").strip()
        part = Fraction(plain.rstrip("% ")) / 100 if plain.endswith("%") else Fraction(plain)
    except (ValueError, ZeroDivisionError):
        return written
    return str(part)
