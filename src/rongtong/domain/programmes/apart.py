"""Setter, solver, examiner (出题人/答题人/阅卷人): nobody is two of them on a topic, whichever seat they act in."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from rongtong.domain.foundation import clock
from rongtong.domain.parties.models import Account, Affiliation, Party
from rongtong.domain.parties.people import not_over
from rongtong.domain.programmes.models import Submission, Topic

TIES = ("employee", "legal_representative", "director", "supervisor", "shareholder", "part_of")
"""What binds a person (or a subsidiary) to an organisation closely enough to be on its side."""


BELONGS = ("employee", "legal_representative", "director", "supervisor", "part_of")
"""What makes somebody one of an organisation, so that they judge nothing of it."""


def sides_of(account: int | None, ties: Collection[str] = TIES) -> set[UUID]:
    """Every party on whose side the person behind an account stands today: acts for it, or is bound to it."""
    found = Account.objects.filter(pk=account).first() if account is not None else None
    if found is None:
        return set()
    acted = {party for party in not_over(found.grants.all()).values_list("party_id", flat=True) if party}
    return acted | ({found.person_id, *bound_to(found.person_id, ties)} if found.person_id else set())


def judges_own(account: int | None, submission: Submission) -> bool:
    """Whether who reviews a submission has come to belong to who hands it in, sets or examines it."""
    topic = submission.topic
    concerned = {str(submission.applicant_id), *map(str, submission.members), str(topic.setter_id)}
    return bool({str(pk) for pk in sides_of(account, BELONGS)} & (concerned | {str(pk) for pk in examiners_of(topic)}))


def bound_to(party: UUID, ties: Collection[str] = TIES) -> set[UUID]:
    """The organisations that a person or a subsidiary belongs to today."""
    today = clock.today()
    current = Q(ends__isnull=True) | Q(ends__gte=today), Q(starts__isnull=True) | Q(starts__lte=today)
    bound = Affiliation.objects.filter(*current, member=party, role__in=ties)
    return set(bound.values_list("organisation_id", flat=True))


def examiners_of(topic: Topic) -> set[UUID]:
    return set(topic.examiners.values_list("party_id", flat=True))


def setter_side(topic: Topic) -> set[UUID]:
    """The setter, what it is part of and what is part of it."""
    parts = Affiliation.objects.filter(organisation=topic.setter_id, role="part_of", ends__isnull=True)
    return {topic.setter_id, *bound_to(topic.setter_id), *parts.values_list("member_id", flat=True)}


def shared_people(one: UUID, other: UUID) -> list[Party]:
    """Persons who stand on the side of both parties today: one of them would hold two parts."""
    today = clock.today()
    current = Affiliation.objects.filter(Q(ends__isnull=True) | Q(ends__gte=today), role__in=TIES)
    of_other = current.filter(organisation=other).values("member_id")
    members = current.filter(organisation=one, member__in=of_other).values("member_id")
    return list(Party.objects.filter(pk__in=members, kind="person"))
