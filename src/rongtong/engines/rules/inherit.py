"""What a pack takes from the one it extends: it says only what differs.

Mappings are merged key by key; lists whose entries have an ``id`` (gates, items, …) entry by entry, new ones last; any
other value is replaced. ``remove: [gates.tto, inputs.x]`` takes away. Every line still points into its own file.
"""

from typing import Any

from rongtong.engines.rules.source import Document, Path

OWN = ("tests", "remove", "valid")
"""Never inherited: a province's own tests, removals and dates."""


def merged(base: Document, own: Document) -> Document:
    """The document of ``own`` upon ``base``."""
    result = Document({}, {(): own.where(())}, [*base.problems, *own.problems])
    inherited = {key: value for key, value in base.data.items() if key not in OWN}
    merge = _Merge(base, own, result)
    result.data = merge.mapping(inherited, own.data, (), (), ())
    for index, place in enumerate(own.data.get("remove") or []):
        if not _removed(result.data, str(place).split(".")):
            result.problem(("remove", index), f"没有 {place} 可以去掉", f"there is no {place} to remove")
    return result


class _Merge:
    def __init__(self, base: Document, own: Document, result: Document) -> None:
        self._base = base
        self._own = own
        self._result = result

    def mapping(self, base: dict[str, Any], own: dict[str, Any], at: Path, of: Path, to: Path) -> dict[str, Any]:
        """``at`` and ``of`` are the places in the two documents, ``to`` that in the result."""
        merged = {}
        for key in [*base, *(key for key in own if key not in base)]:
            places = ((*at, key), (*of, key), (*to, key))
            if key not in own:
                merged[key] = self._copied(self._base, base[key], places[0], places[2])
            elif key not in base or _other_form(base[key], own[key]):
                merged[key] = self._copied(self._own, own[key], places[1], places[2])
            else:
                merged[key] = self._both(base[key], own[key], *places)
        return merged

    def _both(self, base: Any, own: Any, at: Path, of: Path, to: Path) -> Any:
        self._note(self._own, of, to)
        if isinstance(own, dict):
            return self.mapping(base, own, at, of, to)
        if _identified(base) and _identified(own):
            return self._entries(base, own, at, of, to)
        return self._copied(self._own, own, of, to)

    def _entries(self, base: list[Any], own: list[Any], at: Path, of: Path, to: Path) -> list[Any]:
        mine = {entry["id"]: index for index, entry in enumerate(own)}
        result: list[Any] = []
        for index, entry in enumerate(base):
            place = (*to, len(result))
            position = mine.pop(entry["id"], None)
            if position is None:
                result.append(self._copied(self._base, entry, (*at, index), place))
            else:
                self._note(self._own, (*of, position), place)
                result.append(self.mapping(entry, own[position], (*at, index), (*of, position), place))
        for position in mine.values():
            result.append(self._copied(self._own, own[position], (*of, position), (*to, len(result))))
        return result

    def _copied(self, document: Document, value: Any, source: Path, to: Path) -> Any:
        self._note(document, source, to)
        if isinstance(value, dict):
            return {key: self._copied(document, inner, (*source, key), (*to, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._copied(document, inner, (*source, index), (*to, index)) for index, inner in enumerate(value)]
        return value

    def _note(self, document: Document, source: Path, to: Path) -> None:
        self._result.lines[to] = document.where(source)


FORMS = {"bands", "cases", "points", "target", "peer", "expert", "items", "best_of"}


def _other_form(base: Any, own: Any) -> bool:
    """A scored item that is scored in another way replaces the inherited one."""
    if type(base) is not type(own):
        return True
    return isinstance(own, dict) and bool(own.keys() & FORMS) and not own.keys() & base.keys() & FORMS and "id" in own


def _identified(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) and "id" in entry for entry in value)


def _removed(data: Any, steps: list[str]) -> bool:
    for step in steps[:-1]:
        data = _inside(data, step)
    if isinstance(data, dict) and steps[-1] in data:
        del data[steps[-1]]
        return True
    if _identified(data) and any(entry["id"] == steps[-1] for entry in data):
        data[:] = [entry for entry in data if entry["id"] != steps[-1]]
        return True
    return False


def _inside(data: Any, step: str) -> Any:
    if isinstance(data, dict):
        return data.get(step)
    if _identified(data):
        return next((entry for entry in data if entry["id"] == step), None)
    return None
