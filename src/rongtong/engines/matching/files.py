"""Corpora and demands from files, and answers into files.

Input is JSON Lines, one object a line. A file is checked whole and all its problems come together, each with its line;
nothing is matched, and nothing written, from a file with problems. What can be lived with (a byte order mark, blank
lines, records without a word) is passed over and said in the notes.
"""

import codecs
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from rongtong.engines.matching.query import Query

MOST_PROBLEMS = 1000

# What is wrong and what to do, by code; front doors may put the same codes into other languages.
MESSAGES = {
    "not_utf8": "not UTF-8 at byte {byte}; save the file as UTF-8",
    "not_json": "not JSON: {reason} at column {column}",
    "too_deep": "nested too deeply; a record is a flat object",
    "not_object": 'not an object; a record looks like {{"id": …, "title": …, "abstract": …}}',
    "no_records": "no records in this file; one JSON object per line is expected",
    "no_id": 'field "id" is missing or not text; every record needs an id of its own',
    "blank_in_id": 'field "id": {id} holds a blank, which a run file cannot carry',
    "same_id": 'field "id": {id} was used in line {first} already',
    "not_text": 'field "{field}" is {found}, text is expected',
    "keywords": 'field "keywords" must be text or a list of texts',
    "trl": 'field "trl" must be a whole number from 1 to 9',
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in which line of which file; `code` names the message, `values` fill it in."""

    path: Path
    line: int
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What is wrong and what to do, in English."""
        return MESSAGES[self.code].format(**self.values)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class InputError(ValueError):
    """A file cannot be used; `problems` holds every reason."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass
class Lines:
    """The objects of a JSON Lines file with their line numbers, and what was passed over."""

    path: Path
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def report(self, line: int, code: str, **values: object) -> None:
        """Notes a problem, up to a number no one would read anyway."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(self.path, line, code, values))


TEXT_FIELDS = ("title", "abstract", "text", "kind", "holder", "field", "region", "date", "discipline")


def read_rows(path: Path, *, texts: tuple[str, ...] = ("title", "abstract", "text")) -> Lines:
    """The rows of a corpus or of demands: each has a distinct `id` and words in at least one of `texts`.

    Rows without a word are left out and noted. Raises InputError with all problems, and OSError when the file cannot
    be opened.
    """
    lines = Lines(path)
    _parse(path, lines)
    _check_ids(lines)
    for line, row in lines.rows:
        _check_types(lines, line, row)
    if lines.problems:
        raise InputError(sorted(lines.problems, key=lambda problem: problem.line))
    _drop_silent(lines, texts)
    return lines


def read_queries(path: Path) -> tuple[list[Query], list[str]]:
    """The demands of a file (`id`, `title`, `text`) and the notes about it. Raises InputError."""
    lines = read_rows(path)
    queries = [
        Query(id=row["id"], title=row.get("title") or "", text=body_of(row), field=row.get("field") or None)
        for _, row in lines.rows
    ]
    return queries, lines.notes


def body_of(row: Mapping[str, Any]) -> str:
    """The text of a row, under whichever name it goes."""
    return str(row.get("text") or row.get("abstract") or "")


def run_lines(query: str, ranked: Iterable[tuple[str, float]], tag: str) -> Iterator[str]:
    """TREC run lines `qid Q0 docid rank score tag`; equal scores are told apart downwards in the last printed digit."""
    ceiling = float("inf")
    for rank, (document, score) in enumerate(ranked, start=1):
        ceiling = min(score, ceiling - 1e-9)
        yield f"{query} Q0 {document} {rank} {ceiling:.9f} {tag}\n"


@contextmanager
def atomic_text(path: Path) -> Iterator[TextIO]:
    """A text file that appears whole when the block ends well, and not at all when it does not."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", text=True)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        # mkstemp makes private files; a result file has the permissions of any other new file.
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _parse(path: Path, lines: Lines) -> None:
    blank = 0
    with path.open("rb") as source:
        for number, raw in enumerate(source, start=1):
            if number == 1 and raw.startswith(codecs.BOM_UTF8):
                raw = raw[len(codecs.BOM_UTF8) :]
                lines.notes.append(f"{path}: byte order mark passed over")
            if not raw.strip():
                blank += 1
            elif (row := _object(lines, number, raw)) is not None:
                lines.rows.append((number, row))
    if blank:
        lines.notes.append(f"{path}: {blank} blank lines passed over")
    if not lines.rows and not lines.problems:
        lines.report(1, "no_records")


def _object(lines: Lines, number: int, raw: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        lines.report(number, "not_utf8", byte=error.start + 1)
    except json.JSONDecodeError as error:
        lines.report(number, "not_json", reason=error.msg, column=error.colno)
    except RecursionError:
        lines.report(number, "too_deep")
    else:
        if isinstance(row, dict):
            return row
        lines.report(number, "not_object")
    return None


def _check_ids(lines: Lines) -> None:
    first: dict[str, int] = {}
    for line, row in lines.rows:
        identifier = row.get("id")
        if isinstance(identifier, int) and not isinstance(identifier, bool):
            identifier = row["id"] = str(identifier)
        if not isinstance(identifier, str) or not identifier:
            lines.report(line, "no_id")
        elif any(character.isspace() for character in identifier):
            lines.report(line, "blank_in_id", id=repr(identifier))
        elif identifier in first:
            lines.report(line, "same_id", id=repr(identifier), first=first[identifier])
        else:
            first[identifier] = line


def _check_types(lines: Lines, line: int, row: Mapping[str, Any]) -> None:
    for name in TEXT_FIELDS:
        if not isinstance(row.get(name, ""), str | None):
            lines.report(line, "not_text", field=name, found=type(row[name]).__name__)
    keywords = row.get("keywords")
    if not (keywords is None or isinstance(keywords, str) or _all_text(keywords)):
        lines.report(line, "keywords")
    trl = row.get("trl")
    if not (trl is None or (isinstance(trl, int) and not isinstance(trl, bool) and 1 <= trl <= 9)):
        lines.report(line, "trl")


def _all_text(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _drop_silent(lines: Lines, texts: tuple[str, ...]) -> None:
    kept = [(line, row) for line, row in lines.rows if any((row.get(name) or "").strip() for name in texts)]
    silent = sorted({line for line, _ in lines.rows} - {line for line, _ in kept})
    if silent:
        shown = ", ".join(map(str, silent[:5])) + ("…" if len(silent) > 5 else "")
        lines.notes.append(f"{lines.path}: {len(silent)} records without a word left out (line {shown})")
    lines.rows = kept
