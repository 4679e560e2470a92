"""Indicators of an enterprise: entering, history, confirmation; the certificates it holds."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rongtong.domain.assessments import catalogue, queries
from rongtong.domain.assessments.actions import (
    advance_certificate,
    confirm_facts,
    record_certificate,
    record_facts,
)
from rongtong.domain.assessments.models import Certificate, Fact
from rongtong.domain.assessments.states import CERTIFICATE
from rongtong.domain.foundation.access import allows, require, scope
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.parties.models import Party
from rongtong.engines.rules import Input
from rongtong.portal import assessing
from rongtong.portal.attempts import Attempt
from rongtong.portal.http import Request, done, known_or_404, page, step_in
from rongtong.portal.views.assess import common, pack_or_404, party_or_404

HISTORY = 30


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: Request, party: UUID) -> HttpResponse:
    """The form for a year: the inputs of a pack (``pack``) or those that are named (``names``).

    Only what was changed in it is sent on: who saves a form does not thereby stand for all it shows.
    """
    subject = party_or_404(request.actor, party)
    require(request.actor, "record", Fact(party=subject))
    year = _year(request)
    asked = _asked(request)
    before = {fact.name: fact for fact in queries.facts_of(request.actor, subject).filter(year=year)}
    attempt = Attempt(Invalid)
    if request.method == "POST":
        with attempt:
            return _recorded(request, subject, year, asked, before)
    context = common(request, subject) | {
        "rows": [_row(each, before.get(each.id), request, attempt.wrong) for each in asked],
        "year": year,
        "years": range(timezone.localdate().year, timezone.localdate().year - 6, -1),
        "chosen": request.GET.get("pack", ""),
        "names": request.GET.get("names", ""),
        "packs": list(assessing.titles().items()),
        "source": request.POST.get("source", ""),
        "said": attempt.message,
        "year_error": attempt.wrong.get("year", ""),
        "history": _history(request, subject, asked) if len(asked) == 1 else (),
    }
    return page(request, "assess/facts", context, status=attempt.status)


def _year(request: Request) -> int:
    written = request.POST.get("year") or request.GET.get("year") or ""
    return int(written) if written.isdecimal() and len(written) == 4 else timezone.localdate().year - 1


def _asked(request: Request) -> list[Input]:
    """The inputs that the form is about, in the order of the pack."""
    known = catalogue.inputs()
    names = [name for name in request.GET.get("names", "").split(",") if name]
    if not names:
        name = request.GET.get("pack") or queries.ladder_terms()["rungs"][0]["pack"]
        names = [each.id for each in pack_or_404(name).inputs.values() if not each.judged]
    if any(name not in known for name in names):
        raise Http404
    return [known[name] for name in names]


def _recorded(request: Request, subject: Party, year: int, asked: list[Input], before: dict[str, Fact]) -> HttpResponse:
    values = {}
    for each in asked:
        written = request.POST.get(each.id, "").strip()
        if written != _written(each, before.get(each.id)):
            values[each.id] = assessing.as_given(each, written) or None
    source = request.POST.get("source", "")
    count = len(record_facts(actor=request.actor, party=subject, year=year, values=values, source=source))
    taken = len([name for name, value in values.items() if value is None])
    said = _("已保存 %(count)s 项指标。") % {"count": count + taken} if count + taken else _("没有改动，保持原样。")
    return done(request, said, reverse("portal:assess-party", args=(subject.pk,)) + "#facts")


def _written(asked: Input, fact: Fact | None) -> str:
    """A kept value as the form shows it, so that one can send it back unchanged."""
    return assessing.written(asked, catalogue.restored(asked, fact.value)) if fact else ""


def _row(asked: Input, fact: Fact | None, request: Request, problems: dict[str, str]) -> dict[str, Any]:
    return {
        "asked": asked,
        "value": request.POST.get(asked.id, _written(asked, fact)),
        "fact": fact,
        "error": problems.get(asked.id, ""),
        "unit": assessing.form_unit(asked),
    }


def _history(request: Request, subject: Party, asked: list[Input]) -> list[assessing.Line]:
    found = scope(request.actor, "view", Fact.objects.filter(party=subject, name=asked[0].id))
    return assessing.lines(found.order_by("-year", "-entered_at")[:HISTORY])


@login_required
@require_POST
def confirm(request: Request, party: UUID) -> HttpResponse:
    """The enterprise stands for what others entered, of every year that waits."""
    subject = party_or_404(request.actor, party)
    require(request.actor, "confirm", Fact(party=subject))
    waiting = queries.facts_of(request.actor, subject).filter(confirmed_at__isnull=True)
    years = sorted(set(waiting.order_by().values_list("year", flat=True)))
    count = sum(confirm_facts(actor=request.actor, party=subject, year=year) for year in years)
    return done(request, _("已确认 %(count)s 项指标。") % {"count": count}, _home(party))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def certificates(request: Request, party: UUID) -> HttpResponse:
    """The statuses an enterprise holds, each with its steps, and the form to enter one."""
    subject = party_or_404(request.actor, party)
    given = {
        name: request.POST.get(name, "").strip() for name in ("status", "valid_from", "valid_to", "number", "issuer")
    }
    attempt = Attempt(Invalid)
    if request.method == "POST":
        with attempt:
            return _entered(request, subject, given)
    titles = assessing.titles()
    held = queries.certificates_of(request.actor, subject)
    context = common(request, subject) | {
        "rows": [
            {
                "certificate": each,
                "title": titles.get(each.status, each.status),
                "state": CERTIFICATE.state(each.state),
                "steps": CERTIFICATE.open_to(request.actor, each),
            }
            for each in held
        ],
        "statuses": [
            (each["pack"], titles[each["pack"]]) for each in queries.ladder_terms()["rungs"] if each["pack"] in titles
        ],
        "may_enter": bool(allows(request.actor, "record", Certificate(party=subject))),
        "given": given,
        "said": attempt.message,
        "problems": attempt.wrong,
    }
    return page(request, "assess/certificates", context, status=attempt.status)


def _entered(request: Request, subject: Party, given: dict[str, str]) -> HttpResponse:
    record_certificate(
        actor=request.actor,
        party=subject,
        status=given["status"],
        valid_from=_day(given["valid_from"]),
        valid_to=_day(given["valid_to"]),
        number=given["number"],
        issuer=given["issuer"],
    )
    return done(request, _("已登记，等管理部门核实。"), reverse("portal:certificates", args=(subject.pk,)))


def _day(written: str) -> dt.date:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise Invalid(_("请填写起止日期，写法如 2026-06-30。")) from None


@login_required
@require_POST
def advance(request: Request, party: UUID, identifier: UUID) -> HttpResponse:
    """One step of a certificate."""
    subject = party_or_404(request.actor, party)
    found = known_or_404(queries.certificates_of(request.actor, subject).filter(pk=identifier).first())
    moved = advance_certificate(actor=request.actor, certificate=found, **step_in(request))
    said = _("这项资质现在是“%(state)s”。") % {"state": CERTIFICATE.state(moved.state).label}
    return done(request, said, reverse("portal:certificates", args=(party,)))


def _home(party: UUID) -> str:
    return reverse("portal:assess-party", args=(party,)) + "#facts"
