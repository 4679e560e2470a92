"""The shortest list of inputs that could settle an undetermined row.

An input is asked for when without it the row cannot pass. To find out, every open input is taken to be one of two
things: *free*, it will be supplied and may be anything, or *open* for good. An expression then has a set of values that
it may take; a row can be settled with a set of free inputs when its conditions may all become true and its score may
be reached whatever remains open.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from itertools import combinations

from rongtong.engines.rules.evaluate import NO_PEERS, State, evaluate
from rongtong.engines.rules.logic import Truth, negated
from rongtong.engines.rules.pack import Condition, Item, Pack
from rongtong.engines.rules.peers import Peers
from rongtong.engines.rules.row import LOGIC, truth, value
from rongtong.engines.rules.syntax import COMPARISONS, Binary, Call, Expr, Name, Unary, names
from rongtong.engines.rules.values import Value

MOST_TRIES = 2000
"""Sets tried before a short list that is perhaps not the shortest is given."""

Possible = frozenset[Truth]
ANY: Possible = frozenset({True, False})
OPEN: Possible = frozenset({None})


def shortest(
    pack: Pack, facts: Mapping[str, Value], as_of: date, peers: Peers = NO_PEERS, state: State | None = None
) -> tuple[str, ...]:
    """The inputs to supply, in the order of the pack; none for a decided row or where only experts are awaited."""
    state = state or evaluate(pack, facts, as_of, peers)
    if state.verdict is not None:
        return ()
    unknown = [name for name, asked in pack.inputs.items() if state.row[name] is None and not asked.judged]
    return _Search(pack, state, unknown).found()


class _Search:
    def __init__(self, pack: Pack, state: State, unknown: list[str]) -> None:
        self._pack = pack
        self._state = state
        self._expressions = {each.id: each.expr for each in pack.quantities}
        self._reads: dict[str, frozenset[str]] = {}
        used = self._used()
        self._unknown = [name for name in unknown if name in used]

    def found(self) -> tuple[str, ...]:
        everything = frozenset(self._unknown)
        self._reach = self._best(everything)
        if not self._settles(everything):
            return tuple(self._unknown)
        needed = frozenset(name for name in self._unknown if not self._settles(everything - {name}))
        chosen = self._grown(needed, [name for name in self._unknown if name not in needed])
        return tuple(name for name in self._unknown if name in chosen)

    def _grown(self, needed: frozenset[str], others: list[str]) -> frozenset[str]:
        """The needed inputs with the fewest others; past :data:`MOST_TRIES`, a set none of which can be spared."""
        tried = 0
        for size in range(len(others) + 1):
            for more in combinations(others, size):
                tried += 1
                if tried > MOST_TRIES:
                    return self._spared(needed, others)
                if self._settles(needed | frozenset(more)):
                    return needed | frozenset(more)
        return needed | frozenset(others)

    def _spared(self, needed: frozenset[str], others: list[str]) -> frozenset[str]:
        kept = needed | frozenset(others)
        for name in others:
            if self._settles(kept - {name}):
                kept -= {name}
        return kept

    def _used(self) -> frozenset[str]:
        pack = self._pack
        trees = [each.expr for each in (*_deciding(pack.gates), *pack.direct)]
        if pack.score:
            trees += [each.expr for each in pack.score.require]
            trees += [tree for item in pack.items.values() for tree in _trees(item)]
        return frozenset[str]().union(*(self._inputs(tree) for tree in trees))

    def _inputs(self, tree: Expr) -> frozenset[str]:
        """The open inputs an expression rests on, through the quantities it reads."""
        return frozenset[str]().union(*(self._inputs_of(name) for name in names(tree)))

    def _inputs_of(self, name: str) -> frozenset[str]:
        if name not in self._reads:
            tree = self._expressions.get(name)
            if tree is not None:
                self._reads[name] = self._inputs(tree) if self._state.row[name] is None else frozenset()
            else:
                self._reads[name] = frozenset({name}) if self._state.row.get(name) is None else frozenset()
        return self._reads[name]

    def _settles(self, free: frozenset[str]) -> bool:
        pack = self._pack
        if not all(True in self._possible(each.expr, free) for each in _deciding(pack.gates)):
            return False
        direct = any(True in self._possible(each.expr, free) for each in pack.direct)
        return direct or self._scored(free)

    def _scored(self, free: frozenset[str]) -> bool:
        score = self._pack.score
        if score is None:
            return True
        if not all(True in self._possible(each.expr, free) for each in score.require):
            return False
        # Where even everything supplied leaves the pass mark to the experts, all that may still raise it is asked for.
        wanted = self._reach if score.threshold is None else min(self._reach, score.threshold)
        return self._best(free) >= wanted

    def _best(self, free: frozenset[str]) -> Fraction:
        """The highest score that is certain once the free inputs have turned out well."""
        score = self._pack.score
        return sum((self._item(item, free) for item in score.items), Fraction(0)) if score else Fraction(0)

    def _item(self, item: Item, free: frozenset[str]) -> Fraction:
        points = self._unweighted(item, free)
        if item.weight is None:
            return points
        weight = value(item.weight, self._state.row)
        return points * weight if isinstance(weight, (int, Fraction)) else points

    def _unweighted(self, item: Item, free: frozenset[str]) -> Fraction:
        low = self._state.points[item.id][0]
        if item.form == "bands":
            return max(low, self._bands(item, free))
        if item.form in ("sum", "best"):
            parts = [self._item(part, free) for part in item.items]
            return min(item.top, sum(parts, Fraction(0))) if item.form == "sum" else max(parts)
        asked = frozenset[str]().union(*(self._inputs(tree) for tree in _trees(item)))
        return item.top if asked and asked <= free and item.form != "expert" else low

    def _bands(self, item: Item, free: frozenset[str]) -> Fraction:
        """The least points of the best band that may turn out to be the one."""
        best, floor = Fraction(-1), None
        for band in item.bands:
            may = self._possible(band.when, free)
            if True in may:
                best = max(best, band.points.low if floor is None else min(floor, band.points.low))
            if may == {True}:
                return best
            if False not in may:
                floor = band.points.low if floor is None else min(floor, band.points.low)
        last = item.otherwise.low if floor is None else min(floor, item.otherwise.low)
        return max(best, last)

    def _possible(self, tree: Expr, free: frozenset[str]) -> Possible:
        """What a condition may turn out to be."""
        known = truth(tree, self._state.row, self._state.points)
        if known is not None:
            return frozenset({known})
        match tree:
            case Name() if tree.id in self._expressions and self._expressions[tree.id] is not None:
                return self._possible(self._expressions[tree.id], free)  # type: ignore[arg-type]  # not None, just seen
            case Unary():
                return frozenset(negated(each) for each in self._possible(tree.operand, free))
            case Binary(op=op) if op not in COMPARISONS:
                return _combined(op, self._possible(tree.left, free), self._possible(tree.right, free))
            case Call(function="if"):
                return self._branches(tree, free)
            case Call(function="points") | Binary() if _asks_points(tree):
                return frozenset({True, False, None})
        return self._leaf(tree, free)

    def _leaf(self, tree: Expr, free: frozenset[str]) -> Possible:
        if isinstance(tree, Binary) and any(_counts(side) for side in (tree.left, tree.right)):
            return frozenset({True, False, None}) if self._inputs(tree) & free else OPEN
        inputs = self._inputs(tree)
        return ANY if inputs and inputs <= free else OPEN

    def _branches(self, tree: Call, free: frozenset[str]) -> Possible:
        test, then, otherwise = (self._possible(argument, free) for argument in tree.arguments)
        result = (then if True in test else frozenset()) | (otherwise if False in test else frozenset())
        return result | (OPEN if None in test else frozenset())


def _combined(op: str, left: Possible, right: Possible) -> Possible:
    join = LOGIC[op]
    return frozenset(join(one, other) for one in left for other in right)


def _deciding(gates: Iterable[Condition]) -> list[Condition]:
    return [gate for gate in gates if not gate.warning]


def _trees(item: Item) -> list[Expr]:
    own = [tree for tree in (item.value, item.target, item.group, item.weight) if tree is not None]
    return [*own, *(band.when for band in item.bands)]


def _asks_points(tree: Expr) -> bool:
    return isinstance(tree, Binary) and any(
        isinstance(side, Call) and side.function == "points" for side in (tree.left, tree.right)
    )


def _counts(tree: Expr) -> bool:
    return isinstance(tree, Call) and tree.function == "count"
