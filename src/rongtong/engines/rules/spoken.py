"""Values and sentences as columns of text: word for word what :mod:`.shown` and :mod:`.sentences` say of one row."""

from collections.abc import Iterable, Mapping
from string import Formatter

import polars as pl

from rongtong.engines.rules import whole
from rongtong.engines.rules.columns import Column
from rongtong.engines.rules.kinds import Kind
from rongtong.engines.rules.shown import FORMS, UNKNOWN
from rongtong.engines.rules.whole import Number
from rongtong.engines.rules.words import Text

LANGUAGES = ("zh", "en")
BETWEEN = {"zh": "、", "en": ", "}


def of(text: Text, language: str) -> str:
    """The text in one language."""
    return text.zh if language == "zh" else text.en


def value(column: Column, kind: Kind, options: Mapping[str, Text], language: str) -> pl.Expr:
    """A column of values in words."""
    if isinstance(column, Number):
        text = number(column, kind.unit)
    elif kind.base == "flag":
        yes, no = (pl.lit(of(word, language)) for word in (Text("是", "yes"), Text("否", "no")))
        text = pl.when(column).then(yes).when(~column).then(no)
    elif kind.base == "date":
        text = column.dt.strftime("%Y-%m-%d")
    elif kind.base == "set":
        text = _codes(column, options, language)
    else:
        text = column.replace({code: of(label, language) for code, label in options.items()}) if options else column
    return text.fill_null(of(UNKNOWN, language))


def number(column: Number, unit: str) -> pl.Expr:
    """A column of figures: money with its thousands, shares in per cent, cut at two decimals."""
    times, before, after = FORMS.get(unit, FORMS[""])
    cut = whole.floored(whole.multiply(whole.absolute(column), whole.number(times * 100)))
    hundredths = cut.over.expr
    negative = (column.over.expr < 0) & (hundredths > 0)
    sign = pl.when(negative).then(pl.lit("-")).otherwise(pl.lit(""))
    rest = (hundredths % 100).cast(pl.String).str.zfill(2)
    decimals = pl.when(hundredths % 100 == 0).then(pl.lit("")).otherwise(pl.lit(".") + rest.str.strip_chars_end("0"))
    return sign + pl.lit(before) + _grouped(hundredths // 100, cut.over.high // 100) + decimals + pl.lit(after)


def _grouped(digits: pl.Expr, most: int) -> pl.Expr:
    """Thousands set off by commas; figures without thousands are passed by as nulls."""
    plain = digits.cast(pl.String)
    if most < 1000:
        return plain
    long = pl.when(digits >= 1000).then(digits)
    last = (long % 1000).cast(pl.String).str.zfill(3)
    return pl.coalesce(pl.concat_str(_grouped(long // 1000, most // 1000), last, separator=","), plain)


def _codes(column: pl.Expr, options: Mapping[str, Text], language: str) -> pl.Expr:
    labels = {code: of(label, language) for code, label in options.items()}
    named = column.list.sort().list.eval(pl.element().replace(labels)).list.join(BETWEEN[language])
    return pl.when(column.list.len() == 0).then(pl.lit(of(Text("无", "none"), language))).otherwise(named)


def sentence(text: str, words: Mapping[str, pl.Expr]) -> pl.Expr:
    """A sentence with its placeholders filled from columns."""
    parts: list[pl.Expr] = []
    for plain, name, _form, _conversion in Formatter().parse(text):
        if plain:
            parts.append(pl.lit(plain))
        if name is not None:
            parts.append(words[name])
    return pl.concat_str(parts)


def listed(parts: Iterable[tuple[pl.Expr, Text]], language: str) -> pl.Expr:
    """The labels of all parts whose condition holds; an empty text where none does."""
    told = [pl.when(holds).then(pl.lit(of(label, language))) for holds, label in parts]
    return pl.concat_str(told, separator=BETWEEN[language], ignore_nulls=True) if told else pl.lit("")


def lines(parts: list[pl.Expr]) -> pl.Expr:
    """Sentences one below the other; unknown ones are left out."""
    return pl.concat_str(parts, separator="\n", ignore_nulls=True) if parts else pl.lit("")
