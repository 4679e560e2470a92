"""Target and key parameters: rows of name, relation, value, unit, and whether they must or should be met."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.types import JSON, FieldType, Rejected, as_text

RELATIONS: dict[str, Words] = {
    ">=": Words("不低于", "at least"),
    "<=": Words("不超过", "at most"),
    ">": Words("大于", "more than"),
    "<": Words("小于", "less than"),
    "=": Words("等于", "equal to"),
    "range": Words("在…之间", "between"),
    "~": Words("约", "about"),
}
_SIGNS = {">=": "≥", "<=": "≤", "~": "≈"}
_WRITTEN = {"≥": ">=", "≤": "<=", "＞": ">", "＜": "<", "＝": "=", "≈": "~", "~": "~", "约": "~"}
_ROW = re.compile(
    r"^(?P<soft>\(宜\)|（宜）|\?)?\s*(?P<name>.+?)\s*(?P<relation>>=|<=|≥|≤|＞|＜|＝|≈|>|<|=|~|约)\s*"
    r"(?P<low>[-+]?[\d.]+(?:e[-+]?\d+)?)(?:\s*(?:~|～|-|至|—)\s*(?P<high>[-+]?[\d.]+(?:e[-+]?\d+)?))?\s*(?P<unit>.*)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Measures(FieldType):
    """A table of measured parameters; in a sheet ``抗冲击韧性 ≥ 67 %; (宜)粒径 = 3~5 μm`` ((宜): should, not must)."""

    name: ClassVar[str] = "measures"
    most: int = 60

    def parse(self, raw: object) -> JSON:
        if isinstance(raw, str):
            rows: list[Any] = [_read(line) for line in re.split(r"[;；\n]", raw) if line.strip()]
        elif isinstance(raw, list | tuple):
            rows = list(raw)
        else:
            raise Rejected(_("应为参数列表，例如“抗冲击韧性 ≥ 67 %”。"))
        if len(rows) > self.most:
            raise Rejected(_("最多 %(most)s 项。") % {"most": self.most})
        return [_checked(row, number) for number, row in enumerate(rows, start=1)]

    def show(self, value: JSON) -> str:
        return "；".join(written(row) for row in value)

    def cell(self, value: JSON) -> str | int | float:
        return "; ".join(map(_line, value))

    def words(self, value: JSON) -> str:
        return "；".join(written(row) for row in value)

    def schema(self) -> dict[str, JSON]:
        number = {"type": "string", "pattern": r"^[-+]?\d*\.?\d+([eE][-+]?\d+)?$"}
        row = {
            "type": "object",
            "required": ["name", "relation", "value"],
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 80},
                "relation": {"type": "string", "enum": list(RELATIONS)},
                "value": number,
                "high": number,
                "unit": {"type": "string", "maxLength": 40},
                "must": {"type": "boolean"},
            },
        }
        return {"type": "array", "items": row, "maxItems": self.most}


def written(row: dict[str, Any]) -> str:
    """One parameter as it is written: ``抗冲击韧性 ≥ 67 %``."""
    if row["relation"] == "range":
        return f"{row['name']} = {row['value']}~{row['high']} {row['unit']}".strip()
    return f"{row['name']} {_SIGNS.get(row['relation'], row['relation'])} {row['value']} {row['unit']}".strip()


def _read(line: str) -> dict[str, Any]:
    found = _ROW.match(line.strip())
    if not found:
        raise Rejected(
            _("“%(line)s”读不出参数。请写成“名称 关系 数值 单位”，例如“抗冲击韧性 ≥ 67 %%”。")
            % {"line": line.strip()[:60]}
        )
    relation = _WRITTEN.get(found["relation"], found["relation"])
    row = {"name": found["name"], "relation": relation, "value": found["low"], "unit": found["unit"]}
    if found["high"]:
        row |= {"relation": "range", "high": found["high"]}
    return row | {"must": not found["soft"]}


def _checked(raw: Any, number: int) -> dict[str, Any]:
    """One row as it is stored, or Rejected; what is stored reads back the same from a sheet."""
    if not isinstance(raw, dict):
        raise Rejected(_("第 %(number)s 项应含名称、关系、数值。") % {"number": number})
    name, unit = _phrase(raw.get("name")), _phrase(raw.get("unit"))
    said = {"number": number, "name": name}
    if not name or len(name) > 80:
        raise Rejected(_("第 %(number)s 项缺少参数名称（最多 80 个字）。") % said)
    if len(unit) > 40:
        raise Rejected(_("第 %(number)s 项“%(name)s”的单位太长。") % said)
    row = {"name": name, **_bounds(raw, number, name), "unit": unit, "must": raw.get("must") not in _NO}
    if not _reads_back(row):
        raise Rejected(_("第 %(number)s 项“%(name)s”的名称或单位里不要写比较符号和数值。") % said)
    return row


_NO = (False, "false", "0", "")


def _bounds(raw: dict[str, Any], number: int, name: str) -> dict[str, str]:
    said = {"number": number, "name": name}
    relation = str(raw.get("relation") or ">=")
    if relation not in RELATIONS:
        raise Rejected(_("第 %(number)s 项“%(name)s”的关系不明确。") % said)
    low = _number(raw.get("value"), number, name)
    if relation != "range":
        return {"relation": relation, "value": low}
    high = _number(raw.get("high"), number, name)
    if Decimal(high) < Decimal(low):
        raise Rejected(_("第 %(number)s 项“%(name)s”的上限小于下限。") % said)
    return {"relation": relation, "value": low, "high": high}


def _phrase(raw: object) -> str:
    """A name or a unit on one line, without the signs that divide rows in a sheet."""
    return " ".join(as_text("" if raw is None else raw).translate(_DIVIDERS).split())


_DIVIDERS = str.maketrans(";；", "  ")


_AMBIGUOUS = re.compile(r"[<>=≥≤＞＜＝≈~～约至—\-\d?(（]")


def _reads_back(row: dict[str, Any]) -> bool:
    if not _AMBIGUOUS.search(row["name"]) and not _AMBIGUOUS.search(row["unit"]):
        return True
    try:
        read = _read(_line(row))
    except Rejected:
        return False
    return all(read.get(key) == value for key, value in row.items())


def _line(row: dict[str, Any]) -> str:
    return ("" if row["must"] else "(宜)") + written(row)


def _number(raw: object, number: int, name: str) -> str:
    try:
        value = Decimal(str(raw).strip().replace(",", ""))
    except InvalidOperation:
        raise Rejected(_("第 %(number)s 项“%(name)s”的数值应为数字。") % {"number": number, "name": name}) from None
    if not value.is_finite():
        raise Rejected(_("第 %(number)s 项“%(name)s”的数值应为数字。") % {"number": number, "name": name})
    return f"{value.normalize():f}" if -6 < value.adjusted() < 15 else str(value.normalize())
