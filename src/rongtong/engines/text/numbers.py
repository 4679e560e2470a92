"""Numbers as people write them: grouped, scientific, with 万 and 亿, or in Chinese numerals."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `text[start:end]`; `scaled` says that a multiplier such as 万 was written with it."""

    value: float
    start: int
    end: int
    scaled: bool = False
    chinese: bool = False
    percent: bool = False


# Longer runs of digits are patent, telephone or document numbers, and unbounded runs would cost time.
_ARABIC = re.compile(
    r"\d{1,3}(?:,\d{3}){1,4}(?!\d)(?:\.\d{1,9})?|\d{1,3}(?: \d{3}){1,3}(?![\d.])|\d{1,9}(?:\.\d{1,12})?"
)
_POWER = re.compile(r"\s?[×xX*·]\s?10(?:\s?\^\s?\(?([-−+]?\d{1,3})\)?|([⁻⁺]?[⁰¹²³⁴-⁹]{1,3})|(-?[1-9]\d?)(?![\d.]))")
# 110×10-7/℃ is an expansion, 100×10-20 mm a size.
_PER_KELVIN = re.compile("/(?:K|℃|°C)")
_POWER_OF_TEN = re.compile(r"\^\(?([-−+]?\d{1,3})\)?|([⁻⁺]?[⁰¹²³⁴-⁹]{1,3})")
_STANDING_POWER = re.compile(
    r"[×xX*·]?\s?10(?:\s?\^\s?\(?([-−+]?\d{1,3})\)?|([⁻⁺]?[⁰¹²³⁴-⁹]{1,3})|([-−]\d{1,2}))(?!\d)\s?"
)
_EXPONENT = re.compile(r"[eE]([-+]?\d{1,2})(?![\w.])")
_MULTIPLIER = re.compile(r"\s?[多余]?(万亿|[十百千]?[万亿]|[百千](?=[万亿吨元瓦伏米克帕个多余]))[多余]?")
_ENGLISH_MULTIPLIER = re.compile(r"\s?(thousand|million|billion)\b", re.IGNORECASE)
_CHINESE = re.compile(
    r"(百分之)?([零〇一二两三四五六七八九十半][零〇一二两三四五六七八九十百千万亿点]{0,15})(?:[多余]([万亿])?)?"
)

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_ENGLISH = {"thousand": 1e3, "million": 1e6, "billion": 1e9}

STARTS = re.compile(r"\d|百分之[零〇一二两三四五六七八九十半]|[一二两三四五六七八九十半]")


def read_number(text: str, start: int) -> Number | None:
    """Return the number that begins exactly at `start` (unsigned), or None.

    `text` must be folded (see `normal.fold`). 百分之七十 is 70 with `percent` set.
    """
    digits = _ARABIC.match(text, start)
    return _read_arabic(text, digits) if digits else _read_chinese(text, start)


def chinese_value(numeral: str) -> float | None:
    """Return the value of a Chinese numeral such as 三千二百万, 十五, 三点五 or 半; None when it is malformed."""
    if numeral == "半":
        return 0.5
    whole, _, fraction = numeral.partition("点")
    value = _chinese_whole(whole)
    if value is None or any(digit not in _DIGITS for digit in fraction):
        return None
    decimals = "".join(str(_DIGITS[digit]) for digit in fraction)
    return float(f"{value}.{decimals}") if decimals else float(value)


def read_power(text: str, start: int) -> tuple[float, int]:
    """Return the power of ten written at `start` (×10⁻⁶, 10^4, 10-6) and its end; 1.0 and `start` for none."""
    match = _STANDING_POWER.match(text, start)
    if match is None:
        return 1.0, start
    exponent = int(next(filter(None, match.groups())).translate(_SUPERSCRIPTS).replace("−", "-"))
    return _scaled(1.0, exponent), match.end()


def read_multiplier(text: str, start: int) -> tuple[float, int, bool]:
    """Return the factor written at `start` (万, 亿, million; 1.0 for none), its end, and whether there is one."""
    if english := _ENGLISH_MULTIPLIER.match(text, start):
        return _ENGLISH[english.group(1).lower()], english.end(), True
    match = _MULTIPLIER.match(text, start)
    if match:
        factor = 1.0
        for sign in match.group(1):
            factor *= _TENS.get(sign) or _MYRIADS[sign]
        return factor, match.end(), True
    more = start + 1 if text[start : start + 1] in {"多", "余"} else start
    return 1.0, more, False


def _read_arabic(text: str, digits: re.Match[str]) -> Number:
    value = float(digits.group().replace(",", "").replace(" ", ""))
    end = digits.end()
    power = _POWER.match(text, end) or (_POWER_OF_TEN.match(text, end) if digits.group() == "10" else None)
    if power and (power.lastindex != 3 or value < 10 or _PER_KELVIN.match(text, power.end())):
        exponent = int(next(filter(None, power.groups())).translate(_SUPERSCRIPTS).replace("−", "-"))
        # 10⁵ has no mantissa: the ten itself is the base.
        return Number(_scaled(1.0 if power.re is _POWER_OF_TEN else value, exponent), digits.start(), power.end())
    if exponent_match := _EXPONENT.match(text, end):
        return Number(_scaled(value, int(exponent_match.group(1))), digits.start(), exponent_match.end())
    factor, end, scaled = read_multiplier(text, end)
    return Number(value * factor, digits.start(), end, scaled)


def _scaled(value: float, exponent: int) -> float:
    return value * 10.0 ** max(-300, min(300, exponent))


def _read_chinese(text: str, start: int) -> Number | None:
    match = _CHINESE.match(text, start)
    # 一千余万 is 一千万 and something more.
    value = chinese_value(match.group(2) + (match.group(3) or "")) if match else None
    if match is None or value is None:
        return None
    return Number(value, start, match.end(), chinese=True, percent=bool(match.group(1)))


def _chinese_whole(numeral: str) -> int | None:
    total = section = 0
    digit: int | None = None
    for character in numeral:
        if character in _DIGITS:
            if digit is not None and digit != 0:
                return None
            digit = _DIGITS[character]
        elif character in _TENS:
            section += (1 if digit in (None, 0) else digit or 1) * _TENS[character]
            digit = None
        elif character in _MYRIADS:
            total = (total + section + (digit or 0)) * _MYRIADS[character]
            section, digit = 0, None
        else:
            return None
    return total + section + (digit or 0)
