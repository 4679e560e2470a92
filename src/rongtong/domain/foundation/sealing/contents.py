"""What an envelope holds: named parts, and a manifest that commits to them.

The plain stream is a sequence of frames (kind, length, data): a head for each part, its data, the manifest, the end;
what follows the end is padding. The manifest lists name, type, size and SHA-256 of every part, with a random salt.
"""

import hashlib
import json
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from rongtong.domain.foundation.sealing.encoding import canonical, context, encoded
from rongtong.domain.foundation.sealing.streams import CHUNK, SealingWriter
from rongtong.domain.foundation.sealing.suites import Suite, Unreadable

HEAD, DATA, MANIFEST, END = b"P", b"D", b"M", b"E"
_FRAME = struct.Struct(">cI")
SALT_BYTES = 32


@dataclass(frozen=True)
class Part:
    """One thing in an envelope: a form as JSON, a drawing, a price. ``chunks`` is read once."""

    name: str
    media_type: str
    chunks: Iterable[bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """A part as the manifest names it: size in bytes, SHA-256 in hex digits."""

    name: str
    media_type: str
    size: int
    sha256: str


def content_context(box: UUID, envelope: UUID) -> bytes:
    """What the ciphertext of an envelope and its key are bound to."""
    return context("envelope", box, envelope)


def write_parts(writer: SealingWriter, suite: Suite, parts: Iterable[Part]) -> str:
    """Write the parts and their manifest; answers the commitment.

    The commitment (hex digits) is the hash of the manifest with its salt: it stands in the receipt, and nobody without
    the salt can try a guess against it. Anyone who has the opened manifest and the files can compute it again.
    """
    listed = [_write_part(writer, part) for part in parts]
    manifest = {"salt": encoded(os.urandom(SALT_BYTES)), "parts": listed}
    text = canonical(manifest)
    writer.write(_frame(MANIFEST, text) + _frame(END, b""))
    writer.close()
    return commitment_of(suite, text)


def commitment_of(suite: Suite, manifest: bytes) -> str:
    """The commitment to a manifest in its canonical form."""
    return hashlib.new(suite.hash_name, manifest).hexdigest()


def _write_part(writer: SealingWriter, part: Part) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    writer.write(_frame(HEAD, canonical({"name": part.name, "type": part.media_type})))
    for data in part.chunks:
        for piece in _pieces(data):
            writer.write(_FRAME.pack(DATA, len(piece)))
            writer.write(piece)
            digest.update(piece)
            size += len(piece)
    return {"name": part.name, "type": part.media_type, "size": size, "sha256": digest.hexdigest()}


def _pieces(data: bytes) -> Iterator[bytes]:
    return (bytes(data[start : start + CHUNK]) for start in range(0, len(data), CHUNK))


def _frame(kind: bytes, data: bytes) -> bytes:
    return _FRAME.pack(kind, len(data)) + data


def read_frames(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The frames (kind, data) of a plain stream up to its end; the rest is read to the last chunk's check."""
    pending, ended = bytearray(), False
    for chunk in chunks:
        if ended:
            continue
        pending += chunk
        while not ended and (frame := _next_frame(pending)):
            ended = frame[0] == END
            yield frame
    if not ended:
        raise Unreadable


def _next_frame(pending: bytearray) -> tuple[bytes, bytes] | None:
    if len(pending) < _FRAME.size:
        return None
    kind, length = _FRAME.unpack_from(pending)
    whole = _FRAME.size + length
    if len(pending) < whole:
        return None
    data = bytes(pending[_FRAME.size : whole])
    del pending[:whole]
    return kind, data


@dataclass(frozen=True, slots=True)
class Checked:
    """An envelope read to its end: the commitment that its manifest gives, and the parts that were found in it."""

    commitment: str
    parts: tuple[Listed, ...]


def check_parts(suite: Suite, chunks: Iterable[bytes]) -> Checked:
    """Read everything, keep nothing; Unreadable when the parts are not what the manifest says."""
    found: list[dict[str, Any]] = []
    digest, manifest = hashlib.sha256(), b""
    for kind, data in read_frames(chunks):
        if kind == HEAD:
            digest = hashlib.sha256()
            found.append(json.loads(data) | {"size": 0, "sha256": digest.hexdigest()})
        elif kind == DATA:
            digest.update(data)
            found[-1] |= {"size": found[-1]["size"] + len(data), "sha256": digest.hexdigest()}
        elif kind == MANIFEST:
            manifest = data
    if not manifest or json.loads(manifest)["parts"] != found:
        raise Unreadable
    return Checked(commitment_of(suite, manifest), tuple(_listed(part) for part in found))


def part_data(chunks: Iterable[bytes], wanted: int) -> Iterator[bytes]:
    """The data of the part at this place (0 is the first), piece by piece."""
    place = -1
    for kind, data in read_frames(chunks):
        place += kind == HEAD
        if kind == DATA and place == wanted:
            yield data


def first_part_data(chunks: Iterable[bytes]) -> bytes:
    """The whole first part, and not a chunk more is read; what is authentic is each chunk, not the end of the file."""
    heads, found = 0, bytearray()
    for kind, data in read_frames(chunks):
        heads += kind == HEAD
        if heads > 1 or kind == MANIFEST:
            break
        if kind == DATA:
            found += data
    return bytes(found)


def _listed(part: dict[str, Any]) -> Listed:
    return Listed(part["name"], part["type"], part["size"], part["sha256"])
