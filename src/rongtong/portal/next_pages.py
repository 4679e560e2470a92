"""Where one goes to do what happens next: the address for a record of a challenge in its state."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.urls import NoReverseMatch, reverse

from rongtong.domain.programmes.queries.nexts import PROCESSES

Place = tuple[str, Callable[[Any], Any]]


def _own(record: Any) -> Any:
    return record.pk


def _topic(record: Any) -> Any:
    return record.topic_id


PAGES: dict[str, Place] = {
    "programme": ("programme", _own),
    "topic": ("topic", _own),
    "submission": ("bid", _own),
    "round": ("round", _own),
    "seat": ("seat", _own),
    "review": ("review", _own),
    "decision": ("decision", _own),
    "notice": ("notice", _own),
    "objection": ("objection", _own),
    "project": ("project", _own),
    "milestone": ("milestone", _own),
    "change": ("project", lambda change: change.project_id),
    "obligation": ("project", lambda obligation: obligation.project_id),
    "spending": ("project", lambda spending: spending.project_id),
}
BY_STATE: dict[tuple[str, str], Place] = {
    ("topic", "drafting"): ("edit-topic", _own),
    ("topic", "closed"): ("opening", _own),
    ("topic", "opened"): ("bids", _own),
    ("topic", "reviewing"): ("topic-review", _own),
    ("topic", "ranked"): ("topic-result", _own),
    ("topic", "proposed"): ("topic-result", _own),
    ("topic", "noticed"): ("topic-result", _own),
    ("topic", "awarded"): ("topic-projects", _own),
}
"""Where a state has a page of its own."""


def address_of(record: Model) -> str:
    """The page on which a record is dealt with in its state; "" where it has none."""
    process = PROCESSES[type(record)].name
    state: str = record.state  # type: ignore[attr-defined]
    places = [BY_STATE.get((process, state)), PAGES[process]]
    return next((found for place in places if place and (found := _reversed(place, record))), "")


def page_of(kind: str, identifier: str) -> str:
    """The page of a record known by its kind (``programmes.topic``) and identifier; "" where there is none."""
    name = PLAIN.get(kind)
    if name is None:
        return ""
    try:
        return reverse(f"portal:{name}", args=(identifier,))
    except NoReverseMatch:
        return ""


PLAIN: dict[str, str] = {
    **{
        model._meta.label_lower: PAGES[each.name][0] for model, each in PROCESSES.items() if PAGES[each.name][1] is _own
    },
    "leads.lead": "lead",
    "registry.resource": "by-id",
}
"""The page of each kind of record that messages are about."""


def _reversed(place: Place, record: Model) -> str:
    name, key = place
    try:
        return reverse(f"portal:{name}", args=(key(record),))
    except NoReverseMatch:
        return ""
