"""Every write of facts, assessments and certificates (runs stand in :mod:`runs`)."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rongtong.domain.assessments import catalogue
from rongtong.domain.assessments.knowledge import known_inputs
from rongtong.domain.assessments.models import Assessment, Certificate, Fact
from rongtong.domain.assessments.states import CERTIFICATE
from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Invalid, Problem
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.parties.models import Party
from rongtong.engines.rules.assess import assess
from rongtong.engines.rules.library import UnknownPack, shipped
from rongtong.engines.rules.values import Value, WrongValue

EARLIEST = 1990


@action("assessments.record_facts")
def record_facts(
    *, actor: Actor, party: Party, year: int, values: Mapping[str, object], source: str = ""
) -> list[Fact]:
    """Enter indicators of ``party`` for the reporting ``year``; ``values`` by input name, as people write them.

    What an enterprise enters itself it stands for; what staff enter waits for its confirmation. A value that is the
    same as before leaves what there is; None takes a value back. Raises Invalid with every problem, AccessDenied.
    """
    require(actor, "record", Fact(party=party))
    if not EARLIEST <= year <= timezone.localdate().year:
        raise Invalid(_("年度应在 %(least)s 年至今年之间。") % {"least": EARLIEST}, [Problem("year", _("年度不对。"))])
    read = _read(values)
    Party.objects.select_for_update().get(pk=party.pk)
    current = {fact.name: fact for fact in _current(party, year).filter(name__in=read)}
    written = [fact for name, value in read.items() if (fact := _put(actor, party, year, name, value, source, current))]
    Fact.objects.bulk_create(written)
    audit.record(actor, "assessments.record_facts", party, year=year, names=sorted(read), source=source)
    return written


def _read(values: Mapping[str, object]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    problems: list[Problem] = []
    for name, written in values.items():
        asked = catalogue.inputs().get(name)
        if asked is None:
            problems.append(Problem(name, _("没有“%(name)s”这项指标。") % {"name": name}))
            continue
        try:
            found[name] = catalogue.read(name, written)
        except WrongValue as wrong:
            problems.append(Problem(name, f"{asked.label}：{wrong.said.en if _english() else wrong.said.zh}"))
    if problems:
        raise Invalid(_("有 %(count)s 处需要修改，未保存。") % {"count": len(problems)}, problems)
    return found


def _put(
    actor: Actor, party: Party, year: int, name: str, value: Value, source: str, current: Mapping[str, Fact]
) -> Fact | None:
    """The new fact, when it says something new; the one it replaces is marked so."""
    kept, before = catalogue.kept(value), current.get(name)
    own = actor.party == party.pk
    if before and before.value == kept and (before.confirmed_at or not own):
        return None
    if before:
        before.replaced_at = timezone.now()
        before.save(update_fields=["replaced_at"])
    if kept is None:
        return None
    now = timezone.now()
    return Fact(
        party=party, name=name, year=year, value=kept, source=source.strip()[:200], entered_by=actor.name,
        confirmed_by=actor.name if own else "", confirmed_at=now if own else None,
    )  # fmt: skip


@action("assessments.confirm_facts")
def confirm_facts(*, actor: Actor, party: Party, year: int, names: Collection[str] | None = None) -> int:
    """The enterprise stands for what others entered of it for ``year`` (``names`` None: all); answers how many."""
    require(actor, "confirm", Fact(party=party))
    waiting = _current(party, year).filter(confirmed_at__isnull=True)
    if names is not None:
        waiting = waiting.filter(name__in=names)
    told = sorted(waiting.values_list("name", flat=True))
    waiting.update(confirmed_at=timezone.now(), confirmed_by=actor.name)
    audit.record(actor, "assessments.confirm_facts", party, year=year, names=told)
    return len(told)


def _current(party: Party, year: int) -> QuerySet[Fact]:
    return Fact.objects.filter(party=party, year=year, replaced_at__isnull=True)


@action("assessments.assess_party")
def assess_party(
    *, actor: Actor, party: Party, pack: str, as_of: dt.date | None = None, confirmed_only: bool = False
) -> Assessment:
    """What the pack in force on ``as_of`` (today) says of ``party``, kept with its inputs and the pack's digest.

    Of each indicator the latest year counts that is not after ``as_of``. Raises Invalid when there is no such pack.
    """
    day = as_of or timezone.localdate()
    assessment = Assessment(party=party, as_of=day, confirmed_only=confirmed_only, made_by=actor.name)
    require(actor, "make", assessment)
    try:
        rule = shipped().load(pack, day)
    except UnknownPack as unknown:
        raise Invalid(unknown.said.en if _english() else unknown.said.zh) from None
    inputs = known_inputs(party, rule, day, confirmed_only=confirmed_only)
    answer = assess(rule, {name: each.value for name, each in inputs.items()}, day)
    assessment.pack, assessment.family = rule.id, catalogue.family(rule)
    assessment.version, assessment.digest = rule.version.isoformat(), rule.digest
    assessment.inputs = {name: each.kept() for name, each in inputs.items()}
    assessment.result, assessment.outcome = answer.as_dict(), answer.outcome
    assessment.low, assessment.high = _score(answer.low), _score(answer.high)
    assessment.save(force_insert=True)
    audit.record(actor, "assessments.assess_party", assessment, pack=rule.id, outcome=answer.outcome)
    return assessment


@action("assessments.accept_assessment")
def accept_assessment(*, actor: Actor, assessment: Assessment) -> Assessment:
    """The enterprise has seen the result and stands for it: only then may those it agreed to read it."""
    locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
    require(actor, "accept", locked)
    if locked.accepted_at is None:
        locked.accepted_at, locked.accepted_by = timezone.now(), actor.name
        locked.save(update_fields=["accepted_at", "accepted_by"])
    audit.record(actor, "assessments.accept_assessment", locked, pack=locked.pack)
    return locked


def _score(found: Fraction | None) -> Decimal | None:
    return None if found is None else round(Decimal(found.numerator) / Decimal(found.denominator), 4)


@action("assessments.record_certificate")
def record_certificate(
    *,
    actor: Actor,
    party: Party,
    status: str,
    valid_from: dt.date,
    valid_to: dt.date,
    number: str = "",
    issuer: str = "",
    source: str = "",
) -> Certificate:
    """Enter a status that ``party`` holds (``status`` is the id of its rule pack) from–to, both inclusive.

    The same status from the same day again is answered as it is. Raises Invalid, AccessDenied.
    """
    certificate = Certificate(
        party=party, status=status, valid_from=valid_from, valid_to=valid_to, number=number.strip(),
        issuer=issuer.strip(), source=source.strip(), entered_by=actor.name,
    )  # fmt: skip
    require(actor, "record", certificate)
    problems = []
    if status not in {pack.id for pack in catalogue.packs()}:
        problems.append(Problem("status", _("没有“%(status)s”这种资质。") % {"status": status}))
    if valid_to < valid_from:
        problems.append(Problem("valid_to", _("结束日期早于开始日期。")))
    if problems:
        raise Invalid(_("有 %(count)s 处需要修改，未保存。") % {"count": len(problems)}, problems)
    Party.objects.select_for_update().get(pk=party.pk)
    known = Certificate.objects.filter(party=party, status=status, valid_from=valid_from).first()
    if known is None:
        certificate.save(force_insert=True)
    audit.record(actor, "assessments.record_certificate", known or certificate, status=status, again=known is not None)
    return known or certificate


@action("assessments.advance_certificate")
def advance_certificate(
    *, actor: Actor, certificate: Certificate, event: str, reason: str = "", seen_state: str | None = None
) -> Certificate:
    """Move a certificate along its life: verify, begin renewal, let it expire, revoke."""
    return advance(CERTIFICATE, certificate, event, actor=actor, reason=reason, seen_state=seen_state)


def _english() -> bool:
    return (get_language() or "").startswith("en")
