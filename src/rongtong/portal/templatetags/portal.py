"""What templates need beyond Django's own: icons, bars, highlighting, addresses that keep the filters."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from rongtong.domain.registry import measures
from rongtong.domain.registry.models import Resource
from rongtong.engines import text
from rongtong.engines.matching.calibration import thresholds
from rongtong.portal.forms import audience_word
from rongtong.portal.stepping import RefusedStep

register = template.Library()
SPRITE = "vendor/tabler-icons/3.34.1/sprite.svg"
TONE_ICONS = {"success": "circle-check", "warning": "alert-triangle", "error": "circle-x"}


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A line icon from the vendored sprite; decoration, so hidden from screen readers."""
    css = f"icon icon-{size}" if size else "icon"
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', css, static(SPRITE), name)


@register.simple_tag
def tone_icon(tone: str) -> SafeString:
    """The icon of a notice of this tone."""
    return icon(TONE_ICONS.get(tone, "info-circle"))


@register.simple_tag
def meter(share: float, css: str = "meter") -> SafeString:
    """A bar filled to ``share`` (0–1); an SVG attribute, because the page's policy allows no inline style."""
    width = max(0.0, min(1.0, share)) * 100
    return format_html(
        '<svg class="{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="6"></rect></svg>',
        css,
        f"{width:.1f}",
    )


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: Any) -> str:
    """The present query string with ``changes``; a value of None or "" is dropped, and so is the page unless given."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def percent(value: float) -> str:
    """0.634 as ``63 %``."""
    return f"{round(value * 100)} %"


@register.filter
def grouped(value: float) -> str:
    """A number in the reader's habit: 12345678 is ``1,234.6 万`` in Chinese (from a million on), else grouped."""
    if not _english() and abs(value) >= 1_000_000:
        return f"{value / 10_000:,.1f} 万"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


@register.simple_tag
def highlighted(text: str, spans: Iterable[tuple[int, int]]) -> SafeString:
    """``text`` escaped, with the character ``spans`` (start, end) marked; overlapping spans are joined."""
    parts: list[str] = []
    here = 0
    for start, end in _joined(spans):
        parts += [escape(text[here:start]), "<mark>", escape(text[start:end]), "</mark>"]
        here = end
    return mark_safe("".join([*parts, escape(text[here:])]))


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


TONES = {
    "published": "success", "verified": "success", "won": "success", "done": "success", "ready": "success",
    "submitted": "accent", "introduced": "accent", "negotiating": "accent", "importing": "accent", "checking": "accent",
    "granted": "success", "asked": "warning", "refused": "danger", "revoked": "danger",
    "demand_interested": "accent", "supply_interested": "accent", "queued": "accent",
    "returned": "warning", "stale": "warning", "rejected": "danger", "failed": "danger",
    "open": "success", "argued": "accent", "approved": "accent", "reviewing": "accent", "ranked": "accent",
    "proposed": "accent", "noticed": "warning", "awarded": "success", "reissued": "warning", "cancelled": "danger",
    "passed": "success", "reported": "accent", "due": "warning", "rework": "warning", "paid": "success",
    "running": "accent", "acceptance": "accent", "conditional": "warning", "accepted": "success",
    "eliminated": "danger", "breach": "danger", "booked": "success",
}  # fmt: skip


@register.filter
def tone_of(state: str) -> str:
    """The colour class of a state's tag; unknown states stay neutral."""
    return f"tag-{TONES[state]}" if state in TONES else ""


@register.filter
def relation_sign(row: dict[str, Any]) -> str:
    """A parameter's relation and value as one reads it: ``≥ 67 %``."""
    return measures.written({**row, "name": ""}).removeprefix("= " if row["relation"] == "range" else "").strip()


@register.simple_tag
def meter_100(score: int) -> SafeString:
    """A bar for a score out of a hundred."""
    return meter(score / 100)


@register.simple_tag(takes_context=True)
def refused_at(context: template.Context, address: str, which: object = "") -> RefusedStep | None:
    """The step that was just refused, where it is the one sent to ``address``: an event, or a submission, of there."""
    refused = getattr(context.get("request"), "refused_step", None)
    return refused if refused and (refused.address, refused.which) == (address, str(which)) else None


@register.simple_tag(takes_context=True)
def with_query_drop(context: template.Context, name: str) -> str:
    """The present query string without the parameter ``name``."""
    return with_query(context, **{name: None})


@register.simple_tag
def record_title(record: Resource) -> str:
    """The title in the reader's language where the record has one; of what is sealed none."""
    if record.sealed:
        return record.shown_title
    return (record.title_en or record.title) if _english() else record.title


@register.simple_tag
def other_title(record: Resource) -> str:
    """The title in the other language, if there are two."""
    if record.sealed:
        return ""
    return (record.title if record.title_en else "") if _english() else record.title_en


@register.simple_tag
def closed_tag(record: Resource, name: str) -> SafeString:
    """For whom a field of the second layer is, as a tag."""
    return format_html('<span class="tag">{}</span>', audience_word(record.class_of(name)))


@register.filter
def in_language(both: str) -> str:
    """The reader's half of a text written ``中文 · English``; the whole when it is not."""
    halves = both.split(" · ")
    return (halves[1] if _english() else halves[0]) if len(halves) == 2 else both


@register.filter
def language_of(written: str) -> str:
    """The language a text is in, for the page's ``lang``."""
    return "en" if text.language(written) == "en" else "zh-CN"


@register.filter
def is_demand(kind: str) -> bool:
    """Whether a kind's parameters are wishes rather than claims."""
    return kind == "demand"


def _english() -> bool:
    return (get_language() or "").startswith("en")


@register.inclusion_tag("portal/parts/likelihood.html")
def likelihood(probability: float, grade: str = "") -> dict[str, Any]:
    """A calibrated probability as a short bar with words; ``grade`` is the engine's word where there is one."""
    return {"probability": probability, "grade": grade or thresholds().grade(probability)}


@register.simple_tag(takes_context=True)
def with_query_set(context: template.Context, name: str, value: str) -> str:
    """The present query string with ``name`` set to ``value``; for names known only to the template's context."""
    return with_query(context, **{name: value})
