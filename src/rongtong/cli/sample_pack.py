"""The sample region as it is shipped: parties, personas, records and leads, read from its data files.

What a record's owner already says (its name, region and industry) is not repeated in the record's own line.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.registry.kinds import kind_of

FOLDER = files("rongtong") / "packs" / "sample"
INVENTED, REAL = "示例", "真实："
"""How the source of a record begins: written for this region, or taken from elsewhere."""
POLICIES = f"{REAL}公开法规与政策，要点由本项目摘写"
PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class SampleParty:
    """An organisation or a person of the region; ``employer`` and what follows are a person's."""

    key: str
    name: str
    source: str
    type: str = ""
    region: str = ""
    industry: str = ""
    name_en: str = ""
    employer: str = ""
    relation: str = ""
    title: str = ""
    since: Any = None


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """A record of the register, its ``values`` as people write them; ``owner`` is the key of a party."""

    kind: str
    key: str
    title: str
    source: str
    title_en: str = ""
    owner: str = ""
    visibility: str = Visibility.PUBLIC
    state: str = PUBLISHED
    reason: str = ""
    closed: dict[str, str] = field(default_factory=dict)
    blind: bool = False
    values: dict[str, Any] = field(default_factory=dict)


def organisations() -> list[SampleParty]:
    """The invented organisations first, then the real ones that the chains and the list of universities name."""
    invented = [
        SampleParty(key, name, INVENTED, type_, region, industry, name_en)
        for key, (type_, name, region, industry, name_en) in _parties()["organisations"].items()
    ]
    named = [
        SampleParty(line["id"], line["name"], line["source"], line["type"], line["region"])
        for line in _lines("organisations.jsonl")
    ]
    return invented + named


def people() -> list[SampleParty]:
    """The invented people with what ties them to their organisation."""
    return [
        SampleParty(key, name, INVENTED, employer=employer, relation=relation, title=title, since=since)
        for key, (name, employer, relation, title, since) in _parties()["people"].items()
    ]


def personas() -> list[dict[str, Any]]:
    """Who can sign in by a click, as ``personas.yaml`` says."""
    found: list[dict[str, Any]] = _yaml("personas.yaml")
    return found


def leads() -> list[dict[str, Any]]:
    """Matches in use: demand, candidate (kind and key), who proposed it and the steps after that."""
    return _leads()["leads"]


def feedback() -> list[dict[str, Any]]:
    """What personas said of answers."""
    return _leads()["feedback"]


def disclosures() -> list[dict[str, Any]]:
    """Who asked to read the confidential part of which demand, and what they were answered."""
    found: list[dict[str, Any]] = _yaml("disclosures.yaml")
    return found


def records() -> Iterator[SampleRecord]:
    """Every record, those written for the region before those taken from elsewhere."""
    for file in sorted(
        (FOLDER / "records").iterdir(), key=lambda file: (file.name.split(".")[0], file.name[-1] == "l")
    ):
        kind, _, form = file.name.partition(".")
        for entry in _yaml(f"records/{file.name}") if form == "yaml" else _lines(f"records/{file.name}"):
            yield _record(kind, entry)


def _record(kind: str, entry: dict[str, Any]) -> SampleRecord:
    return SampleRecord(
        kind=kind,
        key=entry["id"],
        title=entry["title"],
        source=entry.get("source", POLICIES if kind == "policy" else INVENTED),
        title_en=entry.get("title_en", ""),
        owner=entry.get("owner", ""),
        visibility=entry.get("visibility", Visibility.PUBLIC),
        state=entry.get("state", PUBLISHED),
        reason=entry.get("reason", ""),
        closed=entry.get("closed", {}),
        blind=entry.get("blind", False),
        values=_from_owner(kind, entry.get("owner", "")) | entry["values"],
    )


def _from_owner(kind: str, key: str) -> dict[str, str]:
    """What the owner, or the organisation of an owner who is a person, says of the record.

    A bank's or a university's own industry says nothing of what it offers.
    """
    if not key:
        return {}
    if key in _parties()["people"]:
        return _from_owner(kind, _parties()["people"][key][1])
    type_, name, region, industry, _name_en = _parties()["organisations"][key]
    said = {"holder": name, "region": region} | ({"industry": industry} if type_ == "enterprise" else {})
    declared = {each.name for each in kind_of(kind).fields}
    return {name: value for name, value in said.items() if name in declared}


@cache
def _parties() -> dict[str, dict[str, list[Any]]]:
    found: dict[str, dict[str, list[Any]]] = _yaml("parties.yaml")
    return found


def _leads() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = _yaml("leads.yaml")
    return found


def _yaml(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def _lines(name: str) -> Iterator[dict[str, Any]]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
