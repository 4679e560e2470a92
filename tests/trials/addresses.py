"""Every address of the portal and every operation of the API, and what may stand in their places."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db.models import AutoField, UUIDField
from django.urls import URLPattern, URLResolver, get_resolver

from rongtong.api.v1 import api
from rongtong.domain.assessments import catalogue
from rongtong.domain.registry.kinds import all_kinds
from rongtong.domain.registry.models import Resource

PUBLIC = Path(__file__).with_name("public_addresses.txt")
PLACE = re.compile(r"<(?:(\w+):)?(\w+)>|\{(\w+)\}")
HOSTILE = (
    "../../../etc/passwd", "'\"><script>alert(1)</script>", "%00", "' OR 1=1 --", "{{7*7}}", "-1", "0", "9" * 30,
    "\u202e\ufeff", "=cmd|' /C calc'!A0", "a" * 3000, "null", "NaN", "2026-13-45", "[]", "{}", "\\",
)  # fmt: skip
PLAUSIBLE = {
    "q": ["出灰", "石灰窑 高温", "budget"], "page": ["1", "2"], "order": ["title", "-updated"], "limit": ["5"],
    "offset": ["0", "1"], "columns": ["budget", "holder", "current", "details", "contact", "owner"],
    "group": ["demand", "technology", "expert"], "mine": ["1", "true"], "state": ["draft", "published", "withdrawn"],
    "kind": ["demand", "achievement"], "holder": ["云岭"], "region": ["330100"], "since": ["2020-01-01"],
    "explain": ["true"], "reason": ["理由"], "event": ["publish", "verify", "withdraw", "introduce", "win", "lose"],
    "purpose": ["了解"], "title": ["石灰窑"], "text": [PLAIN := "石灰窑出灰系统在高温下频繁卡料，需要自动出灰装置。"],
    "problem": [PLAIN], "entity_kind": ["registry.resource"], "stream": ["provision", "acts", "access"],
    "year": ["2025"], "field": ["budget", "details"], "username": ["owner-member"], "password": ["x" * 12],
    "no_secrets": ["on"], "next": ["https://elsewhere.example/", "/workbench"], "role": ["member", "officer"],
}  # fmt: skip
NAMED = {"demand": Resource, "candidate": Resource}
HINTS = (
    ("match", "registry.resource"), ("resources", "registry.resource"), ("/r/", "registry.resource"),
    ("sessions", "parties.signin"), ("keys", "parties.apikey"), ("roles", "parties.rolegrant"),
    ("invitations", "parties.onetimelink"), ("boxes", "foundation.sealedbox"), ("import", "registry.importjob"),
    ("bids", "programmes.submission"),
)  # fmt: skip


@dataclass(frozen=True)
class Address:
    """One address as the resolver or the description of the API has it; ``body`` is the schema of what is sent."""

    name: str
    route: str
    methods: tuple[str, ...] = ("GET", "POST")
    body: Any = None
    query: tuple[str, ...] = ()

    @property
    def of_api(self) -> bool:
        return self.route.startswith("/api/")


def declared_public() -> dict[str, str]:
    """Method and route of every address at which a stranger may be answered with 200, and why."""
    lines = [line for line in PUBLIC.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {" ".join(parts[:2]): parts[2] for line in lines if (parts := line.split(maxsplit=2))}


@cache
def addresses() -> tuple[Address, ...]:
    """Whatever the resolver and the OpenAPI hold."""
    pages = [each for each in _pages(get_resolver().url_patterns, "/") if not each.of_api]
    return (*pages, *_operations())


def _pages(patterns: list[Any], before: str) -> Iterator[Address]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _pages(each.url_patterns, before + str(each.pattern))
        elif isinstance(each, URLPattern):
            route = before + str(each.pattern)
            yield Address(each.name or route, route)


def _operations() -> Iterator[Address]:
    described = api.get_openapi_schema()
    yield Address("the description itself", "/api/v1/openapi.json", ("GET",))
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            query = tuple(each["name"] for each in operation.get("parameters", []) if each["in"] == "query")
            yield Address(operation["operationId"], path, (method.upper(),), content or None, query)


class Filler:
    """Fills the places of addresses and forms from what the world holds, or with what an attacker would try."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.keys = {
            model._meta.label_lower: [str(row.pk) for row in model._default_manager.order_by("pk").only("pk")[:60]]
            for model in apps.get_models()
            if isinstance(model._meta.pk, UUIDField | AutoField)
        }  # fmt: skip
        self.uuids = [name for name in self.keys if isinstance(apps.get_model(name)._meta.pk, UUIDField)]
        self.kinds = dict(Resource.objects.values_list("pk", "kind"))

    def filled(self, address: Address, *, hostile: bool = False) -> str:
        """The address with every place filled; a record stands under its own kind."""
        found: dict[str, str] = {}
        for place in PLACE.finditer(address.route):
            name, before = place[2] or place[3], address.route[: place.start()]
            found[name] = self._place(place[1] or "", name, before, hostile=hostile)
        for value in list(found.values()):
            if (
                not hostile
                and value in (known := {str(pk): kind for pk, kind in self.kinds.items()})
                and "kind" in found
            ):
                found["kind"] = known[value]
        return PLACE.sub(lambda place: found[place[2] or place[3]], address.route)

    def query(self, address: Address, *, hostile: bool = False) -> dict[str, str]:
        names = address.query or tuple(PLAUSIBLE)
        some = self.chance.sample(names, min(len(names), self.chance.randint(0, 4)))
        return {name: self.value(name, hostile=hostile and self.chance.random() < 0.6) for name in some}

    def value(self, name: str, *, hostile: bool = False) -> str:
        """A value for a field or parameter of that name."""
        if hostile:
            return self.chance.choice(HOSTILE)
        if name in PLAUSIBLE:
            return self.chance.choice(PLAUSIBLE[name])
        model = next((each for each in self.uuids if name.removesuffix("_id") in each.split(".")), "")
        return self._key(model) if model else self.chance.choice(("石灰窑", "1", "2027-01-01", str(uuid4())))

    def body(self, schema: Any, *, hostile: bool = False, depth: int = 0) -> Any:
        """Something that a schema of the API's description takes, or nearly."""
        if "$ref" in schema:
            return self.body(_described(schema["$ref"]), hostile=hostile, depth=depth)
        if hostile and self.chance.random() < 0.2:
            return self.chance.choice((*HOSTILE, None, [], {}, -1, 1e308, True))
        if options := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
            return self.body(self.chance.choice(options), hostile=hostile, depth=depth)
        if "enum" in schema:
            return self.chance.choice(schema["enum"])
        return self._of_type(schema, hostile, depth)

    def _of_type(self, schema: Any, hostile: bool, depth: int) -> Any:
        kind, name = schema.get("type"), str(schema.get("title", "")).lower()
        if kind == "object":
            wanted = schema.get("properties", {})
            return {
                key: self.body({"title": key, **each}, hostile=hostile, depth=depth + 1) for key, each in wanted.items()
            }
        if kind == "array":
            return [self.body(schema.get("items", {}), hostile=hostile, depth=depth + 1)] if depth < 4 else []
        if kind in ("integer", "number"):
            return self.chance.choice((1, 5, 2025))
        if kind == "boolean":
            return self.chance.random() < 0.5
        if schema.get("format") == "uuid":
            return self._key(self._model_of(name, name))
        if schema.get("format", "").startswith("date"):
            return "2027-01-01" if schema["format"] == "date" else "2027-01-01T00:00:00+08:00"
        return self.value(name)

    def _place(self, converter: str, name: str, before: str, *, hostile: bool) -> str:
        if converter == "uuid" or (not converter and name.endswith(("identifier", "id"))):
            model = self._model_of(name, before)
            return str(uuid4()) if hostile else self._key(model)
        if converter == "number":
            model = "parties.outsideidentity" if name == "identity" else "parties.account"
            return self.chance.choice(("0", "99999999", "9" * 30)) if hostile else self._key(model)
        if converter == "int":
            return "9" * 30 if hostile else "1"
        if hostile:
            return self.chance.choice(("nothing", "demand", "..", "a" * 200, "csv"))
        if "/processes/" in before:
            return self.chance.choice(("topic", "submission", "notice"))
        return self.chance.choice(_words(name)) if _words(name) else self._key(self._model_of(name, before))

    def _model_of(self, name: str, before: str) -> str:
        """The model that a place most likely names: by its own name, by the nearest word before it, else any."""
        if name in NAMED:
            return str(NAMED[name]._meta.label_lower)
        for each in self.uuids:
            if each.split(".")[1] == name.removesuffix("_id"):
                return each
        words = [(each.split(".")[1], each) for each in self.uuids] + [*HINTS]
        found = [(before.rfind(word), len(word), model) for word, model in words if word in before]
        return max(found)[2] if found else self.chance.choice(self.uuids)

    def _key(self, model: str) -> str:
        return self.chance.choice(self.keys.get(model) or [str(uuid4()) if model in self.uuids else "1"])


@cache
def _words(name: str) -> list[str]:
    known: dict[str, list[str]] = {
        "kind": ["demand", "achievement", *all_kinds()],
        "form": ["csv", "xlsx", "json"],
        "scheme": ["field", "industry", "division"],
        "step": ["map", "columns", "confirm", "cancel", "run"],
        "key": ["kinds", "leads", "regions", "fields"],
        "pack": [pack.id for pack in catalogue.packs()][:6],
        "name": ["cn.tech-sme", "cn.high-tech-enterprise", "field", "industry"],
        "event": ["publish", "withdraw", "verify", "expire", "revoke"],
    }
    return known.get(name, [])


@cache
def _description() -> Any:
    return api.get_openapi_schema()


def _described(reference: str) -> Any:
    found = _description()
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found
