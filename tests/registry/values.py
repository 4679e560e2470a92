"""Strategies: what a person may write into a field of each type."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from rongtong.domain.registry import taxonomies
from rongtong.domain.registry.declaration import Kind
from rongtong.domain.registry.measures import RELATIONS, Measures
from rongtong.domain.registry.types import (
    Choice,
    Day,
    FieldType,
    Flag,
    IpcSymbol,
    Level,
    Line,
    Link,
    Many,
    Money,
    Number,
    Prose,
    Term,
    Whole,
)

LETTERS = "石灰窑出灰温度℃抗冲击韧性 Ω±≥%，。、；;,.'\"=+-@ \t\nAbc019𠮷é\u3000ー（）"
LINES = st.text(LETTERS, min_size=1, max_size=40)
NUMBERS = st.decimals(min_value=-1000, max_value=1000, allow_nan=False, places=3).map(str)
MEASURES = st.fixed_dictionaries(
    {"name": st.sampled_from(["抗冲击韧性", "出灰温度", "particle size D50", "COD 去除率"]),
     "relation": st.sampled_from([relation for relation in RELATIONS if relation != "range"]),
     "value": NUMBERS,
     "unit": st.sampled_from(["", "%", "℃", "W/(m·K)", "10^4 m³/d", "mg/L"]),
     "must": st.booleans()},
)  # fmt: skip


def written(kind_of_value: FieldType) -> st.SearchStrategy[Any]:
    """Input that a field of this type accepts, as it comes from a form, a sheet or JSON."""
    match kind_of_value:
        case Many():
            return st.lists(written(kind_of_value.of), max_size=4)
        case Measures():
            return st.lists(MEASURES, max_size=4)
        case Choice():
            key_or_label = [(key, label.zh, label.en) for key, label in kind_of_value.options]
            return st.sampled_from([word for words in key_or_label for word in words])
        case Term() | Level():
            return st.sampled_from(list(taxonomies.scheme(kind_of_value.scheme).terms)[:200])
        case Money():
            return st.one_of(
                st.integers(0, 10**10), st.sampled_from(["50万元", "1.2亿", "￥12,345.67", "0.01", "300 元"])
            )
        case Whole():
            return st.integers(kind_of_value.least, min(kind_of_value.most, 10**9))
        case Number():
            return st.floats(kind_of_value.least, min(kind_of_value.most, 1e6), allow_nan=False)
        case Day():
            return st.one_of(st.dates(dt.date(1980, 1, 1), dt.date(2099, 12, 31)), st.just("2026年3月5日"))
        case Flag():
            return st.sampled_from(["是", "否", "yes", "no", True, False, "√"])
        case Link():
            return st.sampled_from(["https://example.com/a?b=1", "http://example.org"])
        case IpcSymbol():
            return st.sampled_from(["C04B14/06", "c04b 14/06", "H01L", "G06F 17/30"])
        case Line() | Prose():
            return LINES
    raise AssertionError(f"no strategy for {kind_of_value}")


def written_values(kind: Kind) -> st.SearchStrategy[dict[str, Any]]:
    """Raw values of a kind: every required field, and some of the others."""
    required = {field.name: written(field.type) for field in kind.fields if field.required}
    others = {field.name: written(field.type) for field in kind.fields if not field.required}
    return st.fixed_dictionaries(required, optional=others)
