"""The kind “paper”, held to what every kind promises."""

from tests.registry.kinds import KindTests


class TestPaper(KindTests):
    key = "paper"
    title = "石灰窑出灰过程的离散元模拟"
    example = {
        "abstract": "建立石灰颗粒在料斗中流动的离散元模型，比较三种破拱方式的效果，给出卡料发生的条件。",
        "abstract_en": "A discrete element model of lime in a hopper.",
        "keywords": "离散元；料斗；破拱",
        "type": "期刊论文",
        "authors": "张某；李某",
        "holder": "云岭示例大学",
        "venue": "示例学报",
        "doi": "10.0000/example",
        "field": "MFG04",
        "published_on": "2023-05-01",
    }
