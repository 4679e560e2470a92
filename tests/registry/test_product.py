"""The kind “product”, held to what every kind promises."""

from tests.registry.kinds import KindTests


class TestProduct(KindTests):
    key = "product"
    title = "双层锁风出灰阀"
    example = {
        "description": "用于高温粉料连续排出的双层锁风阀，阀板堆焊耐磨层，配料位联动控制。",
        "keywords": "锁风阀；出灰",
        "parameters": "耐温 >= 400 ℃; 处理量 = 5~20 t/h",
        "use": "石灰窑；水泥窑",
        "model": "DF-400",
        "category": "首台（套）",
        "novelty": "阀板自清理结构。",
        "test_reports": "第三方耐磨检测报告",
        "standards": "企业标准",
        "ip": "ZL202010000000.0",
        "first_users": "云岭示例石灰有限公司",
        "capacity": "年产 200 台，交期 45 天",
        "price": "18万元",
        "holder": "云岭示例装备有限公司",
        "contact": "0571-00000005",
        "region": "330100",
    }
