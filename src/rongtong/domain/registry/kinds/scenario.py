"""应用场景: a place and an occasion to try something new for real, and what its owner allows."""

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.measures import Measures
from rongtong.domain.registry.types import Choice, Day, Level, Line, Many, Money, Prose, Term

TYPES = (
    ("demand", Words("场景需求", "Scenario seeking a solution")),
    ("test", Words("试验验证", "Site for tests")),
    ("demonstration", Words("示范应用", "Demonstration")),
    ("first_use", Words("首试首用", "First use")),
)

KIND = Kind(
    key="scenario",
    label=Words("应用场景", "Application scenario"),
    description=Words("可以让新技术新产品真正试一试的地方", "Where something new may be tried for real"),
    group="demand",
    icon="map-pin",
    stale_after_days=365,
    title=Words("场景名称", "Scenario"),
    columns={"summary": "description", "region": "region", "field": "field", "industry": "industry", "trl": "trl",
             "holder": "holder", "date": "opens_on", "valid_until": "closes_on"},
    fields=(
        Field("description", Words("场景说明", "Description"), Prose(), required=True, search=5, score=20,
              help=Words("什么地方、什么业务、想解决什么", "Which place, which work, what is to be solved")),
        Field("description_en", Words("英文说明", "Description in English"), Prose(5000), search=2),
        Field("keywords", Words("关键词", "Keywords"), Many(Line(60)), search=3, score=5),
        Field("type", Words("场景类型", "Type"), Choice(options=TYPES), score=5, list=True),
        Field("wanted", Words("征集的技术与产品", "What is sought"), Many(Line()), search=4, score=10,
              advice=Words("写出想征集哪些技术或产品。", "Say which technologies or products are sought.")),
        Field("targets", Words("效果指标", "Targets"), Measures(), search=1, score=10,
              advice=Words("达到什么数值算成功？", "Which figures would make it a success?")),
        Field("site", Words("场地与设施", "Site"), Prose(5000), search=1, score=8),
        Field("data", Words("开放的数据", "Data offered"), Many(Line()), search=1, score=6,
              advice=Words("能提供哪些数据、以什么方式？", "Which data can be had, and how?")),
        Field("safety", Words("安全与合规限制", "Safety limits"), Prose(5000), score=8,
              advice=Words("什么绝对不能碰（安全、隐私、生产秩序）？", "What must never be touched?")),
        Field("support", Words("支持条件", "Support"), Prose(5000), score=6,
              help=Words("资金、人员、采购承诺等", "Money, staff, a promise to buy …")),
        Field("budget", Words("资金支持", "Money offered"), Money(), visibility=Visibility.MEMBERS, score=3, list=True),
        Field("trl", Words("要求的最低成熟度", "TRL at least"), Level("trl"), score=4, list=True),
        Field("holder", Words("场景单位", "Owner"), Line(), score=6, list=True),
        Field("contact", Words("联系方式", "Contact"), Line(), visibility=Visibility.MEMBERS, score=5),
        Field("field", Words("技术领域", "Technology field"), Term("field"), score=3, list=True),
        Field("industry", Words("行业", "Industry"), Term("industry"), search=1),
        Field("region", Words("所在地区", "Region"), Term("division"), list=True),
        Field("opens_on", Words("开放日期", "Opens on"), Day()),
        Field("closes_on", Words("截止日期", "Closes on"), Day(), score=4, list=True),
    ),
)  # fmt: skip
