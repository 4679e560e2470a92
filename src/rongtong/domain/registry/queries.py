"""Reads of the register: lists with their filters, one record as somebody may see it, counts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import allows, find_one, scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry import taxonomies
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.kinds import all_kinds
from rongtong.domain.registry.models import ImportJob, Resource
from rongtong.domain.registry.reading import Reading
from rongtong.domain.registry.states import LIFE, LISTED

ORDERS = {
    "-updated": ("-updated_at", "-id"),
    "updated": ("updated_at", "id"),
    "title": ("title", "id"),
    "-date": ("-date", "-id"),
    "-completeness": ("-completeness", "-id"),
}
FACETS = ("kind", "field", "region", "trl", "state")
_FACET_LIMIT = 30


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list; the same for the page, the export, the API and a saved view."""

    kind: str = ""
    q: str = ""
    field: str = ""
    region: str = ""
    industry: str = ""
    state: str = ""
    holder: str = ""
    trl_from: int | None = None
    since: dt.date | None = None
    mine: bool = False
    order: str = "-updated"

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Filters":
        """Filters from query parameters; what cannot be read is left out rather than refused."""
        words = {name: str(given.get(name) or "").strip()[:200] for name in _TEXT_FILTERS}
        trl = str(given.get("trl_from") or "")
        order = str(given.get("order") or "")
        return cls(
            **words,
            trl_from=int(trl) if trl.isdecimal() and 1 <= int(trl) <= 9 else None,
            since=_date(str(given.get("since") or "")),
            mine=str(given.get("mine") or "").lower() in ("1", "true", "on"),
            order=order if order in ORDERS else "-updated",
        )

    def params(self) -> dict[str, str]:
        """The filters that are set, as query parameters."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: _param(value) for name, value in given.items() if value and (name, value) != ("order", "-updated")
        }

    def apply(self, actor: Actor, records: QuerySet[Resource]) -> QuerySet[Resource]:
        """``records`` narrowed and put in order."""
        if self.q:
            records = records.filter(
                Q(title__icontains=self.q) | Q(holder__icontains=self.q) | Q(title_en__icontains=self.q)
            )
        if self.mine:
            records = records.filter(owner_id=actor.party) if actor.party else records.none()
        return records.filter(**self._columns()).order_by(*ORDERS[self.order])

    def _columns(self) -> dict[str, Any]:
        exact = {name: value for name in ("kind", "state") if (value := getattr(self, name))}
        prefix = {
            f"{name}__startswith": _significant(value) if name == "region" else value
            for name in ("field", "region", "industry")
            if (value := getattr(self, name))
        }
        other = {"holder__icontains": self.holder, "trl__gte": self.trl_from, "date__gte": self.since}
        return exact | prefix | {name: value for name, value in other.items() if value}


_TEXT_FILTERS = ("kind", "q", "field", "region", "industry", "state", "holder")


def listing(actor: Actor, filters: Filters) -> QuerySet[Resource]:
    """The records that ``actor`` may view, narrowed by ``filters``; one query, owners joined."""
    return filters.apply(actor, scope(actor, "view", Resource.objects.select_related("owner")))


def visible(actor: Actor, pk: UUID | str) -> Resource:
    """The record, if ``actor`` may view it; Resource.DoesNotExist alike when there is none and when one may not."""
    return find_one(actor, "view", Resource.objects.select_related("owner"), pk)


def import_job(actor: Actor, pk: UUID | str) -> ImportJob:
    """The file on its way in, if ``actor`` may view it; ImportJob.DoesNotExist alike when there is none."""
    return find_one(actor, "view", ImportJob.objects.all(), pk)


def facets(records: QuerySet[Resource], names: tuple[str, ...] = FACETS) -> dict[str, list[tuple[str, str, int]]]:
    """For each name the values among ``records``: (value, label, count), most frequent first, at most thirty."""
    found = {}
    for name in names:
        rows = records.order_by().values_list(name).annotate(n=Count("pk")).order_by("-n", name)[:_FACET_LIMIT]
        found[name] = [
            (str(value), facet_label(name, value), count) for value, count in rows if value not in ("", None)
        ]
    return found


def facet_label(name: str, value: object) -> str:
    """What to call a value of a facet; what somebody made up is called by what they wrote."""
    match name:
        case "kind":
            return str(all_kinds()[str(value)].label)
        case "state":
            return str({state.key: state.label for state in LIFE.states}.get(str(value), value))
        case "trl":
            return _("成熟度 %(level)s 级") % {"level": value}
        case "region":
            return taxonomies.scheme("division").show(str(value))
        case _:
            return taxonomies.scheme(name).show(str(value))


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of a record as the reader may see it; ``value`` is None when it is not filled."""

    field: Field
    value: Any
    text: str


def card(reading: Reading) -> list[Shown]:
    """The fields of a record that its reader may read, in the order of the declaration, filled ones only."""
    declaration = reading.record.declaration
    return [
        Shown(declaration.field(name), value, declaration.field(name).type.show(value))
        for name, value in reading.values.items()
    ]


def summary(record: Resource, longest: int = 160) -> str:
    """The first sentences of the record's public summary."""
    name = record.declaration.columns.get("summary")
    if name not in record.public_fields:
        return ""
    value = str(record.values.get(name) or "")
    return value if len(value) <= longest else value[: longest - 1].rstrip() + "…"


def audience(record: Resource) -> str:
    """Who can see this record now, as a sentence."""
    if record.sealed and record.opens_at:
        hour = timezone.localtime(record.opens_at).strftime("%Y-%m-%d %H:%M")
        return _("已封存，至 %(hour)s 公开。在此之前任何人都看不到内容，本单位也不例外；可以撤回。") % {"hour": hour}
    if record.state not in LISTED:
        return _("尚未发布：只有填报单位%(and_staff)s可以看到。") % {
            "and_staff": "" if record.state == "draft" else _("和管理部门")
        }
    sentences = {
        Visibility.PUBLIC: _("公开：任何人都可以看到；标注了范围的字段除外。"),
        Visibility.MEMBERS: _("登录成员可以看到。"),
        Visibility.MATCHED: _("只有本单位、管理部门和经引荐的对方可以看到。"),
        Visibility.PANEL: _("只有本单位、管理部门和评审期内的评审人可以看到。"),
        Visibility.INTERNAL: _("只有本单位和管理部门可以看到。"),
        Visibility.OWNER: _("只有本单位可以看到。"),
    }
    return sentences[Visibility(record.visibility)]


def history(actor: Actor, record: Resource) -> QuerySet[AuditEvent]:
    """What was done to the record, latest first; empty for those who may not read it."""
    if not allows(actor, "history", record):
        return AuditEvent.objects.none()
    return audit.history(record.pk).order_by("-seq")


def counts_by_kind(actor: Actor) -> list[tuple[Kind, int]]:
    """How many published records of each kind ``actor`` may find."""
    rows = dict(scope(actor, "find", Resource.objects.order_by()).values_list("kind").annotate(n=Count("pk")))
    return [(kind, rows.get(key, 0)) for key, kind in all_kinds().items()]


def overdue(kind: Kind, on: dt.date | None = None) -> QuerySet[Resource]:
    """Published records of a kind whose day has passed, or that nobody has touched for the kind's time."""
    today = on or clock.today()
    past = Q(valid_until__lt=today)
    if kind.stale_after_days:
        past |= Q(updated_at__lt=timezone.now() - dt.timedelta(days=kind.stale_after_days))
    return Resource.objects.filter(past, kind=kind.key, state="published").exclude(visibility=Visibility.SEALED)


def to_unseal() -> QuerySet[Resource]:
    """Records of which something is sealed whose hour has come, earliest first."""
    return Resource.objects.filter(opens_at__lte=clock.now()).order_by("opens_at")


def state_label(record: Resource) -> Words:
    return LIFE.state(record.state).label


def _significant(region: str) -> str:
    """A division code without its trailing pairs of zeros: 330000 stands for all that begins with 33."""
    while region.endswith("00"):
        region = region[:-2]
    return region


def _param(value: object) -> str:
    return "1" if value is True else str(value)


def _date(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        return None
