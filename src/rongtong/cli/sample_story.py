"""Who acts in the challenges of the sample region, and what one topic of the file has so far."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from rongtong.domain.foundation.actors import Actor, Role, system_actor
from rongtong.domain.parties.actions import create_account, grant_role
from rongtong.domain.parties.models import Account, Party, RoleGrant
from rongtong.domain.parties.queries import actor_for, actor_of
from rongtong.domain.programmes.models import (
    Project,
    Submission,
    Topic,
)

PLATFORM = system_actor("示例地区装入")
ACTING = (Role.MEMBER, Role.MANAGER, Role.ADMINISTRATOR)


@dataclass
class Story:
    """One topic of the file as it is played: who acts, what there is already."""

    told: dict[str, Any]
    common: dict[str, Any]
    parties: Mapping[str, Party]
    officers: Sequence[Actor]
    experts: Sequence[Actor]
    start: dt.datetime
    topic: Topic = field(init=False)

    def at(self, day: float) -> dt.datetime:
        return self.start + dt.timedelta(days=day)

    def of(self, key: str) -> Actor:
        """Somebody who acts for an organisation: its persona, else one that is made for the story."""
        party = self.parties[key]
        held = RoleGrant.objects.filter(party=party, role__in=ACTING, ended_at=None).order_by("pk").first()
        return actor_for(held.account if held else _make(f"{party.name}经办人", Role.MEMBER, party), party.pk)

    @property
    def officer(self) -> Actor:
        return self.officers[0]

    @property
    def witness(self) -> Actor:
        return self.officers[1]

    def leader(self, project: Project) -> Actor:
        """Who acts for the team of a project."""
        return self.of(next(key for key, party in self.parties.items() if party.pk == project.leader_id))

    def bids(self) -> list[Submission]:
        """The submissions of the topic in the order of the file."""
        found = {each.applicant_id: each for each in Submission.objects.filter(topic=self.topic)}
        return [found[self.parties[each["by"]].pk] for each in self.told["bids"]]


def officers_of(common: Mapping[str, Any], parties: Mapping[str, Party]) -> list[Actor]:
    """The officers of the bureau who keep the boxes; personas among them act as themselves."""
    return [_acting(parties[key], Role.OFFICER, parties["bureau"]) for key in common["custodians"]]


def experts_of(common: Mapping[str, Any], parties: Mapping[str, Party]) -> list[Actor]:
    return [_acting(parties[key], Role.EXPERT, None) for key in common["experts"]]


def _acting(person: Party, role: Role, party: Party | None) -> Actor:
    """Somebody with an account of their own; whoever is no persona gets one that nobody can sign in with."""
    known = Account.objects.filter(person=person).first()
    return actor_of(known or _make(person.name, role, party, person))


def _make(name: str, role: Role, party: Party | None, person: Party | None = None) -> Account:
    key = (person or party).external_id  # type: ignore[union-attr]  # one of both is given
    account = create_account(actor=PLATFORM, username=f"sample-{key}", display_name=name, password=None, person=person)
    region = "" if role == Role.MEMBER else settings.ENVIRONMENT.region
    grant_role(actor=PLATFORM, account=account, role=role, party=party, region=region)
    return account
