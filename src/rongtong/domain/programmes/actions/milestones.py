"""Milestones: they fall due, are reported with what was reached, examined, and, in a race, compared at a gate."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.programmes.actions.obligations import raise_obligations
from rongtong.domain.programmes.actions.projects import drop_milestone
from rongtong.domain.programmes.holding import held, held_topic
from rongtong.domain.programmes.judging import cleaned, reached_problems
from rongtong.domain.programmes.models import Milestone, Obligation, Project, Topic
from rongtong.domain.programmes.states import MILESTONE, PROJECT
from rongtong.domain.programmes.totals import added
from rongtong.engines.money.splitting import instalments

GOES_ON = ("initiated", "contracted", "running", "suspended")
CONTINUE, ELIMINATE = "continue", "eliminate"
REPORT_LONGEST = 20_000


class Team(NamedTuple):
    """One team at a gate: its project, all its milestones, the one that is compared."""

    project: Project
    stones: list[Milestone]
    gate: Milestone


@action("programmes.fall_due")
def fall_due(*, actor: Actor, milestone: Milestone) -> Milestone:
    """Say that the day of a milestone has come. Raises IllegalTransition before it."""
    held(milestone.project)
    if Milestone.objects.get(pk=milestone.pk).due > clock.today():
        raise IllegalTransition(_("还没到里程碑的日期。"))
    return advance(MILESTONE, milestone, "fall_due", actor=actor)


@action("programmes.report_milestone")
def report_milestone(
    *,
    actor: Actor,
    milestone: Milestone,
    report: str,
    reached: Sequence[Mapping[str, Any]],
    seen_state: str | None = None,
) -> Milestone:
    """The team's report of a milestone: what was done, and the value ``reached`` of each metric (name, value, note).

    Raises Invalid with every problem, by ``report`` and ``reached.<place>``; IllegalTransition; AccessDenied.
    """
    held(milestone.project)
    locked = Milestone.objects.select_for_update(of=("self",)).select_related("project").get(pk=milestone.pk)
    require(actor, "report", locked)
    problems = reached_problems(locked.metrics, reached)
    if not report.strip() or len(report) > REPORT_LONGEST:
        problems.insert(0, Problem("report", _("请写明进展和交付情况，最多 %(most)s 字。") % {"most": REPORT_LONGEST}))
    if problems:
        raise Invalid(_("有 %(count)s 处需要修改，未提交。") % {"count": len(problems)}, problems)
    rows = cleaned(locked.metrics, reached)
    Milestone.objects.filter(pk=locked.pk).update(report=report.strip(), reached=rows)
    return advance(MILESTONE, locked, "report", actor=actor, seen_state=seen_state, reached=rows)


@action("programmes.examine_milestone")
def examine_milestone(
    *, actor: Actor, milestone: Milestone, event: str, finding: str = "", seen_state: str | None = None
) -> Milestone:
    """An officer's finding on a milestone: pass, rework, fail or drop. What passed becomes due to the fen.

    A gate of a race passes only in the comparison of all teams (:func:`compare_gate`).
    """
    held(milestone.project)
    locked = Milestone.objects.select_for_update(of=("self",)).get(pk=milestone.pk)
    if locked.gate and event in ("pass", "fail", "drop"):
        require(actor, "examine", locked)
        raise IllegalTransition(_("赛马的关口要和其他队伍一并比较后决定。"))
    moved = advance(MILESTONE, locked, event, actor=actor, reason=finding, seen_state=seen_state)
    moved.finding = finding.strip()
    moved.save(update_fields=["finding"])
    if event == "pass":
        raise_obligations(actor, moved)
    return moved


@action("programmes.compare_gate")
def compare_gate(*, actor: Actor, topic: Topic, order: int, outcome: Mapping[str, Mapping[str, str]]) -> list[Project]:
    """Decide a gate for all teams at once: ``outcome`` is project id → {verdict: continue | eliminate, reason}.

    All have reported, all are decided or none. Who is eliminated keeps what it got and its results; what is left of the
    topic's money is divided anew among those who go on. Answers every team's project. Raises Invalid with what is
    missing by project, IllegalTransition where somebody is not ready.
    """
    locked = held_topic(topic)
    teams = _teams(locked, order)
    for team in teams:
        require(actor, "examine", team.gate)
    _all_ready(locked, teams)
    _raise_incomplete(teams, outcome)
    on, out = _parted(teams, outcome)
    _divide_anew(locked, order, on)
    for team in on:
        moved = advance(MILESTONE, team.gate, "pass", actor=actor, reason=_said(team, outcome), gate=order)
        _keep_finding(moved, _said(team, outcome))
        raise_obligations(actor, moved)
    for team in out:
        _eliminate(actor, team, _said(team, outcome))
    audit.record(actor, "programmes.compare_gate", locked, order=order, outcome=outcome)
    return list(Project.objects.filter(pk__in=[team.project.pk for team in teams]))


def _teams(topic: Topic, order: int) -> list[Team]:
    """The teams that are still in the race with their milestones, held until the write ends."""
    projects = list(
        Project.objects.select_for_update(of=("self",)).filter(topic=topic, state__in=GOES_ON).order_by("pk")
    )
    stones: dict[object, list[Milestone]] = {project.pk: [] for project in projects}
    for stone in Milestone.objects.select_for_update().filter(project__in=projects).order_by("project_id", "order"):
        stones[stone.project_id].append(stone)
    found = [Team(each, stones[each.pk], _gate(stones[each.pk], order)) for each in projects]
    if not found:
        raise IllegalTransition(_("没有还在执行的队伍。"))
    return found


def _gate(stones: Sequence[Milestone], order: int) -> Milestone:
    gate = next((stone for stone in stones if stone.order == order and stone.gate), None)
    if gate is None:
        raise IllegalTransition(_("第 %(order)s 个里程碑不是赛马的关口。") % {"order": order})
    return gate


def _all_ready(topic: Topic, teams: Sequence[Team]) -> None:
    idle = [team.project.leader.name for team in teams if team.project.state != "running"]
    if idle:
        raise IllegalTransition(_("这些队伍不在执行中，请先启动、恢复或终止：%(names)s。") % {"names": "、".join(idle)})
    behind = [team.project.leader.name for team in teams if team.gate.state != "reported"]
    if behind:
        raise IllegalTransition(
            _("这些队伍还没有提交或已经决定，应一并比较：%(names)s。") % {"names": "、".join(behind)}
        )


def _raise_incomplete(teams: Sequence[Team], outcome: Mapping[str, Mapping[str, str]]) -> None:
    problems = []
    for team in teams:
        key, said = str(team.project.pk), {"name": team.project.leader.name}
        given = outcome.get(key, {})
        if given.get("verdict") not in (CONTINUE, ELIMINATE):
            problems.append(Problem(key, _("请为“%(name)s”选择继续或淘汰。") % said))
        elif given["verdict"] == ELIMINATE and not given.get("reason", "").strip():
            problems.append(Problem(key, _("淘汰“%(name)s”要说明理由。") % said))
    if outcome.keys() - {str(team.project.pk) for team in teams}:
        problems.append(Problem("", _("有不在本关口的队伍，请刷新页面后再试。")))
    if problems:
        raise Invalid(_("有 %(count)s 处需要修改，未保存。") % {"count": len(problems)}, problems)


def _parted(teams: Sequence[Team], outcome: Mapping[str, Mapping[str, str]]) -> tuple[list[Team], list[Team]]:
    on = [team for team in teams if outcome[str(team.project.pk)]["verdict"] == CONTINUE]
    return on, [team for team in teams if team not in on]


def _divide_anew(topic: Topic, order: int, on: Sequence[Team]) -> None:
    """What the topic still has, over the milestones from this gate on, equally among the teams that go on.

    What a change of one team's total added or took is that team's alone.
    """
    if not on:
        return
    own = added(topic.projects.all())
    shares = [Fraction(stone.share) for stone in on[0].stones if stone.order >= order]
    setter = instalments(topic.setter_money - _owed(topic, "setter", own), shares, len(on))
    public = instalments(topic.public_money - _owed(topic, "public", own), shares, len(on))
    for place, team in enumerate(on):
        ahead = [stone for stone in team.stones if stone.order >= order]
        for stone, setters, publics in zip(ahead, setter[place], public[place], strict=True):
            # A fen of rounding must not make an instalment that a change took away less than nothing.
            stone.setter_money = max(setters + own[stone.project_id, stone.order, "setter"], 0)
            stone.public_money = max(publics + own[stone.project_id, stone.order, "public"], 0)
            stone.save(update_fields=["setter_money", "public_money"])
        team.project.setter_money = sum(stone.setter_money for stone in team.stones)
        team.project.public_money = sum(stone.public_money for stone in team.stones)
        team.project.revision += 1
        team.project.save(update_fields=["setter_money", "public_money", "revision"])


def _owed(topic: Topic, purse: str, own: Mapping[tuple[UUID, int, str], int]) -> int:
    """What of the topic's money in a purse was given to any team so far, in fen; ``own`` is not the topic's."""
    given = Obligation.objects.filter(project__topic=topic, purse=purse, milestone__isnull=False)
    rows = given.exclude(state="cancelled").values_list("project_id", "milestone__order", "fen")
    return sum(fen - own[project, order, purse] for project, order, fen in rows)


def _eliminate(actor: Actor, team: Team, reason: str) -> None:
    moved = advance(MILESTONE, team.gate, "fail", actor=actor, reason=reason)
    _keep_finding(moved, reason)
    for stone in team.stones:
        if stone.pk != moved.pk:
            drop_milestone(actor, stone, reason)
    gone = advance(PROJECT, team.project, "eliminate", actor=actor, reason=reason)
    passed = [stone for stone in team.stones if stone.state == "passed"]
    gone.setter_money = sum(stone.setter_money for stone in passed)
    gone.public_money = sum(stone.public_money for stone in passed)
    gone.save(update_fields=["setter_money", "public_money"])


def _keep_finding(milestone: Milestone, finding: str) -> None:
    milestone.finding = finding
    milestone.save(update_fields=["finding"])


def _said(team: Team, outcome: Mapping[str, Mapping[str, str]]) -> str:
    return outcome[str(team.project.pk)].get("reason", "").strip()
