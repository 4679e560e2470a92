"""A demand, held to what every kind promises."""

from tests.registry.kinds import KindTests


class TestDemand(KindTests):
    key = "demand"
    title = "石灰窑自动出灰系统"
    example = {
        "problem": "石灰窑出灰系统在高温下频繁卡料，人工清理危险，每班停机两次，需要自动出灰的装置与控制方法。",
        "current": "人工用钢钎清理，每班两次，每次停机 40 分钟。",
        "targets": "出灰温度 <= 80 ℃; 故障间隔 >= 720 h; (宜)噪声 <= 75 dB",
        "acceptance": "连续运行 30 天，由双方共同记录故障次数。",
        "constraints": "不改动窑体；停窑不超过 5 天",
        "wanted": "合作研发；委托开发",
        "budget": "80万元",
        "deadline": "2027-06-30",
        "field": "MFG04",
        "industry": "3012",
        "region": "杭州市",
        "holder": "云岭示例石灰有限公司",
        "contact": "王工 0571-00000000",
    }

    def test_advice_asks_for_a_figure_first(self):
        without = {name: value for name, value in self.kind.clean(self.example).values.items() if name != "targets"}
        advice = self.kind.completeness(without).advice
        assert advice[0].field == "targets"
        assert "怎样算解决了" in advice[0].message

    def test_a_short_problem_is_asked_to_be_told(self):
        advice = self.kind.completeness({"problem": "设备老坏"}).advice
        assert [each.message for each in advice if each.field == "problem"] == [
            "问题说得太短：什么对象、在什么条件下、出了什么问题、现在怎么办的？"
        ]
