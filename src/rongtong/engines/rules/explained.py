"""Reasons as columns: a million rows are explained without an object for any of them."""

from collections.abc import Iterator
from functools import reduce

import polars as pl

from rongtong.engines.rules import spoken, whole
from rongtong.engines.rules.missing import own_trees
from rongtong.engines.rules.pack import Condition, Item, Pack
from rongtong.engines.rules.program import Program
from rongtong.engines.rules.sentences import NOTHING_MISSING
from rongtong.engines.rules.syntax import Expr, names
from rongtong.engines.rules.whole import Number
from rongtong.engines.rules.words import Text


def columns(program: Program, frame: pl.LazyFrame, decided: bool) -> tuple[pl.LazyFrame, list[pl.Expr]]:
    """The rows that are decided, or those that are not, with what reasons rest on, and the columns to be shown."""
    reader = _Reader(program, decided)
    if not decided:
        frame = frame.with_columns(reader.open_inputs()).with_columns(reader.awaited())
    shown = [reader.because(), *(reader.reasons(language) for language in spoken.LANGUAGES), reader.to_supply()]
    return frame, [*shown, *reader.details()]


class _Reader:
    def __init__(self, program: Program, decided: bool) -> None:
        self._program = program
        self._decided = decided
        self._pack: Pack = program.pack
        self._inner = {each.id: each.expr for each in program.pack.quantities}
        self._judged = [item for item in self._pack.items.values() if item.judged]

    def open_inputs(self) -> list[pl.Expr]:
        """For every input (``open.…``) whether it is missing and something undecided rests on it."""
        return [
            self._any_open(name).fill_null(False).alias(f"open.{name}")
            for name, asked in self._pack.inputs.items()
            if not asked.judged
        ]

    def awaited(self) -> list[pl.Expr]:
        """For every judged item (``awaits.…``) whether the facts leave a range to the experts."""
        return [
            (self._spread(item) & ~self._open_item(item)).fill_null(False).alias(f"awaits.{item.id}")
            for item in self._judged
        ]

    def because(self) -> pl.Expr:
        """What an undetermined row waits for."""
        if self._decided:
            return pl.lit("").alias("because")
        inputs, experts = _any([pl.col(name) for name in self._open_names()]), self._experts()
        words = (
            pl.when(inputs & experts)
            .then(pl.lit("both"))
            .when(inputs)
            .then(pl.lit("inputs"))
            .when(experts)
            .then(pl.lit("experts"))
            .otherwise(pl.lit("uncomputable"))
        )
        return words.alias("because")

    def reasons(self, language: str) -> pl.Expr:
        """What decides, one sentence a line."""
        pack = self._pack
        require = pack.score.require if pack.score else ()
        parts = [self._condition(each, language) for each in (*pack.gates, *require)]
        parts += self._score(language)
        parts += [self._entered(each, language) for each in pack.direct]
        parts += [] if self._decided else self._waiting(language)
        return spoken.lines(parts).alias(f"reasons_{language}")

    def to_supply(self) -> pl.Expr:
        """Ids of the missing inputs that something undecided rests on."""
        asked = [] if self._decided else self._askable()
        told = [pl.when(pl.col(f"open.{name}")).then(pl.lit(name)) for name in asked]
        joined = pl.concat_str(told, separator=",", ignore_nulls=True) if told else pl.lit("")
        return joined.alias("to_supply")

    def details(self) -> Iterator[pl.Expr]:
        """Conditions, points and outputs."""
        pack, program = self._pack, self._program
        require = pack.score.require if pack.score else ()
        for each in (*pack.gates, *require, *pack.direct):
            yield pl.col(f"is.{each.id}").alias(f"gate.{each.id}")
        for name, (low, high) in program.points.items():
            yield whole.figure(low).alias(f"low.{name}")
            yield whole.figure(high).alias(f"high.{name}")
        for output in pack.outputs:
            column = program.scope.column(output.expr)
            if isinstance(column, Number) and output.rounding is not None:
                column = whole.rounded(column, output.rounding.mode, output.rounding.step)
            shown = whole.figure(column) if isinstance(column, Number) else column
            yield shown.alias(f"out.{output.id}")

    def _condition(self, each: Condition, language: str) -> pl.Expr:
        holds = pl.col(f"is.{each.id}")
        failed = pl.when(~holds).then(self._failed(each, language))
        return failed if self._decided else failed.when(holds.is_null()).then(self._open(each, language))

    def _failed(self, each: Condition, language: str) -> pl.Expr:
        if each.fail is None:
            label = spoken.of(each.label, language)
            return pl.lit(f"不符合：{label}。" if language == "zh" else f"Not met: {label}.")
        return spoken.sentence(spoken.of(each.fail, language), self._words(each.fail, language))

    def _words(self, text: Text, language: str) -> dict[str, pl.Expr]:
        pack = self._pack
        used = {name for name in pack.kinds if f"{{{name}}}" in text.zh + text.en}
        return {
            name: spoken.value(self._program.names[name], pack.kinds[name], self._options(name), language)
            for name in used
        }

    def _options(self, name: str) -> dict[str, Text]:
        asked = self._pack.inputs.get(name)
        return asked.options if asked else {}

    def _open(self, each: Condition, language: str) -> pl.Expr:
        label = spoken.of(each.label, language)
        lacks = spoken.listed(self._missing_of(each.expr), language)
        nothing = spoken.of(NOTHING_MISSING, language)
        if language == "zh":
            before, some, none = f"尚不能判断“{label}”：", pl.lit("缺少") + lacks + pl.lit("。"), f"{nothing}。"
        else:
            before, some, none = f"“{label}” is open: ", lacks + pl.lit(" not given."), f"{nothing}."
        return pl.lit(before) + pl.when(lacks == "").then(pl.lit(none)).otherwise(some)

    def _missing_of(self, tree: Expr) -> list[tuple[pl.Expr, Text]]:
        reached = self._reached(tree)
        return [(self._rests(tree, name), asked.label) for name, asked in self._pack.inputs.items() if name in reached]

    def _score(self, language: str) -> list[pl.Expr]:
        program, score = self._program, self._pack.score
        if program.total is None or score is None:
            return []
        low, high = (spoken.number(end, "") for end in program.total)
        same = low == high
        needed = "" if score.threshold is None else spoken.number(whole.number(score.threshold), "")
        if language == "zh":
            text = pl.when(same).then(pl.lit("得分 ") + low).otherwise(
                pl.concat_str(pl.lit("得分在 "), low, pl.lit(" 到 "), high, pl.lit(" 之间"))
            )  # fmt: skip
            tail = pl.lit("。") if isinstance(needed, str) else pl.lit("，应达到 ") + needed + pl.lit(" 分。")
        else:
            text = pl.when(same).then(pl.lit("The score is ") + low).otherwise(
                pl.concat_str(pl.lit("The score is between "), low, pl.lit(" and "), high)
            )  # fmt: skip
            tail = pl.lit(".") if isinstance(needed, str) else pl.lit("; ") + needed + pl.lit(" are needed.")
        return [text + tail]

    def _entered(self, each: Condition, language: str) -> pl.Expr:
        label = spoken.of(each.label, language)
        text = f"符合直接认定条件：{label}。" if language == "zh" else f"Enters directly: {label}."
        return pl.when(pl.col(f"is.{each.id}")).then(pl.lit(text))

    def _waiting(self, language: str) -> Iterator[pl.Expr]:
        asked = spoken.listed(((pl.col(f"open.{name}"), self._pack.labels[name]) for name in self._askable()), language)
        judged = spoken.listed(((pl.col(f"awaits.{item.id}"), item.label) for item in self._judged), language)
        # All that is lacking; which of it would suffice is worked out for single rows only, and not promised here.
        supply, marks = ("还缺：", "取决于专家评分：") if language == "zh" else (
            "Not given: ", "It depends on the experts' marks for: "
        )  # fmt: skip
        stop = pl.lit("。" if language == "zh" else ".")
        yield pl.when(asked != "").then(pl.lit(supply) + asked + stop)
        yield pl.when(judged != "").then(pl.lit(marks) + judged + stop)
        nothing = spoken.of(NOTHING_MISSING, language)
        alone = (asked == "") & (judged == "")
        yield pl.when(alone).then(pl.lit(f"{nothing[0].upper()}{nothing[1:]}") + stop)

    def _askable(self) -> list[str]:
        return [name for name, asked in self._pack.inputs.items() if not asked.judged]

    def _open_names(self) -> list[str]:
        return [f"open.{name}" for name in self._askable()]

    def _experts(self) -> pl.Expr:
        return _any([pl.col(f"awaits.{item.id}") for item in self._judged])

    def _any_open(self, name: str) -> pl.Expr:
        """Whether a condition or an item that rests on this missing input is undecided."""
        pack = self._pack
        require = pack.score.require if pack.score else ()
        conditions = [each for each in (*pack.gates, *require, *pack.direct) if not each.warning]
        reasons = [
            pl.col(f"is.{each.id}").is_null() & self._rests(each.expr, name)
            for each in conditions
            if name in self._reached(each.expr)
        ]
        for item in pack.items.values():
            for tree in own_trees(item):
                if name in self._reached(tree):
                    reasons.append(self._spread(item) & self._rests(tree, name))
            if item.weight is not None and name in self._reached(item.weight):
                unknown = self._program.scope.number(item.weight).over.expr.is_null()
                reasons.append(unknown & self._rests(item.weight, name))
        return _any(reasons)

    def _spread(self, item: Item) -> pl.Expr:
        low, high = self._program.points[item.id]
        return whole.compare("<", low, high)

    def _open_item(self, item: Item) -> pl.Expr:
        """Whether an input is missing on which the item rests."""
        return _any(
            [
                self._rests(tree, name)
                for tree in own_trees(item)
                for name in self._reached(tree)
                if name in self._pack.inputs
            ]
        )

    def _rests(self, tree: Expr, name: str) -> pl.Expr:
        """Whether an expression waits for an input: directly, or through quantities that are unknown for it."""
        found = []
        for read in sorted(names(tree)):
            inner = self._inner.get(read)
            if read == name:
                found.append(pl.col(name).is_null())
            elif inner is not None and name in self._reached(inner):
                found.append(self._unknown(read) & self._rests(inner, name))
        return _any(found)

    def _unknown(self, name: str) -> pl.Expr:
        column = self._program.names[name]
        return (column.over.expr if isinstance(column, Number) else column).is_null()

    def _reached(self, tree: Expr) -> frozenset[str]:
        direct = names(tree)
        inner = (self._inner.get(name) for name in direct)
        return direct.union(*(self._reached(each) for each in inner if each is not None))


def _any(flags: list[pl.Expr]) -> pl.Expr:
    return reduce(lambda one, other: one | other, flags) if flags else pl.lit(False)
