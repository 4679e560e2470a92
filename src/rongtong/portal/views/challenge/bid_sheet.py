"""The submissions of a topic as a sheet, once they are opened: the columns of the page, every row of it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import grounds
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.sheets import Cell
from rongtong.domain.programmes.models import Submission
from rongtong.domain.programmes.queries import submissions as queries
from rongtong.domain.programmes.states import OPENED_TOPICS, SUBMISSION
from rongtong.domain.registry.types import Money
from rongtong.portal.challenging import topic_or_404
from rongtong.portal.http import Request
from rongtong.portal.sheets import as_file

MONEY = Money()


@login_required
@require_safe
def submissions_file(request: Request, identifier: UUID, form: str) -> FileResponse:
    """What the page of a topic's submissions lists for the reader; before the opening there is no such sheet."""
    topic, actor = topic_or_404(request, identifier), request.actor
    if topic.state not in OPENED_TOPICS:
        raise Http404
    found = queries.submissions_of(actor, topic).exclude(applicant=actor.party)
    _note(actor, found)
    name = f"rongtong-submissions-{topic.number or topic.pk}-{clock.today()}"
    return as_file(name, form, _headings(), (_cells(each) for each in found))


def _headings() -> list[str]:
    return [
        _("申请"), _("申请单位"), _("状态"), _("申请金额（元）"), _("成员单位"),
        _("审查人"), _("审查说明"), _("封存件损坏"),
    ]  # fmt: skip


def _cells(submission: Submission) -> list[Cell]:
    formal = submission.formal
    return [
        str(submission),
        submission.applicant.name,
        str(SUBMISSION.state(submission.state).label),
        "" if submission.bid is None else MONEY.cell(submission.bid),
        len(submission.members) or 1,
        formal.get("by", ""),
        formal.get("reason", ""),
        _("是") if formal.get("damaged") else "",
    ]


def _note(actor: Actor, found: QuerySet[Submission]) -> None:
    """That they were shown is noted before they leave."""
    why = grounds(actor, "view", found)
    audit.shown(actor, "file", [(each, ["applicant", "title", "bid", "formal"], why[each.pk].zh) for each in found])
