"""The folder of packs: which there are, which version is in force on a date, and what a province takes from the nation.

A file holds one version of one pack and is called after it: ``cn.high-tech-enterprise.yaml``, or with the version where
there are several: ``cn.high-tech-enterprise@2016-01-01.yaml``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from rongtong.engines.rules import source
from rongtong.engines.rules.inherit import merged
from rongtong.engines.rules.pack import Pack
from rongtong.engines.rules.schema import build
from rongtong.engines.rules.source import Document, PackError, Problem
from rongtong.engines.rules.words import Text


class UnknownPack(LookupError):
    """No such pack, or none in force on that date; ``said`` names those there are."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


@dataclass(frozen=True, slots=True)
class Version:
    """One file: which pack, which version, when in force; read without checking the rest."""

    id: str
    version: date
    since: date
    until: date | None
    file: Path

    def in_force(self, day: date) -> bool:
        """Whether the rule applies on ``day``."""
        return self.since <= day and (self.until is None or day <= self.until)


class Library:
    """The packs of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._documents: dict[Path, Document] = {}
        self._packs: dict[tuple[Path, date], Pack] = {}

    def versions(self, id: str = "") -> list[Version]:
        """Every version of a pack, or of all, the oldest first; raises :class:`PackError` for files without a name."""
        problems: list[Problem] = []
        found = [each for each in self._scan(problems) if id in ("", each.id)]
        if problems:
            raise PackError(problems)
        return sorted(found, key=lambda each: (each.id, each.since, each.version))

    def find(self, id: str, day: date) -> Version:
        """The version in force on ``day``; of several the newest. Raises :class:`UnknownPack`."""
        name, _at, version = id.partition("@")
        there = self.versions(name)
        if not there:
            known = ", ".join(sorted({each.id for each in self.versions()}))
            raise UnknownPack(Text(f"没有规则包 {name}；有 {known}", f"there is no pack {name}; there are {known}"))
        if version:
            fits = [each for each in there if each.version.isoformat() == version]
        else:
            fits = [each for each in there if each.in_force(day)]
        if not fits:
            spans = ", ".join(_span(each) for each in there)
            raise UnknownPack(
                Text(
                    f"规则包 {id} 在 {day} 没有有效版本；有 {spans}",
                    f"no version of {id} is in force on {day}: {spans}",
                )
            )
        return fits[-1]

    def load(self, id: str, day: date) -> Pack:
        """The pack in force on ``day`` (``id`` or ``id@version``), with what it inherits as in force that day.

        Raises :class:`UnknownPack`, or :class:`PackError` with every problem of the file.
        """
        return self.open(self.find(id, day), day)

    def open(self, version: Version, day: date | None = None) -> Pack:
        """One version as a pack; what it extends is taken as of ``day`` (its own first day where None)."""
        day = day or version.since
        key = (version.file, day)
        if key not in self._packs:
            document, lineage = self._resolved(version, day, ())
            self._packs[key] = build(document, lineage)
        return self._packs[key]

    def data(self, version: Version) -> dict[str, Any]:
        """What a version says as plain values, with what it inherits; raises :class:`PackError`."""
        document, _lineage = self._resolved(version, version.since, ())
        return dict(document.data)

    def _resolved(self, version: Version, day: date, below: tuple[str, ...]) -> tuple[Document, tuple[str, ...]]:
        document = self._document(version.file)
        parent = document.data.get("extends")
        if not parent:
            return _copy(document), ()
        if version.id in below:
            raise _broken(document, ("extends",), "继承成了环", "the packs extend each other in a circle")
        try:
            above = self.find(str(parent), day)
        except UnknownPack as error:
            raise _broken(document, ("extends",), error.said.zh, error.said.en) from error
        base, lineage = self._resolved(above, day, (*below, version.id))
        return merged(base, document), (*lineage, f"{above.id}@{above.version}")

    def _document(self, file: Path) -> Document:
        if file not in self._documents:
            self._documents[file] = source.read(file.read_text(encoding="utf-8"), file.name)
        return self._documents[file]

    def _scan(self, problems: list[Problem]) -> Iterator[Version]:
        for file in sorted(self.folder.glob("*.yaml")):
            try:
                document = self._document(file)
            except PackError as error:
                problems += error.problems
                continue
            found = _version(document, file)
            if found is not None:
                yield found
            else:
                said = Text("顶层要有 pack 与 version（日期）", "pack and version (a date) are needed at the top")
                problems.append(Problem(file.name, 1, "", said))


def load_text(text: str, file: str = "pack.yaml") -> Pack:
    """A pack that stands alone, from its text; raises :class:`PackError`."""
    return build(source.read(text, file))


@lru_cache(maxsize=1)
def shipped() -> Library:
    """The packs that come with Rongtong."""
    return Library(Path(str(files("rongtong") / "packs" / "rules")))


def _version(document: Document, file: Path) -> Version | None:
    data: Any = document.data if isinstance(document.data, dict) else {}
    id, version = data.get("pack"), data.get("version")
    if not isinstance(id, str) or not isinstance(version, date):
        return None
    valid = data.get("valid") if isinstance(data.get("valid"), dict) else {}
    since, until = (valid or {}).get("from"), (valid or {}).get("to")
    return Version(
        id,
        version,
        since if isinstance(since, date) else version,
        until if isinstance(until, date) else None,
        file,
    )


def _span(version: Version) -> str:
    return f"{version.version} ({version.since} – {version.until or ''})"


def _copy(document: Document) -> Document:
    return Document(document.data, document.lines, list(document.problems))


def _broken(document: Document, path: source.Path, zh: str, en: str) -> PackError:
    copy = _copy(document)
    copy.problem(path, zh, en)
    return PackError(copy.problems)
