"""产品: what is made and can be bought, with its novelty and the evidence for it."""

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.measures import Measures
from rongtong.domain.registry.types import Choice, Day, Line, Link, Many, Money, Prose, Term

CATEGORIES = (
    ("first_set", Words("首台（套）", "First set")),
    ("first_batch", Words("首批次", "First batch")),
    ("first_version", Words("首版次", "First version")),
    ("innovative", Words("创新产品", "Innovative product")),
    ("ordinary", Words("一般产品", "Ordinary product")),
)
PURCHASES = (
    ("first_purchase", Words("首购", "First purchase")),
    ("order", Words("订购", "Ordered development")),
    ("single_source", Words("单一来源", "Single source")),
    ("open", Words("公开采购", "Open purchase")),
)

KIND = Kind(
    key="product",
    label=Words("产品", "Product"),
    description=Words("可以采购或替代的产品、材料、装备和软件", "Products, materials, equipment and software to be had"),
    group="technology",
    icon="box",
    stale_after_days=730,
    title=Words("产品名称", "Product"),
    columns={"summary": "description", "region": "region", "field": "field", "industry": "industry", "holder": "holder",
             "date": "launched_on", "valid_until": "catalogue_until"},
    fields=(
        Field("description", Words("产品说明", "Description"), Prose(), required=True, search=5, score=15),
        Field("description_en", Words("英文说明", "Description in English"), Prose(5000), search=2),
        Field("keywords", Words("关键词", "Keywords"), Many(Line(60)), search=3, score=5),
        Field("parameters", Words("性能参数", "Performance"), Measures(), search=2, score=15,
              advice=Words("写出规格和性能数值，便于对照需求。", "Give figures that can be held against a demand.")),
        Field("use", Words("用途与适用场景", "Use"), Many(Line()), search=3, score=8),
        Field("model", Words("规格型号", "Model"), Line(120), search=1, list=True),
        Field("category", Words("类别", "Category"), Choice(options=CATEGORIES), score=5, list=True),
        Field("novelty", Words("创新点", "Novelty"), Prose(5000), search=2, score=8,
              advice=Words("与国内外同类相比，新在哪里、有何证明？", "What is new against others, and what proves it?")),
        Field("substitutes", Words("可替代的产品", "Substitutes for"), Many(Line()), search=2,
              help=Words("能替代的进口或在用产品", "Imported or current products it could replace")),
        Field("test_reports", Words("检测与认证", "Tests and certificates"), Many(Line()), score=8,
              advice=Words("列出第三方检测报告或认证。", "List third-party test reports or certificates.")),
        Field("standards", Words("执行标准", "Standards"), Many(Line()), search=1, score=4),
        Field("ip", Words("知识产权", "Intellectual property"), Many(Line(120)), score=5),
        Field("first_users", Words("首试首用情况", "First users"), Prose(5000), score=6),
        Field("capacity", Words("产能与交期", "Capacity and delivery"), Line(), score=4),
        Field("price", Words("参考价格", "Reference price"), Money(), visibility=Visibility.MEMBERS, score=4),
        Field("purchases", Words("可用的采购方式", "Ways of purchase"), Many(Choice(options=PURCHASES))),
        Field("catalogue", Words("入选目录批次", "Catalogue and batch"), Line()),
        Field("chain_node", Words("产业链环节", "Chain segment"), Line(), search=2, list=True),
        Field("link", Words("网址", "Web site"), Link()),
        Field("holder", Words("生产单位", "Maker"), Line(), score=6, list=True),
        Field("contact", Words("联系方式", "Contact"), Line(), visibility=Visibility.MEMBERS, score=4),
        Field("field", Words("技术领域", "Technology field"), Term("field"), score=3, list=True),
        Field("industry", Words("行业", "Industry"), Term("industry"), search=1),
        Field("region", Words("所在地区", "Region"), Term("division"), list=True),
        Field("launched_on", Words("上市日期", "Launched on"), Day()),
        Field("catalogue_until", Words("目录有效期至", "In the catalogue until"), Day()),
    ),
)  # fmt: skip
