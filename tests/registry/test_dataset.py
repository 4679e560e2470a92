"""The kind “dataset”, held to what every kind promises."""

from tests.registry.kinds import KindTests


class TestDataset(KindTests):
    key = "dataset"
    title = "石灰窑运行数据集（示例）"
    example = {
        "description": "一座石灰窑一年的温度、压力、料位与故障记录，每分钟一条。",
        "keywords": "石灰窑；故障诊断",
        "variables": "窑温 ℃；窑压 kPa；料位 m",
        "method": "现场仪表经采集系统记录。",
        "quality": "剔除停窑时段，缺测已标注。",
        "rows": 525600,
        "size_mb": 120,
        "format": "CSV",
        "access": "申请使用",
        "licence": "仅限研究使用",
        "personal": "否",
        "identifier": "示例-0001",
        "holder": "云岭示例大学",
        "contact": "0571-00000009",
    }
