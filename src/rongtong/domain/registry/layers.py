"""The two layers of a record: what its owner closes, what stays in the public part, and whether that is enough."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.errors import Problem
from rongtong.domain.foundation.visibility import ORDER, Visibility
from rongtong.domain.registry.declaration import Advice, Kind
from rongtong.domain.registry.models import OWNER, Resource
from rongtong.engines import text

CHOICES = (Visibility.MEMBERS, Visibility.MATCHED, Visibility.OWNER, Visibility.SEALED)
"""What an owner may close a field to; reviewers and bureau staff come in by their own way."""
PROPOSED = {"targets": Visibility.MATCHED, "budget": Visibility.OWNER, OWNER: Visibility.MATCHED}
"""What a demand is commonly told without: offered to those who want two layers, never set by itself."""
_ENOUGH = 40
_SUM = re.compile(r"[0-9０-９.一二三四五六七八九十百千]+\s*(?:亿|百万|万|千)?\s*(?:元|块钱)|预算")


def normalised(kind: Kind, closed: Mapping[str, str]) -> dict[str, str]:
    """``closed`` without what is no narrower than declared; the field that names the owner goes with OWNER."""
    found = {str(name): str(each) for name, each in closed.items() if each}
    holder = kind.columns.get("holder")
    if holder in found:
        found.setdefault(OWNER, found[holder])
        del found[holder]
    return {name: each for name, each in found.items() if _narrows(kind, name, each)}


def audience_problems(record: Resource) -> list[Problem]:
    """What is wrong with who may read the record and its fields."""
    if record.visibility not in ORDER:
        return [Problem("visibility", _("可见范围不明确。"))]
    names = {OWNER, *(field.name for field in record.declaration.fields)}
    wrong = sorted(name for name, each in record.closed.items() if name not in names or each not in ORDER)
    if wrong:
        return [Problem("closed", _("这些内容的可见范围不明确：%(names)s。") % {"names": "、".join(wrong)})]
    sealed = Visibility.SEALED in (record.visibility, *record.closed.values())
    if sealed and (record.opens_at is None or record.opens_at <= clock.now()):
        return [Problem("opens_at", _("封存的内容需要一个将来的公开时间。"))]
    return []


def still_sealed(before: Resource, record: Resource) -> list[Problem]:
    """What is sealed stays so until its hour, which may be put off but not brought forward; its owner can withdraw."""
    names = {name for name, each in before.closed.items() if each == Visibility.SEALED}
    if not names or before.opens_at is None or before.opens_at <= clock.now():
        return []
    kept = {name for name in names if record.closed.get(name) == Visibility.SEALED}
    sooner = record.opens_at is None or record.opens_at < before.opens_at
    return (
        [Problem("opens_at", _("封存的内容到时才能公开，不能提前。可以撤回这条记录。"))]
        if names - kept or sooner
        else []
    )


def names_its_owner(record: Resource) -> list[Problem]:
    """Where the public part still spells out the name that the owner keeps to itself."""
    if record.class_of(OWNER) == Visibility.PUBLIC or record.sealed or record.owner is None:
        return []
    name, public = record.owner.name, record.declaration.readable(record.values, record.public_fields)
    told = {"title": record.title, "title_en": record.title_en} | {key: str(value) for key, value in public.items()}
    message = _("单位名称设为不公开，但这里还写着“%(name)s”。") % {"name": name}
    return [Problem(field, message) for field, said in told.items() if name in said]


def thin(record: Resource) -> list[Advice]:
    """What the public part of a demand with a closed part should say to be found at all."""
    if not record.layered or record.sealed or record.declaration.key != "demand":
        return []
    public = record.declaration.readable(record.values, record.public_fields)
    problem = str(public.get("problem", ""))
    found = []
    if len(problem) < _ENOUGH or not text.read_demand(record.title, problem).problem:
        found.append(
            Advice("problem", _("公开部分没有说清什么对象、遇到什么困难，别人找不到它。请把问题说出来，不必给出数值。"))
        )
    if not public.get("targets") and not text.parameters(f"{record.title}\n{problem}"):
        found.append(
            Advice("targets", _("公开部分没有可以比较的参数。可以写一个宽一些的范围，准确的数值留在保密部分。"))
        )
    return found


def wider(before: Resource, record: Resource) -> bool:
    """Whether anybody could read more of the record than before, or sooner."""
    if record.visibility not in ORDER or not set(record.closed.values()) <= set(ORDER):
        return False  # refused as invalid a moment later
    opened = any(_place(each) > _place(record.closed.get(name)) for name, each in before.closed.items())
    sooner = before.opens_at is not None and record.opens_at != before.opens_at
    return opened or sooner or _place(before.visibility) > _place(record.visibility)


def audience_told(before: Resource, record: Resource) -> dict[str, Any]:
    """What the event of a change says of who may read, when that has changed."""
    was, now = _audience(before), _audience(record)
    return now if was != now else {}


def public_draft(written: str) -> str:
    """The sentences of ``written`` that hold no measured value and no sum: a first public summary, for its writer."""
    kept = [span.text.strip() for span in text.sentences(written) if not _SUM.search(span.text)]
    return "".join(sentence for sentence in kept if not text.parameters(sentence))


def _audience(record: Resource) -> dict[str, Any]:
    opens_at = record.opens_at.isoformat() if record.opens_at else None
    return {"visibility": str(record.visibility), "closed": dict(record.closed), "opens_at": opens_at}


def _narrows(kind: Kind, name: str, each: str) -> bool:
    """Whether ``each`` is narrower than the field's own class; what is not known is kept, to be refused."""
    declared = next((field.visibility for field in kind.fields if field.name == name), Visibility.PUBLIC)
    return each not in ORDER or _place(each) > _place(declared)


def _place(each: str | None) -> int:
    return ORDER.index(Visibility(each or Visibility.PUBLIC))
