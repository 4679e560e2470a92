"""What a team tells while it works: reports of the year and at the end, what it spends, what proves its diligence."""

import datetime as dt

from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.programmes.actions.projects import ITEMISED
from rongtong.domain.programmes.budgeting import PURSES, prohibited, yuan
from rongtong.domain.programmes.holding import held
from rongtong.domain.programmes.models import Project, Report, Spending
from rongtong.domain.programmes.states import SPENDING

AT_WORK = ("running", "suspended", "acceptance", "conditional")
DILIGENCE = ("records", "decisions", "spending")
LONGEST = 20_000


@action("programmes.hand_in_report")
def hand_in_report(*, actor: Actor, project: Project, kind: str, year: int, text: str, spent: int = 0) -> Report:
    """Hand in the report of a year (progress) or of the whole (final); ``spent`` so far in fen. Each once."""
    locked = held(project)
    report = Report(
        project=locked, kind=kind, year=year, text=text.strip(), spent=spent, account=actor.account,
        written_by=actor.name,
    )  # fmt: skip
    require(actor, "write", report)
    problems = [] if kind in Report.KINDS else [Problem("kind", _("请选择年度进展报告或结题报告。"))]
    if not 0 < len(report.text) <= LONGEST:
        problems.append(Problem("text", _("请填写报告内容，最多 %(most)s 字。") % {"most": LONGEST}))
    if spent < 0:
        problems.append(Problem("spent", _("金额不能小于零。")))
    if not locked.created_at.year <= year <= clock.today().year and kind == "progress":
        problems.append(Problem("year", _("年度应在立项之后、今年之前（含今年）。")))
    _raise(problems)
    if locked.state not in AT_WORK:
        raise IllegalTransition(_("项目不在执行中，不能提交报告。"))
    same = locked.reports.filter(kind=kind) if kind == "final" else locked.reports.filter(kind=kind, year=year)
    if same.exists():
        raise IllegalTransition(_("这份报告已经提交过。"))
    report.save(force_insert=True)
    audit.record(actor, "programmes.hand_in_report", report, kind=kind, year=year, spent=spent)
    return report


@action("programmes.ask_spending")
def ask_spending(
    *, actor: Actor, project: Project, item: str, purse: str, fen: int, purpose: str, day: dt.date | None = None
) -> Spending:
    """Ask the keeper of the ledger to book a spending of ``fen``. What is on the negative list is refused by its name.

    Raises Invalid with every problem: no line of the budget, more than the purse holds.
    """
    locked = held(project)
    asked = Spending(
        project=locked, item=item.strip(), purse=purse, fen=fen, day=day or clock.today(), purpose=purpose.strip(),
        account=actor.account, asked_by=actor.name,
    )  # fmt: skip
    require(actor, "ask", asked)
    _raise(_spending_problems(locked, asked))
    if locked.state not in AT_WORK:
        raise IllegalTransition(_("项目不在执行中，不能支出。"))
    named = ("item", "purse", "fen", "day", "purpose", "account")
    if locked.spendings.filter(state="asked", **{name: getattr(asked, name) for name in named}).exists():
        raise IllegalTransition(_("同样的一笔支出已经申请，正待入账。"))
    asked.save(force_insert=True)
    audit.record(actor, "programmes.ask_spending", asked, item=asked.item, purse=purse, fen=fen)
    return asked


@action("programmes.advance_spending")
def advance_spending(
    *, actor: Actor, spending: Spending, event: str, reason: str = "", seen_state: str | None = None
) -> Spending:
    """Book or refuse a spending that another asked for."""
    held(spending.project)
    moved = advance(SPENDING, spending, event, actor=actor, reason=reason, seen_state=seen_state)
    moved.booked_by = actor.name
    moved.save(update_fields=["booked_by"])
    return moved


@action("programmes.record_diligence")
def record_diligence(*, actor: Actor, project: Project, records: str, decisions: str, spending: str) -> Project:
    """Keep what proves that the team worked with diligence: original records, how it decided, how it spent.

    Law on Progress of Science and Technology, article 68; the documents themselves are attached to the project.
    """
    locked = held(project)
    require(actor, "lead", locked)
    if locked.state not in (*AT_WORK, "failed"):
        raise IllegalTransition(_("项目已经结束，不能再补充尽职材料。"))
    written = dict(zip(DILIGENCE, (records.strip(), decisions.strip(), spending.strip()), strict=True))
    if any(len(each) > LONGEST for each in written.values()):
        raise Invalid(_("每项最多 %(most)s 字。") % {"most": LONGEST})
    before, locked.diligence = locked.diligence, written | {"by": actor.name, "at": clock.now().isoformat()}
    locked.save(update_fields=["diligence"])
    audit.record(actor, "programmes.record_diligence", locked, before=before)
    return locked


def _spending_problems(project: Project, asked: Spending) -> list[Problem]:
    found = []
    against = prohibited(project.forbidden, asked.item, asked.purpose)
    if against is not None:
        said = {"item": asked.item, "name": against.label}
        found.append(Problem("item", _("“%(item)s”属于负面清单中的“%(name)s”，不得列支。") % said))
    if not asked.item or len(asked.item) > 80:
        found.append(Problem("item", _("请写明支出科目。")))
    elif project.budget_mode == ITEMISED and asked.item not in {line["item"] for line in project.budget}:
        found.append(Problem("item", _("“%(item)s”不在预算科目里，请先变更预算。") % {"item": asked.item}))
    if not 0 < len(asked.purpose) <= 300:
        found.append(Problem("purpose", _("请写明用途，最多 300 字。")))
    if asked.day > clock.today():
        found.append(Problem("day", _("支出日期不能晚于今天。")))
    if asked.purse not in PURSES:
        found.append(Problem("purse", _("请选择资金来源。")))
    return [*found, *_money_problems(project, asked)]


def _money_problems(project: Project, asked: Spending) -> list[Problem]:
    if asked.fen <= 0:
        return [Problem("fen", _("金额应大于零，写法如 12000 或 1.2万。"))]
    granted = {"setter": project.setter_money, "public": project.public_money}.get(asked.purse)
    taken = sum(project.spendings.filter(purse=asked.purse).exclude(state="refused").values_list("fen", flat=True))
    if granted is None or taken + asked.fen <= granted:
        return []
    said = {"purse": PURSES[asked.purse], "left": yuan(granted - taken)}
    return [Problem("fen", _("“%(purse)s”只剩 %(left)s 元。") % said)]


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise Invalid(_("有 %(count)s 处需要修改，未保存。") % {"count": len(problems)}, problems)
