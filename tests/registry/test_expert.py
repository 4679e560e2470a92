"""The kind “expert”, held to what every kind promises."""

from tests.registry.kinds import KindTests


class TestExpert(KindTests):
    key = "expert"
    title = "张示例"
    example = {
        "expertise": "粉体输送与料仓设计，擅长解决高温物料卡料、结拱、扬尘问题。",
        "keywords": "粉体；料仓；破拱",
        "works": "为三家石灰企业改造出灰系统，停机时间减少九成。",
        "roles": "解决技术难题；项目评审",
        "holder": "云岭示例大学",
        "side": "高等学校",
        "rank": "教授",
        "experience_years": 20,
        "contact": "0571-00000002",
        "consent": "是",
        "field": "MFG04",
        "region": "杭州",
    }
