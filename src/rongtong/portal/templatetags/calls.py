"""How the pages of a challenge write money, shares and time."""

import datetime as dt
from fractions import Fraction
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.types import Money

register = template.Library()
MONEY = Money()


@register.filter
def yuan(fen: int | None) -> str:
    """An amount of fen as people say it: 30 万元."""
    return "" if fen is None else MONEY.show(fen)


@register.filter
def part_in_percent(share: Any) -> str:
    """An exact share as people say it: ``3/10`` is 30 %; what percent cannot say stays a fraction."""
    percent = Fraction(str(share)) * 100
    if percent.denominator == 1:
        return f"{percent.numerator} %"
    return f"{float(percent):g} %" if (percent * 100).denominator == 1 else str(Fraction(str(share)))


@register.filter
def time_left(moment: dt.datetime | None) -> str:
    """How long it is until then, in the largest unit that still says something; "" once it has passed."""
    left = (moment - clock.now()) if moment else dt.timedelta(0)
    if left <= dt.timedelta(0):
        return ""
    days = (timezone.localdate(moment) - clock.today()).days
    if days:
        return ngettext("还有 %(count)s 天", "还有 %(count)s 天", days) % {"count": days}
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    return _("还有 %(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": minutes}


@register.filter
def written_hour(kept: str) -> str:
    """An hour kept in ISO form, in the time of the place."""
    return timezone.localtime(dt.datetime.fromisoformat(kept)).strftime("%Y-%m-%d %H:%M")


@register.simple_tag
def in_words(pair: dict[str, str]) -> str:
    """The reader's half of a label kept as ``{zh, en}``."""
    return str(Words(pair["zh"], pair["en"]))
