"""The public list of topics (榜单), the same as a board for whoever runs it, and as a file."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import allows, require, scope
from rongtong.domain.foundation.sheets import Cell
from rongtong.domain.programmes.models import Programme, Topic
from rongtong.domain.programmes.queries import calls
from rongtong.domain.programmes.queries.calls import Filters
from rongtong.domain.programmes.states import ON_THE_LIST, TOPIC
from rongtong.domain.registry.measures import written
from rongtong.domain.registry.queries import facet_label
from rongtong.domain.registry.types import Money
from rongtong.portal import lists
from rongtong.portal.http import Request, page, paged
from rongtong.portal.sheets import as_file, batches

PAGE = 30
MONEY = Money()


@require_safe
def listing(request: Request) -> HttpResponse:
    """What is open to whoever can solve it, what closes when; an htmx request gets the table alone."""
    filters = Filters.read(request.GET.dict())
    found = paged(request, calls.listing(request.actor, filters), PAGE)
    context = _shared(request, filters) | {
        "page": found,
        "total": found.paginator.count,
        "topics": [(topic, TOPIC.state(topic.state).label) for topic in found],
        "states": _states(request, filters, whole=False),
        "may_run": bool(allows(request.actor, "run", Programme(region=request.actor.region))),
    }
    part = request.htmx and not request.htmx.boosted
    return page(request, "challenge/list_table" if part else "challenge/list", context)


@login_required
@require_safe
def board(request: Request) -> HttpResponse:
    """Every topic that the reader may view, as columns of states or as a table."""
    _require_runner(request)
    filters = Filters.read(request.GET.dict())
    context = _shared(request, filters) | {"as_table": request.GET.get("view") == "table", "whole": True}
    if context["as_table"]:
        found = paged(request, calls.listing(request.actor, filters, whole=True), PAGE)
        shown = list(found)
        context |= {
            "page": found,
            "total": found.paginator.count,
            "topics": [(topic, TOPIC.state(topic.state).label) for topic in shown],
            "states": _states(request, filters, whole=True),
        }
    else:
        columns = calls.board(request.actor, filters)
        shown = [topic for column in columns for topic in column.topics]
        context |= {
            "columns": [(TOPIC.state(column.state), column) for column in columns],
            "total": sum(column.count for column in columns),
        }
    calls.note_topics(request.actor, "list", shown)
    return page(request, "challenge/board", context)


@require_safe
def topics_file(request: Request, form: str) -> FileResponse:
    """The list with its filters as a sheet; ``whole`` for everything the reader may view."""
    filters = Filters.read(request.GET.dict())
    whole = request.GET.get("whole") == "1"
    if whole:
        _require_runner(request)
    topics = calls.listing(request.actor, filters, whole=whole).only(*calls.ROW, "metrics")
    name = f"rongtong-{'topics' if whole else 'challenges'}-{clock.today()}"
    answer = as_file(name, form, _headings(), _rows(request, topics, whole=whole))
    if whole:
        audit.note(
            request.actor, "programmes.export_topics", ("programmes.topic", ""), stream=audit.PROVISION, form=form,
            filters=filters.params(),
        )  # fmt: skip
    return answer


def _require_runner(request: Request) -> None:
    """The board is for who runs or watches challenges, and for a setter's own topics."""
    if not (request.actor.party or allows(request.actor, "view", Programme(region=request.actor.region))):
        require(request.actor, "run", Programme(region=request.actor.region))


def _shared(request: Request, filters: Filters) -> dict[str, Any]:
    programmes = scope(request.actor, "view", Programme.objects.all()).order_by("-created_at")
    named = list(programmes.values_list("pk", "title")[:200])
    return {
        "filters": filters,
        "query": urlencode(filters.params()),
        "programmes": [(str(pk), title) for pk, title in named],
        "fields": lists.top_terms("field"),
        "regions": lists.top_terms("division"),
        "chips": _chips(filters, {str(pk): title for pk, title in named}),
        "soon": calls.SOON,
        "may_draft": bool(allows(request.actor, "create", calls.topic_to_be(request.actor, request.actor.party))),
    }


def _states(request: Request, filters: Filters, *, whole: bool) -> list[tuple[str, Any, int]]:
    counts = calls.counts_by_state(request.actor, filters, whole=whole)
    return [(each.key, each.label, counts[each.key]) for each in TOPIC.states if counts.get(each.key)]


def _chips(filters: Filters, programmes: dict[str, str]) -> list[tuple[str, str]]:
    """(parameter, words) of every filter in force."""
    said = {
        "q": f"“{filters.q}”" if filters.q else "",
        "state": str(TOPIC.state(filters.state).label) if filters.state else "",
        "field": facet_label("field", filters.field) if filters.field else "",
        "region": facet_label("region", filters.region) if filters.region else "",
        "programme": programmes.get(filters.programme, ""),
        "setter": filters.setter,
        "soon": _("%(days)s 天内截止") % {"days": filters.soon} if filters.soon else "",
        "least": _("%(money)s以上") % {"money": MONEY.show(filters.least * 100)} if filters.least else "",
        "mine": _("本单位的") if filters.mine else "",
    }
    return [(name, words) for name, words in said.items() if words]


def _headings() -> list[str]:
    return [
        _("榜单编号"), _("榜题"), _("计划"), _("出题人"), _("状态"), _("技术领域"), _("地区"), _("出题方资金（元）"),
        _("财政资金（元）"), _("立项数"), _("开始受理"), _("截止"), _("指标"),
    ]  # fmt: skip


def _rows(request: Request, topics: QuerySet[Topic], *, whole: bool) -> Iterator[list[Cell]]:
    """The rows; what does not stand on the list is noted before it leaves."""
    for batch in batches(topics):
        if whole:
            calls.note_topics(request.actor, "file", [each for each in batch if each.state not in ON_THE_LIST])
        yield from map(_cells, batch)


def _cells(topic: Topic) -> list[Cell]:
    return [
        topic.number,
        topic.title,
        topic.programme.title,
        topic.setter.name,
        str(TOPIC.state(topic.state).label),
        lists.term_named("field", topic.field),
        lists.term_named("division", topic.region),
        MONEY.cell(topic.setter_money),
        MONEY.cell(topic.public_money),
        topic.winners,
        _hour(topic.opens_at),
        _hour(topic.closes_at),
        "；".join(written(row) for row in topic.metrics),
    ]


def _hour(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
