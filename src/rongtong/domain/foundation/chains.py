"""Walking a chain of audit events, from the database or from an archive: does it hold, and if not, where and how."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any, Protocol
from uuid import UUID

CHANGED, MISSING, INSERTED, CUT, ADDED, BASE, HEAD = "changed", "missing", "inserted", "cut", "added", "base", "head"
"""What can be wrong with a chain: an event's content, a gap, one too many, an end that is too short or too long, a
beginning that no pruning left, a head kept elsewhere that is not found."""
FAULTS = (CHANGED, MISSING, INSERTED, CUT, ADDED, BASE, HEAD)


class Link(Protocol):
    """An event as a chain sees it."""

    seq: int
    at: datetime
    action: str
    account: int | None
    party: UUID | None
    actor_name: str
    entity_kind: str
    entity_id: str
    details: Any
    prev_hash: str
    hash: str
    algorithm: str


@dataclass(slots=True)
class Read:
    """An event as an archive keeps it."""

    seq: int
    at: datetime
    action: str
    account: int | None
    party: UUID | None
    actor_name: str
    entity_kind: str
    entity_id: str
    details: Any
    prev_hash: str
    hash: str
    algorithm: str


COLUMNS = tuple(Read.__slots__)


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a chain holds: ``events`` checked, up to ``seq`` and ``hash``; the first fault and where, if any."""

    events: int
    seq: int
    hash: str
    fault: str = ""
    broken_at: int | None = None


def walk(events: Iterable[Link], seq: int, start: str, *, wanted: str = "") -> tuple[Walk, bool]:
    """Check ``events`` from the first after ``seq``, whose hash is ``start``; also whether ``wanted`` is among them."""
    before, previous, count, seen = "", start, 0, wanted in ("", start)
    rows = iter(events)
    for event in rows:
        if fault := _fault(event, seq + 1, previous, before, rows):
            return Walk(count, seq, previous, *fault), seen
        before, previous, seq, count = previous, event.hash, event.seq, count + 1
        seen = seen or event.hash == wanted
    return Walk(count, seq, previous), seen


def digest(event: Link, seq: int | None = None) -> str:
    """The hash (64 hex digits) of an event's columns in canonical JSON, its predecessor's hash among them."""
    content = [
        event.seq if seq is None else seq,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.action,
        event.account,
        str(event.party) if event.party else None,
        event.actor_name,
        event.entity_kind,
        event.entity_id,
        event.details,
        event.prev_hash,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.new(event.algorithm, text.encode()).hexdigest()


def as_json(event: Link) -> str:
    """An event as one line of an archive."""
    row = {name: getattr(event, name) for name in COLUMNS}
    row["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    row["party"] = str(event.party) if event.party else None
    return json.dumps(row, ensure_ascii=False)


def from_json(row: Mapping[str, Any]) -> Read:
    """The event of such a line. Raises KeyError, TypeError or ValueError when it is none."""
    given = {name: row[name] for name in COLUMNS}
    given["at"] = datetime.fromisoformat(given["at"])
    given["party"] = UUID(given["party"]) if given["party"] else None
    return Read(**given)


def _fault(event: Link, expected: int, previous: str, before: str, rest: Iterator[Link]) -> tuple[str, int] | None:
    if event.seq != expected:
        return MISSING, expected
    own = digest(event) == event.hash
    if own and event.prev_hash == previous:
        return None
    return _diagnosis(event, previous, before, rest)


def _diagnosis(event: Link, previous: str, before: str, rest: Iterator[Link]) -> tuple[str, int]:
    """What was done, told by which links still hold: those that come after were honestly made."""
    if before and event.prev_hash == before:
        return INSERTED, event.seq - 1
    following = next(chain(islice(rest, 1)), None)
    if following is not None and following.prev_hash == previous:
        return INSERTED, event.seq
    if event.prev_hash != previous and digest(event, event.seq + 1) == event.hash:
        return MISSING, event.seq
    return CHANGED, event.seq
