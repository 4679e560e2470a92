"""An achievement, held to what every kind promises."""

from rongtong.domain.foundation.visibility import Visibility
from tests.registry.kinds import KindTests


class TestAchievement(KindTests):
    key = "achievement"
    title = "高温物料自动出灰成套装置"
    example = {
        "problem": "解决高温石灰出灰时卡料、人工清理危险的问题，以振动破拱与锁风实现连续出灰，已在三家企业使用。",
        "principle": "振动破拱装置与双层锁风阀按料位与温度联动。",
        "keywords": "石灰窑; 出灰; 破拱",
        "parameters": "出灰温度 <= 75 ℃; 故障间隔 >= 1000 h",
        "conditions": "现场连续 90 天记录。",
        "comparators": "比人工清理减少停机九成，一次投入较高。",
        "trl": "TRL 8",
        "stage": "规模化应用",
        "buyers": "石灰企业；钢铁企业",
        "modes": "普通许可；技术开发与服务",
        "price": "120万元",
        "ip": "ZL202010000000.0",
        "field": "先进制造工艺与装备",
        "industry": "C3012",
        "region": "330100",
        "holder": "云岭示例大学",
        "contact": "李老师 0571-00000001",
    }

    def test_advice_asks_for_measured_parameters(self):
        without = {name: value for name, value in self.kind.clean(self.example).values.items() if name != "parameters"}
        assert self.kind.completeness(without).advice[0].field == "parameters"

    def test_shares_are_for_the_owner_alone(self):
        values = self.kind.clean({**self.example, "finisher_shares": "张某 30%"}).values
        assert "finisher_shares" not in self.kind.readable(values, frozenset(set(Visibility) - {Visibility.OWNER}))
