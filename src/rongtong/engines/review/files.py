"""Pool and relations from CSV; what is wrong is told by row and column, all of it together."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rongtong.engines.review.people import DATED, Candidate, Kind, Relation
from rongtong.engines.review.words import KINDS
from rongtong.engines.rules.values import DAY, FLAGS
from rongtong.engines.rules.words import Text
from rongtong.engines.sheets import bare

ONGOING = frozenset({"至今", "present", "now", "ongoing"})


@dataclass(frozen=True, slots=True, order=True)
class CellProblem:
    """What is wrong in a cell; row 1 holds the headings."""

    file: str
    row: int
    column: str
    said: Text


class FilesError(ValueError):
    """Files that cannot be used; ``problems`` holds every reason."""

    def __init__(self, problems: list[CellProblem]) -> None:
        super().__init__("\n".join(f"{each.file}:{each.row} {each.column}: {each.said.en}" for each in problems))
        self.problems = problems


class _Wrong(Exception):
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.said = Text(zh, en)


@dataclass(frozen=True, slots=True)
class _Column:
    """A heading in two languages, how a cell is read, and what stands where there is no such column."""

    zh: str
    read: Callable[[str], Any]
    needed: bool = False
    absent: Any = None


def read_files(
    pool: Path, relations: Path | None, parties: tuple[str, ...] = ()
) -> tuple[tuple[Candidate, ...], tuple[Relation, ...]]:
    """Pool and relations that fit together; raises :class:`FilesError` with the problems of both, or OSError.

    A relation of somebody who is not in the pool, or to none of the ``parties`` where these are named, is a problem:
    a slip in an id would let somebody through.
    """
    problems: list[CellProblem] = []
    people = _pool(pool, problems)
    # Of a pool with problems nobody knows who is in it, so relations are judged by themselves.
    known = frozenset() if problems else frozenset(each.id for each in people)
    facts = _relations(relations, problems, known, frozenset(parties)) if relations else ()
    if problems:
        raise FilesError(sorted(problems))
    return people, facts


def _pool(path: Path, problems: list[CellProblem]) -> tuple[Candidate, ...]:
    sheet = _Sheet(path, POOL, problems)
    found: dict[str, Candidate] = {}
    for row, cells in sheet.rows():
        if cells["id"] in found:
            sheet.note(row, "id", f"{cells['id']} 已经出现过", f"{cells['id']} was there before")
        found[cells["id"]] = Candidate(**cells)
    if not found and not problems:
        sheet.note(1, "", "文件里没有人", "there is nobody in this file")
    return tuple(found.values())


def _relations(
    path: Path, problems: list[CellProblem], people: frozenset[str], parties: frozenset[str]
) -> tuple[Relation, ...]:
    sheet = _Sheet(path, RELATIONS, problems)
    found = []
    for row, cells in sheet.rows():
        until = cells.pop("until")
        relation = Relation(**cells, until=until if isinstance(until, date) else None, ongoing=until is True)
        found.append(relation)
        for column, zh, en in _strange(relation, people, parties):
            sheet.note(row, column, zh, en)
    return tuple(found)


def _strange(relation: Relation, people: frozenset[str], parties: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    if people and relation.candidate not in people:
        yield "candidate", f"名单里没有 {relation.candidate}", f"{relation.candidate} is not in the pool"
    if parties and relation.party not in parties:
        yield "party", f"申请方里没有 {relation.party}", f"{relation.party} is none of the parties"
    if relation.kind not in DATED and (relation.until or relation.ongoing):
        yield "until", "这种关系不看日期，请留空", "this kind of relation has no date; leave it empty"


class _Sheet:
    """A CSV file with the columns it may have; notes what is wrong."""

    def __init__(self, path: Path, columns: Mapping[str, _Column], problems: list[CellProblem]) -> None:
        self._path = path
        self._columns = columns
        self._problems = problems

    def note(self, row: int, column: str, zh: str, en: str) -> None:
        """Something wrong in a cell."""
        self._problems.append(CellProblem(self._path.name, row, column, Text(zh, en)))

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Rows as values by column, those without a problem."""
        before = len(self._problems)
        table = self._table()
        names = self._headings(table[0]) if table else []
        if len(self._problems) > before:
            return
        absent = {name: column.absent for name, column in self._columns.items() if name not in names}
        for number, row in enumerate(table[1:], 2):
            cells = self._cells(number, row, names) if any(cell.strip() for cell in row) else None
            if cells is not None:
                yield number, absent | cells

    def _cells(self, number: int, row: list[str], names: list[str]) -> dict[str, Any] | None:
        if len(row) > len(names):
            more = len(row) - len(names)
            self.note(number, "", f"多出 {more} 格", f"{more} cells too many")
            return None
        before = len(self._problems)
        filled = [*row, *[""] * (len(names) - len(row))]
        found = {name: self._value(number, name, cell) for name, cell in zip(names, filled, strict=True)}
        return found if len(self._problems) == before else None

    def _value(self, number: int, name: str, cell: str) -> Any:
        try:
            return self._columns[name].read(_plain(cell))
        except _Wrong as wrong:
            self.note(number, name, wrong.said.zh, wrong.said.en)
            return None

    def _table(self) -> list[list[str]]:
        try:
            table = list(csv.reader(io.StringIO(_decoded(self._path.read_bytes()), newline=""), strict=True))
        except UnicodeDecodeError:
            self.note(1, "", "既不是 UTF-8 也不是 GB 18030", "neither UTF-8 nor GB 18030")
            return []
        except csv.Error as error:
            self.note(1, "", f"不是 CSV：{error}", f"not CSV: {error}")
            return []
        if not table:
            self.note(1, "", "文件是空的", "the file is empty")
        return table

    def _headings(self, row: list[str]) -> list[str]:
        known = {column.zh: name for name, column in self._columns.items()} | {name: name for name in self._columns}
        headings = [_plain(cell) for cell in row]
        names = [known.get(heading, "") for heading in headings]
        listed = "、".join(f"{name}（{column.zh}）" for name, column in self._columns.items())
        for heading in (heading for heading, name in zip(headings, names, strict=True) if not name):
            self.note(1, heading, f"不认识这一列；有 {listed}", f"unknown column; there are {', '.join(self._columns)}")
        for name, column in self._columns.items():
            if names.count(name) > 1:
                self.note(1, name, "这一列写了两次", "this column is there twice")
            if column.needed and name not in names:
                self.note(1, name, f"缺这一列（{column.zh}）", "this column is missing")
        return names


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", str(bare(cell.strip()))).strip()


def _id(cell: str) -> str:
    if not cell or any(not each.isprintable() for each in cell):
        raise _Wrong("不能空，也不能换行", "it may not be empty or hold a line break")
    return cell


def _names(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in cell.replace("、", ";").split(";"))))


def _flag(cell: str) -> bool:
    found = FLAGS.get(cell.lower())
    if found is None:
        raise _Wrong(f"“{cell}”看不出是或否；请填 是 或 否", f"{cell!r} is neither yes nor no")
    return found


def _count(cell: str) -> int:
    if not cell.isascii() or not cell.isdigit() or len(cell) > 6:
        raise _Wrong(f"“{cell}”不是整数", f"{cell!r} is not a whole number")
    return int(cell)


def _day(cell: str) -> date:
    found = DAY.fullmatch(cell)
    try:
        if found:
            return date(*map(int, found.groups()))
    except ValueError as error:
        raise _Wrong(f"没有“{cell}”这一天", f"there is no day {cell!r}") from error
    raise _Wrong(f"“{cell}”不是日期；写法如 2026-06-30", f"{cell!r} is not a date like 2026-06-30")


def _end(cell: str) -> date | bool:
    """The day, or True where it has not ended."""
    return True if cell.lower() in ONGOING else _day(cell)


def _kind(cell: str) -> Kind:
    found: Kind | None = next((kind for kind, label in KINDS.items() if cell in (kind, label.zh, label.en)), None)
    if found is None:
        listed = "、".join(f"{kind}（{label.zh}）" for kind, label in KINDS.items())
        raise _Wrong(f"没有“{cell}”这种关系；有 {listed}", f"there is no kind {cell!r}; there are {', '.join(KINDS)}")
    return found


def _or_unknown(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda cell: read(cell) if cell else None


POOL = {
    "id": _Column("编号", _id, needed=True),
    "organisation": _Column("单位", _id, needed=True),
    "also": _Column("其他单位", _names, absent=()),
    "expert": _Column("专家", _flag, absent=True),
    "enterprise": _Column("企业专家", _flag, absent=False),
    "supervisor": _Column("监督部门人员", _flag, absent=False),
    "available": _Column("能参加", _flag, absent=True),
    "years": _Column("从业年限", _or_unknown(_count)),
    "senior": _Column("高级职称", _or_unknown(_flag)),
    "open_reviews": _Column("在评件数", _or_unknown(_count)),
    "year_reviews": _Column("一年内评审次数", _or_unknown(_count)),
    "last_review": _Column("最近评审日期", _or_unknown(_day)),
}
RELATIONS = {
    "candidate": _Column("评审人", _id, needed=True),
    "party": _Column("申请方", _id, needed=True),
    "kind": _Column("关系", _kind, needed=True),
    "until": _Column("截止日期", _or_unknown(_end)),
    "evidence": _Column("依据", str, absent=""),
}
