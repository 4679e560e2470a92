"""What a team reached against what was asked for, metric by metric; where the numbers do not tell, an officer does."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Problem
from rongtong.domain.registry.measures import written
from rongtong.engines.text.satisfaction import compare
from rongtong.engines.text.stated import stated

NOTE_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Judged:
    """One metric beside what was reached: ``verdict`` is met, not_met or not_stated; ``value`` "" for nothing given.

    ``share`` is how far it went of what was asked for (1 is all of it), for a bar; None where that has no sense.
    """

    metric: Mapping[str, Any]
    value: str
    note: str
    verdict: str
    share: float | None

    @property
    def wanted(self) -> str:
        return written(dict(self.metric))

    @property
    def must(self) -> bool:
        return bool(self.metric.get("must", True))


def judged(metrics: Sequence[Mapping[str, Any]], reached: Sequence[Mapping[str, Any]]) -> list[Judged]:
    """Each metric with what was reached of it; rows of ``reached`` are found by the name of the metric."""
    found = {str(row["name"]): row for row in reached}
    return [_judge(metric, found.get(str(metric["name"]), {})) for metric in metrics]


def reached_problems(
    metrics: Sequence[Mapping[str, Any]], reached: Sequence[Mapping[str, Any]], *, complete: bool = True
) -> list[Problem]:
    """What is wrong with values as they were reported, by field ``reached.<place>``.

    ``complete`` asks for a value of each metric that must be met.
    """
    found = {str(row.get("name", "")): str(row.get("value", "")).strip() for row in reached}
    problems = []
    for place, metric in enumerate(metrics):
        value, said = found.get(str(metric["name"]), ""), {"name": metric["name"]}
        if complete and not value and metric.get("must", True):
            problems.append(Problem(f"reached.{place}", _("请填写“%(name)s”达到的数值。") % said))
        elif value and _number(value) is None:
            problems.append(Problem(f"reached.{place}", _("“%(name)s”应填数值，例如 67 或 0.03。") % said))
    return problems


def cleaned(metrics: Sequence[Mapping[str, Any]], reached: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What was reported, one row for each metric in their order, as it is stored."""
    found = {str(row.get("name", "")): row for row in reached}
    rows = ((str(metric["name"]), found.get(str(metric["name"]), {})) for metric in metrics)
    return [
        {
            "name": name,
            "value": str(row.get("value", "")).strip(),
            "note": str(row.get("note", ""))[:NOTE_LONGEST].strip(),
        }
        for name, row in rows
    ]


def all_met(metrics: Sequence[Mapping[str, Any]], reached: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the numbers show every metric that must be met as met."""
    return all(each.verdict == "met" for each in judged(metrics, reached) if each.must)


def _judge(metric: Mapping[str, Any], row: Mapping[str, Any]) -> Judged:
    value, note = str(row.get("value", "")), str(row.get("note", ""))
    number = _number(value)
    if number is None:
        return Judged(metric, value, note, "not_stated", None)
    return Judged(metric, value, note, _verdict(metric, number), _share(metric, number))


def _verdict(metric: Mapping[str, Any], number: float) -> str:
    name, unit = str(metric["name"]), str(metric.get("unit", ""))
    low, high = _number(str(metric.get("value", ""))), _number(str(metric.get("high", "")))
    try:
        wanted = stated(name, metric["relation"], low, high if metric["relation"] == "range" else low, unit)
        return compare(wanted, stated(name, "=", number, number, unit)).verdict
    except ValueError:
        return "not_stated"


def _share(metric: Mapping[str, Any], number: float) -> float | None:
    wanted = _number(str(metric.get("value", "")))
    if metric["relation"] == "range" or wanted is None or wanted <= 0 or number < 0:
        return None
    if metric["relation"] in ("<=", "<"):
        return wanted / number if number else None
    return number / wanted


def _number(value: str) -> float | None:
    try:
        found = float(Decimal(value.replace(",", "").replace("，", "")))
    except (InvalidOperation, ValueError):
        return None
    return found if math.isfinite(found) else None
