"""Expressions of a pack: from text to a tree.

A closed little language: names, numbers, comparisons, three-valued logic and eleven functions. Nothing in it can read a
file, call out or loop, so that a pack from a stranger can be run.

    rd_3y / sales_3y >= if(sales_last <= 5000万, 5%, if(sales_last <= 2亿, 4%, 3%))
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rongtong.engines.rules.words import Text


class ExpressionError(Exception):
    """An expression that cannot be understood: what is wrong, and at which character (from 0)."""

    def __init__(self, said: Text, at: int) -> None:
        super().__init__(said.en)
        self.said = said
        self.at = at


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands in the expression; ``share`` for 5%."""

    value: Fraction | bool | str | date
    at: int = 0
    share: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """An input, parameter or derived quantity, or ``today``."""

    id: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Unary:
    """``not x`` or ``-x``."""

    op: str
    operand: "Expr"
    at: int = 0


@dataclass(frozen=True, slots=True)
class Binary:
    """``+ - * /``, ``and or ->``, or a comparison."""

    op: str
    left: "Expr"
    right: "Expr"
    at: int = 0


@dataclass(frozen=True, slots=True)
class In:
    """``kind in ("a", "b")`` or ``"a" in awards``."""

    item: "Expr"
    options: "tuple[Expr, ...] | Name"
    at: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """A function of :data:`FUNCTIONS`."""

    function: str
    arguments: "tuple[Expr, ...]"
    at: int = 0


Expr = Literal | Name | Unary | Binary | In | Call

COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")
FUNCTIONS = {
    "min": (2, None),
    "max": (2, None),
    "abs": (1, 1),
    "floor": (1, 1),
    "if": (3, 3),
    "known": (1, 1),
    "count": (1, None),
    "years": (2, 2),
    "months": (2, 2),
    "days": (2, 2),
    "points": (1, 1),
}
"""Functions with the least and the most arguments they take."""

# How tightly an operator binds; -> is right-associative, comparisons do not chain.
POWER = {"->": 1, "or": 2, "and": 3, **dict.fromkeys((*COMPARISONS, "in"), 5), "+": 6, "-": 6, "*": 7, "/": 7}
NOT, NEGATIVE = 4, 8
DEEPEST = 60
SCALES = {"万": 10_000, "亿": 100_000_000}

TOKEN = re.compile(
    r"""\s*(?:(?P<date>\d{4}-\d{2}-\d{2})
    |(?P<number>\d[\d_]*(?:\.\d+)?)(?P<scale>[%万亿]?)
    |(?P<text>"[^"]*")
    |(?P<op>->|==|!=|<=|>=|[-<>+*/(),])
    |(?P<word>[A-Za-z_]\w*))""",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; ``kind`` is ``end`` after the last."""

    kind: str
    text: str
    at: int
    value: Fraction | str | date | None = None


def parse(text: str) -> Expr:
    """The tree of an expression; raises :class:`ExpressionError`."""
    parser = _Parser(list(_tokens(text)))
    tree = parser.expression(0)
    parser.expect("end", "", Text("表达式到此应当结束", "the expression should end here"))
    return tree


def children(tree: Expr) -> tuple[Expr, ...]:
    """The parts of a node."""
    match tree:
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case In(item=item, options=options):
            return (item, options) if isinstance(options, Name) else (item, *options)
        case Call(arguments=arguments):
            return arguments
        case _:
            return ()


def walk(tree: Expr) -> Iterator[Expr]:
    """Every node, the outer first."""
    yield tree
    for child in children(tree):
        yield from walk(child)


def names(tree: Expr) -> frozenset[str]:
    """The names an expression reads, ``today`` among them; the item in ``points(item)`` is not one."""
    if isinstance(tree, Call) and tree.function == "points":
        return frozenset()
    if isinstance(tree, Name):
        return frozenset({tree.id})
    return frozenset[str]().union(*(names(child) for child in children(tree)))


def _tokens(text: str) -> Iterator[Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = TOKEN.match(text, at)
        if found is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise ExpressionError(Text(f"看不懂“{text[at]}”", f"{text[at]!r} is not understood"), at)
        yield _token(found)
        at = found.end()
    yield Token("end", "", end)


def _token(found: re.Match[str]) -> Token:
    kind = next(name for name in ("date", "number", "text", "op", "word") if found[name] is not None)
    at, text = found.start(kind), found[kind]
    match kind:
        case "number":
            return Token("share" if found["scale"] == "%" else kind, text, at, _number(text, found["scale"]))
        case "text":
            return Token(kind, text, at, text[1:-1])
        case "date":
            return Token(kind, text, at, _date(text, at))
        case _:
            return Token(kind, text, at)


def _number(text: str, scale: str) -> Fraction:
    plain = Fraction(text.replace("_", ""))
    return plain / 100 if scale == "%" else plain * SCALES.get(scale, 1)


def _date(text: str, at: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ExpressionError(Text(f"没有 {text} 这一天", f"there is no day {text}"), at) from None


class _Parser:
    """Precedence climbing: each operator takes what binds tighter than itself."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    def expression(self, power: int) -> Expr:
        self._enter()
        left = self._operand()
        while (binding := POWER.get(self._peek().text, 0)) > power and self._peek().kind in ("op", "word"):
            left = self._infix(left, binding)
        self._depth -= 1
        return left

    def expect(self, kind: str, text: str, otherwise: Text) -> Token:
        token = self._peek()
        if token.kind != kind or (text and token.text != text):
            found = token.text or "…"
            raise ExpressionError(
                Text(f"{otherwise.zh}，却是“{found}”", f"{otherwise.en}, but there is {found!r}"), token.at
            )
        self._next += 1
        return token

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError(Text("括号嵌套太深", "nested too deeply"), self._peek().at)

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _infix(self, left: Expr, binding: int) -> Expr:
        token = self._take()
        if token.text == "in":
            return In(left, self._options(), token.at)
        right = self.expression(binding - 1 if token.text == "->" else binding)
        if token.text in COMPARISONS and _compares(left):
            raise ExpressionError(
                Text("比较不能连写，请用 and 连接", "comparisons do not chain; join them with and"), token.at
            )
        return Binary(token.text, left, right, token.at)

    def _options(self) -> tuple[Expr, ...] | Name:
        if self._peek().kind == "word":
            token = self._take()
            return Name(token.text, token.at)
        self.expect("op", "(", Text("in 之后应当是名称或括号中的列表", "a name or a list in brackets should follow in"))
        return self._list()

    def _list(self) -> tuple[Expr, ...]:
        items = [self.expression(0)]
        while self._peek().text == ",":
            self._take()
            items.append(self.expression(0))
        self.expect("op", ")", Text("这里应当是右括号", "a closing bracket should stand here"))
        return tuple(items)

    def _operand(self) -> Expr:
        token = self._take()
        if token.value is not None:
            return Literal(token.value, token.at, token.kind == "share")
        opening = OPENINGS.get(token.text)
        if opening is not None and token.kind in ("op", "word"):
            return opening(self, token)
        if token.kind == "word" and token.text not in POWER:
            return self._name(token)
        found = token.text or "…"
        raise ExpressionError(
            Text(f"这里应当是一个值，却是“{found}”", f"a value should stand here, but there is {found!r}"), token.at
        )

    def _name(self, token: Token) -> Expr:
        if self._peek().text != "(" or self._peek().kind != "op":
            return Name(token.text, token.at)
        if token.text not in FUNCTIONS:
            raise ExpressionError(
                Text(
                    f"没有函数 {token.text}；有 {'、'.join(FUNCTIONS)}",
                    f"there is no function {token.text}; there are {', '.join(FUNCTIONS)}",
                ),
                token.at,
            )
        self._take()
        return _counted(Call(token.text, self._list(), token.at))

    def bracket(self, _token: Token) -> Expr:
        inner = self.expression(0)
        self.expect("op", ")", Text("这里应当是右括号", "a closing bracket should stand here"))
        return inner

    def negation(self, token: Token) -> Expr:
        return Unary(token.text, self.expression(NOT if token.text == "not" else NEGATIVE), token.at)

    def truth(self, token: Token) -> Expr:
        return Literal(token.text == "true", token.at)


OPENINGS: dict[str, Callable[[_Parser, Token], Expr]] = {
    "(": _Parser.bracket,
    "-": _Parser.negation,
    "not": _Parser.negation,
    "true": _Parser.truth,
    "false": _Parser.truth,
}


def _compares(tree: Expr) -> bool:
    return isinstance(tree, Binary) and tree.op in COMPARISONS


def _counted(call: Call) -> Call:
    least, most = FUNCTIONS[call.function]
    given = len(call.arguments)
    if given < least or (most is not None and given > most):
        wanted = str(least) if most == least else f"{least}+"
        raise ExpressionError(
            Text(
                f"{call.function} 要 {wanted} 个参数，却有 {given} 个",
                f"{call.function} takes {wanted} arguments, not {given}",
            ),
            call.at,
        )
    return call
