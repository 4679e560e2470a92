"""Reading the score of a pack: items, bands, groups, choices, peers, targets, expert ranges."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from rongtong.engines.rules.kinds import FLAG, NUMBER, Kind, check
from rongtong.engines.rules.pack import Band, Item, Points, Score
from rongtong.engines.rules.reading import Names, read_cite, read_condition, read_rounding, typed
from rongtong.engines.rules.section import Section, expr, number, wrong_expression
from rongtong.engines.rules.shown import number as shown_number
from rongtong.engines.rules.syntax import Binary, Call, Expr, ExpressionError, Literal, Name
from rongtong.engines.rules.words import Text

FORMS = ("bands", "cases", "points", "target", "peer", "expert", "items", "best_of")
NOUGHT = Points(Fraction(0), Fraction(0))
OTHERWISE = Text("其余", "otherwise")


def read_score(section: Section, names: Names) -> Score:
    """The score; the ids of its items become names that ``require`` may use in ``points(…)``."""
    cite = read_cite(section, names)
    stage = section.text("stage")
    if stage and names.kinds.get(stage, FLAG).base != "text":
        section.problem("stage", f"{stage} 应当是给出阶段代码的量", f"{stage} is not a quantity that gives a stage")
    items = tuple(_items(section, "items", names, stage))
    if not items:
        section.problem("items", "至少要有一个计分项", "at least one item is needed")
    names.items |= {inner.id for item in items for inner in item.walk()}
    require = tuple(filter(None, (read_condition(part, names) for part in section.each("require"))))
    rounding = read_rounding(section, "", Fraction(1))
    threshold = section.number("pass")
    section.end()
    return Score(threshold, items, require, rounding, cite)


def _items(section: Section, key: str, names: Names, stage: str) -> list[Item]:
    return [_item(part, names, stage) for part in section.each(key)]


def _item(section: Section, names: Names, stage: str) -> Item:
    name = section.text("id", required=True)
    names.claim(section, name)
    forms = [form for form in FORMS if section.has(form)]
    if len(forms) != 1:
        section.problem(
            "", f"一个计分项应当恰有其一：{'、'.join(FORMS)}", f"an item has exactly one of {', '.join(FORMS)}"
        )
    base = Item(name, section.label(), "sum", read_cite(section, names), Fraction(0))
    item = READERS[forms[0]](section, names, base, stage) if len(forms) == 1 else base
    item = replace(item, weight=_weight(section, names, stage), rounding=read_rounding(section, "", Fraction(1)))
    if len(forms) == 1:
        section.end()
    return item


def _bands(section: Section, names: Names, base: Item, _stage: str) -> Item:
    """``value`` with ``bands: [[edge, points], …]`` and ``closed: lower | upper``."""
    value = typed(section, "value", names)
    closed = section.one_of("closed", ("lower", "upper"), "lower")
    rows = _rows(section, "bands")
    if value is None or not rows:
        return base
    if value[1].base != "number":
        section.problem("value", "分档的量应当是数值", "a number is expected for bands")
        return base
    op = _edge_operator(section, rows, closed)
    bands = tuple(
        filter(None, (_edge_band(section, names, value[1], op, index, row) for index, row in enumerate(rows)))
    )
    return _with_bands(section, replace(base, value=value[0], unit=value[1]), bands)


def _edge_operator(section: Section, rows: list[list[Any]], closed: str) -> str:
    """Falling edges are lower bounds, rising ones upper bounds; ``closed`` says which end of a band is its own."""
    edges = [number(section.document, (*section.path, "bands"), row[0]) for row in rows if not _named(row[0])]
    values = [edge for edge in edges if edge is not None]
    pairs = list(pairwise(values))
    falling = all(one > other for one, other in pairs)
    if pairs and not falling and not all(one < other for one, other in pairs):
        section.problem("bands", "各档的界限应当依次变小或依次变大", "the edges should fall from band to band, or rise")
    if falling:
        return ">=" if closed == "lower" else ">"
    return "<=" if closed == "upper" else "<"


def _named(edge: Any) -> bool:
    return isinstance(edge, str) and edge.strip()[:1].isalpha()


def _edge_band(section: Section, names: Names, kind: Kind, op: str, index: int, row: list[Any]) -> Band | None:
    path = (*section.path, "bands", index)
    value, edge = section.expr("value"), expr(section.document, path, row[0])
    points = _points(section, path, row[1])
    if value is None or edge is None or points is None:
        return None
    try:
        when = check(Binary(op, value, edge), names.kinds)[0]
    except ExpressionError as error:
        wrong_expression(section.document, path, row[0], error)
        return None
    sign = {">=": "≥", "<=": "≤"}.get(op, op)
    text = f"{sign} {_edge_text(when, kind)}"
    return Band(when, points, Text(text, text))


def _edge_text(when: Expr, kind: Kind) -> str:
    edge = when.right if isinstance(when, Binary) else when
    if isinstance(edge, Literal) and isinstance(edge.value, Fraction):
        return shown_number(edge.value, kind.unit)
    return edge.id if isinstance(edge, Name) else "…"


def _cases(section: Section, names: Names, base: Item, _stage: str) -> Item:
    """``cases: [[condition, points], …]``: the first that holds."""
    bands = []
    for index, row in enumerate(_rows(section, "cases")):
        path = (*section.path, "cases", index)
        tree, points = expr(section.document, path, row[0]), _points(section, path, row[1])
        if tree is None or points is None:
            continue
        try:
            when, kind = check(tree, names.kinds)
        except ExpressionError as error:
            wrong_expression(section.document, path, row[0], error)
            continue
        if kind != FLAG:
            section.document.problem(path, "这里应当是条件", "a condition is expected here")
        bands.append(Band(when, points, Text(str(row[0]), str(row[0]))))
    return _with_bands(section, base, tuple(bands))


def _with_bands(section: Section, base: Item, bands: tuple[Band, ...]) -> Item:
    given = section.get("otherwise")
    otherwise = NOUGHT if given is None else _points(section, (*section.path, "otherwise"), given) or NOUGHT
    top = max([otherwise.high, *(band.points.high for band in bands)])
    return replace(base, form="bands", bands=bands, otherwise=otherwise, top=top)


def _expression(section: Section, names: Names, base: Item, _stage: str) -> Item:
    """``points: expression`` with ``max``."""
    value = typed(section, "points", names, NUMBER)
    return replace(base, form="points", value=value[0] if value else None, unit=NUMBER, top=_top(section))


def _target(section: Section, names: Names, base: Item, _stage: str) -> Item:
    """``value`` against ``target``: in proportion, up to ``max``."""
    value = typed(section, "value", names)
    target = typed(section, "target", names, value[1] if value else None)
    if value is None or target is None:
        return base
    return replace(base, form="target", value=value[0], unit=value[1], target=target[0], top=_top(section))


def _peer(section: Section, names: Names, base: Item, _stage: str) -> Item:
    """``peer: {value, by, method: percentile | minmax, better: higher | lower}`` with ``max``."""
    part = section.section("peer")
    if part is None:
        return base
    value = typed(part, "value", names)
    group = typed(part, "by", names) if part.has("by") else None
    method = part.one_of("method", ("percentile", "minmax"), "percentile")
    better = part.one_of("better", ("higher", "lower"), "higher")
    part.end()
    if value is not None and value[1].base != "number":
        part.problem("value", "应当是数值", "a number is expected")
    if group is not None and group[1].base != "text":
        part.problem("by", "分组应当按代码或文字", "groups are made by a code or a text")
    return replace(
        base,
        form="peer",
        value=value[0] if value else None,
        unit=value[1] if value else None,
        group=group[0] if group else None,
        method=method,
        better=better,
        top=_top(section),
    )


def _expert(section: Section, _names: Names, base: Item, _stage: str) -> Item:
    """``expert: [low, high]``: wholly a matter of judgement."""
    marks = _points(section, (*section.path, "expert"), section.get("expert")) or NOUGHT
    return replace(base, form="expert", otherwise=marks, top=marks.high)


def _group(section: Section, names: Names, base: Item, stage: str) -> Item:
    """``items: […]``, added up, at most ``cap``."""
    items = tuple(_items(section, "items", names, stage))
    full = sum((item.top for item in items), Fraction(0))
    cap = section.number("cap")
    return replace(base, form="sum", items=items, top=full if cap is None else min(cap, full))


def _best(section: Section, names: Names, base: Item, stage: str) -> Item:
    """``best_of: […]``: the better of several ways to be measured."""
    items = tuple(_items(section, "best_of", names, stage))
    return replace(base, form="best", items=items, top=max((item.top for item in items), default=Fraction(0)))


READERS = {
    "bands": _bands,
    "cases": _cases,
    "points": _expression,
    "target": _target,
    "peer": _peer,
    "expert": _expert,
    "items": _group,
    "best_of": _best,
}


def _rows(section: Section, key: str) -> list[list[Any]]:
    given = section.get(key)
    if isinstance(given, list) and given and all(isinstance(row, list) and len(row) == 2 for row in given):
        return given
    section.problem(key, "应当是列表，每行 [界限或条件, 分值]", "a list of [edge or condition, points] is expected")
    return []


def _points(section: Section, path: tuple[str | int, ...], given: Any) -> Points | None:
    """Points: a number, or ``[low, high]`` for the experts."""
    pair = given if isinstance(given, list) else [given, given]
    if len(pair) != 2:
        section.document.problem(path, "分值写作 20 或 [13, 18]", "points are written 20 or [13, 18]")
        return None
    low, high = (number(section.document, path, part) for part in pair)
    if low is None or high is None:
        return None
    if low > high:
        section.document.problem(path, "分值的下限大于上限", "the lower mark is above the upper one")
    return Points(low, high)


def _top(section: Section) -> Fraction:
    return section.number("max", required=True) or Fraction(0)


def _weight(section: Section, names: Names, stage: str) -> Expr | None:
    if not section.has("weight"):
        return None
    if not isinstance(section.data["weight"], dict):
        return _share(section, "weight", names)
    part = section.section("weight")
    if part is None or not stage:
        section.problem("weight", "按阶段给权重时，score 下要写 stage", "weights by stage need stage under score")
        return None
    return _by_stage(part, names, stage)


def _by_stage(part: Section, names: Names, stage: str) -> Expr | None:
    options = names.kinds[stage].options if stage in names.kinds else None
    if options is not None and options != part.data.keys():
        known = "、".join(sorted(options))
        part.problem("", f"每个阶段都要有权重：{known}", f"a weight for each stage is needed: {known}")
    found = [(code, _share(part, code, names)) for code in part.data]
    tree: Expr | None = None
    for code, weight in reversed(found):
        if weight is not None:
            same = Binary("==", Name(stage), Literal(code))
            tree = weight if tree is None else Call("if", (same, weight, tree))
    return tree


def _share(section: Section, key: str, names: Names) -> Expr | None:
    """A weight: a share or a parameter that is one, so that an unknown weight lies between nought and the whole."""
    found = typed(section, key, names, NUMBER)
    if found is None:
        return None
    given = names.shares.get(found[0].id, Fraction(0)) if isinstance(found[0], Name) else _literal(found[0])
    if given is None or not 0 <= given <= 1:
        section.problem(
            key, "权重应当是 0 到 100% 之间的数，或一个参数", "a weight is a share or a parameter that is one"
        )
    return found[0]


def _literal(tree: Expr) -> Fraction | None:
    return tree.value if isinstance(tree, Literal) and isinstance(tree.value, Fraction) else None
