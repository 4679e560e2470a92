"""A copy of personal data in words: the columns of each part by their names, days as days, nothing empty."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.naming import event_name, kind_name
from rongtong.domain.leads.models import REASONS, USEFUL
from rongtong.domain.leads.states import LEAD
from rongtong.domain.parties.models import AFFILIATION_ROLES
from rongtong.domain.parties.models.personal import REQUESTS
from rongtong.domain.parties.personal import notice
from rongtong.domain.parties.roles import ROLE_LABELS
from rongtong.domain.parties.states import REQUEST
from rongtong.domain.registry import taxonomies
from rongtong.domain.registry.declaration import Kind
from rongtong.domain.registry.kinds import all_kinds
from rongtong.domain.registry.states import LIFE
from rongtong.portal.views.security import HOWS

ON_PAPER = 200
"""Rows of one part on the page; the file holds all."""


def copy_part(part: dict[str, Any]) -> dict[str, Any]:
    """One part of the copy as the page shows it."""
    rows = part["rows"]
    return {
        "label": part["label"],
        "count": len(rows),
        "rows": [_row(part["part"], row) for row in rows[:ON_PAPER]],
        "more": max(0, len(rows) - ON_PAPER),
    }


def notice_context() -> dict[str, Any]:
    """What the notice on personal data says, wherever it is shown."""
    return {"clauses": notice.clauses(), "processor": notice.processor(), "version": notice.VERSION}


def _row(part: str, row: dict[str, Any]) -> list[tuple[str, str]]:
    shown = {name: value for name, value in row.items() if name != "values" and value not in ("", None, [])}
    names = _names() | ({"to": _("到期")} if part == "roles" else {})
    lines = [(names.get(name, name), _told(part, name, value)) for name, value in shown.items()]
    kind = next((each for each in all_kinds().values() if each.label.zh == row.get("kind")), None)
    return [*lines, *(_values(kind, row["values"]) if kind and "values" in row else [])]


def _values(kind: Kind, values: dict[str, Any]) -> list[tuple[str, str]]:
    fields = [(kind.field(name), value) for name, value in values.items()]
    return [(str(field.label), field.type.show(value)) for field, value in fields]


def _told(part: str, name: str, value: Any) -> str:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(str(each) for each in value)
    return str(_codes(part, name, value) or value)


def _codes(part: str, name: str, value: Any) -> object:
    """What stands for a stored code; None where the value is told as it is."""
    match part, name:
        case _any, "what":
            return event_name(value)
        case "events", "record":
            return _entity(value)
        case _any, "region":
            return taxonomies.scheme("division").show(value)
        case "leads", "as":
            return ROLE_LABELS[Role.MANAGER] if value == "manager" else _("被推荐的人")
        case "sign_ins", "how":
            return _(HOWS[value]) if value in HOWS else None
        case "feedback", "reason":
            return REASONS.get(value)
        case "feedback", "verdict":
            return _("有用") if value == USEFUL else _("不合适")
        case "affiliations", "role":
            return AFFILIATION_ROLES.get(value)
        case "requests", "kind":
            return REQUESTS.get(value)
        case _any, "kind":
            return all_kinds()[value].label if value in all_kinds() else None
        case "requests", "state":
            return REQUEST.state(value).label
        case "leads", "state":
            return LEAD.state(value).label
        case "records", "state":
            return LIFE.state(value).label
    return None


def _entity(written: str) -> str:
    """A record of the audit by the name of its kind and the end of its number."""
    kind, _space, number = written.partition(" ")
    return f"{kind_name(kind)} {number[-8:]}".strip()


def _names() -> dict[str, str]:
    return {
        "name": _("姓名"),
        "name_en": _("英文姓名"),
        "title": _("职称或名称"),
        "orcid": "ORCID",
        "region": _("地区"),
        "source": _("来源"),
        "organisation": _("单位"),
        "role": _("身份"),
        "starts": _("开始"),
        "ends": _("结束"),
        "username": _("账号"),
        "email": _("邮箱"),
        "since": _("建立时间"),
        "active": _("在用"),
        "for": _("代表"),
        "from": _("开始"),
        "to": _("提供给"),
        "at": _("时间"),
        "address": _("网络地址"),
        "device": _("设备"),
        "how": _("方式"),
        "purpose": _("用途"),
        "given": _("同意时间"),
        "withdrawn": _("撤回时间"),
        "kind": _("类别"),
        "state": _("状态"),
        "answer": _("答复"),
        "what": _("事项"),
        "record": _("记录"),
        "kept_by": _("所属"),
        "documents": _("附件"),
        "contact": _("联系方式"),
        "file": _("文件"),
        "lead": _("线索"),
        "as": _("身份"),
        "verdict": _("评价"),
        "reason": _("理由"),
        "note": _("说明"),
    }
