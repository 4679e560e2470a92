"""What the name of a quantity says about its unit."""

from __future__ import annotations

import re

from rongtong.engines.text.units import NUMBER, TEMPERATURE, TIME, Unit, unit_named

_UNIT_IN_NAME = re.compile(r"[(/\[]\s?([^()\[\]\s]{1,14})\s?[)\]]?\s?[:=]?\s*$")
_UNIT_AFTER_NAME = re.compile(r"(?<=[^A-Za-z])(?!pH)(dB\(A\)|[A-Za-zμΩ°℃%]{2,6}(?:/[A-Za-z0-9³²]{1,5})?)\s*[:=]?\s*$")
_PERIODS = (
    ("年", re.compile("年(?:产|处理|加工|生产|消耗|消纳|供|发电|用|节|产量|产能|需求量)")),
    ("天", re.compile("(?:每天|每日|日)(?:产|处理|加工|生产|消耗|供|用)")),
    ("小时", re.compile("小时(?:产|处理|加工|生产)")),
)
_MONEY = re.compile("资金|投入|投资|预算|经费|费用|成本|产值|收入|利税|利润")
_DIFFERENCES = re.compile(
    "温差|温升|温降|波动|偏差|精度|误差|均匀|公差|accuracy|deviation|difference|error|temperature (?:rise|drop)"
)


def unit_beside_name(left: str) -> tuple[str, Unit]:
    """Return the text in front of a bare number without the unit that ends it, and that unit: 密度(g/cm3) ≥ 2.5."""
    for pattern in (_UNIT_AFTER_NAME, _UNIT_IN_NAME):
        match = pattern.search(left)
        unit = unit_named(match.group(1)) if match else None
        if match and unit:
            return left[: match.start()], unit
    return left, NUMBER


def unit_in_context(unit: Unit, name: str, tolerance: bool) -> Unit:
    """年产5万吨 is a rate, 温差5℃ and ±2℃ are differences."""
    if unit.dimension == TEMPERATURE and (tolerance or _DIFFERENCES.search(name)):
        return unit.difference()
    if unit is NUMBER or "/" in unit.text or TIME in unit.dimension:
        return unit
    period = next((period for period, pattern in _PERIODS if pattern.search(name)), None)
    return unit.per(period) if period else unit


def unit_of_scaled(name: str) -> Unit:
    """Return the unit of a number of 万 or 亿 without one: 投入资金1500万 is money."""
    return (unit_named("元") if _MONEY.search(name) else None) or NUMBER
