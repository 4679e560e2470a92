"""中试平台、概念验证中心、实验室: places where an idea is proved, scaled up or measured for others."""

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.choices import LEVELS
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.measures import Measures
from rongtong.domain.registry.types import Choice, Day, Flag, Level, Line, Link, Many, Money, Number, Prose, Term, Whole

TYPES = (
    ("pilot", Words("中试平台", "Pilot platform")),
    ("proof", Words("概念验证中心", "Proof-of-concept centre")),
    ("laboratory", Words("实验室", "Laboratory")),
    ("testing", Words("检验检测机构", "Testing body")),
    ("centre", Words("工程技术中心", "Engineering centre")),
    ("incubator", Words("孵化器与加速器", "Incubator or accelerator")),
    ("shared", Words("共享实验室", "Shared laboratory")),
)
BUILD_MODES = (
    ("leader", Words("链主自建、共享开放", "Built by a chain leader, open to others")),
    ("enterprise", Words("企业主建、专业服务", "Built by an enterprise, run as a service")),
    ("government", Words("政府主建、机构运营", "Built by government, run by an institution")),
    ("institute", Words("政府搭台、院所主建", "Hosted by government, built by institutes")),
)
POSITIONINGS = (
    ("resource", Words("资源型", "Resource-based")),
    ("shared", Words("共享型", "Shared")),
    ("ecosystem", Words("生态型", "Ecosystem")),
)
VERIFICATIONS = (
    ("design", Words("设计验证", "Design verification")),
    ("performance", Words("功能性能验证", "Function and performance verification")),
    ("process", Words("工艺验证", "Process verification")),
    ("fit", Words("适配验证", "Fit verification")),
    ("production", Words("生产验证", "Production verification")),
)
AREAS = (
    ("raw", Words("原材料", "Raw materials")),
    ("equipment", Words("装备制造", "Equipment")),
    ("consumer", Words("消费品", "Consumer goods")),
    ("information", Words("信息技术", "Information technology")),
    ("future", Words("新兴和未来产业", "Emerging and future industries")),
    ("common", Words("共性需求", "Common needs")),
)
LADDER = (
    ("filed", Words("已备案", "Filed")),
    ("reserve", Words("储备", "Reserve")),
    ("cultivated", Words("重点培育", "Key-cultivated")),
    ("national", Words("国家级中试平台", "National pilot platform")),
)

KIND = Kind(
    key="facility",
    label=Words("中试与验证平台", "Facility"),
    description=Words("可以做概念验证、中试、检测的平台和实验室", "Places for proof of concept, pilot tests and measurement"),
    group="facility",
    icon="building-factory-2",
    stale_after_days=365,
    title=Words("平台名称", "Facility"),
    columns={"summary": "services", "region": "region", "field": "field", "industry": "industry", "holder": "holder",
             "date": "opened_on", "valid_until": "valid_until"},
    fields=(
        Field("type", Words("平台类型", "Type"), Choice(options=TYPES), required=True, score=5, list=True),
        Field("services", Words("服务内容", "Services"), Prose(), required=True, search=5, score=15,
              help=Words("能为外单位做什么，从来样到报告", "What it does for others, from sample to report")),
        Field("services_en", Words("英文简介", "Services in English"), Prose(5000), search=2),
        Field("keywords", Words("关键词", "Keywords"), Many(Line(60)), search=3, score=3),
        Field("capacity", Words("能力参数", "Capacity"), Measures(), search=2, score=10,
              help=Words("规模、量程、精度等，例如“反应釜容积 = 500 L”", "Scale, range, precision: “reactor = 500 L”"),
              advice=Words("写出规模和精度，客户才知道自己的样品能不能做。", "Give scale and precision.")),
        Field("equipment", Words("主要设备", "Main equipment"), Many(Line(300)), search=2, score=8,
              help=Words("名称、型号、原值、产能", "Name, model, value, throughput")),
        Field("lines", Words("中试线", "Pilot lines"), Many(Line(300)), search=1, score=4),
        Field("verifications", Words("验证类型", "Verifications"), Many(Choice(options=VERIFICATIONS)), score=6, list=True),
        Field("trl_from", Words("接受的起始成熟度", "TRL accepted from"), Level("trl"), score=2),
        Field("trl_to", Words("可达到的成熟度", "TRL reached"), Level("trl"), score=2),
        Field("area", Words("中试领域", "Pilot area"), Choice(options=AREAS)),
        Field("level", Words("级别", "Level"), Choice(options=LEVELS), score=3, list=True),
        Field("ladder", Words("培育梯度", "Step of the ladder"), Choice(options=LADDER)),
        Field("build_mode", Words("建设方式", "Build mode"), Choice(options=BUILD_MODES)),
        Field("positioning", Words("定位", "Positioning"), Choice(options=POSITIONINGS)),
        Field("accreditations", Words("资质与标准", "Accreditations"), Many(Line()), search=1, score=6,
              advice=Words("有没有 CNAS、CMA 等资质？报告谁认？", "CNAS, CMA …: who recognises the report?")),
        Field("permits", Words("安全环保手续", "Safety and environmental permits"), Many(Line()), score=4,
              advice=Words("中试涉及安全、环保手续，请列明已有哪些。", "List the permits in hand.")),
        Field("secrecy", Words("知识产权与保密约定", "IP and secrecy policy"), Prose(5000), score=6,
              advice=Words("样品、数据、成果归谁，怎样保密？", "Whose are sample, data and results, how kept secret?")),
        Field("staff", Words("专职人员数", "Staff"), Whole(0, 100_000), score=2),
        Field("prices", Words("收费标准", "Prices"), Prose(5000), visibility=Visibility.MEMBERS, score=6,
              advice=Words("写出收费办法或参考价。", "Give the price list or a reference.")),
        Field("lead_time_days", Words("一般排期（天）", "Usual lead time"), Whole(0, 3650), unit=Words("天", "days"), score=3),
        Field("open", Words("对外开放", "Open to others"), Flag(), score=3, list=True),
        Field("external_share", Words("对外服务占比", "Share of external use"), Number(0, 100), unit=Words("%", "%"),
              score=2),
        Field("orders", Words("上年服务项数", "Orders last year"), Whole()),
        Field("clients", Words("上年服务客户数", "Clients last year"), Whole()),
        Field("income", Words("上年服务收入", "Income last year"), Money(), visibility=Visibility.INTERNAL),
        Field("industrialised", Words("累计产业化项数", "Results industrialised"), Whole()),
        Field("investment", Words("总投资", "Investment"), Money(), visibility=Visibility.MEMBERS),
        Field("link", Words("网址", "Web site"), Link()),
        Field("holder", Words("运营单位", "Operator"), Line(), score=5, list=True),
        Field("contact", Words("预约联系方式", "Contact for booking"), Line(), visibility=Visibility.MEMBERS, score=5),
        Field("field", Words("技术领域", "Technology field"), Term("field"), score=4, list=True),
        Field("industry", Words("服务行业", "Industry"), Term("industry"), search=1),
        Field("region", Words("所在地区", "Region"), Term("division"), score=2, list=True),
        Field("opened_on", Words("投入运行日期", "Open since"), Day()),
        Field("valid_until", Words("备案有效期至", "Filing valid until"), Day()),
    ),
)  # fmt: skip
