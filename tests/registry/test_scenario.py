"""The kind “scenario”, held to what every kind promises."""

from tests.registry.kinds import KindTests


class TestScenario(KindTests):
    key = "scenario"
    title = "窑炉无人巡检"
    example = {
        "description": "石灰窑车间高温、多粉尘，希望用机器人代替人工巡检并识别漏灰、超温。",
        "keywords": "巡检；机器人",
        "type": "场景需求",
        "wanted": "耐高温巡检机器人；红外识别算法",
        "targets": "漏检率 <= 1 %; 单次续航 >= 4 h",
        "site": "车间两层共 3000 平方米，有轨道。",
        "data": "红外视频样本",
        "safety": "不得影响生产联锁。",
        "support": "提供场地和电力，验证通过后采购两台。",
        "trl": 6,
        "holder": "云岭示例石灰有限公司",
        "contact": "0571-00000006",
        "region": "330100",
        "closes_on": "2027-03-31",
    }
