"""Projects: what an award becomes, its contract and plan, its course to acceptance or to an end told why."""

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.programmes.budgeting import budget_problems
from rongtong.domain.programmes.holding import held
from rongtong.domain.programmes.models import Milestone, Project, Submission, Topic
from rongtong.domain.programmes.queries.projects import people_of
from rongtong.domain.programmes.states import MILESTONE, PROJECT
from rongtong.domain.programmes.terms import number, template
from rongtong.domain.programmes.totals import added, column
from rongtong.engines.money.splitting import instalments, parts

WINNING = ("proposed", "awarded")
LUMP_SUM, ITEMISED = "lump_sum", "itemised"
PLANNED_BY_TEAM = frozenset({"plan", "budget_mode", "budget", "chief", "chief_name", "finance_keeper"})
CONTRACT = frozenset({"contract_number", "signed_on", "ends_on"})
"""What the organiser writes: it signs the contract too."""
NEGOTIABLE = "initiated"
STEPS_ENDING = ("fail", "terminate")


@action("programmes.create_project")
def create_project(*, actor: Actor, submission: Submission) -> Project:
    """The project of an awarded submission, with its part of the topic's money and its milestones, to be contracted.

    Each winner of a topic gets an equal part; the milestones follow the topic's plan of payment, spread evenly over its
    months. In a horse race the first instalment is equal to the fen and gates come after it. The second call answers
    the same project. Raises IllegalTransition for a submission that was not awarded, AccessDenied.
    """
    topic = Topic.objects.select_for_update(of=("self",)).select_related("programme").get(pk=submission.topic_id)
    awarded = Submission.objects.get(pk=submission.pk)
    require(actor, "steer", awarded)
    if awarded.state != "awarded":
        raise IllegalTransition(_("只有已立项的申请才能建立项目。"))
    known = Project.objects.filter(submission=awarded).first()
    if known is not None:
        audit.record(actor, "programmes.create_project", known, again=True)
        return known
    setter, public = _money_of(topic, awarded)
    project = Project.objects.create(
        topic=topic, submission=awarded, leader_id=awarded.applicant_id, setter=topic.setter_id,
        title=topic.title, ends_on=_months_on(clock.today(), topic.months),
        setter_money=sum(setter), public_money=sum(public),
        forbidden=list(template(topic.programme.template).forbidden), **_promised(awarded),
    )  # fmt: skip
    Milestone.objects.bulk_create(_milestones(topic, project, setter, public))
    audit.record(
        actor, "programmes.create_project", project, submission=awarded.pk, setter_money=project.setter_money,
        public_money=project.public_money,
    )  # fmt: skip
    return project


@action("programmes.edit_project")
def edit_project(*, actor: Actor, project: Project, revision: int | None = None, **facts: Any) -> Project:
    """Write down plan, budget and people (the team), number and days of the contract (the organiser).

    ``revision`` is the one the person has before their eyes: what others wrote since is not overwritten.

    Once the contract is signed only the keeper of the ledger changes; the rest changes by a change (:mod:`changes`).
    Raises Invalid with every problem, IllegalTransition, AccessDenied.
    """
    locked = held(project)
    require(actor, "edit", locked)
    unknown = facts.keys() - PLANNED_BY_TEAM - CONTRACT
    if unknown:
        raise Invalid(_("这些内容不能这样修改：%(names)s。") % {"names": "、".join(sorted(unknown))})
    if facts.keys() & CONTRACT:
        require(actor, "manage", locked)
    if locked.state != NEGOTIABLE and facts.keys() - {"finance_keeper"}:
        raise IllegalTransition(_("合同已经签订，计划和预算要通过变更来修改。"))
    refuse_other_revision(locked, revision)
    before = {name: getattr(locked, name) for name in facts}
    for name, value in facts.items():
        setattr(locked, name, value.strip() if isinstance(value, str) else value)
    _raise([*_people_problems(locked, facts), *_project_problems(locked)])
    locked.revision += 1
    locked.save()
    audit.record(actor, "programmes.edit_project", locked, before=before)
    return locked


@action("programmes.plan_milestones")
def plan_milestones(
    *, actor: Actor, project: Project, rows: Sequence[Mapping[str, Any]], revision: int | None = None
) -> Project:
    """Plan the milestones before the contract: ``rows`` of title, due, deliverable, share ("3/10"), metrics.

    The shares add up to one and the project's money is divided by them to the fen. In a horse race number, shares,
    metrics and gates are the topic's, the same for every team. ``revision`` as in :func:`edit_project`. Raises Invalid
    with every problem, by ``row.column``.
    """
    locked = held(project)
    require(actor, "edit", locked)
    if locked.state != NEGOTIABLE:
        raise IllegalTransition(_("合同已经签订，里程碑要通过变更来修改。"))
    refuse_other_revision(locked, revision)
    known = list(locked.milestones.select_for_update())
    race = template(locked.topic.programme.template).has("race")
    planned = [_planned(locked, place, row, known, race) for place, row in enumerate(rows)]
    _raise(_race_problems(planned, known, race) or _plan_problems(planned))
    before = [_told(each) for each in known]
    for each in known[len(planned) :]:
        each.delete()
    _divide(locked, planned, race)
    for each in planned:
        each.save()
    locked.revision += 1
    locked.save(update_fields=["revision"])
    audit.record(actor, "programmes.plan_milestones", locked, before=before, after=[_told(each) for each in planned])
    return locked


@action("programmes.advance_project")
def advance_project(
    *, actor: Actor, project: Project, event: str, reason: str = "", seen_state: str | None = None
) -> Project:
    """Move a project along its table. A team is eliminated at a gate alone, where all are compared.

    A project that failed or was terminated keeps what it earned; what was still to do is dropped with the reason.
    """
    locked = held(project)
    if event == "eliminate":
        require(actor, "manage", locked)
        raise IllegalTransition(_("赛马淘汰在关口比较中一并决定。"))
    stones = list(locked.milestones.select_for_update())
    moved = advance(PROJECT, locked, event, actor=actor, reason=reason, seen_state=seen_state)
    if event == "accept":
        moved.accepted_on = clock.today()
        moved.save(update_fields=["accepted_on"])
    if event in STEPS_ENDING:
        for stone in stones:
            drop_milestone(actor, stone, reason)
    return moved


def drop_milestone(actor: Actor, milestone: Milestone, reason: str) -> None:
    """Say of a milestone that nothing comes of it any more; for use within an action. What is decided stays so."""
    if milestone.state in ("planned", "due", "rework"):
        advance(MILESTONE, milestone, "drop", actor=actor, reason=reason)
    elif milestone.state == "reported":
        advance(MILESTONE, milestone, "fail", actor=actor, reason=reason)


def gate_orders(topic: Topic) -> frozenset[int]:
    """Which milestones of a race are gates: those after the equal first instalment, as many as the programme has."""
    kind = template(topic.programme.template)
    if not kind.has("race"):
        return frozenset()
    last, count = len(topic.payments), number(topic.programme, "gates")
    first = min(2, last)
    return frozenset(range(first, min(first + count, last + 1)))


def refuse_other_revision(project: Project, revision: int | None) -> None:
    """Raise IllegalTransition where somebody wrote the project since the reader had it before their eyes."""
    if revision is not None and revision != project.revision:
        raise IllegalTransition(_("您打开页面之后，别人改过这个项目，没有保存。请另开一页核对后再改。"))


def _money_of(topic: Topic, submission: Submission) -> tuple[list[int], list[int]]:
    """What this winner gets at each milestone of the setter's and of the public money, in fen.

    Its equal part of what the other winners' projects leave: so who steps up later takes what fell free, to the fen.
    """
    winners = topic.submissions.filter(state__in=WINNING)
    others = list(topic.projects.filter(submission__in=winners.exclude(pk=submission.pk)))
    return _part_of(topic, "setter", winners.count(), others), _part_of(topic, "public", winners.count(), others)


def _part_of(topic: Topic, purse: str, winners: int, others: Sequence[Project]) -> list[int]:
    shares, whole = [Fraction(share) for share in topic.payments], getattr(topic, column(purse))
    unspoken = whole - sum(getattr(project, column(purse)) for project in others)
    left = [sum(each) for each in zip(*instalments(whole, shares, winners), strict=True)]
    own = added(others)
    for stone in Milestone.objects.filter(project__in=others).select_related("project"):
        extra = own[stone.project_id, stone.order, purse]
        if stone.order <= len(left):
            left[stone.order - 1] -= getattr(stone, column(purse)) - extra
        if stone.project.state != "eliminated" or stone.state == "passed":
            unspoken += extra
    if min(left) < 0 or sum(left) != unspoken:  # another team planned its milestones anew
        left = parts(max(unspoken, 0), shares)
    return [parts(each, [Fraction(1)] * (winners - len(others)))[0] for each in left]


def _promised(submission: Submission) -> dict[str, Any]:
    """What the submission says of how the work is done and paid for."""
    answers = submission.content.get("answers", {})
    return {
        "plan": str(answers.get("approach", "")),
        "budget_mode": LUMP_SUM if answers.get("budget_mode") == LUMP_SUM else ITEMISED,
        "budget": list(submission.content.get("budget", [])),
    }


def _milestones(topic: Topic, project: Project, setter: Sequence[int], public: Sequence[int]) -> list[Milestone]:
    count, today = len(topic.payments), clock.today()
    gates = gate_orders(topic)
    return [
        Milestone(
            project=project, order=order, title=_("第 %(order)s 个里程碑") % {"order": order},
            due=_months_on(today, topic.months * order // count), metrics=list(topic.metrics),
            share=topic.payments[order - 1], setter_money=setter[order - 1], public_money=public[order - 1],
            gate=order in gates,
        )
        for order in range(1, count + 1)
    ]  # fmt: skip


def _months_on(day: dt.date, months: int) -> dt.date:
    """The same day of the month ``months`` on, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    beginning_of_next = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(beginning_of_next - dt.timedelta(days=1), dt.date(year, month + 1, 1) + dt.timedelta(days=day.day - 1))


def _people_problems(project: Project, facts: Mapping[str, Any]) -> list[Problem]:
    """Chief and keeper act for the leading party; the chief is called as the account is, unless named otherwise."""
    known = {each.pk: each.display_name for each in people_of(project.leader_id)}
    asked = {name: facts[name] for name in ("chief", "finance_keeper") if facts.get(name) is not None}
    if asked.get("chief") in known and not facts.get("chief_name"):
        project.chief_name = known[asked["chief"]]
    return [Problem(name, _("请从承担单位的人员中选择。")) for name, account in asked.items() if account not in known]


def _project_problems(project: Project) -> list[Problem]:
    kind = template(project.topic.programme.template)
    found = budget_problems(
        kind, project.forbidden, project.budget, setter_money=project.setter_money, public_money=project.public_money
    )
    if project.budget_mode not in (ITEMISED, LUMP_SUM):
        found.append(Problem("budget_mode", _("请选择预算制或包干制。")))
    if project.finance_keeper is not None and project.finance_keeper == project.chief:
        found.append(Problem("finance_keeper", _("财务负责人应由首席科学家以外的人担任。")))
    if project.signed_on is not None and project.signed_on > clock.today():
        found.append(Problem("signed_on", _("签订日期不能晚于今天。")))
    if project.signed_on is not None and project.ends_on is not None and project.ends_on <= project.signed_on:
        found.append(Problem("ends_on", _("结束日期应晚于签订日期。")))
    return found


def _planned(project: Project, place: int, row: Mapping[str, Any], known: Sequence[Milestone], race: bool) -> Milestone:
    """The milestone of a row; one that stands already keeps its identity, in a race also what is common to all."""
    stone = known[place] if place < len(known) else Milestone(project=project, metrics=list(project.topic.metrics))
    stone.order = place + 1
    due: Any = row.get("due")
    stone.title, stone.due = str(row.get("title", "")).strip(), due
    stone.deliverable = str(row.get("deliverable", "")).strip()
    if not race:
        stone.share, stone.metrics = str(row.get("share", "")), list(row.get("metrics", stone.metrics))
    return stone


def _plan_problems(planned: Sequence[Milestone]) -> list[Problem]:
    found = [] if planned else [Problem("", _("至少要有一个里程碑。"))]
    for place, stone in enumerate(planned):
        if not stone.title:
            found.append(Problem(f"{place}.title", _("请写明里程碑的名称。")))
        if stone.due is None:
            found.append(Problem(f"{place}.due", _("请填写到期日期，写法如 2026-06-30。")))
        elif place and planned[place - 1].due is not None and stone.due <= planned[place - 1].due:
            found.append(Problem(f"{place}.due", _("到期日期应晚于前一个里程碑。")))
        if not is_share(stone.share):
            found.append(Problem(f"{place}.share", _("付款比例应为分数，例如 3/10。")))
    if all(is_share(stone.share) for stone in planned) and sum(Fraction(stone.share) for stone in planned) != 1:
        found.append(Problem("", _("各里程碑的付款比例相加应为 100%。")))
    return found


def _race_problems(planned: Sequence[Milestone], known: Sequence[Milestone], race: bool) -> list[Problem]:
    if race and len(planned) != len(known):
        return [Problem("", _("赛马的里程碑个数由榜题规定，各队相同。"))]
    return []


def is_share(written: str) -> bool:
    """Whether a share is an exact fraction between nought and one."""
    try:
        return 0 < Fraction(written) <= 1
    except (ValueError, ZeroDivisionError):
        return False


def _divide(project: Project, planned: Sequence[Milestone], race: bool) -> None:
    """The project's money over its milestones; a race keeps what was divided among the teams."""
    if race:
        return
    shares = [Fraction(stone.share) for stone in planned]
    (setter,), (public,) = instalments(project.setter_money, shares, 1), instalments(project.public_money, shares, 1)
    for place, stone in enumerate(planned):
        stone.setter_money, stone.public_money = setter[place], public[place]


def _told(milestone: Milestone) -> dict[str, Any]:
    return {
        "order": milestone.order, "title": milestone.title, "due": milestone.due, "share": milestone.share,
        "setter_money": milestone.setter_money, "public_money": milestone.public_money,
    }  # fmt: skip


def _raise(problems: Sequence[Problem]) -> None:
    if problems:
        raise Invalid(_("有 %(count)s 处需要修改，未保存。") % {"count": len(problems)}, problems)
