"""Who stands in which relation to a record: said by the apps that know, asked by the declarations of access.

An app that keeps leads, panels or disclosures says which records they reach (:func:`relate`); an app below it, which
may not import it, grants access to whoever stands in that relation (:func:`related`).
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from rongtong.domain.foundation.actors import Actor


class Relation(StrEnum):
    """What somebody may be to a record."""

    COUNTERPARTY = "counterparty"
    PANEL = "panel"
    CONFIDANT = "confidant"


Reach = Callable[[Actor], QuerySet[Any, Any]]
"""Answers a queryset of one column: the keys of the records that an actor is related to now."""

_known: dict[Relation, list[Reach]] = {}


def relate(relation: Relation, reach: Reach) -> None:
    """Say which records ``relation`` reaches; several apps may add to one relation."""
    _known.setdefault(relation, []).append(reach)


def related(relation: Relation, actor: Actor) -> Q:
    """The condition that a record is one to which ``actor`` stands in ``relation``: nothing while nobody says so."""
    condition = Q(id__in=[])
    for reach in _known.get(relation, []):
        condition |= Q(id__in=reach(actor))
    return condition
