"""A file that can be looked into like any other and is never on the disk: for what is to be sealed."""

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


@contextmanager
def lying_in_memory(file: BinaryIO) -> Iterator[Path]:
    """A path to a copy of ``file`` (read from its beginning) in anonymous memory, as long as the block lasts.

    Linux alone has such files. Raises Invalid for one above the limit of documents.
    """
    with os.fdopen(os.memfd_create("looked-into"), "w+b") as held:
        file.seek(0)
        _copy(file, held)
        yield Path(f"/proc/self/fd/{held.fileno()}")


def _copy(file: BinaryIO, held: BinaryIO) -> None:
    limit = settings.ENVIRONMENT.document_limit_mb
    shutil.copyfileobj(file, held, _BLOCK)
    held.flush()
    if held.tell() > limit << 20:
        message = _("文件超过 %(limit)s MB。请压缩图片、拆成几个文件后再上传。") % {"limit": limit}
        raise Invalid(message, [Problem("file", message)])
