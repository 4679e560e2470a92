"""Projects as somebody may read them: the list, what is owed and spent, what is late, teams of a race side by side."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils import timezone

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import grounds, scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents.queries import documents_of
from rongtong.domain.foundation.models import Document
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.parties.conferring import current
from rongtong.domain.parties.models import Account, Party, RoleGrant
from rongtong.domain.programmes.judging import Judged, judged
from rongtong.domain.programmes.models import Examiner, Milestone, Obligation, Project, Spending, Topic
from rongtong.domain.programmes.states import PROJECT
from rongtong.domain.programmes.terms import follow_up_days, number

AHEAD = ("planned", "due", "rework")
AT_WORK = ("initiated", "contracted", "running", "suspended", "acceptance", "conditional")

WIDE = (
    "plan", "budget", "forbidden", "diligence", "topic__problem", "topic__metrics", "topic__constraints",
    "topic__acceptance", "topic__payments", "topic__overlap", "topic__programme__form", "topic__programme__criteria",
    "topic__programme__purpose", "topic__programme__legal_basis",
)  # fmt: skip
"""Columns that would be carried through the sort of a long list for nothing."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of projects is narrowed to; ``late`` those with a milestone past its day."""

    q: str = ""
    state: str = ""
    programme: str = ""
    side: str = ""
    late: bool = False

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Filters":
        """From the parameters of an address; what makes no sense is left out."""
        state, side = given.get("state", ""), given.get("side", "")
        return cls(
            q=given.get("q", "").strip()[:200],
            state=state if state in {each.key for each in PROJECT.states} else "",
            programme=_uuid(given.get("programme", "")),
            side=side if side in ("lead", "set", "examine") else "",
            late=given.get("late") == "1",
        )

    def params(self) -> dict[str, str]:
        """The same as parameters, those that narrow alone."""
        return {name: "1" if value is True else str(value) for name, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True)
class Listed:
    """A project in a list: the day of its next milestone, what is due and what was paid, in fen."""

    project: Project
    next_due: dt.date | None
    owed: int
    paid: int


def listing(actor: Actor, filters: Filters) -> QuerySet[Project]:
    """The projects that ``actor`` may view, latest first; what no list shows stays in the database until asked for."""
    found = _narrowed(actor, scope(actor, "view", Project.objects.all()), filters)
    return found.select_related("topic__programme", "leader").defer(*WIDE)


def listed(actor: Actor, projects: Sequence[Project]) -> list[Listed]:
    """What a list says of each of ``projects``, in two queries however many; of money what ``actor`` may view."""
    ahead = Milestone.objects.filter(project__in=projects, state__in=AHEAD).order_by().values_list("project_id")
    due = dict(ahead.annotate(first=Min("due")))
    obligations = scope(actor, "view", Obligation.objects.filter(project__in=projects))
    owed = obligations.order_by().values_list("project_id", "state")
    money = {(pk, state): fen for pk, state, fen in owed.annotate(total=Sum("fen"))}
    return [
        Listed(each, due.get(each.pk), money.get((each.pk, "due"), 0), money.get((each.pk, "paid"), 0))
        for each in projects
    ]


def counts_by_state(actor: Actor, filters: Filters) -> dict[str, int]:
    """How many projects there are in each state under the other filters."""
    others = Filters(**(asdict(filters) | {"state": ""}))
    found = _narrowed(actor, scope(actor, "view", Project.objects.all()), others)
    return dict(found.order_by().values_list("state").annotate(count=Count("pk")))


def teams_of(actor: Actor, topic: Topic) -> list[Project]:
    """The projects of a topic that ``actor`` may view, by the rank of their submissions."""
    found = scope(actor, "view", Project.objects.filter(topic=topic))
    return list(found.select_related("leader", "topic__programme").order_by("submission__rank", "created_at"))


def has_projects(actor: Actor, topic: Topic) -> bool:
    """Whether there are projects of a topic that ``actor`` may view."""
    return scope(actor, "view", Project.objects.filter(topic=topic)).exists()


def note_projects(actor: Actor, channel: str, projects: Sequence[Project]) -> None:
    """Note that projects were shown: they are no public matter."""
    viewed = grounds(actor, "view", Project.objects.filter(pk__in=[project.pk for project in projects]))
    audit.shown(actor, channel, [(each, ["title"], viewed[each.pk].zh) for each in projects if each.pk in viewed])


def people_of(party: Party | UUID) -> list[Account]:
    """Who acts for a party today: whom it may make chief scientist or keeper of the ledger."""
    pk = party.pk if isinstance(party, Party) else party
    holding = current(RoleGrant.objects.filter(party_id=pk)).values("account_id")
    return list(Account.objects.filter(pk__in=holding).order_by("display_name", "pk"))


@dataclass(frozen=True, slots=True)
class Purse:
    """Where the money of one purse stands, in fen. ``granted`` = ``paid`` + ``due`` + ``ahead`` + what was dropped."""

    key: str
    granted: int
    due: int
    paid: int
    ahead: int
    planned: int
    spent: int


def purses(project: Project) -> list[Purse]:
    """The setter's and the public money of a project: granted, due, paid, still ahead; planned and spent."""
    obligations = list(project.obligations.all())
    spent = list(project.spendings.filter(state="booked").values_list("purse", "fen"))
    stones = list(project.milestones.all())
    return [_purse(project, key, obligations, stones, spent) for key in ("setter", "public")]


def agreements(actor: Actor, project: Project) -> QuerySet[Document]:
    """The documents of a project that may show what its sides agreed on: those that all of them read."""
    return documents_of(actor, project).filter(visibility=Visibility.MATCHED)


def budget_rows(project: Project) -> list[dict[str, Any]]:
    """The lines of the budget with what was booked on each; what was booked on no line of it comes last."""
    booked: dict[tuple[str, str], int] = {}
    for item, purse, fen in Spending.objects.filter(project=project, state="booked").values_list(
        "item", "purse", "fen"
    ):
        booked[item, purse] = booked.get((item, purse), 0) + fen
    rows = [dict(row) | {"spent": booked.pop((row["item"], row["purse"]), 0)} for row in project.budget]
    return rows + [{"item": item, "purse": purse, "fen": 0, "spent": fen} for (item, purse), fen in booked.items()]


@dataclass(frozen=True, slots=True)
class Term:
    """Something that has a day: a key for its words, the day, whether it was done, whether it is late."""

    key: str
    by: dt.date
    done: bool = False
    year: int = 0

    @property
    def late(self) -> bool:
        return not self.done and self.by < clock.today()


def terms_of(project: Project) -> list[Term]:
    """The days of a project beside its milestones: contract, final report, rectification, each year's follow-up."""
    found = []
    if project.state == "initiated":
        since = timezone.localdate(project.state_since)
        found.append(Term("contract", since + dt.timedelta(days=number(project.topic.programme, "contract_days"))))
    if project.ends_on is not None and project.state in (*AT_WORK, "accepted"):
        handed = project.reports.filter(kind="final").exists()
        day = project.ends_on + dt.timedelta(days=number(project.topic.programme, "final_report_days"))
        found.append(Term("final_report", day, handed))
    if project.state == "conditional":
        since = timezone.localdate(project.state_since)
        found.append(Term("rectify", since + dt.timedelta(days=number(project.topic.programme, "rectification_days"))))
    return [*found, *follow_up_terms(project)]


def follow_up_terms(project: Project) -> list[Term]:
    """One for each year of follow-up: due at the end of the following March."""
    if project.accepted_on is None:
        return []
    told = set(project.follow_ups.values_list("year", flat=True))
    days = follow_up_days(project.accepted_on, number(project.topic.programme, "follow_up_years"))
    return [Term("follow_up", day, year in told, year) for year, day in days.items()]


@dataclass(frozen=True, slots=True)
class Lane:
    """One team at a gate, or at any milestone: its project, that milestone, each metric judged."""

    project: Project
    stone: Milestone
    metrics: list[Judged]


def side_by_side(projects: Sequence[Project], order: int) -> list[Lane]:
    """The same milestone of several teams, each judged on the same metrics."""
    stones = Milestone.objects.filter(project__in=projects, order=order)
    by_project = {stone.project_id: stone for stone in stones}
    found = [(project, by_project[project.pk]) for project in projects if project.pk in by_project]
    return [Lane(project, stone, judged(stone.metrics, stone.reached)) for project, stone in found]


def gate_next(topic: Topic) -> int | None:
    """The order of the first gate of a race that is not decided yet; None when there is none."""
    waiting = Milestone.objects.filter(project__topic=topic, gate=True, state__in=(*AHEAD, "reported"))
    first: int | None = waiting.aggregate(first=Min("order"))["first"]
    return first


def examined_by(party: UUID | None) -> QuerySet[Any, Any]:
    """The topics whose results ``party`` examines."""
    return Examiner.objects.filter(Q(party_id=party)).values("topic_id")


def _narrowed(actor: Actor, found: QuerySet[Project], filters: Filters) -> QuerySet[Project]:
    if filters.q:
        found = found.filter(
            Q(title__icontains=filters.q)
            | Q(leader__name__icontains=filters.q)
            | Q(contract_number__icontains=filters.q)
        )
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.programme:
        found = found.filter(topic__programme_id=filters.programme)
    if filters.side and actor.party is not None:
        sides = {
            "lead": Q(leader_id=actor.party),
            "set": Q(setter=actor.party),
            "examine": Q(topic_id__in=examined_by(actor.party)),
        }
        found = found.filter(sides[filters.side])
    if filters.late:
        late = Milestone.objects.filter(state__in=AHEAD, due__lt=clock.today()).values("project_id")
        found = found.filter(pk__in=late, state__in=AT_WORK)
    return found


def _purse(
    project: Project,
    key: str,
    obligations: Sequence[Obligation],
    stones: Sequence[Milestone],
    spent: Sequence[tuple[str, int]],
) -> Purse:
    column = f"{key}_money"
    owed = [each for each in obligations if each.purse == key]
    return Purse(
        key=key,
        granted=getattr(project, column),
        due=sum(each.fen for each in owed if each.state == "due"),
        paid=sum(each.fen for each in owed if each.state == "paid"),
        ahead=sum(getattr(stone, column) for stone in stones if stone.state in (*AHEAD, "reported")),
        planned=sum(row["fen"] for row in project.budget if row.get("purse") == key),
        spent=sum(fen for purse, fen in spent if purse == key),
    )


def _uuid(written: str) -> str:
    try:
        return str(UUID(written))
    except ValueError:
        return ""
