"""What waits for somebody in challenges: the rows of the table of nexts, narrowed by their rights to their records.

Each row of the table costs one query for the keys of its first records, and one for those records where there are any;
both follow an index and stop after so many, so that a list costs the same with a thousand records behind it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from django.db.models import F, Model, QuerySet

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.access import scope
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.words import Words
from rongtong.domain.mailbox.due import Due, day_of, falls_due
from rongtong.domain.programmes.models import (
    Decision,
    Milestone,
    Programme,
    Project,
    Review,
    Round,
    Seat,
    Submission,
    Topic,
)
from rongtong.domain.programmes.queries.nexts import (
    MODELS,
    TABLE,
    Day,
    Rule,
    Whom,
    is_for,
    is_over,
)
from rongtong.domain.programmes.states import ON_THE_LIST

AT_MOST = 5
"""Records of one row that a to-do list shows; the count says how many there are."""
COUNTED = 100
"""So far the records of one row are counted."""
DUE_AT_MOST = 200
"""Records of one row that a calendar holds."""
QUIET = (Submission, Round, Seat, Review)
WATCHED = (("objection", "filed"), ("objection", "admitted"), ("milestone", "due"), ("milestone", "rework"),
           ("obligation", "due"))  # fmt: skip
"""What a supervisor is told of once its day has passed."""

JOINED: dict[str, tuple[str, ...]] = {
    "programme": (),
    "topic": ("programme", "setter"),
    "submission": ("topic__programme",),
    "round": ("topic__programme",),
    "seat": ("round__topic__programme",),
    "review": ("seat__round__topic__programme",),
    "decision": ("topic__programme",),
    "notice": ("topic__programme",),
    "objection": ("notice__topic__programme",),
    "project": ("topic__programme",),
    "milestone": ("project__topic__programme",),
    "change": ("project__topic__programme",),
    "obligation": ("project__topic__programme", "payer"),
    "spending": ("project__topic__programme",),
}
"""What is read along with a record, so that a list costs no query for each row."""
WIDE: dict[type[Model], tuple[str, ...]] = {
    Programme: ("purpose", "legal_basis", "criteria", "form"),
    Topic: ("problem", "metrics", "constraints", "acceptance", "payments", "overlap"),
    Submission: ("content", "members", "formal"),
    Round: ("draw", "earlier", "standings", "waivers", "criteria", "subjects"),
    Review: ("marks", "opinion", "dissent"),
    Decision: ("basis", "outcome", "vetoes"),
    Project: ("plan", "budget", "forbidden", "diligence"),
    Milestone: ("metrics", "deliverable", "report", "reached", "finding"),
}
"""Columns that no list shows: the record of one draw alone holds a whole pool."""
DATED = {"topic": "closes_at", "submission": "topic__closes_at", "round": "ends_at", "seat": "round__ends_at",
         "review": "seat__round__ends_at", "objection": "due", "milestone": "due", "obligation": "due"}  # fmt: skip
"""The column by which the earliest come first."""


@dataclass(frozen=True, slots=True)
class Item:
    """A record that waits: under which topic or programme, by when; one that is ``watched`` waits for somebody else."""

    process: str
    record: Any
    what: Words
    title: str
    by: Day
    watched: bool = False

    @property
    def overdue(self) -> bool:
        return is_over(self.by)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of thing that waits: what is to be done, how many there are (or ``over`` so many), the first of them."""

    key: str
    what: Words
    count: int
    items: list[Item]
    over: bool = False


def waiting_for(actor: Actor, most: int = AT_MOST) -> list[Waiting]:
    """What waits for ``actor`` in the seat they act in, what is due first first; nothing else is left."""
    found = [*_own(actor, most), *_watched(actor, most)]
    return sorted(found, key=lambda each: _urgency(each.items[0].by))


def items_of(waiting: list[Waiting]) -> list[Item]:
    """Every record of a to-do list in one order: by its day, those without a day last."""
    return sorted(chain.from_iterable(each.items for each in waiting), key=lambda item: _urgency(item.by))


def root_of(record: Any) -> Topic | Programme:
    """The topic under which a record stands, or its programme where there is none yet."""
    for path in (("topic",), ("round", "topic"), ("seat", "round", "topic"), ("notice", "topic"), ("project", "topic")):
        found = record
        for name in path:
            found = getattr(found, name, None)
        if isinstance(found, Topic):
            return found
    return record if isinstance(record, Topic | Programme) else record.programme


def tellable(record: Any) -> bool:
    """Whether a mail or a calendar may call a record by the title of its topic (or programme), because that is public.

    Who hands something in, and who reviews it, is not for a mail server to know: of these the title stays in the house.
    """
    root = root_of(record)
    public = root.state in (ON_THE_LIST if isinstance(root, Topic) else ("running", "closed"))
    return public and not isinstance(record, QUIET)


def _own(actor: Actor, most: int) -> Iterator[Waiting]:
    """The rows for the actor's seat."""
    reached: dict[tuple[str, str], QuerySet[Any]] = {}
    for (process, state), rules in TABLE.items():
        for number, rule in enumerate(rules):
            if not rule.needs or not rule.listed or not is_for(actor, rule.whom):
                continue
            right = (process, rule.needs)
            if right not in reached:
                reached[right] = scope(actor, rule.needs, MODELS[process]._default_manager.all())
            records = reached[right].filter(rule.when(), rule.mine(actor), state=state)
            yield from _waiting(f"{process}.{state}.{number}", records, process, rule, most)


def _watched(actor: Actor, most: int) -> Iterator[Waiting]:
    """What is late in a supervisor's region; theirs is to see it, not to do it."""
    if not actor.is_any(Role.SUPERVISOR):
        return
    for process, state in WATCHED:
        records: QuerySet[Any] = MODELS[process]._default_manager.filter(state=state, due__lt=clock.today())
        rule = next(rule for rule in TABLE[process, state] if rule.whom is not Whom.KEEPER)
        reached = scope(actor, "view", records)
        yield from _waiting(f"{process}.{state}.late", reached, process, rule, most, watched=True)


def _waiting(
    key: str, records: QuerySet[Any], process: str, rule: Rule, most: int, *, watched: bool = False
) -> Iterator[Waiting]:
    """What ``records`` come to, when there are any: their keys are put in order before anything of them is read."""
    column = DATED.get(process)
    order = [F(column).asc(nulls_last=True)] if column else []
    counted = max(most, COUNTED)
    keys = list(records.order_by(*order, "state_since", "pk").values_list("pk", flat=True)[: counted + 1])
    if keys:
        rows = _rows(process, keys[:most])
        items = [Item(process, row, rule.what, str(root_of(row)), rule.by(row), watched) for row in rows]
        yield Waiting(key, rule.what, min(len(keys), counted), items, over=len(keys) > counted)


def _rows(process: str, keys: list[Any]) -> list[Any]:
    """The records with these keys in their order, with what is read along and without what no list shows."""
    found = MODELS[process]._default_manager.select_related(*JOINED[process]).defer(*_unread(process)).in_bulk(keys)
    return [found[key] for key in keys]


@cache
def _unread(process: str) -> tuple[str, ...]:
    """The wide columns of a record and of everything that is read along with it."""
    found = list(WIDE.get(MODELS[process], ()))
    for path in JOINED[process]:
        model: Any = MODELS[process]
        for depth, name in enumerate(path.split("__"), 1):
            model = model._meta.get_field(name).related_model
            found += ["__".join([*path.split("__")[:depth], column]) for column in WIDE.get(model, ())]
    return tuple(dict.fromkeys(found))


def _urgency(by: Day) -> tuple[bool, dt.date]:
    return (by is None, dt.date.max if by is None else day_of(by))


def _due(actor: Actor) -> Iterator[Due]:
    """What has a day, for mails and calendars: outside the house only what is public is called by its title."""
    for item in items_of(waiting_for(actor, DUE_AT_MOST)):
        if item.by is None:
            continue
        record: Model = item.record
        title = item.title if tellable(record) else ""
        yield Due(record._meta.label_lower, str(record.pk), item.what, title, item.by)


falls_due(_due)
