"""Drawing an assessment: its scale with the pass line, an item's bar with its bands, texts of the engine."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rongtong.engines.rules.words import Text
from rongtong.portal.assessing import outcome_word, tone

register = template.Library()


@register.filter
def said(text: Any) -> str:
    """A text of the engine or of a kept result in the reader's language."""
    if text is None:
        return ""
    pair = text.as_dict() if isinstance(text, Text) else text
    return str(pair["en" if (get_language() or "").startswith("en") else "zh"])


@register.filter
def points(number: Any) -> str:
    """Points as one reads them, cut at two decimals: a score must not look higher than it is."""
    if number is None:
        return ""
    hundredths = int(Fraction(str(number)) * 100)
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")


@register.simple_tag
def scale(low: Any, high: Any, top: Any, marks: Iterable[Any] = (), css: str = "scale") -> SafeString:
    """A bar from nought to ``top``: sure points, those still open, and a line at each of ``marks``."""
    whole = Fraction(str(top)) if top else Fraction(0)
    if not whole:
        return SafeString("")
    start, end = _place(low, whole), _place(high, whole)
    lines = format_html_join("", '<rect class="scale-mark" x="{}" width="0.6" height="10"></rect>', (
        (f"{min(_place(mark, whole), 99.4):.2f}",) for mark in marks if mark is not None
    ))  # fmt: skip
    return format_html(
        '<svg class="{}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="scale-low" width="{}" height="10"></rect>'
        '<rect class="scale-open" x="{}" width="{}" height="10"></rect>{}</svg>',
        css, f"{start:.2f}", f"{start:.2f}", f"{max(0.0, end - start):.2f}", lines,
    )  # fmt: skip


@register.simple_tag
def mark_list(*marks: Any) -> list[Any]:
    """The marks of a scale, gathered."""
    return list(marks)


@register.simple_tag
def verdict_tag(outcome: str, part: str = "gate") -> SafeString:
    """A verdict as a tag; a way of direct entry that is not open is nothing bad."""
    quiet = part == "direct" and outcome != "passed"
    word = _("不适用") if quiet and outcome == "failed" else outcome_word(outcome)
    return format_html('<span class="tag {}">{}</span>', "" if quiet else tone(outcome), word)


def _place(number: Any, whole: Fraction) -> float:
    share = Fraction(str(number or 0)) / whole
    return float(max(Fraction(0), min(Fraction(1), share)) * 100)
