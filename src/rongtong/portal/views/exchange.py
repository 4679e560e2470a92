"""Import and export pages: upload, name the columns, see every problem, confirm, watch; and sheets on the way out."""

import io
import shutil
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rongtong.domain.foundation.access import scope
from rongtong.domain.foundation.documents.declaration import FIELD
from rongtong.domain.foundation.errors import DomainError, Invalid
from rongtong.domain.registry import queries
from rongtong.domain.registry.exchange import actions, jobs
from rongtong.domain.registry.exchange.columns import columns_of
from rongtong.domain.registry.exchange.export import Export, write_csv, write_xlsx
from rongtong.domain.registry.exchange.tables import open_table
from rongtong.domain.registry.exchange.template import write_template
from rongtong.domain.registry.kinds import all_kinds, kind_of
from rongtong.domain.registry.models import ImportJob
from rongtong.domain.registry.states import CHECKING
from rongtong.portal.attempts import Attempt
from rongtong.portal.http import Request, file_in, known_or_404, or_404, page, paged
from rongtong.portal.views.resources import kind_or_404

Answer = TypeVar("Answer", bound=HttpResponseBase)
UNDER_WAY = ("uploaded", "checking", "queued", "importing")
STEPS = (("uploaded", "checking"), ("ready", "rejected"), ("queued", "importing"), ("done",))
PREVIEW_ROWS = 3
PREVIEW_BYTES = 20 << 20
SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEETS = {"csv": (write_csv, "text/csv; charset=utf-8"), "xlsx": (write_xlsx, XLSX)}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: Request) -> HttpResponse:
    """The upload form and the files brought before."""
    attempt = Attempt(Invalid)
    if request.method == "POST":
        with attempt:
            return HttpResponseRedirect(reverse("portal:import-job", args=(_upload(request).pk,)))
    found = paged(request, scope(request.actor, "view", ImportJob.objects.all()), 10)
    context = {
        "kinds": all_kinds().values(),
        "given": request.POST,
        "failed": attempt.message,
        "page": found,
        "total": found.paginator.count,
        "jobs": [(job, CHECKING.state(job.state), kind_of(job.kind)) for job in found],
    }
    return page(request, "exchange/import", context, status=attempt.status)


def _upload(request: Request) -> ImportJob:
    file, name = file_in(request)
    return actions.upload_file(
        actor=request.actor,
        kind=request.POST.get("kind", ""),
        file=file,
        name=name,
        no_secrets=FIELD in request.POST,
        source=request.POST.get("source", ""),
        publish="publish" in request.POST,
    )


@login_required
@require_safe
def job_page(request: Request, identifier: UUID) -> HttpResponse:
    """One file on its way in; htmx asks for the moving part alone."""
    job = _job_or_404(request, identifier)
    done, total = jobs.progress_of(job)
    context = {
        "job": job,
        "kind": kind_of(job.kind),
        "state": CHECKING.state(job.state),
        "steps": _steps(job),
        "under_way": job.state in UNDER_WAY,
        "done": done,
        "all": total,
        "share": done / total if total else 0.0,
        "events": {row.event for row in CHECKING.open_to(request.actor, job)},
        "problems": job.problems[:SHOWN],
        "warnings": job.warnings[:SHOWN],
        "shown": SHOWN,
    }
    if request.htmx:
        return page(request, "exchange/job_state", context)
    return page(request, "exchange/job", context | _mapping(job))


@login_required
@require_POST
def job_step(request: Request, identifier: UUID, step: str) -> HttpResponse:
    """Map the columns again, confirm, or give up."""
    job = _job_or_404(request, identifier)
    if step == "map":
        headers = list(job.columns)
        said = {header: request.POST.get(f"column-{number}", "") for number, header in enumerate(headers)}
        with Attempt(Invalid) as attempt:
            actions.map_columns(actor=request.actor, job=job, columns=said)
        if attempt.refused:
            faults = " ".join(problem.message for problem in attempt.problems)
            messages.error(request, f"{attempt.message} {faults}")
    elif step == "confirm":
        actions.confirm_import(actor=request.actor, job=job)
    elif step == "cancel":
        actions.cancel_import(actor=request.actor, job=job)
    else:
        raise Http404
    return HttpResponseRedirect(reverse("portal:import-job", args=(job.pk,)))


@login_required
@require_safe
def job_report(request: Request, identifier: UUID) -> HttpResponseBase:
    """Every problem and warning of a file as a sheet."""
    report = known_or_404(jobs.open_report(_job_or_404(request, identifier)))
    return FileResponse(report, as_attachment=True, filename="problems.csv", content_type="text/csv; charset=utf-8")


@require_safe
def template(request: Request, kind: str) -> HttpResponse:
    """The empty sheet of a kind."""
    declaration = kind_or_404(kind)
    target = io.BytesIO()
    write_template(declaration, target)
    return _attached(HttpResponse(target.getvalue(), content_type=XLSX), f"rongtong-{kind}-template.xlsx")


@require_safe
def exports(request: Request) -> HttpResponse:
    """Every register with its size and its sheets."""
    return page(request, "exchange/export", {"kinds": queries.counts_by_kind(request.actor), "at": timezone.now()})


@require_safe
def export_file(request: Request, kind: str, form: str) -> HttpResponseBase:
    """One list with its filters as a sheet: what the reader may see, nothing else."""
    declaration = kind_or_404(kind)
    filters = queries.Filters.read({**request.GET.dict(), "kind": kind})
    export = Export(request.actor, declaration, queries.listing(request.actor, filters), filters.params())
    name = f"rongtong-{kind}-{timezone.localdate()}.{form}"
    if form not in SHEETS:
        raise Http404
    write, content_type = SHEETS[form]
    target = tempfile.TemporaryFile()  # noqa: SIM115  # FileResponse closes it
    write(export, target)  # whole before the first byte leaves: what cannot be noted is not shown
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name, content_type=content_type)


def _job_or_404(request: Request, identifier: UUID) -> ImportJob:
    return or_404(queries.import_job, request.actor, identifier)


def _steps(job: ImportJob) -> list[tuple[str, str]]:
    labels = (_("上传与检查"), _("核对结果"), _("写入"), _("完成"))
    here = next((number for number, states in enumerate(STEPS) if job.state in states), -1)
    marks = ["done" if number < here or job.state == "done" else "" for number in range(len(STEPS))]
    if here >= 0 and job.state != "done":
        marks[here] = "current"
    return list(zip(labels, marks, strict=True))


def _mapping(job: ImportJob) -> dict[str, Any]:
    samples = _samples(job)
    return {
        "columns": [
            (number, header, key, samples.get(header, [])) for number, (header, key) in enumerate(job.columns.items())
        ],
        "fields": [(column.name, column.label, column.required) for column in columns_of(kind_of(job.kind))],
    }


def _samples(job: ImportJob) -> dict[str, list[str]]:
    """The first values under each heading; none for a file that is long to open or gone."""
    if job.file_size > PREVIEW_BYTES or not default_storage.exists(job.file_path):
        return {}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "source"
        with default_storage.open(job.file_path) as stored, copy.open("wb") as target:
            shutil.copyfileobj(stored, target)
        try:
            table = open_table(copy, lambda header: header in job.columns)
            first = [row.cells for row in islice(table.rows(), PREVIEW_ROWS)]
        except DomainError:
            return {}
    return {
        header: [str(cells[place])[:60] for cells in first if place < len(cells) and cells[place] not in ("", None)]
        for place, header in enumerate(table.headers)
    }


def _attached(response: Answer, name: str) -> Answer:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
