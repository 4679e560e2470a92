"""From a file to a :class:`~rongtong.engines.rules.pack.Pack`: every problem with its line, all at once.

The format is described in ``docs/rules.md``.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from rongtong.engines.rules.kinds import COUNT, DATE, FLAG, MONEY, NUMBER, SHARE, TEXT, Kind
from rongtong.engines.rules.pack import Input, Item, Named, Output, Pack, Score, Vector
from rongtong.engines.rules.reading import (
    Names,
    day_or,
    read_cite,
    read_condition,
    read_rounding,
    read_sources,
    typed,
    worst,
)
from rongtong.engines.rules.scoring import read_score
from rongtong.engines.rules.section import Section, section, words
from rongtong.engines.rules.source import Document, PackError
from rongtong.engines.rules.syntax import Literal
from rongtong.engines.rules.values import TYPES, UNITS
from rongtong.engines.rules.words import Text

KINDS = {
    "money": MONEY,
    "count": COUNT,
    "share": SHARE,
    "number": NUMBER,
    "flag": FLAG,
    "choice": TEXT,
    "choices": Kind("set"),
    "date": DATE,
    "text": TEXT,
}
NEVER = date(1, 1, 1)
DIRECTIONS = ("up", "down", "none")
NOT_THE_RULE = ("tests", "extends", "remove")
"""Keys that do not change what the rule says, and so not its digest."""


def build(document: Document, lineage: tuple[str, ...] = ()) -> Pack:
    """The pack a document describes; raises :class:`PackError` with every problem found."""
    top = section(document, (), document.data)
    pack = None if top is None else _Builder(top, lineage).pack()
    if document.problems or pack is None:
        raise PackError(sorted(set(document.problems)))
    return pack


def digest(data: dict[str, Any]) -> str:
    """A short sum over everything that decides; the same rule has the same sum wherever it is read."""
    rule = {key: value for key, value in data.items() if key not in NOT_THE_RULE}
    text = json.dumps(rule, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class _Builder:
    def __init__(self, top: Section, lineage: tuple[str, ...]) -> None:
        self._top = top
        self._lineage = lineage
        self._names = Names()

    def pack(self) -> Pack:
        top, names = self._top, self._names
        names.sources = read_sources(top)
        valid = top.section("valid")
        since, until = (valid.day("from"), valid.day("to")) if valid else (None, None)
        version = day_or(top, "version", NEVER)
        inputs = {each.id: each for each in self._inputs()}
        parameters, derived = tuple(self._parameters()), tuple(self._derived())
        score = self._score(inputs)
        gates, direct = self._conditions("gates"), self._conditions("direct")
        outputs = tuple(self._outputs())
        pack = Pack(
            id=top.text("pack", required=True),
            version=version,
            title=top.label("title"),
            status="draft",
            subject=top.text("subject", required=True),
            place=top.text("place", required=True),
            since=since or version,
            until=until,
            digest=digest(top.data),
            sources=names.sources,
            inputs=inputs,
            parameters=parameters,
            derived=derived,
            gates=gates,
            direct=direct,
            score=score,
            outputs=outputs,
            vectors=tuple(self._vectors()),
            lineage=self._lineage,
            note=top.words("note"),
        )
        for key in ("extends", "remove", "status"):
            top.has(key)
        if valid:
            valid.end()
        top.end()
        return replace(pack, status=self._status(pack))

    def _status(self, pack: Pack) -> Any:
        """As declared, or as unsure as the least sure number in it."""
        cites = [each.cite for each in (*pack.gates, *pack.direct)]
        cites += [each.cite for each in pack.quantities]
        cites += [each.cite for each in pack.outputs]
        cites += [each.cite for each in pack.items.values()]
        found = worst([cite.status for cite in cites] + [source.status for source in pack.sources.values()])
        declared = self._top.one_of("status", ("verified", "memory", "draft"), found)
        return worst([found, next(each for each in ("verified", "memory", "draft") if each == declared)])

    def _inputs(self) -> Iterator[Input]:
        for name, part in self._top.named("inputs"):
            self._names.claim(part, name)
            found = _input(name, part)
            self._names.kinds[name] = found.kind
            yield found

    def _parameters(self) -> Iterator[Named]:
        for name, part in self._top.named("parameters"):
            self._names.claim(part, name)
            declared = part.one_of("type", TYPES)
            wanted = KINDS[declared] if declared else None
            found = typed(part, "value", self._names, wanted) if part.data.get("value") is not None else None
            part.has("value")
            if found is None and wanted is None:
                part.problem("", "没有值的参数要写 type", "a parameter without a value needs a type")
            if found and isinstance(found[0], Literal) and isinstance(found[0].value, Fraction):
                self._names.shares[name] = found[0].value
            yield self._named(name, part, found[0] if found else None, wanted or (found[1] if found else NUMBER))

    def _derived(self) -> Iterator[Named]:
        for name, part in self._top.named("derive"):
            self._names.claim(part, name)
            declared = part.one_of("type", TYPES)
            found = typed(part, "expr", self._names, KINDS[declared] if declared else None)
            yield self._named(name, part, found[0] if found else None, found[1] if found else NUMBER)

    def _named(self, name: str, part: Section, expr: Any, kind: Kind) -> Named:
        kind = NUMBER if kind == Kind("number") else kind
        named = Named(name, part.label(), kind, expr, read_cite(part, self._names))
        part.end()
        self._names.kinds[name] = kind
        return named

    def _score(self, inputs: dict[str, Input]) -> Score | None:
        part = self._top.section("score")
        if part is None:
            return None
        score = read_score(part, self._names)
        for item in score.walk():
            if item.judged:
                inputs[item.id] = _mark(item)
                self._names.kinds[item.id] = NUMBER
        return score

    def _conditions(self, key: str) -> tuple[Any, ...]:
        return tuple(filter(None, (read_condition(part, self._names) for part in self._top.each(key))))

    def _outputs(self) -> Iterator[Output]:
        for name, part in self._top.named("outputs"):
            self._names.claim(part, name)
            declared = part.one_of("type", TYPES)
            found = typed(part, "expr", self._names, KINDS[declared] if declared else None, free=True)
            kind = found[1] if found else NUMBER
            rounding = read_rounding(part, kind.unit, Fraction(1))
            if found and kind.unit == "money" and rounding is None:
                part.problem(
                    "round", "金额要写明舍入：down、up、half_up 或 half_even", "money needs its rounding: down, …"
                )
            label, cite = part.label(), read_cite(part, self._names)
            part.end()
            if found:
                self._names.kinds[name] = kind
                yield Output(name, label, kind, found[0], cite, rounding)

    def _vectors(self) -> Iterator[Vector]:
        for part in self._top.each("tests"):
            given, expect = part.section("given"), part.section("expect")
            name, day = part.text("name", required=True), part.day("as_of")
            part.end()
            line = part.document.where(part.path)[1]
            yield Vector(name, given.data if given else {}, expect.data if expect else {}, day, line)


def _input(name: str, part: Section) -> Input:
    kind = part.one_of("type", TYPES, required=True) or "number"
    options = _options(part) if kind in ("choice", "choices") else {}
    unit = part.text("unit", "元" if kind == "money" else "")
    if kind == "money" and unit not in UNITS:
        part.problem("unit", f"金额的单位应当是 {'、'.join(UNITS)}", "the unit of money is 元, 万元 or 亿元")
    scale = UNITS.get(unit, 1) if kind == "money" else 1
    low, high = _range(part, scale, Fraction(0) if kind == "count" else None)
    found = Input(
        id=name,
        type=kind,
        label=part.label(),
        kind=replace(KINDS[kind], options=frozenset(options) or None),
        unit=unit,
        scale=scale,
        low=low,
        high=high,
        options=options,
        aliases=tuple(str(alias) for alias in part.get("aliases") or ()),
        source=part.words("source"),
        note=part.words("note"),
        monotone=part.one_of("monotone", DIRECTIONS, "none"),
        changeable=part.flag("changeable", default=True),
    )
    part.end()
    return found


def _options(part: Section) -> dict[str, Text]:
    inner = part.section("options")
    if inner is None or not inner.data:
        part.problem("options", "选项缺失：{代码: {zh: …, en: …}}", "options are missing: {code: {zh: …, en: …}}")
        return {}
    return {code: words(part.document, (*inner.path, code), value) for code, value in inner.data.items()}


def _range(part: Section, scale: int, least: Fraction | None) -> tuple[Fraction | None, Fraction | None]:
    """``range: [0, null]`` in the unit of the file."""
    given = part.get("range")
    if given is None:
        return least, None
    if not isinstance(given, list) or len(given) != 2:
        part.problem(
            "range", "写法为 [最小, 最大]，没有的写 null", "written as [least, most], null where there is none"
        )
        return least, None
    inner = Section(part.document, part.path, {"low": given[0], "high": given[1]})
    low, high = inner.number("low"), inner.number("high")
    return None if low is None else low * scale, None if high is None else high * scale


def _mark(item: Item) -> Input:
    """The input by which the experts' mark of an item is given, under the item's own name."""
    points = (*(band.points for band in item.bands), item.otherwise)
    return Input(
        id=item.id,
        type="number",
        label=Text(f"{item.label.zh}（专家评分）", f"{item.label.en} (experts' mark)"),
        kind=NUMBER,
        low=min(each.low for each in points),
        high=max(each.high for each in points),
        changeable=False,
        judged=True,
    )
