"""The kind “facility”, held to what every kind promises."""

from tests.registry.kinds import KindTests


class TestFacility(KindTests):
    key = "facility"
    title = "云岭粉体工程中试平台（示例）"
    example = {
        "type": "中试平台",
        "services": "提供粉体输送、干燥、煅烧的中试放大，从来样分析到给出工艺包和报告。",
        "capacity": "回转窑处理量 = 500 kg/h; 最高温度 <= 1400 ℃",
        "equipment": "回转窑 RK-500 一台；气力输送试验线一条",
        "lines": "煅烧中试线",
        "verifications": "工艺验证；生产验证",
        "trl_from": 4,
        "trl_to": 7,
        "level": "省级",
        "accreditations": "CMA",
        "permits": "环评批复",
        "secrecy": "样品与数据归委托方，签保密协议。",
        "prices": "每天 8000 元起。",
        "lead_time_days": 20,
        "open": "是",
        "external_share": "45%",
        "holder": "云岭示例研究院",
        "contact": "0571-00000003",
        "field": "MFG04",
        "region": "330100",
    }
