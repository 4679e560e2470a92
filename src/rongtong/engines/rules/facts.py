"""Facts of many rows: from columns as people write them to the columns the engine computes with.

Every value that does not fit is named by row and column; rows are counted as in the file, whose headings are row 1.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

import polars as pl

from rongtong.engines.rules.columns import DTYPES, scale_of
from rongtong.engines.rules.pack import Input, Pack
from rongtong.engines.rules.values import EMPTY, FLAGS, LIMITS, Value, WrongValue, options_called, stored
from rongtong.engines.rules.words import Text

FIRST_ROW = 2
SUBJECTS = ("subject", "id", "编号", "统一社会信用代码", "name", "名称", "企业名称", "单位名称")
"""Headings under which the subject of a row may stand, the likeliest first."""

PLAIN = r"^([+-]?)(\d{1,15})(?:\.(\d*))?$"
MOST_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class FactProblem:
    """A value or a heading that does not fit; ``row`` 1 is the headings."""

    row: int
    column: str
    said: Text

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.said.en}"


class FactsError(Exception):
    """A table of facts with problems; holds all of them (at most :data:`MOST_PROBLEMS`)."""

    def __init__(self, problems: list[FactProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Facts:
    """Stored facts; ``subject`` heads the column that names the rows, ``absent`` are inputs without a column."""

    frame: pl.DataFrame
    subject: str
    absent: tuple[str, ...]

    def row(self, pack: Pack, index: int) -> dict[str, Value]:
        """The facts of one row, as a single assessment takes them."""
        return row_facts(pack, self.frame.row(index, named=True))


def stored_facts(pack: Pack, table: pl.DataFrame) -> Facts:
    """A table with headings as facts; raises :class:`FactsError` with every problem by row and column.

    A heading is an input's id, label (in either language) or alias. Other columns are
    kept as they are, unless they look like a slip of the pen.
    """
    problems: list[FactProblem] = []
    headings = _headings(pack, table.columns, problems)
    subject = _subject(table, problems)
    columns = []
    for heading, name in headings.items():
        columns.append(_column(pack.inputs[name], table[heading], heading, problems))
    if problems:
        raise FactsError(sorted(problems, key=lambda each: (each.row, each.column))[:MOST_PROBLEMS])
    kept = [table[heading] for heading in table.columns if heading not in headings]
    absent = tuple(name for name, each in pack.inputs.items() if name not in headings.values() and not each.judged)
    return Facts(pl.DataFrame([*kept, *columns]), subject, absent)


def row_facts(pack: Pack, row: Mapping[str, Any]) -> dict[str, Value]:
    """One row of stored columns as values."""
    return {name: _value(asked, row[name]) for name, asked in pack.inputs.items() if row.get(name) is not None}


def frame_of(pack: Pack, rows: list[dict[str, Value]]) -> pl.DataFrame:
    """Facts of single rows as stored columns."""
    return pl.DataFrame(
        {name: [_stored(asked, row.get(name)) for row in rows] for name, asked in pack.inputs.items()},
        schema={name: DTYPES[asked.type] for name, asked in pack.inputs.items()},
    )


def _stored(asked: Input, value: Value) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if asked.kind.base == "number" and isinstance(value, (int, Fraction)):
        return int(value * scale_of(asked))
    return value


def _value(asked: Input, written: Any) -> Value:
    if asked.type in ("share", "number"):
        return Fraction(written, scale_of(asked))
    return frozenset(written) if asked.type == "choices" else written


def _headings(pack: Pack, found: list[str], problems: list[FactProblem]) -> dict[str, str]:
    known = _known(pack)
    headings: dict[str, str] = {}
    for heading in found:
        name = known.get(heading.strip())
        if name is None:
            problems.extend(_slip(heading, known))
        elif name in headings.values():
            problems.append(
                FactProblem(1, heading, Text(f"与另一列同为“{pack.labels[name].zh}”", f"a second column of {name}"))
            )
        else:
            headings[heading] = name
    if not headings:
        labels = "、".join(list(known)[:6])
        problems.append(
            FactProblem(1, "", Text(f"没有一列是输入项；如 {labels}", f"no column is an input, such as {labels}"))
        )
    return headings


def _known(pack: Pack) -> dict[str, str]:
    known = {}
    for name, asked in pack.inputs.items():
        for heading in (*asked.aliases, asked.label.en, asked.label.zh, name):
            known[heading] = name
    return known


def _slip(heading: str, known: Mapping[str, str]) -> Iterator[FactProblem]:
    near = get_close_matches(heading.strip(), known, n=1, cutoff=0.85)
    if near and heading not in SUBJECTS:
        said = Text(f"没有这个输入项；是不是“{near[0]}”", f"there is no such input; is {near[0]!r} meant?")
        yield FactProblem(1, heading, said)


def _subject(table: pl.DataFrame, problems: list[FactProblem]) -> str:
    """The column that names the rows; each name once."""
    heading = next((name for name in SUBJECTS if name in table.columns), "")
    if not heading:
        return ""
    names = table[heading].cast(pl.String)
    if names.null_count() == len(names):
        return heading
    numbered = pl.DataFrame({"name": names}).with_row_index("row", FIRST_ROW)
    for row in numbered.filter(pl.col("name").is_null())["row"].head(MOST_PROBLEMS):
        problems.append(FactProblem(row, heading, Text("没有填写", "is empty")))
    first = pl.col("row").min().over("name")
    again = (
        numbered.filter(pl.col("name").is_not_null()).with_columns(first=first).filter(pl.col("row") > pl.col("first"))
    )
    for row, name, before in again.select("row", "name", "first").head(MOST_PROBLEMS).iter_rows():
        said = Text(f"“{name}”与第 {before} 行重复", f"{name!r} stands in row {before} already")
        problems.append(FactProblem(row, heading, said))
    return heading


def _column(asked: Input, written: pl.Series, heading: str, problems: list[FactProblem]) -> pl.Series:
    """A column in stored units. Plain spellings are read at once, the others value by value."""
    text = written if written.dtype == pl.List else _as_text(asked, written)
    quick = QUICK.get(asked.type, _nothing)(asked, text)
    left = quick.is_null() & text.is_not_null()
    if left.any():
        quick = _slowly(asked, text, quick, left, heading, problems)
    _check_range(asked, quick, heading, problems)
    return quick.alias(asked.id)


def _as_text(asked: Input, written: pl.Series) -> pl.Series:
    if written.dtype in (pl.Object, pl.Null):
        return pl.Series(written.name, [None if each is None else str(each) for each in written], dtype=pl.String)
    text = written.cast(pl.String).str.strip_chars()
    said = ~pl.first().str.to_lowercase().is_in(sorted(EMPTY)) | pl.first().is_in(sorted(options_called(asked)))
    return text.to_frame().select(pl.when(said).then(pl.first())).to_series()


def _nothing(asked: Input, text: pl.Series) -> pl.Series:
    return pl.Series(text.name, [None] * len(text), dtype=DTYPES[asked.type])


def _quick_number(asked: Input, text: pl.Series) -> pl.Series:
    """Plain decimals: the digits with the point moved, so that nothing passes through a float."""
    places = len(str(scale_of(asked) if asked.type != "money" else asked.scale)) - 1
    column = pl.first().str.replace_all(",", "", literal=True)
    sign, digits, rest = (column.str.extract(PLAIN, group) for group in (1, 2, 3))
    rest = rest.fill_null("").str.strip_chars_end("0")
    fits = (rest.str.len_chars() <= places) & (digits.str.len_chars() + places <= 18)
    number = (digits + rest.str.pad_end(places, "0")).cast(pl.Int64, strict=False)
    signed = pl.when(sign == "-").then(-number).otherwise(number)
    return text.to_frame().select(pl.when(fits).then(signed)).to_series()


def _quick_flag(_asked: Input, text: pl.Series) -> pl.Series:
    return text.str.to_lowercase().replace_strict(FLAGS, default=None, return_dtype=pl.Boolean)


def _quick_date(_asked: Input, text: pl.Series) -> pl.Series:
    return text.str.to_date("%Y-%m-%d", strict=False)


def _quick_choice(asked: Input, text: pl.Series) -> pl.Series:
    return text.replace_strict(options_called(asked), default=None, return_dtype=pl.String)


def _quick_text(_asked: Input, text: pl.Series) -> pl.Series:
    return text


QUICK = {
    "money": _quick_number,
    "count": _quick_number,
    "share": _quick_number,
    "number": _quick_number,
    "flag": _quick_flag,
    "date": _quick_date,
    "choice": _quick_choice,
    "text": _quick_text,
}


def _slowly(
    asked: Input, text: pl.Series, quick: pl.Series, left: pl.Series, heading: str, problems: list[FactProblem]
) -> pl.Series:
    """What no plain spelling fits, one by one: 5.3%, 2026年3月1日, 1.2e6, and what is wrong."""
    values = quick.to_list()
    for index in left.arg_true():
        try:
            found = stored(asked, text[index] if text.dtype != pl.List else text[index].to_list())
            values[index] = _stored(asked, found)
        except WrongValue as wrong:
            if len(problems) < MOST_PROBLEMS:
                problems.append(FactProblem(index + FIRST_ROW, heading, wrong.said))
    return pl.Series(asked.id, values, dtype=DTYPES[asked.type])


def _check_range(asked: Input, column: pl.Series, heading: str, problems: list[FactProblem]) -> None:
    if asked.kind.base != "number":
        return
    scale, limit = scale_of(asked), LIMITS[asked.type]
    low = -limit * scale if asked.low is None else int(asked.low * scale)
    high = limit * scale if asked.high is None else int(asked.high * scale)
    for index in ((column < low) | (column > high)).arg_true()[:MOST_PROBLEMS]:
        try:
            written = Fraction(column[index], asked.scale if asked.type == "money" else scale)
            stored(asked, written)
        except WrongValue as wrong:
            problems.append(FactProblem(int(index) + FIRST_ROW, heading, wrong.said))
