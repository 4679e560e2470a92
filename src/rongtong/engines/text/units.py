"""Units as people write them, brought to SI base units by pint."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from rongtong.engines.text.dictionary import segmenter
from rongtong.engines.text.tokens import is_han

if TYPE_CHECKING:
    import pint

TEMPERATURE = "[temperature]"
TIME = "[time]"
RATIO = "[ratio]"
MULTIPLE = "[multiple]"
YUAN = "[yuan]"
MONEY = frozenset({YUAN, "[us_dollar]", "[euro_money]"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: `base magnitude = value * scale + offset` in the base units of `dimension`.

    `text` is the writing in the source; `counted` marks units of things that are often mentioned in passing.
    """

    text: str
    dimension: str
    scale: float
    offset: float = 0.0
    counted: bool = False

    def per(self, period: str) -> Unit:
        """Return this quantity per period, for "年产5万吨" (period "年")."""
        return resolve(f"{self.text}/{period}", (*_factors(self.text), (period, -1)), "") or self

    def difference(self) -> Unit:
        """Return the unit for differences: 5 ℃ of temperature rise is 5 K, not 278.15 K."""
        return Unit(self.text, "[temperature difference]", self.scale) if self.dimension == TEMPERATURE else self


NUMBER = Unit("", "number", 1.0)

_LATIN = re.compile(r"%RH|[A-Za-zμµΩΩÅ%‰°′″℃℉㎡㎥㎜㎝㎞㎏㎎㎛㎐㎾]+³?")
_SIGN = re.compile(r"[%‰℃℉°]C?|㎡|㎥")
_EXPONENT = re.compile(r"\^\(?([-−]?[1-9])\)?|([⁻]?[¹²³⁴])|([23])(?!\d|[.,]\d|×)|([-−][1-4])(?![\d.])")
_DENOMINATOR = re.compile(r"\s?[/／每]\s?|\s+per\s+")
_PRODUCT = re.compile(r"\s?[·⋅•∙]\s?|[*×]|\.(?=[A-Za-zμΩ°℃])")
_SUPERSCRIPTS = str.maketrans("¹²³⁴⁻−", "1234--")
# Amounts that units are stated per: g/10min, g/(m2·24h), N/25mm, cm3/(m2·24h·0.1MPa). Any other number would make a
# ratio of 220V/50Hz.
_AMOUNT = re.compile(
    r"10{1,3}(?!\d)|24(?=\s?h)|(?<=[Nf]/)(?:[1235]0|[1-9]?5)(?=\s?mm)|(?<=[Nf]/)5(?=\s?cm)|0\.1(?=\s?MPa)"
)
_MINUTE = re.compile("分(?!钟)")
_PER_KELVIN = re.compile(r"[/／](?=(?:K|℃|°C)(?![A-Za-z]))")
# What follows one of these is another word: 年产, 月份, 日期, 天然, 方法 …
_NOT_A_UNIT = re.compile(
    r"年[产度来前代底初末出处间龄级轻均利销收份第]|月[产份底初\d]|日[产前本期常\d]|次[数要]|[个]?人[工才机]|元[素件器]"
    r"|天[然线]|级[别联]|成[本分果品功型为]|份[额量]|周[边围]|方[法面案式向]|条[件]|项[目]|孔[径]|路[面径]|组[合成件]|头[部]|[台套位]?[阶置]"
)
_AFTER_A_UNIT = tuple("内以左上下之多余及或的")
_LONGEST_NAME = 6
_CALENDAR = {"月", "日"}

Factors = tuple[tuple[str, int], ...]


def read_unit(text: str, start: int, hint: str = "") -> tuple[Unit, int] | None:
    """Return the unit that begins at `start` (after at most one blank) and the offset of its end, or None.

    `text` must be folded. `hint` is the text in front of the number, which decides ambiguous signs (度, T, C).
    """
    begin = start + 1 if text[start : start + 1] == " " else start
    written = _whole(text, begin)
    factors, end = (((written, 1),), begin + len(written)) if written else _scan(text, begin)
    if not factors:
        return None
    unit = resolve(text[begin:end], factors, hint)
    return (unit, end) if unit else None


def unit_named(name: str) -> Unit | None:
    """Return the unit written as `name` when the whole of it is a unit, else None."""
    found = read_unit(name, 0)
    return found[0] if found and found[1] == len(name) else None


def resolve(text: str, factors: Factors, hint: str) -> Unit | None:
    """Return the unit made of (symbol, exponent) factors; None when they do not multiply to anything known."""
    senses = tuple((_sense(symbol, hint), exponent) for symbol, exponent in factors)
    return _resolved(text, senses, factors[0][0] in _table().counted and len(factors) == 1)


@dataclass(frozen=True, slots=True)
class _Table:
    symbols: dict[str, str]
    whole: dict[str, tuple[str, ...]]
    any_case: dict[str, str]
    ambiguous: dict[str, dict[str, str]]
    counted: frozenset[str]


_PREFIXES = {
    "f": "femto", "p": "pico", "n": "nano", "μ": "micro", "µ": "micro", "u": "micro", "m": "milli", "k": "kilo",
    "M": "mega", "G": "giga", "T": "tera",
}  # fmt: skip
_MULTIPLES = {
    "femto": "1e-15", "pico": "1e-12", "nano": "1e-9", "micro": "1e-6", "milli": "1e-3", "kilo": "1e3", "mega": "1e6",
    "giga": "1e9", "tera": "1e12",
}  # fmt: skip


@lru_cache(maxsize=1)
def _source() -> dict[str, Any]:
    path = files("rongtong") / "packs" / "dictionaries" / "units.yaml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=1)
def _table() -> _Table:
    source = _source()
    symbols: dict[str, str] = {}
    for base, expression in source["prefixed"].items():
        symbols[base] = expression
        for prefix, name in _PREFIXES.items():
            symbols[prefix + base] = f"{_MULTIPLES[name]} * {expression}"
    symbols |= source["fixed"] | source["whole"]
    return _Table(
        symbols=symbols | dict.fromkeys(source["ambiguous"], ""),
        whole=_by_first_character((*source["whole"], "dB(A)")),
        any_case={symbol.lower(): symbol for symbol in source["any_case"]},
        ambiguous=source["ambiguous"],
        counted=frozenset(source["counted"]),
    )


def _by_first_character(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Longest first; a name of letters alone needs no place here, the scanner reads it with what follows it."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(filter(lambda name: not name.isalpha(), names), key=len, reverse=True):
        found[name[0]].append(name)
    return {first: tuple(longest_first) for first, longest_first in found.items()}


@lru_cache(maxsize=1)
def _registry() -> pint.UnitRegistry[Any]:
    # Loading pint takes longer than all else in this package; a command that reads no unit must not wait for it.
    import pint

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry()
    for definition in _source()["definitions"]:
        registry.define(definition)
    return registry


def _sense(symbol: str, hint: str) -> str:
    senses = _table().ambiguous.get(symbol)
    if senses is None:
        return symbol if symbol[0].isdigit() else _table().symbols[symbol]
    return next(expression for key, expression in senses.items() if key in hint)


@lru_cache(maxsize=4096)
def _resolved(text: str, senses: Factors, counted: bool) -> Unit | None:
    if senses in ((("degC", 1),), (("degF", 1),)):
        celsius = senses[0][0] == "degC"
        return Unit(text, TEMPERATURE, 1.0 if celsius else 5 / 9, 273.15 if celsius else 459.67 * 5 / 9)
    expression = " * ".join(f"({_interval(sense)}) ** {exponent}" for sense, exponent in senses)
    quantity: Any = _registry().Quantity(expression).to_base_units()
    # mg/kg or μm/m is a ratio like % and ppm.
    dimension = RATIO if quantity.dimensionless else str(quantity.dimensionality)
    return Unit(text, dimension, float(quantity.magnitude), counted=counted)


def _interval(sense: str) -> str:
    return {"degC": "kelvin", "degF": "5 / 9 * kelvin"}.get(sense, sense)


def _whole(text: str, start: int) -> str | None:
    for written in _table().whole.get(text[start : start + 1], ()):
        following = text[start + len(written) : start + len(written) + 1]
        if text.startswith(written, start) and not (following.isascii() and following.isalnum()):
            return written
    return None


def _factors(text: str) -> Factors:
    return _scan(text, 0)[0]


def _scan(text: str, start: int) -> tuple[Factors, int]:
    if per := _PER_KELVIN.match(text, start):
        found = _factor(text, per.end())
        return (((found[0], -found[1]),), found[2]) if found else ((), start)
    first = _factor(text, start)
    if first is None or (first[0] in _CALENDAR and not text.startswith("内", first[2])):
        return (), start
    factors = [(first[0], first[1])]
    position, sign = first[2], 1
    while len(factors) < 6:
        step = _next_factor(text, position, sign)
        if step is None:
            break
        added, position, sign = step
        factors.extend(added)
    return tuple(factors), position


def _next_factor(text: str, position: int, sign: int) -> tuple[list[tuple[str, int]], int, int] | None:
    if slash := _DENOMINATOR.match(text, position):
        return _denominator(text, slash.end())
    if product := _PRODUCT.match(text, position):
        return _times(text, product.end(), sign)
    blank = text[position : position + 1] == " "
    found = _factor(text, position + blank)
    # Without a sign between them only a negative exponent proves a product: "W m-1 K-1", "mol L⁻¹".
    return ([(found[0], found[1])], found[2], sign) if found and found[1] < 0 else None


def _times(text: str, position: int, sign: int) -> tuple[list[tuple[str, int]], int, int] | None:
    """Read one more factor; below the line an amount may stand with it."""
    amount = _AMOUNT.match(text, position) if sign < 0 else None
    found = _factor(text, amount.end() + text.startswith(" ", amount.end()) if amount else position)
    if found is None:
        return None
    return [*([(amount.group(), sign)] if amount else []), (found[0], sign * found[1])], found[2], sign


def _denominator(text: str, position: int) -> tuple[list[tuple[str, int]], int, int] | None:
    if text[position : position + 1] == "(":
        return _bracketed(text, position + 1)
    if minute := _MINUTE.match(text, position):
        return [("min", -1)], minute.end(), -1
    return _times(text, position, -1)


def _bracketed(text: str, position: int) -> tuple[list[tuple[str, int]], int, int] | None:
    factors: list[tuple[str, int]] = []
    while len(factors) < 7 and (found := _times(text, position, -1)):
        factors.extend(found[0])
        position = found[1]
        if text[position : position + 1] == ")":
            return factors, position + 1, -1
        separator = _PRODUCT.match(text, position)
        position = separator.end() if separator else position + (text[position : position + 1] == " ")
    return None


def _factor(text: str, start: int) -> tuple[str, int, int] | None:
    symbol = _symbol(text, start)
    if symbol is None:
        return None
    end = start + len(symbol)
    exponent = _EXPONENT.match(text, end)
    if exponent is None or _is_a_range(text, symbol, exponent) or (exponent.group(3) and not symbol.isascii()):
        return _known(symbol), 1, end
    digits = next(filter(None, exponent.groups()))
    return _known(symbol), int(digits.translate(_SUPERSCRIPTS)), exponent.end()


def _is_a_range(text: str, symbol: str, exponent: re.Match[str]) -> bool:
    """Tell "1m-2m" from "m-2": the same unit, or any other word, follows the digit."""
    if not exponent.group(4):
        return False
    following = text[exponent.end() : exponent.end() + len(symbol)]
    return following == symbol or (exponent.group(4)[1] != "1" and following[:1].isalpha() and following.isascii())


def _known(symbol: str) -> str:
    table = _table()
    return symbol if symbol in table.symbols else table.any_case[symbol.lower()]


def _symbol(text: str, start: int) -> str | None:
    character = text[start : start + 1]
    return _han_symbol(text, start) if character and is_han(character) else _latin_symbol(text, start)


def _latin_symbol(text: str, start: int) -> str | None:
    table = _table()
    match = _LATIN.match(text, start)
    if match is None:
        return None
    run = match.group()
    with_digit = text[start : match.end() + 1]
    if with_digit in table.symbols:
        return with_digit
    if run in table.symbols or run.lower() in table.any_case:
        return run
    bare = run.rstrip("³")
    if bare in table.symbols:
        return bare
    sign = _SIGN.match(run)
    return sign.group() if sign and sign.group() in table.symbols else None


def _han_symbol(text: str, start: int) -> str | None:
    symbols = _table().symbols
    longest = range(min(_LONGEST_NAME, len(text) - start), 0, -1)
    name = next((text[start : start + size] for size in longest if text[start : start + size] in symbols), None)
    if name is None or (len(name) == 1 and _is_another_word(text, start)):
        return None
    return name


def _is_another_word(text: str, start: int) -> bool:
    if _NOT_A_UNIT.match(text, start):
        return True
    word: str = segmenter().cut(text[start : start + 4], hmm=False)[0]
    return len(word) > 1 and word not in _table().symbols and not word[1:].startswith(_AFTER_A_UNIT)
