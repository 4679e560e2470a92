"""Events of the audit as sentences: who, when, what, which fields, on what ground, through which door.

Only what is named here is told of an event's details. A reason that somebody gave for a step is part of the record's
content, so it is told to those who may view the record; everybody else who may read the audit learns that there is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from rongtong.domain.foundation.access import declared, scope
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.asking import records_of, stream_of
from rongtong.domain.foundation.events import CHANNELS, STREAM_NAMES
from rongtong.domain.foundation.models import Event
from rongtong.domain.foundation.naming import event_name, event_names, kind_name, state_name
from rongtong.domain.foundation.words import Words
from rongtong.domain.leads.models import Lead
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.parties.roles import ROLE_LABELS
from rongtong.domain.registry.kinds import all_kinds
from rongtong.domain.registry.models import Resource

NAMES = ("title", "name", "display_name", "file_name", "label")
"""The columns that hold a record's name, in the order in which they are looked for."""
OTHER_FIELDS = {
    "title": Words("标题", "Title"),
    "owner": Words("所属单位", "Owner"),
    "sides": Words("双方", "Both sides"),
    "note": Words("说明", "Note"),
}


@dataclass(frozen=True)
class Line:
    """One event as a person reads it."""

    event: Event
    stream: str
    stream_label: str
    at: datetime
    who: str
    account: int | None
    party: str
    what: str
    fields: list[str]
    details: list[str]
    ground: str
    kind: str
    name: str
    address: str
    withheld: bool
    door: str

    @property
    def has_record(self) -> bool:
        return bool(self.event.entity_id)


def lines(actor: Actor, events: Sequence[Event]) -> list[Line]:
    """The events as ``actor`` may read them: a record's name only where they may view the record."""
    records = records_of(actor, events)
    parties = _parties(actor, events)
    kinds = kinds_of({event.entity_id for event in events if event.entity_kind == Resource._meta.label_lower})
    return [
        _line(event, records.get((event.entity_kind, event.entity_id)), parties, kinds.get(event.entity_id, ""))
        for event in events
    ]


def kinds_of(identifiers: Iterable[str]) -> dict[str, str]:
    """Of which kinds records are, by their identifiers: fields are called differently in each."""
    keys = [key for each in identifiers if (key := _uuid(each))]
    return {str(pk): kind for pk, kind in Resource.objects.filter(pk__in=keys).values_list("pk", "kind")}


def name_of(record: Model | None) -> str:
    """What a record is called by a column of its own, "" for one that has none."""
    return next((str(value) for name in NAMES if (value := getattr(record, name, ""))), "")


def address_of(record: Model | None) -> str:
    """The page of a record, "" when it has none."""
    if isinstance(record, Resource):
        return reverse("portal:record", args=(record.kind, record.pk))
    if isinstance(record, Lead):
        return reverse("portal:lead", args=(record.pk,))
    if isinstance(record, Account):
        return reverse("portal:audit-account", args=(record.pk,))
    return ""


def field_label(name: str, kind: str = "") -> str:
    """What a field is called in records of a kind; for a kind that is not known, as in any that has it."""
    own = {field.name: field.label for field in all_kinds()[kind].fields} if kind in all_kinds() else {}
    return str(own.get(name) or _field_labels().get(name) or name)


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _line(event: Event, record: Model | None, parties: Mapping[Any, str], kind: str) -> Line:
    details, stream = event.details, stream_of(event)
    return Line(
        event=event,
        stream=stream,
        stream_label=str(STREAM_NAMES[stream]),
        at=event.at,
        who=event.actor_name or _("未登录的访客"),
        account=event.account,
        party=parties.get(event.party, ""),
        what=str(event_name(event.action)),
        fields=[field_label(name, kind) for name in (*details.get("fields", ()), *details.get("changed", ()))],
        details=[said for tell in TELLERS if (said := tell(event, record))],
        ground=_ground(str(details.get("ground", ""))),
        kind=_kind(event, record),
        name=name_of(record),
        address=address_of(record),
        withheld=bool(event.entity_id) and record is None and _has_name(event.entity_kind),
        door=_door(details),
    )


@lru_cache(maxsize=256)
def _has_name(kind: str) -> bool:
    """Whether records of a kind have a name that could be withheld."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return True
    return any(column.name in NAMES for column in model._meta.fields)


def _kind(event: Event, record: Model | None) -> str:
    if isinstance(record, Resource):
        return str(record.declaration.label)
    return str(kind_name(event.entity_kind)) if event.entity_kind else ""


def _door(details: Mapping[str, Any]) -> str:
    channel = str(details.get("channel", ""))
    known = CHANNELS.get(channel)
    return " ".join(part for part in (str(known) if known else channel, str(details.get("address", ""))) if part)


def _step(event: Event, record: Model | None) -> str:
    source, target = event.details.get("source"), event.details.get("target")
    if not (isinstance(source, str) and isinstance(target, str)) or not target:
        return ""
    return _("从“%(source)s”到“%(target)s”") % {
        "source": state_name(event.action, source),
        "target": state_name(event.action, target),
    }


def _wanted(event: Event, record: Model | None) -> str:
    wanted = str(event.details.get("wanted", ""))
    if not wanted:
        return ""
    return _("要做：%(what)s") % {"what": event_name(wanted)}


def _reason(event: Event, record: Model | None) -> str:
    reason = str(event.details.get("reason", ""))
    if not reason:
        return ""
    if stream_of(event) == "acts" and record is None:
        return _("写明了理由，无权查看")
    return _("理由：%(reason)s") % {"reason": reason}


def _numbers(event: Event, record: Model | None) -> str:
    first, last = event.details.get("first_seq"), event.details.get("last_seq")
    if not first or not last:
        return ""
    stream = STREAM_NAMES.get(str(event.details.get("stream", "")), Words("", ""))
    return _("%(stream)s第 %(first)s–%(last)s 号") % {"stream": stream, "first": first, "last": last}


def _role(event: Event, record: Model | None) -> str:
    role = str(event.details.get("role", ""))
    return str(ROLE_LABELS[Role(role)]) if role in set(Role) else ""


def _asked(event: Event, record: Model | None) -> str:
    asked = event.details.get("asked", {})
    parts = [
        str(event_name(asked["action"])) if asked.get("action") else "",
        "、".join(str(STREAM_NAMES[name]) for name in asked.get("streams", ()) if name in STREAM_NAMES),
        _("账号 %(number)s") % {"number": asked["account"]} if asked.get("account") else "",
        f"{asked.get('since', '')}—{asked.get('until', '')}" if asked.get("since") or asked.get("until") else "",
    ]
    return "，".join(part for part in parts if part)


def _count(event: Event, record: Model | None) -> str:
    count = event.details.get("records", event.details.get("rows"))
    return _("%(count)s 条") % {"count": count} if isinstance(count, int) else ""


def _form(event: Event, record: Model | None) -> str:
    kind = all_kinds().get(str(event.details.get("kind", "")))
    form = str(event.details.get("form", ""))
    return " ".join(part for part in (str(kind.label) if kind else "", form) if part) if form else ""


def _happened(event: Event, record: Model | None) -> str:
    moment = str(event.details.get("happened_at", ""))
    return _("发生于 %(moment)s，到时才公开") % {"moment": moment[:16].replace("T", " ")} if moment else ""


TELLERS = (_wanted, _step, _role, _form, _count, _numbers, _asked, _reason, _happened)
"""What is told of details, in this order; each answers "" when it has nothing to say."""


def _ground(written: str) -> str:
    known = _grounds().get(written)
    return str(known) if known else written


@lru_cache(maxsize=1)
def _grounds() -> dict[str, Words]:
    """Every declared ground by its Chinese, in which events keep it."""
    return {
        grant.because.zh: grant.because
        for actions in declared().values()
        for grants in actions.values()
        for grant in grants
    }


@lru_cache(maxsize=1)
def _field_labels() -> dict[str, Words]:
    return {field.name: field.label for kind in all_kinds().values() for field in kind.fields} | OTHER_FIELDS


def _parties(actor: Actor, events: Iterable[Event]) -> dict[Any, str]:
    """The names of the parties that people acted for."""
    wanted = {event.party for event in events if event.party}
    return dict(scope(actor, "view", Party.objects.filter(pk__in=wanted)).values_list("pk", "name"))


def choices() -> list[tuple[str, str]]:
    """The kinds of event one can ask for, by their names."""
    return sorted(((key, str(words)) for key, words in event_names().items()), key=lambda pair: pair[1])
