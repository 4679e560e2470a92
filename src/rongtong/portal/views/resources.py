"""The register: every kind as a list, every record as a page, and the form to write one."""

from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rongtong.domain.foundation.access import allows, require
from rongtong.domain.foundation.documents.declaration import FIELD
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.registry import actions, queries
from rongtong.domain.registry.declaration import Kind
from rongtong.domain.registry.kinds import all_kinds
from rongtong.domain.registry.models import OWNER, Resource
from rongtong.domain.registry.reading import read
from rongtong.domain.registry.showing import note_readings, note_rows
from rongtong.domain.registry.states import LIFE
from rongtong.portal import challenging, forms, lists, persons, two_layers
from rongtong.portal.attached import attached
from rongtong.portal.attempts import Attempt
from rongtong.portal.history import openings_of, told
from rongtong.portal.http import Request, done, known_or_404, or_404, own_party, page, paged, step_in, uuid_or_404

PAGE = 30
HISTORY = 40


def kind_or_404(key: str) -> Kind:
    """The kind called ``key``."""
    return known_or_404(all_kinds().get(key))


def record_or_404(request: Request, identifier: UUID, kind: str = "") -> Resource:
    """A record that the actor may view; one they may not view is not told apart from none."""
    record = or_404(queries.visible, request.actor, identifier)
    if kind and record.kind != kind:
        raise Http404
    return record


@require_safe
def index(request: Request) -> HttpResponse:
    """Every register, with how many records of it the reader can find."""
    return page(request, "resources/index", {"kinds": queries.counts_by_kind(request.actor)})


@require_safe
def listing(request: Request, kind: str) -> HttpResponse:
    """The records of one kind, filtered; an htmx request gets the table alone."""
    declaration = kind_or_404(kind)
    filters = queries.Filters.read({**request.GET.dict(), "kind": kind})
    wanted = _chosen_columns(request, declaration)
    columns = lists.columns(declaration, wanted)
    found = paged(request, queries.listing(request.actor, filters), PAGE)
    shown = lists.worth_showing(columns, list(found), chosen=bool(wanted))
    note_rows(request.actor, "list", found, [column.name for column in shown])
    context = {
        "kind": declaration,
        "filters": filters,
        "query": urlencode({name: value for name, value in filters.params().items() if name != "kind"}),
        "chips": lists.chips(filters, in_register=True),
        "columns": columns,
        "shown": shown,
        "page": found,
        "total": found.paginator.count,
        "rows": [(record, queries.state_label(record), lists.cells(record, shown)) for record in found],
        "fields": lists.top_terms("field") if "field" in declaration.columns else (),
        "regions": lists.top_terms("division") if "region" in declaration.columns else (),
        "levels": range(1, 10) if "trl" in declaration.columns else (),
        "states": LIFE.states,
        "may_create": _may_create(request, declaration),
    }
    return page(request, "resources/table" if request.htmx and not request.htmx.boosted else "resources/list", context)


@require_safe
def detail(request: Request, kind: str, identifier: UUID) -> HttpResponse:
    """One record: what it says, its state, its history, who can see it, how complete it is."""
    record = record_or_404(request, identifier, kind)
    context = _record_context(request, record, "page")
    context |= attached(request.actor, record)
    context["history"] = [told(event) for event in queries.history(request.actor, record)[:HISTORY]]
    context["openings"] = openings_of(request.actor, record)
    context |= persons.panel(request.actor, record)
    context["offers_consent"] = persons.offers_consent(request.actor, record)
    context |= challenging.of_demand(request.actor, record)
    return page(request, "resources/record", context)


@require_safe
def drawer(request: Request, kind: str, identifier: UUID) -> HttpResponse:
    """The record as a card beside the list."""
    record = record_or_404(request, identifier, kind)
    return page(request, "resources/drawer", _record_context(request, record, "drawer"))


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request, kind: str) -> HttpResponse:
    """A new record of a kind; saved as a draft."""
    declaration = kind_or_404(kind)
    if request.POST.get("identifier"):
        return _edit(request, record_or_404(request, uuid_or_404(request.POST["identifier"]), kind))
    require(request.actor, "create", Resource(kind=kind, owner_id=request.actor.party))
    names = [*(field.name for field in declaration.fields), OWNER]
    if request.method != "POST":
        return _form(request, declaration, None, names)
    with Attempt(Invalid) as attempt:
        record = actions.create_resource(
            actor=request.actor,
            kind=kind,
            owner=own_party(request.actor),
            values=forms.submitted(declaration, request.POST, names),
            title=request.POST.get("title", ""),
            title_en=request.POST.get("title_en", ""),
            visibility=request.POST.get("visibility") or Visibility.PUBLIC,
            closed=forms.closed_in(request.POST, {}, names),
            opens_at=forms.hour_in(request.POST),
            draft="autosave" in request.POST,
        )
        return _saved(request, record)
    return _refused_form(request, declaration, None, names, attempt)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, kind: str, identifier: UUID) -> HttpResponse:
    """The form of a record that exists; ``autosave`` keeps an unfinished draft."""
    return _edit(request, record_or_404(request, identifier, kind))


def _edit(request: Request, record: Resource) -> HttpResponse:
    require(request.actor, "edit", record)
    reading = read(request.actor, record)
    names = reading.fields
    if request.method != "POST":
        note_readings(request.actor, "form", [reading])
        return _form(request, record.declaration, record, names)
    seen = request.POST.get("revision", "")
    with Attempt(Invalid) as attempt:
        saved = actions.update_resource(
            actor=request.actor,
            record=record,
            values=forms.submitted(record.declaration, request.POST, names),
            title=request.POST.get("title", ""),
            title_en=request.POST.get("title_en", ""),
            visibility=request.POST.get("visibility") or None,
            closed=forms.closed_in(request.POST, record.closed, names),
            opens_at=forms.hour_in(request.POST),
            seen_revision=int(seen) if seen.isdigit() else None,
            draft="autosave" in request.POST,
        )
        return _saved(request, saved)
    return _refused_form(request, record.declaration, record, names, attempt)


@require_POST
def advance(request: Request, kind: str, identifier: UUID) -> HttpResponse:
    """Move a record along its life, with a reason where one is asked for."""
    record = record_or_404(request, identifier, kind)
    no_secrets = FIELD in request.POST
    moved = actions.advance_resource(actor=request.actor, record=record, no_secrets=no_secrets, **step_in(request))
    said = _("“%(title)s”现在是“%(state)s”。") % {"title": moved.shown_title, "state": LIFE.state(moved.state).label}
    persons.take_consent(request.actor, moved, request.POST)
    here = reverse("portal:record", args=(kind, identifier))
    return done(request, said, here if allows(request.actor, "view", moved) else reverse("portal:workbench"))


def _chosen_columns(request: Request, kind: Kind) -> Sequence[str]:
    """The columns asked for now, else those chosen last time."""
    kept: dict[str, list[str]] = request.session.get("columns", {})
    asked = request.GET.getlist("columns")
    if asked and asked != kept.get(kind.key):
        request.session["columns"] = {**kept, kind.key: asked}
    return asked or kept.get(kind.key, [])


def _may_create(request: Request, kind: Kind) -> bool:
    return bool(allows(request.actor, "create", Resource(kind=kind.key, owner_id=request.actor.party)))


def _record_context(request: Request, record: Resource, channel: str) -> dict[str, Any]:
    actor = request.actor
    reading = read(actor, record)
    note_readings(actor, channel, [reading])
    shown = queries.card(reading)
    layer = two_layers.context(actor, reading, shown)
    if layer["layered"]:
        shown = [row for row in shown if not two_layers.is_closed(record, row.field.name)]
    return layer | {
        "record": record,
        "kind": record.declaration,
        "state": LIFE.state(record.state),
        "summary": queries.summary(record, longest=300),
        "prose": [row for row in shown if row.field.type.name == "prose"],
        "facts": [row for row in shown if row.field.type.name not in ("prose", "measures")],
        "measures": [row for row in shown if row.field.type.name == "measures"],
        "withheld": reading.withheld,
        "owner": reading.owner or record.holder,
        "source": reading.source,
        "may_convene": bool(allows(actor, "assign_reader", record)),
        **two_layers.periods(),
        "audience": queries.audience(record),
        "because": allows(actor, "view", record).reason,
        "transitions": LIFE.open_to(actor, record),
        "may_edit": bool(allows(actor, "edit", record)),
        "completeness": record.judged,
        "expired": bool(record.valid_until and record.valid_until < timezone.localdate()),
    }


def _form(
    request: Request,
    kind: Kind,
    record: Resource | None,
    names: Collection[str],
    attempt: Attempt | None = None,
) -> HttpResponse:
    given, problems = (request.POST, attempt.problems) if attempt else (None, ())
    closed = _closed(request, record, names, given)
    holder = "holder" in kind.columns
    context = {
        "kind": kind,
        "record": record,
        "rows": forms.rows(kind, record.values if record else {}, names, problems, given, closed),
        "may_close": closed is not None,
        "owner_audience": None if closed is None or holder else forms.owner_audience(closed),
        "opens_at": given.get("opens_at", "") if given else forms.hour_written(record.opens_at if record else None),
        "title": given.get("title", "") if given else (record.title if record else ""),
        "title_en": given.get("title_en", "") if given else (record.title_en if record else ""),
        "title_errors": [problem.message for problem in problems if problem.field == "title"],
        "visibilities": list(Visibility),
        "visibility": given.get("visibility") if given else (record.visibility if record else Visibility.PUBLIC),
        "summary": attempt.message if attempt else "",
        "others": forms.whole_problems(problems, kind),
        "completeness": kind.completeness(record.values if record else {}),
        "autosaves": record is None or record.state in ("draft", "returned"),
    }
    return page(request, "resources/form", context, status=attempt.status if attempt else 200)


def _closed(
    request: Request, record: Resource | None, names: Collection[str], given: QueryDict | None
) -> dict[str, str] | None:
    """What the selects of who may read say; None for somebody who may not decide that."""
    if record and not allows(request.actor, "close", record):
        return None
    kept = dict(record.closed) if record else {}
    return kept if given is None else forms.closed_in(given, kept, names) or {}


def _refused_form(
    request: Request, kind: Kind, record: Resource | None, names: Collection[str], attempt: Attempt
) -> HttpResponse:
    if "autosave" in request.POST:
        return page(request, "parts/not_saved", {"problems": attempt.problems})
    return _form(request, kind, record, names, attempt)


def _saved(request: Request, record: Resource) -> HttpResponse:
    """After an autosave the small line and the advice; after a save the record."""
    if "autosave" in request.POST:
        return page(
            request,
            "resources/autosaved",
            {"record": record, "saved_at": timezone.now(), "completeness": record.judged},
        )
    address = reverse("portal:record", args=(record.kind, record.pk))
    return done(request, _("“%(title)s”已保存。") % {"title": record.shown_title}, address)


@require_safe
def old_address(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """``/r/<id>``: a record by its identifier alone, for links from reports and the API."""
    record = record_or_404(request, identifier)  # type: ignore[arg-type]  # the middleware has set the actor
    return HttpResponseRedirect(reverse("portal:record", args=(record.kind, record.pk)))
