"""科研项目: work that was or is paid for, so that nobody pays for it twice and its results can be found."""

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.choices import LEVELS
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.measures import Measures
from rongtong.domain.registry.types import Choice, Day, Level, Line, Many, Money, Prose, Term

STATUSES = (
    ("running", Words("在研", "Running")),
    ("accepted", Words("已验收", "Accepted")),
    ("failed", Words("未通过验收", "Not accepted")),
    ("terminated", Words("终止", "Terminated")),
)
ACTIVITIES = (
    ("basic", Words("基础研究", "Basic research")),
    ("applied", Words("应用研究", "Applied research")),
    ("development", Words("试验发展", "Experimental development")),
    ("industrial", Words("产业化", "Industrialisation")),
)
BUDGET_MODES = (
    ("itemised", Words("预算制", "Itemised budget")),
    ("lump_sum", Words("包干制", "Lump sum")),
)

KIND = Kind(
    key="project",
    label=Words("科研项目", "Project"),
    description=Words("在研和已完成的科技计划项目与横向课题", "Publicly or privately funded research projects"),
    group="technology",
    icon="briefcase",
    title=Words("项目名称", "Project"),
    columns={"summary": "summary", "region": "region", "field": "field", "industry": "industry", "trl": "trl",
             "holder": "holder", "date": "starts_on", "valid_until": "ends_on"},
    fields=(
        Field("summary", Words("研究内容", "What is studied"), Prose(), required=True, search=5, score=20),
        Field("summary_en", Words("英文简介", "Summary in English"), Prose(5000), search=2),
        Field("keywords", Words("关键词", "Keywords"), Many(Line(60)), search=3, score=5),
        Field("targets", Words("考核指标", "Targets"), Measures(), search=1, score=10,
              advice=Words("列出任务书中的可测指标。", "List the measurable targets of the contract.")),
        Field("results", Words("成果与产出", "Results"), Prose(), search=2, score=10,
              advice=Words("写出已形成的样机、专利、标准或应用。", "Name prototypes, patents, standards or uses.")),
        Field("number", Words("项目编号", "Number"), Line(60), score=8, list=True),
        Field("programme", Words("计划类别", "Programme"), Line(), score=5, list=True),
        Field("level", Words("级别", "Level"), Choice(options=LEVELS), score=3, list=True),
        Field("activity", Words("活动类型", "Type of activity"), Choice(options=ACTIVITIES)),
        Field("status", Words("项目状态", "Status"), Choice(options=STATUSES), score=5, list=True),
        Field("holder", Words("承担单位", "Undertaken by"), Line(), score=8, list=True),
        Field("partners", Words("参与单位", "Partners"), Many(Line()), score=3),
        Field("leader", Words("负责人", "Leader"), Line(60), visibility=Visibility.MEMBERS, score=3),
        Field("authority", Words("主管部门", "Authority"), Line()),
        Field("budget", Words("总经费", "Budget"), Money(), visibility=Visibility.MEMBERS, score=4),
        Field("public_money", Words("其中财政资金", "Of which public"), Money(), visibility=Visibility.MEMBERS),
        Field("budget_mode", Words("经费管理方式", "Budget mode"), Choice(options=BUDGET_MODES)),
        Field("follow_up", Words("转化情况", "Conversion so far"), Prose(), search=1, score=6,
              advice=Words("验收之后有没有转化、在谁那里用？", "What came of it after acceptance, and where is it used?")),
        Field("trl", Words("预期成熟度", "TRL aimed at"), Level("trl"), score=3),
        Field("field", Words("技术领域", "Technology field"), Term("field"), score=4, list=True),
        Field("industry", Words("行业", "Industry"), Term("industry"), search=1),
        Field("region", Words("所在地区", "Region"), Term("division")),
        Field("starts_on", Words("开始日期", "Starts on"), Day(), score=3),
        Field("ends_on", Words("结束日期", "Ends on"), Day()),
    ),
)  # fmt: skip
