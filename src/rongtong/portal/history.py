"""Audit events as sentences."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.foundation.transitions import Process
from rongtong.domain.leads.states import LEAD
from rongtong.domain.registry.states import LIFE

PROCESSES: dict[str, Process] = {LIFE.name: LIFE, LEAD.name: LEAD}


@dataclass(frozen=True)
class Told:
    """One event as a person reads it."""

    at: datetime
    who: str
    what: str
    why: str


def told(event: AuditEvent) -> Told:
    """Who did what and when, and the reason they gave."""
    return Told(event.at, event.actor_name, _what(event), str(event.details.get("reason", "")))


def _what(event: AuditEvent) -> str:
    process = PROCESSES.get(event.action.split(".", 1)[0])
    name = event.action.split(".", 1)[-1]
    row = next((row for row in process.transitions if row.event == name), None) if process else None
    if row:
        return str(row.label)
    return _said().get(event.action, _("更新"))


def _said() -> dict[str, str]:
    return {
        "registry.create_resource": _("建立记录"),
        "registry.update_resource": _("修改内容"),
        "registry.import_records": _("导入"),
        "leads.propose_lead": _("提出引荐"),
        "leads.give_feedback": _("给出评价"),
    }
