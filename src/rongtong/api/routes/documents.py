"""Documents of records: list, hand one in, ask for a link, download, take back."""

import datetime as dt
from typing import Annotated, Any, BinaryIO, cast
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from rongtong.api.caller import Call
from rongtong.api.failures import REFUSALS
from rongtong.api.shapes import Given, Page
from rongtong.domain.foundation.documents import links, serving
from rongtong.domain.foundation.documents.actions import upload_document, withdraw_document
from rongtong.domain.foundation.documents.queries import listed, oddities, readable
from rongtong.domain.foundation.models import Document
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.registry.queries import visible

router = Router(tags=["documents"])
CHANNEL = "api"
CONTENT: dict[str, Any] = {
    "responses": {
        200: {"description": "The content", "content": {"application/octet-stream": {}}},
        206: {"description": "The part that Range asked for", "content": {"application/octet-stream": {}}},
    }
}


class DocumentShape(Schema):
    """A file that belongs to a record. ``notices`` are what a reader should know before opening it."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    visibility: Visibility
    notices: list[str]
    created_at: dt.datetime


class DocumentList(Schema):
    """A part of a list and how long the whole is."""

    count: int
    items: list[DocumentShape]


class NewDocument(Schema):
    """About the file. ``no_secrets`` declares that it holds no state secret; ``replaces`` is an older version of it."""

    no_secrets: bool = False
    visibility: Visibility = Visibility.OWNER
    replaces: UUID | None = None


class LinkShape(Schema):
    """Where the content can be fetched with the same key, and until when."""

    address: str
    expires_at: dt.datetime


class Withdrawal(Given):
    """Why a document is taken back."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


@router.get(
    "/resources/{identifier}/documents", response={200: DocumentList, **REFUSALS}, summary="A record's documents"
)
def list_documents(request: Call, identifier: UUID, page: Query[Page]) -> Any:
    found = listed(request.auth, visible(request.auth, identifier), CHANNEL)
    part = found[page.offset : page.offset + page.limit]
    return DocumentList(count=len(found), items=[_shaped(document) for document in part])


@router.post(
    "/resources/{identifier}/documents", response={201: DocumentShape, **REFUSALS}, summary="Attach a document"
)
def add_document(request: Call, identifier: UUID, about: Form[NewDocument], file: File[UploadedFile]) -> Any:
    made = upload_document(
        actor=request.auth,
        entity=visible(request.auth, identifier),
        file=cast(BinaryIO, file.file),
        name=file.name or "",
        no_secrets=about.no_secrets,
        visibility=about.visibility,
        replaces=readable(request.auth, about.replaces) if about.replaces else None,
    )
    return Status(201, _shaped(made))


@router.post("/documents/{identifier}/links", response={201: LinkShape, **REFUSALS}, summary="A link to download by")
def make_link(request: Call, identifier: UUID) -> Any:
    token, until = links.signed(request.auth, readable(request.auth, identifier).pk)
    address = reverse("api-v1:read_document", args=(identifier,))
    return Status(201, LinkShape(address=f"{address}?link={token}", expires_at=until))


@router.get(
    "/documents/{identifier}/content",
    response=REFUSALS,
    openapi_extra=CONTENT,
    url_name="read_document",
    summary="Download a document",
)
def read_document(request: Call, identifier: UUID, link: str) -> HttpResponseBase:
    return serving.download(request.auth, identifier, link, request.headers.get("Range", ""))


@router.post("/documents/{identifier}/withdrawal", response={204: None, **REFUSALS}, summary="Take a document back")
def take_back(request: Call, identifier: UUID, given: Withdrawal) -> Any:
    withdraw_document(actor=request.auth, document=readable(request.auth, identifier), reason=given.reason)
    return Status(204, None)


def _shaped(document: Document) -> DocumentShape:
    return DocumentShape(
        id=document.pk,
        name=document.name,
        media_type=document.media_type,
        size=document.size,
        sha256=document.sha256,
        visibility=Visibility(document.visibility),
        notices=[str(words) for words in oddities(document)],
        created_at=document.created_at,
    )
