"""专家: a person who may be asked, what they know, and how they let themselves be asked."""

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.types import Choice, Day, Flag, Line, Many, Money, Prose, Term, Whole

SIDES = (
    ("enterprise", Words("企业", "Enterprise")),
    ("university", Words("高等学校", "University")),
    ("institute", Words("科研院所", "Research institute")),
    ("medical", Words("医疗机构", "Medical institution")),
    ("finance", Words("金融投资机构", "Finance")),
    ("service", Words("技术转移与服务机构", "Technology transfer and services")),
    ("other", Words("其他", "Other")),
)
ROLES = (
    ("solve", Words("解决技术难题", "Solve technical problems")),
    ("joint", Words("合作研发", "Joint development")),
    ("review", Words("项目评审", "Review projects")),
    ("consult", Words("决策咨询", "Advise")),
    ("evaluate", Words("成果评价", "Evaluate achievements")),
    ("transfer", Words("技术转移", "Technology transfer")),
    ("train", Words("培训授课", "Train")),
)

KIND = Kind(
    key="expert",
    label=Words("专家", "Expert"),
    description=Words("可以请教、合作或评审的人", "People who may be asked, worked with or reviewed by"),
    group="expert",
    icon="school",
    stale_after_days=730,
    title=Words("姓名", "Name"),
    columns={"summary": "expertise", "region": "region", "field": "field", "industry": "industry", "holder": "holder",
             "date": "confirmed_on"},
    fields=(
        Field("expertise", Words("专长", "Expertise"), Prose(5000), required=True, search=5, score=25,
              help=Words("能解决哪类问题，而不只是学科名称", "Which problems, not only which discipline")),
        Field("expertise_en", Words("英文专长", "Expertise in English"), Prose(5000), search=2),
        Field("keywords", Words("研究方向", "Topics"), Many(Line(60)), search=4, score=15),
        Field("works", Words("代表性工作", "Representative work"), Prose(), search=2, score=15,
              advice=Words("写两三项做成的事：为谁解决了什么。", "Name two or three things done: for whom, what.")),
        Field("roles", Words("愿意承担", "Willing to"), Many(Choice(options=ROLES)), score=10, list=True,
              advice=Words("勾选愿意承担的事，免得被不相干的事打扰。", "Say what you are willing to do.")),
        Field("holder", Words("所在单位", "Organisation"), Line(), score=10, list=True),
        Field("side", Words("单位类型", "Type of organisation"), Choice(options=SIDES), score=5, list=True,
              help=Words("用于统计企业专家占比", "Used for the share of enterprise experts")),
        Field("rank", Words("职称", "Professional title"), Line(60), score=5, list=True),
        Field("position", Words("职务", "Position"), Line(60)),
        Field("experience_years", Words("从业年限", "Years of experience"), Whole(0, 80), score=3),
        Field("orcid", Words("ORCID", "ORCID"), Line(19)),
        Field("languages", Words("工作语言", "Working languages"), Many(Line(30))),
        Field("remote", Words("可线上", "Available online"), Flag()),
        Field("fee", Words("咨询费（每半天）", "Fee for half a day"), Money(), visibility=Visibility.MEMBERS),
        Field("availability", Words("可安排时间", "Availability"), Line(), visibility=Visibility.MEMBERS),
        Field("avoid", Words("申请回避的单位", "Organisations to avoid"), Many(Line()), visibility=Visibility.OWNER,
              help=Words("存在利益关系、不宜评审的单位", "Organisations with a conflict of interest")),
        Field("contact", Words("联系方式", "Contact"), Line(), visibility=Visibility.MATCHED, score=5),
        Field("consent", Words("本人同意入库公开", "Agrees to be listed"), Flag(), visibility=Visibility.INTERNAL, score=5,
              advice=Words("个人信息公开前须取得本人同意。", "The person must agree before being listed.")),
        Field("field", Words("技术领域", "Technology field"), Term("field"), score=5, list=True),
        Field("industry", Words("熟悉的行业", "Industry"), Term("industry"), search=1),
        Field("region", Words("所在地区", "Region"), Term("division"), list=True),
        Field("confirmed_on", Words("信息确认日期", "Confirmed on"), Day()),
    ),
)  # fmt: skip
