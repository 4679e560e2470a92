"""Reading a technical demand: what is needed, what would solve it, under which limits, and what is only history."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rongtong.engines.text import cues
from rongtong.engines.text.language import Language, language
from rongtong.engines.text.normal import fold
from rongtong.engines.text.parameters import Parameter, parameters
from rongtong.engines.text.sentences import Span, sentences, span_of
from rongtong.engines.text.tokens import words
from rongtong.engines.text.units import MONEY, TIME

Role = Literal[
    "need", "problem", "goal", "background", "context", "constraint", "budget", "deadline", "form", "acceptance"
]
Advice = Literal[
    "no_object",
    "too_vague",
    "no_measurable_target",
    "no_acceptance_test",
    "no_deadline",
    "budget_missing",
    "form_missing",
    "mostly_background",
    "several_needs",
]


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the demand and the part it plays."""

    span: Span
    role: Role


@dataclass(frozen=True, slots=True)
class WantedForm:
    """A form of cooperation the demand asks for, and the words that say so."""

    form: cues.Form
    span: Span


@dataclass(frozen=True, slots=True)
class DemandReading:
    """What a demand says. All spans are over the text, except `object`, which is over the title when there is one.

    `problem` holds need and problem sentences, `goals` the sentences of wanted results, `targets` the measured
    parameters outside history and money, `background` the history of company and trade, `sub_needs` the numbered
    items of the need. `problem_text` is what a matcher should search with. `advice` lists what is missing, as codes.
    """

    language: Language
    object: Span | None
    passages: tuple[Passage, ...]
    targets: tuple[Parameter, ...]
    constraints: tuple[Span, ...]
    sub_needs: tuple[Span, ...]
    forms: tuple[WantedForm, ...]
    acceptance: tuple[Span, ...]
    budget: Parameter | None
    deadline: Span | None
    problem_text: str
    advice: tuple[Advice, ...]

    @property
    def problem(self) -> tuple[Span, ...]:
        """The sentences that say what is needed or what is wrong."""
        return self._with("need", "problem")

    @property
    def goals(self) -> tuple[Span, ...]:
        """The sentences that say what should be reached."""
        return self._with("goal")

    @property
    def background(self) -> tuple[Span, ...]:
        """The sentences about the company's past and the state of the trade."""
        return self._with("background", "context")

    def _with(self, *roles: Role) -> tuple[Span, ...]:
        return tuple(passage.span for passage in self.passages if passage.role in roles)


def read_demand(title: str, text: str) -> DemandReading:
    """Return what a technical demand asks for, by rules alone, with spans over the original text.

    Works on structured demands (需求内容 / 预期目标 / 现有工作基础 …) and on plain prose, in Chinese and English.
    """
    folded = fold(text)
    sections = list(_sections(folded))
    passages = _passages(text, folded, sections)
    ahead = [passage for passage in passages if passage.role not in {"background", "context"}]
    found = parameters(text)
    budget = _budget(found, folded, ahead)
    targets = _targets(found, passages, budget)
    forms = _forms(text, folded, ahead)
    parts = DemandReading(
        language=language(f"{title} {text}"),
        object=object_of(title) or _object_in(text, folded, ahead),
        passages=tuple(passages),
        targets=targets,
        constraints=_constraints(text, folded, ahead),
        sub_needs=_sub_needs(text, folded, sections),
        forms=forms,
        acceptance=tuple(
            p.span for p in ahead if p.role == "acceptance" or cues.ACCEPTANCE.search(_of(folded, p.span))
        ),
        budget=budget,
        deadline=_deadline(text, folded, ahead),
        problem_text=_problem_text(title, text, passages),
        advice=(),
    )
    return _advised(parts)


def object_of(title: str) -> Span | None:
    """Return the thing a title is about: 高韧性立方氮化硼单晶 in 高韧性立方氮化硼单晶的研制及其产业化."""
    folded = fold(title)
    head = _TITLE_HEAD.match(folded)
    start = head.end() if head else 0
    tail = _TITLE_TAIL.search(folded, start)
    end = tail.start() if tail and tail.start() - start >= 3 else len(folded)
    return span_of(title, start, end) or span_of(title, 0, len(title))


_NUMBERING = r"(?:[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．：:]+|[①-⑳]|[●•■◆*-])"
_HEADING = re.compile(
    rf"(?:^|(?<=[\n\r。；;！!]))[ \t]*{_NUMBERING}?[ \t]*([^：:，,。；;\n\r]{{2,24}}?)[ \t]*(?:(?P<end>[:：])|。|"
    rf"(?=[\n\r]|$))"
)
_BARE_HEADING = re.compile(
    r"(?:需求|内容|目标|预期|要?达到|技术|经济|指标|项目|现有|工作|研究|基础|投入|资金|预算|主要|拟?解决|希望|"
    r"难题|难点|问题|企业|公司|单位"
    r"|概况|简介|介绍|考核|成果|效果|背景|结果|现状|合作|方式|方案|实验|科研|情况|描述|要求|具体|存在|条件|经费|进度|"
    r"安排|预计|方向|时间|完成|验收|标准"
    r"|支撑|平台|投资|规模|意义|征集|[的及和与、()]){1,9}|[A-Za-z][A-Za-z ]{2,23}"
)
_ITEM = re.compile(
    r"(?:^|(?<=[\n\r。；;:：，,\s]))(?:(?P<hanzi>[一二三四五六七八九十]{1,2}[、.．]|"
    r"[(（][一二三四五六七八九十]{1,2}[)）])"
    r"|(?P<bracket>[(（]\d{1,2}[)）])|(?P<half>\d{1,2}[)）])|(?P<circle>[①-⑳])|(?P<number>\d{1,2}(?:、|[.．](?!\d)))"
    r"|(?P<named>(?:需求|难题|问题|任务)[一二三四五六七八九十\d][：:]))"
)
_CLAUSE = re.compile(r"[^，,。；;！!？?\n\r]+")
_TITLE_HEAD = re.compile(
    r"\s*(?:关于|有关|针对|一种|新型的|需求[:：]|寻求|求购|急需|研发一种|开发一种|研发|开发|研究)?\s*"
)
_TITLE_TAIL = re.compile(
    r"(?:的|等)?(?:(?:关键|核心|共性|相关)?(?:技术|工艺|装备)?(?:的)?(?:研究|研发|研制|开发|设计|应用|推广|产业化|"
    r"示范|攻关|改造|改进|需求|项目|方案|课题|难题|升级"
    r"|合作|引进|转化|中试|专题)(?:及其?|与|和|、)?){1,6}$"
)
_OBJECT = re.compile(
    r"(?:寻求|寻找|需求|需要|研发|开发|研制|设计|求购|希望(?:开发|研发|得到|找到)|looking for|seek(?:ing)?|need|"
    r"develop)"
    r"(?:[出了]|再寻找|一种|一款|一套|\s|an?\s|更适合于)*((?:[^，,。；;：:.\n\r]|\.(?=\d)){3,30})"
)
_LONGEST_QUERY = 600


# A section of the demand: its kind (None in front of the first heading), start and end.
_Section = tuple[cues.Section | None, int, int]


def _passages(text: str, folded: str, sections: Sequence[_Section]) -> list[Passage]:
    found: list[Passage] = []
    for section, start, end in sections:
        for span in sentences(text[start:end]):
            placed = Span(start + span.start, start + span.end, span.text)
            found.append(Passage(placed, _role(_of(folded, placed), section)))
    return found


def _sections(folded: str) -> Iterable[_Section]:
    """Yield the sections from heading to heading."""
    start, section = 0, None
    for heading in _HEADING.finditer(folded):
        named = _section_of(heading)
        if named is None:
            continue
        if heading.start() > start:
            yield section, start, heading.start()
        start, section = heading.end(), named
    yield section, start, len(folded)


def _section_of(heading: re.Match[str]) -> cues.Section | None:
    phrase = heading.group(1).strip(' (（)）"“”')
    section = next((section for section, pattern in cues.HEADINGS if pattern.search(phrase)), None)
    if heading.group("end") or section is None:
        return section
    # Without a colon a line is a heading only when it says nothing else: 预期目标, not 解决焊接中的问题.
    return section if _BARE_HEADING.fullmatch(phrase) else None


def _role(sentence: str, section: cues.Section | None) -> Role:
    company, wish = cues.COMPANY.search(sentence), cues.WISH.search(sentence)
    if section == "background":
        return "need" if _ASKS.search(sentence) and not company else "background"
    if section in {"need", "goal"} or section is None:
        # Among the goals patents and papers are results to deliver, unless the sentence is about the company.
        if company and not _ASKS.search(sentence) and (section != "goal" or _THE_COMPANY.search(sentence)):
            return "background"
        return _plain_role(sentence, section, bool(wish))
    return section


_THE_COMPANY = re.compile(r"公司|集团|企业|我厂|本厂|单位|\bour company\b", re.IGNORECASE)
_ASKS = re.compile(
    r"希望|请求|特请|急需|亟需|亟待|寻求|寻找|现需|需要解决|需要?(?:进一步)?(?:研发|开发|研制)|征集|求购|looking for|"
    r"we need|seek",
    re.IGNORECASE,
)


def _plain_role(sentence: str, section: cues.Section | None, wish: bool) -> Role:
    if section == "goal":
        return "goal"
    if cues.TRADE.search(sentence) and not _ASKS.search(sentence):
        return "problem" if cues.TROUBLE.search(sentence) and not sentence.startswith("随着") else "context"
    if wish:
        return "need"
    if cues.TROUBLE.search(sentence):
        return "problem"
    return "goal" if section is None and cues.AIM.search(sentence) else "need"


def _targets(
    found: Sequence[Parameter], passages: Sequence[Passage], budget: Parameter | None
) -> tuple[Parameter, ...]:
    """Keep the parameters of the goals, and of the need where a bound is stated; money and time frames are neither."""
    return tuple(
        parameter
        for parameter in found
        if parameter is not budget
        and _is_target(parameter, _role_at(passages, parameter.span.end - 1))
        and not _of_today(parameter, passages)
    )


def _of_today(parameter: Parameter, passages: Sequence[Passage]) -> bool:
    """Say whether the sentence speaks, up to the parameter, of how things are now and not yet of what is wanted."""
    sentence = next((p.span for p in passages if p.span.start <= parameter.span.start < p.span.end), None)
    before = sentence.text[: parameter.span.start - sentence.start] if sentence else ""
    today = list(cues.TODAY.finditer(before))
    return bool(today) and not cues.WANTED.search(before, today[-1].end())


def _is_target(parameter: Parameter, role: Role | None) -> bool:
    amount = parameter.relation in {"=", "~", "range"} and parameter.change is None
    if parameter.dimension == TIME and (not parameter.name or cues.DEADLINE.search(parameter.span.text)):
        return False
    if amount and parameter.dimension in MONEY:
        return False
    if role == "need":
        # A plain amount in the need tells what is there today; a range (粒度3~5μm) still specifies.
        return parameter.relation not in {"=", "~"} or parameter.change is not None
    return role in {"goal", "constraint", "acceptance"}


def _role_at(passages: Sequence[Passage], position: int) -> Role | None:
    return next((p.role for p in passages if p.span.start <= position < p.span.end), None)


def _budget(found: Sequence[Parameter], folded: str, ahead: Sequence[Passage]) -> Parameter | None:
    for parameter in found:
        if parameter.dimension not in MONEY or parameter.change:
            continue
        passage = next((p for p in ahead if p.span.start < parameter.span.end <= p.span.end), None)
        near = folded[max(0, parameter.span.start - 20) : parameter.span.end + 8]
        if passage and not cues.SPENT.search(near) and (passage.role == "budget" or cues.BUDGET.search(near)):
            return parameter
    return None


def _deadline(text: str, folded: str, ahead: Sequence[Passage]) -> Span | None:
    for passage in ahead:
        start, end = passage.span.start, passage.span.end
        if passage.role == "deadline":
            return passage.span
        if match := cues.DEADLINE.search(folded, start, end):
            clause = next(c for c in _CLAUSE.finditer(folded, start, end) if c.end() >= match.end())
            return span_of(text, clause.start(), clause.end())
    return None


def _forms(text: str, folded: str, ahead: Sequence[Passage]) -> tuple[WantedForm, ...]:
    found: dict[cues.Form, WantedForm] = {}
    for passage in ahead:
        for form, pattern in cues.FORMS:
            match = pattern.search(folded, passage.span.start, passage.span.end)
            if match and form not in found:
                found[form] = WantedForm(form, Span(match.start(), match.end(), text[match.start() : match.end()]))
    return tuple(found.values())


def _constraints(text: str, folded: str, ahead: Sequence[Passage]) -> tuple[Span, ...]:
    found: list[Span] = []
    for passage in ahead:
        if passage.role == "constraint":
            found.append(passage.span)
            continue
        for clause in _CLAUSE.finditer(folded, passage.span.start, passage.span.end):
            if cues.CONSTRAINT.search(clause.group()) and (span := span_of(text, clause.start(), clause.end())):
                found.append(span)
    return tuple(found)


def _sub_needs(text: str, folded: str, sections: Sequence[_Section]) -> tuple[Span, ...]:
    """Return the numbered items of the need, of the outermost kind of number that numbers at least two."""
    needs = [(start, end) for section, start, end in sections if section in {"need", None}]
    numbered = [(list(_ITEM.finditer(folded, start, end)), end) for start, end in needs]
    for kind in ("named", "hanzi", "number", "bracket", "half", "circle"):
        found = [item for marks, end in numbered for item in _items(text, marks, kind, end)]
        if len(found) >= 2:
            return tuple(found)
    return ()


def _items(text: str, marks: Sequence[re.Match[str]], kind: str, end: int) -> Iterable[Span]:
    own = [mark for mark in marks if mark.lastgroup == kind]
    for mark, limit in zip(own, [*(mark.start() for mark in own[1:]), end], strict=False):
        span = span_of(text, mark.end(), limit)
        if span and not cues.COMPANY.search(fold(span.text)):
            yield span


def _object_in(text: str, folded: str, ahead: Sequence[Passage]) -> Span | None:
    for passage in ahead:
        if match := _OBJECT.search(folded, passage.span.start, passage.span.end):
            return span_of(text, match.start(1), match.end(1))
    return None


def _of(folded: str, span: Span) -> str:
    return folded[span.start : span.end]


def _problem_text(title: str, text: str, passages: Sequence[Passage]) -> str:
    """Join title, needs, problems and goals; only a text that has none of them is searched with as it is."""
    chosen = [p.span.text for p in passages if p.role in {"need", "problem", "goal"}]
    body = " ".join(chosen) or text.strip()
    return f"{title}。{body}"[: len(title) + _LONGEST_QUERY].strip("。") if title else body[:_LONGEST_QUERY]


def _advised(reading: DemandReading) -> DemandReading:
    return replace(reading, advice=tuple(_advice(reading)))


def _advice(reading: DemandReading) -> Iterable[Advice]:
    asked = sum(len(span.text) for span in (*reading.problem, *reading.goals))
    history = sum(len(span.text) for span in reading.background)
    if reading.object is None or not words(reading.object.text):
        yield "no_object"
    if asked < 40 or len(set(words(reading.problem_text))) < 8:
        yield "too_vague"
    if not reading.targets:
        yield "no_measurable_target"
    if not reading.acceptance:
        yield "no_acceptance_test"
    if reading.deadline is None:
        yield "no_deadline"
    if reading.budget is None:
        yield "budget_missing"
    if not reading.forms:
        yield "form_missing"
    if history > 2 * asked and history > 100:
        yield "mostly_background"
    if len(reading.sub_needs) >= 4:
        yield "several_needs"
