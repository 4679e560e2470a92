"""大型科研仪器: one machine that others may use, where it stands and what an hour of it costs."""

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.measures import Measures
from rongtong.domain.registry.types import Choice, Day, Flag, Line, Many, Money, Number, Prose, Term

STATUSES = (
    ("available", Words("可预约", "Available")),
    ("busy", Words("排期紧张", "Heavily booked")),
    ("maintenance", Words("维修", "Under maintenance")),
    ("retired", Words("停用", "Retired")),
)
WAYS = (
    ("sample", Words("送样检测", "Send a sample")),
    ("operator", Words("操作员上机", "Run by an operator")),
    ("self", Words("培训后自主上机", "Run by the user after training")),
    ("remote", Words("远程", "Remote")),
)

KIND = Kind(
    key="instrument",
    label=Words("科研仪器", "Instrument"),
    description=Words("对外开放共享的大型科研仪器设备", "Large instruments shared with others"),
    group="facility",
    icon="microscope",
    stale_after_days=365,
    title=Words("仪器名称", "Instrument"),
    columns={"summary": "functions", "region": "region", "field": "field", "holder": "holder", "date": "accepted_on"},
    fields=(
        Field("functions", Words("主要功能", "Functions"), Prose(), required=True, search=5, score=20,
              help=Words("能测什么、做什么样品", "What it measures, on which samples")),
        Field("functions_en", Words("英文功能", "Functions in English"), Prose(5000), search=2),
        Field("keywords", Words("关键词", "Keywords"), Many(Line(60)), search=3, score=3),
        Field("specifications", Words("技术指标", "Specifications"), Measures(), search=2, score=15,
              advice=Words("写出量程、分辨率、精度，例如“分辨率 <= 1 nm”。", "Give range, resolution and precision.")),
        Field("class", Words("仪器类别", "Class"), Line(60), search=2, score=4, list=True),
        Field("model", Words("型号", "Model"), Line(120), search=2, score=5, list=True),
        Field("maker", Words("生产厂家", "Maker"), Line(120), search=1, score=3),
        Field("origin", Words("产地国别", "Country of origin"), Line(60)),
        Field("samples", Words("样品要求", "Requirements on samples"), Prose(5000), search=1, score=8,
              advice=Words("写明样品的形态、尺寸、用量和禁忌。", "State form, size, quantity and what is excluded.")),
        Field("methods", Words("依据的方法标准", "Standards of method"), Many(Line()), search=1, score=4),
        Field("ways", Words("使用方式", "Ways of use"), Many(Choice(options=WAYS)), score=5, list=True),
        Field("price", Words("收费标准", "Prices"), Prose(2000), visibility=Visibility.MEMBERS, score=8,
              advice=Words("写出按机时或按样品的收费标准。", "Give the price per hour or per sample.")),
        Field("hour_price", Words("每机时费用", "Price per hour"), Money(), visibility=Visibility.MEMBERS, list=True),
        Field("voucher", Words("可用创新券", "Innovation vouchers taken"), Flag()),
        Field("value", Words("原值", "Original value"), Money(), visibility=Visibility.MEMBERS),
        Field("status", Words("使用状态", "Status"), Choice(options=STATUSES), score=5, list=True),
        Field("hours", Words("上年运行机时", "Hours run last year"), Number(0, 8784), unit=Words("小时", "hours")),
        Field("shared_hours", Words("上年对外机时", "Hours for others last year"), Number(0, 8784), unit=Words("小时", "hours")),
        Field("secrecy", Words("数据与保密约定", "Data and secrecy"), Prose(2000), score=3),
        Field("holder", Words("所属单位", "Owner"), Line(), score=7, list=True),
        Field("place", Words("安放地点", "Where it stands"), Line()),
        Field("contact", Words("预约联系方式", "Contact for booking"), Line(), visibility=Visibility.MEMBERS, score=6),
        Field("field", Words("技术领域", "Technology field"), Term("field"), score=2, list=True),
        Field("region", Words("所在地区", "Region"), Term("division"), score=2, list=True),
        Field("accepted_on", Words("验收日期", "Accepted on"), Day(),
              help=Words("验收后应在规定时限内报送", "To be reported within the term set after acceptance")),
    ),
)  # fmt: skip
