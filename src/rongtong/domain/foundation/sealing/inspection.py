"""What is found when an envelope is opened: each check by itself, so that the protocol can say which one failed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from rongtong.domain.foundation.models import Envelope
from rongtong.domain.foundation.sealing import files, installation, receipts
from rongtong.domain.foundation.sealing.contents import (
    Checked,
    Listed,
    check_parts,
    content_context,
    first_part_data,
    part_data,
)
from rongtong.domain.foundation.sealing.encoding import context, decoded, encoded
from rongtong.domain.foundation.sealing.streams import CHUNK, unsealed
from rongtong.domain.foundation.sealing.suites import Suite, Unreadable, suite


@dataclass(frozen=True, slots=True)
class Found:
    """The result for one envelope (a word of ``OpeningProtocol.RESULTS``), its checks, and its key to be kept."""

    result: str
    checks: dict[str, bool]
    parts: int = 0
    kept_key: str = ""


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, file: BinaryIO, hash_name: str) -> None:
        self._file, self._digest = file, hashlib.new(hash_name)

    def read(self, size: int, /) -> bytes:
        data = self._file.read(size)
        self._digest.update(data)
        return data

    def hash(self) -> str:
        """The hash of the whole file, also when reading stopped on the way."""
        while self.read(16 * CHUNK):
            pass
        return self._digest.hexdigest()


def inspect(envelope: Envelope, box_key: bytes) -> Found:
    """Check an envelope with the private key of its box. One that was replaced or withdrawn is not opened."""
    if envelope.state in ("replaced", "withdrawn"):
        return _closed(envelope)
    receipt = receipts.genuine(envelope)
    content_key = _content_key(envelope, box_key)
    ciphertext, checked = _read(envelope, content_key)
    content = checked is not None and checked.commitment == envelope.commitment
    checks = {"receipt": receipt, "ciphertext": ciphertext, "content": content}
    result = "altered" if not receipt else "opened" if all(checks.values()) else "damaged"
    return Found(result, checks, len(checked.parts) if checked else 0, _kept(envelope, content_key))


def _closed(envelope: Envelope) -> Found:
    word = installation.signed_here(receipts.state_statement(envelope), envelope.state_signature)
    checks = {"receipt": receipts.genuine(envelope), "state": word}
    return Found(envelope.state if all(checks.values()) else "altered", checks)


def _content_key(envelope: Envelope, box_key: bytes) -> bytes | None:
    try:
        return _suite(envelope).unseal(box_key, decoded(envelope.content_key), _context(envelope))
    except (Unreadable, ValueError):
        return None


def _read(envelope: Envelope, key: bytes | None) -> tuple[bool, Checked | None]:
    """Whether the file is the one that was sealed, and what it held."""
    algorithms = _suite(envelope)
    try:
        with files.path_of(envelope.box_id, envelope.pk).open("rb") as file:
            hashing = _Hashing(file, algorithms.hash_name)
            checked = _check(algorithms, key, envelope, hashing) if key else None
            return hashing.hash() == envelope.ciphertext_hash, checked
    except OSError:
        return False, None


def _check(algorithms: Suite, key: bytes, envelope: Envelope, source: _Hashing) -> Checked | None:
    try:
        return check_parts(algorithms, unsealed(algorithms, key, _context(envelope), source))
    except (Unreadable, ValueError):
        return None


def _kept(envelope: Envelope, key: bytes | None) -> str:
    """The content key under the platform's key: kept for a damaged file too, in case a backup has the whole one."""
    if key is None:
        return ""
    return encoded(installation.keep(_suite(envelope), key, kept_context(envelope)))


def listed_parts(envelope: Envelope) -> tuple[Listed, ...]:
    """What an opened envelope holds, every check made again. Raises Unreadable, OSError."""
    key, algorithms = _opened_key(envelope), _suite(envelope)
    with files.path_of(envelope.box_id, envelope.pk).open("rb") as file:
        checked = check_parts(algorithms, unsealed(algorithms, key, _context(envelope), file))
    if checked.commitment != envelope.commitment:
        raise Unreadable
    return checked.parts


def read_part(envelope: Envelope, place: int) -> Iterator[bytes]:
    """The content of the part at ``place`` of an opened envelope, piece by piece. Raises Unreadable, OSError."""
    key, algorithms = _opened_key(envelope), _suite(envelope)
    with files.path_of(envelope.box_id, envelope.pk).open("rb") as file:
        yield from part_data(unsealed(algorithms, key, _context(envelope), file), place)


def read_first_part(envelope: Envelope) -> bytes:
    """The first part of an opened envelope, which is small (a form). Raises Unreadable, OSError."""
    key, algorithms = _opened_key(envelope), _suite(envelope)
    with files.path_of(envelope.box_id, envelope.pk).open("rb") as file:
        return first_part_data(unsealed(algorithms, key, _context(envelope), file))


def _opened_key(envelope: Envelope) -> bytes:
    """The content key of an opened envelope that is still the one which was sealed."""
    if not (envelope.opened_key and receipts.genuine(envelope)):
        raise Unreadable
    return installation.take(_suite(envelope), decoded(envelope.opened_key), kept_context(envelope))


def _context(envelope: Envelope) -> bytes:
    return content_context(envelope.box_id, envelope.pk)


def kept_context(envelope: Envelope) -> bytes:
    """What the key of an opened envelope is bound to while the platform keeps it."""
    return context("opened envelope", envelope.box_id, envelope.pk)


def _suite(envelope: Envelope) -> Suite:
    return suite(envelope.box.suite)
