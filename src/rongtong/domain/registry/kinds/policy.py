"""政策: a document cut into what it gives, to whom, on which conditions and until when."""

from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.choices import LEVELS
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.types import Choice, Day, Line, Link, Many, Money, Prose, Term

TYPES = (
    ("law", Words("法律法规", "Law or regulation")),
    ("measure", Words("管理办法", "Measures")),
    ("plan", Words("规划与方案", "Plan")),
    ("call", Words("申报通知", "Call for applications")),
    ("guide", Words("操作指引", "Guide")),
    ("standard", Words("标准", "Standard")),
)
TOOLS = (
    ("grant", Words("资金支持", "Grant")),
    ("reward", Words("奖励", "Reward")),
    ("tax", Words("税收优惠", "Tax relief")),
    ("voucher", Words("创新券", "Voucher")),
    ("finance", Words("金融支持", "Finance")),
    ("procurement", Words("政府采购", "Procurement")),
    ("recognition", Words("资质认定", "Recognition")),
    ("talent", Words("人才政策", "Talent")),
    ("rule", Words("规则", "Rule")),
)
CHECKED = (
    ("verified", Words("已与原文核对", "Checked against the text")),
    ("memory", Words("未与原文核对", "Not checked against the text")),
    ("draft", Words("征求意见稿", "Draft for comment")),
)

KIND = Kind(
    key="policy",
    label=Words("政策", "Policy"),
    description=Words("企业和院所能用上的政策条款", "Policy clauses that firms and institutes can use"),
    group="policy",
    icon="gavel",
    title=Words("政策名称", "Policy"),
    columns={"summary": "summary", "region": "region", "field": "field", "industry": "industry",
             "holder": "authority", "date": "effective_on", "valid_until": "expires_on"},
    fields=(
        Field("summary", Words("要点", "Summary"), Prose(), required=True, search=5, score=15,
              help=Words("用自己的话说清楚给谁、给什么、要什么条件", "To whom, what, on which conditions, in plain words")),
        Field("keywords", Words("关键词", "Keywords"), Many(Line(60)), search=3, score=3),
        Field("type", Words("文件类型", "Type"), Choice(options=TYPES), score=4, list=True),
        Field("tools", Words("政策工具", "Tools"), Many(Choice(options=TOOLS)), score=5, list=True),
        Field("who", Words("适用对象", "For whom"), Many(Line()), search=3, score=12,
              advice=Words("写明适用对象，企业才知道与自己有没有关系。", "Say for whom, so that a firm knows.")),
        Field("conditions", Words("申请条件", "Conditions"), Prose(), search=2, score=12,
              advice=Words("逐条写出条件，数字要注明出处条款。", "List the conditions with their articles.")),
        Field("benefit", Words("支持内容", "Benefit"), Prose(), search=3, score=12,
              advice=Words("写明支持方式、标准和上限。", "Say in which way, at what rate, up to what limit.")),
        Field("amount", Words("支持上限", "Amount up to"), Money(), list=True),
        Field("clauses", Words("条款摘要", "Clauses"), Many(Line(1000)), search=1, score=6,
              help=Words("一行一条，写明条号", "One a line, with its number")),
        Field("documents", Words("申报材料", "Documents needed"), Many(Line()), score=4),
        Field("process", Words("办理流程", "Process"), Prose(5000), score=4),
        Field("window_opens", Words("申报开始", "Window opens"), Day()),
        Field("window_closes", Words("申报截止", "Window closes"), Day(), score=3, list=True),
        Field("number", Words("文号", "Document number"), Line(120), score=5, list=True),
        Field("authority", Words("发文机关", "Authority"), Line(), score=6, list=True),
        Field("department", Words("经办部门", "Department in charge"), Line(), score=3),
        Field("level", Words("层级", "Level"), Choice(options=LEVELS), list=True),
        Field("checked", Words("核对情况", "Checked"), Choice(options=CHECKED), score=3, list=True,
              help=Words("未核对的内容仅供参考", "What was not checked is for orientation only")),
        Field("link", Words("原文链接", "Link to the text"), Link(), score=6,
              advice=Words("附上原文链接，以原文为准。", "Link the text; it prevails.")),
        Field("contact", Words("咨询方式", "Enquiries"), Line()),
        Field("field", Words("技术领域", "Technology field"), Term("field")),
        Field("industry", Words("行业", "Industry"), Term("industry"), search=1),
        Field("region", Words("适用地区", "Region"), Term("division"), list=True),
        Field("effective_on", Words("施行日期", "In force since"), Day(), score=3, list=True),
        Field("expires_on", Words("有效期至", "In force until"), Day()),
    ),
)  # fmt: skip
