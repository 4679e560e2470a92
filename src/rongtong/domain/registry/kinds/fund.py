"""基金: money that buys shares, at which stage, in which fields and on which terms."""

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.types import Choice, Day, Flag, Line, Link, Many, Money, Number, Prose, Term, Whole

TYPES = (
    ("angel", Words("天使基金", "Angel fund")),
    ("venture", Words("创业投资基金", "Venture fund")),
    ("industry", Words("产业基金", "Industry fund")),
    ("guidance", Words("政府引导基金", "Government guidance fund")),
    ("conversion", Words("成果转化基金", "Conversion fund")),
    ("proof", Words("概念验证基金", "Proof-of-concept fund")),
    ("secondary", Words("S 基金", "Secondary fund")),
)
ROUNDS = (
    ("pre_seed", Words("种子前", "Pre-seed")),
    ("seed", Words("种子", "Seed")),
    ("angel", Words("天使", "Angel")),
    ("a", Words("A 轮", "Series A")),
    ("b", Words("B 轮", "Series B")),
    ("growth", Words("成长期", "Growth")),
    ("pre_ipo", Words("上市前", "Pre-IPO")),
    ("secondary", Words("份额转让", "Secondary interests")),
)

KIND = Kind(
    key="fund",
    label=Words("投资基金", "Fund"),
    description=Words("投向科技企业和成果转化的基金", "Funds that invest in technology firms and conversion"),
    group="capital",
    icon="building-bank",
    stale_after_days=365,
    title=Words("基金名称", "Fund"),
    columns={"summary": "strategy", "region": "region", "field": "field", "industry": "industry", "holder": "holder",
             "date": "founded_on", "valid_until": "invests_until"},
    fields=(
        Field("type", Words("基金类型", "Type"), Choice(options=TYPES), required=True, score=5, list=True),
        Field("strategy", Words("投资方向", "Strategy"), Prose(), required=True, search=5, score=20,
              help=Words("投什么样的项目、不投什么", "What it invests in, and what it does not")),
        Field("strategy_en", Words("英文投资方向", "Strategy in English"), Prose(5000), search=2),
        Field("sectors", Words("投资领域", "Sectors"), Many(Line(60)), search=4, score=10),
        Field("rounds", Words("投资阶段", "Rounds"), Many(Choice(options=ROUNDS)), score=8, list=True),
        Field("ticket_from", Words("单笔投资下限", "Ticket from"), Money(), score=6, list=True,
              advice=Words("写出单笔投资的区间。", "Give the range of a single investment.")),
        Field("ticket_to", Words("单笔投资上限", "Ticket up to"), Money(), score=6, list=True),
        Field("size", Words("基金规模", "Size"), Money(), score=5, list=True),
        Field("state_share", Words("国有出资比例", "Share of public money"), Number(0, 100), unit=Words("%", "%")),
        Field("term_years", Words("存续期（年）", "Term"), Whole(0, 50), unit=Words("年", "years"), score=3),
        Field("tolerance", Words("容亏与考核安排", "Loss tolerance"), Prose(2000), visibility=Visibility.MEMBERS),
        Field("invest_then_equity", Words("先投后股", "Invest then equity"), Flag()),
        Field("cases", Words("已投项目", "Portfolio"), Many(Line()), search=1, score=5),
        Field("process", Words("申请方式与流程", "How to apply"), Prose(2000), score=8,
              advice=Words("项目方把什么材料给谁、多久有答复？", "What to send to whom, and when comes an answer?")),
        Field("link", Words("网址", "Web site"), Link()),
        Field("holder", Words("管理人", "Manager"), Line(), score=8, list=True),
        Field("contact", Words("联系方式", "Contact"), Line(), visibility=Visibility.MEMBERS, score=8),
        Field("field", Words("侧重领域", "Preferred field"), Term("field"), score=4),
        Field("industry", Words("侧重行业", "Preferred industry"), Term("industry"), search=1),
        Field("region", Words("投资地域", "Region"), Term("division"), list=True),
        Field("founded_on", Words("成立日期", "Founded on"), Day()),
        Field("invests_until", Words("投资期至", "Invests until"), Day()),
    ),
)  # fmt: skip
