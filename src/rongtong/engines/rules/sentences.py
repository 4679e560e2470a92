"""What the engine says in its own words, in both languages."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from rongtong.engines.rules.assessment import Finding, Outcome
from rongtong.engines.rules.critical import as_number
from rongtong.engines.rules.evaluate import State
from rongtong.engines.rules.kinds import Kind
from rongtong.engines.rules.pack import Condition, Pack
from rongtong.engines.rules.remedies import Change
from rongtong.engines.rules.shown import number, shown
from rongtong.engines.rules.words import Text, joined

NOTHING_MISSING = Text(
    "没有缺少的数据，但仍无法计算：除数为零，或所需的参数、同组对象尚未给出",
    "nothing is missing, yet it cannot be computed: a division by nought, or a parameter or peers not given",
)


def reasons(
    pack: Pack, state: State, findings: tuple[Finding, ...], missing: tuple[str, ...], experts: tuple[str, ...]
) -> Iterator[Text]:
    """Why the row passed, failed or stays open; what decides first."""
    yield from _failures(state, findings)
    if state.total is not None and pack.score is not None:
        yield score(state.total, pack.score.threshold)
    pairs = zip(pack.direct, state.direct, strict=True)
    yield from (_entered(condition) for condition, found in pairs if found)
    if state.verdict is None:
        yield from waiting(pack, missing, experts)


def _failures(state: State, findings: tuple[Finding, ...]) -> Iterator[Text]:
    for finding in findings:
        told = finding.outcome == "failed" or (finding.part != "direct" and state.verdict is None)
        if finding.reason is not None and told:
            yield finding.reason


def _entered(condition: Condition) -> Text:
    return Text(f"符合直接认定条件：{condition.label.zh}。", f"Enters directly: {condition.label.en}.")


def failed(pack: Pack, condition: Condition, state: State) -> Text:
    """The pack's sentence for whom a condition fails, with its figures."""
    if condition.fail is None:
        return Text(f"不符合：{condition.label.zh}。", f"Not met: {condition.label.en}.")
    words = {name: shown(state.row.get(name), kind, _options(pack, name)) for name, kind in pack.kinds.items()}
    return condition.fail.format(
        {name: each.zh for name, each in words.items()}, {name: each.en for name, each in words.items()}
    )


def open_condition(pack: Pack, condition: Condition, missing: tuple[str, ...]) -> Text:
    """Why a condition is not decided."""
    label = condition.label
    if not missing:
        return Text(f"尚不能判断“{label.zh}”：{NOTHING_MISSING.zh}。", f"“{label.en}” is open: {NOTHING_MISSING.en}.")
    lacks = joined([pack.labels[name] for name in missing])
    return Text(f"尚不能判断“{label.zh}”：缺少{lacks.zh}。", f"“{label.en}” is open: {lacks.en} not given.")


def score(total: tuple[Fraction, Fraction], threshold: Fraction | None) -> Text:
    """The score beside what is needed."""
    low, high = (number(each, "") for each in total)
    zh, en = (f"得分 {low}", f"The score is {low}") if low == high else (
        f"得分在 {low} 到 {high} 之间", f"The score is between {low} and {high}"
    )  # fmt: skip
    if threshold is None:
        return Text(f"{zh}。", f"{en}.")
    needed = number(threshold, "")
    return Text(f"{zh}，应达到 {needed} 分。", f"{en}; {needed} are needed.")


def waiting(pack: Pack, missing: tuple[str, ...], experts: tuple[str, ...]) -> Iterator[Text]:
    """What an undetermined row waits for."""
    if missing:
        lacks = joined([pack.labels[name] for name in missing])
        yield Text(f"请补充：{lacks.zh}。", f"Please supply: {lacks.en}.")
    if experts:
        judged = joined([pack.items[name].label for name in experts])
        yield Text(f"取决于专家评分：{judged.zh}。", f"It depends on the experts' marks for: {judged.en}.")
    if not missing and not experts:
        yield Text(f"{NOTHING_MISSING.zh}。", f"{NOTHING_MISSING.en[0].upper()}{NOTHING_MISSING.en[1:]}.")


def change(pack: Pack, made: Change) -> Text:
    """One change: by how much more or less, from which day, or to which value."""
    if made.name == "today":
        return Text(f"自 {made.after} 起", f"from {made.after} on")
    asked = pack.inputs[made.name]
    before, after = as_number(made.before), as_number(made.after)
    if before is None or after is None or asked.kind.base != "number":
        was, now = (shown(each, asked.kind, asked.options) for each in (made.before, made.after))
        return Text(
            f"{asked.label.zh}由“{was.zh}”变为“{now.zh}”", f"{asked.label.en}: “{now.en}” instead of “{was.en}”"
        )
    by = _amount(abs(after - before), asked.kind, asked.unit)
    now_zh = _amount(after, asked.kind, asked.unit)
    zh, en = ("增加", "more") if after > before else ("减少", "less")
    return Text(f"{asked.label.zh}{zh} {by.zh}（至 {now_zh.zh}）", f"{asked.label.en}: {by.en} {en} (to {now_zh.en})")


def advice(steps: list[Text], then: Outcome) -> Text:
    """A remedy as one sentence."""
    zh, en = "，并且".join(step.zh for step in steps), " and ".join(step.en for step in steps)
    if then == "passed":
        return Text(f"{zh}，即可通过。", f"{en}: then it passes.")
    return Text(f"{zh}，即不再判为不通过。", f"{en}: then it no longer fails.")


def _amount(value: Fraction, kind: Kind, unit: str) -> Text:
    """A figure whose last digit counts: never cut short."""
    if kind.unit in ("money", "share"):
        text = _exact(value / 100, "¥", "") if kind.unit == "money" else _exact(value * 100, "", "%")
        return Text(text, text)
    text = _exact(value, "", "")
    return Text(f"{text} {unit}".strip(), text)


def _exact(value: Fraction, before: str, after: str) -> str:
    text = f"{float(value):,.6f}".rstrip("0").rstrip(".") if value.denominator != 1 else f"{value.numerator:,}"
    return f"{before}{text}{after}"


def _options(pack: Pack, name: str) -> Any:
    asked = pack.inputs.get(name)
    return asked.options if asked else None
