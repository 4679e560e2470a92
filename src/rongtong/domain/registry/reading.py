"""A record as somebody may read it: which of its fields, and for each the ground on which it is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from rongtong.domain.foundation.access import allows, grounds
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.access import in_force
from rongtong.domain.registry.declaration import Field, Values
from rongtong.domain.registry.models import DOCUMENTS, OWNER, Disclosure, Resource
from rongtong.domain.registry.states import LISTED

CONFIDANT = Words("所属单位同意向贵单位披露", "Its owner disclosed it to your organisation")


@dataclass(frozen=True)
class Reading:
    """The fields of ``record`` that its reader may read (name → ground); OWNER if they may know whose it is."""

    record: Resource
    fields: Mapping[str, Words]
    owners: bool = False
    """Whether the reader reads it as its owner (or the platform), who alone is told what is closed and to whom."""

    @cached_property
    def values(self) -> Values:
        """The readable values, in the order of the declaration."""
        return self.record.declaration.readable(self.record.values, self.fields)

    @property
    def body(self) -> str:
        """What the engine may read of the record on the reader's behalf."""
        return self.record.declaration.body(self.record.values, self.fields)

    @cached_property
    def withheld(self) -> tuple[Field, ...]:
        """The filled fields that are not for the reader: named, so that one knows what to ask for, never shown."""
        if self.record.visibility == Visibility.SEALED:
            return ()
        return tuple(
            f for f in self.record.declaration.fields if f.name in self.record.values and f.name not in self.fields
        )

    @property
    def owner(self) -> str:
        """Whose record it is, "" when the reader may not know."""
        if OWNER not in self.fields:
            return ""
        return self.record.owner.name if self.record.owner else self.record.holder

    @property
    def source(self) -> str:
        """Where the record comes from: often the owner's name, so it is told to those who may know that."""
        return self.record.source if OWNER in self.fields else ""

    @cached_property
    def private(self) -> Mapping[str, Words]:
        """What is shown here that not everybody may see: filled fields, with the ground. What :mod:`showing` notes.

        Everything is private of a record that is itself not public.
        """
        everyones = self.record.state in LISTED and self.record.visibility == Visibility.PUBLIC
        return {
            name: ground
            for name, ground in self.fields.items()
            if (name in self.values or name == OWNER)
            and not (everyones and self.record.class_of(name) == Visibility.PUBLIC)
        }


def read(actor: Actor, record: Resource) -> Reading:
    """``record`` as ``actor`` may read it; for a record they may view."""
    by_class = {
        each: verdict.ground
        for each in Visibility
        if (verdict := allows(actor, f"view_{each}_fields", record)) and verdict.ground
    }
    disclosed: set[str] = set()
    if actor.party and not record.sealed:
        disclosed = _disclosed(actor, [record.pk]).get(record.pk, set())
    return _reading(record, by_class, disclosed)


def read_many(actor: Actor, records: Iterable[Resource]) -> list[Reading]:
    """:func:`read` for many records, in a handful of queries whatever their number."""
    given = list(records)
    among = Resource.objects.filter(pk__in=[record.pk for record in given])
    by_class = {each: grounds(actor, f"view_{each}_fields", among) for each in Visibility}
    disclosed = _disclosed(actor, [record.pk for record in given if record.layered])
    return [
        _reading(
            record,
            {each: found[record.pk] for each, found in by_class.items() if record.pk in found},
            disclosed.get(record.pk, set()),
        )
        for record in given
    ]


def as_shown_to(record: Resource, classes: Iterable[Visibility]) -> Reading:
    """``record`` as somebody reads it to whom fields of ``classes`` are open: what the owner is shown beforehand."""
    return _reading(record, {each: each.label for each in classes if not record.sealed}, set())


def _reading(record: Resource, by_class: Mapping[Visibility, Words], disclosed: set[str]) -> Reading:
    names = [*(field.name for field in record.declaration.fields), OWNER]
    fields = {name: ground for name in names if (ground := by_class.get(record.class_of(name)))}
    if OWNER in disclosed:
        disclosed = disclosed | {record.declaration.columns.get("holder", OWNER)}
    for name in disclosed - {DOCUMENTS}:
        if record.class_of(name) != Visibility.SEALED:
            fields.setdefault(name, CONFIDANT)
    if DOCUMENTS in disclosed:
        fields[DOCUMENTS] = CONFIDANT
    return Reading(record, fields, Visibility.OWNER in by_class)


def _disclosed(actor: Actor, records: list[UUID]) -> dict[UUID, set[str]]:
    """The fields disclosed to the actor's party now, by record."""
    if actor.party is None or not records:
        return {}
    found: dict[UUID, set[str]] = {}
    rows = Disclosure.objects.filter(in_force(actor, "confidential"), record_id__in=records)
    for record, names in rows.values_list("record_id", "fields"):
        found.setdefault(record, set()).update(names)
    return found
