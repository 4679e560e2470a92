"""What the sections of a pack have in common: the names known so far, articles, typed expressions, placeholders."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from string import Formatter

from rongtong.engines.rules.kinds import Kind, check, check_as
from rongtong.engines.rules.pack import STATUSES, Cite, Condition, Rounding, Source, Status
from rongtong.engines.rules.section import Section, wrong_expression
from rongtong.engines.rules.syntax import Call, Expr, ExpressionError, walk
from rongtong.engines.rules.words import Text

ROUNDINGS = ("down", "up", "half_up", "half_even")


@dataclass(slots=True)
class Names:
    """What a pack has named while it is read."""

    sources: dict[str, Source] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    items: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    shares: dict[str, Fraction] = field(default_factory=dict)
    """The values of parameters that are plain numbers."""

    def claim(self, section: Section, name: str) -> None:
        """Note a name; each stands for one thing only."""
        if name in self.taken or name == "today":
            section.problem("", f"名称 {name} 已经用过", f"the name {name} is taken")
        elif not (name.isascii() and name.isidentifier()):
            section.problem("", f"名称“{name}”应当由小写字母、数字和下划线组成", f"{name!r} is not a plain identifier")
        self.taken.add(name)


def typed(
    section: Section, key: str, names: Names, wanted: Kind | None = None, free: bool = False
) -> tuple[Expr, Kind] | None:
    """A checked expression with its kind; None where it is missing or wrong, which has been noted then.

    ``free``: it decides nothing, and may ask whether something is known.
    """
    tree = section.expr(key)
    if tree is None:
        return None
    if not free and any(isinstance(part, Call) and part.function == "known" for part in walk(tree)):
        section.problem(
            key,
            "known 只能用在 outputs 与提示（warning）里：没有说的不能决定结果",
            "known may stand only in outputs and warnings: what is not said decides nothing",
        )
    try:
        items = frozenset(names.items)
        if wanted is not None:
            return check_as(tree, wanted, names.kinds, items), wanted
        return check(tree, names.kinds, items)
    except ExpressionError as error:
        wrong_expression(section.document, (*section.path, key), section.data[key], error)
        return None


def read_sources(section: Section) -> dict[str, Source]:
    """The laws and measures the pack follows."""
    found = {}
    for key, part in section.named("source"):
        name = part.get("name", required=True)
        label = part.words("name") if isinstance(name, dict) else Text(str(name), str(name))
        found[key] = Source(
            key,
            label or Text("", ""),
            part.text("number"),
            part.text("url"),
            part.day("seen"),
            _status(part, "verified"),
        )
        part.end()
    if not found:
        section.problem("source", "至少要有一个出处", "at least one source is needed")
    return found


def read_cite(section: Section, names: Names) -> Cite:
    """``cite: [measure, 第十一条（一）]`` or ``cite: measure``; ``status`` beside it speaks of this very number."""
    given = section.get("cite")
    key, article = (given, "") if isinstance(given, str) else (tuple(given) if _pair(given) else ("", ""))
    if given is not None and not isinstance(given, str) and not _pair(given):
        section.problem("cite", "写法为 [出处的键, 条款]", "written as [key of a source, article]")
    elif key and key not in names.sources:
        known = "、".join(names.sources)
        section.problem("cite", f"没有出处 {key}；有 {known}", f"there is no source {key}; there are {known}")
    source = names.sources.get(str(key))
    return Cite(str(key), str(article), _status(section, source.status if source else "verified"))


def read_condition(section: Section, names: Names) -> Condition | None:
    """A gate or another condition with its article and the sentence for whom it fails."""
    name = section.text("id", required=True)
    names.claim(section, name)
    label, cite, fail = section.label(), read_cite(section, names), section.words("fail")
    warning = section.flag("warning")
    found = typed(section, "expr", names, Kind("flag"), free=warning)
    if fail is not None:
        _check_placeholders(section, fail, names)
    section.end()
    return Condition(name, label, found[0], cite, fail, warning) if found else None


def read_rounding(section: Section, unit: str, default: Fraction) -> Rounding | None:
    """``round: half_up`` or ``round: {mode: down, to: 0.01}``; money in yuan."""
    given = section.get("round")
    if given is None:
        return None
    if isinstance(given, str):
        return Rounding(section.one_of("round", ROUNDINGS), default)
    part = section.section("round")
    if part is None:
        return None
    mode, step = part.one_of("mode", ROUNDINGS, required=True), part.number("to", required=True)
    part.end()
    if step is not None and step <= 0:
        part.problem("to", "应当大于零", "more than nought is expected")
    return Rounding(mode, (step or Fraction(1)) * (100 if unit == "money" else 1))


def worst(statuses: list[Status]) -> Status:
    """The least sure of several."""
    return max(statuses, key=STATUSES.index, default="verified")


def _status(section: Section, default: Status) -> Status:
    word = section.one_of("status", STATUSES, default)
    return next(status for status in STATUSES if status == word)


def _pair(given: object) -> bool:
    return isinstance(given, list) and len(given) == 2 and all(not isinstance(part, (dict, list)) for part in given)


def _check_placeholders(section: Section, fail: Text, names: Names) -> None:
    for sentence in (fail.zh, fail.en):
        try:
            used = {name for _text, name, _form, _conversion in Formatter().parse(sentence) if name is not None}
        except ValueError:
            used = {sentence}
        for name in sorted(used - names.kinds.keys()):
            section.problem("fail", f"占位符 {{{name}}} 没有这个量", f"the placeholder {{{name}}} names nothing")


def day_or(section: Section, key: str, default: date) -> date:
    """A date that must be there."""
    return section.day(key, required=True) or default
