"""The words around a number that say how it is meant: 不低于, 以上, 左右, 提高了, at least, by."""

from __future__ import annotations

import re
from typing import Literal

from rongtong.engines.text.units import MULTIPLE, RATIO, TIME, Unit

Relation = Literal[">=", "<=", ">", "<", "=", "range", "~"]
Change = Literal["increase", "decrease"]

_NOT = "不(?:得|能|应|可|会)?"
# Longest meaning first: 不低于 before 低于, 大于等于 before 大于. One line per language.
_BEFORE_PATTERNS: tuple[tuple[Relation, str], ...] = (
    (
        ">=",
        f"≥|>=|=>|≮|{_NOT}[低小少短弱]于|[大高]于或?等于|至少(?:为|达到?|需要?|是)?|最少|下限为?"
        r"|at\s+least|not?\s+(?:less|lower|fewer)\s+than|not\s+below|minimum(?:\s+of)?|min\.",
    ),
    (
        "<=",
        f"≤|<=|=<|≯|{_NOT}[高大多超长][于过出]|不超|[小低]于或?等于|至多|最多|上限为?"
        r"|at\s+most|not?\s+(?:more|higher|greater)\s+than|not\s+(?:exceed(?:ing)?|above)|up\s+to|within"
        r"|maximum(?:\s+of)?|max\.",
    ),
    (
        ">",
        ">|[大高多长]于|超过|超出|突破"
        r"|(?:greater|more|higher|longer)\s+than|above|over|exceed(?:ing|s)?",
    ),
    (
        "<",
        "<|[小低少短]于|不足|不到"
        r"|(?:less|lower|smaller|fewer|shorter)\s+than|below|under",
    ),
    ("~", r"≈|~|大约|约为?|将?近|接近|左右|about|approximately|around|approx\.|ca\."),
    ("=", "="),
)
_BEFORE = tuple((relation, re.compile(rf"(?:{pattern})\s*$", re.IGNORECASE)) for relation, pattern in _BEFORE_PATTERNS)
_AFTER = re.compile(
    r"\s?\)?\s?(?:\(含\)|含)?(?:"
    r"(?P<least>(?:及|或|和)?以上|之上|or\s+(?:more|higher|above|greater)|and\s+above|at\s+least|minimum\b)"
    r"|(?P<most>(?:及|或|和)?以下|以内|之内|之下|or\s+(?:less|lower|below)|at\s+most|maximum\b)"
    r"|(?P<about>左右|上下)|(?P<within>内))"
)
_FILLER = re.compile(r"(?:[\s(:]|在|到|至|达到|达|约|为|是|¥|￥|[ΦφФØ]|of|to|by)+$")
_SIGNED = re.compile(r"[≥≤<>=≈≮≯][\s(±φΦ负-]*$")
_PREFIX_UNIT = re.compile(r"(HRC|HRA|HRB|HBW|HB|HV|HK)\s?$")
_REACHING = re.compile(r"(?:到|至|为|\bto)\s*$")

# 温升, 压降, 沉降, 衰减 and 降解率, 减水率 name quantities of their own.
_MORE = (
    r"(?:提高|提升|增加|增长|增强|延长|扩大|上升|升高|(?<![温压爬抬攀])升(?![温力降压华速程])|increas\w*|improv\w*|rais\w*|enhanc\w*|extend\w*)"
    r"(?:了|比例|幅度|率)?"
)
_LESS = (
    r"(?:降低|减少|下降|缩短|节约|节省|节能|减小|减轻|(?<![温压力沉升消])降(?![解温噪尘水压凝落滤雨])|(?<![衰增加递缩])减(?![震振水排阻摩速压])|reduc\w*|decreas\w*|lower\w*|cut\w*|sav\w*|shorten\w*)"
    r"(?:了|比例|幅度|率)?"
)
_CHANGE_AT_END = re.compile(rf"(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\s?(?:by\s?)?$", re.IGNORECASE)
_CHANGE_AT_START = re.compile(
    rf"(?:.{{0,6}}?(?:将|使|可|能|并|be\s|to\s))??(?:(?P<more>{_MORE})|(?P<less>{_LESS}))(?![至到为])", re.IGNORECASE
)
# 从室温升至380℃: what reaches a value is a verb after any noun.
_SHORT_VERB = re.compile("[升降减]$")
_LONGEST = 24


def relation_before(left: str) -> tuple[str, Relation | None]:
    """Return the clause in front of a number without its relation words, and the relation they state."""
    bare = left.rstrip(" (±")
    for candidate in (bare, strip_filler(bare)):
        cut = max(0, len(candidate) - _LONGEST)
        for relation, pattern in _BEFORE:
            if match := pattern.search(candidate, cut):
                return candidate[: match.start()], relation
    return strip_filler(bare), None


def relation_after(text: str, position: int, unit: Unit) -> tuple[Relation | None, int]:
    """Return the relation stated behind a quantity that ends at `position`, and where its words end."""
    match = _AFTER.match(text, position)
    if match is None or (match.group("within") and unit.dimension != TIME):
        return None, position
    if match.group("about"):
        return "~", match.end()
    return (">=" if match.group("least") else "<="), match.end()


def is_signed(text: str, position: int) -> bool:
    """Say whether the number at `position` is introduced by a sign of relation such as ≥, not by words."""
    return _SIGNED.search(text, max(0, position - 6), position) is not None


def change_before(left: str, unit: Unit, related: bool) -> tuple[str, Change | None]:
    """Return the clause without its verb of change, and the change: 效率提高 30% increases the efficiency by 30 %.

    A verb that reaches a value (提高到, 降至) states the value itself and is no change.
    """
    tail = left[-_LONGEST:]
    if reaching := _REACHING.search(tail):
        verb = _CHANGE_AT_END.search(tail[: reaching.start()]) or _SHORT_VERB.search(tail[: reaching.start()])
        return (left[: len(left) - len(tail) + verb.start()] if verb else left), None
    match = _CHANGE_AT_END.search(tail)
    if match and left.strip() == match.group().strip() and left.rstrip().endswith("率"):
        return left, None
    if match:
        return left[: len(left) - len(tail) + match.start()], "increase" if match.group("more") else "decrease"
    # 降低整机质量20%: the verb opens the clause. With a bound on a rate (提高合格率≥95%) the rate itself is bounded.
    relative = unit.dimension in {RATIO, MULTIPLE} and not (related and left.rstrip().endswith(("率", "度", "量")))
    start = _CHANGE_AT_START.match(left) if relative else None
    if start is None:
        return left, None
    return " " * start.end() + left[start.end() :], "increase" if start.group("more") else "decrease"


def without_change(name: str) -> str:
    """Return the name without the verb of change that ends it: 生产效率 for 生产效率提高."""
    return _CHANGE_AT_END.sub("", name).strip() or name


def strip_filler(left: str) -> str:
    """Drop prefix units and words like 达到 at the end, unless they are what a verb of change reaches (提高到)."""
    left = _PREFIX_UNIT.sub("", left)
    return left if _REACHING.search(left) else _FILLER.sub("", left)


def prefix_unit(left: str) -> str | None:
    """Return the unit written in front of a number (HRC 58), or None."""
    match = _PREFIX_UNIT.search(left)
    return match.group(1) if match else None
