"""Reads of programmes and topics: the list with its filters, the board, counts, whom a topic may interest."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, DateTimeField, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import grounds, scope
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.leads import matching
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes import apart
from rongtong.domain.programmes.models import Programme, Topic
from rongtong.domain.programmes.states import ON_THE_LIST, TOPIC
from rongtong.domain.registry.models import Resource

MOST_TOLD = 50
ANSWERED_BY = ("introduce", "consider")
"""Grades of an answer that is worth a message."""
CANDIDATES = 100
ROW = (
    "number", "title", "state", "state_since", "field", "region", "setter_money", "public_money", "winners", "opens_at",
    "closes_at", "setter__name", "programme__title",
)  # fmt: skip
"""What a row of the list or a card of the board reads: the long texts and the terms stay where they are."""
CARDS = 12
"""Topics that stand under one state of the board; the rest is a list away."""
SOON = (7, 14, 30)


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the list of topics; the same for page, board and export. ``least`` is money in yuan."""

    q: str = ""
    state: str = ""
    field: str = ""
    region: str = ""
    programme: str = ""
    setter: str = ""
    soon: int | None = None
    least: int | None = None
    mine: bool = False

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Filters":
        """Filters from query parameters; what cannot be read is left out rather than refused."""
        words = {name: str(given.get(name) or "").strip()[:200] for name in ("q", "field", "region", "setter")}
        words = {name: value.replace("\x00", "") for name, value in words.items()}
        state, programme = str(given.get("state") or ""), str(given.get("programme") or "")
        return cls(
            **words,
            state=state if any(each.key == state for each in TOPIC.states) else "",
            programme=programme if _is_uuid(programme) else "",
            soon=_whole(given.get("soon"), 366),
            least=_whole(given.get("least"), 10**12),
            mine=str(given.get("mine") or "") in ("1", "true", "on"),
        )

    def params(self) -> dict[str, str]:
        """The filters that are set, as query parameters."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: "1" if value is True else str(value) for name, value in given.items() if value}

    def apply(self, actor: Actor, topics: QuerySet[Topic]) -> QuerySet[Topic]:
        """``topics`` narrowed, but for the state."""
        if self.q:
            words = Q(title__icontains=self.q) | Q(number__icontains=self.q) | Q(setter__name__icontains=self.q)
            topics = topics.filter(words)
        if self.soon is not None:
            now = clock.now()
            topics = topics.filter(state="open", closes_at__gt=now, closes_at__lte=now + dt.timedelta(days=self.soon))
        if self.least is not None:
            topics = topics.alias(worth=F("setter_money") + F("public_money")).filter(worth__gte=self.least * 100)
        if self.mine:
            topics = topics.filter(setter_id=actor.party) if actor.party else topics.none()
        return topics.filter(**self._columns())

    def _columns(self) -> dict[str, str]:
        region = self.region.rstrip("0") if self.region.endswith("00") else self.region
        wanted = {
            "field__startswith": self.field,
            "region__startswith": region,
            "programme_id": self.programme,
            "setter__name__icontains": self.setter,
        }
        return {name: value for name, value in wanted.items() if value}


@dataclass(frozen=True, slots=True)
class Column:
    """A state of the board with its first topics and how many there are."""

    state: str
    count: int
    topics: list[Topic]


def listing(actor: Actor, filters: Filters, *, whole: bool = False) -> QuerySet[Topic]:
    """The topics of the public list, or with ``whole`` all that ``actor`` may view; what closes next comes first."""
    topics = filters.apply(actor, _topics(actor, whole=whole))
    if filters.state:
        topics = topics.filter(state=filters.state)
    return in_order(topics).select_related("programme", "setter").only(*ROW)


def in_order(topics: QuerySet[Topic]) -> QuerySet[Topic]:
    """Open topics by their deadline, then those to come by their opening, then the others, latest first."""
    place = Case(When(state="open", then=0), When(state="published", then=1), default=2, output_field=IntegerField())
    due = Case(
        When(state="open", then=F("closes_at")),
        When(state="published", then=F("opens_at")),
        default=Value(None),
        output_field=DateTimeField(),
    )
    return topics.order_by(place, due.asc(), "-state_since", "-pk")


def counts_by_state(actor: Actor, filters: Filters, *, whole: bool = False) -> dict[str, int]:
    """How many topics there are in each state, whatever state ``filters`` name; one query."""
    topics = filters.apply(actor, _topics(actor, whole=whole)).order_by()
    return dict(topics.values_list("state").annotate(count=Count("pk")))


def board(actor: Actor, filters: Filters) -> list[Column]:
    """The states in the order of the process with their topics; ends that nothing reached are left out."""
    counts = counts_by_state(actor, filters, whole=True)
    topics = filters.apply(actor, _topics(actor, whole=True))
    place = Window(RowNumber(), partition_by=F("state"), order_by=[F("closes_at").asc(nulls_last=True), F("pk").desc()])
    placed = topics.annotate(place=place).filter(place__lte=CARDS).order_by("place")
    first = list(placed.values_list("pk", flat=True))
    cards = Topic.objects.select_related("programme", "setter").only(*ROW).in_bulk(first)
    found: dict[str, list[Topic]] = {}
    for pk in first:
        found.setdefault(cards[pk].state, []).append(cards[pk])
    return [
        Column(state.key, counts.get(state.key, 0), found.get(state.key, []))
        for state in TOPIC.states
        if counts.get(state.key) or not state.end
    ]


def topics_of(actor: Actor, demand: Resource) -> QuerySet[Topic]:
    """The topics born of a demand that ``actor`` may view, latest first."""
    return scope(actor, "view", Topic.objects.filter(demands=demand)).order_by("-created_at")


def demands_of(actor: Actor, topic: Topic) -> QuerySet[Resource]:
    """The demands behind a topic that ``actor`` may view."""
    return scope(actor, "view", topic.demands.select_related("owner")).order_by("title")


def programmes_open_to(actor: Actor) -> QuerySet[Programme]:
    """The programmes in which ``actor`` may begin a topic."""
    programmes = scope(actor, "view", Programme.objects.exclude(state="closed"))
    return programmes if actor.staff else programmes.filter(state="running")


def topic_to_be(actor: Actor, setter: UUID | None) -> Topic:
    """The topic that ``actor`` would begin for ``setter``: for the question whether they may."""
    topic = Topic(region=actor.region)
    if setter is not None:
        topic.setter_id = setter
    return topic


def note_topics(actor: Actor, channel: str, topics: list[Topic]) -> None:
    """Note that topics which do not stand on the public list were shown."""
    closed = [topic for topic in topics if topic.state not in ON_THE_LIST]
    if not closed:
        return
    viewed = grounds(actor, "view", Topic.objects.filter(pk__in=[topic.pk for topic in closed]))
    audit.shown(actor, channel, [(each, ["title"], viewed[each.pk].zh) for each in closed if each.pk in viewed])


def solvers_of(topic: Topic) -> list[Party]:
    """Whom to tell of a topic: the owners of the best answers to it and to its demands, as far as all that is public.

    Best first, at most fifty; neither the setter's side nor an examiner, and nobody who does not want to be proposed.
    """
    text = matching.text_query(topic.title, topic.problem, targets=topic.metrics, field=topic.field)
    public = demands_of(VISITOR, topic)
    best: dict[UUID, float] = {}
    for query in [text, *(matching.record_query(VISITOR, demand) for demand in public if not demand.sealed)]:
        found = matching.match(VISITOR, query, top=CANDIDATES, classes=[Visibility.PUBLIC])
        for match in found.matches:
            owner = match.record.owner_id
            if owner is not None and match.grade in ANSWERED_BY:
                best[owner] = max(match.probability, best.get(owner, 0.0))
    apart_from = apart.setter_side(topic) | apart.examiners_of(topic)
    chosen = sorted((pk for pk in best if pk not in apart_from), key=lambda pk: (-best[pk], str(pk)))[:MOST_TOLD]
    parties = Party.objects.filter(state="active").in_bulk(chosen)
    return [parties[pk] for pk in chosen if pk in parties]


def _topics(actor: Actor, *, whole: bool) -> QuerySet[Topic]:
    topics = scope(actor, "view", Topic.objects.all())
    return topics if whole else topics.filter(state__in=ON_THE_LIST)


def _whole(written: object, most: int) -> int | None:
    number = str(written or "")
    return int(number) if number.isascii() and number.isdecimal() and 0 < int(number[:18]) <= most else None


def _is_uuid(written: str) -> bool:
    try:
        UUID(written)
    except ValueError:
        return False
    return True
