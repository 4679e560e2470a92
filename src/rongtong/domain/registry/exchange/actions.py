"""Every write that a file makes: taking it in, saying what its columns mean, importing it."""

import hashlib
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor, system_actor
from rongtong.domain.foundation.documents.declaration import require_declared
from rongtong.domain.foundation.errors import Invalid, Problem
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.parties.models import Party
from rongtong.domain.registry.exchange import columns as sheet
from rongtong.domain.registry.exchange.files import blocks
from rongtong.domain.registry.exchange.planning import Planned, Terms, plan_rows
from rongtong.domain.registry.exchange.rows import Incoming
from rongtong.domain.registry.exchange.tables import open_table
from rongtong.domain.registry.kinds import all_kinds, kind_of
from rongtong.domain.registry.models import ImportJob, ImportMapping, Resource
from rongtong.domain.registry.states import CHECKING

Progress = Callable[[int, int], None]
"""Told how many rows are done, of how many (0 when that is not known)."""

WRITTEN = (
    "title", "title_en", "values", "visibility", "closed", "region", "field", "industry", "trl", "holder", "date",
    "valid_until", "completeness", "fingerprint", "revision", "updated_at",
)  # fmt: skip
_FIRST_PROBLEMS = 50


def importer() -> Actor:
    """The platform, in its part of an import: moving the job along."""
    return system_actor(_("导入"))


@action("registry.upload_file")
def upload_file(
    *,
    actor: Actor,
    kind: str,
    file: BinaryIO,
    name: str,
    no_secrets: bool,
    source: str = "",
    publish: bool = False,
) -> ImportJob:
    """Take in a file of records of ``kind``; nothing of it enters the register yet.

    ``no_secrets`` is the declaration that the file holds no state secrets, without which nothing is taken. ``source``
    names where external ids come from (the actor's organisation by default); ``publish`` asks for published records
    rather than drafts. The file is judged by its content; ``name`` is only shown. Raises Invalid, AccessDenied.
    """
    if kind not in all_kinds():
        raise Invalid(_("没有“%(kind)s”这类记录。") % {"kind": kind})
    declared = require_declared(no_secrets)
    job = ImportJob(
        account=actor.account,
        party=actor.party,
        kind=kind,
        source=(source.strip() or default_source(actor))[:120],
        file_name=Path(name).name[-200:],
        publish=publish,
    )
    require(actor, "create", job)
    with tempfile.TemporaryDirectory() as folder:
        _keep(job, file, Path(folder) / "upload")
    job.columns = _guessed(job, actor)
    job.save(force_insert=True)
    audit.record(actor, "registry.upload_file", job, kind=kind, name=job.file_name, sha256=job.sha256, **declared)
    return job


def default_source(actor: Actor) -> str:
    """Whose numbers external ids are when the person does not say."""
    return actor.party_name or actor.name or "import"


def _keep(job: ImportJob, file: BinaryIO, copy: Path) -> None:
    """Copy the upload within the limit, look into it, and put it into storage under a name of our own."""
    digest, size, limit = hashlib.sha256(), 0, settings.ENVIRONMENT.upload_limit_mb
    with copy.open("wb") as target:
        for block in blocks(file):
            size += len(block)
            if size > limit << 20:
                raise Invalid(_("文件超过 %(limit)s MB。请拆成几个文件再上传。") % {"limit": limit})
            digest.update(block)
            target.write(block)
    job.file_size, job.sha256 = size, digest.hexdigest()
    table = open_table(copy, _is_heading(job.kind))
    job.rows_total = table.total
    job.columns = {header: sheet.IGNORED for header in table.headers if header}
    with copy.open("rb") as kept:
        job.file_path = default_storage.save(f"imports/{new_id()}/source", File(kept))


def _is_heading(kind: str) -> Callable[[str], bool]:
    declared = kind_of(kind)
    return lambda written: bool(sheet.guess(declared, [written])[0].key)


def _guessed(job: ImportJob, actor: Actor) -> dict[str, str]:
    headers = list(job.columns)
    remembered = ImportMapping.objects.filter(
        account=actor.account or 0, kind=job.kind, signature=sheet.signature(headers)
    ).first()
    matches = sheet.guess(kind_of(job.kind), headers, remembered.columns if remembered else None)
    return {match.header: match.key for match in matches}


@action("registry.map_columns")
def map_columns(*, actor: Actor, job: ImportJob, columns: Mapping[str, str]) -> ImportJob:
    """Say what each heading means (``IGNORED`` for none); remembered for the next file with the same headings.

    A job that was checked before goes back to be checked again.
    """
    require(actor, "edit", job)
    _check_columns(job, columns)
    if job.state != "uploaded":
        job = advance(CHECKING, job, "map", actor=actor)
    job.columns = {header: columns.get(header, sheet.IGNORED) for header in job.columns}
    job.save()
    if actor.account:
        ImportMapping.objects.update_or_create(
            account=actor.account,
            kind=job.kind,
            signature=sheet.signature(job.columns),
            defaults={"columns": job.columns},
        )
    audit.record(actor, "registry.map_columns", job, columns=job.columns)
    return job


def _check_columns(job: ImportJob, columns: Mapping[str, str]) -> None:
    known = {column.name: column for column in sheet.columns_of(kind_of(job.kind))}
    chosen = Counter(key for key in columns.values() if key)
    problems = [
        Problem(header, _("文件里没有“%(header)s”这一列。") % {"header": header})
        for header in columns
        if header not in job.columns
    ]
    problems += [Problem(key, _("没有“%(key)s”这个字段。") % {"key": key}) for key in chosen if key not in known]
    problems += [
        Problem(
            key, _("有 %(count)s 列对应到“%(label)s”，只能保留一列。") % {"count": count, "label": known[key].label}
        )
        for key, count in chosen.items()
        if count > 1 and key in known
    ]
    if problems:
        raise Invalid(_("列的对应关系有误，未保存。"), problems)


@action("registry.confirm_import")
def confirm_import(*, actor: Actor, job: ImportJob) -> ImportJob:
    """Queue a file that passed its check for import."""
    return advance(CHECKING, job, "confirm", actor=actor)


@action("registry.cancel_import")
def cancel_import(*, actor: Actor, job: ImportJob) -> ImportJob:
    """Give up a file; nothing of it has entered the register."""
    return advance(CHECKING, job, "cancel", actor=actor)


@action("registry.move_import")
def move_import(*, job: ImportJob, event: str, reason: str = "", **facts: Any) -> ImportJob:
    """The platform's own steps of an import; ``facts`` are columns of the job that are set with the step."""
    moved = advance(CHECKING, job, event, actor=importer(), reason=reason, seen_state=job.state)
    for column, value in facts.items():
        setattr(moved, column, value)
    moved.save()
    return moved


@action("registry.import_records")
def import_records(
    *, actor: Actor, job: ImportJob, rows: Iterable[Incoming], progress: Progress | None = None
) -> ImportJob:
    """Write the records of a checked file, all or none, in one transaction and constant memory.

    Idempotent: a row whose record already says the same changes nothing. One audit event for each record written and
    one for the file. Raises Invalid with the first problems if anything may not be written after all.
    """
    ImportJob.objects.select_for_update().get(pk=job.pk)  # first of all, so that two of one file never meet half-way
    terms = terms_of(job, actor, lock=True)
    counts: Counter[str] = Counter()
    for batch in plan_rows(rows, terms):
        _refuse(batch)
        _write(batch, actor, job)
        counts.update(planned.change for planned in batch)
        if progress:
            progress(sum(counts.values()), job.rows_total)
    done = advance(CHECKING, job, "finish", actor=importer())
    done.rows_done = done.rows_total = rows_in_file = job.counts["rows"]
    unchanged = rows_in_file - counts["created"] - counts["updated"]  # with repeated rows, which the spool leaves out
    done.counts = {**job.counts, "created": counts["created"], "updated": counts["updated"], "unchanged": unchanged}
    done.save()
    audit.record(actor, "registry.import_records", done, source=job.source, sha256=job.sha256, **counts)
    return done


def terms_of(job: ImportJob, actor: Actor, *, lock: bool = False) -> Terms:
    """The terms on which the file of ``job`` comes in for ``actor``."""
    owner = Party.objects.filter(pk=job.party).first() if job.party else None
    return Terms(actor, kind_of(job.kind), job.source, owner, job.publish, lock)


def _refuse(batch: list[Planned]) -> None:
    problems = [problem for planned in batch for problem in planned.problems]
    if problems:
        message = _("第 %(row)s 行不能导入：%(message)s 整个文件均未导入。")
        raise Invalid(message % {"row": problems[0].row, "message": problems[0].message}, problems[:_FIRST_PROBLEMS])


def _write(batch: list[Planned], actor: Actor, job: ImportJob) -> None:
    written = [planned for planned in batch if planned.record and planned.change in ("created", "updated")]
    records = {
        change: [p.record for p in written if p.change == change and p.record] for change in ("created", "updated")
    }
    Resource.objects.bulk_create(records["created"])
    # An upsert on the primary key: bulk_update would build a CASE of every row for every column.
    Resource.objects.bulk_create(records["updated"], update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN)
    audit.record_many(
        actor, "registry.import_record", [(p.record, _details(p, job)) for p in written if p.record is not None]
    )


def _details(planned: Planned, job: ImportJob) -> dict[str, Any]:
    return {"job": str(job.pk), "row": planned.incoming.row, "change": planned.change, "changed": planned.changed}
