"""What each row of an import would change: which record it is, whether it may be written, what it would become."""

import copy
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal
from uuid import UUID

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from rongtong.domain.foundation.access import Verdict, allows
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Problem
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.parties.models import Party
from rongtong.domain.registry import layers
from rongtong.domain.registry.actions import fingerprint
from rongtong.domain.registry.declaration import Kind
from rongtong.domain.registry.exchange import columns as sheet
from rongtong.domain.registry.exchange.rows import Incoming
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.persons import Unlisted, listing_problems, person_kinds, unlisted
from rongtong.domain.registry.reading import read_many
from rongtong.domain.registry.states import LIFE

BATCH = 500
_HAS_EXTERNAL = RawSQL("NOT (external_id = '')", (), output_field=BooleanField())
"""The condition of the unique index on external ids, word for word: with a parameter in it, as ``~Q(external_id="")``
is sent, SQLite does not see that the index serves, and each batch reads every record of the kind."""
Change = Literal["created", "updated", "unchanged", "refused"]


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a file comes in: who brings it, from which source, for whom, published at once or as drafts."""

    actor: Actor
    kind: Kind
    source: str
    owner: Party | None = None
    published: bool = False
    lock: bool = False
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def may_create(self, record: Resource) -> Verdict:
        """Whether the file may add ``record``; asked once for each visibility, in which alone new ones differ."""
        if record.visibility not in self.verdicts:
            action = "create_published" if self.published else "create"
            self.verdicts[record.visibility] = allows(self.actor, action, record)
        return self.verdicts[record.visibility]


@dataclass(slots=True)
class Planned:
    """What is to become of one row; ``record`` carries the new content, ``changed`` the names of what is new."""

    incoming: Incoming
    change: Change
    record: Resource | None = None
    changed: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def plan_rows(rows: Iterable[Incoming], terms: Terms) -> Iterator[list[Planned]]:
    """The plan for ``rows``, batch by batch; memory is one batch and the ids that were met."""
    seen: dict[str, int] = {}
    for batch in _batches(rows):
        known = _known(batch, terms)
        readable = {reading.record.pk: reading.fields for reading in read_many(terms.actor, known.values())}
        about = _About(known, readable, _unlisted(batch, known.values(), terms))
        yield [_plan(incoming, about, seen, terms) for incoming in batch]


def _batches(rows: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    stream = iter(rows)
    while batch := list(islice(stream, BATCH)):
        yield batch


def _known(batch: Sequence[Incoming], terms: Terms) -> dict[str, Resource]:
    """The records of the register that the rows of a batch mean, by their id and by their external id.

    An external id means a record of the same owner: whether others have used the number is for bureau staff alone.
    """
    records = Resource.objects.filter(kind=terms.kind.key).order_by()
    if terms.lock:
        records = records.select_for_update()
    ids = [UUID(row.record) for row in batch if _is_uuid(row.record)]
    external = [row.external_id for row in batch if row.external_id and not row.record]
    numbered = records.filter(_HAS_EXTERNAL, source=terms.source, external_id__in=external)
    others = _by(numbered, "external_id") if terms.actor.staff else {}
    own = _by(numbered.filter(owner=terms.owner), "external_id")
    return {**others, **own, **_by(records.filter(pk__in=ids), "pk")}


def _by(records: QuerySet[Resource], column: str) -> dict[str, Resource]:
    return {str(getattr(record, column)): record for record in records}


def _is_uuid(written: str) -> bool:
    try:
        return bool(written) and str(UUID(written)) == written
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class _About:
    """What was asked once for a whole batch: the records its rows mean, the names of the fields of each that who brings
    the file may read, and who is not to be listed in public."""

    known: Mapping[str, Resource]
    readable: Mapping[UUID, Collection[str]]
    unlisted: Unlisted


def _unlisted(batch: Sequence[Incoming], known: Collection[Resource], terms: Terms) -> Unlisted:
    if terms.kind.key not in person_kinds():
        return Unlisted()
    owners = {each.owner_id for each in known} | {terms.owner.pk if terms.owner else None}
    values = [*(row.values for row in batch), *(each.values for each in known)]
    return unlisted([pk for pk in owners if pk], {str(each.get("orcid") or "") for each in values})


def _plan(incoming: Incoming, about: _About, seen: dict[str, int], terms: Terms) -> Planned:
    key = incoming.record or incoming.external_id
    before = seen.setdefault(key, incoming.row) if key else incoming.row
    if before != incoming.row:
        return _repeated(incoming, before)
    record = about.known.get(key)
    if incoming.problems:
        return Planned(incoming, "refused", problems=list(incoming.problems), warnings=incoming.warnings)
    if record is None:
        return _refused(incoming, "id", _no_record()) if incoming.record else _created(incoming, about, terms)
    if incoming.derived:
        return Planned(incoming, "unchanged", record, warnings=incoming.warnings)
    return _updated(incoming, record, about, terms)


def _repeated(incoming: Incoming, before: int) -> Planned:
    """The same content twice is odd; the same id twice is a contradiction."""
    if incoming.derived:
        message = _("与第 %(row)s 行内容完全相同，只导入一次。") % {"row": before}
        return Planned(incoming, "unchanged", warnings=[Problem("", message, incoming.row)])
    column = "id" if incoming.record else "external_id"
    return _refused(
        incoming, column, _("编号与第 %(row)s 行相同。同一编号在一个文件中只能出现一次。") % {"row": before}
    )


def _refused(incoming: Incoming, column: str, message: str) -> Planned:
    problems = [Problem(column, message, incoming.row), *incoming.problems]
    return Planned(incoming, "refused", problems=problems, warnings=incoming.warnings)


def _created(incoming: Incoming, about: _About, terms: Terms) -> Planned:
    if incoming.wanting:
        return _lacking(incoming, terms.kind)
    record = Resource(
        kind=terms.kind.key,
        title=incoming.title,
        title_en=incoming.title_en or "",
        visibility=incoming.visibility or Visibility.PUBLIC,
        closed=layers.normalised(terms.kind, incoming.closed or {}),
        values=incoming.values,
        owner=terms.owner,
        author=terms.actor.account,
        source=terms.source,
        external_id=incoming.external_id,
        state="published" if terms.published else LIFE.initial,
    )
    verdict = terms.may_create(record)
    if not verdict:
        return _refused(incoming, "", verdict.reason)
    if problems := _wrong_audience(incoming, record, about):
        return Planned(incoming, "refused", problems=problems, warnings=incoming.warnings)
    record.fill_columns()
    record.fingerprint = incoming.fingerprint = incoming.fingerprint or fingerprint(record)
    return Planned(incoming, "created", record, warnings=incoming.warnings)


def _wrong_audience(
    incoming: Incoming, record: Resource, about: _About, before: Resource | None = None
) -> list[Problem]:
    found = layers.audience_problems(record) + (layers.still_sealed(before, record) if before else [])
    found = found or layers.names_its_owner(record) or listing_problems(record, about.unlisted)
    return [Problem(problem.field, problem.message, incoming.row) for problem in found]


def _lacking(incoming: Incoming, kind: Kind) -> Planned:
    problems = [
        Problem(name, _("“%(label)s”必填，文件中没有这一列。") % {"label": kind.field(name).label}, incoming.row)
        for name in incoming.wanting
    ]
    return Planned(incoming, "refused", problems=problems, warnings=incoming.warnings)


def _updated(incoming: Incoming, record: Resource, about: _About, terms: Terms) -> Planned:
    """Asked first whether it may be written: that a guess equals what stands there is an answer too."""
    column = "id" if incoming.record else "external_id"
    if not allows(terms.actor, "edit", record):
        return _refused(incoming, column, _no_record())
    before = copy.copy(record)
    changed = _apply(incoming, record, about.readable[record.pk])
    if not changed:
        return Planned(incoming, "unchanged", record, warnings=incoming.warnings)
    if layers.wider(before, record) and not (verdict := allows(terms.actor, "close", before)):
        return _refused(incoming, sheet.CLOSED, verdict.reason)
    if problems := _wrong_audience(incoming, record, about, before):
        return Planned(incoming, "refused", problems=problems, warnings=incoming.warnings)
    record.fill_columns()
    record.fingerprint = fingerprint(record)
    record.revision += 1
    return Planned(incoming, "updated", record, changed, warnings=incoming.warnings)


def _apply(incoming: Incoming, record: Resource, readable: Collection[str]) -> list[str]:
    """Write the given values over the record's, but for those that are not to be read; the names of what differs."""
    kept = {k: value for k, value in record.values.items() if k not in incoming.given or k not in readable}
    unread = set(record.values) - set(readable)
    values = {**kept, **{name: value for name, value in incoming.values.items() if name not in unread}}
    changed = sorted(
        name for name in values.keys() | record.values.keys() if values.get(name) != record.values.get(name)
    )
    record.values = values
    common = {"title": incoming.title or None, "title_en": incoming.title_en, "visibility": incoming.visibility}
    for name, value in common.items():
        if value is not None and value != " ".join(getattr(record, name).split()):
            setattr(record, name, value)
            changed.append(name)
    closed = record.closed if incoming.closed is None else _closed(incoming.closed, record)
    if closed != record.closed:
        record.closed = closed
        changed.append(sheet.CLOSED)
    return changed


def _closed(given: Mapping[str, str], record: Resource) -> dict[str, str]:
    """What a sheet closes; the seals, which it cannot say, stay."""
    seals = {name: each for name, each in record.closed.items() if each == Visibility.SEALED}
    return layers.normalised(record.declaration, given) | seals


def _no_record() -> str:
    return _("没有这条记录，或者您无权修改它。")
