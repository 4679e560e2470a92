"""Reads for the pages of personal data: whose they are, what is held, what was asked."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from rongtong.domain.foundation.access import find_one, scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.parties.models import Account, Consent, Party, PersonalRequest
from rongtong.domain.parties.personal.parts import Part, parts

ANSWER_WITHIN = dt.timedelta(days=30)
"""So long a request may wait (GB/T 35273—2020, 8.7)."""


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of thing that is held of a person, and how many of it there are."""

    part: Part
    count: int

    @property
    def goes(self) -> bool:
        """Whether it is erased on request, rather than kept by law."""
        return self.part.erase is not None


def person_of(actor: Actor) -> Party | None:
    """The person behind an account, in whichever seat they act; None for a visitor and for an account of nobody."""
    account = Account.objects.select_related("person").filter(pk=actor.account or 0).first()
    return account.person if account else None


def held(person: Party) -> list[Held]:
    """Everything held of ``person``, part by part, with counts."""
    accounts = list(Account.objects.filter(person=person))
    return [Held(part, part.number(person, accounts)) for part in parts()]


def consents_of(actor: Actor) -> QuerySet[Consent]:
    """What the person behind ``actor`` agreed to, latest first."""
    person = person_of(actor)
    return scope(actor, "view", Consent.objects.filter(subject=person).select_related("recipient"))


def requests_of(actor: Actor) -> QuerySet[PersonalRequest]:
    """What the person behind ``actor`` asked about their data, latest first."""
    return scope(actor, "view", PersonalRequest.objects.filter(person=person_of(actor)))


def to_answer(actor: Actor) -> QuerySet[PersonalRequest]:
    """The requests that ``actor`` decides, those that wait longest first."""
    return scope(actor, "decide", PersonalRequest.objects.select_related("person")).order_by("created_at")


def request_to_answer(actor: Actor, pk: UUID) -> PersonalRequest:
    """One request that ``actor`` decides; PersonalRequest.DoesNotExist alike when there is none."""
    return find_one(actor, "decide", PersonalRequest.objects.select_related("person"), pk)
