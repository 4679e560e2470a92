"""What an account can see and do, and why: read from the very declarations that decide it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Model, Q

from rongtong.domain.foundation.access import EVERYTHING, Grant, declared, reachable, scope
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models import Account, RoleGrant
from rongtong.domain.parties.seats import Seat, seats

READING = "view"


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing that may be done to records of a kind, and on which grounds."""

    name: str
    grounds: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """How many records one sees on a ground that a visitor has not; None where counting would itself tell something."""

    ground: Words
    count: int | None


@dataclass(frozen=True, slots=True)
class KindStanding:
    """What somebody may do to one kind of record (``label`` of its model), and how far they see beyond the public."""

    label: str
    abilities: tuple[Ability, ...]
    reach: tuple[Reach, ...]


def visible_seats(viewer: Actor, account: Account) -> list[Seat]:
    """The seats of ``account`` that ``viewer`` may know of: all of one's own, else those with a role they may view."""
    found = seats(account)
    if viewer.account == account.pk:
        return found
    known = set(scope(viewer, "view", RoleGrant.objects.filter(account=account)).values_list("pk", flat=True))
    return [seat for seat in found if any(grant.pk in known for grant in seat.grants)]


def standing(actor: Actor, counted: frozenset[str]) -> list[KindStanding]:
    """Everything that ``actor`` may do, by kind; kinds of which they may do nothing are left out.

    ``counted`` are the labels of the models whose records may be counted: without what every visitor sees, and without
    what is sealed.
    """
    found = [_of_kind(actor, model, actions, counted) for model, actions in declared().items()]
    return [kind for kind in found if kind.abilities]


def _of_kind(
    actor: Actor, model: type[Model], actions: Mapping[str, tuple[Grant, ...]], counted: frozenset[str]
) -> KindStanding:
    abilities = [Ability(name, _grounds(actor, grants)) for name, grants in actions.items()]
    label = model._meta.label_lower
    reach = _reach(actor, model, actions.get(READING, ()), label in counted)
    return KindStanding(label, tuple(ability for ability in abilities if ability.grounds), reach)


def _grounds(actor: Actor, grants: tuple[Grant, ...]) -> tuple[Words, ...]:
    return tuple(dict.fromkeys(grant.because for grant in grants if grant.whom(actor)))


def _reach(actor: Actor, model: type[Model], grants: tuple[Grant, ...], counting: bool) -> tuple[Reach, ...]:
    beyond = [grant for grant in grants if grant.whom(actor) and not grant.whom(VISITOR)]
    return tuple(Reach(grant.because, _count(model, grant.where(actor)) if counting else None) for grant in beyond)


def _count(model: type[Model], where: Q) -> int:
    records = model._default_manager.filter(where)
    public = reachable(VISITOR, READING, model)
    if public == EVERYTHING:
        return 0
    if public is not None:
        records = records.exclude(public)
    if any(column.name == "visibility" for column in model._meta.fields):
        records = records.exclude(visibility=Visibility.SEALED)
    return records.count()
