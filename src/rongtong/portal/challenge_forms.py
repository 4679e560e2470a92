"""The form of a topic: declared like that of a kind of record, so that it is drawn, read and checked the same way."""

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Problem
from rongtong.domain.foundation.words import Words
from rongtong.domain.programmes.models import Programme, Topic
from rongtong.domain.programmes.terms import number, template
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.measures import Measures
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.types import Line, Money, Prose, Term, Whole
from rongtong.portal import forms
from rongtong.portal.forms import FormRow
from rongtong.portal.templatetags.calls import part_in_percent

TOPIC_FORM = Kind(
    key="topic",
    label=Words("榜题", "Topic"),
    description=Words("一个向所有能解决它的人公开的问题", "One problem that is open to whoever can solve it"),
    group="demand",
    icon="trophy",
    columns={},
    fields=(
        Field("problem", Words("要解决的问题", "Problem"), Prose(), required=True,
              help=Words("写给不了解企业的人看；保密内容不要写在这里，榜题发布后公开",
                         "For readers who do not know the enterprise; nothing secret, a topic is public")),
        Field("targets", Words("考核指标", "Metrics"), Measures(),
              help=Words("每项写明名称、数值和单位；验收和里程碑都按这些指标",
                         "Name, value and unit each; milestones and acceptance go by them")),
        Field("constraints", Words("限制条件", "Constraints"), Prose()),
        Field("acceptance", Words("验收方法", "Acceptance test"), Prose(),
              help=Words("谁来测、用什么方法或标准", "Who measures, by what method or standard")),
        Field("field", Words("技术领域", "Technology field"), Term(scheme="field")),
        Field("region", Words("所在地区", "Region"), Term(scheme="division")),
        Field("setter_money", Words("出题方资金", "The setter's money"), Money(), unit=Words("元", "CNY"),
              help=Words("例如 300万元 或 3000000", "For instance 3000000")),
        Field("public_money", Words("财政资金", "Public money"), Money(), unit=Words("元", "CNY"),
              help=Words("没有就不填；与出题方资金分开核算", "Leave empty if none; it is accounted for apart")),
        Field("payments", Words("各里程碑付款比例", "Shares of the milestones"), Line(200),
              help=Words("相加应为 100%，例如 30%、40%、30%", "They add up to 100%, for instance 30%, 40%, 30%")),
        Field("winners", Words("立项数", "Winners"), Whole(1, 20)),
        Field("minimum_bids", Words("启封所需的最少份数", "Fewest submissions to be opened"), Whole(1, 20)),
        Field("months", Words("研发周期", "Duration"), Whole(1, 120), unit=Words("个月", "months")),
    ),
)  # fmt: skip
NAMES = tuple(field.name for field in TOPIC_FORM.fields)
TERMS = ("winners", "minimum_bids", "months")


def from_topic(topic: Topic) -> dict[str, Any]:
    """What a topic says, under the names of the form."""
    same = [name for name in NAMES if name not in ("targets", "payments", "setter_money", "public_money")]
    money = {name: getattr(topic, name) or None for name in ("setter_money", "public_money")}
    return (
        {name: getattr(topic, name) for name in same}
        | money
        | {
            "targets": topic.metrics,
            "payments": "、".join(part_in_percent(share) for share in topic.payments),
        }
    )


def from_programme(programme: Programme) -> dict[str, Any]:
    """What a topic of this programme begins with."""
    kind = template(programme.template)
    return {
        "payments": "、".join(part_in_percent(share) for share in kind.payments),
        "winners": number(programme, "winners"),
        "minimum_bids": number(programme, "minimum_bids"),
        "months": Topic._meta.get_field("months").default,
    }


def from_demand(values: dict[str, Any], demand: Resource) -> dict[str, Any]:
    """What a demand gives a topic, of the ``values`` its reader may read."""
    constraints = values.get("constraints") or []
    return {
        "problem": values.get("problem", ""),
        "targets": values.get("targets", []),
        "constraints": "\n".join(constraints) if isinstance(constraints, list) else constraints,
        "acceptance": values.get("acceptance", ""),
        "field": demand.field,
        "region": demand.region,
    }


def read(data: QueryDict) -> tuple[dict[str, Any], list[Problem]]:
    """What the form says, as the columns of a topic, and every problem with it."""
    raw = forms.submitted(TOPIC_FORM, data, NAMES)
    cleaned = TOPIC_FORM.clean(raw)
    values, problems = cleaned.values, list(cleaned.problems)
    facts: dict[str, Any] = {
        name: values.get(name, "") for name in ("problem", "constraints", "acceptance", "field", "region")
    }
    facts |= {name: values.get(name, 0) for name in ("setter_money", "public_money")}
    facts |= {name: values[name] for name in TERMS if name in values}
    facts["metrics"] = values.get("targets", [])
    facts["payments"] = [str(share) for share in _shares(str(values.get("payments", "")), problems)]
    for name in ("opens_at", "closes_at"):
        facts[name] = forms.hour_in(data, name)
        if facts[name] is None and data.get(name, "").strip():
            problems.append(Problem(name, _("时间读不出来，写法如 2026-06-30 17:00。")))
    return facts, problems


def rows(values: dict[str, Any], problems: Iterable[Problem], given: QueryDict | None) -> list[FormRow]:
    """The rows of the form."""
    return forms.rows(TOPIC_FORM, values, NAMES, problems, given)


def _shares(written: str, problems: list[Problem]) -> list[Fraction]:
    """``30%、40%、30%`` or ``3/10, 2/5, 3/10`` as exact shares."""
    found: list[Fraction] = []
    for part in re.split(r"[、，,;；\s]+", written.replace(" %", "%").strip()):
        try:
            found += [Fraction(part.rstrip("%％")) / (100 if part[-1] in "%％" else 1)] if part else []
        except (ValueError, ZeroDivisionError):
            problems.append(Problem("payments", _("“%(part)s”读不出比例，写法如 30%%。") % {"part": part[:20]}))
    return found
