"""Imports under way: the worker's part. Checking reads; importing is one action; whatever is cut short begins again."""

import datetime as dt
import io
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TextIO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import DomainError, IllegalTransition, Invalid, Problem
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.queries import actor_for
from rongtong.domain.registry.exchange import columns as sheet
from rongtong.domain.registry.exchange.actions import (
    Progress,
    confirm_import,
    import_records,
    importer,
    move_import,
    terms_of,
)
from rongtong.domain.registry.exchange.duplicates import Fingerprints
from rongtong.domain.registry.exchange.findings import Findings
from rongtong.domain.registry.exchange.planning import plan_rows
from rongtong.domain.registry.exchange.rows import Incoming, read_rows
from rongtong.domain.registry.exchange.tables import open_table
from rongtong.domain.registry.kinds import kind_of
from rongtong.domain.registry.models import ImportJob

SILENCE = dt.timedelta(minutes=2)
"""A job that has shown no progress for so long has lost its worker."""
MOST_ATTEMPTS = 3
_ATTEMPTS = "attempts"
_SPOOL = "rows.jsonl"
_CURRENT = ("uploaded", "queued")


def run_pending(*, progress: Progress | None = None, silence: dt.timedelta = SILENCE) -> int:
    """Check and import whatever waits, oldest first; answers how many steps were taken."""
    recover(silence=silence)
    steps = 0
    while job := ImportJob.objects.filter(state__in=_CURRENT).order_by("created_at").first():
        try:
            run(job, progress=progress)
        except IllegalTransition:  # another worker was faster
            continue
        steps += 1
    return steps


def run(job: ImportJob, *, progress: Progress | None = None) -> ImportJob:
    """The next step of one job: check what was uploaded, import what was confirmed."""
    with translation.override(_language(job)):
        return _check(job, progress) if job.state == "uploaded" else _import(job, progress)


def recover(*, silence: dt.timedelta = SILENCE) -> int:
    """Put jobs whose worker died back in the queue; their transaction left nothing behind."""
    lost = [job for job in ImportJob.objects.filter(state__in=("checking", "importing")) if _silent(job, silence)]
    for job in lost:
        if job.counts.get(_ATTEMPTS, 0) >= MOST_ATTEMPTS:
            move_import(job=job, event="fail", reason=_("处理这个文件时多次中断，请联系管理员。"))
        else:
            move_import(job=job, event="resume" if job.state == "checking" else "requeue")
    return len(lost)


def import_now(*, actor: Actor, job: ImportJob, progress: Progress | None = None) -> ImportJob:
    """Check ``job`` and, if it passes, import it at once: the command line's way. See ``job.state`` for the outcome."""
    job = run(job, progress=progress)
    if job.state != "ready":
        return job
    return run(confirm_import(actor=actor, job=job), progress=progress)


def progress_of(job: ImportJob) -> tuple[int, int]:
    """Rows done and rows in all (0 when not known), for a job under way or ended."""
    if job.state in ("checking", "importing") and default_storage.exists(_path(job, "progress")):
        with default_storage.open(_path(job, "progress")) as file:
            written = file.read()
        if written:
            done, total = json.loads(written)
            return int(done), int(total)
    return job.rows_done, job.rows_total


def open_report(job: ImportJob) -> IO[bytes] | None:
    """Every problem and warning of the last check as CSV, or None when there is no report."""
    return default_storage.open(job.report_path) if job.report_path else None


def _check(job: ImportJob, progress: Progress | None) -> ImportJob:
    job = move_import(job=job, event="check", counts=_tried(job))
    try:
        findings = _examined(job, _reporting(job, progress))
    except (DomainError, DatabaseError, OSError) as error:
        return move_import(job=job, event="fail", reason=str(error), problems=_whole(str(error)))
    return move_import(
        job=job,
        event="reject" if findings.counts["problems"] else "pass",
        counts=dict(findings.counts),
        problems=findings.problems,
        warnings=findings.warnings,
        rows_done=findings.counts["rows"],
        rows_total=findings.counts["rows"],
        report_path=_path(job, "report.csv") if findings.problems or findings.warnings else "",
    )


def _examined(job: ImportJob, progress: Progress) -> Findings:
    """Read every row, plan it, keep what was found; a file without problems leaves its rows in the spool."""
    actor, kind = _bringer(job), kind_of(job.kind)
    with _local_copy(job) as path, _scratch() as report, _scratch() as spool:
        findings, prints = Findings(kind, report), Fingerprints()
        table = open_table(path, lambda header: header in job.columns)
        _require_title(job)
        for batch in plan_rows(read_rows(table, kind, job.columns), terms_of(job, actor)):
            for planned in batch:
                findings.take(planned)
                if planned.change == "created":
                    prints.add(planned.incoming.row, planned.incoming.fingerprint)
                if planned.record is not None:
                    spool.write(planned.incoming.to_json() + "\n")
            progress(findings.counts["rows"], table.total)
        if not findings.counts["rows"]:
            findings.add_problems([Problem("", _("表格里没有可以导入的行。"))])
        findings.add_warnings(prints.warnings(actor, job.kind))
        _store(job, "report.csv", report)
        _store(job, _SPOOL, spool)
    return findings


def _require_title(job: ImportJob) -> None:
    if not {sheet.TITLE, sheet.RECORD} & set(job.columns.values()):
        label = kind_of(job.kind).title
        raise Invalid(_("没有哪一列对应到“%(label)s”。请先说明各列的含义。") % {"label": label})


def _import(job: ImportJob, progress: Progress | None) -> ImportJob:
    job = move_import(job=job, event="start", counts=_tried(job))
    try:
        with default_storage.open(_path(job, _SPOOL)) as spool:
            rows = (Incoming.from_json(line) for line in io.TextIOWrapper(spool, encoding="utf-8"))
            done = import_records(actor=_bringer(job), job=job, rows=rows, progress=_reporting(job, progress))
    except (DomainError, DatabaseError, OSError) as error:
        return move_import(job=job, event="fail", reason=str(error), problems=_whole(str(error)))
    default_storage.delete(_path(job, _SPOOL))
    return done


def _tried(job: ImportJob) -> dict[str, int]:
    return {**job.counts, _ATTEMPTS: job.counts.get(_ATTEMPTS, 0) + 1}


def _whole(message: str) -> list[dict[str, object]]:
    return [{"row": None, "field": "", "label": "", "message": message}]


def _bringer(job: ImportJob) -> Actor:
    """The person who brought the file, with the roles they have today; the platform when nobody did."""
    if job.account is None:
        return importer()
    return actor_for(Account.objects.get(pk=job.account), job.party)


def _language(job: ImportJob) -> str:
    account = Account.objects.filter(pk=job.account).first() if job.account else None
    return (account.language if account else "") or translation.get_language() or "zh-hans"


def _reporting(job: ImportJob, progress: Progress | None) -> Progress:
    """Tells the caller and leaves the figures where the portal can read them while a transaction is open."""

    def report(done: int, total: int) -> None:
        _replace(_path(job, "progress"), ContentFile(json.dumps([done, total])))
        if progress:
            progress(done, total)

    report(0, job.rows_total)
    return report


def _silent(job: ImportJob, silence: dt.timedelta) -> bool:
    path = _path(job, "progress")
    last = default_storage.get_modified_time(path) if default_storage.exists(path) else job.state_since
    return timezone.now() - max(last, job.state_since) > silence


def _path(job: ImportJob, name: str) -> str:
    return f"{job.file_path.rpartition('/')[0]}/{name}"


def _store(job: ImportJob, name: str, content: TextIO) -> None:
    content.flush()
    content.seek(0)
    _replace(_path(job, name), File(content.buffer))


def _replace(path: str, content: "File[Any]") -> None:
    default_storage.delete(path)
    default_storage.save(path, content)


@contextmanager
def _scratch() -> Iterator[TextIO]:
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def _local_copy(job: ImportJob) -> Iterator[Path]:
    """The uploaded file as a local path, wherever storage keeps it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "source"
        with default_storage.open(job.file_path) as stored, path.open("wb") as copy:
            shutil.copyfileobj(stored, copy)
        yield path
