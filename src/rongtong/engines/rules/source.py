"""YAML with line numbers: what a pack says, and where it says it.

Numbers are read exactly (0.05 is 1/20, not a float), only ``true`` and ``false`` are flags, and a key given twice is an
error; in YAML's own reading the second would win in silence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import yaml

from rongtong.engines.rules.words import Text

Path = tuple[str | int, ...]

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C, where it is there, reads ten times as fast; a folder is read whole to find a pack."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in a file: its line (from 1), the place inside, what is wrong and what is expected."""

    file: str
    line: int
    place: str
    said: Text

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        return f"{self.file}:{self.line}: {place}{self.said.en}"


class PackError(Exception):
    """A pack, or a folder of packs, that cannot be used; holds every problem."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(slots=True)
class Document:
    """A YAML file as plain values, with the file and line of every place."""

    data: Any
    lines: dict[Path, tuple[str, int]]
    problems: list[Problem] = field(default_factory=list)

    def where(self, path: Path) -> tuple[str, int]:
        """File and line of the place, or of the nearest place around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, ("", 1))

    def problem(self, path: Path, zh: str, en: str) -> None:
        """Note what is wrong at a place."""
        file, line = self.where(path)
        self.problems.append(Problem(file, line, dotted(path), Text(zh, en)))


def read(text: str, file: str) -> Document:
    """The one document of a YAML text; raises :class:`PackError` where it is not YAML."""
    document = Document({}, {(): (file, 1)})
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        said = Text(f"不是 YAML：{error.problem}", f"not YAML: {error.problem}")
        raise PackError([Problem(file, line, "", said)]) from error
    except yaml.YAMLError as error:
        raise PackError([Problem(file, 1, "", Text(f"不是 YAML：{error}", f"not YAML: {error}"))]) from error
    if node is not None:
        document.data = _Builder(document, file).value(node, ())
    return document


def dotted(path: Path) -> str:
    """``gates[2].expr``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


class _Builder:
    def __init__(self, document: Document, file: str) -> None:
        self._document = document
        self._file = file

    def value(self, node: yaml.Node, path: Path) -> Any:
        self._document.lines[path] = (self._file, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in seen:
                self._document.lines[(*path, key)] = (self._file, key_node.start_mark.line + 1)
                self._document.problem((*path, key), f"{key} 写了两次", f"{key} is given twice")
            seen.add(key)
            value = self.value(value_node, (*path, key))
            self._document.lines[(*path, key)] = (self._file, key_node.start_mark.line + 1)
            yield key, value

    def _scalar(self, node: yaml.Node, path: Path) -> Any:
        text = str(node.value)
        try:
            return SCALARS.get(node.tag, str)(text)
        except ValueError:
            self._document.problem(path, f"读不出“{text}”", f"{text!r} cannot be read")
            return text


def _whole(text: str) -> int | str:
    plain = text.replace("_", "")
    return int(plain) if plain.lstrip("+-").isdecimal() else text


def _flag(text: str) -> bool | str:
    return text == "true" if text in ("true", "false") else text


SCALARS: dict[str, Any] = {
    "tag:yaml.org,2002:int": _whole,
    "tag:yaml.org,2002:float": lambda text: Fraction(text.replace("_", "")),
    "tag:yaml.org,2002:bool": _flag,
    "tag:yaml.org,2002:null": lambda _text: None,
    "tag:yaml.org,2002:timestamp": lambda text: date.fromisoformat(text),
}
