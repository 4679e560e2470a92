"""Who saw or changed what, when, on what ground: questions to the audit, answered as far as the asker may know.

An auditor reads every event. Whoever else may read a stream (a supervisor) reads of it what concerns records whose
history they may read; the declarations of those records say which. Events that were kept aside for a sealed box stand
in no stream, so nothing here can come upon them.
"""

import datetime as dt
import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import F, Model, QuerySet, Value
from django.db.models.functions import Concat
from django.db.models.lookups import Exact
from django.utils import timezone

from rongtong.domain.foundation.access import declared, grounds, scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.audit import HEADS, PROVISION, STREAMS
from rongtong.domain.foundation.audit_access import audits
from rongtong.domain.foundation.models import AuditHead, Event

BATCH = 200
ROUNDS = 20
"""Batches looked through for one page: who may read little among much goes on from there with the next page."""
MOST_FOR_SUMMARY = 10_000

Key = tuple[str, str]
"""A record as an event names it: kind and identifier."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; everything left empty is not asked for. ``since`` and ``until`` are whole days, both included."""

    streams: tuple[str, ...] = ()
    entity_kind: str = ""
    entity_id: str = ""
    account: int | None = None
    action: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    def told(self) -> dict[str, Any]:
        """The question as the event of its being asked keeps it."""
        given = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Answer:
    """The events, latest first, and where to go on (empty when there is nothing older)."""

    events: list[Event]
    older: str = ""


def stream_of(event: Event) -> str:
    """The stream that an event stands in."""
    return next(name for name, model in STREAMS.items() if isinstance(event, model))


def may_ask(actor: Actor) -> list[str]:
    """The streams of which ``actor`` may read anything."""
    return [name for name, model in STREAMS.items() if any(grant.whom(actor) for grant in declared()[model]["read"])]


def ask(actor: Actor, question: Question, *, older: str = "", most: int = 50, name: str = "") -> Answer:
    """A page of what ``actor`` may read of the events asked for, latest first.

    With ``name`` only those that show or change the field of that name.
    """
    below = _ends() | _read_mark(older)
    found: list[Event] = []
    for _round in range(ROUNDS):
        batch = _batch(actor, question, below)
        allowed = _readable(actor, batch)
        for event in batch:
            below[stream_of(event)] = event.seq
            if event in allowed and (not name or touches(event, name)):
                found.append(event)
            if len(found) == most:
                return Answer(found, _mark(below))
        if len(batch) < BATCH:
            return Answer(found)
    return Answer(found, _mark(below))


def every(actor: Actor, question: Question, *, most: int) -> Iterator[Event]:
    """Page after page, up to ``most`` events."""
    older = ""
    while most > 0:
        answer = ask(actor, question, older=older, most=min(most, BATCH))
        yield from answer.events
        most -= len(answer.events)
        older = answer.older
        if not older:
            return


def openings(record: Model, *, besides: Any = None, most: int = 20) -> list[Event]:
    """To whom the part of a record that is not public was shown last, but for the party ``besides``.

    Who may know this is for the caller to ask of the record.
    """
    model = STREAMS[PROVISION]._default_manager
    shown = model.filter(entity_kind=record._meta.label_lower, entity_id=str(record.pk)).order_by("-seq")
    return list((shown.exclude(party=besides) if besides else shown)[:most])


@dataclass(slots=True)
class FieldUse:
    """One field of a record: how often and to how many it was shown, when last; how often it was changed, and when."""

    name: str
    shown: int = 0
    people: set[Any] = field(default_factory=set)
    last_shown: dt.datetime | None = None
    changed: int = 0
    last_changed: dt.datetime | None = None


@dataclass(slots=True)
class Summary:
    """One record in the audit: its fields by name, who had to do with it, whether more events exist than were read."""

    uses: list[FieldUse]
    people: int
    events: int
    more: bool


def summary(actor: Actor, question: Question) -> Summary:
    """What the events of one record say of its fields, for whoever may read that record's history."""
    found: dict[str, FieldUse] = {}
    people: set[Any] = set()
    count, more = 0, False
    for stream in may_ask(actor):
        events = _matching(actor, stream, question, _ends()[stream]).values_list(
            "at", "account", "actor_name", "details"
        )
        rows = list(events[:MOST_FOR_SUMMARY])
        count, more = count + len(rows), more or len(rows) == MOST_FOR_SUMMARY
        for at, account, name, details in rows:
            people.add(account or name)
            _count_fields(found, at, account or name, details)
    return Summary(sorted(found.values(), key=lambda use: use.name), len(people), count, more)


def _count_fields(found: dict[str, FieldUse], at: dt.datetime, who: Any, details: Mapping[str, Any]) -> None:
    for name in details.get("fields", ()):
        use = found.setdefault(name, FieldUse(name))
        use.shown += 1
        use.people.add(who)
        use.last_shown = use.last_shown or at
    for name in details.get("changed", ()):
        use = found.setdefault(name, FieldUse(name))
        use.changed += 1
        use.last_changed = use.last_changed or at


def touches(event: Event, name: str) -> bool:
    """Whether an event shows or changes the field ``name``."""
    return name in event.details.get("fields", ()) or name in event.details.get("changed", ())


def records_of(actor: Actor, events: Iterable[Event]) -> dict[Key, Model]:
    """The records that events are about, as far as ``actor`` may view them: nobody learns a name from the audit."""
    return {
        (kind, str(record.pk)): record
        for kind, identifiers in _by_kind(events).items()
        if (records := _records(kind, identifiers)) is not None
        for record in scope(actor, "view", records)
    }


def _batch(actor: Actor, question: Question, below: Mapping[str, int]) -> list[Event]:
    streams = [name for name in may_ask(actor) if not question.streams or name in question.streams]
    found = [list(_matching(actor, name, question, below[name])[:BATCH]) for name in streams]
    merged = heapq.merge(*found, key=lambda event: event.at, reverse=True)
    return [event for event, _place in zip(merged, range(BATCH), strict=False)]


def _matching(actor: Actor, stream: str, question: Question, below: int) -> QuerySet[Any]:
    model = STREAMS[stream]
    events = scope(actor, "read", model._default_manager.order_by("-seq"))
    for name in ("entity_kind", "entity_id", "account"):
        if value := getattr(question, name):
            events = events.filter(**{name: value})
    if question.action:
        events = events.filter(_is_action(question))
    return _within(events, model, question).filter(seq__lt=below)


def _is_action(question: Question) -> Exact:
    """Beside a record or a person, of which there are few events, the kind is compared without its index.

    A planner without statistics would else read the hundreds of thousands of one kind to find the few of one person.
    """
    few = question.entity_id or question.account
    return Exact(Concat("action", Value("")) if few else F("action"), question.action)


def _within(events: QuerySet[Any], model: type[Event], question: Question) -> QuerySet[Any]:
    """The period as numbers of events: time and number grow together, and the number is what they are read by."""
    if question.since:
        later = model._default_manager.filter(at__gte=_midnight(question.since))
        first = later.order_by("at", "seq").values_list("seq", flat=True).first()
        events = events.none() if first is None else events.filter(seq__gte=first)
    if question.until:
        earlier = model._default_manager.filter(at__lt=_midnight(question.until + dt.timedelta(days=1)))
        last = earlier.order_by("-at", "-seq").values_list("seq", flat=True).first()
        events = events.none() if last is None else events.filter(seq__lte=last)
    return events


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _readable(actor: Actor, events: Sequence[Event]) -> set[Event]:
    if audits(actor):
        return set(events)
    allowed = {
        (kind, str(pk))
        for kind, identifiers in _by_kind(events).items()
        if (records := _records(kind, identifiers)) is not None
        for pk in grounds(actor, needed(records.model), records)
    }
    return {event for event in events if (event.entity_kind, event.entity_id) in allowed}


def needed(model: type[Model]) -> str:
    """What one must be allowed in order to read a record's events: its history where that is declared."""
    return "history" if "history" in declared()[model] else "view"


def _by_kind(events: Iterable[Event]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for event in events:
        found.setdefault(event.entity_kind, set()).add(event.entity_id)
    return found


def _records(kind: str, identifiers: Iterable[str]) -> QuerySet[Any] | None:
    """The records of a kind by their identifiers; None for a kind without a declaration of access."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return None
    if model not in declared():
        return None
    keys = [key for each in identifiers if (key := _key(model, each)) is not None]
    found: QuerySet[Any] = model._default_manager.filter(pk__in=keys)
    return found


def _key(model: type[Model], written: str) -> Any:
    try:
        return model._meta.pk.to_python(written)
    except ValidationError:
        return None


def _ends() -> dict[str, int]:
    """Just after the last event of each stream: what is written while one reads does not push its way in."""
    last = dict(AuditHead.objects.values_list("pk", "seq"))
    return {name: last.get(pk, 0) + 1 for name, pk in HEADS.items()}


def _mark(below: Mapping[str, int]) -> str:
    return ".".join(f"{name}-{seq}" for name, seq in sorted(below.items()))


def _read_mark(written: str) -> dict[str, int]:
    """Where to go on, from an address; what cannot be read is left out."""
    parts = (part.partition("-") for part in written.split("."))
    return {name: int(seq) for name, _sign, seq in parts if name in STREAMS and seq.isdecimal() and len(seq) < 19}
