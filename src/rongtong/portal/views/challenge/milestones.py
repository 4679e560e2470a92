"""Milestones for people: reported with values, examined row by row, and the teams of a race side by side."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rongtong.domain.foundation.access import allows, require
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.programmes.actions import milestones as actions
from rongtong.domain.programmes.judging import judged
from rongtong.domain.programmes.models import Milestone, Project, Topic
from rongtong.domain.programmes.queries import projects as queries
from rongtong.domain.programmes.queries.projects import Lane
from rongtong.domain.programmes.states import MILESTONE, PROJECT
from rongtong.domain.programmes.terms import template
from rongtong.portal import project_forms
from rongtong.portal.attempts import Attempt
from rongtong.portal.challenging import frame, outcome_in, steps_open, topic_or_404
from rongtong.portal.history import acts_of
from rongtong.portal.http import Request, done, found_or_404, known_or_404, page, seen_state
from rongtong.portal.views.challenge.projects import attached_to, documents_part

HISTORY = 60


@login_required
@require_safe
def of_topic(request: Request, identifier: UUID) -> HttpResponse:
    """The projects of a topic; in a race side by side, milestone by milestone."""
    topic = topic_or_404(request, identifier)
    projects = _teams_or_404(request.actor, topic)
    queries.note_projects(request.actor, "list", projects)
    race = template(topic.programme.template).has("race")
    orders = sorted({stone.order for project in projects for stone in project.milestones.all()})
    context = frame(request.actor, topic, "projects") | {
        "projects": [(each, PROJECT.state(each.state), list(each.milestones.all())) for each in projects],
        "race": race,
        "compared": [
            (order, lanes, _by_metric(lanes))
            for order in orders
            if (lanes := queries.side_by_side(projects, order)) and any(lane.stone.reached for lane in lanes)
        ],
        "gate": queries.gate_next(topic) if race and _decides(request.actor, projects) else None,
    }
    return page(request, "challenge/topic_projects", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gate(request: Request, identifier: UUID) -> HttpResponse:
    """Decide a gate of a race for all teams at once."""
    topic = topic_or_404(request, identifier)
    projects = _teams_or_404(request.actor, topic)
    for project in projects:
        require(request.actor, "manage", project)
    order = known_or_404(queries.gate_next(topic))
    teams = [project for project in projects if project.state in actions.GOES_ON]
    attempt = Attempt()
    if request.method == "POST":
        with attempt:
            _refuse_moved(request, order)
            outcome = outcome_in(request, teams)
            actions.compare_gate(actor=request.actor, topic=topic, order=order, outcome=outcome)
            here = reverse("portal:topic-projects", args=(topic.pk,))
            return done(request, _("关口已决定，全部队伍同时生效。"), here)
    return _gate_page(request, topic, order, queries.side_by_side(teams, order), attempt)


def _gate_page(request: Request, topic: Topic, order: int, lanes: list[Lane], attempt: Attempt) -> HttpResponse:
    context = frame(request.actor, topic, "projects") | {
        "order": order,
        "lanes": [
            (lane, MILESTONE.state(lane.stone.state), request.POST.get(f"verdict-{lane.project.pk}", ""),
             request.POST.get(f"reason-{lane.project.pk}", ""), attempt.wrong.get(str(lane.project.pk), ""))
            for lane in lanes
        ],
        "metrics": _by_metric(lanes),
        "behind": [lane.project.leader.name for lane in lanes if lane.stone.state != "reported"],
        "failed": attempt.message,
    }  # fmt: skip
    return page(request, "challenge/gate", context, status=attempt.status)


@login_required
@require_safe
def detail(request: Request, identifier: UUID) -> HttpResponse:
    """A milestone: what is asked, what was reached, evidence, finding."""
    return _detail(request, _milestone_or_404(request, identifier), Attempt())


@login_required
@require_POST
def report(request: Request, identifier: UUID) -> HttpResponse:
    """The team reports a milestone."""
    stone = _milestone_or_404(request, identifier)
    reached = project_forms.reached_in(request.POST, stone.metrics)
    with Attempt() as attempt:
        actions.report_milestone(
            actor=request.actor, milestone=stone, report=request.POST.get("report", ""), reached=reached,
            seen_state=seen_state(request),
        )  # fmt: skip
        return done(request, _("里程碑已提交，等待查验。"), _address(stone))
    return _detail(request, stone, attempt)


@login_required
@require_POST
def examine(request: Request, identifier: UUID) -> HttpResponse:
    """An officer's finding on a milestone."""
    stone = _milestone_or_404(request, identifier)
    event = request.POST.get("event", "")
    if event not in ("pass", "rework", "fail", "drop"):
        raise Http404
    with Attempt() as attempt:
        moved = actions.examine_milestone(
            actor=request.actor, milestone=stone, event=event, finding=request.POST.get("finding", ""),
            seen_state=seen_state(request),
        )  # fmt: skip
        said = _("里程碑现在是“%(state)s”。") % {"state": MILESTONE.state(moved.state).label}
        return done(request, said, _address(moved))
    return _detail(request, stone, attempt)


@login_required
@require_POST
def attach(request: Request, identifier: UUID) -> HttpResponse:
    """Add evidence to a milestone."""
    stone = _milestone_or_404(request, identifier)
    return attached_to(request, stone, _address(stone), lambda attempt: _detail(request, stone, attempt))


def _detail(request: Request, stone: Milestone, attempt: Attempt) -> HttpResponse:
    actor, project, failed, wrong = request.actor, stone.project, attempt.message, attempt.wrong
    queries.note_projects(actor, "page", [project])
    given = project_forms.reached_in(request.POST, stone.metrics) if failed and "report" in request.POST else None
    rows = judged(stone.metrics, stone.reached)
    open_steps = steps_open(MILESTONE, actor, stone, ("pass", "rework", "fail", "drop"))
    context = {
        "project": project,
        "stone": stone,
        "state": MILESTONE.state(stone.state),
        "rows": rows,
        "inputs": [
            (row, given[place] if given else {"value": row.value, "note": row.note}, wrong.get(f"reached.{place}", ""))
            for place, row in enumerate(rows)
        ],
        "report": request.POST.get("report", stone.report) if failed else stone.report,
        "report_wrong": wrong.get("report", ""),
        "finding": request.POST.get("finding", "") if failed else "",
        "may_report": stone.state in ("planned", "due", "rework") and bool(allows(actor, "report", stone)),
        "open_steps": [step for step in open_steps if not (stone.gate and step.row.event != "rework")],
        "at_gate": stone.gate and stone.state == "reported" and bool(allows(actor, "examine", stone)),
        "obligations": list(stone.obligations.all()),
        "failed": failed,
        "history": acts_of(stone.pk, HISTORY),
        **documents_part(actor, stone, reverse("portal:attach-milestone", args=(stone.pk,))),
    }  # fmt: skip
    return page(request, "challenge/milestone", context, status=attempt.status)


def _teams_or_404(actor: Actor, topic: Topic) -> list[Project]:
    found = queries.teams_of(actor, topic)
    if not found:
        raise Http404
    return found


def _decides(actor: Actor, projects: list[Project]) -> bool:
    return all(allows(actor, "manage", project) for project in projects)


def _by_metric(lanes: list[Lane]) -> list[tuple[Any, list[tuple[Lane, Any]]]]:
    """Each metric with what every team reached of it."""
    if not lanes:
        return []
    return [
        (judged_, [(lane, lane.metrics[place]) for lane in lanes if place < len(lane.metrics)])
        for place, judged_ in enumerate(lanes[0].metrics)
    ]


def _refuse_moved(request: Request, order: int) -> None:
    """The gate that the officer had before their eyes is the one that is decided."""
    if request.POST.get("order") != str(order):
        raise Invalid(_("这个关口已经决定，请刷新页面查看最新状态。"))


def _milestone_or_404(request: Request, identifier: UUID) -> Milestone:
    stones = Milestone.objects.select_related("project__topic__programme", "project__leader")
    return found_or_404(request, "view", stones, identifier)


def _address(stone: Milestone) -> str:
    return reverse("portal:milestone", args=(stone.pk,))
