"""The kind “instrument”, held to what every kind promises."""

from tests.registry.kinds import KindTests


class TestInstrument(KindTests):
    key = "instrument"
    title = "场发射扫描电子显微镜"
    example = {
        "functions": "观察材料表面形貌并做微区成分分析，可做断口、颗粒、涂层样品。",
        "specifications": "分辨率 <= 1.0 nm; 加速电压 = 0.1~30 kV",
        "class": "电子光学仪器",
        "model": "EX-700",
        "maker": "示例仪器公司",
        "samples": "干燥固体，直径不超过 30 mm，不导电样品需喷金。",
        "methods": "微束分析方法标准",
        "ways": "送样检测；操作员上机",
        "price": "每机时 300 元。",
        "hour_price": 300,
        "status": "可预约",
        "hours": 1800,
        "holder": "云岭示例大学",
        "contact": "0571-00000004",
        "field": "MAT01",
        "region": "杭州市",
    }
