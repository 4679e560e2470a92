"""Values as a reader sees them: ¥412,000, 4.9 %, 3, 是.

A share is cut, never rounded up: 4.999 % must not look like the 5 % it falls short of.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import floor

from rongtong.engines.rules.kinds import Kind
from rongtong.engines.rules.values import Value
from rongtong.engines.rules.words import Text, joined

UNKNOWN = Text("未知", "unknown")
FORMS: dict[str, tuple[Fraction, str, str]] = {
    "money": (Fraction(1, 100), "¥", ""),
    "share": (Fraction(100), "", "%"),
    "": (Fraction(1), "", ""),
}
"""By unit: what a stored value is multiplied with, and what stands before and after it."""


def shown(value: Value, kind: Kind, options: Mapping[str, Text] | None = None) -> Text:
    """A value in words of both languages."""
    match value:
        case None:
            return UNKNOWN
        case bool():
            return Text("是", "yes") if value else Text("否", "no")
        case int() | Fraction():
            text = number(Fraction(value), kind.unit)
            return Text(text, text)
        case frozenset():
            return joined([_code(code, options) for code in sorted(value)]) if value else Text("无", "none")
        case date():
            return Text(value.isoformat(), value.isoformat())
        case _:
            return _code(value, options)


def number(value: Fraction, unit: str) -> str:
    """Money with its sign and thousands, a share in per cent, any other number plain; at most two decimals."""
    times, before, after = FORMS.get(unit, FORMS[""])
    hundredths = floor(abs(value) * times * 100)
    sign = "-" if value < 0 and hundredths else ""
    rest = f".{hundredths % 100:02d}".rstrip("0").rstrip(".")
    return f"{sign}{before}{hundredths // 100:,}{rest}{after}"


def _code(code: str, options: Mapping[str, Text] | None) -> Text:
    return (options or {}).get(code) or Text(code, code)
