"""A file that can be looked into like any other and is never on the disk: for what is to be sealed."""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Invalid, Problem

_BLOCK = 1 << 20


class MemoryFile(io.FileIO):
    """A file in anonymous memory: gone with its last reader, and never on the disk. Linux alone has such files."""

    def __init__(self) -> None:
        super().__init__(os.memfd_create("looked-into"), "r+b")

    def __del__(self) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """Where this process can open it once more."""
        return Path(f"/proc/self/fd/{self.fileno()}")


@contextmanager
def lying_in_memory(file: BinaryIO) -> Iterator[Path]:
    """A path to ``file`` in anonymous memory as long as the block lasts; a copy, unless it lies there already.

    Raises Invalid for one above the limit of documents.
    """
    if isinstance(file, MemoryFile):
        _refuse_too_big(file)
        yield file.path
        return
    with MemoryFile() as held:
        file.seek(0)
        shutil.copyfileobj(file, held, _BLOCK)
        _refuse_too_big(held)
        yield held.path


def _refuse_too_big(held: MemoryFile) -> None:
    limit = settings.ENVIRONMENT.document_limit_mb
    if os.fstat(held.fileno()).st_size > limit << 20:
        message = _("文件超过 %(limit)s MB。请压缩图片、拆成几个文件后再上传。") % {"limit": limit}
        raise Invalid(message, [Problem("file", message)])
