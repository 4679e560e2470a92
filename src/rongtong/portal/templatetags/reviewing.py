"""How the pages of the review draw marks: a line to a hundred, a dot for each review, the score and the spread."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()
WIDE, HIGH, MIDDLE = 200, 24, 12
"""The picture's units: two for each mark of a hundred."""


@register.simple_tag
def marks_line(dots: Iterable[tuple[Any, Fraction]], score: str | None) -> SafeString:
    """The totals of one submission as dots on a line of a hundred, a bar over their spread, a stroke at the score."""
    totals = [total for _seat, total in dots]
    if not totals:
        return SafeString("")
    low, high = (float(2 * end) for end in (min(totals), max(totals)))
    points = format_html_join(
        "", '<circle cx="{}" cy="{}" r="3"></circle>', ((f"{float(2 * each):.1f}", MIDDLE) for each in totals)
    )
    stroke = SafeString("")
    if score:
        place = f"{2 * float(score) - 1:.1f}"
        stroke = format_html('<rect class="marks-score" x="{}" y="3" width="2" height="18"></rect>', place)
    return format_html(
        '<svg class="marks-line" viewBox="-4 0 {} {}" role="img" aria-label="{}">'
        '<rect class="marks-axis" x="0" y="11" width="{}" height="2"></rect>'
        '<rect class="marks-spread" x="{}" y="9" width="{}" height="6"></rect>{}{}</svg>',
        WIDE + 8, HIGH, _told(totals), WIDE, f"{low:.1f}", f"{max(high - low, 1):.1f}", points, stroke,
    )  # fmt: skip


@register.filter
def two_digits(number: Any) -> str:
    """A score as one reads it: 82.07; "" for none."""
    return "" if number in (None, "") else f"{float(Fraction(str(number))):.2f}".rstrip("0").rstrip(".")


@register.filter
def of_key(mapping: dict[str, Any], key: Any) -> Any:
    """What ``mapping`` holds under ``key``."""
    return mapping.get(str(key))


def _told(totals: list[Fraction]) -> str:
    shown = _("、").join(two_digits(each) for each in sorted(totals))
    return _("各评审人总分：%(totals)s") % {"totals": shown}
