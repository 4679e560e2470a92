"""One row through a pack, explained."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Literal

from rongtong.engines.rules import sentences
from rongtong.engines.rules.assessment import Advice, Assessment, Because, Figure, Finding, Outcome, Scored, Step
from rongtong.engines.rules.evaluate import NO_PEERS, State, evaluate
from rongtong.engines.rules.logic import Truth
from rongtong.engines.rules.missing import OpenNames, open_inputs, own_trees, shortest
from rongtong.engines.rules.outputs import output
from rongtong.engines.rules.pack import Condition, Input, Item, Named, Pack
from rongtong.engines.rules.peers import Peers
from rongtong.engines.rules.remedies import Remedy, remedies
from rongtong.engines.rules.row import truth, value
from rongtong.engines.rules.shown import shown
from rongtong.engines.rules.syntax import Expr
from rongtong.engines.rules.values import Value
from rongtong.engines.rules.words import Text

OUTCOMES: dict[Truth, Outcome] = {True: "passed", False: "failed", None: "undetermined"}
Part = Literal["gate", "direct", "require"]


def assess(
    pack: Pack, facts: Mapping[str, Value], as_of: date, peers: Peers = NO_PEERS, *, with_remedies: bool = True
) -> Assessment:
    """What a pack says of one row of facts in stored units (:func:`~rongtong.engines.rules.facts.facts_of` makes them).

    Facts the pack does not know are passed over; those not given are unknown.
    """
    state = evaluate(pack, facts, as_of, peers)
    advice = remedies(pack, facts, as_of, peers, state) if with_remedies else ()
    return _Reader(pack, state, as_of, peers).assessment(shortest(pack, facts, as_of, peers, state), advice)


class _Reader:
    """Turns the bare values of a state into what people read."""

    def __init__(self, pack: Pack, state: State, as_of: date, peers: Peers) -> None:
        self._pack = pack
        self._state = state
        self._as_of = as_of
        self._peers = peers
        self._open_names = OpenNames(pack, state)

    def assessment(self, missing: tuple[str, ...], advice: tuple[Remedy, ...]) -> Assessment:
        pack, state, score = self._pack, self._state, self._pack.score
        items = tuple(self._items())
        experts = tuple(name for name, item in pack.items.items() if self._awaits_mark(item))
        findings = tuple(self._findings())
        outcome = OUTCOMES[state.verdict]
        waits = open_inputs(pack, state) if state.verdict is None else ()
        missing = missing if missing or experts else waits
        return Assessment(
            pack=pack.id,
            version=pack.version,
            digest=pack.digest,
            status=pack.status,
            as_of=self._as_of,
            outcome=outcome,
            because=_because(waits, experts) if outcome == "undetermined" else "",
            low=state.total[0] if state.total else None,
            high=state.total[1] if state.total else None,
            top=self._top() if score else None,
            threshold=score.threshold if score else None,
            findings=findings,
            items=items,
            derived=tuple(self._figure(each, state.row[each.id]) for each in pack.derived),
            outputs=tuple(
                Figure(each.id, each.label, each.kind, found, shown(found, each.kind), pack.cited(each.cite))
                for each in pack.outputs
                for found in (output(each, state),)
            ),
            inputs=tuple(self._input(each) for each in pack.inputs.values() if state.row[each.id] is not None),
            missing=missing,
            experts=experts,
            reasons=tuple(sentences.reasons(pack, state, findings, missing, experts)),
            remedies=tuple(self._advice(each) for each in advice),
            peers=self._peers.frozen(pack, state.row),
        )

    def _findings(self) -> Iterator[Finding]:
        pack, state = self._pack, self._state
        require = pack.score.require if pack.score else ()
        parts: tuple[tuple[Part, tuple[Condition, ...], tuple[Truth, ...]], ...] = (
            ("gate", pack.gates, state.gates),
            ("require", require, state.require),
            ("direct", pack.direct, state.direct),
        )
        for part, conditions, truths in parts:
            for condition, found in zip(conditions, truths, strict=True):
                yield self._finding(part, condition, found)

    def _finding(self, part: Part, condition: Condition, found: Truth) -> Finding:
        reason = None
        if found is False and part != "direct":
            reason = sentences.failed(self._pack, condition, self._state)
        elif found is None:
            reason = sentences.open_condition(self._pack, condition, self._open(condition.expr))
        return Finding(
            condition.id,
            part,
            condition.label,
            OUTCOMES[found],
            self._pack.cited(condition.cite),
            condition.cite.status,
            condition.warning,
            reason,
        )

    def _items(self) -> Iterator[Scored]:
        for item in self._pack.score.items if self._pack.score else ():
            yield from self._scored(item, 0)

    def _scored(self, item: Item, depth: int) -> Iterator[Scored]:
        low, high = self._state.points[item.id]
        yield Scored(
            item.id,
            item.label,
            depth,
            low,
            high,
            item.top,
            self._weight(item),
            self._value(item),
            self._band(item),
            self._pack.cited(item.cite),
            item.cite.status,
            _because(self._open_of(item), self._marks(item)) if low < high else "",
        )
        for part in item.items:
            yield from self._scored(part, depth + 1)

    def _weight(self, item: Item) -> Fraction | None:
        found = None if item.weight is None else value(item.weight, self._state.row)
        return Fraction(found) if isinstance(found, (int, Fraction)) else None

    def _value(self, item: Item) -> Text | None:
        if item.value is None or item.unit is None or item.form == "points":
            return None
        return shown(value(item.value, self._state.row), item.unit)

    def _band(self, item: Item) -> Text | None:
        """The band that holds, when it is known which."""
        for band in item.bands:
            holds = truth(band.when, self._state.row)
            if holds is not False:
                return band.text if holds else None
        return None

    def _top(self) -> Fraction | None:
        items = self._pack.score.items if self._pack.score else ()
        weights = [Fraction(1) if item.weight is None else self._weight(item) for item in items]
        parts = [item.top * weight for item, weight in zip(items, weights, strict=True) if weight is not None]
        return sum(parts, Fraction(0)) if len(parts) == len(items) else None

    def _awaits_mark(self, item: Item) -> bool:
        """A mark is awaited where the facts leave a range to the experts."""
        low, high = self._state.points[item.id]
        return item.judged and low < high and not self._open_of(item)

    def _marks(self, item: Item) -> tuple[str, ...]:
        return tuple(each.id for each in item.walk() if self._awaits_mark(each))

    def _open_of(self, item: Item) -> tuple[str, ...]:
        """The missing inputs an item rests on."""
        trees = [tree for each in item.walk() for tree in own_trees(each)]
        return tuple(dict.fromkeys(name for tree in trees for name in self._open(tree)))

    def _open(self, tree: Expr) -> tuple[str, ...]:
        """The missing inputs an expression rests on, in the order of the pack."""
        found = self._open_names.of(tree)
        return tuple(name for name in self._pack.inputs if name in found)

    def _figure(self, each: Named, found: Value) -> Figure:
        return Figure(each.id, each.label, each.kind, found, shown(found, each.kind), self._pack.cited(each.cite))

    def _input(self, asked: Input) -> Figure:
        found = self._state.row[asked.id]
        return Figure(asked.id, asked.label, asked.kind, found, shown(found, asked.kind, asked.options), "")

    def _advice(self, remedy: Remedy) -> Advice:
        steps = tuple(
            Step(change.name, change.before, change.after, sentences.change(self._pack, change))
            for change in remedy.changes
        )
        then = OUTCOMES[remedy.then]
        return Advice(steps, then, sentences.advice([step.said for step in steps], then))


def _because(missing: tuple[str, ...], experts: tuple[str, ...]) -> Because:
    if missing:
        return "both" if experts else "inputs"
    return "experts" if experts else "uncomputable"
