"""What waits for the person: the workbench, their demands, their leads."""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.words import Words
from rongtong.domain.leads.models import Lead
from rongtong.domain.leads.queries import Task, funnel, leads_by_state, leads_of, open_leads, to_do
from rongtong.domain.leads.showing import note_leads
from rongtong.domain.leads.sides import as_told, probability_told
from rongtong.domain.leads.states import LEAD
from rongtong.domain.parties.states import REQUEST
from rongtong.domain.programmes.queries.waiting import QUIET, Item, items_of, root_of, waiting_for
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.queries import Filters, listing, state_label
from rongtong.domain.registry.showing import note_rows
from rongtong.domain.registry.states import DISCLOSURE, LIFE
from rongtong.portal.http import Request, page, paged
from rongtong.portal.next_pages import address_of
from rongtong.portal.rail import first_page, in_business

WAITS_FOR_YOU = Words("等您办理", "It waits for you")
LEAD_TASKS = ("to_introduce", "answer_as_demand", "answer_as_supply")
RECENT = 6
VISIT = dt.timedelta(hours=1)


@login_required
@require_safe
def workbench(request: Request) -> HttpResponse:
    """To do with one action each, what changed of late, one's own figures."""
    actor = request.actor
    if not in_business(actor):
        return HttpResponseRedirect(first_page(actor))
    own = listing(actor, Filters(mine=True))
    seen = _last_here(request)
    tasks, recent, leads = to_do(actor), list(own[:RECENT]), list(leads_of(actor)[:RECENT])
    waiting = waiting_for(actor)
    _note(actor, tasks, recent, leads)
    _note_waiting(actor, items_of(waiting))
    context = {
        "challenges": [(item, address_of(item.record), item.watched) for item in items_of(waiting)],
        "more": [each for each in waiting if each.count > len(each.items)],
        "tasks": [(task, _about(task), _advice(task)) for task in tasks],
        "own": [(record, state_label(record)) for record in recent],
        "own_count": own.count(),
        "leads": [
            (lead, LEAD.state(lead.state), bool(seen and lead.state_since > seen)) for lead in as_told(actor, leads)
        ],
        "open_leads": open_leads(actor),
        "stages": funnel(actor) if actor.staff else (),
    }
    return page(request, "workbench", context)


@login_required
@require_safe
def my_demands(request: Request) -> HttpResponse:
    """The demands of the organisation one acts for, in whatever state."""
    found = paged(request, listing(request.actor, Filters(kind="demand", mine=True)))
    note_rows(request.actor, "list", found)
    context = {
        "page": found,
        "total": found.paginator.count,
        "rows": [(record, state_label(record), record.judged.advice[:1]) for record in found],
    }
    return page(request, "my_demands", context)


@login_required
@require_safe
def my_leads(request: Request) -> HttpResponse:
    """The leads one has a part in, by state."""
    wanted = request.GET.get("state", "")
    leads = leads_of(request.actor)
    found = paged(request, leads.filter(state=wanted) if wanted else leads)
    note_leads(request.actor, "list", found)
    context = {
        "page": found,
        "total": found.paginator.count,
        "rows": [
            (lead, LEAD.state(lead.state), probability_told(request.actor, lead))
            for lead in as_told(request.actor, found)
        ],
        "states": leads_by_state(request.actor),
        "wanted": wanted,
    }
    return page(request, "my_leads", context)


def _note(actor: Actor, tasks: list[Task], recent: list[Resource], leads: list[Lead]) -> None:
    """What the workbench shows that is not for everybody, each thing once."""
    of_records = [task for task in tasks if _about(task) in ("records", "disclosures")]
    waiting = [getattr(each, "record", each) for task in of_records for each in task.records]
    waiting_leads = [lead for task in tasks if task.key in LEAD_TASKS for lead in task.records]
    note_rows(actor, "list", {record.pk: record for record in (*recent, *waiting)}.values())
    note_leads(actor, "list", [*leads, *waiting_leads])


def _note_waiting(actor: Actor, items: list[Item]) -> None:
    """The titles of topics and programmes on the list that are not for everybody yet.

    That somebody hands in or reviews is noted nowhere: of a topic that was cancelled it would tell who had a draft.
    """
    told = [root_of(item.record) for item in items if not isinstance(item.record, QUIET)]
    roots: dict[object, Model] = {root.pk: root for root in told}
    closed = [root for root in roots.values() if not allows(VISITOR, "view", root)]
    grounds = [allows(actor, "view", root).ground or WAITS_FOR_YOU for root in closed]
    audit.shown(actor, "list", [(root, ["title"], why.zh) for root, why in zip(closed, grounds, strict=True)])


def _last_here(request: Request) -> dt.datetime | None:
    """When the reader was last here before this visit; coming back within the hour is the same visit."""
    now = timezone.now()
    here, before = request.session.get("here", ""), request.session.get("before", "")
    if not here or now - dt.datetime.fromisoformat(here) > VISIT:
        before = here
    request.session["here"], request.session["before"] = now.isoformat(), before
    return dt.datetime.fromisoformat(before) if before else None


def _about(task: Task) -> str:
    """What the records of a task are."""
    return "leads" if task.key in LEAD_TASKS else task.key if task.key in ("disclosures", "personal") else "records"


def _advice(task: Task) -> list[tuple[object, object]]:
    processes = {"leads": LEAD, "disclosures": DISCLOSURE, "personal": REQUEST, "records": LIFE}
    return [(item, processes[_about(task)].state(item.state).label) for item in task.records]
