"""The confidentiality agreement that whoever asks accepts word for word; its text is data, with a version."""

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone, translation

import rongtong
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.models import Resource

_FILE = Path(rongtong.__file__).parent / "packs" / "agreements" / "confidentiality.yaml"
_UNNAMED = Words(
    "该记录的所属单位（名称暂不公开）", "The organisation that owns the record (its name is not public yet)"
)


@cache
def _pack() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


def version() -> str:
    """Which text is accepted today."""
    return str(_pack()["version"])


def again_after() -> dt.timedelta:
    """How long after a refusal the same party may ask of the same record again; set by who runs the platform."""
    return dt.timedelta(days=_pack()["again_after_days"])


def worded(actor: Actor, record: Resource, owner: str, *, purpose: str, at: dt.datetime) -> str:
    """The agreement between ``owner`` ("" while its name is not public) and the organisation of ``actor``."""
    language = "en" if (translation.get_language() or "").startswith("en") else "zh"
    return str(_pack()["terms"][language]).format(
        version=version(),
        owner=owner or _UNNAMED,
        party=actor.party_name,
        person=actor.name,
        title=record.shown_title,
        record=record.pk,
        purpose=purpose,
        date=timezone.localtime(at).strftime("%Y-%m-%d %H:%M"),
    )
