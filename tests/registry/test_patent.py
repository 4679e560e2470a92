"""The kind “patent”, held to what every kind promises."""

from tests.registry.kinds import KindTests


class TestPatent(KindTests):
    key = "patent"
    title = "一种石灰窑出灰装置"
    example = {
        "abstract": "一种石灰窑出灰装置，包括料斗、破拱机构与锁风阀，料位计与破拱机构联动，可连续出灰。",
        "keywords": "石灰窑；出灰",
        "claims": "1. 一种石灰窑出灰装置，其特征在于包括料斗和破拱机构。",
        "use": "石灰窑出灰",
        "type": "发明",
        "application_number": "CN202010000000.0",
        "status": "授权有效",
        "ipc": "F27B 1/21; B65G 65/30",
        "inventors": "张某；李某",
        "holder": "云岭示例大学",
        "modes": "普通许可",
        "field": "MFG04",
        "filed_on": "2020-01-03",
        "contact": "李老师 0571-00000001",
    }

    def test_symbols_are_written_one_way(self):
        assert self.kind.clean({**self.example, "ipc": "f27b1/21; B65G65/30 "}).values["ipc"] == [
            "F27B 1/21", "B65G 65/30",
        ]  # fmt: skip
