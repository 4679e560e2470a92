"""What would make a failed row pass: the least change of one input, or the fewest changes together.

For every input that its owner can change the critical values are tried from the nearest on; what cannot be
followed algebraically is searched by doubling and halving. Every remedy has been applied and evaluated before it is
given. Where the experts or missing facts stand between the row and a pass, the aim is that it no longer fails.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

from rongtong.engines.rules.critical import Critical, as_number
from rongtong.engines.rules.evaluate import NO_PEERS, State, evaluate
from rongtong.engines.rules.kinds import DATE
from rongtong.engines.rules.logic import Truth
from rongtong.engines.rules.pack import Input, Item, Pack
from rongtong.engines.rules.peers import Peers
from rongtong.engines.rules.syntax import Expr, names
from rongtong.engines.rules.values import LIMITS, Value
from rongtong.engines.rules.words import Text

TODAY = Input("today", "date", Text("申报日期", "day of application"), DATE)
LONGEST_WAIT = 3660
MOST_TRIED = 80
MOST_CHANGES = 8
STEPS = {"money": Fraction(1), "count": Fraction(1), "share": Fraction(1, 10_000), "number": Fraction(1, 100)}
"""The finest change proposed: a fen, one, 0.01 %, 0.01."""


@dataclass(frozen=True, slots=True)
class Change:
    """One input and its value before and after; ``today`` stands for waiting until that day."""

    name: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Remedy:
    """Changes that, made together, have the effect ``then``: True it passes, None it no longer fails."""

    changes: tuple[Change, ...]
    then: Truth


Goal = Callable[[State], bool]


def remedies(
    pack: Pack, facts: Mapping[str, Value], as_of: date, peers: Peers = NO_PEERS, state: State | None = None
) -> tuple[Remedy, ...]:
    """For a failed row: every single change that suffices, else one combination; nothing where there is none."""
    state = state or evaluate(pack, facts, as_of, peers)
    if state.verdict is not False:
        return ()
    search = _Search(pack, dict(facts), as_of, peers, state)
    for then in (True, None):
        goal = _passes if then else _no_longer_fails
        found = [Remedy((change,), then) for change in search.singles(goal)]
        if not found:
            together = search.together(goal, hopeful=then is None)
            found = [Remedy(together, then)] if together else []
        if found:
            return tuple(found)
    return ()


def _passes(state: State) -> bool:
    return state.verdict is True


def _no_longer_fails(state: State) -> bool:
    return state.verdict is not False


@dataclass
class _Search:
    pack: Pack
    facts: dict[str, Value]
    as_of: date
    peers: Peers
    start: State

    def singles(self, goal: Goal) -> list[Change]:
        """For each input its least change that reaches the goal."""
        tries = (self._least(asked, goal) for asked in self._changeable)
        return [change for change in tries if change is not None]

    def together(self, goal: Goal, hopeful: bool) -> tuple[Change, ...]:
        """Condition after condition the slightest change that mends it, then the score; what is needless is dropped."""
        search, made = self, dict[str, Change]()
        for _round in range(MOST_CHANGES):
            if goal(search.start):
                return self._pruned(made, goal)
            change = search._next(hopeful)
            if change is None:
                return ()
            made[change.name] = Change(change.name, self._before(change.name), change.after)
            search = self._after(made)
        return self._pruned(made, goal) if goal(search.start) else ()

    def _next(self, hopeful: bool) -> Change | None:
        """The change to make next towards the goal."""
        for index, gate in enumerate(self.pack.gates):
            if not gate.warning and not _good(self.start.gates[index], hopeful):
                return self._slightest(lambda state, at=index: _good(state.gates[at], hopeful))  # type: ignore[misc]
        mended = self._slightest(lambda state: _way_open(state, hopeful))
        return mended or self._rise(hopeful)

    def _slightest(self, goal: Goal) -> Change | None:
        found = self.singles(goal)
        return min(found, key=_relative, default=None)

    def _rise(self, hopeful: bool) -> Change | None:
        """Of all changes the one that raises the score most, and of equals the slightest."""
        end = 1 if hopeful else 0
        total, score = self.start.total, self.pack.score
        if total is None or score is None or score.threshold is None:
            return None
        best: tuple[Fraction, Fraction, Change] | None = None
        for asked in self._changeable:
            for after in self._candidates(asked):
                state = self._with(asked.name, after)
                if state.total is None or not self._fit(state):
                    continue
                gain = min(state.total[end], score.threshold) - total[end]
                change = Change(asked.name, self._before(asked.name), after)
                if gain > 0 and (best is None or (-gain, _relative(change)) < best[:2]):
                    best = (-gain, _relative(change), change)
        return best[2] if best else None

    def _pruned(self, made: dict[str, Change], goal: Goal) -> tuple[Change, ...]:
        for name in list(made):
            fewer = {key: change for key, change in made.items() if key != name}
            if fewer and goal(self._after(fewer).start):
                made = fewer
        return tuple(made.values())

    def _after(self, made: Mapping[str, Change]) -> "_Search":
        facts = {**self.facts, **{name: change.after for name, change in made.items() if name != "today"}}
        day = made["today"].after if "today" in made else self.as_of
        as_of = day if isinstance(day, date) else self.as_of
        return _Search(self.pack, facts, as_of, self.peers, evaluate(self.pack, facts, as_of, self.peers))

    def _before(self, name: str) -> Value:
        return self.as_of if name == "today" else self.facts.get(name)

    def _with(self, name: str, after: Value) -> State:
        if name == "today" and isinstance(after, date):
            return evaluate(self.pack, self.facts, after, self.peers)
        return evaluate(self.pack, {**self.facts, name: after}, self.as_of, self.peers)

    def _fit(self, state: State) -> bool:
        """A remedy must not make facts contradict each other: no warning may appear."""
        pairs = zip(self.pack.gates, self.start.gates, state.gates, strict=True)
        return not any(gate.warning and before is not False and after is False for gate, before, after in pairs)

    def _least(self, asked: "_Asked", goal: Goal) -> Change | None:
        for after in self._candidates(asked):
            state = self._with(asked.name, after)
            if goal(state) and self._fit(state):
                return Change(asked.name, self._before(asked.name), after)
        found = None if asked.critical.whole else self._searched(asked, goal)
        return None if found is None else Change(asked.name, self._before(asked.name), found)

    def _candidates(self, asked: "_Asked") -> list[Value]:
        return asked.candidates[:MOST_TRIED]

    def _searched(self, asked: "_Asked", goal: Goal) -> Value:
        """By doubling the step until the goal is reached, then halving back to where it begins."""
        found = [value for sign in asked.directions if (value := self._towards(asked, goal, sign)) is not None]
        start = as_number(self._before(asked.name)) or Fraction(0)
        return min(found, key=lambda value: abs((as_number(value) or Fraction(0)) - start), default=None)

    def _towards(self, asked: "_Asked", goal: Goal, sign: int) -> Value:
        def reaches(steps: int) -> bool:
            after = asked.moved(sign * steps)
            state = None if after is None else self._with(asked.name, after)
            return state is not None and goal(state) and self._fit(state)

        far = 1
        while not reaches(far):
            far *= 2
            if asked.moved(sign * far) is None:
                return None
        near = far // 2
        while far - near > 1:
            middle = (near + far) // 2
            near, far = (near, middle) if reaches(middle) else (middle, far)
        return asked.moved(sign * far)

    @cached_property
    def _changeable(self) -> list["_Asked"]:
        """The inputs worth trying: known, changeable, and read by something that decides."""
        read = _read(self.pack)
        inputs = [
            each for each in self.pack.inputs.values()
            if each.changeable and each.id in read and self.facts.get(each.id) is not None
        ]  # fmt: skip
        if "today" in read:
            inputs.append(TODAY)
        return [_Asked(self, each) for each in inputs]


@dataclass
class _Asked:
    """One input that may change, and the values worth trying."""

    search: _Search
    input: Input

    @property
    def name(self) -> str:
        return self.input.id

    @cached_property
    def value(self) -> Value:
        return self.search._before(self.input.id)

    @cached_property
    def critical(self) -> Critical:
        pack = self.search.pack
        found = Critical(self.input.id, self.search.start.row, {each.id: each.expr for each in pack.quantities})
        for tree in _trees(pack):
            found.look(tree)
        for item in pack.items.values():
            for formula in (item.value, item.target, item.weight) if item.form != "bands" else ():
                found.whole &= formula is None or self.input.id not in _reached(pack, formula)
        return found

    @cached_property
    def candidates(self) -> list[Value]:
        """Other values, the nearest first."""
        if isinstance(self.value, bool):
            return [not self.value]
        if isinstance(self.value, frozenset):
            return [self.value ^ {code} for code in self.input.options]
        if self.input.type in ("choice", "text"):
            return [code for code in self.input.options if code != self.value]
        return list(self._numbers())

    def _numbers(self) -> Iterator[Value]:
        start = as_number(self.value)
        if start is None:
            return
        near = {beside for point in self.critical.points for beside in self._beside(point)}
        for number in sorted(near - {start}, key=lambda number: (abs(number - start), number)):
            if self._allowed(number):
                yield self._typed(number)

    def _beside(self, point: Fraction) -> tuple[Fraction, ...]:
        """The critical value and the nearest on either side that can be written."""
        low, high = floor(point / self._step) * self._step, ceil(point / self._step) * self._step
        exact = (point,) if self.input.type in ("share", "number") and _writable(point) else ()
        return (*exact, low - self._step, low, high, high + self._step)

    @property
    def directions(self) -> tuple[int, ...]:
        if as_number(self.value) is None or isinstance(self.value, bool):
            return ()
        return (1,) if self.input is TODAY else (1, -1)

    @property
    def _step(self) -> Fraction:
        return STEPS.get(self.input.type, Fraction(1))

    def moved(self, steps: int) -> Value:
        """The value so many steps away; None outside of what is allowed."""
        start = as_number(self.value)
        number = None if start is None else start + steps * self._step
        return self._typed(number) if number is not None and self._allowed(number) else None

    def _allowed(self, number: Fraction) -> bool:
        start = as_number(self.value) or Fraction(0)
        if self.input.type == "date":
            return (self.input is not TODAY or number > start) and abs(number - start) <= LONGEST_WAIT
        limit = LIMITS[self.input.type]
        low = -limit if self.input.low is None else self.input.low
        high = limit if self.input.high is None else self.input.high
        return low <= number <= high

    def _typed(self, number: Fraction) -> Value:
        if self.input.type == "date":
            return date.min + timedelta(days=int(number) - 1)
        return int(number) if self.input.type in ("money", "count") else number


def _writable(point: Fraction) -> bool:
    return (point * 10**6).denominator == 1


def _good(truth: Truth, hopeful: bool) -> bool:
    return truth is True or (hopeful and truth is None)


def _way_open(state: State, hopeful: bool) -> bool:
    return _good(state.scored, hopeful) or any(_good(truth, hopeful) for truth in state.direct)


def _relative(change: Change) -> Fraction:
    """How great a change is beside the value it changes; a flag or a code counts as a whole."""
    before, after = as_number(change.before), as_number(change.after)
    if before is None or after is None or change.name == "today":
        return Fraction(1)
    return abs(after - before) / max(abs(before), Fraction(1))


def _read(pack: Pack) -> frozenset[str]:
    return frozenset[str]().union(*(_reached(pack, tree) for tree in (*_trees(pack), *_formulas(pack))))


def _reached(pack: Pack, tree: Expr) -> frozenset[str]:
    """Every name an expression rests on, through the quantities it reads."""
    inner = {each.id: each.expr for each in pack.quantities}
    found: set[str] = set()
    waiting = list(names(tree))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            tree_of = inner.get(name)
            waiting += names(tree_of) if tree_of is not None else ()
    return frozenset(found)


def _trees(pack: Pack) -> list[Expr]:
    """The conditions that decide."""
    require = pack.score.require if pack.score else ()
    conditions = [each.expr for each in (*pack.gates, *pack.direct, *require)]
    return conditions + [band.when for item in pack.items.values() for band in item.bands]


def _formulas(pack: Pack) -> list[Expr]:
    return [tree for item in pack.items.values() for tree in _own(item)]


def _own(item: Item) -> list[Expr]:
    return [tree for tree in (item.value, item.target, item.weight, item.group) if tree is not None]
