"""A document on its way out: asked for once more, noted, and sent so that no browser runs it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents import links, queries, vault
from rongtong.domain.foundation.documents.belonging import entity_of
from rongtong.domain.foundation.errors import DomainError
from rongtong.domain.foundation.models import Document

CHANNEL = "document"
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_BLOCK = 1 << 16


def download(actor: Actor, pk: UUID, token: str, wanted: str = "") -> HttpResponseBase:
    """The content of a document for whoever holds a good link to it; ``wanted`` is the request's Range.

    Raises AccessDenied for a bad link, Document.DoesNotExist for who may not have it, DomainError when it is not there.
    """
    links.require_good(actor, pk, token)
    document = queries.readable(actor, pk)
    path = vault.path_of(document.sha256)
    if not path.is_file():
        raise DomainError(_("这份附件的内容暂时读不到，已经记入日志。请联系平台管理员。"))
    if not queries.is_public(document):
        _note(actor, document)
    return _answer(document, path, wanted)


def _note(actor: Actor, document: Document) -> None:
    """Under the document and under its record, so that “who has seen this record” finds it."""
    entity = entity_of(document)
    ground = queries.ground(actor, document, entity)
    audit.shown(actor, CHANNEL, [(document, ["content"], ground), (entity, [queries.shown_as(document)], ground)])


def _answer(document: Document, path: Path, wanted: str) -> HttpResponseBase:
    start, end = _asked(wanted, document.size)
    if start >= end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{document.size}"})
    response = StreamingHttpResponse(_blocks(path, start, end), content_type=_type(document))
    response.headers["Content-Disposition"] = content_disposition_header(True, document.name) or "attachment"
    response.headers["Content-Length"] = str(end - start)
    response.headers["Content-Encoding"] = "identity"  # a compressed answer would no longer be these bytes
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Accept-Ranges"] = "bytes"
    if (start, end) != (0, document.size):
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{document.size}"
    return response


def _type(document: Document) -> str:
    return "text/plain; charset=utf-8" if document.media_type.startswith("text/") else document.media_type


def _asked(wanted: str, size: int) -> tuple[int, int]:
    """The half-open range of bytes that a Range header asks for; the whole when it is absent or not one range."""
    match = _RANGE.fullmatch(wanted.strip())
    if not match or match.group(0) == "bytes=-":
        return 0, size
    first, last = match.groups()
    if not first:
        return max(size - int(last), 0), size
    return int(first), min(int(last) + 1, size) if last else size


def _blocks(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        yield from _read(file, end - start)


def _read(file: BinaryIO, left: int) -> Iterator[bytes]:
    while left > 0 and (block := file.read(min(_BLOCK, left))):
        left -= len(block)
        yield block
