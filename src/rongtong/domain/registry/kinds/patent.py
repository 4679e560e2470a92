"""专利: a right to an invention, who holds it, and whether it may be had."""

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.choices import MODES
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.measures import Measures
from rongtong.domain.registry.types import Choice, Day, Flag, IpcSymbol, Level, Line, Many, Money, Prose, Term

TYPES = (
    ("invention", Words("发明", "Invention")),
    ("utility", Words("实用新型", "Utility model")),
    ("design", Words("外观设计", "Design")),
)
STATUSES = (
    ("application", Words("申请公布", "Application published")),
    ("granted", Words("授权有效", "Granted, in force")),
    ("lapsed", Words("失效", "Lapsed")),
)

KIND = Kind(
    key="patent",
    label=Words("专利", "Patent"),
    description=Words("可以转让、许可或查考的专利", "Patents that may be had or looked up"),
    group="technology",
    icon="certificate",
    title=Words("发明名称", "Title of the invention"),
    columns={"summary": "abstract", "region": "region", "field": "field", "industry": "industry", "trl": "trl",
             "holder": "holder", "date": "filed_on", "valid_until": "expires_on"},
    fields=(
        Field("abstract", Words("摘要", "Abstract"), Prose(), required=True, search=5, score=20),
        Field("abstract_en", Words("英文摘要", "Abstract in English"), Prose(5000), search=2),
        Field("keywords", Words("关键词", "Keywords"), Many(Line(60)), search=3, score=5),
        Field("claims", Words("权利要求", "Claims"), Prose(), search=2, score=10,
              help=Words("至少第一项独立权利要求", "At least the first independent claim")),
        Field("parameters", Words("关键参数", "Key parameters"), Measures(), search=1, score=5,
              advice=Words("把实施例中的实测值列出来，便于与需求指标对照。", "List the measured values of the examples.")),
        Field("use", Words("用途", "Use"), Many(Line()), search=2, score=8,
              advice=Words("写出可用在哪些产品或工序。", "Say in which products or steps it is of use.")),
        Field("type", Words("专利类型", "Type"), Choice(options=TYPES), score=5, list=True),
        Field("application_number", Words("申请号", "Application number"), Line(40), score=8, list=True),
        Field("publication_number", Words("公开（公告）号", "Publication number"), Line(40), score=3),
        Field("status", Words("法律状态", "Legal status"), Choice(options=STATUSES), score=6, list=True,
              advice=Words("写明是否授权、是否有效，并以登记簿为准。", "Say whether it is granted and in force.")),
        Field("ipc", Words("IPC 分类号", "IPC symbols"), Many(IpcSymbol()), search=1, score=5,
              help=Words("主分类号放第一个，例如 C04B 14/06", "Main symbol first, such as C04B 14/06")),
        Field("inventors", Words("发明人", "Inventors"), Many(Line(60)), score=3),
        Field("holder", Words("专利权人", "Holder"), Line(), score=8, list=True),
        Field("pledged", Words("已质押", "Pledged"), Flag(),
              help=Words("质押期间转让、许可须经质权人同意", "While pledged the creditor must consent to a licence")),
        Field("open_licence", Words("已声明开放许可", "Open licence declared"), Flag()),
        Field("modes", Words("转化方式", "Ways of conversion"), Many(Choice(options=MODES)), score=6),
        Field("price", Words("意向价格", "Asking price"), Money(), visibility=Visibility.MEMBERS, score=2),
        Field("trl", Words("自评技术成熟度", "TRL claimed"), Level("trl"), score=4),
        Field("field", Words("技术领域", "Technology field"), Term("field"), score=4, list=True),
        Field("industry", Words("应用行业", "Industry of use"), Term("industry"), search=1),
        Field("region", Words("所在地区", "Region"), Term("division")),
        Field("contact", Words("联系人与联系方式", "Contact"), Line(), visibility=Visibility.MATCHED, score=3),
        Field("filed_on", Words("申请日", "Filed on"), Day(), list=True),
        Field("granted_on", Words("授权公告日", "Granted on"), Day()),
        Field("expires_on", Words("期限届满日", "Expires on"), Day()),
    ),
)  # fmt: skip
