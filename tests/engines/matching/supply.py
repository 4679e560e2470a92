"""A small supply written for these tests, and an encoder that needs no model: words hashed into a vector."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from rongtong.engines import text
from rongtong.engines.matching import Record
from rongtong.engines.matching.encoding.base import Progress, Role, Vectors, unit

RECORDS = [
    Record(
        "P1",
        "patent",
        "一种石灰窑自动出灰装置",
        "本装置在石灰窑窑底连续出灰，出灰温度低于60℃，无需人工清灰。",
        holder="某大学",
    ),
    Record("P2", "patent", "石灰窑烟气余热回收系统", "回收石灰窑烟气的余热用于物料预热，节约燃料8%。"),
    Record("P3", "patent", "有机电致发光器件及其制备方法", "在基板上蒸镀发光层，器件的亮度与寿命得到改善。"),
    Record(
        "P4",
        "patent",
        "一种高韧性立方氮化硼单晶的合成方法",
        "采用新型触媒合成立方氮化硼单晶，抗冲击韧性达到70%。",
        trl=6,
        field="超硬材料",
    ),
    Record("P5", "patent", "", "本发明公开了一种大蒜油微胶囊粉末，采用喷雾干燥得到，包埋率高。"),
    Record("P6", "paper", "茶叶保鲜包装材料的研究", "纳米包装材料降低透氧量，延长绿茶的保鲜期。"),
    Record(
        "P7",
        "patent",
        "A kiln with continuous lime discharge",
        "Lime is discharged continuously from the kiln bottom below 60 °C.",
    ),
]


class HashedWords:
    """A deterministic encoder: every word of the text adds its own random direction."""

    name, dimension, note = "hashed-words", 64, ""

    def encode(self, texts: Sequence[str], *, role: Role, progress: Progress | None = None) -> Vectors:
        made = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, each in enumerate(texts):
            for word in text.words(each):
                made[row] += np.random.default_rng(crc32(word.encode())).normal(size=self.dimension)
        if progress:
            progress(len(texts), len(texts))
        return unit(made)
