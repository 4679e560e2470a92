"""科学数据: data that others may use, how it was made and under which licence."""

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.types import Choice, Day, Flag, Line, Link, Many, Money, Number, Prose, Term, Whole

ACCESSES = (
    ("open", Words("开放下载", "Open")),
    ("request", Words("申请使用", "On request")),
    ("agreement", Words("协议使用", "By agreement")),
    ("onsite", Words("限场内使用", "On site only")),
)

KIND = Kind(
    key="dataset",
    label=Words("科学数据", "Dataset"),
    description=Words("可以共享使用的科学数据与试验数据", "Scientific and test data that may be shared"),
    group="technology",
    icon="database",
    title=Words("数据集名称", "Dataset"),
    columns={"summary": "description", "region": "region", "field": "field", "industry": "industry", "holder": "holder",
             "date": "published_on", "valid_until": "available_until"},
    fields=(
        Field("description", Words("数据说明", "Description"), Prose(), required=True, search=5, score=20,
              help=Words("记录了什么对象的什么量、怎样得到", "Which quantities of which object, and how obtained")),
        Field("description_en", Words("英文说明", "Description in English"), Prose(5000), search=2),
        Field("keywords", Words("关键词", "Keywords"), Many(Line(60)), search=3, score=8),
        Field("variables", Words("变量与单位", "Variables and units"), Many(Line()), search=2, score=10,
              advice=Words("列出变量及单位，别人才能判断能不能用。", "List the variables with their units.")),
        Field("method", Words("采集方法", "Method"), Prose(), search=1, score=10,
              advice=Words("用什么仪器、什么方法、什么条件得到？", "With which instruments, methods and conditions?")),
        Field("quality", Words("质量控制", "Quality control"), Prose(5000), score=6),
        Field("covers_from", Words("覆盖开始日期", "Covers from"), Day(), score=2),
        Field("covers_to", Words("覆盖结束日期", "Covers to"), Day()),
        Field("area", Words("空间范围", "Area covered"), Line()),
        Field("rows", Words("记录数", "Records"), Whole(0, 10**12), score=3, list=True),
        Field("size_mb", Words("数据量", "Size"), Number(0, 1e12), unit=Words("MB", "MB"), score=3),
        Field("format", Words("格式", "Format"), Many(Line(40)), score=4, list=True),
        Field("access", Words("获取方式", "Access"), Choice(options=ACCESSES), score=8, list=True,
              advice=Words("写明能否下载、要不要申请。", "Say whether it may be downloaded or must be asked for.")),
        Field("licence", Words("使用许可", "Licence"), Line(), score=8, list=True,
              advice=Words("写明许可协议或使用限制。", "State the licence or the limits of use.")),
        Field("personal", Words("含个人信息", "Holds personal data"), Flag(), score=3,
              help=Words("含个人信息的须去标识化并说明依据", "If so it must be de-identified, with its legal basis")),
        Field("price", Words("使用费", "Fee"), Money(), visibility=Visibility.MEMBERS),
        Field("identifier", Words("标识符", "Identifier"), Line(120), score=3,
              help=Words("CSTR 或 DOI", "CSTR or DOI")),
        Field("link", Words("访问地址", "Where to find it"), Link(), score=4),
        Field("source_project", Words("来源项目", "Source project"), Line(), search=1),
        Field("holder", Words("数据单位", "Holder"), Line(), score=5, list=True),
        Field("contact", Words("联系方式", "Contact"), Line(), visibility=Visibility.MEMBERS, score=3),
        Field("field", Words("技术领域", "Technology field"), Term("field"), list=True),
        Field("industry", Words("行业", "Industry"), Term("industry"), search=1),
        Field("region", Words("所在地区", "Region"), Term("division")),
        Field("published_on", Words("发布日期", "Published on"), Day(), list=True),
        Field("available_until", Words("可用至", "Available until"), Day()),
    ),
)  # fmt: skip
