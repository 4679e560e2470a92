"""Reading one mapping of a pack key by key; every problem is noted with its line, and reading goes on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from rongtong.engines.rules.source import Document, Path
from rongtong.engines.rules.syntax import Expr, ExpressionError, Literal, Unary, parse
from rongtong.engines.rules.words import Text

NOTHING = Text("", "")


@dataclass(slots=True)
class Section:
    """A mapping at ``path`` of a document; ``end`` reports the keys nobody asked for."""

    document: Document
    path: Path
    data: dict[str, Any]
    asked: set[str] = field(default_factory=set)

    def problem(self, key: str | int, zh: str, en: str) -> None:
        """Note what is wrong with a key, or with the section itself where ``key`` is empty."""
        self.document.problem((*self.path, key) if key != "" else self.path, zh, en)

    def has(self, key: str) -> bool:
        """Whether the key is given, be it empty."""
        self.asked.add(key)
        return key in self.data

    def get(self, key: str, required: bool = False) -> Any:
        """The plain value."""
        self.asked.add(key)
        value = self.data.get(key)
        if value is None and required:
            self.problem(key if key in self.data else "", f"缺少 {key}", f"{key} is missing")
        return value

    def text(self, key: str, default: str = "", required: bool = False) -> str:
        """A short text; a number or date written without quotes is taken as written."""
        value = self.get(key, required)
        if isinstance(value, (dict, list)):
            self.problem(key, "应当是文字", "text is expected")
            return default
        return default if value is None else str(value)

    def one_of(self, key: str, options: tuple[str, ...], default: str = "", required: bool = False) -> str:
        """One of a few words."""
        value = self.text(key, default, required)
        if value and value not in options:
            self.problem(
                key, f"“{value}”应当是 {'、'.join(options)} 之一", f"{value!r} is not one of {', '.join(options)}"
            )
            return default or options[0]
        return value

    def words(self, key: str, required: bool = False) -> Text | None:
        """A sentence or label in both languages."""
        value = self.get(key, required)
        return None if value is None else words(self.document, (*self.path, key), value)

    def label(self, key: str = "label") -> Text:
        """A label that must be there."""
        return self.words(key, required=True) or NOTHING

    def flag(self, key: str, default: bool = False) -> bool:
        """true or false."""
        value = self.get(key)
        if value is not None and not isinstance(value, bool):
            self.problem(key, "应当是 true 或 false", "true or false is expected")
            return default
        return default if value is None else value

    def day(self, key: str, required: bool = False) -> date | None:
        """A date."""
        value = self.get(key, required)
        if value is not None and not isinstance(value, date):
            self.problem(key, "应当是日期，写法如 2026-06-30", "a date like 2026-06-30 is expected")
            return None
        return value

    def number(self, key: str, required: bool = False) -> Fraction | None:
        """An exact number; 5% is 1/20."""
        value = self.get(key, required)
        return None if value is None else number(self.document, (*self.path, key), value)

    def section(self, key: str) -> "Section | None":
        """A mapping inside this one."""
        value = self.get(key)
        return None if value is None else section(self.document, (*self.path, key), value)

    def named(self, key: str) -> Iterator[tuple[str, "Section"]]:
        """Mappings by their names: ``inputs``, ``derive``, …"""
        inner = self.section(key)
        for name in inner.data if inner else ():
            found = section(self.document, (*self.path, key, name), inner.data[name] if inner else None)
            if found is not None:
                yield name, found

    def each(self, key: str) -> Iterator["Section"]:
        """The mappings of a list: ``gates``, ``items``, …"""
        value = self.get(key)
        if value is not None and not isinstance(value, list):
            self.problem(key, "应当是列表", "a list is expected")
            return
        for index, entry in enumerate(value or []):
            found = section(self.document, (*self.path, key, index), entry)
            if found is not None:
                yield found

    def expr(self, key: str, required: bool = True) -> Expr | None:
        """An expression, parsed."""
        value = self.get(key, required)
        return None if value is None else expr(self.document, (*self.path, key), value)

    def end(self) -> None:
        """Report keys that mean nothing here, with the one that was probably meant."""
        for key in self.data.keys() - self.asked:
            near = get_close_matches(key, self.asked, n=1)
            known = near[0] if near else ", ".join(sorted(self.asked))
            self.problem(key, f"没有 {key} 这一项；可用 {known}", f"{key} means nothing here; there is {known}")


def section(document: Document, path: Path, value: Any) -> Section | None:
    """A mapping, or the problem that it is none."""
    if isinstance(value, dict):
        return Section(document, path, value)
    document.problem(path, "应当是键值对", "a mapping is expected")
    return None


def words(document: Document, path: Path, value: Any) -> Text:
    """Both languages of a text."""
    if isinstance(value, dict) and value.keys() == {"zh", "en"} and all(isinstance(value[key], str) for key in value):
        return Text(value["zh"], value["en"])
    document.problem(path, "应当有两种语言：{zh: …, en: …}", "both languages are expected: {zh: …, en: …}")
    return NOTHING


def number(document: Document, path: Path, value: Any) -> Fraction | None:
    """An exact number."""
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return Fraction(value)
    tree = expr(document, path, value) if isinstance(value, str) else None
    if isinstance(tree, Unary) and tree.op == "-" and isinstance(tree.operand, Literal):
        tree = Literal(-tree.operand.value) if isinstance(tree.operand.value, Fraction) else tree
    if isinstance(tree, Literal) and isinstance(tree.value, Fraction):
        return tree.value
    if tree is not None or not isinstance(value, str):
        document.problem(path, f"“{value}”应当是数值", f"{value!r} is not a number")
    return None


def expr(document: Document, path: Path, value: Any) -> Expr | None:
    """The tree of an expression, or the problem with its column."""
    if isinstance(value, bool):
        return Literal(value)
    if isinstance(value, (int, Fraction)):
        return Literal(Fraction(value))
    if isinstance(value, date):
        return Literal(value)
    if not isinstance(value, str):
        document.problem(path, "应当是表达式", "an expression is expected")
        return None
    try:
        return parse(value)
    except ExpressionError as error:
        wrong_expression(document, path, value, error)
        return None


def wrong_expression(document: Document, path: Path, written: Any, error: ExpressionError) -> None:
    """Note an expression's error with the place in it."""
    tail = str(written)[error.at : error.at + 24] or "…"
    document.problem(
        path,
        f"{error.said.zh}（第 {error.at + 1} 字：{tail}）",
        f"{error.said.en} (character {error.at + 1}: {tail})",
    )
