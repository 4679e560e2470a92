"""The kind “fund”, held to what every kind promises."""

from tests.registry.kinds import KindTests


class TestFund(KindTests):
    key = "fund"
    title = "云岭成果转化基金（示例）"
    example = {
        "type": "成果转化基金",
        "strategy": "投向新材料与先进制造领域的早期成果转化项目，不投纯模式创新。",
        "sectors": "新材料；先进制造",
        "rounds": "种子；天使",
        "ticket_from": "100万元",
        "ticket_to": "1000万元",
        "size": "5亿元",
        "term_years": 10,
        "process": "把商业计划书发给管理人，两周内答复。",
        "holder": "云岭示例基金管理有限公司",
        "contact": "0571-00000008",
        "region": "330100",
    }
