"""Matches for people: the engine asked within what somebody may find, answered with records and reasons they may read.

The engine ranks on the fields anybody may read; a reason quotes a record only as far as its reader may see it.
"""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry import indexing, measures, persons
from rongtong.domain.registry.declaration import Values
from rongtong.domain.registry.kinds import all_kinds
from rongtong.domain.registry.measures import Measures
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.reading import read
from rongtong.domain.registry.search import in_order
from rongtong.engines import text
from rongtong.engines.matching.explain import Explanation, explain
from rongtong.engines.matching.query import Query
from rongtong.engines.matching.records import Record, all_of, one_of

GROUPS: dict[str, Words] = {
    "technology": Words("技术", "Technology"),
    "expert": Words("专家", "Experts"),
    "facility": Words("平台与仪器", "Facilities"),
    "capital": Words("资金", "Capital"),
    "policy": Words("政策", "Policies"),
    "demand": Words("需求", "Demands"),
}
ANSWERS = ("technology", "expert", "facility", "capital", "policy")
"""The groups that can answer a demand, in the order in which they are shown."""
ASKED = ("problem", "details", "scene", "current")
"""The fields of a demand that say what is sought; the others say under which terms."""
MOST_TITLE = 300
MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Match:
    """A record that may answer, the probability that a technology manager would introduce the two, and its grade."""

    record: Resource
    probability: float
    grade: str
    evidence: dict[str, float]


@dataclass(frozen=True, slots=True)
class Matches:
    """The answers of one group, best first; the verdict over them; what none of them covers.

    ``vector_share`` says how far the vectors have come (0–1): below 1 the answers will still improve.
    """

    query: Query
    group: str
    matches: list[Match]
    verdict: str
    missing: list[Any]
    vector_share: float
    milliseconds: int


def record_query(actor: Actor, record: Resource, *, without: Collection[str] = ()) -> Query:
    """The question a record asks, as far as ``actor`` may read it; parts named in ``without`` are left out.

    Raises Invalid for what is sealed: it asks nothing before its hour.
    """
    if record.sealed:
        raise Invalid(_("这条记录已封存，到时公开以后才能匹配。"))
    kind, values = record.declaration, read(actor, record).values
    fields = [f for f in kind.fields if f.search and f.name in values and not isinstance(f.type, Measures)]
    if kind.key == "demand":
        fields = [field for field in fields if field.name in ASKED]
    body = "\n".join(field.type.words(values[field.name]) for field in sorted(fields, key=lambda f: -f.search))
    wanted = [row for row in _measured(record, values) if measures.written(row) not in without]
    return text_query(record.title, body, targets=wanted, without=without, name=str(record.pk), field=record.field)


def text_query(
    title: str,
    body: str,
    *,
    targets: Iterable[dict[str, Any]] | None = None,
    without: Collection[str] = (),
    name: str = "text",
    field: str = "",
) -> Query:
    """A question in somebody's own words; ``targets`` are rows of measures, None to read them from the text."""
    for part in without:
        body = body.replace(part, "")
    parameters = None if targets is None else [_parameter(row) for row in targets]
    return Query(name, title[:MOST_TITLE], body[:MOST_TEXT], parameters=parameters, field=field or None)


def match(
    actor: Actor,
    query: Query,
    *,
    group: str = "technology",
    top: int = 20,
    owner: UUID | None = None,
    classes: Collection[str] = (),
    people: bool = True,
) -> Matches:
    """The records of a group that best answer ``query`` among those ``actor`` may find, without those of ``owner``.

    ``classes`` narrows to records of these classes of visibility; without ``people`` no record of a person is proposed.
    Whoever does not want to be proposed by a machine is left out before anything is ranked.
    """
    started = time.perf_counter()
    kinds = [kind.key for kind in all_kinds().values() if kind.group == group]
    foreign = f"(owner IS NULL OR owner <> '{owner}')" if owner else None
    among = one_of("visibility", list(classes)) if classes else None
    apart = _without(persons.not_proposed() if people else persons.personal(), kinds)
    where = all_of(indexing.where(actor), one_of("kind", kinds), foreign, among, apart)
    answer = indexing.matcher().match(query, top=top, where=where)
    found = {record.pk: record for record in in_order(actor, [UUID(each.id) for each in answer.candidates])}
    return Matches(
        query=query,
        group=group,
        matches=[
            Match(found[UUID(each.id)], each.probability, each.grade, dict(each.evidence))
            for each in answer.candidates
            if UUID(each.id) in found and (not classes or found[UUID(each.id)].visibility in classes)
        ],
        verdict=answer.verdict,
        missing=answer.missing,
        vector_share=answer.vectors,
        milliseconds=round((time.perf_counter() - started) * 1000),
    )


def _without(records: QuerySet[Resource], kinds: Collection[str]) -> str | None:
    """The filter of the index that leaves out ``records``, as far as they are of these kinds; None for none."""
    ids = records.filter(kind__in=kinds).values_list("pk", flat=True)
    written = ", ".join(sorted({f"'{each}'" for each in ids}))
    return f"id NOT IN ({written})" if written else None


def match_record(
    actor: Actor, record: Resource, *, group: str | None = None, top: int = 20, without: Collection[str] = ()
) -> Matches:
    """The answers to a record: a demand asks for technology (or another group), anything else for demands."""
    group = group or ("technology" if record.declaration.group == "demand" else "demand")
    query = record_query(actor, record, without=without)
    return match(actor, query, group=group, top=top, owner=record.owner_id)


def reasons(actor: Actor, query: Query, record: Resource) -> Explanation:
    """Why ``record`` answers ``query``, quoting only what ``actor`` may read of it."""
    values = read(actor, record).values
    stated = [_parameter(row) for row in _measured(record, values)]
    return explain(query, readable_record(actor, record), indexing.encoder(), stated)


def _measured(record: Resource, values: Values) -> list[dict[str, Any]]:
    """The rows of every table of measures among ``values``."""
    tables = [field.name for field in record.declaration.fields if isinstance(field.type, Measures)]
    return [row for name in tables for row in values.get(name, [])]


def _parameter(row: dict[str, Any]) -> text.Parameter:
    high = float(row["high"]) if row["relation"] == "range" else None
    return text.stated(row["name"], row["relation"], float(row["value"]), high, row["unit"])


def readable_record(actor: Actor, record: Resource) -> Record:
    """A record as the engine reads it, with the text that ``actor`` may read."""
    reading = read(actor, record)
    return Record(
        id=str(record.pk),
        kind=record.kind,
        title=record.title,
        text=reading.body,
        field=record.field or None,
        holder=record.holder or reading.owner or None,
        trl=record.trl,
        date=record.date.isoformat() if record.date else None,
    )
