"""Facts as people write them, turned into the exact values the engine computes with.

Money is whole fen (``int``); counts ``int``; shares and numbers exact ``Fraction``; flags ``bool``; dates ``date``;
a choice its code; several choices a ``frozenset``. An empty cell is None: unknown, which is not no and not nought.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from rongtong.engines.rules.pack import Input
from rongtong.engines.rules.words import Text

Value = int | Fraction | bool | str | date | frozenset[str] | None

TYPES = ("money", "count", "share", "number", "flag", "choice", "choices", "date", "text")
UNITS = {"元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}
"""Units of money, in fen."""

DIGITS = {"share": 9, "number": 6}
"""Decimal places kept, and the most a value may have: more would no longer be exact in columns of 64 bits."""

LIMITS = {"money": 10**15, "count": 10**12, "share": 10**6, "number": 10**12}
"""The largest magnitude of a stored value: ten trillion yuan, and what leaves room for exact products."""

FLAGS = {
    **dict.fromkeys(("true", "yes", "y", "1", "是", "有", "对", "√"), True),
    **dict.fromkeys(("false", "no", "n", "0", "否", "无", "没有", "×"), False),
}
EMPTY = frozenset({"", "-", "—", "/", "n/a", "na", "null", "none", "未知", "不详"})
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII)


class WrongValue(Exception):
    """A fact that does not fit its input; says what is expected."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.said = Text(zh, en)


def stored(asked: Input, written: object) -> Value:
    """The value the engine computes with; raises :class:`WrongValue`."""
    if written is None or (isinstance(written, str) and written.strip().lower() in EMPTY):
        return _named(asked, written)
    if isinstance(written, float) and written != written:
        return None
    value = READERS[asked.type](asked, written)
    _check_range(asked, value)
    return value


def options_called(asked: Input) -> dict[str, str]:
    """Every word for an option of an input with its code; a code means itself before it is another's label."""
    labels = {word: code for code, label in asked.options.items() for word in (label.en, label.zh) if word}
    return labels | {code: code for code in asked.options}


def _named(asked: Input, written: str | None) -> Value:
    """An option may be called as an empty cell is otherwise ("none"): then it is meant."""
    code = None if written is None else options_called(asked).get(written.strip())
    if code is None:
        return None
    return frozenset({code}) if asked.type == "choices" else code


def _money(asked: Input, written: object) -> int:
    fen = _exact(written) * asked.scale
    if fen.denominator != 1:
        raise WrongValue(f"“{written}”精确到分以下；金额最多到分", f"{written!r} is finer than a fen")
    return fen.numerator


def _count(_asked: Input, written: object) -> int:
    number = _exact(written)
    if number.denominator != 1:
        raise WrongValue(f"“{written}”不是整数", f"{written!r} is not a whole number")
    return number.numerator


def _decimal(asked: Input, written: object) -> Fraction:
    text = str(written).strip()
    percent = isinstance(written, str) and text.endswith(("%", "％"))
    number = _exact(text[:-1] if percent else written) / (100 if percent else 1)
    digits = DIGITS[asked.type]
    if (number * 10**digits).denominator != 1:
        raise WrongValue(
            f"“{written}”的小数位太多，最多 {digits} 位", f"{written!r} has more than {digits} decimal places"
        )
    return number


def _flag(_asked: Input, written: object) -> bool:
    if isinstance(written, bool):
        return written
    found = FLAGS.get(_plain(written))
    if found is None:
        raise WrongValue(f"“{written}”看不出是或否；请填 是 或 否", f"{written!r} is neither yes nor no")
    return found


def _choice(asked: Input, written: object) -> str:
    text = str(written).strip()
    code = options_called(asked).get(text)
    if code is not None:
        return code
    zh = "、".join(label.zh for label in asked.options.values())
    raise WrongValue(f"没有“{text}”这一项；有 {zh}", f"there is no {text!r}; there are {', '.join(asked.options)}")


def _choices(asked: Input, written: object) -> frozenset[str]:
    parts = written if isinstance(written, (list, tuple, set, frozenset)) else re.split(r"[;；、|]", str(written))
    return frozenset(_choice(asked, part) for part in parts if str(part).strip())


def _date(_asked: Input, written: object) -> date:
    if isinstance(written, datetime):
        return written.date()
    if isinstance(written, date):
        return written
    found = DAY.fullmatch(str(written).strip())
    try:
        return date(*map(int, found.groups())) if found else _no_date(written)
    except ValueError:
        return _no_date(written)


def _no_date(written: object) -> date:
    raise WrongValue(f"“{written}”不是日期；写法如 2026-06-30", f"{written!r} is not a date like 2026-06-30")


def _text(_asked: Input, written: object) -> str:
    return str(written).strip()


READERS: dict[str, Callable[[Input, object], Value]] = {
    "money": _money,
    "count": _count,
    "share": _decimal,
    "number": _decimal,
    "flag": _flag,
    "choice": _choice,
    "choices": _choices,
    "date": _date,
    "text": _text,
}


def _exact(written: object) -> Fraction:
    """A number as written: 0.05 from a spreadsheet is 1/20, not the nearest float."""
    if isinstance(written, bool):
        raise WrongValue("这里应当是数值，却是“是/否”", "a number is expected, not a flag")
    if isinstance(written, (int, Fraction)):
        return Fraction(written)
    text = str(written).strip().replace(",", "").replace("，", "").removeprefix("¥").removeprefix("￥")
    try:
        number = Decimal(text)
        return Fraction(number) if abs(number.adjusted()) < 40 else _no_number(written)
    except (InvalidOperation, ValueError, OverflowError):
        return _no_number(written)


def _no_number(written: object) -> Fraction:
    raise WrongValue(f"“{written}”不是数值", f"{written!r} is not a number")


def _plain(written: object) -> str:
    return str(int(written) if isinstance(written, float) and written.is_integer() else written).strip().lower()


def _check_range(asked: Input, value: Value) -> None:
    if asked.kind.base != "number" or not isinstance(value, (int, Fraction)):
        return
    limit = LIMITS[asked.type]
    low = Fraction(-limit) if asked.low is None else asked.low
    high = Fraction(limit) if asked.high is None else asked.high
    if not low <= value <= high:
        zh, en = (f"{_written(asked, edge)}" for edge in (low, high))
        raise WrongValue(f"超出范围；应当在 {zh} 到 {en} 之间", f"out of range; expected from {zh} to {en}")


def _written(asked: Input, edge: Fraction) -> str:
    number = edge / asked.scale
    if asked.type == "share":
        return f"{_digits(number * 100)}%"
    return f"{_digits(number)}{asked.unit if asked.type == 'money' else ''}"


def _digits(number: Fraction) -> str:
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
