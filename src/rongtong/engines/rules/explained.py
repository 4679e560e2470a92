"""Reasons as columns: a million rows are explained without an object for any of them."""

from collections.abc import Callable, Iterator
from functools import reduce

import polars as pl

from rongtong.engines.rules import spoken, whole
from rongtong.engines.rules.missing import own_trees
from rongtong.engines.rules.pack import Condition, Item, Pack
from rongtong.engines.rules.program import Program
from rongtong.engines.rules.sentences import NOTHING_MISSING
from rongtong.engines.rules.shown import UNKNOWN
from rongtong.engines.rules.syntax import Expr, names
from rongtong.engines.rules.whole import Number
from rongtong.engines.rules.words import Text


def columns(program: Program, frame: pl.DataFrame, decided: bool) -> tuple[pl.DataFrame, list[pl.Expr]]:
    """The rows that are decided, or those that are not, with what reasons rest on, and the columns to be shown."""
    reader = _Reader(program, decided)
    if not decided:
        frame = frame.with_columns(reader.open_inputs()).with_columns(reader.awaited())
    frame = reader.worded(frame)
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

    def worded(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with the sentences on its conditions, each made up only for the rows of which it is said."""
        jobs = [(mask, told) for each in self._conditions() for mask, told in self._told(each)]
        rows = pl.collect_all([told(frame.lazy().filter(mask)) for mask, told in jobs])
        said = [each for (mask, _told), found in zip(jobs, rows, strict=True) for each in _placed(frame, mask, found)]
        return frame.with_columns(*said, *self._total_figures())

    def _told(self, each: Condition) -> Iterator[tuple[pl.Expr, Callable[[pl.LazyFrame], pl.LazyFrame]]]:
        """Of which rows something is said about a condition, and how its sentences are made from these rows."""
        holds, figures = pl.col(f"is.{each.id}"), self._figures(each)
        failed = {f"failed.{each.id}.{language}": self._failed(each, language) for language in spoken.LANGUAGES}
        yield ~holds, lambda rows: rows.with_columns(figures).with_columns(**failed).select(failed.keys())
        if not self._decided:
            lacks = {f"lacks.{each.id}.{language}": self._open(each, language) for language in spoken.LANGUAGES}
            yield holds.is_null(), lambda rows: rows.with_columns(**lacks).select(lacks.keys())

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
        parts = [pl.col(f"{what}.{each.id}.{language}") for each in self._conditions() for what in self._said()]
        parts += self._score(language)
        parts += [self._entered(each, language) for each in self._pack.direct]
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

    def _conditions(self) -> tuple[Condition, ...]:
        """Those on which a sentence is said."""
        pack = self._pack
        return (*pack.gates, *(pack.score.require if pack.score else ()))

    def _said(self) -> tuple[str, ...]:
        return ("failed",) if self._decided else ("failed", "lacks")

    def _failed(self, each: Condition, language: str) -> pl.Expr:
        if each.fail is None:
            label = spoken.of(each.label, language)
            return pl.lit(f"不符合：{label}。" if language == "zh" else f"Not met: {label}.")
        return spoken.sentence(spoken.of(each.fail, language), self._words(each.fail, language))

    def _used(self, text: Text) -> list[str]:
        return [name for name in self._pack.kinds if f"{{{name}}}" in text.zh + text.en]

    def _figures(self, each: Condition) -> list[pl.Expr]:
        """The figures of a sentence (``word.…``), which read the same in both languages."""
        columns = {name: self._program.names[name] for name in self._used(each.fail)} if each.fail else {}
        return [
            spoken.number(column, self._pack.kinds[name].unit).alias(f"word.{name}")
            for name, column in columns.items()
            if isinstance(column, Number)
        ]

    def _words(self, text: Text, language: str) -> dict[str, pl.Expr]:
        return {name: self._word(name, language) for name in self._used(text)}

    def _word(self, name: str, language: str) -> pl.Expr:
        column = self._program.names[name]
        if isinstance(column, Number):
            return pl.col(f"word.{name}").fill_null(spoken.of(UNKNOWN, language))
        return spoken.value(column, self._pack.kinds[name], self._options(name), language)

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

    def _total_figures(self) -> list[pl.Expr]:
        ends = zip(("low", "high"), self._program.total or (), strict=False)
        return [spoken.number(end, "").alias(f"word.score.{name}") for name, end in ends]

    def _score(self, language: str) -> list[pl.Expr]:
        program, score = self._program, self._pack.score
        if program.total is None or score is None:
            return []
        low, high = pl.col("word.score.low"), pl.col("word.score.high")
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


def _placed(frame: pl.DataFrame, mask: pl.Expr, found: pl.DataFrame) -> Iterator[pl.Series]:
    """Columns of the masked rows as columns of all, empty elsewhere."""
    holds = frame.select(mask.fill_null(False)).to_series()
    place = pl.select(pl.when(holds).then(holds.cum_sum() - 1)).to_series()
    yield from (column.gather(place) if len(column) else column.extend_constant(None, len(frame)) for column in found)


def _any(flags: list[pl.Expr]) -> pl.Expr:
    return reduce(lambda one, other: one | other, flags) if flags else pl.lit(False)
