"""What a team tells and asks, and what is paid: changes, reports, spending, diligence, market tests, follow-up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.programmes.actions import acceptance, changes, obligations, reporting
from rongtong.domain.programmes.budgeting import prohibitions
from rongtong.domain.programmes.judging import judged
from rongtong.domain.programmes.models import Change, MarketTest, Obligation, Project, Spending
from rongtong.domain.programmes.queries import projects as queries
from rongtong.domain.programmes.states import CHANGE, OBLIGATION, SPENDING
from rongtong.domain.programmes.totals import GRANTED, column
from rongtong.domain.registry.declaration import Kind
from rongtong.portal import forms, project_forms
from rongtong.portal.attempts import Attempt
from rongtong.portal.http import Request, done, found_or_404, page, seen_state, step_in
from rongtong.portal.views.challenge.projects import project_or_404, revision_in

Record = TypeVar("Record", bound=Model)
GET_AND_POST = ["GET", "HEAD", "POST"]
Perform = Callable[[dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Form:
    """A small form of a project: what it asks, under which heading, and what is said when it was taken."""

    kind: Kind
    heading: str
    said: str
    initial: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    metrics: Any = ()
    button: str = ""
    budget: bool = False

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.kind.fields]

    def read(self, given: QueryDict) -> dict[str, Any]:
        """What was written; Invalid with every problem."""
        cleaned = self.kind.clean(forms.submitted(self.kind, given, self.names))
        if cleaned.problems:
            raise Invalid(_("有 %(count)s 处需要修改，未提交。") % {"count": len(cleaned.problems)}, cleaned.problems)
        return cleaned.values


@login_required
@require_http_methods(GET_AND_POST)
def change(request: Request, identifier: UUID) -> HttpResponse:
    """Ask for a change; the organiser answers."""
    project = _led(request, identifier)

    def perform(values: dict[str, Any]) -> object:
        due = {name.removeprefix("due_"): day for name, day in values.items() if name.startswith("due_")}
        chief = int(values["chief"]) if values.get("chief") else None
        budget = project_forms.budget_changed(project, request.POST)
        money = {purse: values.get(column(purse)) for purse in GRANTED}
        effect = {"ends_on": values.get("ends_on"), "due": due, "chief": chief, "money": money, "budget": budget}
        return changes.ask_change(
            actor=request.actor, project=project, kind=values["kind"], after=values["after"], reason=values["reason"],
            effect=effect, revision=revision_in(request.POST),
        )  # fmt: skip

    kind = project_forms.change_form(project, alone=False)
    heading, note = (
        _("申请变更"),
        _(
            "批准以后才生效；结束日期、里程碑日期、首席科学家和预算批准后自动改过来。"
            "预算总额变更后，已付和应付的不变，其余按比例分到尚未通过的里程碑；预算表应在新的总额以内。"
        ),
    )
    form = Form(kind, heading, _("变更申请已提交。"), note=note, budget=True)
    return _small(request, project, form, perform)


@login_required
@require_http_methods(GET_AND_POST)
def decide_alone(request: Request, identifier: UUID) -> HttpResponse:
    """The chief scientist puts on record what was decided alone."""
    project = _led(request, identifier)

    def perform(values: dict[str, Any]) -> object:
        return changes.tell_change(
            actor=request.actor, project=project, kind=values["kind"], after=values["after"], reason=values["reason"],
            effect={"budget": project_forms.budget_changed(project, request.POST)},
        )  # fmt: skip

    kind = project_forms.change_form(project, alone=True)
    heading, note = _("自主决定备案"), _("这些事项由首席科学家自主决定，备案即生效，不需要批准。")
    form = Form(kind, heading, _("已备案。"), note=note, budget=True)
    return _small(request, project, form, perform)


@login_required
@require_http_methods(GET_AND_POST)
def report(request: Request, identifier: UUID) -> HttpResponse:
    """The report of a year, or the last."""
    project = _led(request, identifier)

    def perform(values: dict[str, Any]) -> object:
        return reporting.hand_in_report(
            actor=request.actor, project=project, kind=values["kind"], year=values["year"], text=values["text"],
            spent=values.get("spent", 0),
        )  # fmt: skip

    form = Form(project_forms.REPORT, _("提交报告"), _("报告已提交。"), {"year": clock.today().year})
    return _small(request, project, form, perform)


@login_required
@require_http_methods(GET_AND_POST)
def spend(request: Request, identifier: UUID) -> HttpResponse:
    """Ask the keeper of the ledger to book a spending."""
    project = _led(request, identifier)

    def perform(values: dict[str, Any]) -> object:
        return reporting.ask_spending(
            actor=request.actor, project=project, item=values["item"], purse=values["purse"], fen=values["fen"],
            purpose=values["purpose"], day=project_forms.day_in(values["day"]),
        )  # fmt: skip

    barred = "、".join(str(prohibitions()[key].label) for key in project.forbidden)
    note = _("负面清单：%(barred)s。由财务负责人入账。") % {"barred": barred}
    initial, kind = {"day": clock.today().isoformat()}, project_forms.spending_form(project)
    form = Form(kind, _("申请支出"), _("支出申请已提交，等财务负责人入账。"), initial, note)
    return _small(request, project, form, perform)


@login_required
@require_http_methods(GET_AND_POST)
def diligence(request: Request, identifier: UUID) -> HttpResponse:
    """What proves that the team worked with diligence."""
    project = _led(request, identifier)

    def perform(values: dict[str, Any]) -> object:
        written = {name: values.get(name, "") for name in reporting.DILIGENCE}
        return reporting.record_diligence(actor=request.actor, project=project, **written)

    note = _(
        "项目没有成功时，原始记录能证明勤勉尽责的，不追究责任（科学技术进步法第六十八条）。证明文件请作为附件上传到项目。"
    )
    said, initial = _("尽职材料已保存。"), dict(project.diligence)
    form = Form(project_forms.DILIGENCE, _("尽职材料"), said, initial, note)
    return _small(request, project, form, perform)


@login_required
@require_http_methods(GET_AND_POST)
def market_test(request: Request, identifier: UUID) -> HttpResponse:
    """A user signs what it found when it used the result."""
    project = project_or_404(request, identifier)
    require(request.actor, "sign", MarketTest(project=project, party_id=cast(UUID, request.actor.party)))
    metrics = project.topic.metrics

    def perform(values: dict[str, Any]) -> object:
        return acceptance.sign_market_test(
            actor=request.actor, project=project, conditions=values["conditions"], passed=values["passed"] == "yes",
            opinion=values.get("opinion", ""), reached=project_forms.reached_in(request.POST, metrics),
        )  # fmt: skip

    given = project_forms.reached_in(request.POST, metrics)
    note = _("签署后不能修改。您的单位是阅卷人，结论由贵单位负责。")
    form = Form(
        project_forms.MARKET_TEST, _("签署应用验证"), _("已签署。"), note=note, metrics=judged(metrics, given),
        button=_("签署"),
    )  # fmt: skip
    return _small(request, project, form, perform)


@login_required
@require_http_methods(GET_AND_POST)
def follow_up(request: Request, identifier: UUID) -> HttpResponse:
    """What became of a result in a year."""
    project = project_or_404(request, identifier)
    require(request.actor, "edit", project)

    def perform(values: dict[str, Any]) -> object:
        return acceptance.report_follow_up(
            actor=request.actor, project=project, year=values["year"], stage=values["stage"],
            sales=values.get("sales", 0), text=values.get("text", ""),
        )  # fmt: skip

    waiting = [term.year for term in queries.follow_up_terms(project) if not term.done]
    initial = {"year": min([*waiting, clock.today().year])}
    form = Form(project_forms.FOLLOW_UP, _("填报转化情况"), _("转化情况已填报。"), initial)
    return _small(request, project, form, perform)


@login_required
@require_POST
def advance_change(request: Request, identifier: UUID) -> HttpResponse:
    """Approve or refuse a change."""
    found = _found(request, Change, identifier)
    moved = changes.advance_change(
        actor=request.actor, change=found, agreement=request.POST.get("agreement", ""), **step_in(request)
    )
    said = _("变更现在是“%(state)s”。") % {"state": CHANGE.state(moved.state).label}
    return done(request, said, _address(moved.project_id))


@login_required
@require_POST
def advance_spending(request: Request, identifier: UUID) -> HttpResponse:
    """Book or refuse a spending."""
    found = _found(request, Spending, identifier)
    moved = reporting.advance_spending(actor=request.actor, spending=found, **step_in(request))
    said = _("支出现在是“%(state)s”。") % {"state": SPENDING.state(moved.state).label}
    return done(request, said, _address(moved.project_id))


@login_required
@require_http_methods(GET_AND_POST)
def pay(request: Request, identifier: UUID) -> HttpResponse:
    """The payer records a payment with its evidence."""
    owed = _found(request, Obligation, identifier)
    require(request.actor, "pay", owed)
    attempt, evidence = Attempt(), request.POST.get("evidence", "")
    if request.method == "POST":
        with attempt:
            obligations.pay_obligation(
                actor=request.actor, obligation=owed, evidence=evidence, seen_state=seen_state(request)
            )
            return done(request, _("付款已登记。"), f"{_address(owed.project_id)}#money")
    context = {
        "project": owed.project,
        "owed": owed,
        "state": OBLIGATION.state(owed.state),
        "evidence": evidence,
        "failed": attempt.message,
    }
    return page(request, "challenge/obligation", context, status=attempt.status)


@login_required
@require_POST
def cancel(request: Request, identifier: UUID) -> HttpResponse:
    """Say that something is not owed any more."""
    owed = _found(request, Obligation, identifier)
    obligations.cancel_obligation(
        actor=request.actor, obligation=owed, reason=request.POST.get("reason", ""), seen_state=seen_state(request)
    )
    return done(request, _("应付款已取消。"), f"{_address(owed.project_id)}#money")


def _small(request: Request, project: Project, form: Form, perform: Perform) -> HttpResponse:
    """A form of a project: drawn, read and checked; what is refused comes back as it was typed."""
    given = request.POST if request.method == "POST" else None
    attempt = Attempt()
    if given is not None:
        with attempt:
            perform(form.read(given))
            return done(request, form.said, _address(project.pk))
    context = {
        "project": project,
        "heading": form.heading,
        "note": form.note,
        "rows": forms.rows(form.kind, form.initial, form.names, attempt.problems, given),
        "metrics": form.metrics,
        "button": form.button,
        "revision": request.POST.get("revision") or project.revision,
        "failed": attempt.message,
        "whole": [problem.message for problem in attempt.problems if problem.field not in form.names],
    }
    if form.budget:
        context |= project_forms.budget_part(project, given, attempt.problems)
    return page(request, "challenge/project_form", context, status=attempt.status)


def _led(request: Request, identifier: UUID) -> Project:
    """A project that the reader's organisation leads."""
    project = project_or_404(request, identifier)
    require(request.actor, "lead", project)
    return project


def _found(request: Request, model: type[Record], identifier: UUID) -> Record:
    """A record of a project, if the reader may view it."""
    records = model._default_manager.select_related("project__topic__programme", "project__leader")
    return found_or_404(request, "view", records, identifier)


def _address(project: UUID) -> str:
    return reverse("portal:project", args=(project,))
