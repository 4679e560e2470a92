"""What a submission says: its shape, its sums, and everything that still stands against sealing it.

``content`` is a mapping: ``title``; ``answers`` by field of the form; ``budget`` (item, fen, purse, note); ``members``
of a consortium (party, name, share "3/10", task), its leader among them; ``promises`` (name, value, high, unit) for the
metrics; ``avoid`` (name, organisation, reason); ``bid`` in fen; ``declared`` by place.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Problem
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.budgeting import PURSES, prohibited
from rongtong.domain.programmes.models import Topic
from rongtong.domain.programmes.terms import Template, template

Content = dict[str, Any]
MOST_AVOIDED = 3
LONGEST_ANSWER, LONGEST_LINE, MOST_ROWS = 20_000, 500, 60
LARGEST = 10**15
"""Fen; more is a slip of the keyboard."""
LUMP_SUM = "lump_sum"
ROWS = {
    "budget": ("item", "fen", "purse", "note"),
    "members": ("party", "name", "share", "task"),
    "promises": ("name", "value", "high", "unit"),
    "avoid": ("name", "organisation", "reason"),
}
"""The tables of a submission with their columns."""


def empty(topic: Topic) -> Content:
    """What a draft begins with: a row to be filled in for each metric."""
    promises = [_promise(metric) for metric in topic.metrics]
    return (
        {"title": "", "answers": {}, "bid": None, "declared": []} | {name: [] for name in ROWS} | {"promises": promises}
    )


def _promise(metric: Mapping[str, Any]) -> dict[str, str]:
    return {"name": str(metric["name"]), "value": "", "high": "", "unit": str(metric.get("unit", ""))}


@dataclass(frozen=True, slots=True)
class Sums:
    """A budget added up, in fen; ``asked`` is what others are to pay: the setter's and the public's money."""

    setter: int
    public: int
    own: int

    @property
    def asked(self) -> int:
        return self.setter + self.public

    @property
    def whole(self) -> int:
        return self.asked + self.own


def sums(content: Mapping[str, Any]) -> Sums:
    """The lines of the budget added up by purse."""
    lines = content.get("budget", [])
    return Sums(*(sum(line["fen"] or 0 for line in lines if line["purse"] == purse) for purse in PURSES))


def lump_sum(content: Mapping[str, Any]) -> bool:
    """Whether the money is asked for as a lump sum (包干制)."""
    return bool(content.get("answers", {}).get("budget_mode") == LUMP_SUM)


def declarations(topic: Topic, content: Mapping[str, Any]) -> tuple[Words, ...]:
    """What has to be declared; who asks for a lump sum promises to keep to its negative list as well."""
    kind = _kind(topic)
    return kind.declarations + ((kind.budget.promise,) if lump_sum(content) else ())


def misshapen(topic: Topic, facts: Mapping[str, Any]) -> list[Problem]:
    """What of ``facts`` cannot be kept at all, by field; an unfinished draft is no problem."""
    checks: dict[str, Callable[[Any], str | None]] = {
        "title": lambda given: _text(given, 200),
        "answers": lambda given: _answers(topic, given),
        "bid": lambda given: None if given is None or _fen(given) else _("金额应为不小于零的整数分。"),
        "declared": lambda given: None if _flags(given) else _("声明的格式不对，请刷新页面。"),
    }
    checks |= {name: _rows_check(name) for name in ROWS}
    unknown = [Problem(name, _("没有这一项。")) for name in facts if name not in checks]
    found = [(name, checks[name](given)) for name, given in facts.items() if name in checks]
    return unknown + [Problem(name, message) for name, message in found if message]


def _text(given: object, longest: int) -> str | None:
    if not isinstance(given, str) or "\x00" in given:
        return _("应为文字。")
    return _("最多 %(count)s 字。") % {"count": longest} if len(given) > longest else None


def _fen(given: object) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= LARGEST


def _flags(given: object) -> bool:
    return isinstance(given, list) and len(given) <= MOST_ROWS and all(isinstance(each, bool) for each in given)


def _answers(topic: Topic, given: object) -> str | None:
    if not isinstance(given, Mapping):
        return _("应为文字。")
    fields = {each["name"]: each for each in topic.programme.form}
    for name, answer in given.items():
        if name not in fields:
            return _("表里没有“%(name)s”这一项。") % {"name": name}
        if wrong := _text(answer, LONGEST_ANSWER):
            return f"{Words(**fields[name]['label'])}：{wrong}"
        if answer and fields[name]["type"] == "choice" and answer not in fields[name]["options"]:
            return _("请从所列选项中选择。")
    return None


def _rows_check(name: str) -> Callable[[Any], str | None]:
    columns = set(ROWS[name])

    def check(given: Any) -> str | None:
        if not isinstance(given, list) or any(not isinstance(row, Mapping) or set(row) != columns for row in given):
            return _("表格的格式不对，请刷新页面。")
        if len(given) > (MOST_AVOIDED if name == "avoid" else MOST_ROWS):
            return _("最多 %(most)s 行。") % {"most": MOST_AVOIDED if name == "avoid" else MOST_ROWS}
        return next((wrong for row in given for wrong in map(_cell, row, row.values()) if wrong), None)

    return check


def _cell(column: str, value: object) -> str | None:
    if column == "fen":
        return None if value is None or _fen(value) else _("金额应为不小于零的整数分。")
    return _text(value, LONGEST_LINE)


def standing(topic: Topic, applicant: Party, content: Mapping[str, Any]) -> list[Problem]:
    """Everything that still stands against sealing ``content``, by field, in the order of the form."""
    parts = (_title, _unanswered, _unpromised, _budget_problems, _bid_problems, _member_problems, _avoided, _undeclared)
    return [problem for part in parts for problem in part(topic, applicant, content)]


def _title(topic: Topic, applicant: Party, content: Mapping[str, Any]) -> Iterable[Problem]:
    return [] if content["title"].strip() else [Problem("title", _("请填写申请名称。"))]


def _unanswered(topic: Topic, applicant: Party, content: Mapping[str, Any]) -> Iterable[Problem]:
    for field in topic.programme.form:
        if field.get("required") and not content["answers"].get(field["name"], "").strip():
            label = Words(**field["label"])
            yield Problem(f"answers.{field['name']}", _("请填写“%(label)s”。") % {"label": label})


def _unpromised(topic: Topic, applicant: Party, content: Mapping[str, Any]) -> Iterable[Problem]:
    promised = {row["name"]: row for row in content["promises"]}
    for metric in topic.metrics:
        row = promised.get(metric["name"])
        if row is None or not row["value"].strip():
            yield Problem("promises", _("请填写指标“%(name)s”承诺达到的数值。") % {"name": metric["name"]})
        elif not is_number(row["value"]) or (row["high"] and not is_number(row["high"])):
            yield Problem("promises", _("指标“%(name)s”应填数字，单位另列。") % {"name": metric["name"]})


def is_number(written: str) -> bool:
    """Whether a promised value is a number, exactly readable."""
    return _exact(written) is not None


def _exact(written: str) -> Fraction | None:
    try:
        return Fraction(written.strip())
    except (ValueError, ZeroDivisionError):
        return None


def reaches(metric: Mapping[str, Any], promise: Mapping[str, Any]) -> bool | None:
    """Whether a promise reaches the metric; None where that cannot be told (no number, or another unit)."""
    promised, wanted = _exact(promise.get("value", "")), _exact(str(metric.get("value", "")))
    if promised is None or wanted is None or promise.get("unit", "") != metric.get("unit", ""):
        return None
    answers: dict[str, Callable[[], bool]] = {
        ">=": lambda: promised >= wanted,
        "<=": lambda: promised <= wanted,
        ">": lambda: promised > wanted,
        "<": lambda: promised < wanted,
        "=": lambda: promised == wanted,
    }
    found = answers.get(metric.get("relation", ""))
    return found() if found else None


def _budget_problems(topic: Topic, applicant: Party, content: Mapping[str, Any]) -> Iterable[Problem]:
    lines = content["budget"]
    if not lines:
        yield Problem("budget", _("请列出经费：至少一行。"))
    items = {key for key, _label in _kind(topic).budget.items}
    for number, line in enumerate(lines, start=1):
        if not line["fen"]:
            yield Problem("budget", _("请填写金额。"), number)
        if line["purse"] not in PURSES:
            yield Problem("budget", _("请选择资金来源。"), number)
        if not lump_sum(content) and line["item"] not in items:
            yield Problem("budget", _("预算制应选择科目。"), number)
        if barred := prohibited(_kind(topic).forbidden, line["item"], line["note"]):
            yield Problem("budget", _("“%(barred)s”在负面清单上，不能列支。") % {"barred": barred.label}, number)


def _bid_problems(topic: Topic, applicant: Party, content: Mapping[str, Any]) -> Iterable[Problem]:
    bid, added = content["bid"], sums(content)
    if not bid:
        yield Problem("bid", _("请填写申请金额。"))
        return
    if bid > topic.money:
        yield Problem("bid", _("申请金额超过榜题资金 %(money)s。") % {"money": in_yuan(topic.money)})
    if bid != added.asked:
        shown = {"bid": in_yuan(bid), "asked": in_yuan(added.asked)}
        yield Problem("bid", _("申请金额 %(bid)s与出题方资金、财政资金各行之和 %(asked)s不相等。") % shown)
    for purse, asked, most in (
        ("setter", added.setter, topic.setter_money), ("public", added.public, topic.public_money)
    ):  # fmt: skip
        if asked > most:
            words = {"purse": str(PURSES[purse]), "most": in_yuan(most)}
            yield Problem("budget", _("“%(purse)s”超过榜题所列的 %(most)s。") % words)


def _member_problems(topic: Topic, applicant: Party, content: Mapping[str, Any]) -> Iterable[Problem]:
    rows = content["members"]
    if not rows:
        return
    parties = [row["party"] for row in rows]
    if str(applicant.pk) not in parties:
        yield Problem("members", _("联合体应包括牵头单位（本单位）。"))
    if len(rows) < 2:
        yield Problem("members", _("联合体至少两家；独自申请请删去这一行。"))
    if len(set(parties)) < len(parties):
        yield Problem("members", _("同一单位列了两次。"))
    known = known_parties(parties)
    for number, row in enumerate(rows, start=1):
        if row["party"] not in known:
            yield Problem("members", _("平台上没有名为“%(name)s”的单位，请核对全称。") % {"name": row["name"]}, number)
        elif known[row["party"]].state != "active":
            yield Problem("members", _("“%(name)s”当前不能参加申报。") % {"name": row["name"]}, number)
        if not row["task"].strip():
            yield Problem("members", _("请写明分工。"), number)
    shares = [_exact(row["share"]) for row in rows]
    if any(share is None or share <= 0 for share in shares) or sum(share or 0 for share in shares) != 1:
        yield Problem("members", _("各成员的份额应大于零，相加恰为 1（100%）。"))


def _avoided(topic: Topic, applicant: Party, content: Mapping[str, Any]) -> Iterable[Problem]:
    for number, row in enumerate(content["avoid"], start=1):
        if not row["name"].strip() or not row["reason"].strip():
            yield Problem("avoid", _("申请回避的专家应写明姓名和理由。"), number)


def _undeclared(topic: Topic, applicant: Party, content: Mapping[str, Any]) -> Iterable[Problem]:
    declared = content["declared"]
    for place, words in enumerate(declarations(topic, content)):
        if place >= len(declared) or not declared[place]:
            yield Problem("declared", _("请勾选声明：%(words)s") % {"words": words})


def known_parties(written: Iterable[str]) -> dict[str, Party]:
    """Parties by their identifier as it is written in a row."""
    found = Party.objects.filter(pk__in=[each for each in written if _is_uuid(each)])
    return {str(party.pk): party for party in found}


def _is_uuid(written: str) -> bool:
    try:
        return bool(UUID(written))
    except ValueError:
        return False


def in_yuan(fen: int) -> str:
    """An amount for a sentence: yuan with its thousands apart, fen only where there are any."""
    whole, rest = divmod(fen, 100)
    return _("%(amount)s 元") % {"amount": f"{whole:,}" + (f".{rest:02d}" if rest else "")}


def _kind(topic: Topic) -> Template:
    return template(topic.programme.template)
