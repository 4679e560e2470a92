"""What waits for the person: the workbench, their demands, their leads."""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from rongtong.domain.leads.queries import Task, funnel, leads_by_state, leads_of, open_leads, to_do
from rongtong.domain.leads.states import LEAD
from rongtong.domain.registry.queries import Filters, listing, state_label
from rongtong.portal.http import Request, page, paged

LEAD_TASKS = ("to_introduce", "answer_as_demand", "answer_as_supply")
RECENT = 6
VISIT = dt.timedelta(hours=1)


@login_required
@require_GET
def workbench(request: Request) -> HttpResponse:
    """To do with one action each, what changed of late, one's own figures."""
    actor = request.actor
    own = listing(actor, Filters(mine=True))
    seen = _last_here(request)
    context = {
        "tasks": [(task, task.key in LEAD_TASKS, _advice(task)) for task in to_do(actor)],
        "own": [(record, state_label(record)) for record in own[:RECENT]],
        "own_count": own.count(),
        "leads": [
            (lead, LEAD.state(lead.state), bool(seen and lead.state_since > seen)) for lead in leads_of(actor)[:RECENT]
        ],
        "open_leads": open_leads(actor),
        "stages": funnel(actor) if actor.staff else (),
    }
    return page(request, "workbench", context)


@login_required
@require_GET
def my_demands(request: Request) -> HttpResponse:
    """The demands of the organisation one acts for, in whatever state."""
    found = paged(request, listing(request.actor, Filters(kind="demand", mine=True)))
    context = {
        "page": found,
        "total": found.paginator.count,
        "rows": [(record, state_label(record), record.judged.advice[:1]) for record in found],
    }
    return page(request, "my_demands", context)


@login_required
@require_GET
def my_leads(request: Request) -> HttpResponse:
    """The leads one has a part in, by state."""
    wanted = request.GET.get("state", "")
    leads = leads_of(request.actor)
    found = paged(request, leads.filter(state=wanted) if wanted else leads)
    context = {
        "page": found,
        "total": found.paginator.count,
        "rows": [(lead, LEAD.state(lead.state)) for lead in found],
        "states": leads_by_state(request.actor),
        "wanted": wanted,
    }
    return page(request, "my_leads", context)


def _last_here(request: Request) -> dt.datetime | None:
    """When the reader was last here before this visit; coming back within the hour is the same visit."""
    now = timezone.now()
    here, before = request.session.get("here", ""), request.session.get("before", "")
    if not here or now - dt.datetime.fromisoformat(here) > VISIT:
        before = here
    request.session["here"], request.session["before"] = now.isoformat(), before
    return dt.datetime.fromisoformat(before) if before else None


def _advice(task: Task) -> list[tuple[object, object]]:
    process_states = LEAD if task.key in LEAD_TASKS else None
    return [(item, process_states.state(item.state) if process_states else state_label(item)) for item in task.records]
