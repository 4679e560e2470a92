"""What kind of value an expression gives; money is not compared with a percentage.

Checking also puts plain numbers into the unit of what they stand beside: in ``sales <= 5000万`` the number is yuan, and
becomes fen, because ``sales`` is money. So the evaluators need no units.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from rongtong.engines.rules.syntax import COMPARISONS, Binary, Call, Expr, ExpressionError, In, Literal, Name, Unary
from rongtong.engines.rules.words import Text

FEN = 100


@dataclass(frozen=True, slots=True)
class Kind:
    """``number`` (with a unit), ``flag``, ``date``, ``text`` or ``set`` (with the codes there are, when known)."""

    base: str
    unit: str = ""
    options: frozenset[str] | None = None

    @property
    def label(self) -> Text:
        """As an error names it."""
        return LABELS.get((self.base, self.unit)) or LABELS[self.base, ""]


LABELS = {
    ("number", ""): Text("数值", "a number"),
    ("number", "money"): Text("金额", "money"),
    ("number", "share"): Text("比例", "a share"),
    ("number", "count"): Text("个数", "a count"),
    ("number", "number"): Text("数值", "a number"),
    ("flag", ""): Text("是否", "a flag"),
    ("date", ""): Text("日期", "a date"),
    ("text", ""): Text("文字或代码", "text or a code"),
    ("set", ""): Text("一组代码", "a set of codes"),
}
MONEY, SHARE, COUNT, NUMBER = (Kind("number", unit) for unit in ("money", "share", "count", "number"))
BARE = Kind("number", "")
FLAG, DATE, TEXT = Kind("flag"), Kind("date"), Kind("text")

Scope = Mapping[str, Kind]
Typed = tuple[Expr, Kind]


def check(tree: Expr, scope: Scope, items: frozenset[str] = frozenset()) -> Typed:
    """The tree with its numbers in the right unit, and the kind of its value.

    ``scope`` holds the kind of every name; ``items`` the scored items ``points(…)`` may ask for. Raises
    :class:`ExpressionError` at the part that does not fit.
    """
    return _Checker({**scope, "today": DATE}, items).check(tree)


def check_as(tree: Expr, wanted: Kind, scope: Scope, items: frozenset[str] = frozenset()) -> Expr:
    """As :func:`check`, where the kind is prescribed."""
    typed = check(tree, scope, items)
    return _as(typed, wanted, typed[0].at)


class _Checker:
    def __init__(self, scope: Scope, items: frozenset[str]) -> None:
        self._scope = scope
        self._items = items

    def check(self, tree: Expr) -> Typed:
        match tree:
            case Literal():
                return tree, _kind_of(tree)
            case Name():
                return tree, self._named(tree)
            case Unary():
                return self._unary(tree)
            case Binary():
                return self._binary(tree)
            case In():
                return self._in(tree)
            case Call():
                return self._call(tree)

    def _named(self, tree: Name) -> Kind:
        if tree.id not in self._scope:
            known = "、".join(sorted(self._scope))
            raise ExpressionError(
                Text(f"没有名为 {tree.id} 的量；有 {known}", f"nothing is named {tree.id}; there are {known}"), tree.at
            )
        return self._scope[tree.id]

    def _unary(self, tree: Unary) -> Typed:
        operand, kind = self.check(tree.operand)
        if tree.op == "not":
            return replace(tree, operand=_as((operand, kind), FLAG, tree.at)), FLAG
        _need_number(kind, tree.at)
        return replace(tree, operand=operand), kind

    def _binary(self, tree: Binary) -> Typed:
        left, right = self.check(tree.left), self.check(tree.right)
        if tree.op in ("and", "or", "->"):
            return replace(tree, left=_as(left, FLAG, tree.at), right=_as(right, FLAG, tree.at)), FLAG
        if tree.op in COMPARISONS:
            return _comparison(tree, left, right), FLAG
        for _part, kind in (left, right):
            _need_number(kind, tree.at)
        if tree.op in "+-":
            (first, second), kind = _together([left, right], tree.at)
            return replace(tree, left=first, right=second), kind
        kind = (_product if tree.op == "*" else _quotient)(left[1], right[1], tree.at)
        return replace(tree, left=left[0], right=right[0]), kind

    def _in(self, tree: In) -> Typed:
        item, kind = self.check(tree.item)
        if isinstance(tree.options, Name):
            held = self._named(tree.options)
            if held.base != "set" or kind.base != "text":
                raise _differ(kind, held, tree.at)
            _need_code(item, held, tree.at)
            return replace(tree, item=item), FLAG
        options = tuple(_unify((item, kind), self.check(option), tree.at)[1] for option in tree.options)
        return replace(tree, item=item, options=options), FLAG

    def _call(self, tree: Call) -> Typed:
        if tree.function == "points":
            return self._points(tree)
        arguments = [self.check(argument) for argument in tree.arguments]
        changed, kind = RESULTS[tree.function](arguments, tree.at)
        return replace(tree, arguments=tuple(changed)), kind

    def _points(self, tree: Call) -> Typed:
        item = tree.arguments[0]
        if not isinstance(item, Name) or item.id not in self._items:
            known = "、".join(sorted(self._items)) or "—"
            raise ExpressionError(
                Text(f"points 里应当是计分项：{known}", f"points takes a scored item: {known}"), tree.at
            )
        return tree, NUMBER


def _kind_of(tree: Literal) -> Kind:
    match tree.value:
        case bool():
            return FLAG
        case Fraction():
            return SHARE if tree.share else BARE
        case date():
            return DATE
        case _:
            return TEXT


def _comparison(tree: Binary, left: Typed, right: Typed) -> Binary:
    first, second = _unify(left, right, tree.at)
    if tree.op not in ("==", "!=") and left[1].base not in ("number", "date"):
        raise ExpressionError(
            Text(f"{left[1].label.zh}没有大小之分", f"{left[1].label.en} is neither more nor less"), tree.at
        )
    return replace(tree, left=first, right=second)


def _unify(left: Typed, right: Typed, at: int) -> tuple[Expr, Expr]:
    """Both sides in one unit, or the error that they cannot be compared."""
    if left[1].base == right[1].base == "number":
        (first, second), _kind = _together([left, right], at)
        return first, second
    if left[1].base != right[1].base or left[1].base == "set":
        raise _differ(left[1], right[1], at)
    _need_code(left[0], right[1], at)
    _need_code(right[0], left[1], at)
    return left[0], right[0]


def _together(parts: list[Typed], at: int) -> tuple[list[Expr], Kind]:
    """Numbers that are added or compared, brought into the unit of the first that has one."""
    for _part, kind in parts:
        _need_number(kind, at)
    units = {kind.unit for _part, kind in parts} - {""}
    if ("money" in units or {"share", "count"} <= units) and len(units) > 1:
        raise _differ(*_two_units(parts), at)
    unit = next(iter(units - {"number"}), next(iter(units), ""))
    money = unit == "money"
    return [_in_fen(part) if money and not kind.unit else part for part, kind in parts], Kind("number", unit)


def _two_units(parts: list[Typed]) -> tuple[Kind, Kind]:
    kinds = [kind for _part, kind in parts if kind.unit]
    return kinds[0], next(kind for kind in kinds if kind.unit != kinds[0].unit)


def _in_fen(tree: Expr) -> Expr:
    """A number without a unit that stands beside money is yuan; it becomes fen."""
    if isinstance(tree, Literal) and isinstance(tree.value, Fraction):
        return replace(tree, value=tree.value * FEN)
    return Binary("*", tree, Literal(Fraction(FEN), tree.at), tree.at)


def _product(left: Kind, right: Kind, at: int) -> Kind:
    if left.unit == right.unit == "money":
        raise ExpressionError(Text("金额不能相乘", "money cannot be multiplied by money"), at)
    for one, other in ((left, right), (right, left)):
        if one.unit == "money" or other.unit in ("", "share"):
            return one if one.unit or not other.unit else other
    return NUMBER


def _quotient(left: Kind, right: Kind, at: int) -> Kind:
    if left.unit and left.unit == right.unit:
        return SHARE
    if right.unit == "money":
        raise ExpressionError(Text(f"{left.label.zh}不能除以金额", f"{left.label.en} cannot be divided by money"), at)
    if right.unit in ("", "share"):
        return left if left.unit != "count" else NUMBER
    return left if left.unit == "money" else NUMBER


def _numbers(arguments: list[Typed], at: int) -> tuple[list[Expr], Kind]:
    return _together(arguments, at)


def _one_number(arguments: list[Typed], at: int) -> tuple[list[Expr], Kind]:
    _need_number(arguments[0][1], at)
    return [arguments[0][0]], arguments[0][1]


def _floor(arguments: list[Typed], at: int) -> tuple[list[Expr], Kind]:
    changed, kind = _one_number(arguments, at)
    return changed, kind if kind.unit == "money" else COUNT


def _if(arguments: list[Typed], at: int) -> tuple[list[Expr], Kind]:
    condition, then, otherwise = arguments
    test = _as(condition, FLAG, at)
    if then[1].base == otherwise[1].base == "number":
        branches, kind = _together([then, otherwise], at)
        return [test, *branches], kind
    first, second = _unify(then, otherwise, at)
    options = then[1].options if then[1].options == otherwise[1].options else None
    return [test, first, second], replace(then[1], options=options)


def _known(arguments: list[Typed], _at: int) -> tuple[list[Expr], Kind]:
    return [arguments[0][0]], FLAG


def _count(arguments: list[Typed], at: int) -> tuple[list[Expr], Kind]:
    return [_as(argument, FLAG, at) for argument in arguments], COUNT


def _span(arguments: list[Typed], at: int) -> tuple[list[Expr], Kind]:
    return [_as(argument, DATE, at) for argument in arguments], COUNT


RESULTS = {
    "min": _numbers,
    "max": _numbers,
    "abs": _one_number,
    "floor": _floor,
    "if": _if,
    "known": _known,
    "count": _count,
    "years": _span,
    "months": _span,
    "days": _span,
}


def _as(typed: Typed, wanted: Kind, at: int) -> Expr:
    tree, kind = typed
    if kind.base != wanted.base:
        raise _wanted(kind, wanted, at)
    if wanted.base != "number" or not wanted.unit:
        return tree
    return _together([typed, (Literal(Fraction(0)), wanted)], at)[0][0]


def _need_number(kind: Kind, at: int) -> None:
    if kind.base != "number":
        raise _wanted(kind, BARE, at)


def _need_code(tree: Expr, kind: Kind, at: int) -> None:
    """A code that stands in the expression must be one of those there are."""
    if not isinstance(tree, Literal) or kind.options is None or tree.value in kind.options:
        return
    known = "、".join(sorted(kind.options))
    raise ExpressionError(
        Text(f"没有代码“{tree.value}”；有 {known}", f"there is no code {tree.value!r}; there are {known}"), at
    )


def _wanted(kind: Kind, wanted: Kind, at: int) -> ExpressionError:
    return ExpressionError(
        Text(
            f"这里应当是{wanted.label.zh}，却是{kind.label.zh}",
            f"{wanted.label.en} should stand here, not {kind.label.en}",
        ),
        at,
    )


def _differ(left: Kind, right: Kind, at: int) -> ExpressionError:
    return ExpressionError(
        Text(f"{left.label.zh}与{right.label.zh}不能相比或相加", f"{left.label.en} does not go with {right.label.en}"),
        at,
    )
