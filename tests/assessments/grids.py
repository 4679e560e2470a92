"""Facts, assessments, certificates and runs in every combination of the columns that their rights look at."""

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import product
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from rongtong.domain.assessments.access import POINTS
from rongtong.domain.assessments.models import Assessment, Certificate, Fact, Run
from rongtong.domain.assessments.states import CERTIFICATE, RUN

TODAY = dt.date(2026, 3, 2)
Grids = dict[type[Model], Callable[[], Sequence[Model]]]


def assessment_grids(parties: Sequence[UUID]) -> Grids:
    """The grid of each model."""

    def facts() -> list[Model]:
        return [Fact(party_id=party, name="staff", year=2025, value=1, entered_by="某人") for party in parties]

    def assessments() -> list[Model]:
        columns = product(parties, (POINTS, "cn.tech-sme"), (True, False), (None, timezone.now()))
        return [
            Assessment(
                party_id=party, pack=family, family=family, version="-", digest="-", as_of=TODAY, outcome="passed",
                confirmed_only=confirmed, accepted_at=accepted, made_by="某人",
            )
            for party, family, confirmed, accepted in columns
        ]  # fmt: skip

    def certificates() -> list[Model]:
        return [
            Certificate(
                party_id=party, status="cn.tech-sme", valid_from=TODAY + dt.timedelta(days=day), entered_by="某人",
                valid_to=TODAY + dt.timedelta(days=900), state=state.key,
            )
            for party, (day, state) in product(parties, enumerate(CERTIFICATE.states))
        ]  # fmt: skip

    def runs() -> list[Model]:
        regions = ("", "330100", "110000")
        return [
            Run(pack="cn.tech-sme", as_of=TODAY, asked_by="某人", region=region, state=state.key)
            for region, state in product(regions, RUN.states)
        ]

    return {Fact: facts, Assessment: assessments, Certificate: certificates, Run: runs}
