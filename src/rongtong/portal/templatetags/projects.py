"""How the pages of a project draw money, days and metrics: small pictures with a table beside them."""

import datetime as dt
from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.words import Words
from rongtong.domain.programmes import terms
from rongtong.domain.programmes.budgeting import PURSES, item_label
from rongtong.domain.programmes.models import Milestone, Project
from rongtong.domain.programmes.queries.projects import Purse
from rongtong.domain.programmes.states import MILESTONE

register = template.Library()
VERDICTS = {
    "met": Words("达到", "Met"),
    "not_met": Words("没有达到", "Not met"),
    "not_stated": Words("由查验人判断", "For the officer to judge"),
}
TONES = {"met": "success", "not_met": "danger", "not_stated": ""}
FULL, TARGET = 125, 100
"""A bar of a metric reaches a quarter beyond what was asked for, where a line stands."""


@register.filter
def purse_label(key: str) -> str:
    return str(PURSES.get(key, key))


@register.filter
def verdict_label(verdict: str) -> str:
    return str(VERDICTS[verdict])


@register.filter
def verdict_tone(verdict: str) -> str:
    return f"tag-{TONES[verdict]}" if TONES[verdict] else ""


@register.filter
def milestone_state(stone: Milestone) -> str:
    return str(MILESTONE.state(stone.state).label)


@register.simple_tag
def line_label(project: Project, item: str) -> str:
    """What a line of the budget is called."""
    return item_label(terms.template(project.topic.programme.template), item)


@register.simple_tag
def reach_bar(share: float | None) -> SafeString:
    """How far something went of what was asked for, with a line at all of it; nothing where that has no sense."""
    if share is None:
        return SafeString("")
    width = max(0.0, min(FULL, share * TARGET))
    return format_html(
        '<svg class="reach{}" viewBox="0 0 {} 12" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="all" width="{}" height="12"></rect><rect class="got" y="2" width="{}" height="8"></rect>'
        '<rect class="want" x="{}" width="1" height="12"></rect></svg>',
        "" if share < 1 else " reach-full", FULL, FULL, f"{width:.1f}", TARGET - 0.5,
    )  # fmt: skip


@register.simple_tag
def money_bar(purse: Purse) -> SafeString:
    """What of a purse is paid, due and still ahead, on a bar as long as what was granted."""
    whole, x = max(purse.granted, 1), 0.0
    drawn = []
    for css, fen in (("paid", purse.paid), ("due", purse.due), ("ahead", purse.ahead)):
        width = 100 * fen / whole
        drawn.append((css, f"{x:.2f}", f"{width:.2f}"))
        x += width
    said = _("已付 %(paid)s%%，应付 %(due)s%%") % {
        "paid": round(100 * purse.paid / whole),
        "due": round(100 * purse.due / whole),
    }
    bars = format_html_join("", '<rect class="{}" x="{}" width="{}" height="8"></rect>', drawn)
    return format_html(
        '<svg class="money-bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        said, bars,
    )  # fmt: skip


@register.simple_tag
def milestone_line(project: Project, stones: Sequence[Milestone]) -> SafeString:
    """The milestones along their days, a mark for today; the table beside it says the same in words."""
    days = [stone.due for stone in stones]
    if not days:
        return SafeString("")
    first = min([*days, project.signed_on or project.created_at.date()])
    last = max([*days, project.ends_on or days[-1]])
    dots = format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="20" r="6"><title>{}</title></circle>'
        '<text x="{}" y="42" text-anchor="middle">{}</text>',
        [(stone.state, x, f"{stone.title} {stone.due}", x, stone.order) for stone in stones for x in
         (_place(stone.due, first, last),)],
    )  # fmt: skip
    today = clock.today()
    mark = SafeString("")
    if first <= today <= last:
        mark = format_html('<line class="today" x1="{0}" x2="{0}" y1="6" y2="34"></line>', _place(today, first, last))
    return format_html(
        '<svg class="stone-line" viewBox="0 0 640 48" aria-hidden="true">'
        '<line class="way" x1="20" x2="620" y1="20" y2="20"></line>{}{}</svg>',
        mark, dots,
    )  # fmt: skip


def _place(day: dt.date, first: dt.date, last: dt.date) -> int:
    """Where a day lies on the line."""
    return 20 + round(600 * (day - first).days / max((last - first).days, 1))
