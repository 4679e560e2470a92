"""Every reason and every obstacle has its sentence in both languages."""

from datetime import date

from rongtong.engines.review import Exclusion, Obstacle, hindrance, reason
from rongtong.engines.review.words import FACTS, KINDS, OBSTACLES, REASONS


def test_reasons_say_until_when_and_what_is_missing() -> None:
    day = date(2024, 1, 1)
    said = {
        "劳动关系，到 2024-01-01 为止": Exclusion("E", "employment", until=day),
        "董事或监事，截止日期不详": Exclusion("E", "board", unclear=True),
        "不知道高级职称或同等水平": Exclusion("E", "unknown", "senior"),
        "监督部门工作人员": Exclusion("E", "supervisor"),
    }
    assert [str(reason(each)) for each in said.values()] == list(said)


def test_every_code_has_words() -> None:
    found = [reason(Exclusion("E", code)) for code in REASONS]
    found += [reason(Exclusion("E", "unknown", fact)) for fact in FACTS]
    found += [hindrance(Obstacle(code, 2)) for code in OBSTACLES]
    assert {*KINDS} <= {*REASONS}
    assert all(each.zh and each.en and "{" not in each.zh + each.en for each in found)
