"""Types of field: how a value is read from what people type, kept, shown, written to a sheet and described in a schema.

``parse`` takes anything (a string from a form or a cell, a number, a list from JSON) and answers the value that is
stored as JSON, or raises ``Rejected`` with a sentence for the reader. Empty input never reaches it.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from rongtong.domain.foundation.words import Words
from rongtong.domain.registry import taxonomies
from rongtong.engines import text

JSON = Any


class Rejected(ValueError):
    """The value cannot be taken; the message says what would be."""


@dataclass(frozen=True, slots=True)
class FieldType:
    """What every type answers; the defaults suit a single line of text."""

    name: ClassVar[str] = "line"

    def parse(self, raw: object) -> JSON:
        """The stored value of ``raw``, or Rejected."""
        return _string(raw)

    def show(self, value: JSON) -> str:
        """The value as a person reads it, in the reader's language."""
        return str(value)

    def cell(self, value: JSON) -> str | int | float:
        """The value as it stands in a sheet; ``parse`` reads it back to the same value."""
        return str(value)

    def words(self, value: JSON) -> str:
        """The text that search and matching see, in both languages where there are two."""
        return self.show(value)

    def schema(self) -> dict[str, JSON]:
        """JSON Schema of the stored value."""
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class Line(FieldType):
    """One line of text."""

    longest: int = 200

    def parse(self, raw: object) -> JSON:
        value = re.sub(r"\s+", " ", _string(raw)).strip()
        if len(value) > self.longest:
            raise Rejected(_("不能超过 %(longest)s 个字，现有 %(length)s 个字。") % {"longest": self.longest, "length": len(value)})
        return value

    def schema(self) -> dict[str, JSON]:
        return {"type": "string", "maxLength": self.longest}


@dataclass(frozen=True, slots=True)
class Prose(FieldType):
    """Paragraphs, kept as written."""

    name: ClassVar[str] = "prose"
    longest: int = 20_000

    def parse(self, raw: object) -> JSON:
        value = _string(raw).replace("\r\n", "\n").strip()
        if len(value) > self.longest:
            raise Rejected(_("不能超过 %(longest)s 个字，现有 %(length)s 个字。") % {"longest": self.longest, "length": len(value)})
        return value

    def schema(self) -> dict[str, JSON]:
        return {"type": "string", "maxLength": self.longest}


@dataclass(frozen=True, slots=True)
class Whole(FieldType):
    """A whole number between two bounds."""

    name: ClassVar[str] = "whole"
    least: int = 0
    most: int = 10**12

    def parse(self, raw: object) -> JSON:
        number = _decimal(raw)
        if number != number.to_integral_value():
            raise Rejected(_("应为整数。"))
        if not self.least <= number <= self.most:
            raise Rejected(_("应在 %(least)s 到 %(most)s 之间。") % {"least": self.least, "most": self.most})
        return int(number)

    def cell(self, value: JSON) -> str | int | float:
        return int(value)

    def schema(self) -> dict[str, JSON]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


_SCALES = {"亿": Decimal(100_000_000), "万": Decimal(10_000), "千": Decimal(1000), "百万": Decimal(1_000_000)}
_MONEY = re.compile(r"^(?:人民币|RMB|CNY|¥|￥)?\s*([\d,，]+(?:\.\d+)?)\s*(亿|百万|万|千)?\s*(?:元|圆|RMB|CNY)?$", re.I)


@dataclass(frozen=True, slots=True)
class Money(FieldType):
    """An amount in yuan, kept as an integer of fen. ``50万元``, ``500,000`` and ``0.5`` 百万 are all read."""

    name: ClassVar[str] = "money"

    def parse(self, raw: object) -> JSON:
        if isinstance(raw, str):
            found = _MONEY.match(text.normalise(raw).upper().strip())
            if not found:
                raise Rejected(_("应为金额，例如“50万元”或“500000”。"))
            amount = Decimal(re.sub("[,，]", "", found[1])) * _SCALES.get(found[2] or "", Decimal(1))
        else:
            amount = _decimal(raw)
        fen = amount * 100
        if fen != fen.to_integral_value() or not 0 <= fen < 10**17:
            raise Rejected(_("金额应不小于零，最多到分。"))
        return int(fen)

    def show(self, value: JSON) -> str:
        return _yuan(int(value))

    def cell(self, value: JSON) -> str | int | float:
        whole, fen = divmod(int(value), 100)
        return whole if not fen else f"{whole}.{fen:02d}"

    def schema(self) -> dict[str, JSON]:
        return {"type": "integer", "minimum": 0, "description": "fen (1/100 CNY)"}


@dataclass(frozen=True, slots=True)
class Day(FieldType):
    """A calendar date (Asia/Shanghai)."""

    name: ClassVar[str] = "day"

    def parse(self, raw: object) -> JSON:
        if isinstance(raw, dt.datetime):
            return raw.date().isoformat()
        if isinstance(raw, dt.date):
            return raw.isoformat()
        found = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0?0:00(?::00)?)?", _string(raw))
        if not found:
            raise Rejected(_("应为日期，例如 2026-11-22。"))
        try:
            return dt.date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        except ValueError:
            raise Rejected(_("没有这一天，请核对日期。")) from None

    def schema(self) -> dict[str, JSON]:
        return {"type": "string", "format": "date"}


_YES = {"是", "有", "true", "yes", "y", "1", "√", "on"}
_NO = {"否", "无", "false", "no", "n", "0", "×", "off"}


@dataclass(frozen=True, slots=True)
class Flag(FieldType):
    """Yes or no."""

    name: ClassVar[str] = "flag"

    def parse(self, raw: object) -> JSON:
        word = _string(raw).lower()
        if word in _YES:
            return True
        if word in _NO:
            return False
        raise Rejected(_("应填“是”或“否”。"))

    def show(self, value: JSON) -> str:
        return _("是") if value else _("否")

    def cell(self, value: JSON) -> str | int | float:
        return "是" if value else "否"

    def words(self, value: JSON) -> str:
        return ""

    def schema(self) -> dict[str, JSON]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice(FieldType):
    """One of a few named options, stored by key; either language's label is read."""

    name: ClassVar[str] = "choice"
    options: tuple[tuple[str, Words], ...] = ()

    def parse(self, raw: object) -> JSON:
        given = _string(raw)
        for key, label in self.options:
            if given in (key, label.zh) or given.lower() == label.en.lower():
                return key
        listed = "、".join(str(label) for _key, label in self.options)
        raise Rejected(_("“%(given)s”不在可选项中。可选：%(listed)s。") % {"given": given[:40], "listed": listed})

    def show(self, value: JSON) -> str:
        return str(dict(self.options).get(value, value))

    def cell(self, value: JSON) -> str | int | float:
        return dict(self.options)[value].zh

    def words(self, value: JSON) -> str:
        return dict(self.options)[value].zh

    def schema(self) -> dict[str, JSON]:
        return {"type": "string", "enum": [key for key, _label in self.options]}


@dataclass(frozen=True, slots=True)
class Term(FieldType):
    """A term of a taxonomy, stored by its code; the code or either label is read."""

    name: ClassVar[str] = "term"
    scheme: str = ""

    def parse(self, raw: object) -> JSON:
        scheme = taxonomies.scheme(self.scheme)
        found = scheme.find(_string(raw))
        if found is None:
            raise Rejected(
                _("“%(given)s”不在《%(scheme)s》中。请填代码或完整名称。")
                % {"given": _string(raw)[:40], "scheme": scheme.label}
            )
        return found.code

    def show(self, value: JSON) -> str:
        return taxonomies.scheme(self.scheme).show(value)

    def cell(self, value: JSON) -> str | int | float:
        return str(value)

    def words(self, value: JSON) -> str:
        found = taxonomies.scheme(self.scheme).get(value)
        return found.label.zh if found else ""

    def schema(self) -> dict[str, JSON]:
        return {"type": "string", "description": f"code of {self.scheme}"}


@dataclass(frozen=True, slots=True)
class Link(FieldType):
    """A web address."""

    name: ClassVar[str] = "link"

    def parse(self, raw: object) -> JSON:
        value = _string(raw)
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc or len(value) > 500:
            raise Rejected(_("应为以 http:// 或 https:// 开头的网址。"))
        return value

    def words(self, value: JSON) -> str:
        return ""

    def schema(self) -> dict[str, JSON]:
        return {"type": "string", "format": "uri"}


@dataclass(frozen=True, slots=True)
class Many(FieldType):
    """Several values of another type; in a sheet and on a form separated by a semicolon or a new line."""

    name: ClassVar[str] = "many"
    of: FieldType = Line()
    most: int = 50

    def parse(self, raw: object) -> JSON:
        parts: Iterable[object] = raw if isinstance(raw, list | tuple) else re.split(r"[;；\n]", _string(raw))
        values = [self.of.parse(part) for part in parts if str(part).strip()]
        if len(values) > self.most:
            raise Rejected(_("最多 %(most)s 项。") % {"most": self.most})
        return list(dict.fromkeys(values))

    def show(self, value: JSON) -> str:
        return "、".join(self.of.show(item) for item in value)

    def cell(self, value: JSON) -> str | int | float:
        return "; ".join(str(self.of.cell(item)) for item in value)

    def words(self, value: JSON) -> str:
        return " ".join(self.of.words(item) for item in value)

    def schema(self) -> dict[str, JSON]:
        return {"type": "array", "items": self.of.schema(), "maxItems": self.most}


def _string(raw: object) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, list | tuple | dict):
        raise Rejected(_("这里应填文字。"))
    return str(raw).replace("\x00", "").strip()


def _decimal(raw: object) -> Decimal:
    written = text.normalise(_string(raw)).replace(",", "").strip()
    try:
        number = Decimal(written)
    except InvalidOperation:
        raise Rejected(_("应为数字。")) from None
    if not number.is_finite():
        raise Rejected(_("应为数字。"))
    return number


def _yuan(fen: int) -> str:
    """An amount as people say it: 1,234.50 元, 50 万元, 1.2 亿元."""
    for scale, unit in ((10**10, _("亿元")), (10**6, _("万元"))):
        if fen >= scale and fen % (scale // 1000) == 0:
            return f"{Decimal(fen) / scale:f} {unit}"
    whole, rest = divmod(fen, 100)
    return f"{whole:,}{f'.{rest:02d}' if rest else ''} {_('元')}"
