"""A part of a chain as a file that explains itself and can be checked without us and without a database.

A ZIP of two members: ``events.jsonl`` (one event a line) and ``manifest.json`` (stream, first and last event, the hash
before the first and of the last, sum of the lines, how a hash is made).
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.foundation.chains import CHANGED, CUT, Link, Read, Walk, as_json, from_json, walk
from rongtong.domain.foundation.errors import Invalid

FORMAT = "rongtong-audit-archive/1"
EVENTS, MANIFEST = "events.jsonl", "manifest.json"
LARGEST_MANIFEST = 1 << 20
HOW = (
    "hash = hex(H(text)), H being the event's algorithm (sha256 or sm3) and text the UTF-8 of the JSON array [seq, at,"
    " action, account, party, actor_name, entity_kind, entity_id, details, prev_hash]: keys sorted, no spaces, not"
    " escaped, at in UTC with microseconds (2026-03-01T08:00:00.000000+00:00). prev_hash is the hash of the event with"
    " seq - 1; that of the first event here is base_hash; the hash of the last is head_hash."
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself; ``chain_head`` is where the whole chain stood when it was made."""

    stream: str
    events: int
    first_seq: int
    last_seq: int
    since: str
    until: str
    base_hash: str
    head_hash: str
    algorithms: list[str]
    chain_head_seq: int
    chain_head_hash: str
    region: str
    made_at: str
    lines_sha256: str
    format: str = FORMAT
    how_a_hash_is_made: str = HOW


class Writer:
    """Takes events into an archive one after the other and keeps what the manifest will say."""

    def __init__(self, lines: Any) -> None:
        self._lines = lines
        self._sum = hashlib.sha256()
        self.first: Link | None = None
        self.last: Link | None = None
        self.events = 0
        self.algorithms: set[str] = set()

    def add(self, event: Link) -> None:
        line = (as_json(event) + "\n").encode()
        self._lines.write(line)
        self._sum.update(line)
        self.first = self.first or event
        self.last, self.events = event, self.events + 1
        self.algorithms.add(event.algorithm)

    @property
    def lines_sha256(self) -> str:
        return self._sum.hexdigest()


def write(target: Path, events: Iterable[Link], stream: str, head: tuple[int, str], region: str, now: str) -> Manifest:
    """Write ``events`` (at least one) of a chain whose head is ``head`` (number and hash) to ``target``."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(EVENTS, "w", force_zip64=True) as lines:
            writer = Writer(lines)
            for event in events:
                writer.add(event)
        manifest = _manifest(writer, stream, head, region, now)
        archive.writestr(MANIFEST, json.dumps(_plain(manifest), ensure_ascii=False, indent=2))
    return manifest


def _manifest(writer: Writer, stream: str, head: tuple[int, str], region: str, now: str) -> Manifest:
    if writer.first is None or writer.last is None:
        raise ValueError("an archive holds at least one event")
    return Manifest(
        stream=stream,
        events=writer.events,
        first_seq=writer.first.seq,
        last_seq=writer.last.seq,
        since=writer.first.at.isoformat(),
        until=writer.last.at.isoformat(),
        base_hash=writer.first.prev_hash,
        head_hash=writer.last.hash,
        algorithms=sorted(writer.algorithms),
        chain_head_seq=head[0],
        chain_head_hash=head[1],
        region=region,
        made_at=now,
        lines_sha256=writer.lines_sha256,
    )


def _plain(manifest: Manifest) -> dict[str, Any]:
    return {name: getattr(manifest, name) for name in Manifest.__slots__}


def manifest_of(source: Path) -> Manifest:
    """What an archive says of itself. Raises Invalid when the file cannot be read as an archive."""
    with _readable(source), zipfile.ZipFile(source) as archive:
        return _read_manifest(archive)


def check(source: Path, *, head: str = "") -> tuple[Manifest, Walk, bool]:
    """Check an archive from its first event; also whether ``head``, kept elsewhere, is among them.

    A sum of lines that does not fit is CHANGED at no event when every hash holds. Raises Invalid when the file cannot
    be read as an archive.
    """
    total = hashlib.sha256()
    with _readable(source), zipfile.ZipFile(source) as archive:
        manifest = _read_manifest(archive)
        with archive.open(EVENTS) as lines:
            done, seen = walk(_events(lines, total), manifest.first_seq - 1, manifest.base_hash, wanted=head)
    return manifest, done if done.fault else _against(manifest, done, total.hexdigest()), seen


@contextmanager
def _readable(source: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise Invalid(_("%(name)s 不是完整的审计档案，无法核对。") % {"name": source.name}) from error


def _against(manifest: Manifest, done: Walk, total: str) -> Walk:
    """The walk held; so must what the manifest says of it."""
    if done.seq != manifest.last_seq or done.events != manifest.events:
        return Walk(done.events, done.seq, done.hash, CUT, done.seq + 1)
    if done.hash != manifest.head_hash or total != manifest.lines_sha256:
        return Walk(done.events, done.seq, done.hash, CHANGED)
    return done


def _events(lines: Any, total: Any) -> Iterator[Read]:
    for line in io.BufferedReader(lines):
        total.update(line)
        yield from_json(json.loads(line))


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    with archive.open(MANIFEST) as file:
        given = json.loads(file.read(LARGEST_MANIFEST))
    if given.get("format") != FORMAT:
        raise ValueError("another format")
    return Manifest(**{name: given[name] for name in Manifest.__slots__})
