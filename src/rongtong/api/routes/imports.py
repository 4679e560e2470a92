"""Files of records: hand one in, read what was found in it, confirm or cancel."""

import datetime as dt
from typing import Annotated, Any, BinaryIO, Literal, cast
from uuid import UUID

from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from rongtong.api.caller import Call
from rongtong.api.failures import REFUSALS
from rongtong.api.shapes import Given, KindKey, Page
from rongtong.domain.foundation.access import scope
from rongtong.domain.registry.exchange.actions import cancel_import, confirm_import, map_columns, upload_file
from rongtong.domain.registry.exchange.jobs import progress_of
from rongtong.domain.registry.models import ImportJob
from rongtong.domain.registry.queries import import_job
from rongtong.domain.registry.states import CHECKING

router = Router(tags=["import"])


class Upload(Schema):
    """What the file holds. ``no_secrets`` declares that it holds no state secrets."""

    kind: KindKey
    source: Annotated[str, Field(max_length=120)] = ""
    publish: bool = False
    no_secrets: bool = False


class FoundShape(Schema):
    """A problem or a warning, with its row and field."""

    row: int | None
    field: str
    label: str
    message: str


class ImportShape(Schema):
    """A file on its way: what its columns were taken for, how far it is, what was found in it."""

    id: UUID
    kind: str
    file_name: str
    source: str
    state: str
    state_label: str
    columns: dict[str, str]
    done: int
    total: int
    counts: dict[str, int]
    problems: list[FoundShape]
    warnings: list[FoundShape]
    created_at: dt.datetime


class ImportList(Schema):
    """A part of a list and how long the whole is."""

    count: int
    items: list[ImportShape]


class Columns(Given):
    """What each heading means: the name of a field, or empty for none."""

    columns: dict[str, str]


class Decision(Given):
    """What to do with a checked file."""

    event: Literal["confirm", "cancel"]


@router.get("/imports", response={200: ImportList, **REFUSALS}, summary="The caller's files")
def list_imports(request: Call, page: Query[Page]) -> Any:
    jobs = scope(request.auth, "view", ImportJob.objects.all())
    return ImportList(count=jobs.count(), items=[_shaped(job) for job in jobs[page.offset : page.offset + page.limit]])


@router.post("/imports", response={201: ImportShape, **REFUSALS}, summary="Hand in a file")
def add_import(request: Call, about: Form[Upload], file: File[UploadedFile]) -> Any:
    content = cast(BinaryIO, file)  # Django's file wraps one and reads like it
    job = upload_file(actor=request.auth, file=content, name=file.name or "", **about.model_dump())
    return Status(201, _shaped(job))


@router.get("/imports/{identifier}", response={200: ImportShape, **REFUSALS}, summary="One file")
def read_import(request: Call, identifier: UUID) -> Any:
    return _shaped(_visible(request, identifier))


@router.put("/imports/{identifier}/columns", response={200: ImportShape, **REFUSALS}, summary="What its columns mean")
def change_columns(request: Call, identifier: UUID, given: Columns) -> Any:
    return _shaped(map_columns(actor=request.auth, job=_visible(request, identifier), columns=given.columns))


@router.post("/imports/{identifier}/steps", response={200: ImportShape, **REFUSALS}, summary="Confirm or cancel")
def decide(request: Call, identifier: UUID, given: Decision) -> Any:
    act = confirm_import if given.event == "confirm" else cancel_import
    return _shaped(act(actor=request.auth, job=_visible(request, identifier)))


def _visible(request: Call, identifier: UUID) -> ImportJob:
    return import_job(request.auth, identifier)


def _shaped(job: ImportJob) -> ImportShape:
    done, total = progress_of(job)
    return ImportShape(
        id=job.pk,
        kind=job.kind,
        file_name=job.file_name,
        source=job.source,
        state=job.state,
        state_label=str(CHECKING.state(job.state).label),
        columns=job.columns,
        done=done,
        total=total,
        counts=job.counts,
        problems=job.problems,
        warnings=job.warnings,
        created_at=job.created_at,
    )
