"""需求: what an enterprise cannot solve by itself, said so that somebody else could."""

from django.utils.translation import gettext as _

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.declaration import Advice, Field, Kind, Values
from rongtong.domain.registry.measures import Measures
from rongtong.domain.registry.types import Choice, Day, Line, Many, Money, Prose, Term

FORMS = (
    ("technology", Words("现成技术", "Ready technology")),
    ("joint", Words("合作研发", "Joint development")),
    ("commission", Words("委托开发", "Commissioned development")),
    ("licence", Words("转让或许可", "Transfer or licence")),
    ("expert", Words("专家咨询", "Expert advice")),
    ("facility", Words("检测或中试", "Testing or pilot")),
    ("capital", Words("资金", "Capital")),
)


def measurable(values: Values) -> Advice | None:
    """A target nobody can measure cannot be accepted, nor matched."""
    if values.get("targets"):
        return None
    return Advice("targets", _("还没有可测的指标：怎样算解决了？写一个数，例如“热导率 ≤ 0.03 W/(m·K)”。"))


def told(values: Values) -> Advice | None:
    """Forty characters are about the least in which an object and its trouble can both be named."""
    if len(values.get("problem", "")) >= 40:
        return None
    return Advice("problem", _("问题说得太短：什么对象、在什么条件下、出了什么问题、现在怎么办的？"))


KIND = Kind(
    key="demand",
    label=Words("技术需求", "Demand"),
    description=Words("企业自己解决不了、希望别人来解决的技术问题", "What an enterprise cannot solve by itself"),
    group="demand",
    icon="bulb",
    stale_after_days=365,
    title=Words("需求名称", "Demand"),
    columns={
        "summary": "problem", "region": "region", "field": "field", "industry": "industry",
        "holder": "holder", "date": "raised_on", "valid_until": "deadline",
    },
    checks=(measurable, told),
    check_score=15,
    fields=(
        Field("problem", Words("要解决的问题", "Problem"), Prose(), required=True, search=5, score=15,
              help=Words("什么对象、什么条件、什么困难", "Which object, under which conditions, which difficulty")),
        Field("current", Words("现状", "Current state"), Prose(), search=2, score=5,
              advice=Words("现在是怎么做的、做到什么水平？", "How is it done today, and how well?")),
        Field("details", Words("保密说明", "Confidential details"), Prose(), visibility=Visibility.OWNER, search=2,
              help=Words("工艺、配方、图纸里的关键处；只有本单位和经本单位同意的人看得到",
                         "Process, recipe, what the drawings show; for your organisation and whom it lets read them")),
        Field("targets", Words("目标参数", "Target parameters"), Measures(), search=2, score=10),
        Field("acceptance", Words("验收方法", "Acceptance test"), Prose(), score=10,
              advice=Words("怎么验收：谁来测、用什么方法或标准？", "How is it accepted: who measures, by what method?")),
        Field("constraints", Words("限制条件", "Constraints"), Many(Line(300)), search=1, score=5,
              advice=Words("有什么不能动的条件（材料、工艺、成本、法规）？", "What must not change (material, cost, law)?")),
        Field("scene", Words("使用场景", "Where it is used"), Prose(), search=2, score=5),
        Field("wanted", Words("希望的合作方式", "Wanted form"), Many(Choice(options=FORMS)), score=5, list=True),
        Field("budget", Words("预算上限", "Budget"), Money(), visibility=Visibility.MEMBERS, score=5, list=True,
              advice=Words("给一个预算区间，对方才能判断值不值得谈。", "Give a budget, so that others can judge.")),
        Field("deadline", Words("希望完成时间", "Deadline"), Day(), score=5, list=True),
        Field("ip_wish", Words("知识产权意愿", "IP wish"), Line(300), visibility=Visibility.MEMBERS),
        Field("field", Words("技术领域", "Technology field"), Term(scheme="field"), score=5, list=True),
        Field("industry", Words("行业", "Industry"), Term(scheme="industry"), search=1),
        Field("region", Words("所在地区", "Region"), Term(scheme="division"), list=True),
        Field("chain_node", Words("产业链环节", "Chain segment"), Line(), search=1),
        Field("holder", Words("需求单位", "Organisation"), Line(), list=True),
        Field("contact", Words("联系人与联系方式", "Contact"), Line(), visibility=Visibility.MATCHED, score=5),
        Field("raised_on", Words("提出日期", "Raised on"), Day()),
    ),
)  # fmt: skip
