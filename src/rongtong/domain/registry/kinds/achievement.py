"""科技成果: what somebody has made that others could use, and under which terms."""

from django.utils.translation import gettext as _

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.choices import MODES, PRICE_WAYS, STAGES
from rongtong.domain.registry.declaration import Advice, Field, Kind, Values
from rongtong.domain.registry.measures import Measures
from rongtong.domain.registry.types import Choice, Day, Flag, Level, Line, Many, Money, Prose, Term

ORIGINS = (
    ("original", Words("原始性创新", "Original innovation")),
    ("absorbed", Words("引进消化吸收再创新", "Absorbed and improved")),
    ("redeveloped", Words("国内技术二次开发", "Further development of domestic technology")),
)


def measured(values: Values) -> Advice | None:
    """An achievement without a figure cannot be held against a target."""
    if values.get("parameters"):
        return None
    return Advice(
        "parameters", _("还没有可比的参数：写出实测值，例如“热导率 = 0.028 W/(m·K)”，需求方才能对照自己的指标。")
    )


def told(values: Values) -> Advice | None:
    """Forty characters are about the least in which a trouble and its remedy can both be named."""
    if len(values.get("problem", "")) >= 40:
        return None
    return Advice("problem", _("解决的问题说得太短：谁在什么场景遇到什么困难，这项成果怎样解决？"))


KIND = Kind(
    key="achievement",
    label=Words("科技成果", "Achievement"),
    description=Words("已经做出来、可以给别人用的技术", "Technology that exists and that others could use"),
    group="technology",
    icon="flask",
    stale_after_days=365,
    title=Words("成果名称", "Achievement"),
    columns={"summary": "problem", "region": "region", "field": "field", "industry": "industry", "trl": "trl",
             "holder": "holder", "date": "completed_on", "valid_until": "offer_until"},
    checks=(measured, told),
    fields=(
        Field("problem", Words("解决的问题", "Problem solved"), Prose(), required=True, search=5, score=15,
              help=Words("谁在什么场景遇到什么困难，这项成果怎样解决", "Who has which trouble, and how this solves it")),
        Field("principle", Words("技术原理与方案", "Principle and solution"), Prose(), search=3, score=10,
              advice=Words("用几句话说清楚靠什么原理或工艺做到。", "Say in a few sentences by which principle it works.")),
        Field("abstract_en", Words("英文摘要", "Abstract in English"), Prose(5000), search=2),
        Field("keywords", Words("关键词", "Keywords"), Many(Line(60)), search=3, score=5),
        Field("parameters", Words("关键参数", "Key parameters"), Measures(), search=2, score=10,
              help=Words("实测值，一行一项：名称 关系 数值 单位", "Measured: name, relation, value, unit")),
        Field("conditions", Words("测试条件与依据", "Test conditions and evidence"), Prose(), score=5,
              advice=Words("参数是谁、用什么方法、在什么条件下测的？", "Who measured them, how, under which conditions?")),
        Field("comparators", Words("与现有技术的比较", "Compared with what exists"), Prose(), search=1, score=8,
              advice=Words("和现在市场上用的相比，好在哪里、差在哪里？", "What is better, and worse, than what is used now?")),
        Field("trl", Words("自评技术成熟度", "TRL claimed"), Level("trl"), score=8, list=True,
              advice=Words("按九级填写自评的成熟度，核实值由评价给出。", "State the level you claim, from 1 to 9.")),
        Field("stage", Words("所处阶段", "Stage"), Choice(options=STAGES), score=5, list=True),
        Field("buyers", Words("可能的用户", "Likely buyers"), Many(Line()), search=2, score=8,
              advice=Words("什么样的企业会买、用在哪个产品或工序？", "Which firms would buy it, for which step?")),
        Field("first_use", Words("应用情况", "Use so far"), Prose(), search=1, score=5),
        Field("needs", Words("转化还需要的条件", "What conversion still needs"), Prose(), search=1, score=5,
              help=Words("中试、资金、场景、认证等", "Pilot test, money, a scenario, certification …")),
        Field("modes", Words("转化方式", "Ways of conversion"), Many(Choice(options=MODES)), score=6, list=True),
        Field("price", Words("意向价格", "Asking price"), Money(), visibility=Visibility.MEMBERS, score=4, list=True),
        Field("price_way", Words("定价方式", "Way of pricing"), Choice(options=PRICE_WAYS), visibility=Visibility.MEMBERS),
        Field("ip", Words("知识产权", "Intellectual property"), Many(Line(120)), search=1, score=6,
              help=Words("专利号、软件著作权登记号、技术秘密等", "Patent numbers, software registrations, know-how"),
              advice=Words("写出专利号或其他权利；没有也请说明。", "Give patent numbers or other rights, or say none.")),
        Field("open_licence", Words("已声明开放许可", "Open licence declared"), Flag()),
        Field("finishers", Words("完成人", "Finishers"), Many(Line(60)), visibility=Visibility.MEMBERS),
        Field("finisher_shares", Words("完成人权属份额", "Finishers' shares"), Many(Line(80)), visibility=Visibility.OWNER,
              help=Words("职务科技成果赋权的约定，例如“张某 30%”", "As agreed, such as “Zhang 30 %”")),
        Field("service", Words("职务科技成果", "Service achievement"), Flag(), visibility=Visibility.MEMBERS),
        Field("separate_ledger", Words("单列管理", "Kept in the separate ledger"), Flag(), visibility=Visibility.INTERNAL),
        Field("origin", Words("成果属性", "Origin"), Choice(options=ORIGINS)),
        Field("source_project", Words("来源项目", "Source project"), Line(), search=1),
        Field("registration", Words("成果登记号", "Registration number"), Line(40)),
        Field("field", Words("技术领域", "Technology field"), Term("field"), score=5, list=True),
        Field("industry", Words("应用行业", "Industry of use"), Term("industry"), search=1, score=3),
        Field("region", Words("所在地区", "Region"), Term("division"), list=True),
        Field("holder", Words("完成单位", "Holder"), Line(), score=3, list=True),
        Field("contact", Words("联系人与联系方式", "Contact"), Line(), visibility=Visibility.MATCHED, score=4),
        Field("completed_on", Words("完成日期", "Completed on"), Day()),
        Field("offer_until", Words("有效期至", "Offered until"), Day()),
    ),
)  # fmt: skip
