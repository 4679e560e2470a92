"""What a project's budget may hold, and what no money of it pays for (负面清单)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Problem
from rongtong.domain.foundation.words import Words
from rongtong.domain.programmes.terms import Template

PURSES: dict[str, Words] = {
    "setter": Words("出题方资金", "Setter's money"),
    "public": Words("财政资金", "Public money"),
    "own": Words("自筹资金", "Own money"),
}
ITEM_LONGEST, NOTE_LONGEST = 80, 300


@dataclass(frozen=True, slots=True)
class Prohibition:
    """Something that is not paid for; a line that is called by one of ``words`` is such."""

    key: str
    label: Words
    words: tuple[str, ...]


@cache
def prohibitions() -> dict[str, Prohibition]:
    """Every prohibition of ``packs/budgets`` by its key."""
    data = yaml.safe_load((files("rongtong") / "packs" / "budgets" / "research.yaml").read_text("utf-8"))
    return {
        key: Prohibition(key, Words(each["zh"], each["en"]), tuple(each["words"]))
        for key, each in data["forbidden"].items()
    }


def item_label(kind: Template, item: str) -> str:
    """What a line is called: the label of a usual line, or what was written."""
    return str(dict(kind.budget.items).get(item, item))


def item_called(kind: Template, written: str) -> str:
    """The key of the usual line whose label is ``written``, in either language; any other line is what was written."""
    keys = {label: key for key, words in kind.budget.items for label in (words.zh, words.en)}
    return keys.get(written, written)


def prohibited(keys: Iterable[str], *written: str) -> Prohibition | None:
    """The prohibition, of those named by ``keys``, that what is ``written`` of a line falls under."""
    said = " ".join(written).lower()
    held = (prohibitions()[key] for key in keys)
    return next((each for each in held if any(_names(said, word) for word in each.words)), None)


def _names(said: str, word: str) -> bool:
    """Chinese stands anywhere in a line; a Latin word is a whole one, or "refine" were a fine."""
    return bool(re.search(rf"\b{word}s?\b", said)) if word.isascii() else word in said


def budget_problems(
    kind: Template, keys: Sequence[str], rows: Sequence[Mapping[str, Any]], *, setter_money: int, public_money: int
) -> list[Problem]:
    """What is wrong with a budget, by field ``budget.<row>``: line by line, and each purse against its money.

    ``keys`` name the prohibitions that hold.
    """
    found = [p for place, row in enumerate(rows) for p in _line_problems(kind, keys, f"budget.{place}", row)]
    for purse, money in (("setter", setter_money), ("public", public_money)):
        planned = sum(row["fen"] for row in rows if row["purse"] == purse and isinstance(row["fen"], int))
        if planned > money:
            said = {"purse": PURSES[purse], "planned": yuan(planned), "money": yuan(money)}
            found.append(Problem("budget", _("“%(purse)s”列了 %(planned)s 元，超过核定的 %(money)s 元。") % said))
    return found


def yuan(fen: int) -> str:
    """Fen as one writes yuan: 1,234.50; without the decimals when there are none."""
    whole, rest = divmod(abs(fen), 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole:,}.{rest:02d}" if rest else f"{sign}{whole:,}"


def _line_problems(kind: Template, keys: Sequence[str], field: str, row: Mapping[str, Any]) -> list[Problem]:
    item = item_label(kind, str(row["item"]).strip())
    found = []
    if not item or len(item) > ITEM_LONGEST:
        found.append(Problem(field, _("科目名称必填，最多 %(most)s 个字。") % {"most": ITEM_LONGEST}))
    if not isinstance(row["fen"], int) or row["fen"] <= 0:
        found.append(Problem(field, _("“%(item)s”的金额应大于零，写法如 12000 或 1.2万。") % {"item": item}))
    if row["purse"] not in PURSES:
        found.append(Problem(field, _("“%(item)s”没有写明资金来源。") % {"item": item}))
    against = prohibited(keys, item, str(row.get("note", "")))
    if against is not None:
        said = {"item": item, "name": against.label}
        found.append(Problem(field, _("“%(item)s”属于负面清单中的“%(name)s”，不得列支。") % said))
    return found
