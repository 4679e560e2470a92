"""Who may read the audit, take it away and let its oldest part go."""

from django.db.models import Q

from rongtong.domain.foundation.access import EVERYTHING, Grant, declare
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.models import AccessEvent, AuditEvent, AuditHead, ProvisionEvent
from rongtong.domain.foundation.words import Words

REFUSALS = ("refused", "not_found")


def audits(actor: Actor) -> bool:
    return actor.is_any(Role.AUDITOR)


def watches(actor: Actor) -> bool:
    return actor.is_any(Role.SUPERVISOR)


def platform(actor: Actor) -> bool:
    return actor.is_any(Role.SYSTEM)


AUDITORS = Grant(Words("安全审计员查阅审计记录", "Auditors read the audit"), audits, lambda actor: EVERYTHING)
SUPERVISORS = Grant(
    Words(
        "监督人员查阅本地区业务记录的办理和提供情况", "Supervisors read what was done to the records of their region"
    ),
    watches,
    lambda actor: EVERYTHING,
)
SUPERVISORS_REFUSALS = Grant(SUPERVISORS.because, watches, lambda actor: Q(action__in=REFUSALS))
PLATFORM = Grant(Words("平台自动办理", "The platform itself"), platform, lambda actor: EVERYTHING)

declare(AuditEvent, read=(AUDITORS, SUPERVISORS))
declare(ProvisionEvent, read=(AUDITORS, SUPERVISORS))
declare(AccessEvent, read=(AUDITORS, SUPERVISORS_REFUSALS))
declare(AuditHead, export=(AUDITORS, PLATFORM), verify=(AUDITORS, PLATFORM), prune=(PLATFORM,))
