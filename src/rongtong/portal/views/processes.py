"""The processes of the platform as pictures and as tables, with a record's place in them where one asks of a record."""

from django.db.models import Model
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.naming import named_processes
from rongtong.domain.foundation.transitions import Process
from rongtong.domain.leads.models import Lead
from rongtong.domain.programmes.models import Submission
from rongtong.domain.programmes.queries.nexts import LABELS, MODELS, TABLE, what_next
from rongtong.domain.programmes.states import UNSEALED
from rongtong.domain.registry.models import Resource
from rongtong.portal.diagrams import drawn
from rongtong.portal.http import Request, found_or_404, known_or_404, page, uuid_or_404
from rongtong.portal.next_pages import page_of

RECORDS: dict[str, type[Model]] = {**MODELS, "leads": Lead, "registry": Resource}


@require_safe
def index(request: Request) -> HttpResponse:
    """Every process there is, those of the challenge first."""
    found = sorted(named_processes().values(), key=lambda each: each.name not in MODELS)
    return page(request, "processes/index", {"processes": [(each, len(each.states)) for each in found]})


@require_safe
def process(request: Request, name: str) -> HttpResponse:
    """One process: the picture, the table; ``?of=<kind>/<id>`` marks where a record stands, for who may view it."""
    table = known_or_404(named_processes().get(name))
    record = _record(request, name)
    here: str = getattr(record, "state", "")
    context = {
        "process": table,
        "picture": drawn(table, here),
        "rows": _rows(table, here),
        "here": table.state(here) if here else None,
        "steps": what_next(request.actor, record) if record is not None and name in MODELS else (),
        "address": page_of(record._meta.label_lower, str(record.pk)) if record is not None else "",
    }
    return page(request, "processes/process", context)


def _rows(table: Process, here: str) -> list[dict[str, object]]:
    """For each state: for whom it waits, and which steps lead where."""
    return [
        {
            "state": state,
            "here": state.key == here,
            "whom": list(dict.fromkeys(LABELS[rule.whom] for rule in TABLE.get((table.name, state.key), ()))),
            "steps": [
                (row.label, table.state(row.target).label, row.reason_required)
                for row in table.transitions
                if state.key in row.sources
            ],
        }
        for state in table.states
    ]


def _record(request: Request, name: str) -> Model | None:
    wanted = request.GET.get("of", "")
    if not wanted:
        return None
    kind, _slash, identifier = wanted.partition("/")
    if kind != name or kind not in RECORDS:
        raise Http404
    record = found_or_404(request, "view", RECORDS[kind]._default_manager.all(), uuid_or_404(identifier))
    _note(request.actor, record)
    return record


def _note(actor: Actor, record: Model) -> None:
    """The state of what is not for everybody was shown; of a submission that was not opened nobody is told so much."""
    closed = isinstance(record, Submission) and record.state not in UNSEALED
    if not closed and not allows(VISITOR, "view", record):
        ground = allows(actor, "view", record).ground
        audit.shown(actor, "page", [(record, ["state"], ground.zh if ground else "")])
