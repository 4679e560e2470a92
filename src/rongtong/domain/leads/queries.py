"""Reads of leads: whose they are, what waits for whom, how far demands get."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from rongtong.domain.foundation.access import find_one, scope
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.words import Words
from rongtong.domain.leads.models import Feedback, Lead
from rongtong.domain.leads.sides import as_told
from rongtong.domain.leads.states import LEAD, OPEN
from rongtong.domain.parties.personal.queries import to_answer
from rongtong.domain.registry.disclosing.queries import asked_of
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.states import LISTED

WAITS_FOR_DEMAND = ("suggested", "supply_interested")
WAITS_FOR_SUPPLY = ("suggested", "demand_interested")
PER_TASK = 8
"""How many records a to-do list shows of each task; the count says how many there are."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for somebody: what it is called, how many there are, the first few, oldest first."""

    key: str
    label: Words
    count: int
    records: list[Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """One joint of the loop: how many demands got at least this far."""

    key: str
    label: Words
    count: int


def leads_of(actor: Actor) -> QuerySet[Lead]:
    """The leads that ``actor`` may see, latest first; both records joined."""
    return scope(actor, "view", Lead.objects.select_related("demand", "candidate"))


def lead_of(actor: Actor, pk: UUID | str) -> Lead:
    """The lead, if ``actor`` may see it; Lead.DoesNotExist alike when there is none and when one may not."""
    return find_one(actor, "view", Lead.objects.select_related("demand", "candidate"), pk)


def lead_between(actor: Actor, demand: Resource) -> dict[Any, Lead]:
    """The leads of one demand that ``actor`` may see, by the candidate's id."""
    return {lead.candidate_id: lead for lead in leads_of(actor).filter(demand=demand)}


def own_feedback(actor: Actor, demand: Resource) -> dict[Any, Feedback]:
    """What ``actor`` said of the answers to a demand, by the candidate's id."""
    if actor.account is None:
        return {}
    return {item.candidate_id: item for item in Feedback.objects.filter(demand=demand, account=actor.account)}


def to_do(actor: Actor) -> list[Task]:
    """What waits for ``actor`` now, in the order in which it should be done; tasks without records are left out."""
    tasks: list[Task] = []
    if actor.staff:
        tasks += _staff_tasks(actor)
    if actor.party is not None:
        tasks += _party_tasks(actor)
    if actor.is_any(Role.MANAGER):
        brokered = Lead.objects.filter(
            manager=actor.account, state__in=("suggested", "demand_interested", "supply_interested")
        )
        tasks.append(_leads(actor, "to_introduce", Words("待引荐的线索", "Leads to introduce"), brokered))
    return [task for task in tasks if task.count]


def _staff_tasks(actor: Actor) -> list[Task]:
    records = scope(actor, "verify", Resource.objects.select_related("owner"))
    return [
        _records("to_verify", Words("待核实的记录", "Records to verify"), records.filter(state="submitted")),
        _records("to_publish", Words("待发布的记录", "Records to publish"), records.filter(state="verified")),
        _personal(actor),
    ]


def _personal(actor: Actor) -> Task:
    """What people ask about their data, those that wait longest first."""
    asked = to_answer(actor).filter(state="asked")
    return Task(
        "personal", Words("个人信息请求", "Requests about personal data"), asked.count(), list(asked[:PER_TASK])
    )


def _party_tasks(actor: Actor) -> list[Task]:
    own = Resource.objects.filter(owner_id=actor.party)
    leads = Lead.objects.select_related("demand", "candidate")
    return [
        _requests(actor),
        _leads(actor, "answer_as_demand", Words("等待我方答复的线索（需求方）", "Leads that wait for you (demand)"),
               leads.filter(demand_party=actor.party, state__in=WAITS_FOR_DEMAND)),
        _leads(actor, "answer_as_supply", Words("等待我方答复的线索（供给方）", "Leads that wait for you (supply)"),
               leads.filter(supply_party=actor.party, state__in=WAITS_FOR_SUPPLY)),
        _records("returned", Words("退回修改的记录", "Records returned to you"), own.filter(state="returned")),
        _records("stale", Words("待确认是否仍有效的记录", "Records to confirm"), own.filter(state="stale")),
        _records("drafts", Words("未提交的草稿", "Drafts not submitted"), own.filter(state="draft")),
    ]  # fmt: skip


def _requests(actor: Actor) -> Task:
    """Others who ask to read what is closed, as far as ``actor`` decides it."""
    asked = asked_of(actor)
    return Task("disclosures", Words("有人申请查看保密部分", "Requests to read what is closed"), asked.count(),
                list(asked[:PER_TASK]))  # fmt: skip


def _records(key: str, label: Words, records: QuerySet[Resource]) -> Task:
    return Task(key, label, records.count(), list(records.order_by("state_since")[:PER_TASK]))


def _leads(actor: Actor, key: str, label: Words, leads: QuerySet[Lead]) -> Task:
    first = leads.select_related("demand", "candidate").order_by("state_since")[:PER_TASK]
    return Task(key, label, leads.count(), as_told(actor, first))


def funnel(actor: Actor) -> list[Stage]:
    """How many demands are published, have a lead, were introduced, negotiate, were signed (each includes the next)."""
    demands = scope(actor, "find", Resource.objects.filter(kind="demand", state__in=LISTED))
    reached = demands.aggregate(
        published=Count("pk", distinct=True),
        suggested=Count("pk", filter=Q(leads__isnull=False), distinct=True),
        introduced=Count("pk", filter=Q(leads__state__in=("introduced", "negotiating", "won")), distinct=True),
        negotiating=Count("pk", filter=Q(leads__state__in=("negotiating", "won")), distinct=True),
        won=Count("pk", filter=Q(leads__state="won"), distinct=True),
    )
    labels = {
        "published": Words("已发布需求", "Published demands"),
        "suggested": Words("有线索", "With a lead"),
        "introduced": Words("已引荐", "Introduced"),
        "negotiating": Words("在洽谈", "Negotiating"),
        "won": Words("已签约", "Signed"),
    }
    return [Stage(key, label, reached[key]) for key, label in labels.items()]


def leads_by_state(actor: Actor) -> list[tuple[str, Words, int]]:
    """How many leads stand in each state, in the order of the table."""
    rows = dict(leads_of(actor).order_by().values_list("state").annotate(n=Count("pk")))
    return [(state.key, state.label, rows.get(state.key, 0)) for state in LEAD.states]


def open_leads(actor: Actor) -> int:
    return leads_of(actor).filter(state__in=OPEN).count()
