"""The optional column of a sheet that says what is closed: ``预算上限；目标参数（引荐后可见）``."""

import re

from django.utils.translation import gettext as _

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.registry.declaration import Kind
from rongtong.domain.registry.disclosing.queries import OWNER_LABEL
from rongtong.domain.registry.models import OWNER, Resource
from rongtong.domain.registry.types import Rejected

_PART = re.compile(r"^(?P<label>[^(（]+?)\s*(?:[(（](?P<audience>[^)）]+)[)）])?$")
_AUDIENCES = {
    "引荐后可见": Visibility.MATCHED,
    "已引荐的对方可见": Visibility.MATCHED,
    "登录成员可见": Visibility.MEMBERS,
    "仅本单位": Visibility.OWNER,
    "保密": Visibility.OWNER,
}


def parse(kind: Kind, written: str) -> dict[str, str]:
    """Field name → class; a name without brackets is for the own organisation only. Raises Rejected."""
    parts = [part.strip() for part in re.split(r"[;；、\n]", written) if part.strip()]
    return dict(_parsed(kind, part) for part in parts)


def write(record: Resource) -> str:
    """What :func:`parse` reads; what is sealed has an hour and is left out."""
    labels = {field.name: field.label.zh for field in record.declaration.fields} | {OWNER: OWNER_LABEL.zh}
    shown = [(name, each) for name, each in record.closed.items() if each in _WORDS and name in labels]
    return "；".join(f"{labels[name]}{_WORDS[each]}" for name, each in shown)


def _parsed(kind: Kind, part: str) -> tuple[str, str]:
    found = _PART.match(part)
    names = {field.label.zh: field.name for field in kind.fields} | {OWNER_LABEL.zh: OWNER}
    names |= {name: name for name in names.values()}
    name = names.get(found["label"].strip()) if found else None
    audience = _AUDIENCES.get((found["audience"] or "保密").strip()) if found else None
    if name is None or audience is None:
        raise Rejected(
            _("看不懂“%(part)s”。写字段名称，可在括号里写“引荐后可见”或“仅本单位”，用分号隔开。") % {"part": part}
        )
    return name, audience.value


_WORDS = {
    Visibility.OWNER.value: "",
    Visibility.MATCHED.value: "（引荐后可见）",
    Visibility.MEMBERS.value: "（登录成员可见）",
}
