"""Whether a folder of packs is sound: every file reads, every version is one, every pack keeps its own tests."""

from rongtong.engines.rules.library import Library, Version
from rongtong.engines.rules.source import PackError, Problem
from rongtong.engines.rules.vectors import check_vectors
from rongtong.engines.rules.words import Text


def check_library(library: Library, only: tuple[str, ...] = ()) -> list[Problem]:
    """Every problem of the packs of a folder, or of those named by id or file."""
    try:
        versions = library.versions()
    except PackError as error:
        return error.problems
    wanted = [each for each in versions if not only or each.id in only or each.file.name in only]
    return sorted({problem for each in wanted for problem in _problems(library, each, versions)})


def _problems(library: Library, version: Version, versions: list[Version]) -> list[Problem]:
    found = _identity(version, versions)
    try:
        pack = library.open(version)
    except PackError as error:
        return found + error.problems
    if not pack.vectors:
        found.append(_problem(version, "没有 tests；规则包要带自己的算例", "no tests; a pack carries its own"))
    return found + check_vectors(pack, version.file.name)


def _identity(version: Version, versions: list[Version]) -> list[Problem]:
    found = []
    if version.file.stem not in (version.id, f"{version.id}@{version.version}"):
        name = f"{version.id}.yaml"
        found.append(_problem(version, f"文件名应当是 {name}", f"the file should be called {name}"))
    twins = [each for each in versions if (each.id, each.version) == (version.id, version.version)]
    if len(twins) > 1:
        names = ", ".join(each.file.name for each in twins)
        found.append(_problem(version, f"同一版本有两份：{names}", f"this version is given twice: {names}"))
    return found


def _problem(version: Version, zh: str, en: str) -> Problem:
    return Problem(version.file.name, 1, "", Text(zh, en))
