"""The kind “project”, held to what every kind promises."""

from tests.registry.kinds import KindTests


class TestProject(KindTests):
    key = "project"
    title = "高温物料自动出灰关键技术"
    example = {
        "summary": "研究高温物料在料斗中的流动规律，研制自动出灰成套装置并在企业验证。",
        "keywords": "出灰；料斗",
        "targets": "故障间隔 >= 1000 h",
        "results": "样机一套，发明专利两项。",
        "number": "YL2021-001",
        "programme": "市重点研发计划",
        "status": "已验收",
        "holder": "云岭示例大学",
        "partners": "云岭示例石灰有限公司",
        "leader": "张示例",
        "budget": "200万元",
        "follow_up": "已许可一家企业。",
        "trl": 7,
        "field": "MFG04",
        "starts_on": "2021-01-01",
    }
