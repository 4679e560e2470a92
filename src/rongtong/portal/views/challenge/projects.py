"""Projects for people: the list, one project with its money and days, what is planned and signed, the steps."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.access import allows, require, scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents.actions import upload_document
from rongtong.domain.foundation.documents.checks import accepted
from rongtong.domain.foundation.documents.declaration import FIELD
from rongtong.domain.foundation.documents.media import ACCEPT
from rongtong.domain.foundation.documents.queries import classes_for, listed
from rongtong.domain.foundation.errors import Problem
from rongtong.domain.foundation.models import Document
from rongtong.domain.foundation.sheets import Cell
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.programmes.actions import projects as actions
from rongtong.domain.programmes.actions.acceptance import STAGES
from rongtong.domain.programmes.actions.changes import KINDS
from rongtong.domain.programmes.budgeting import prohibitions
from rongtong.domain.programmes.models import Milestone, Obligation, Programme, Project, Round, Spending
from rongtong.domain.programmes.queries import projects as queries
from rongtong.domain.programmes.queries import reviewing
from rongtong.domain.programmes.queries.projects import Filters, Listed
from rongtong.domain.programmes.states import CHANGE, OBLIGATION, PROJECT, ROUND, SPENDING
from rongtong.domain.programmes.terms import number, template
from rongtong.domain.registry.declaration import Kind
from rongtong.domain.registry.types import Money
from rongtong.portal import forms, project_forms
from rongtong.portal.attached import Attached
from rongtong.portal.attempts import Attempt, refuse
from rongtong.portal.challenging import steps_open
from rongtong.portal.history import acts_of
from rongtong.portal.http import Request, done, file_in, found_or_404, page, paged, step_in
from rongtong.portal.sheets import as_file, batches
from rongtong.portal.templatetags.calls import part_in_percent

PAGE, HISTORY = 30, 60
MONEY = Money()
BY_HAND = ("contract", "start", "suspend", "resume", "ask_acceptance", "accept", "accept_on_conditions", "fail",
           "exempt", "breach", "terminate", "archive")  # fmt: skip
AUDIENCES: dict[Visibility, Words] = {
    Visibility.MATCHED: Words("项目各方：出题人、阅卷人和管理部门", "All sides: setter, examiners and the bureau"),
    Visibility.INTERNAL: Words("管理部门", "The bureau"),
    Visibility.OWNER: Words("只有本单位", "Own organisation only"),
}
"""To whom a document of a project may be shown, in the words of this page."""
PATH: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (Words("签约", "Contract"), ("initiated",)),
    (Words("启动", "Start"), ("contracted",)),
    (Words("执行", "Carry out"), ("running", "suspended")),
    (Words("验收", "Acceptance"), ("acceptance", "conditional")),
    (Words("跟踪转化", "Follow-up"), ("accepted",)),
    (Words("归档", "Archive"), ("archived",)),
)
TERMS = {
    "contract": Words("签订合同", "Sign the contract"),
    "final_report": Words("提交结题报告", "Hand in the final report"),
    "rectify": Words("完成整改", "Put it right"),
    "follow_up": Words("填报转化情况", "Report what became of it"),
}


@login_required
@require_safe
def listing(request: Request) -> HttpResponse:
    """The projects that the reader may view; an htmx request gets the table alone."""
    filters = Filters.read(request.GET.dict())
    found = paged(request, queries.listing(request.actor, filters), PAGE)
    queries.note_projects(request.actor, "list", list(found))
    counts = queries.counts_by_state(request.actor, filters)
    programmes = scope(request.actor, "view", Programme.objects.all()).values_list("pk", "title")[:200]
    shown = queries.listed(request.actor, list(found))
    context = {
        "filters": filters,
        "query": urlencode(filters.params()),
        "page": found,
        "total": found.paginator.count,
        "rows": [(each, PROJECT.state(each.project.state).label) for each in shown],
        "states": [(each.key, each.label, counts[each.key]) for each in PROJECT.states if counts.get(each.key)],
        "programmes": [(str(pk), title) for pk, title in programmes],
        "today": clock.today(),
    }
    part = request.htmx and not request.htmx.boosted
    return page(request, "challenge/projects_table" if part else "challenge/projects", context)


@login_required
@require_safe
def projects_file(request: Request, form: str) -> HttpResponseBase:
    """The list with its filters as a sheet."""
    filters = Filters.read(request.GET.dict())
    found = queries.listing(request.actor, filters)
    name = f"rongtong-projects-{clock.today()}"
    return as_file(name, form, _headings(), _cells_of(request.actor, found))


@login_required
@require_safe
def detail(request: Request, identifier: UUID) -> HttpResponse:
    """Where a project stands: next step, contract, milestones, money, changes, reports, tests, what became of it."""
    return project_page(request, project_or_404(request, identifier))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, identifier: UUID) -> HttpResponse:
    """Contract, plan, people and budget, before the contract is signed; the keeper of the ledger also after."""
    project, actor = project_or_404(request, identifier), request.actor
    require(actor, "edit", project)
    early = project.state == "initiated"
    kind = project_forms.project_form(project, contract=early and bool(allows(actor, "manage", project)), plan=early)
    given = request.POST if request.method == "POST" else None
    attempt = Attempt()
    if given is not None:
        with attempt:
            facts = _facts(project, kind, given, early=early)
            actions.edit_project(actor=actor, project=project, revision=revision_in(given), **facts)
            return done(request, _("项目已保存。"), _address(project))
    problems = attempt.problems
    context = {
        "project": project,
        "rows": forms.rows(kind, _values(project), [field.name for field in kind.fields], problems, given),
        "budget_wrong": [problem.message for problem in problems if problem.field == "budget"],
        "budget": None,
        "revision": request.POST.get("revision") or project.revision,
        "failed": attempt.message,
    }
    if early:
        context |= project_forms.budget_part(project, given, problems)
    return page(request, "challenge/project_edit", context, status=attempt.status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: Request, identifier: UUID) -> HttpResponse:
    """The milestones as a table, before the contract."""
    project = project_or_404(request, identifier)
    require(request.actor, "edit", project)
    given = request.POST if request.method == "POST" else None
    attempt = Attempt()
    if given is not None:
        with attempt:
            rows = project_forms.milestones_in(given)
            actions.plan_milestones(actor=request.actor, project=project, rows=rows, revision=revision_in(given))
            return done(request, _("里程碑已保存。"), _address(project))
    race = template(project.topic.programme.template).has("race")
    context = {
        "project": project,
        "race": race,
        "revision": request.POST.get("revision") or project.revision,
        "rows": _plan_rows(project, given, attempt.problems, spare=0 if race else 2),
        "whole": [problem.message for problem in attempt.problems if not problem.field],
        "failed": attempt.message,
    }
    return page(request, "challenge/project_plan", context, status=attempt.status)


@login_required
@require_POST
def advance(request: Request, identifier: UUID) -> HttpResponse:
    """Move a project by one of the steps of its page."""
    step = step_in(request)
    if step["event"] not in BY_HAND:
        raise Http404
    moved = actions.advance_project(actor=request.actor, project=project_or_404(request, identifier), **step)
    said = _("项目现在是“%(state)s”。") % {"state": PROJECT.state(moved.state).label}
    return done(request, said, _address(moved))


@login_required
@require_POST
def attach(request: Request, identifier: UUID) -> HttpResponse:
    """Add a document to a project."""
    project = project_or_404(request, identifier)
    return attached_to(request, project, _address(project), lambda on: project_page(request, project, on.message))


def attached_to(
    request: Request, record: Project | Milestone, address: str, again: Callable[[Attempt], HttpResponse]
) -> HttpResponse:
    """Take in the file of a form for a project or a milestone; what is refused is told on the page itself."""
    with Attempt() as attempt:
        file, name = file_in(request)
        document = upload_document(
            actor=request.actor, entity=record, file=file, name=name, no_secrets=FIELD in request.POST,
            visibility=request.POST.get("visibility", ""),
        )  # fmt: skip
        return done(request, _("已添加附件“%(name)s”。") % {"name": document.name}, address)
    return again(attempt)


def documents_part(actor: Actor, record: Project | Milestone, address: str) -> dict[str, Any]:
    """What the part of documents is drawn from."""
    may = bool(allows(actor, "attach", record))
    offered = [each for each in classes_for(actor, record) if each in AUDIENCES] if may else []
    found = listed(actor, record, "page")
    mine = set(scope(actor, "withdraw", Document.objects.filter(entity_id=record.pk)).values_list("pk", flat=True))
    return {
        "documents": [
            (Attached(each), AUDIENCES.get(Visibility(each.visibility), ""), each.pk in mine) for each in found
        ],
        "may_attach": may and bool(offered),
        "classes": [(each.value, AUDIENCES[each]) for each in offered],
        "attach_address": address,
        "accept": ACCEPT,
        "accepted": accepted(),
        "limit_mb": settings.ENVIRONMENT.document_limit_mb,
    }


def project_or_404(request: Request, identifier: UUID) -> Project:
    """The project, if the reader may view it."""
    projects = Project.objects.select_related("topic__programme", "topic__setter", "leader")
    return found_or_404(request, "view", projects, identifier)


def steps(project: Project) -> list[tuple[str, str]]:
    """(label, done | current | "") along the straight path; one that came to nothing stands nowhere on it."""
    here = next((number for number, (_label, states) in enumerate(PATH) if project.state in states), -1)
    over = project.state == "archived"
    return [
        (str(label), "done" if number < here or over else "current" if number == here else "")
        for number, (label, _states) in enumerate(PATH)
    ]


def project_page(request: Request, project: Project, failed: str = "") -> HttpResponse:
    """The page of a project; what was refused is told on top of it, with what was typed."""
    actor = request.actor
    queries.note_projects(actor, "page", [project])
    stones = list(project.milestones.all())
    context = {
        "project": project,
        "state": PROJECT.state(project.state),
        "steps": steps(project),
        "open_steps": [step for step in steps_open(PROJECT, actor, project) if step.row.event in BY_HAND],
        "failed": failed,
        "stones": stones,
        "terms": [(TERMS[each.key], each) for each in queries.terms_of(project)],
        "budget": queries.budget_rows(project) if allows(actor, "view_budget", project) else None,
        "purses": queries.purses(project) if allows(actor, "view_budget", project) else [],
        "forbidden": [prohibitions()[key].label for key in project.forbidden],
        "history": acts_of(project.pk, HISTORY),
        **_rights(actor, project),
        **_acceptance(request, project),
        **_parts(actor, project),
        **documents_part(actor, project, reverse("portal:attach-project", args=(project.pk,))),
    }
    return page(request, "challenge/project", context, status=422 if failed else 200)


def _rights(actor: Actor, project: Project) -> dict[str, bool]:
    """What the reader may begin from here."""
    lead = bool(allows(actor, "lead", project))
    at_work = project.state in ("running", "suspended", "acceptance", "conditional")
    tests = (
        project.state == "acceptance" and project.topic.examiners.filter(party_id=actor.party or project.pk).exists()
    )
    early = project.state == "initiated" and bool(allows(actor, "edit", project))
    return {
        "may_edit": early or lead,
        "may_plan": early,
        "may_change": lead and project.state in ("contracted", "running", "suspended"),
        "may_tell": lead and project.chief is not None and project.chief == actor.account,
        "may_report": lead and at_work,
        "may_prove": lead and project.state in ("running", "suspended", "acceptance", "conditional", "failed"),
        "may_test": tests,
        "may_follow": project.accepted_on is not None and bool(lead or allows(actor, "manage", project)),
        "manages": bool(allows(actor, "manage", project)),
    }


def _acceptance(request: Request, project: Project) -> dict[str, Any]:
    """The rounds in which experts examine the result, a form for one, and what the team may read of them."""
    actor = request.actor
    rounds = list(reviewing.rounds_of_project(actor, project))
    under_way = any(not ROUND.state(each.state).end for each in rounds)
    can = project.state == "acceptance" and not under_way
    programme = project.topic.programme
    told = bool(allows(actor, "lead", project)) and reviewing.concluded(project).exists()
    return {
        "rounds": [(each, ROUND.state(each.state), _score(project, each)) for each in rounds],
        "may_plan_round": can and bool(allows(actor, "create", Round(topic=project.topic, project=project))),
        "may_read_draw": bool(allows(actor, "read_draw", Round(topic=project.topic, project=project))),
        "opinions_told": told,
        "panel_size": number(programme, "panel_size"),
        "given": request.POST,
    }


def _score(project: Project, round_: Round) -> str | None:
    found: str | None = round_.standings.get(str(project.submission_id), {}).get("score")
    return found


def _parts(actor: Actor, project: Project) -> dict[str, Any]:
    """What was paid, changed, reported, tested, spent and told, as far as the reader may view each."""
    obligations = scope(actor, "view", project.obligations.select_related("milestone", "payer"))
    changes = scope(actor, "view", project.changes.order_by("-created_at"))
    spendings = scope(actor, "view", project.spendings.order_by("-day", "-created_at"))
    return {
        "agreements": queries.agreements(actor, project) if allows(actor, "manage", project) else [],
        "obligations": [_owed_row(actor, each) for each in obligations.order_by("milestone__order", "-purse")],
        "changes": [
            (each, KINDS[each.kind], CHANGE.state(each.state), [step.row for step in steps_open(CHANGE, actor, each)
             if step.row.event != "tell"])
            for each in changes
        ],
        "reports": list(scope(actor, "view", project.reports.all())),
        "tests": list(scope(actor, "view", project.market_tests.select_related("party"))),
        "spendings": [_spending_row(actor, each) for each in spendings[:50]],
        "follow_ups": [(each, STAGES[each.stage]) for each in scope(actor, "view", project.follow_ups.all())],
    }  # fmt: skip


def _owed_row(actor: Actor, owed: Obligation) -> dict[str, Any]:
    return {
        "owed": owed,
        "state": OBLIGATION.state(owed.state),
        "late": owed.state == "due" and owed.due is not None and owed.due < clock.today(),
        "may_pay": owed.state == "due" and bool(allows(actor, "pay", owed)),
        "may_cancel": owed.state == "due" and bool(allows(actor, "cancel", owed)),
    }


def _spending_row(actor: Actor, spending: Spending) -> tuple[Spending, Any, bool]:
    """The spending, its state, whether the reader books it."""
    books = spending.state == "asked" and not any(step.reasons for step in steps_open(SPENDING, actor, spending))
    return spending, SPENDING.state(spending.state), books and bool(allows(actor, "book", spending))


def revision_in(given: QueryDict) -> int | None:
    """The revision that the form was drawn from; None where it does not say."""
    written = given.get("revision", "")
    return int(written) if written.isdecimal() and len(written) < 10 else None


def _facts(project: Project, kind: Kind, given: QueryDict, *, early: bool) -> dict[str, Any]:
    """What the form says, as the columns of a project; raises Invalid for what cannot be read."""
    names = [field.name for field in kind.fields]
    cleaned = kind.clean(forms.submitted(kind, given, names))
    refuse(cleaned.problems)
    facts: dict[str, Any] = {name: cleaned.values.get(name, "") for name in names}
    for name in ("chief", "finance_keeper"):
        if name in facts:
            facts[name] = int(facts[name]) if facts[name] else None
    for name in ("signed_on", "ends_on"):
        if name in facts:
            facts[name] = project_forms.day_in(facts[name])
    if early:
        facts["budget"] = project_forms.budget_in(project, given)
    return facts


def _values(project: Project) -> dict[str, Any]:
    """What a project says, under the names of the form."""
    names = ("contract_number", "plan", "chief_name", "budget_mode")
    days = {name: getattr(project, name).isoformat() for name in ("signed_on", "ends_on") if getattr(project, name)}
    people = {name: str(getattr(project, name)) for name in ("chief", "finance_keeper") if getattr(project, name)}
    return {name: getattr(project, name) for name in names} | days | people


def _plan_rows(
    project: Project, given: QueryDict | None, problems: Iterable[Problem], *, spare: int
) -> list[dict[str, Any]]:
    wrong = forms.by_field(problems)
    names = ("title", "due", "share", "deliverable")
    if given is None:
        rows = [
            {"title": stone.title, "due": stone.due.isoformat(), "share": part_in_percent(stone.share),
             "deliverable": stone.deliverable}
            for stone in project.milestones.all()
        ]  # fmt: skip
    else:
        columns = [given.getlist(f"stone.{name}") for name in names]
        written = [row for row in zip(*columns, strict=False) if any(cell.strip() for cell in row)]
        rows = [dict(zip(names, row, strict=True)) for row in written]
    rows += [dict.fromkeys(names, "")] * spare
    return [
        {"order": place + 1} | row | {"wrong": [w for name in names for w in wrong.get(f"{place}.{name}", [])]}
        for place, row in enumerate(rows)
    ]


def _headings() -> list[str]:
    return [
        _("项目"), _("承担单位"), _("计划"), _("状态"), _("合同编号"), _("签订日期"), _("结束日期"), _("下一个里程碑"),
        _("出题方资金（元）"), _("财政资金（元）"), _("应付（元）"), _("已付（元）"),
    ]  # fmt: skip


def _cells_of(actor: Actor, found: QuerySet[Project]) -> Iterator[list[Cell]]:
    """The rows; that they were shown is noted before they leave."""
    for batch in batches(found):
        queries.note_projects(actor, "file", batch)
        yield from map(_cells, queries.listed(actor, batch))


def _cells(row: Listed) -> list[Cell]:
    project = row.project
    return [
        project.title,
        project.leader.name,
        project.topic.programme.title,
        str(PROJECT.state(project.state).label),
        project.contract_number,
        _written(project.signed_on),
        _written(project.ends_on),
        _written(row.next_due),
        MONEY.cell(project.setter_money),
        MONEY.cell(project.public_money),
        MONEY.cell(row.owed),
        MONEY.cell(row.paid),
    ]


def _written(day: Any) -> str:
    return day.isoformat() if day else ""


def _address(project: Project) -> str:
    return reverse("portal:project", args=(project.pk,))
