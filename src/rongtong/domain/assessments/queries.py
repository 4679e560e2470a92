"""What an enterprise is, could be and lacks, until when; what a region's enterprises come to."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from rongtong.domain.assessments import catalogue
from rongtong.domain.assessments.access import POINTS
from rongtong.domain.assessments.models import Assessment, Certificate, Fact, Run
from rongtong.domain.assessments.states import HELD
from rongtong.domain.foundation.access import scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.parties.consent.queries import in_force
from rongtong.domain.parties.models import Party
from rongtong.engines import rules
from rongtong.engines.rules.pack import Pack


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
    title: str
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
    held = scope(actor, "view", Certificate.objects.select_related("party").filter(state__in=HELD))
    if party is not None:
        held = held.filter(party=party)
    titles = {pack.id: str(pack.title) for pack in catalogue.packs()}
    return [
        Renewal(each, titles.get(each.status, each.status), months_before(each.valid_to, _renewal_months()))
        for each in held.order_by("valid_to")
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
