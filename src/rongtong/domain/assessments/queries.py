"""What an enterprise is, could be and lacks, until when; what a region's enterprises come to."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from rongtong.domain.assessments import catalogue
from rongtong.domain.assessments.access import POINTS
from rongtong.domain.assessments.models import Assessment, Certificate, Fact, Run
from rongtong.domain.assessments.states import HELD
from rongtong.domain.foundation.access import require, scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.models import ProvisionEvent
from rongtong.domain.parties.consent.queries import in_force
from rongtong.domain.parties.models import Party
from rongtong.engines import rules
from rongtong.engines.rules.pack import Pack
from rongtong.engines.rules.words import Text


@dataclass(frozen=True, slots=True)
class Rung:
    """One status of the ladder: its pack as in force, the certificate held, the latest assessment."""

    pack: Pack
    years: int
    certificate: Certificate | None
    assessment: Assessment | None


@dataclass(frozen=True, slots=True)
class Renewal:
    """When a certificate ends, and from when its renewal should be prepared."""

    certificate: Certificate
    title: Text
    begin: dt.date

    @property
    def due(self) -> bool:
        return self.begin <= timezone.localdate()


@cache
def ladder_terms() -> dict[str, Any]:
    """The rungs and the months before renewal, as ``packs/assessments/ladder.yaml`` has them."""
    found: dict[str, Any] = yaml.safe_load(
        (files("rongtong") / "packs" / "assessments" / "ladder.yaml").read_text("utf-8")
    )
    return found


def ladder(actor: Actor, party: Party, on: dt.date | None = None) -> list[Rung]:
    """Every rung as in force on a day, with what ``actor`` may see of the party's standing on it."""
    day = on or timezone.localdate()
    packs = [(each, _in_force(each["pack"], day)) for each in ladder_terms()["rungs"]]
    held = {each.status: each for each in certificates_of(actor, party).filter(valid_to__gte=day, state__in=HELD)}
    latest = {each.pack: each for each in latest_assessments(actor, party)}
    return [Rung(pack, each["years"], held.get(pack.id), latest.get(pack.id)) for each, pack in packs if pack]


def _in_force(pack: str, day: dt.date) -> Pack | None:
    try:
        return rules.shipped().load(pack, day)
    except rules.UnknownPack:
        return None


def certificates_of(actor: Actor, party: Party) -> QuerySet[Certificate]:
    """The statuses of a party that ``actor`` may see, the next to end first."""
    return scope(actor, "view", Certificate.objects.filter(party=party)).order_by("valid_to")


def facts_of(actor: Actor, party: Party) -> QuerySet[Fact]:
    """What is known of a party now, latest year first within each indicator."""
    return scope(actor, "view", Fact.objects.filter(party=party, replaced_at__isnull=True)).order_by("name", "-year")


def assessments_of(actor: Actor, party: Party) -> QuerySet[Assessment]:
    """The assessments of a party that ``actor`` may see, latest first."""
    return scope(actor, "view", Assessment.objects.filter(party=party))


def latest_assessments(actor: Actor, party: Party) -> QuerySet[Assessment]:
    """Of each pack the latest assessment."""
    newest = Assessment.objects.filter(party=party, pack=OuterRef("pack")).order_by("-made_at", "-id").values("id")[:1]
    return assessments_of(actor, party).filter(id=Subquery(newest))


def renewals(actor: Actor, party: Party | None = None) -> list[Renewal]:
    """What ends when, the next first: of one party, or of all whose certificates ``actor`` may see."""
    held = _held(actor)
    return _as_renewals(held if party is None else held.filter(party=party))


def renewals_due(actor: Actor, most: int) -> list[Renewal]:
    """The first of those whose renewal should be prepared by now; the others stay in the database."""
    # A month has 31 days at most: everything that is due lies before this day, and little else.
    before = timezone.localdate() + dt.timedelta(days=31 * (_renewal_months() + 1))
    return [each for each in _as_renewals(_held(actor).filter(valid_to__lte=before)[:most]) if each.due]


def _held(actor: Actor) -> QuerySet[Certificate]:
    """The certificates that hold and that ``actor`` may see, the next to end first."""
    held = scope(actor, "view", Certificate.objects.select_related("party").filter(state__in=HELD))
    return held.order_by("valid_to")


def _as_renewals(held: QuerySet[Certificate]) -> list[Renewal]:
    titles = {pack.id: pack.title for pack in catalogue.packs()}
    return [
        Renewal(
            each,
            titles.get(each.status, Text(each.status, each.status)),
            months_before(each.valid_to, _renewal_months()),
        )
        for each in held
    ]


def _renewal_months() -> int:
    return int(ladder_terms()["renewal_months_before"])


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier, or the last day of that month."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


def overdue_certificates(on: dt.date | None = None) -> QuerySet[Certificate]:
    """Certificates whose last day has passed and that do not say so yet. For the worker."""
    return Certificate.objects.filter(state__in=("entered", *HELD), valid_to__lt=on or timezone.localdate())


def runs_of(actor: Actor) -> QuerySet[Run]:
    """The runs that ``actor`` may see, latest first."""
    return scope(actor, "view", Run.objects.all())


def waiting_runs() -> QuerySet[Run]:
    """The runs that are not finished. For the worker."""
    return Run.objects.filter(state__in=("queued", "running"))


def points_shown_to(actor: Actor) -> QuerySet[Assessment]:
    """The innovation points that enterprises agreed to show to the actor's party: of each the latest it accepted."""
    agreed = in_force("innovation_points").filter(recipient_id=actor.party or None).values("subject_id")
    newest = (
        Assessment.objects.filter(
            party=OuterRef("party"), family=POINTS, confirmed_only=True, accepted_at__isnull=False
        )
        .order_by("-accepted_at", "-id")
        .values("id")[:1]
    )
    shown = scope(actor, "view", Assessment.objects.select_related("party").filter(family=POINTS))
    return shown.filter(party_id__in=agreed, id=Subquery(newest)).order_by("party__name")


@dataclass(frozen=True, slots=True)
class Standing:
    """An enterprise in a list: of each rung the latest assessment, and the statuses it holds."""

    party: Party
    assessments: dict[str, Assessment]
    certificates: list[Certificate]


def enterprises(actor: Actor, words: str = "", pack: str = "", outcome: str = "") -> QuerySet[Party]:
    """The enterprises whose facts ``actor`` may read, by name; with ``pack`` those whose latest outcome is so."""
    found = scope(actor, "view", Party.objects.filter(organisation_type="enterprise", state="active"))
    if not actor.staff:
        found = found.filter(id__in=scope(actor, "view", Fact.objects.all()).values("party_id"))
    if actor.region:
        found = found.filter(Q(region="") | Q(region__startswith=actor.region_prefix))
    if words:
        found = found.filter(Q(name__icontains=words) | Q(uscc=words))
    if pack and outcome:
        found = found.filter(id__in=_newest(pack).filter(outcome=outcome).values("party_id"))
    return found.order_by("name", "id")


def _newest(pack: str) -> QuerySet[Assessment]:
    """The latest assessment of every party by one pack."""
    newest = Assessment.objects.filter(party=OuterRef("party"), pack=pack).order_by("-made_at", "-id").values("id")[:1]
    return Assessment.objects.filter(pack=pack, id=Subquery(newest))


def standings(actor: Actor, parties: Sequence[Party]) -> list[Standing]:
    """How each of some enterprises stands, in two queries."""
    newest = Assessment.objects.filter(party=OuterRef("party"), pack=OuterRef("pack")).order_by("-made_at", "-id")
    latest = scope(actor, "view", Assessment.objects.filter(party__in=parties, id=Subquery(newest.values("id")[:1])))
    made: dict[Any, dict[str, Assessment]] = {}
    for each in latest.defer("result", "inputs"):
        made.setdefault(each.party_id, {})[each.pack] = each
    held: dict[Any, list[Certificate]] = {}
    for certificate in scope(actor, "view", Certificate.objects.filter(party__in=parties, state__in=HELD)):
        held.setdefault(certificate.party_id, []).append(certificate)
    return [Standing(party, made.get(party.pk, {}), held.get(party.pk, [])) for party in parties]


def pack_of(assessment: Assessment) -> Pack | None:
    """The version of the pack that an assessment was made with, None when it is no longer shipped."""
    try:
        return rules.shipped().load(f"{assessment.pack}@{assessment.version}", assessment.as_of)
    except rules.UnknownPack:
        return None


@dataclass(frozen=True, slots=True)
class Recheck:
    """What came of computing a kept assessment again: whether the pack's text and the result are the same."""

    same_pack: bool
    same_result: bool


def recheck(assessment: Assessment) -> Recheck:
    """Compute ``assessment`` again from the inputs, the version and the day it keeps."""
    pack = pack_of(assessment)
    if pack is None:
        return Recheck(same_pack=False, same_result=False)
    kept = {name: each["value"] for name, each in assessment.inputs.items() if name in pack.inputs}
    values = {name: catalogue.restored(pack.inputs[name], value) for name, value in kept.items()}
    again = json.loads(json.dumps(rules.assess(pack, values, assessment.as_of).as_dict()))
    return Recheck(same_pack=pack.digest == assessment.digest, same_result=again == assessment.result)


def changed_since(actor: Actor, party: Party, moment: dt.datetime) -> bool:
    """Whether what is known of ``party`` has changed since: then its assessments are of before."""
    return scope(actor, "view", Fact.objects.filter(party=party)).filter(
        Q(entered_at__gt=moment) | Q(replaced_at__gt=moment)
    ).exists()  # fmt: skip


def who_looked(actor: Actor, party: Party, most: int = 20) -> list[ProvisionEvent]:
    """To whom the assessments of ``party`` were shown, the last first; for those who may read its facts."""
    require(actor, "view", Fact(party=party))
    shown = [str(key) for key in Assessment.objects.filter(party=party).values_list("pk", flat=True)]
    found = ProvisionEvent.objects.filter(entity_kind=Assessment._meta.label_lower, entity_id__in=shown)
    return list(found.order_by("-seq")[:most])
