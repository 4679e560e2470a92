"""Where ciphertext stands: one file an envelope, in the data folder, complete before anything names it."""

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from rongtong.domain.foundation.sealing.streams import CHUNK

FOLDER = "sealed"
SUFFIX = ".sealed"
DRAFT = ".part"


@dataclass(slots=True)
class Written:
    """What came of writing a file: its size in bytes and its hash."""

    size: int = 0
    hash: str = ""


class CiphertextFile:
    """A file while it is written, hashed on the way."""

    def __init__(self, path: Path, hash_name: str) -> None:
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._digest, self._size = hashlib.new(hash_name), 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self._size += len(data)

    def finish(self) -> Written:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return Written(self._size, self._digest.hexdigest())

    def abandon(self) -> None:
        self._file.close()


@contextmanager
def writing(box: UUID, envelope: UUID, hash_name: str) -> Iterator[tuple[CiphertextFile, Written]]:
    """A file for the ciphertext of ``envelope``: under a draft's name until all of it is on the disk.

    When the block ends well the file stands under its own name and ``Written`` is filled in; otherwise nothing is left.
    """
    path = path_of(box, envelope)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft, written = path.with_suffix(DRAFT), Written()
    file = CiphertextFile(draft, hash_name)
    try:
        yield file, written
        done = file.finish()
        draft.rename(path)
        _sync_folder(path.parent)
        written.size, written.hash = done.size, done.hash
    except BaseException:
        file.abandon()
        draft.unlink(missing_ok=True)
        raise


def path_of(box: UUID, envelope: UUID) -> Path:
    """The file of an envelope; its name comes from identifiers alone."""
    return Path(settings.HOME) / FOLDER / str(box) / f"{envelope}{SUFFIX}"


def remove(box: UUID, envelope: UUID) -> None:
    """Take away a file that no row will name."""
    path_of(box, envelope).unlink(missing_ok=True)


def hash_of(path: Path, hash_name: str) -> str:
    """The hash of what stands on the disk now, in hex digits."""
    digest = hashlib.new(hash_name)
    with path.open("rb") as file:
        while piece := file.read(16 * CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def untouched_for(seconds: float) -> Iterator[tuple[UUID | None, Path]]:
    """Files that nobody wrote to for so long, with the envelope that each is named after (None for a draft)."""
    before = time.time() - seconds
    for path in (Path(settings.HOME) / FOLDER).glob("*/*"):
        if path.suffix in (SUFFIX, DRAFT) and path.stat().st_mtime < before:
            yield (UUID(path.stem) if path.suffix == SUFFIX else None), path


def _sync_folder(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
