"""The shortest list of inputs that could settle an undetermined row.

An input is asked for when without it the row cannot pass. To find out, every open input is taken to be one of two
things: *free*, it will be supplied and may be anything, or *open* for good. An expression then has a set of values that
it may take; a row can be settled with a set of free inputs when its conditions may all become true and its score may
be reached whatever remains open. Every place where an input is read is judged by itself: where one answer makes the
next question necessary (``a -> b``), that is asked when the first is answered.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from itertools import combinations

from rongtong.engines.rules.evaluate import NO_PEERS, State, evaluate
from rongtong.engines.rules.logic import Truth, negated
from rongtong.engines.rules.pack import Condition, Item, Pack
from rongtong.engines.rules.peers import Peers
from rongtong.engines.rules.row import LOGIC, Span, compared, truth, value
from rongtong.engines.rules.syntax import COMPARISONS, Binary, Call, Expr, Literal, Name, Unary, names, walk
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
    return _Search(pack, state).found()


def open_inputs(pack: Pack, state: State) -> tuple[str, ...]:
    """Every missing input that something undecided rests on: a condition, or an item with a range."""
    require = pack.score.require if pack.score else ()
    conditions = (*pack.gates, *require, *pack.direct)
    truths = zip(conditions, (*state.gates, *state.require, *state.direct), strict=True)
    trees = [each.expr for each, found in truths if found is None and not each.warning]
    spread = [item for item in pack.items.values() if state.points[item.id][0] < state.points[item.id][1]]
    trees += [tree for item in spread for tree in own_trees(item)]
    trees += [item.weight for item in pack.items.values() if item.weight and value(item.weight, state.row) is None]
    names_of = OpenNames(pack, state)
    found = frozenset[str]().union(*(names_of.of(tree) for tree in trees))
    return tuple(name for name in pack.inputs if name in found)


class OpenNames:
    """The missing inputs that expressions rest on, through the quantities that are unknown for them."""

    def __init__(self, pack: Pack, state: State) -> None:
        self._inner = {each.id: each.expr for each in pack.quantities}
        self._row = state.row
        self._seen: dict[str, frozenset[str]] = {}

    def of(self, tree: Expr) -> frozenset[str]:
        """The missing inputs of one expression."""
        return frozenset[str]().union(*(self._named(name) for name in names(tree)))

    def _named(self, name: str) -> frozenset[str]:
        if self._row.get(name) is not None:
            return frozenset()
        if name not in self._seen:
            inner = self._inner.get(name)
            # A parameter that nobody has set is unknown, but it is the region's to set, not the applicant's to supply.
            self._seen[name] = self.of(inner) if inner is not None else frozenset({name} - self._inner.keys())
        return self._seen[name]


class _Search:
    def __init__(self, pack: Pack, state: State) -> None:
        self._pack = pack
        self._state = state
        self._expressions = {each.id: each.expr for each in pack.quantities}
        self._inputs = OpenNames(pack, state).of
        self._unknown = [name for name in open_inputs(pack, state) if not pack.inputs[name].judged]

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

    def _settles(self, free: frozenset[str]) -> bool:
        pack = self._pack
        if not all(True in self._possible(each.expr, free) for each in _deciding(pack.gates)):
            return False
        direct = any(True in self._possible(each.expr, free) for each in pack.direct)
        return direct or self._scored(free)

    def _scored(self, free: frozenset[str]) -> bool:
        score = self._pack.score
        if score is None or self._state.scored is False:
            return score is None
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
        if isinstance(weight, (int, Fraction)):
            return points * weight
        return points if self._inputs(item.weight) <= free else Fraction(0)

    def _unweighted(self, item: Item, free: frozenset[str]) -> Fraction:
        low, high = self._state.points[item.id]
        if low == high:
            return low
        if item.form == "bands":
            return max(low, self._bands(item, free))
        if item.form in ("sum", "best"):
            parts = [self._item(part, free) for part in item.items]
            return min(item.top, sum(parts, Fraction(0))) if item.form == "sum" else max(parts)
        asked = frozenset[str]().union(*(self._inputs(tree) for tree in own_trees(item)))
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
            case Binary() if _asks_points(tree):
                return self._of_points(tree, free)
        return self._leaf(tree, free)

    def _of_points(self, tree: Binary, free: frozenset[str]) -> Possible:
        """A comparison of the points of an item: what they are sure to reach once the free inputs turn out well."""
        item = self._pack.items[_item_of(tree)]
        asked = frozenset[str]().union(*(self._inputs(each) for part in item.walk() for each in own_trees(part)))
        if asked <= free:
            return ANY
        reached = self._unweighted(item, free)
        held = compared(tree.op, (reached, item.top), _literal_span(tree.right))
        return frozenset({held, None})

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


def own_trees(item: Item) -> list[Expr]:
    """The expressions behind the points of an item itself: without its weight, and not of the items inside it."""
    own = [tree for tree in (item.value, item.target, item.group) if tree is not None]
    return [*own, *(band.when for band in item.bands)]


def _asks_points(tree: Binary) -> bool:
    """``points(item) > 0``; a comparison with anything but a number is left open."""
    asks = isinstance(tree.left, Call) and tree.left.function == "points"
    return asks and isinstance(tree.right, Literal) and isinstance(tree.right.value, Fraction)


def _item_of(tree: Binary) -> str:
    return next(part.id for part in walk(tree.left) if isinstance(part, Name))


def _literal_span(tree: Expr) -> Span:
    found = tree.value if isinstance(tree, Literal) and isinstance(tree.value, Fraction) else Fraction(0)
    return found, found


def _counts(tree: Expr) -> bool:
    return isinstance(tree, Call) and tree.function == "count"
