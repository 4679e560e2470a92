"""The packs that are shipped: sound, sourced, in both languages, and tested on both sides of every bound."""

import re
import shutil
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongtong.engines.rules.checking import check_library
from rongtong.engines.rules.evaluate import State, evaluate
from rongtong.engines.rules.library import Library, shipped
from rongtong.engines.rules.pack import STATUSES, Condition, Item, Pack, Points, Vector
from rongtong.engines.rules.row import Span
from rongtong.engines.rules.syntax import Expr, names
from rongtong.engines.rules.values import Value
from rongtong.engines.rules.vectors import check_vectors, facts_of
from rongtong.engines.rules.words import Text

LIBRARY: Library = shipped()
VERSIONS = LIBRARY.versions()
IDS = [f"{each.id}@{each.version}" for each in VERSIONS]
FEWEST_VECTORS = 3
TODAY = date(2026, 6, 30)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CALCULATORS = {"cn.htz-indicators"}
"""Packs that decide nothing: only outputs."""

every_pack = pytest.mark.parametrize("name", IDS)


@cache
def pack_of(name: str) -> Pack:
    return LIBRARY.open(LIBRARY.find(name, TODAY))


@cache
def parent_of(name: str) -> Pack | None:
    lineage = pack_of(name).lineage
    return LIBRARY.load(lineage[0], pack_of(name).since) if lineage else None


@cache
def states(name: str) -> tuple[State, ...]:
    """What came of every vector of a pack."""
    pack = pack_of(name)
    return tuple(evaluate(pack, facts_of(pack, each.given), each.as_of or pack.since) for each in pack.vectors)


def conditions(pack: Pack) -> tuple[Condition, ...]:
    return (*pack.gates, *pack.direct, *(pack.score.require if pack.score else ()))


def truths(state: State) -> tuple[bool | None, ...]:
    return (*state.gates, *state.direct, *state.require)


def trees(pack: Pack) -> Iterator[Expr]:
    """Every expression of a pack."""
    yield from (each.expr for each in conditions(pack))
    yield from (each.expr for each in pack.outputs)
    yield from (each.expr for each in pack.quantities if each.expr is not None)
    for item in pack.items.values():
        yield from (tree for tree in (item.value, item.target, item.group, item.weight) if tree is not None)
        yield from (band.when for band in item.bands)


def unset(pack: Pack) -> set[str]:
    """Parameters left to the region, and what is derived from them."""
    open_names = {each.id for each in pack.parameters if each.expr is None}
    for each in pack.derived:
        if each.expr is not None and names(each.expr) & open_names:
            open_names.add(each.id)
    return open_names


def own_conditions(name: str) -> list[str]:
    """Conditions a pack must try itself: all but those it takes over word for word."""
    parent = parent_of(name)
    inherited = {each.id: (each.expr, each.cite) for each in conditions(parent)} if parent else {}
    return [each.id for each in conditions(pack_of(name)) if inherited.get(each.id) != (each.expr, each.cite)]


def own_items(name: str) -> list[Item]:
    """Scored items whose inputs decide and which are not merely taken over."""
    parent = parent_of(name)
    inherited = parent.items if parent else {}
    return [item for item in pack_of(name).items.values() if inherited.get(item.id) != item]


def test_the_folder_is_sound() -> None:
    assert [str(problem) for problem in check_library(LIBRARY)] == []


@every_pack
def test_the_vectors_of_a_pack_hold(name: str) -> None:
    pack = pack_of(name)
    assert [str(problem) for problem in check_vectors(pack, name)] == []
    titles = [vector.name for vector in pack.vectors]
    assert len(titles) >= FEWEST_VECTORS
    assert len(set(titles)) == len(titles), "two vectors have one name"
    assert all(vector.expect for vector in pack.vectors)


@every_pack
def test_a_pack_says_where_its_numbers_come_from(name: str) -> None:
    pack = pack_of(name)
    assert pack.sources
    assert pack.status in STATUSES
    assert all(source.seen for source in pack.sources.values())
    set_here = [each for each in pack.parameters if each.expr is not None]
    deciding = [each for each in conditions(pack) if not each.warning]
    for each in (*set_here, *deciding, *pack.items.values()):
        assert each.cite.source in pack.sources, each.id
    assert all(each.cite.article for each in (*set_here, *deciding))


@every_pack
def test_both_languages(name: str) -> None:
    pack = pack_of(name)
    said: list[Text | None] = [pack.title, pack.note]
    for asked in pack.inputs.values():
        said += [asked.label, asked.source, asked.note, *asked.options.values()]
    for each in (*pack.quantities, *pack.outputs, *pack.items.values(), *conditions(pack)):
        said.append(each.label)
    said += [each.fail for each in conditions(pack)]
    said += [source.name for source in pack.sources.values()]
    for text in filter(None, said):
        assert CHINESE.search(text.zh), text
        assert text.en and not CHINESE.search(text.en), text
        assert text.zh.strip() == text.zh and text.en.strip() == text.en, text


@every_pack
def test_every_input_is_read_and_says_where_it_is_found(name: str) -> None:
    pack = pack_of(name)
    read = frozenset[str]().union(*(names(tree) for tree in trees(pack)))
    for asked in pack.inputs.values():
        assert asked.judged or asked.id in read, f"{asked.id} is asked for and never read"
        assert asked.judged or asked.source, asked.id
        assert asked.type != "count" or asked.unit, asked.id


@every_pack
def test_every_condition_that_decides_says_what_is_wrong(name: str) -> None:
    pack = pack_of(name)
    asked = [*pack.gates, *(pack.score.require if pack.score else ())]
    assert [each.id for each in asked if each.fail is None] == []


@every_pack
def test_every_condition_is_tried_on_both_sides(name: str) -> None:
    pack, open_names = pack_of(name), unset(pack_of(name))
    found: dict[str, set[bool | None]] = {each.id: set() for each in conditions(pack)}
    for state in states(name):
        for each, truth in zip(conditions(pack), truths(state), strict=True):
            found[each.id].add(truth)
    wanted = own_conditions(name)
    for each in conditions(pack):
        if each.id in wanted and not names(each.expr) & open_names:
            assert {True, False} <= found[each.id], f"{each.id} was only {found[each.id]}"


@every_pack
def test_every_band_is_reached(name: str) -> None:
    pack, open_names = pack_of(name), unset(pack_of(name))
    for item in own_items(name):
        spans = {state.points[item.id] for state in states(name)}
        if item.form == "bands":
            steps = (*(band.points for band in item.bands), item.otherwise)
            missed = {(step.low, step.high) for step in steps} - {within(span, steps) for span in spans}
            assert not missed, f"{item.id}: no vector gets {missed}"
        elif item.form in ("points", "target") and not item_names(item) & open_names:
            assert sum(low == high for low, high in spans) >= 2, f"{item.id} is tried at fewer than two values"
    assert set(pack.items) == {item for state in states(name) for item in state.points}


def within(span: Span, steps: tuple[Points, ...]) -> Span:
    """The band a span belongs to: itself, or the first within whose range the experts gave their mark."""
    ranges = [(step.low, step.high) for step in steps]
    marked = [each for each in ranges if span[0] == span[1] and each[0] <= span[0] <= each[1]]
    return span if span in ranges or not marked else marked[0]


def item_names(item: Item) -> frozenset[str]:
    return frozenset[str]().union(*(names(tree) for tree in (item.value, item.target) if tree is not None))


@every_pack
def test_nothing_known_decides_nothing(name: str) -> None:
    pack = pack_of(name)
    verdict = evaluate(pack, {}, pack.since).verdict
    assert verdict is (True if pack.id in CALCULATORS else None)


RANK = {False: 0, None: 1, True: 2}


def raised(value: Value, up: bool, step: int) -> Value:
    """A fact moved in one direction."""
    if isinstance(value, bool):
        return up
    if isinstance(value, (int, Fraction)):
        moved = value + step * max(abs(value), 1) if up else value - step * max(abs(value), 1)
        return max(moved, min(value, 1)) if value >= 0 else moved  # nought would leave ratios without a meaning
    return value


MONOTONE = [
    (name, vector, asked.id)
    for name in IDS
    for vector in pack_of(name).vectors
    for asked in pack_of(name).inputs.values()
    if asked.monotone in ("up", "down") and vector.given.get(asked.id) is not None
]


@given(case=st.sampled_from(MONOTONE), step=st.integers(1, 40), better=st.booleans())
def test_what_is_called_monotone_is(case: tuple[str, Vector, str], step: int, better: bool) -> None:
    name, vector, moved = case
    pack = pack_of(name)
    day, facts = vector.as_of or pack.since, facts_of(pack, vector.given)
    up = (pack.inputs[moved].monotone == "up") == better
    before = evaluate(pack, facts, day)
    after = evaluate(pack, {**facts, moved: raised(facts[moved], up, step)}, day)
    low, high = (before, after) if better else (after, before)
    assert RANK[low.verdict] <= RANK[high.verdict], f"{name}: {moved} in “{vector.name}”"
    if low.total is not None and high.total is not None:
        assert low.total[0] <= high.total[0] and low.total[1] <= high.total[1], f"{name}: {moved}"


def test_the_indicators_in_force_follow_the_date() -> None:
    assert "miit" in LIBRARY.load("cn.htz-indicators", date(2026, 6, 30)).sources
    assert "most" in LIBRARY.load("cn.htz-indicators", date(2023, 6, 30)).sources


@pytest.mark.parametrize("place", ["33", "11", "31", "37"])
def test_a_province_is_the_national_rule_with_its_own_numbers(place: str) -> None:
    province, nation = pack_of_today(f"cn.{place}.revenue-split"), pack_of_today("cn.revenue-split")
    assert province.lineage == ("cn.revenue-split",) or "cn.revenue-split" in province.lineage[0]
    assert {each.id for each in nation.parameters} <= {each.id for each in province.parameters}
    assert {each.id for each in nation.gates} <= {each.id for each in province.gates}
    assert province.place == f"{place}0000"


def test_the_province_of_the_readme_works(tmp_path: Path) -> None:
    readme = (LIBRARY.folder / "README.md").read_text(encoding="utf-8")
    written = re.findall(r"```yaml\n(.*?)```", readme, re.S)
    shutil.copy(LIBRARY.folder / "cn.revenue-split.yaml", tmp_path)
    (tmp_path / "cn.99.revenue-split.yaml").write_text(written[0], encoding="utf-8")
    assert [str(problem) for problem in check_library(Library(tmp_path))] == []


def test_the_readme_names_every_pack() -> None:
    readme = (LIBRARY.folder / "README.md").read_text(encoding="utf-8")
    assert [each.id for each in VERSIONS if f"`{each.id}`" not in readme] == []


def pack_of_today(name: str) -> Pack:
    return LIBRARY.load(name, date(2026, 6, 30))


def test_points_without_weights_are_undetermined_and_the_example_says_what_it_is() -> None:
    frame, example = pack_of_today("cn.innovation-points"), pack_of_today("demo.innovation-points")
    facts: dict[str, Value] = {
        name: 0 if asked.kind.base == "number" else True if asked.kind.base == "flag" else date(2024, 1, 1)
        for name, asked in frame.inputs.items()
    }
    assert evaluate(frame, facts, date(2026, 6, 30)).verdict is None
    assert evaluate(example, facts, date(2026, 6, 30)).verdict is True
    assert example.status == "draft"
    assert "非官方权重" in example.title.zh
