"""What an enterprise is, could be and lacks, until when; and one assessment with its reasons."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rongtong.domain.assessments import catalogue, queries
from rongtong.domain.assessments.actions import accept_assessment, assess_party
from rongtong.domain.assessments.models import Assessment, Fact
from rongtong.domain.foundation.access import allows, require
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.parties.models import Party
from rongtong.engines.rules import Pack
from rongtong.portal import assessing
from rongtong.portal.http import Request, done, known_or_404, own_party, page, paged
from rongtong.portal.icalendar import Event, answer, calendar
from rongtong.portal.templatetags.assessing import said

KEPT = 12


@login_required
@require_safe
def index(request: Request) -> HttpResponse:
    """One's own enterprise; for the bureau the list of enterprises; for other organisations what was shown to them."""
    actor = request.actor
    if _watches(actor):
        return _listing(request)
    own = own_party(actor)
    if own and own.organisation_type == "enterprise":
        return HttpResponseRedirect(reverse("portal:assess-party", args=(own.pk,)))
    return HttpResponseRedirect(reverse("portal:points" if own else "portal:rules"))


def _watches(actor: Actor) -> bool:
    return actor.staff or actor.is_any(Role.SUPERVISOR)


def _listing(request: Request) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "pack", "outcome")}
    parties = queries.enterprises(request.actor, asked["q"], asked["pack"], asked["outcome"])
    found = paged(request, parties)
    titles = assessing.titles()
    rungs = [(each["pack"], titles[each["pack"]]) for each in queries.ladder_terms()["rungs"] if each["pack"] in titles]
    context = {
        "page": found,
        "total": found.paginator.count,
        "rows": [
            _row(each, [pack for pack, _title in rungs]) for each in queries.standings(request.actor, list(found))
        ],
        "rungs": rungs,
        "given": asked,
        "outcomes": [(each, assessing.outcome_word(each)) for each in ("passed", "failed", "undetermined")],
        "due": queries.renewals_due(request.actor, KEPT),
        "may_run": request.actor.staff,
    }
    return page(request, "assess/list", context)


def _row(standing: queries.Standing, packs: list[str]) -> dict[str, Any]:
    made = [standing.assessments.get(pack) for pack in packs]
    cells = [
        (each, assessing.outcome_word(each.outcome), assessing.tone(each.outcome)) if each else None for each in made
    ]
    return {"party": standing.party, "cells": cells, "held": {each.status for each in standing.certificates}}


@login_required
@require_safe
def enterprise(request: Request, party: UUID) -> HttpResponse:
    """What am I, what could I be, what is missing, until when."""
    subject = party_or_404(request.actor, party)
    facts = assessing.known_now(request.actor, subject)
    rungs = queries.ladder(request.actor, subject)
    on_ladder = {rung.pack.id for rung in rungs}
    context = common(request, subject) | {
        "steps": assessing.steps(request.actor, rungs, facts),
        "held": [(rung.certificate, rung.pack.title) for rung in rungs if rung.certificate],
        "others": [each for each in _in_force() if each.id not in on_ladder],
        "renewals": queries.renewals(request.actor, subject),
        "lines": assessing.lines(facts),
        "waiting": [fact for fact in facts if fact.confirmed_at is None],
        "may_confirm": bool(allows(request.actor, "confirm", Fact(party=subject))),
        "year": timezone.localdate().year - 1,
    }
    return page(request, "assess/enterprise", context)


def _in_force() -> list[Pack]:
    today = timezone.localdate()
    return [each for each in catalogue.packs() if each.since <= today and (each.until is None or today <= each.until)]


@login_required
@require_POST
def assess_all(request: Request, party: UUID) -> HttpResponse:
    """Assess by every rung of the ladder."""
    subject = party_or_404(request.actor, party)
    for rung in queries.ladder(request.actor, subject):
        assess_party(actor=request.actor, party=subject, pack=rung.pack.id)
    return done(request, _("已按现有指标重新测评。"), reverse("portal:assess-party", args=(party,)))


@login_required
@require_POST
def make(request: Request, party: UUID, pack: str) -> HttpResponse:
    """Assess by one pack, and show it."""
    subject = party_or_404(request.actor, party)
    confirmed_only = "confirmed_only" in request.POST
    assess_party(actor=request.actor, party=subject, pack=pack, confirmed_only=confirmed_only)
    return done(request, _("已测评。"), reverse("portal:assessment", args=(party, pack)))


@login_required
@require_safe
def assessment(request: Request, party: UUID, pack: str) -> HttpResponse:
    """One assessment: the latest by this pack, or the one that the address names."""
    subject = party_or_404(request.actor, party)
    rule = pack_or_404(pack)
    made = queries.assessments_of(request.actor, subject).filter(pack=pack)
    kept = list(made.defer("inputs", "result")[:KEPT])
    shown = _chosen(request, made) if kept else None
    context = common(request, subject) | {"pack": rule, "kept": kept, "made": shown}
    if shown:
        context |= _explained(shown, rule) | {"may_accept": bool(allows(request.actor, "accept", shown))}
    return page(request, "assess/assessment", context)


def _chosen(request: Request, made: Any) -> Assessment:
    wanted = request.GET.get("kept", "")
    try:
        found: Assessment | None = made.filter(pk=UUID(wanted)).first() if wanted else made.first()
    except ValueError:
        raise Http404 from None
    if found is None:
        raise Http404
    return found


def _explained(made: Assessment, current: Pack) -> dict[str, Any]:
    """What the page tells of an assessment; its own version of the pack where that is still there."""
    pack = queries.pack_of(made) or current
    result = made.result
    return {
        "result": result,
        "word": assessing.outcome_word(made.outcome),
        "tone": assessing.tone(made.outcome),
        "because": assessing.because_word(result.get("because", "")),
        "bars": assessing.bars(pack, result),
        "missing": assessing.missing(pack, result.get("missing", ())),
        "inputs": [
            (pack.labels[name], _value(pack, name, each), each)
            for name, each in made.inputs.items()
            if name in pack.inputs
        ],
        "doubtful": assessing.doubtful(pack),
        "older": pack.version < current.version,
    }


def _value(pack: Pack, name: str, kept: dict[str, Any]) -> Any:
    return assessing.value_words(pack.inputs[name], kept["value"])


@login_required
@require_POST
def accept(request: Request, party: UUID, pack: str, identifier: UUID) -> HttpResponse:
    """The enterprise stands for a result."""
    made = _made_or_404(request, party, identifier)
    accept_assessment(actor=request.actor, assessment=made)
    return done(request, _("已确认这次结果。"), reverse("portal:assessment", args=(party, pack)))


@login_required
@require_POST
def recheck(request: Request, party: UUID, pack: str, identifier: UUID) -> HttpResponse:
    """Compute a kept assessment again from its own inputs and compare."""
    found = queries.recheck(_made_or_404(request, party, identifier))
    address = reverse("portal:assessment", args=(party, pack)) + f"?kept={identifier}"
    if found.same_pack and found.same_result:
        return done(request, _("复算核对：用当时的指标和同一版规则重新计算，结果完全一致。"), address)
    why = _("规则包的文本已与当时不同") if not found.same_pack else _("规则包未变，但结果与当时不同")
    messages.error(request, _("复算核对：%(why)s，请联系管理部门核实。") % {"why": why})
    return HttpResponseRedirect(address)


def _made_or_404(request: Request, party: UUID, identifier: UUID) -> Assessment:
    subject = party_or_404(request.actor, party)
    return known_or_404(queries.assessments_of(request.actor, subject).filter(pk=identifier).first())


@login_required
@require_safe
def renewals_file(request: Request, party: UUID) -> HttpResponse:
    """The renewal calendar for a calendar program (RFC 5545)."""
    subject = party_or_404(request.actor, party)
    events = [
        Event(
            str(each.certificate.pk),
            each.begin,
            _("准备复核：%(title)s（%(day)s 到期）") % {"title": said(each.title), "day": each.certificate.valid_to},
        )
        for each in queries.renewals(request.actor, subject)
    ]
    return answer(calendar("renewals", events), "renewals.ics")


def party_or_404(actor: Actor, identifier: UUID) -> Party:
    """A party whose facts ``actor`` may read; AccessDenied says why not."""
    found = known_or_404(Party.objects.filter(pk=identifier, kind="organisation").first())
    require(actor, "view", Fact(party=found))
    return found


def pack_or_404(name: str) -> Pack:
    """The pack of enterprises in force today, else its newest version."""
    versions = [pack for pack in catalogue.packs() if pack.id == name]
    if not versions:
        raise Http404
    today = timezone.localdate()
    return next((each for each in reversed(versions) if each.since <= today), versions[-1])


def common(request: Request, subject: Party) -> dict[str, Any]:
    """What every page of an enterprise knows: whose it is, and what one may do here."""
    english = (get_language() or "").startswith("en")
    return {
        "party": subject,
        "party_name": (subject.name_en or subject.name) if english else subject.name,
        "own": request.actor.party == subject.pk,
        "may_record": bool(allows(request.actor, "record", Fact(party=subject))),
    }
