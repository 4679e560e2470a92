"""What the pages of a topic share: finding it, where it stands on its path, the tabs to its parts."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.urls import reverse

from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.transitions import Process, Transition
from rongtong.domain.foundation.words import Words
from rongtong.domain.programmes.models import Decision, Round, Topic
from rongtong.domain.programmes.queries import calls
from rongtong.domain.programmes.queries.deciding import has_result
from rongtong.domain.programmes.queries.projects import has_projects
from rongtong.domain.programmes.states import ON_THE_LIST, TOPIC
from rongtong.domain.registry.models import Resource
from rongtong.portal.http import Request, found_or_404

PATH: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (Words("拟题", "Draft"), ("drafting",)),
    (Words("论证", "Argue"), ("argued", "approved")),
    (Words("发榜", "Publish"), ("published",)),
    (Words("揭榜", "Submit"), ("open",)),
    (Words("启封与形审", "Open and check"), ("closed", "opened")),
    (Words("评审", "Review"), ("reviewing", "ranked")),
    (Words("公示", "Notice"), ("proposed", "noticed")),
    (Words("立项实施", "Carry out"), ("awarded",)),
    (Words("结题", "Finish"), ("finished",)),
)
"""The straight path of a topic in the words of the trade, each step with the states that belong to it."""


def shows_bids(actor: Actor, topic: Topic) -> bool:
    """Whoever runs or watches it, and every organisation: whether one of them handed in, the tab does not tell."""
    if topic.state not in ON_THE_LIST:
        return False
    return actor.party is not None or actor.is_any(Role.OFFICER, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of a topic's pages: ``name`` of its address, for whom it is."""

    key: str
    label: Words
    name: str
    whom: Callable[[Actor, Topic], bool]


def shows_review(actor: Actor, topic: Topic) -> bool:
    """Who runs the review or watches over it, once there is something to review."""
    reached = topic.state in ("opened", "reviewing", "ranked", "proposed", "noticed", "awarded", "finished")
    return reached and bool(allows(actor, "read_draw", Round(topic=topic)))


TABS: tuple[Tab, ...] = (
    Tab("topic", Words("榜题", "Topic"), "topic", lambda actor, topic: True),
    Tab("bids", Words("揭榜申请", "Submissions"), "bids", shows_bids),
    Tab("review", Words("评审", "Review"), "topic-review", shows_review),
    Tab("result", Words("结果", "Result"), "topic-result", has_result),
    Tab("projects", Words("项目", "Projects"), "topic-projects", has_projects),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A step that the reader may take, and what still stands against it."""

    row: Transition
    reasons: tuple[str, ...]


def steps_open(process: Process, actor: Actor, record: Model, events: Collection[str] = ()) -> list[Step]:
    """The transitions that ``actor`` may start (of ``events``, when given), each with what its guards answer now."""
    return [
        Step(row, tuple(answer for guard in row.guards if (answer := guard(record, actor))))
        for row in process.open_to(actor, record)
        if not events or row.event in events
    ]


def topic_or_404(request: Request, identifier: UUID) -> Topic:
    """The topic, if the reader may view it."""
    return found_or_404(request, "view", Topic.objects.select_related("programme", "setter"), identifier)


def decision_or_404(request: Request, identifier: UUID) -> Decision:
    """The decision, if the reader may view it."""
    decisions = Decision.objects.select_related("topic__programme", "topic__setter")
    return found_or_404(request, "view", decisions, identifier)


def outcome_in(request: Request, records: Iterable[Model]) -> dict[str, dict[str, str]]:
    """The verdict and the reason that a form gives of each of ``records``."""
    return {
        str(each.pk): {name: request.POST.get(f"{name}-{each.pk}", "") for name in ("verdict", "reason")}
        for each in records
    }


def frame(actor: Actor, topic: Topic, tab: str) -> dict[str, Any]:
    """What the head of a topic's pages is drawn from: ``challenge/head.html``."""
    return {
        "topic": topic,
        "state": TOPIC.state(topic.state),
        "steps": steps(topic),
        "tab": tab,
        "tabs": [
            (each.key, each.label, reverse(f"portal:{each.name}", args=(topic.pk,)))
            for each in TABS
            if each.whom(actor, topic)
        ],
    }


def of_demand(actor: Actor, record: Resource) -> dict[str, Any]:
    """What the page of a demand says of challenges: the topics born of it, and whether the reader may begin one."""
    if record.kind != "demand" or record.sealed:
        return {}
    topics = list(calls.topics_of(actor, record))
    calls.note_topics(actor, "list", topics)
    sets = actor.staff or (actor.party is not None and actor.party == record.owner_id)
    drafts = sets and bool(allows(actor, "create", calls.topic_to_be(actor, record.owner_id)))
    return {
        "topics": [(topic, TOPIC.state(topic.state).label) for topic in topics],
        "may_set_topic": drafts and calls.programmes_open_to(actor).exists(),
    }


def steps(topic: Topic) -> list[tuple[str, str]]:
    """(label, done | current | "") along the path; a topic that was reissued or cancelled stands nowhere on it."""
    here = next((number for number, (_label, states) in enumerate(PATH) if topic.state in states), -1)
    over = TOPIC.state(topic.state).end and here >= 0
    return [
        (str(label), "done" if number < here or (number == here and over) else "current" if number == here else "")
        for number, (label, _states) in enumerate(PATH)
    ]
