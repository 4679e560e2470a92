"""What a measured value is the value of: the noun phrase beside it, and which names mean the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from rongtong.engines.text.dictionary import segmenter
from rongtong.engines.text.normal import normalise
from rongtong.engines.text.tokens import bigrams_of_normal, is_han

Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class NameGroup:
    """Names of one quantity; `better` is the direction of improvement, `covers` marks ranges that must be covered."""

    names: tuple[str, ...]
    better: Better | None
    covers: bool


LONGEST_NAME = 16


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_HEAD = re.compile(
    r"(?:[\s\-*·•●◆、\"“”'‘’<>《》\[\]{}()|/+=:：]|(?<![\d.])\d{1,2}[.)、]|[①-⑳]"
    r"|并且|而且|同时|其中|其(?![他它])|且|并(?![网联行发])|以及|及(?![时格])|和(?!易)|与(?!会)|或|但|使得|使(?!用)|将|把|让|确保|保证"
    r"|要求|实现|满足(?!率)|具有|具备|可(?!用[度性率]|[靠溶见燃焊视逆调])|能够|能(?![耗量源力效级])|须|需要|需(?![求氧水])|应(?![力变用答急])"
    r"|从而|进一步|大幅|达到|平均可|预计|目标(?![检识跟])|主要(?!成分)|现有|目前|整个|单个|每个|该|此"
    r"|在(?!线)|对(?![比称准中焦])|以(?![太上下内])|按(?![键时期])|年内|拟|也|还(?!原)|又|均(?![匀值方])|都|总体(?!积)|的|至"
    r"|到(?![位货港达])|降至|降到|提高到|提高至)+"
)
_TAIL = re.compile(
    r"(?:[\s\-*·\"“”'‘’<>《》\[{(|/=:：,~]|应当|应该|(?<![反效响感])应|(?<!晶)须|需要|需|要求|(?<!主)要|可以|可|能够|(?<![性产储节动热功势电机职智光效收内位])能|不得|为|是|在"
    r"|达到了|达到|(?<![雷马])达|控制|保持|保存|稳定|维持|满足|(?<!平)均|一般|仅|只有|只|就|也|即|将|到|至|由|从|不|有|了|设定|指标|通常|设置"
    r"|设计|分别|已经|已|目前|甚至|实现|目标值|目标|最终|超出|处于|原来|的)+$"
)
# Words after which a new noun phrase begins.
_BREAK_TAGS = ("p", "c", "d", "r", "u", "y", "x", "w", "e", "o")
_BREAK_WORDS = _listed(
    "达到 采用 实现 要求 需要 保证 确保 满足 控制 保持 使 让 提供 具有 具备 拥有 建成 形成 完成 使其 能 可 "
    "应 须 含 含有 包括 开发 研制 研发 研究 寻求 希望 解决 选用 选择 得到 获得 进行 存在 提高 提升 降低 减少 "
    "增加 延长 缩短 节约 开展 建立 购买 设计 制备 生产出 条件 情况 时 下 后 前 内 达 至 到 为 是 有 在"
)
_GENERIC = _listed(
    "要求 指标 参数 性能 技术 数量 大小 范围 值 目标 产品 条件 预期 以及 每次 原来 加热 加大 产生 "
    "会产生 反应 取得 已经取得 投入 其它 其他 全部 有限时间 完成后 单位 其中 时间 情况 内容"
)
_NOUN_TAGS = ("n", "vn", "eng", "j", "l", "a", "b", "v", "i", "s", "f", "m", "g", "k", "h", "z")
_ENGLISH_STOP = _listed(
    "a an the of is are be was were must should shall has have having to with at by and or for in from that which "
    "we can may will need needs required require requires target reach reaches reaching achieve achieves its "
    "their than as it this than only not value values between within up keep kept remain remains stay stays our "
    "about level levels works work operates operate"
)
# Words that never stand inside a noun phrase, and words that do not begin one.
_SENTENCE_WORDS = _listed(
    "达到 达 采用 实现 要求 需要 保证 确保 使 使得 让 提供 具有 具备 拥有 建成 形成 完成 使其 须 包括 寻求 希望 解决 "
    "选用 得到 进行 开展 建立 购买 满足 分别 为 是 在 将 把 被 由 从 经 以 均 都 也 就 又 还 已 可 应 应该 能 能够 "
    "可以 必须 仅 只 其中 预计 目前 现有"
)
_NO_FIRST_WORDS = _listed(
    "提高 提升 降低 减少 增加 延长 缩短 节约 开发 研制 研发 研究 制备 生产出 解决 满足 后 下 时 内 前 年内 同时 并且 "
    "而且 以及 且 从而 进一步 大幅 至 以上 以下 左右"
)
# With one of these a verb becomes a noun: 保持率, 控制量, 提高度.
_SUFFIXES = frozenset("率度量数性值")
_SENTENCE_TAGS = ("r", "u", "y", "w", "e", "o")
_NO_FIRST_TAGS = ("p", "c")
_INSIDE = _listed("与 和 及 或 对 到 至")
_BEFORE_A_PHRASE = re.compile(
    r".*[:=|\[\]{}<>《》“”\"'*●•◆①-⑳]|.*(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])|\s*\d{1,2}[.)、](?!\d)", re.S
)
_LONGEST_CLAUSE = 24
_DATE = re.compile(r"\d{4}年?度?(?:\d{1,2}月)?(?:全年)?")
_COMPARES = re.compile("[≥≤<>=]|[小大低高少多]于|不[小大低高少多超]|达到")
_ENGLISH_WORD = re.compile(r"[A-Za-z][A-Za-z0-9\-]*")
_NORMAL_NAME = re.compile(r"[\s\-_()()（）·]+")


def name_before(left: str) -> tuple[int, int]:
    """Return the (start, end) of the noun phrase at the end of `left`, empty when there is none.

    `left` is the folded clause in front of a value and of its relation words.
    """
    if not any(map(is_han, left)):
        return _english_before(left)
    end = len(_TAIL.sub("", left))
    start = max(0, end - 40)
    start = _after_particle(left, start, end)
    if end - start > 6:
        start = _noun_phrase(left, start, end)
    head = _HEAD.match(left, start, end)
    start = head.end() if head else start
    return (end, end) if end - start < 2 or _says_nothing(left[start:end]) else (start, end)


def whole_name(left: str) -> tuple[int, int]:
    """Return the (start, end) of the noun phrase that alone fills `left`, empty when more than a name stands there.

    `left` is the folded clause in front of a sign of relation: in 循环容量保持率 ≥ 88 % all of it is the name.
    """
    end = len(_TAIL.sub("", left))
    before = _BEFORE_A_PHRASE.match(left, 0, end)
    start = before.end() if before else 0
    start += len(left[start:end]) - len(left[start:end].lstrip(" -·、/+,"))
    name = left[start:end]
    fits = 2 <= len(name) <= _LONGEST_CLAUSE and any(map(is_han, name)) and not _says_nothing(name)
    return (start, end) if fits and _is_noun_phrase(name) else (end, end)


def _is_noun_phrase(name: str) -> bool:
    tagged = segmenter().tag(name)
    first, first_tag = tagged[0]
    refers = name[0] in "其该此" and name[:2] not in {"其他", "其它"}
    if refers or first in _NO_FIRST_WORDS or first_tag.startswith(_NO_FIRST_TAGS):
        return False
    following = [*(word for word, _ in tagged[1:]), ""]
    pairs = zip(tagged, following, strict=True)
    return not any(after not in _SUFFIXES and _is_of_a_sentence(word, tag) for (word, tag), after in pairs)


def _is_of_a_sentence(word: str, tag: str) -> bool:
    joins = tag.startswith(_NO_FIRST_TAGS) and word not in _INSIDE
    return word in _SENTENCE_WORDS or joins or (tag.startswith(_SENTENCE_TAGS) and tag != "eng")


def _says_nothing(name: str) -> bool:
    return name in _GENERIC or name in _BREAK_WORDS or _DATE.fullmatch(name) is not None


def name_after(right: str) -> tuple[int, int]:
    """Return the (start, end) of the noun phrase that `right` begins with ("5万吨的产能" gives 产能)."""
    start = len(right) - len(right.lstrip(" 的"))
    right = _COMPARES.split(right, maxsplit=1)[0]
    if not right[start : start + 1] or not is_han(right[start]):
        return _english_after(right)
    end = start
    for word, tag in segmenter().tag(right[start : start + 14]):
        if not tag.startswith(_NOUN_TAGS) or word in _BREAK_WORDS or not word[0].isalnum():
            break
        end += len(word)
    return (start, end) if end - start > 1 and right[start:end] not in _GENERIC else (start, start)


@lru_cache(maxsize=8192)
def group_of(name: str) -> NameGroup | None:
    """Return the group whose member the name is, or ends with (材料的热导率 belongs to 热导率); None when unknown."""
    plain = plain_name(name)
    groups = _groups()
    if plain in groups:
        return groups[plain]
    endings = (plain[start:] for start in range(1, len(plain) - 1))
    if any(map(is_han, plain)):
        return next((groups[ending] for ending in endings if ending in groups and is_han(ending[0])), None)
    parts = _ENGLISH_WORD.findall(normalise(name))
    return next(
        (groups[plain_name("".join(parts[i:]))] for i in range(len(parts)) if "".join(parts[i:]) in groups), None
    )


@lru_cache(maxsize=8192)
def names_agree(first: str, second: str) -> bool:
    """Say whether two names can mean the same quantity: equal, of one group, one inside the other, or alike."""
    one, other = plain_name(first), plain_name(second)
    if one == other:
        return True
    if not one or not other:
        return False
    group, other_group = group_of(first), group_of(second)
    if group and other_group:
        return group is other_group
    return _contains(one, other) or _alike(one, other)


@lru_cache(maxsize=8192)
def plain_name(name: str) -> str:
    """Return the name in normal form without blanks, hyphens and brackets."""
    return _NORMAL_NAME.sub("", normalise(name))


@lru_cache(maxsize=1)
def _groups() -> dict[str, NameGroup]:
    path = files("rongtong") / "packs" / "dictionaries" / "parameter_names.yaml"
    loaded: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    found: dict[str, NameGroup] = {}
    for entry in loaded:
        group = NameGroup(tuple(entry["names"]), entry.get("better"), entry.get("covers", False))
        found |= {plain_name(name): group for name in group.names}
    return found


def _after_particle(left: str, start: int, end: int) -> int:
    """Start after the last 的, or after the one before when what follows would be too short to name anything."""
    last = left.rfind("的", start, end)
    if last < 0:
        return start
    if end - last - 1 >= 3 or plain_name(left[last + 1 : end]) in _groups():
        return last + 1
    before = left.rfind("的", start, last)
    return before + 1 if before >= 0 else start


def _noun_phrase(left: str, start: int, end: int) -> int:
    """Walk back over nouns from the end, as far as a preposition, an adverb or a verb of achieving."""
    tagged = segmenter().tag(left[start:end])
    position = end
    suffix = False
    for word, tag in reversed(tagged):
        particle = word == "的"
        breaks = tag.startswith(_BREAK_TAGS) or (word in _BREAK_WORDS and not suffix)
        if not particle and breaks and tag != "eng":
            break
        suffix = word in _SUFFIXES
        if end - position + len(word) > LONGEST_NAME:
            break
        position -= len(word)
    return position if position < end else start


def _english_before(left: str) -> tuple[int, int]:
    found = list(_ENGLISH_WORD.finditer(left[-80:]))
    shift = max(0, len(left) - 80)
    while found and found[-1].group().lower() in _ENGLISH_STOP:
        found.pop()
    kept: list[re.Match[str]] = []
    while found and found[-1].group().lower() not in _ENGLISH_STOP and len(kept) < 4:
        if kept and left[shift + found[-1].end() : shift + kept[-1].start()].strip():
            break
        kept.append(found.pop())
    return (shift + kept[-1].start(), shift + kept[0].end()) if kept else (len(left), len(left))


def _english_after(right: str) -> tuple[int, int]:
    start = end = 0
    for word in _ENGLISH_WORD.finditer(right[:40]):
        if word.start() > end + 1 or word.group().lower() in _ENGLISH_STOP - {"of"}:
            break
        if word.group().lower() != "of":
            start = start or word.start()
        end = word.end()
    return (start, end) if start else (0, 0)


def _contains(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 2 and longer.endswith(shorter)


def _alike(one: str, other: str) -> bool:
    first, second = set(bigrams_of_normal(one)), set(bigrams_of_normal(other))
    shared = len(first & second)
    # The head of a Chinese noun phrase is its end: names that end differently name different quantities.
    return shared > 0 and one[-1] == other[-1] and 2 * shared >= 0.6 * (len(first) + len(second))
