"""Changes of a running project: told where the chief scientist decides alone, asked for and answered otherwise."""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.foundation.words import Words
from rongtong.domain.mailbox.telling import tell
from rongtong.domain.programmes.actions.projects import refuse_other_revision
from rongtong.domain.programmes.budgeting import PURSES, budget_problems, item_label, yuan
from rongtong.domain.programmes.holding import held
from rongtong.domain.programmes.models import Change, Milestone, Project
from rongtong.domain.programmes.queries.projects import agreements, people_of
from rongtong.domain.programmes.states import CHANGE
from rongtong.domain.programmes.terms import Template, template
from rongtong.domain.programmes.totals import GRANTED, column, divided, total_problems, totals

KINDS: dict[str, Words] = {
    "route": Words("技术路线", "Technical route"),
    "spending": Words("总额内的支出调剂", "Spending within the total"),
    "team": Words("研究团队", "Team"),
    "end": Words("结束日期", "End of the project"),
    "milestones": Words("里程碑日期", "Days of milestones"),
    "chief": Words("首席科学家", "Chief scientist"),
    "budget": Words("预算总额", "Budget total"),
    "other": Words("其他", "Other"),
}
OF_BUDGET = ("budget", "spending")
UNDER_WAY = ("contracted", "running", "suspended")
OPEN_STONES = ("planned", "due", "rework")
LONGEST = 4000


@action("programmes.ask_change")
def ask_change(
    *,
    actor: Actor,
    project: Project,
    kind: str,
    after: str,
    reason: str,
    effect: Mapping[str, Any] | None = None,
    revision: int | None = None,
) -> Change:
    """Ask for a change that the organiser approves. ``effect``: ``ends_on`` (a day), ``due`` (order → day), ``chief``
    (an account), ``money`` (purse → its new total in fen), ``budget`` (the lines as they will be).

    It takes effect when it is approved. ``revision`` is the one of the project before the reader's eyes. Raises Invalid
    with every problem, IllegalTransition.
    """
    locked, asked = _begun(actor, "ask", project, kind, after, reason)
    refuse_other_revision(locked, revision)
    if kind not in _kind(locked).asked:
        raise Invalid(_("这类变更由首席科学家自主决定，备案即可。"))
    asked.effect, asked.before = _effect(locked, kind, effect or {}), _stands(locked, kind)
    asked.save(force_insert=True)
    audit.record(actor, "programmes.ask_change", asked, kind=kind, after=asked.after, effect=asked.effect)
    tell(actor, "change.ask", asked)
    return asked


@action("programmes.tell_change")
def tell_change(
    *, actor: Actor, project: Project, kind: str, after: str, reason: str, effect: Mapping[str, Any] | None = None
) -> Change:
    """Put on record what the chief scientist decided alone: the route, spending within the total (``effect`` may hold
    the new lines of the ``budget``), the team. It takes effect at once.
    """
    locked, told = _begun(actor, "tell", project, kind, after, reason)
    if kind not in _kind(locked).alone:
        raise Invalid(_("这类变更需要批准，请提出申请。"))
    told.delegated, told.effect = True, _effect(locked, kind, effect or {})
    told.before = _stands(locked, kind)
    told.save(force_insert=True)
    moved = advance(CHANGE, told, "tell", actor=actor, kind=kind, after=told.after)
    _take_effect(locked, moved)
    return moved


@action("programmes.advance_change")
def advance_change(
    *,
    actor: Actor,
    change: Change,
    event: str,
    reason: str = "",
    agreement: str = "",
    seen_state: str | None = None,
) -> Change:
    """Approve or refuse what was asked for; what is approved takes effect at once.

    Another total of the setter's money needs the setter's agreement: the ``reason`` names it, ``agreement`` is the
    identifier of the document of the project that shows it.
    """
    project = held(change.project)
    moved = advance(CHANGE, change, event, actor=actor, reason=reason, seen_state=seen_state)
    moved.answer = reason.strip()[:500]
    moved.save(update_fields=["answer"])
    if event == "approve":
        if "money" in moved.effect:
            _take_totals(actor, project, moved, agreement)
        _take_effect(project, moved)
    return moved


def _begun(actor: Actor, needs: str, project: Project, kind: str, after: str, reason: str) -> tuple[Project, Change]:
    locked = held(project)
    change = Change(
        project=locked,
        kind=kind,
        after=after.strip(),
        reason=reason.strip(),
        account=actor.account,
        asked_by=actor.name,
    )
    require(actor, needs, change)
    problems = [] if kind in KINDS else [Problem("kind", _("请选择变更的种类。"))]
    problems += [
        Problem(name, _("请写明变更的内容。") if name == "after" else _("请写明变更的理由。"))
        for name in ("after", "reason")
        if not 0 < len(getattr(change, name)) <= LONGEST
    ]
    _raise(problems)
    if locked.changes.filter(kind=kind, after=change.after, reason=change.reason, state="asked").exists():
        raise IllegalTransition(_("同样的变更已经提出，正待答复。"))
    if locked.state not in UNDER_WAY:
        raise IllegalTransition(_("项目不在执行中，不能变更。"))
    return locked, change


def _kind(project: Project) -> Template:
    return template(project.topic.programme.template)


def _effect(project: Project, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What will take effect, as it is stored; a change of days names them, one of the budget its lines."""
    if given.get("budget") and kind not in OF_BUDGET:
        raise _invalid("kind", _("改了预算表的，变更内容请选择预算或支出调剂。"))
    money = {purse: fen for purse, fen in given.get("money", {}).items() if fen is not None}
    if money and kind != "budget":
        raise _invalid("kind", _("改了资金总额的，变更内容请选择预算总额。"))
    if kind == "end":
        day = _day(given.get("ends_on"))
        if day is None or (project.signed_on is not None and day <= project.signed_on):
            raise _invalid("ends_on", _("请填写新的结束日期，应晚于签订日期。"))
        return {"ends_on": day.isoformat()}
    if kind == "milestones":
        return {"due": _due(project, given.get("due", {}))}
    if kind == "chief":
        return _chief(project, given)
    if kind == "budget":
        return _another_total(project, money, given.get("budget") or [])
    return {"budget": _budget(project, given["budget"])} if given.get("budget") else {}


def _another_total(project: Project, money: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The new totals beside those that stand, and the lines as they will be; the lines alone where others than the
    setter and the public pay for what is new.
    """
    if money.keys() - set(GRANTED):
        raise _invalid("kind", _("没有这样的资金来源。"))
    stands = totals(project)
    wanted = {**stands, **money}
    if wanted == stands and not rows:
        raise _invalid("setter_money", _("请写明变更后的总额，或者在预算表中写明变更后的预算。"))
    _raise(total_problems(stands, wanted, list(project.milestones.all())))
    lines = {"budget": _budget(project, rows or project.budget, wanted)} if rows or project.budget else {}
    return lines if wanted == stands else {"money": wanted, "stood": stands} | (lines if rows else {})


def _due(project: Project, given: Mapping[str, Any]) -> dict[str, str]:
    """The new days by order; in the order of the milestones, and only of those not yet examined."""
    stones = list(project.milestones.all())
    asked = {order: day for order, written in given.items() if (day := _day(written)) is not None}
    days = [asked.get(str(stone.order), stone.due) for stone in stones]
    if not asked:
        raise _invalid("due", _("请至少给一个里程碑填写新的日期。"))
    if any(stone.state not in OPEN_STONES for stone in stones if str(stone.order) in asked):
        raise _invalid("due", _("已提交或已查验的里程碑不能再改日期。"))
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise _invalid("due", _("里程碑的日期应依次向后。"))
    return {order: day.isoformat() for order, day in asked.items()}


def _chief(project: Project, given: Mapping[str, Any]) -> dict[str, Any]:
    known = {each.pk: each.display_name for each in people_of(project.leader_id)}
    account = given.get("chief")
    if account not in known:
        raise _invalid("chief", _("请从承担单位的人员中选择新的首席科学家。"))
    if account == project.finance_keeper:
        raise _invalid("chief", _("财务负责人应由首席科学家以外的人担任。"))
    return {"chief": account, "chief_name": known[account]}


def _budget(
    project: Project, rows: Sequence[Mapping[str, Any]], money: Mapping[str, int] | None = None
) -> list[dict[str, Any]]:
    """The lines as they will be, held to the same rules as those of the contract, within ``money``, purse → fen."""
    limits = money or totals(project)
    _raise(
        budget_problems(
            _kind(project), project.forbidden, rows, setter_money=limits["setter"], public_money=limits["public"]
        )
    )
    return [dict(row) for row in rows]


def _take_totals(actor: Actor, project: Project, change: Change, agreement: str) -> None:
    """The new totals stand, and the milestones still to come share what is left of them by their shares."""
    money, stood = change.effect["money"], change.effect["stood"]
    if project.state not in UNDER_WAY:
        raise IllegalTransition(_("项目不在执行中，不能变更。"))
    if stood != totals(project):
        raise IllegalTransition(_("申请之后核定的资金变过，请不批准本申请，由承担单位按现在的资金重新提出。"))
    if money["setter"] != stood["setter"]:
        change.effect["agreement"] = _agreement(actor, project, change, agreement)
    stones = list(project.milestones.select_for_update())
    _raise(total_problems(stood, money, stones))
    change.effect["added"] = {purse: _divide(stones, purse, money[purse]) for purse in GRANTED
                              if money[purse] != stood[purse]}  # fmt: skip
    change.save(update_fields=["effect"])
    for stone in stones:
        stone.save(update_fields=[column(purse) for purse in GRANTED])
    for purse in GRANTED:
        setattr(project, column(purse), money[purse])
    project.save(update_fields=[column(purse) for purse in GRANTED])
    _budget(project, change.effect.get("budget", project.budget))
    audit.record(
        actor, "programmes.change_total", project, change=change.pk, before=stood, after=money,
        milestones={str(stone.order): totals(stone) for stone in stones},
        agreement=change.effect.get("agreement"),
    )  # fmt: skip


def _divide(stones: Sequence[Milestone], purse: str, total: int) -> dict[str, int]:
    """Give every milestone its part of the new total; answers what was added to each, by its order."""
    given, found = divided(stones, purse, total), {}
    for stone in stones:
        found[str(stone.order)] = given[stone.order] - getattr(stone, column(purse))
        setattr(stone, column(purse), given[stone.order])
    return found


def _agreement(actor: Actor, project: Project, change: Change, identifier: str) -> dict[str, str]:
    """The document that shows the setter's agreement: which it is, and what it held when it was relied upon."""
    shown = next((each for each in agreements(actor, project) if str(each.pk) == identifier), None)
    problems = [] if change.answer else [Problem("reason", _("请写明出题方怎样同意：同意人、日期、文号。"))]
    if shown is None:
        problems.append(Problem("agreement", _("请选择出题方书面同意的附件；没有的，先添加为项目附件，项目各方可见。")))
    if shown is None or problems:
        raise Invalid(_("有 %(count)s 处需要修改，未提交。") % {"count": len(problems)}, problems)
    return {"document": str(shown.pk), "name": shown.name, "sha256": shown.sha256}


def _raise(problems: Sequence[Problem]) -> None:
    if problems:
        raise Invalid(_("有 %(count)s 处需要修改，未提交。") % {"count": len(problems)}, problems)


def _stands(project: Project, kind: str) -> str:
    """What a change replaces, in words."""
    if kind == "end":
        return project.ends_on.isoformat() if project.ends_on else ""
    if kind == "milestones":
        return "；".join(f"{stone.order}：{stone.due.isoformat()}" for stone in project.milestones.all())
    if kind == "budget":
        return "；".join(f"{PURSES[purse]} {yuan(fen)}" for purse, fen in totals(project).items())
    if kind == "spending":
        return "；".join(f"{item_label(_kind(project), row['item'])} {yuan(row['fen'])}" for row in project.budget)
    return project.chief_name if kind == "chief" else ""


def _take_effect(project: Project, change: Change) -> None:
    """What was asked for stands from now on; the money may have changed since, so a budget is held to it once more."""
    effect = change.effect
    if "budget" in effect:
        project.budget = _budget(project, effect["budget"])
    if "ends_on" in effect:
        project.ends_on = dt.date.fromisoformat(effect["ends_on"])
    if "chief" in effect:
        project.chief, project.chief_name = effect["chief"], effect["chief_name"]
    project.revision += 1
    project.save(update_fields=["ends_on", "chief", "chief_name", "budget", "revision"])
    for stone in project.milestones.select_for_update():
        day = effect.get("due", {}).get(str(stone.order))
        if day is not None and stone.state in OPEN_STONES:
            stone.due = dt.date.fromisoformat(day)
            stone.save(update_fields=["due"])


def _day(written: object) -> dt.date | None:
    if isinstance(written, dt.date):
        return written
    try:
        return dt.date.fromisoformat(str(written or ""))
    except ValueError:
        return None


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, [Problem(field, message)])
