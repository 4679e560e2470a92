"""Which consents hold."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from rongtong.domain.parties.models import Consent


def in_force(purpose: str, on: dt.date | None = None) -> QuerySet[Consent]:
    """The consents to ``purpose`` that hold on a day (today by default)."""
    day = on or timezone.localdate()
    return Consent.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=day), purpose=purpose, starts__lte=day, withdrawn_at__isnull=True
    )
