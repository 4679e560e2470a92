"""The forms of a project: declared like those of a kind of record, so that all are drawn, read and checked alike."""

import datetime as dt
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from django.http import QueryDict

from rongtong.domain.foundation.errors import Problem
from rongtong.domain.foundation.words import Words
from rongtong.domain.programmes.actions.acceptance import STAGES
from rongtong.domain.programmes.actions.changes import KINDS, OPEN_STONES
from rongtong.domain.programmes.budgeting import PURSES, item_called, item_label, yuan
from rongtong.domain.programmes.models import Project
from rongtong.domain.programmes.queries.projects import people_of
from rongtong.domain.programmes.terms import template
from rongtong.domain.programmes.totals import column, fixed, totals
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.types import Choice, Day, Line, Money, Prose, Rejected, Whole
from rongtong.portal.forms import by_field

MONEY = Money()
YUAN = Words("元", "CNY")
MODES = (("itemised", Words("预算制", "Itemised")), ("lump_sum", Words("包干制", "Lump sum")))

AGREED: dict[str, Words] = {
    "setter": Words("批准时须有出题方书面同意，请先把同意书添加为项目附件（项目各方可见）",
                    "approved only with the setter's agreement, attached to the project for all sides"),
    "public": Words("由管理部门批准", "approved by the bureau"),
}  # fmt: skip
"""Who has to agree that a purse gets another total."""


def form(key: str, *fields: Field) -> Kind:
    """A form as a kind of record is declared."""
    return Kind(
        key=key, label=Words("表格", "Form"), description=Words("", ""), group="demand", icon="pencil", columns={},
        fields=fields,
    )  # fmt: skip


def people(project: Project) -> Choice:
    """Who acts for the leading party."""
    found = people_of(project.leader_id)
    return Choice(options=tuple((str(each.pk), Words(each.display_name, each.display_name)) for each in found))


def project_form(project: Project, *, contract: bool, plan: bool) -> Kind:
    """What is written of a project: the contract by the organiser, the plan and its people by either side."""
    written = (
        Field("contract_number", Words("合同编号", "Contract number"), Line(80)),
        Field("signed_on", Words("签订日期", "Signed on"), Day()),
        Field("ends_on", Words("结束日期", "Ends on"), Day()),
    )
    planned = (
        Field("plan", Words("实施计划", "Plan of work"), Prose()),
        Field("chief", Words("首席科学家", "Chief scientist"), people(project),
              help=Words("路线、团队和总额内的支出由其自主决定，备案即可",
                         "Decides on route, team and spending within the total, and only tells")),
        Field("chief_name", Words("首席科学家姓名", "Name of the chief scientist"), Line(100),
              help=Words("没有账号的填姓名；选了账号可不填", "For who has no account; else leave it empty")),
        Field("budget_mode", Words("经费方式", "Budget"), Choice(options=MODES)),
    )  # fmt: skip
    keeper = Field(
        "finance_keeper",
        Words("财务负责人", "Keeper of the ledger"),
        people(project),
        help=Words("为支出入账，不能是首席科学家", "Books what is spent; not the chief scientist"),
    )
    return form("project", *(written if contract else ()), *(planned if plan else ()), keeper)


def change_form(project: Project, *, alone: bool) -> Kind:
    """A change: which kind, what will be, why; the days where it is one of days."""
    kind = template(project.topic.programme.template)
    offered = tuple((name, KINDS[name]) for name in (kind.alone if alone else kind.asked))
    fields = [
        Field("kind", Words("变更内容", "What changes"), Choice(options=offered), required=True),
        Field("after", Words("变更为", "As it will be"), Prose(), required=True),
        Field("reason", Words("理由", "Reason"), Prose(), required=True),
    ]
    return form("change", *fields, *(() if alone else _effects(project)))


def _effects(project: Project) -> list[Field]:
    """What takes effect by itself once the change is approved."""
    stones = [stone for stone in project.milestones.all() if stone.state in OPEN_STONES]
    return [
        *_totals(project),
        Field("ends_on", Words("新的结束日期", "New end"), Day(),
              help=Words("只在变更结束日期时填", "For a new end only")),
        Field("chief", Words("新的首席科学家", "New chief scientist"), people(project),
              help=Words("只在更换首席科学家时选", "For a new chief only")),
        *(
            Field(f"due_{stone.order}", Words(f"第 {stone.order} 个里程碑改到", f"Milestone {stone.order} moves to"),
                  Day(),
                  help=Words(f"现为 {stone.due}；只在变更里程碑日期时填", f"Now {stone.due}; for new days only"))
            for stone in stones
        ),
    ]  # fmt: skip


def _totals(project: Project) -> list[Field]:
    """The new total of each purse; beside it the old one and what of it was paid or is owed."""
    stones = list(project.milestones.all())
    kept = {purse: sum(fixed(stones, purse).values()) for purse in totals(project)}
    return [_total(purse, yuan(fen), yuan(kept[purse])) for purse, fen in totals(project).items()]


def _total(purse: str, stands: str, kept: str) -> Field:
    label = Words(f"变更后的{PURSES[purse].zh}", f"{PURSES[purse].en} after the change")
    said = Words(
        f"现为 {stands} 元，其中已付和应付 {kept} 元；只在变更预算总额时填；{AGREED[purse].zh}",
        f"Now CNY {stands}, of which CNY {kept} paid or owed; for a new total only; {AGREED[purse].en}",
    )
    return Field(column(purse), label, MONEY, unit=YUAN, help=said)


REPORT = form(
    "report",
    Field("kind", Words("报告", "Report"), Choice(options=(
        ("progress", Words("年度进展报告", "Report of the year")), ("final", Words("结题报告", "Final report")))),
        required=True),
    Field("year", Words("年度", "Year"), Whole(2000, 2200), required=True),
    Field("text", Words("内容", "Text"), Prose(), required=True,
          help=Words("进展、成果、问题和下一步", "Progress, results, difficulties, next steps")),
    Field("spent", Words("累计支出", "Spent so far"), Money(), unit=YUAN),
)  # fmt: skip
DILIGENCE = form(
    "diligence",
    Field("records", Words("原始记录", "Original records"), Prose(),
          help=Words("试验记录、数据、样品在哪里，怎么核对", "Where records, data and samples are, how to check them")),
    Field("decisions", Words("决策过程", "How it was decided"), Prose(),
          help=Words("路线怎么定、怎么调整，谁参加", "How the route was chosen and changed, and who took part")),
    Field("spending", Words("经费使用", "How it was spent"), Prose(),
          help=Words("台账和凭证在哪里", "Where ledger and vouchers are")),
)  # fmt: skip
FOLLOW_UP = form(
    "follow-up",
    Field("year", Words("年度", "Year"), Whole(2000, 2200), required=True),
    Field("stage", Words("转化阶段", "Stage"), Choice(options=tuple(STAGES.items())), required=True),
    Field("sales", Words("当年销售收入", "Sales of the year"), Money(), unit=YUAN),
    Field("text", Words("说明", "Text"), Prose(),
          help=Words("用在哪里、效果、困难", "Where it is used, effect, difficulties")),
)  # fmt: skip
MARKET_TEST = form(
    "market-test",
    Field("conditions", Words("试用条件", "Conditions"), Prose(), required=True,
          help=Words("在什么产线或工况下用，用了多久", "On which line, under which conditions, for how long")),
    Field("passed", Words("结论", "Finding"), Choice(options=(
        ("yes", Words("达到要求，愿意使用", "It holds, we would use it")),
        ("no", Words("没有达到", "It does not hold")))), required=True),
    Field("opinion", Words("意见", "Opinion"), Prose(),
          help=Words("没有达到的请写明原因", "If it does not hold, say why")),
)  # fmt: skip


def spending_form(project: Project) -> Kind:
    """A spending; on an itemised budget one picks one of its lines."""
    labels = dict(template(project.topic.programme.template).budget.items)
    named = {row["item"]: labels.get(row["item"], Words(row["item"], row["item"])) for row in project.budget}
    item = Choice(options=tuple(named.items())) if project.budget_mode == "itemised" else Line(80)
    return form(
        "spending",
        Field("item", Words("科目", "Line of the budget"), item, required=True),
        Field("purse", Words("资金来源", "Purse"), Choice(options=tuple(PURSES.items())), required=True),
        Field("fen", Words("金额", "Amount"), Money(), required=True, unit=YUAN),
        Field("day", Words("日期", "Day"), Day(), required=True),
        Field("purpose", Words("用途", "Purpose"), Line(300), required=True),
    )


def budget_rows(
    project: Project, given: QueryDict | None = None, problems: Iterable[Problem] = ()
) -> list[dict[str, Any]]:
    """The lines of the budget as they stand in the form, three empty ones after them."""
    wrong, names = by_field(problems), ("item", "fen", "purse", "note")
    kind = template(project.topic.programme.template)
    if given is None:
        rows = [
            dict(row) | {"item": item_label(kind, row["item"]), "fen": MONEY.cell(row["fen"])} for row in project.budget
        ]
    else:
        columns = [given.getlist(f"budget.{name}") for name in names]
        written = [row for row in zip(*columns, strict=False) if row[0].strip() or row[1].strip()]
        rows = [dict(zip(names, row, strict=True)) for row in written]
    rows += [dict.fromkeys(names, "")] * 3
    return [row | {"wrong": wrong.get(f"budget.{place}", [])} for place, row in enumerate(rows)]


def budget_part(project: Project, given: QueryDict | None, problems: Iterable[Problem]) -> dict[str, Any]:
    """What the table of the budget is drawn from."""
    return {
        "budget": budget_rows(project, given, problems),
        "purses": PURSES.items(),
        "items": template(project.topic.programme.template).budget.items,
    }


def budget_changed(project: Project, data: QueryDict) -> list[dict[str, Any]]:
    """The lines of the form where they differ from those that stand; else none."""
    written = budget_in(project, data)
    stands = [{"item": row["item"], "fen": row["fen"], "purse": row["purse"], "note": row.get("note", "")}
              for row in project.budget]  # fmt: skip
    return [] if written == stands else written


def budget_in(project: Project, data: QueryDict) -> list[dict[str, Any]]:
    """The lines of a budget as the form has them; a line with neither item nor amount is none.

    A usual line is kept by its key, in whichever language its label was written.
    """
    kind = template(project.topic.programme.template)
    columns = [data.getlist(f"budget.{name}") for name in ("item", "fen", "purse", "note")]
    rows = [row for row in zip(*columns, strict=False) if row[0].strip() or row[1].strip()]
    return [
        {"item": item_called(kind, item.strip()), "fen": fen_in(fen), "purse": purse, "note": note.strip()[:300]}
        for item, fen, purse, note in rows
    ]


def fen_in(written: str) -> int:
    """An amount in fen; nought, which no line may have, for what cannot be read."""
    try:
        return int(MONEY.parse(written)) if written.strip() else 0
    except Rejected:
        return 0


def milestones_in(data: QueryDict) -> list[dict[str, Any]]:
    """The rows of a plan as the form has them; an empty row is none."""
    columns = [data.getlist(f"stone.{name}") for name in ("title", "due", "share", "deliverable")]
    rows = [row for row in zip(*columns, strict=False) if any(cell.strip() for cell in row)]
    return [
        {"title": title, "due": day_in(due), "share": share_in(share), "deliverable": deliverable}
        for title, due, share, deliverable in rows
    ]


def reached_in(data: QueryDict, metrics: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """What was reached of each metric, as the form has it."""
    values, notes = data.getlist("reached.value"), data.getlist("reached.note")
    return [
        {"name": metric["name"], "value": value, "note": note}
        for metric, value, note in zip(metrics, values, notes, strict=False)
    ]


def day_in(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written.strip())
    except ValueError:
        return None


def share_in(written: str) -> str:
    """``30%`` or ``3/10`` as an exact share; what cannot be read as it stands."""
    bare = written.replace(" ", "").replace("％", "%")
    try:
        return str(Fraction(bare.removesuffix("%")) / (100 if bare.endswith("%") else 1))
    except (ValueError, ZeroDivisionError):
        return written
