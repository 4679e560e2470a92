"""The audit to be asked: who saw or changed what, when, on what ground. Asking leaves an event too."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Model, Q
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rongtong.domain.foundation import asking, audit
from rongtong.domain.foundation.access import declared, find_one, scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.asking import Question, ask, every, may_ask
from rongtong.domain.foundation.audit_access import audits
from rongtong.domain.foundation.errors import AccessDenied
from rongtong.domain.foundation.events import STREAM_NAMES
from rongtong.domain.foundation.models import AuditEvent, AuditHead
from rongtong.domain.foundation.naming import event_names, kind_name
from rongtong.domain.foundation.sheets import SheetWriter
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.registry.models import Resource
from rongtong.portal.audit_words import Line, address_of, choices, field_label, kinds_of, lines, name_of
from rongtong.portal.http import Request, known_or_404, page

PAGE = 50
CHOICES = 12
MOST_IN_FILE = 50_000
IDENTIFIER = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
SHORTEST_NAME = 2


@login_required
@require_safe
def index(request: Request) -> HttpResponse:
    """Events by record, person, period, stream and kind, latest first."""
    streams = _streams_or_refuse(request)
    question, offered = _question(request)
    none = bool(offered.get("unknown"))
    answer = asking.Answer([]) if none else ask(request.actor, question, older=request.GET.get("older", ""), most=PAGE)
    audit.note(request.actor, "audit.read", asked=question.told())
    context = {
        "lines": lines(request.actor, answer.events),
        "older": answer.older,
        "first": not request.GET.get("older"),
        "streams": [(name, STREAM_NAMES[name]) for name in streams],
        "actions": choices(),
        "given": request.GET,
        "query": _query(request),
        "filtered": bool(question.told()) or none,
        "heads": _heads() if audits(request.actor) else (),
        **offered,
    }
    return page(request, "audit/table" if request.htmx and not request.htmx.boosted else "audit/index", context)


@login_required
@require_safe
def listed(request: Request) -> HttpResponseBase:
    """The events asked for as a sheet."""
    _streams_or_refuse(request)
    question, offered = _question(request)
    events = [] if offered.get("unknown") else list(every(request.actor, question, most=MOST_IN_FILE))
    audit.note(request.actor, "audit.listed", asked=question.told(), rows=len(events))
    name = f"rongtong-audit-{timezone.localdate()}.csv"
    response = StreamingHttpResponse(_sheet(request.actor, events), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_safe
def record(request: Request, kind: str, identifier: str) -> HttpResponse:
    """One record: who saw or changed which of its fields, when, on what ground."""
    _streams_or_refuse(request)
    found = _record_or_404(request.actor, kind, identifier)
    question = Question(entity_kind=kind, entity_id=identifier)
    wanted = request.GET.get("field", "")
    answer = ask(request.actor, question, older=request.GET.get("older", ""), most=PAGE, name=wanted)
    summary = asking.summary(request.actor, question)
    known = kinds_of([identifier]).get(identifier, "")
    audit.note(request.actor, "audit.read", (kind, identifier))
    context = {
        "kind": kind,
        "identifier": identifier,
        "kind_label": kind_name(kind),
        "record": found,
        "name": name_of(found),
        "address": address_of(found),
        "uses": [(field_label(use.name, known), use) for use in summary.uses],
        "summary": summary,
        "field": wanted,
        "field_label": field_label(wanted, known) if wanted else "",
        "lines": lines(request.actor, answer.events),
        "older": answer.older,
        "first": not request.GET.get("older"),
    }
    return page(request, "audit/record", context)


@login_required
@require_safe
def account(request: Request, number: int) -> HttpResponse:
    """One person: what they did, were shown and were refused."""
    _streams_or_refuse(request)
    holder = known_or_404(Account.objects.filter(pk=number).first())
    answer = ask(request.actor, Question(account=number), older=request.GET.get("older", ""), most=PAGE)
    audit.note(request.actor, "audit.read", holder)
    context = {
        "holder": holder,
        "lines": lines(request.actor, answer.events),
        "older": answer.older,
        "first": not request.GET.get("older"),
    }
    return page(request, "audit/account", context)


def _streams_or_refuse(request: Request) -> list[str]:
    streams = may_ask(request.actor)
    if not streams:
        denial = _("审计记录由安全审计员和监督人员查阅。本单位记录的查看情况，可以在记录页面的历史中看到。")
        raise AccessDenied(denial, "read", (AuditEvent._meta.label_lower, ""))
    return streams


def _question(request: Request) -> tuple[Question, dict[str, Any]]:
    """What the form asks, and what it needs told: names that fit several, or that nothing fits."""
    given = request.GET
    entity, records = _sought_record(request.actor, given.get("q", "").strip())
    person, people = _sought_person(given.get("person", "").strip())
    unknown = [label for label, missing in ((_("记录"), entity is None), (_("人员"), person is None)) if missing]
    question = Question(
        streams=(given["stream"],) if given.get("stream") in audit.STREAMS else (),
        entity_id=entity or "",
        account=person or None,
        action=given.get("action", "") if given.get("action") in event_names() else "",
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
    )
    return question, {"unknown": unknown, "records": records, "people": people}


def _sought_record(actor: Actor, written: str) -> tuple[str | None, list[tuple[str, str, str]]]:
    """The identifier in what was written (an address holds one), else the record so called; None when there is none.

    Names are looked for among what the asker may view. Several that fit are offered.
    """
    if not written:
        return "", []
    if known := IDENTIFIER.search(written):
        return known.group().lower(), []
    if len(written) < SHORTEST_NAME:
        return None, []
    found: list[Model] = [
        *scope(actor, "view", Resource.objects.filter(title__icontains=written))[:CHOICES],
        *scope(actor, "view", Party.objects.filter(name__icontains=written))[:CHOICES],
    ]
    if len(found) == 1:
        return str(found[0].pk), []
    return None, [(each._meta.label_lower, str(each.pk), name_of(each)) for each in found[:CHOICES]]


def _sought_person(written: str) -> tuple[int | None, list[Account]]:
    """The account of that number, user name or name; 0 when nobody is sought, None when nobody or several are found."""
    if not written:
        return 0, []
    named = Q(username=written) | Q(display_name=written)
    if written.isdecimal() and len(written) < len(str(2**63)):
        named |= Q(pk=int(written))
    found = list(Account.objects.filter(named)[:CHOICES])
    return (found[0].pk, []) if len(found) == 1 else (None, found)


def _record_or_404(actor: Actor, kind: str, identifier: str) -> Model | None:
    """The record if its history may be read and it may be viewed; None when only its events may be known."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        raise Http404 from None
    if model not in declared():
        raise Http404
    if not audits(actor):
        _readable_or_404(actor, model, identifier)
    try:
        return scope(actor, "view", model._default_manager.all()).filter(pk=identifier).first()
    except (ValueError, ValidationError):
        raise Http404 from None


def _readable_or_404(actor: Actor, model: type[Model], identifier: str) -> None:
    try:
        find_one(actor, asking.needed(model), model._default_manager.all(), identifier)
    except (ObjectDoesNotExist, ValueError, ValidationError):
        raise Http404 from None


def _heads() -> list[tuple[str, AuditHead]]:
    """Where each chain stands, to be kept elsewhere."""
    found = AuditHead.objects.in_bulk()
    return [(str(STREAM_NAMES[name]), found[pk]) for name, pk in audit.HEADS.items() if pk in found]


def _query(request: Request) -> str:
    return urlencode({name: value for name, value in request.GET.items() if value and name != "older"})


def _sheet(actor: Actor, events: list[Any]) -> Iterator[bytes]:
    heading = [
        _("时间"), _("类别"), _("序号"), _("人员"), _("账号"), _("代表单位"), _("事项"), _("记录类别"), _("记录编号"),
        _("名称"), _("内容"), _("说明"), _("依据"), _("来自"), _("散列"),
    ]  # fmt: skip
    yield _rows([heading]).encode("utf-8-sig")
    rest = iter(events)
    while block := list(islice(rest, asking.BATCH)):
        yield _rows([_cells(line) for line in lines(actor, block)]).encode()


def _cells(line: Line) -> list[Any]:
    event = line.event
    moment = timezone.localtime(line.at).isoformat(timespec="milliseconds")
    name = _("无权查看名称") if line.withheld else line.name
    return [
        moment, line.stream_label, event.seq, line.who, line.account or "", line.party, line.what, line.kind,
        event.entity_id, name, "、".join(line.fields), "；".join(line.details), line.ground, line.door, event.hash,
    ]  # fmt: skip


def _rows(rows: list[list[Any]]) -> str:
    buffer = io.StringIO(newline="")
    SheetWriter(buffer).rows(rows)
    return buffer.getvalue()


def _day(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        return None
