"""Records of people: which they are, whose they are, and which the platform may not propose by itself.

Whoever is judged by a machine may refuse (Personal Information Protection Law, art. 24): a record that belongs to a
person is proposed only while that person agrees; the record of a person that an organisation keeps is not proposed once
that person has refused. Both hold from the next question on, whatever the index holds; the register shows them still.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Problem
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.parties.consent.queries import in_force
from rongtong.domain.parties.models import Affiliation, Consent, Party
from rongtong.domain.parties.personal.queries import person_of
from rongtong.domain.registry.kinds import all_kinds
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.states import LISTED

PURPOSE = "profile_matching"
"""What a person agrees to when the platform may propose them by their profile."""
LISTING = "expert_listing"
"""What a person agrees to when their profile may stand among the experts in public."""
_AGREES = "consent"


def person_kinds() -> list[str]:
    """The kinds of record that describe a person, whoever owns them."""
    return [kind.key for kind in all_kinds().values() if kind.group == "expert"]


def is_personal(record: Resource) -> bool:
    """Whether a record describes a person or belongs to one."""
    return record.kind in person_kinds() or (record.owner is not None and record.owner.kind == "person")


def personal() -> QuerySet[Resource]:
    """Every listed record that describes a person or belongs to one."""
    return Resource.objects.filter(Q(kind__in=person_kinds()) | Q(owner__kind="person"), state__in=LISTED)


def records_of(person: Party) -> QuerySet[Resource]:
    """The records of ``person``: their own, and those in which their organisation describes them.

    An ORCID alone is no proof, since everybody writes their own: the organisation has to be one they stand in.
    """
    mine = Q(owner=person)
    if person.orcid:
        organisations = Affiliation.objects.filter(member=person).values("organisation")
        mine |= Q(kind__in=person_kinds(), values__orcid=person.orcid, owner__in=organisations)
    return Resource.objects.filter(mine)


def namesakes(person: Party) -> QuerySet[Resource]:
    """Records that bear the name of ``person`` and are not known to be theirs: for a human to look at."""
    own = records_of(person).values("pk")
    return Resource.objects.filter(kind__in=person_kinds(), title=person.name).exclude(pk__in=own)


def records_of_actor(actor: Actor) -> QuerySet[Resource]:
    """The records of the person behind ``actor``, in whichever seat they act."""
    person = person_of(actor)
    return records_of(person) if person else Resource.objects.none()


def concerns(actor: Actor, record: Resource) -> bool:
    """Whether ``record`` is that of the person behind ``actor``."""
    return is_personal(record) and records_of_actor(actor).filter(pk=record.pk).exists()


def word_of(person: Party, purpose: str = PURPOSE) -> str:
    """What ``person`` says of being proposed by the platform, or of another purpose of its own, today: "agrees",
    "refuses", or "" for nothing yet."""
    if in_force(purpose).filter(subject=person, recipient=None).exists():
        return "agrees"
    said = Consent.objects.filter(subject=person, purpose=purpose, recipient=None)
    return "refuses" if said.exists() else ""


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Who agreed once to be listed in public and took it back: persons, and by ORCID and house who describes them."""

    people: frozenset[UUID] = frozenset()
    described: frozenset[tuple[str, UUID]] = frozenset()

    def holds(self, record: Resource) -> bool:
        """Whether ``record`` describes one of them."""
        described = (str(record.values.get("orcid") or ""), record.owner_id)
        return record.kind in person_kinds() and (record.owner_id in self.people or described in self.described)


def unlisted(owners: Collection[UUID], orcids: Collection[str]) -> Unlisted:
    """Those of them whom profiles of ``owners`` with one of ``orcids`` may describe, in one query."""
    told = Consent.objects.filter(purpose=LISTING, recipient=None).values("subject")
    listed = in_force(LISTING).filter(recipient=None).values("subject")
    people = Party.objects.filter(kind="person", pk__in=told).exclude(pk__in=listed)
    theirs = Q(pk__in=owners) | Q(orcid__in=[each for each in orcids if each], affiliations__organisation__in=owners)
    rows = list(people.filter(theirs).values_list("pk", "orcid", "affiliations__organisation"))
    described = {(orcid, house) for _pk, orcid, house in rows if orcid and house}
    return Unlisted(frozenset(pk for pk, _orcid, _house in rows), frozenset(described))


def refuses_listing(record: Resource) -> bool:
    """Whether the person whom ``record`` describes agreed once to be listed in public, and has taken it back."""
    if record.kind not in person_kinds() or record.owner_id is None:
        return False
    return unlisted([record.owner_id], [str(record.values.get("orcid") or "")]).holds(record)


def listing_problems(record: Resource, known: Unlisted | None = None) -> list[Problem]:
    """What is wrong with showing a profile to everybody: that its person has taken their consent back.

    ``known`` where it was asked for many records at once.
    """
    if record.visibility != Visibility.PUBLIC or not (known.holds(record) if known else refuses_listing(record)):
        return []
    return [Problem("visibility", _("本人撤回了公开资料的同意，不能设为公开。本人重新同意后可以公开。"))]


def not_proposed() -> QuerySet[Resource]:
    """The listed records that no match, suggestion or blind search may propose."""
    agreeing = in_force(PURPOSE).filter(recipient=None).values("subject")
    owned = Resource.objects.filter(owner__kind="person").exclude(owner__in=agreeing).values("pk")
    unasked = Q(kind__in=person_kinds(), **{f"values__{_AGREES}": False})
    described = _described_by_others(_refusing()).values("pk")
    return Resource.objects.filter(Q(pk__in=owned) | Q(pk__in=described) | unasked, state__in=LISTED)


def _refusing() -> QuerySet[Party]:
    """Who agreed once, and has taken it back."""
    agreeing = in_force(PURPOSE).filter(recipient=None).values("subject")
    said = Consent.objects.filter(purpose=PURPOSE, recipient=None).values("subject")
    return Party.objects.filter(kind="person", pk__in=said).exclude(pk__in=agreeing).exclude(orcid="")


def _described_by_others(people: QuerySet[Party]) -> QuerySet[Resource]:
    """The records in which an organisation describes one of its own ``people``."""
    return Resource.objects.filter(
        kind__in=person_kinds(),
        owner__members__member__in=people,
        owner__members__member__orcid=KeyTextTransform("orcid", "values"),
    )
