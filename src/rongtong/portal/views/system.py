"""The system administrator's page: how the installation is. It shows no record, no account and no event."""

import platform
from importlib.metadata import version

import django
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.models import ImportJob
from rongtong.domain.registry.states import CHECKING
from rongtong.portal.conferring import refuse_unless
from rongtong.portal.http import Request, page
from rongtong.site.checks import Finding, Level, examine

TONES = {Level.OK: "success", Level.NOTE: "warning", Level.BAD: "danger"}
SAYS = {Level.OK: Words("正常", "Fine"), Level.NOTE: Words("留意", "Note"), Level.BAD: Words("要处理", "Act")}


@login_required
@require_safe
def system(request: Request) -> HttpResponse:
    """Versions, what works and what that costs when it does not, how far the queue of imports is."""
    refuse_unless(request.actor.is_any(Role.SYSADMIN), _("这一页只供系统管理员使用。"))
    findings = examine()
    context = {
        "findings": [(finding, TONES[finding.level], SAYS[finding.level]) for finding in _worst_first(findings)],
        "wanting": sum(finding.level != Level.OK for finding in findings),
        "versions": _versions(),
        "jobs": _jobs(),
        "now": timezone.now(),
    }
    return page(request, "admin/system", context)


def _worst_first(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: list(Level).index(finding.level), reverse=True)


def _versions() -> list[tuple[str, str]]:
    return [(_("融通"), version("rongtong")), ("Python", platform.python_version()), ("Django", django.get_version())]


def _jobs() -> list[tuple[Words, int]]:
    """How many imports stand in each state, in the order of the table."""
    counts = dict(ImportJob.objects.order_by().values_list("state").annotate(n=Count("pk")))
    return [(state.label, counts[state.key]) for state in CHECKING.states if counts.get(state.key)]
