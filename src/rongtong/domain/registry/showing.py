"""What leaves the house of records that are not for everybody leaves an event first: to whom, which fields, why."""

from collections.abc import Collection, Iterable
from typing import Any

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import grounds
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.reading import Reading, read_many
from rongtong.domain.registry.states import LISTED

TITLE = "title"
Row = tuple[Resource, list[str], str]


def note_readings(actor: Actor, channel: str, readings: Iterable[Reading], only: Collection[str] | None = None) -> None:
    """Note that records were shown in full, or their fields ``only``. Raises TryLater when that cannot be noted now."""
    given = list(readings)
    rows = [row for reading in given for row in _by_ground(reading, only)]
    audit.shown(actor, channel, [*_titles(actor, [reading.record for reading in given]), *rows])


def note_rows(actor: Actor, channel: str, records: Iterable[Resource], fields: Collection[str] = ()) -> None:
    """Note the rows of a list: the titles, and of ``fields`` the filled ones, of records that are not public."""
    closed = [record for record in records if not _everyones(record)]
    if closed:
        note_readings(actor, channel, read_many(actor, closed), only=fields)


def note_answers(actor: Actor, channel: str, records: Iterable[Resource]) -> None:
    """Note records that the engine compared: the fields it reads, because its reasons quote them."""
    readings = read_many(actor, records)
    names = {field.name for reading in readings for field in reading.record.declaration.fields if field.search}
    measured = {f.name for r in readings for f in r.record.declaration.fields if f.type.name == "measures"}
    note_readings(actor, channel, readings, only=names | measured)


def note_export(actor: Actor, kind: str, form: str, filters: dict[str, Any], records: int) -> None:
    """Note that a list left as a sheet; what in it is not public is noted record by record as it is written."""
    audit.note(
        actor,
        "registry.export_records",
        (Resource._meta.label_lower, ""),
        stream=audit.PROVISION,
        kind=kind,
        form=form,
        filters=filters,
        records=records,
    )


def _everyones(record: Resource) -> bool:
    return record.state in LISTED and record.visibility == Visibility.PUBLIC


def _titles(actor: Actor, records: Iterable[Resource]) -> list[Row]:
    """The title is as little for everybody as the record is; the ground is that on which one may view it."""
    closed = [record for record in records if not _everyones(record)]
    if not closed:
        return []
    viewed = grounds(actor, "view", Resource.objects.filter(pk__in=[record.pk for record in closed]))
    return [(record, [TITLE], viewed[record.pk].zh) for record in closed if record.pk in viewed]


def _by_ground(reading: Reading, only: Collection[str] | None) -> list[Row]:
    found: dict[str, list[str]] = {}
    for name, ground in reading.private.items():
        if only is None or name in only:
            found.setdefault(ground.zh, []).append(name)
    return [(reading.record, names, ground) for ground, names in found.items()]
