"""Types of field: how a value is read from what people type, kept, shown, written to a sheet and described in a schema.

``parse`` takes anything (a string from a form or a cell, a number, a list from JSON) and answers the value that is
stored as JSON, or raises ``Rejected`` with a sentence for the reader. Empty input never reaches it.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.utils.translation import get_language
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
        return as_text(raw)

    def show(self, value: JSON) -> str:
        """The value as a person reads it, in the reader's language."""
        return str(value)

    def cell(self, value: JSON) -> str | int | float:
        """The value as it stands in a sheet; ``parse`` reads it back to the same value."""
        return str(value)

    def plain(self, value: JSON) -> JSON:
        """The value as JSON for other programs; ``parse`` reads it back to the same value."""
        return value

    def words(self, value: JSON) -> str:
        """The text that search and matching see, in both languages where there are two."""
        return self.show(value)

    def schema(self) -> dict[str, JSON]:
        """JSON Schema of the ``plain`` value."""
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class Line(FieldType):
    """One line of text."""

    longest: int = 200

    def parse(self, raw: object) -> JSON:
        return self._within(" ".join(as_text(raw).split()))

    def schema(self) -> dict[str, JSON]:
        return {"type": "string", "maxLength": self.longest}

    def _within(self, value: str) -> str:
        if len(value) > self.longest:
            raise Rejected(_too_long(value, self.longest))
        return value


@dataclass(frozen=True, slots=True)
class Prose(Line):
    """Paragraphs, kept as written."""

    name: ClassVar[str] = "prose"
    longest: int = 20_000

    def parse(self, raw: object) -> JSON:
        return self._within(as_text(raw).replace("\r\n", "\n").replace("\r", "\n").strip())


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


@dataclass(frozen=True, slots=True)
class Number(FieldType):
    """A decimal number between two bounds, kept with at most ``places`` decimals; a trailing ``%`` is read."""

    name: ClassVar[str] = "number"
    least: float = 0
    most: float = 1e12
    places: int = 4

    def parse(self, raw: object) -> JSON:
        number = _decimal(raw.rstrip().removesuffix("%").removesuffix("％") if isinstance(raw, str) else raw)
        if not Decimal(str(self.least)) <= number <= Decimal(str(self.most)):
            raise Rejected(_("应在 %(least)s 到 %(most)s 之间。") % {"least": self.least, "most": self.most})
        return float(round(number, self.places))

    def show(self, value: JSON) -> str:
        return f"{value:,.{self.places}f}".rstrip("0").rstrip(".")

    def cell(self, value: JSON) -> str | int | float:
        return float(value)

    def schema(self) -> dict[str, JSON]:
        return {"type": "number", "minimum": self.least, "maximum": self.most}


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

    def plain(self, value: JSON) -> JSON:
        whole, fen = divmod(int(value), 100)
        return f"{whole}.{fen:02d}"

    def words(self, value: JSON) -> str:
        return ""

    def schema(self) -> dict[str, JSON]:
        return {"type": "string", "pattern": r"^\d+\.\d{2}$", "description": "CNY, yuan with two decimals"}


_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0?0:00(?::00)?)?")


@dataclass(frozen=True, slots=True)
class Day(FieldType):
    """A calendar date (Asia/Shanghai)."""

    name: ClassVar[str] = "day"

    def parse(self, raw: object) -> JSON:
        if isinstance(raw, dt.datetime):
            return raw.date().isoformat()
        if isinstance(raw, dt.date):
            return raw.isoformat()
        found = _DAY.fullmatch(as_text(raw))
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
        word = as_text(raw).lower()
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
        given = as_text(raw)
        for key, label in self.options:
            if given in (key, label.zh) or given.lower() == label.en.lower():
                return key
        listed = _("、").join(str(label) for _key, label in self.options)
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
        found = scheme.find(as_text(raw))
        if found is None:
            raise Rejected(
                _("“%(given)s”不在《%(scheme)s》中。请填代码或完整名称。")
                % {"given": as_text(raw)[:40], "scheme": scheme.label}
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
class Level(FieldType):
    """A step of a numbered scale (TRL), kept as a whole number; ``5``, ``TRL 5``, ``5级`` and the label are read."""

    name: ClassVar[str] = "level"
    scheme: str = "trl"

    def parse(self, raw: object) -> JSON:
        scale = taxonomies.scheme(self.scheme)
        found = scale.find(as_text(raw).upper().replace(" ", "")) or scale.find(as_text(raw))
        if found is None:
            steps = "–".join((min(scale.terms), max(scale.terms)))
            raise Rejected(
                _("“%(given)s”不是《%(scheme)s》的一级，应为 %(steps)s。")
                % {"given": as_text(raw)[:40], "scheme": scale.label, "steps": steps}
            )
        return int(found.code)

    def show(self, value: JSON) -> str:
        return taxonomies.scheme(self.scheme).show(str(value))

    def cell(self, value: JSON) -> str | int | float:
        return int(value)

    def words(self, value: JSON) -> str:
        return ""

    def schema(self) -> dict[str, JSON]:
        codes = [int(code) for code in taxonomies.scheme(self.scheme).terms]
        return {"type": "integer", "minimum": min(codes), "maximum": max(codes)}


_IPC = re.compile(r"([A-H]\d{2}[A-Z])(?:(\d{1,4})/(\d{2,6}))?(?:\(\d{4}\.\d{2}\))?[A-Z]?")


@dataclass(frozen=True, slots=True)
class IpcSymbol(FieldType):
    """A symbol of the International Patent Classification: ``C04B 14/06``, or its subclass alone."""

    name: ClassVar[str] = "ipc"

    def parse(self, raw: object) -> JSON:
        found = _IPC.fullmatch(re.sub(r"\s+", "", text.normalise(as_text(raw)).upper()))
        if not found:
            raise Rejected(_("“%(given)s”不是 IPC 分类号，例如“C04B 14/06”。") % {"given": as_text(raw)[:40]})
        return f"{found[1]} {found[2]}/{found[3]}" if found[2] else found[1]

    def words(self, value: JSON) -> str:
        found = taxonomies.scheme("ipc").get(value[:4])
        return found.label.zh if found else ""

    def schema(self) -> dict[str, JSON]:
        return {"type": "string", "pattern": r"^[A-H]\d{2}[A-Z]( \d{1,4}/\d{2,6})?$"}


@dataclass(frozen=True, slots=True)
class Link(FieldType):
    """A web address."""

    name: ClassVar[str] = "link"

    def parse(self, raw: object) -> JSON:
        value = as_text(raw)
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
        values = [self.of.parse(part) for part in _parts(raw)]
        if len(values) > self.most:
            raise Rejected(_("最多 %(most)s 项。") % {"most": self.most})
        return list(dict.fromkeys(values))

    def show(self, value: JSON) -> str:
        return _("、").join(self.of.show(item) for item in value)

    def plain(self, value: JSON) -> JSON:
        return [self.of.plain(item) for item in value]

    def cell(self, value: JSON) -> str | int | float:
        return "; ".join(str(self.of.cell(item)) for item in value)

    def words(self, value: JSON) -> str:
        return " ".join(self.of.words(item) for item in value)

    def schema(self) -> dict[str, JSON]:
        return {"type": "array", "items": self.of.schema(), "maxItems": self.most}


def _too_long(value: str, longest: int) -> str:
    return _("不能超过 %(longest)s 个字，现有 %(length)s 个字。") % {"longest": longest, "length": len(value)}


def _parts(raw: object) -> list[object]:
    """The items of a list or of a cell; a separator divides in both, so that what is stored survives a sheet."""
    items: Iterable[object] = raw if isinstance(raw, list | tuple) else (raw,)
    parts = (re.split(r"[;；\n]", item) if isinstance(item, str) else (item,) for item in items)
    return [part for part in chain.from_iterable(parts) if str(part).strip()]


_UNWANTED = dict.fromkeys(code for code in (*range(32), 127, *range(0xD800, 0xE000)) if chr(code) not in "\t\n\r")


def as_text(raw: object) -> str:
    """``raw`` as text that can be stored anywhere: no control characters, no halves of surrogate pairs."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, list | tuple | dict):
        raise Rejected(_("这里应填文字。"))
    written = str(raw)
    return (written if written.isprintable() else written.translate(_UNWANTED)).strip()


def _decimal(raw: object) -> Decimal:
    written = text.normalise(as_text(raw)).replace(",", "").strip()
    try:
        number = Decimal(written)
    except InvalidOperation:
        raise Rejected(_("应为数字。")) from None
    if not number.is_finite():
        raise Rejected(_("应为数字。"))
    return number


def _yuan(fen: int) -> str:
    """An amount as people say it: 1,234.50 元, 50 万元, 1.2 亿元; in English, which has no 万, 500,000 CNY."""
    english = (get_language() or "").startswith("en")
    for scale, unit in () if english else ((10**10, _("亿元")), (10**6, _("万元"))):
        if fen >= scale and fen % (scale // 1000) == 0:
            return f"{Decimal(fen) / scale:f} {unit}"
    whole, rest = divmod(fen, 100)
    return f"{whole:,}{f'.{rest:02d}' if rest else ''} {_('元')}"
