"""Every kind of record: one module each in this folder, declaring ``KIND``. A new register is a new file here."""

import pkgutil
from functools import cache
from importlib import import_module

from rongtong.domain.registry.declaration import Kind


@cache
def all_kinds() -> dict[str, Kind]:
    """The kinds by key, in the order people meet them."""
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    kinds: list[Kind] = [module.KIND for module in modules]
    return {kind.key: kind for kind in sorted(kinds, key=lambda kind: (_ORDER.index(kind.group), kind.key))}


def kind_of(key: str) -> Kind:
    """The kind called ``key``; KeyError when there is none."""
    return all_kinds()[key]


_ORDER = ("demand", "technology", "expert", "facility", "capital", "policy")
