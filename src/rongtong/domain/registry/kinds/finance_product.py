"""科技金融产品: a loan, an insurance or a guarantee that a technology firm may apply for."""

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.types import Choice, Day, Flag, Line, Link, Many, Money, Number, Prose, Term, Whole

TYPES = (
    ("talent_loan", Words("人才贷", "Talent loan")),
    ("research_loan", Words("研发贷", "R&D loan")),
    ("achievement_loan", Words("成果贷", "Achievement loan")),
    ("points_loan", Words("积分贷", "Points loan")),
    ("ip_pledge", Words("知识产权质押", "IP pledge")),
    ("other_loan", Words("其他贷款", "Other loan")),
    ("insurance_research", Words("研发与成果转化保险", "Insurance: R&D and conversion")),
    ("insurance_application", Words("应用推广保险", "Insurance: first application")),
    ("insurance_ip", Words("知识产权保险", "Insurance: intellectual property")),
    ("insurance_basic", Words("网络安全与人才创业保险", "Insurance: cyber security and founders")),
    ("guarantee", Words("担保", "Guarantee")),
    ("leasing", Words("融资租赁", "Leasing")),
)
SECURITIES = (
    ("credit", Words("信用", "Unsecured")),
    ("pledge", Words("质押", "Pledge")),
    ("mortgage", Words("抵押", "Mortgage")),
    ("guarantee", Words("保证担保", "Guarantee")),
)

KIND = Kind(
    key="finance_product",
    label=Words("科技金融产品", "Finance product"),
    description=Words("科技企业可以申请的贷款、保险和担保", "Loans, insurance and guarantees for technology firms"),
    group="capital",
    icon="coin",
    stale_after_days=365,
    title=Words("产品名称", "Product"),
    columns={"summary": "summary", "region": "region", "field": "field", "industry": "industry", "holder": "holder",
             "date": "starts_on", "valid_until": "ends_on"},
    fields=(
        Field("type", Words("产品类型", "Type"), Choice(options=TYPES), required=True, score=6, list=True),
        Field("summary", Words("产品说明", "Description"), Prose(), required=True, search=5, score=15,
              help=Words("解决企业什么资金或风险问题", "Which need for money or cover it meets")),
        Field("keywords", Words("关键词", "Keywords"), Many(Line(60)), search=2),
        Field("clients", Words("适用对象", "For whom"), Many(Line()), search=3, score=10,
              advice=Words("写出适用的企业类型、阶段和资质。", "Name the firms, stages and certificates it is for.")),
        Field("conditions", Words("申请条件", "Conditions"), Prose(5000), search=2, score=12,
              advice=Words("把条件逐条写明，企业可自行判断。", "List the conditions, so that a firm can judge for itself.")),
        Field("limit", Words("单户额度上限", "Limit per client"), Money(), score=10, list=True,
              advice=Words("写出额度上限。", "Give the limit.")),
        Field("term_months", Words("最长期限（月）", "Longest term"), Whole(0, 600), unit=Words("月", "months"), score=6,
              list=True),
        Field("rate_from", Words("最低年利率（费率）", "Annual rate from"), Number(0, 100), unit=Words("%", "%"), score=8,
              list=True, advice=Words("写出利率或费率区间。", "Give the range of the rate.")),
        Field("rate_to", Words("最高年利率（费率）", "Annual rate up to"), Number(0, 100), unit=Words("%", "%")),
        Field("securities", Words("担保方式", "Security"), Many(Choice(options=SECURITIES)), score=5),
        Field("risk_share", Words("风险分担", "Risk sharing"), Prose(2000), score=4,
              help=Words("风险补偿资金、保险、担保各承担多少", "Who bears how much: pool, insurer, guarantor")),
        Field("subsidy", Words("贴息或保费补贴", "Subsidy"), Prose(2000), search=1),
        Field("uses_points", Words("参考创新积分", "Uses innovation points"), Flag()),
        Field("documents", Words("所需材料", "Documents needed"), Many(Line()), score=6),
        Field("process", Words("办理流程与时限", "Process and time"), Prose(2000), score=6,
              advice=Words("从申请到放款（承保）要几天、找谁？", "How many days from application to money?")),
        Field("link", Words("办理网址", "Where to apply"), Link()),
        Field("holder", Words("提供机构", "Provider"), Line(), score=6, list=True),
        Field("contact", Words("客户经理", "Contact"), Line(), visibility=Visibility.MEMBERS, score=6),
        Field("field", Words("侧重领域", "Preferred field"), Term("field")),
        Field("industry", Words("侧重行业", "Preferred industry"), Term("industry"), search=1),
        Field("region", Words("适用地区", "Region"), Term("division"), list=True),
        Field("starts_on", Words("推出日期", "Offered since"), Day()),
        Field("ends_on", Words("有效期至", "Offered until"), Day()),
    ),
)  # fmt: skip
