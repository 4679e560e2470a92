"""Every write of documents: attaching, withdrawing, and letting content go when its time of keeping is over."""

import datetime as dt
from pathlib import PurePath
from typing import Any, BinaryIO

from django.conf import settings
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import allows, require
from rongtong.domain.foundation.actions import action, note_refusal
from rongtong.domain.foundation.actors import Actor, system_actor
from rongtong.domain.foundation.documents import vault
from rongtong.domain.foundation.documents.belonging import ATTACHABLE, attach_needs, entity_of, require_room
from rongtong.domain.foundation.documents.checks import Finding, examine
from rongtong.domain.foundation.documents.declaration import VERSION, require_declared
from rongtong.domain.foundation.documents.names import shown_name
from rongtong.domain.foundation.documents.vault import Received
from rongtong.domain.foundation.errors import AccessDenied, Invalid, Problem
from rongtong.domain.foundation.models import Document
from rongtong.domain.foundation.visibility import Visibility

REASON_LONGEST = 500
_AT_ONCE = 200


def upload_document(
    *,
    actor: Actor,
    entity: Model,
    file: BinaryIO,
    name: str,
    no_secrets: bool,
    visibility: str = Visibility.OWNER,
    replaces: Document | None = None,
) -> Document:
    """Take in ``file`` for a record: received and looked into before the database is held for it, then attached.

    Whoever may not attach, or has not declared that it holds no state secret, is refused before a byte is kept; what
    is there already may come again where there is no room for more. Raises AccessDenied, Invalid with what was found,
    DomainError when there is no room.
    """
    try:
        require(actor, attach_needs(entity), entity)
    except AccessDenied as denied:
        note_refusal(actor, "foundation.attach_document", denied)
        raise
    require_declared(no_secrets)
    shown = _named(name)
    with vault.receiving(file) as received:
        _require_room_for_new(entity, received)
        finding = examine(received.path, shown)
        return attach_document(
            actor=actor,
            entity=entity,
            received=received,
            finding=finding,
            name=shown,
            visibility=visibility,
            replaces=replaces,
        )


@action("foundation.attach_document")
def attach_document(
    *,
    actor: Actor,
    entity: Model,
    received: Received,
    finding: Finding,
    name: str,
    visibility: str,
    replaces: Document | None = None,
) -> Document:
    """Attach content that :func:`upload_document` has received and looked into; ``replaces`` names an older version.

    The same content under the same name and class on the same record is attached once, whoever sends it twice.
    """
    locked = type(entity)._default_manager.select_for_update().get(pk=entity.pk)
    require(actor, attach_needs(locked), locked)
    document = _new(actor, locked, received, finding, name, visibility)
    older = _replaced(actor, locked, replaces)
    same = Document.objects.filter(superseded_by=None, withdrawn_at=None, **_identity(document)).first()
    if same is not None and older is None:
        audit.record(actor, "foundation.attach_document", same, again=True, declaration=VERSION)
        return same
    require_room(locked, received.size)
    vault.keep(received)
    document.save(force_insert=True)
    if older is not None:
        older.superseded_by = document
        older.save(update_fields=["superseded_by"])
    audit.record_many(actor, "foundation.attach_document", [(document, _facts(document)), (locked, _told(document))])
    return document


@action("foundation.withdraw_document")
def withdraw_document(*, actor: Actor, document: Document, reason: str) -> Document:
    """Take a document back: nobody can open it any more, its entry and its history stay."""
    locked = Document.objects.select_for_update().get(pk=document.pk)
    require(actor, "view", locked)
    require(actor, "withdraw", locked)
    if not reason.strip():
        raise Invalid(_("请写明撤回的理由。"), [Problem("reason", _("请写明撤回的理由。"))])
    locked.withdrawn_at = timezone.now()
    locked.withdrawn_reason = reason.strip()[:REASON_LONGEST]
    locked.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    details = {"document": str(locked.pk), "reason": locked.withdrawn_reason}
    audit.record_many(actor, "foundation.withdraw_document", [(locked, details), (entity_of(locked), details)])
    return locked


@action("foundation.erase_document")
def erase_document(*, actor: Actor, document: Document) -> Document:
    """Let the content of a withdrawn document go once its time of keeping is over; the entry stays without it."""
    locked = Document.objects.select_for_update().get(pk=document.pk)
    require(actor, "erase", locked)
    if locked.withdrawn_at is None or locked.retain_until >= timezone.localdate():
        raise Invalid(_("这份附件还在保管期内，内容不能清除。"))
    locked.erased_at = timezone.now()
    locked.save(update_fields=["erased_at"])
    audit.record(actor, "foundation.erase_document", locked, sha256=locked.sha256)
    return locked


def let_go(document: Document, because: str) -> str:
    """Nobody opens it from now on, and its content goes with the next housekeeping, since its time of keeping is over;
    for use within an action, whose event tells of it. Answers its identifier.
    """
    document.withdrawn_at = document.withdrawn_at or timezone.now()
    document.withdrawn_reason, document.name = because, f"已删除的附件{PurePath(document.name).suffix}"
    document.retain_until = timezone.localdate() - dt.timedelta(days=1)
    document.save(update_fields=["withdrawn_at", "withdrawn_reason", "name", "retain_until"])
    return str(document.pk)


def tidy() -> int:
    """Housekeeping: erase what is past its time, sweep content that nothing refers to. Answers how much was done."""
    today = timezone.localdate()
    due = Document.objects.filter(withdrawn_at__isnull=False, erased_at=None, retain_until__lt=today)[:_AT_ONCE]
    for document in due:
        erase_document(actor=system_actor(_("平台清理")), document=document)
    return len(due) + vault.sweep(_claimed)


def _claimed(hashes: list[str]) -> set[str]:
    return set(Document.objects.filter(sha256__in=hashes, erased_at=None).values_list("sha256", flat=True))


def _require_room_for_new(entity: Model, received: Received) -> None:
    """Before the content is looked into, which costs more than to count."""
    kept = Document.objects.filter(entity_kind=entity._meta.label_lower, entity_id=entity.pk, withdrawn_at=None)
    if not kept.filter(sha256=received.sha256).exists():
        require_room(entity, received.size)


def _named(name: str) -> str:
    try:
        return shown_name(name)
    except Invalid as invalid:
        raise Invalid(invalid.message, [Problem("file", invalid.message)]) from None


def _new(actor: Actor, entity: Model, received: Received, finding: Finding, name: str, visibility: str) -> Document:
    now = timezone.now()
    document = Document(
        entity_kind=entity._meta.label_lower,
        entity_id=entity.pk,
        name=name,
        media_type=finding.medium.media_type,
        sha256=received.sha256,
        size=received.size,
        oddities=list(finding.oddities),
        visibility=visibility,
        declaration=VERSION,
        declared_by=actor.account,
        declared_at=now,
        uploaded_by=actor.account,
        uploader_party=actor.party,
        uploader_name=actor.name,
        retain_until=_kept_until(timezone.localdate(now)),
    )
    if visibility not in ATTACHABLE or not allows(actor, "view", document):
        message = _("请选择附件给谁看；只能选您自己也能看到的范围。")
        raise Invalid(message, [Problem("visibility", message)])
    return document


def _kept_until(day: dt.date) -> dt.date:
    year = day.year + settings.ENVIRONMENT.document_years
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _replaced(actor: Actor, entity: Model, replaces: Document | None) -> Document | None:
    if replaces is None:
        return None
    older = Document.objects.select_for_update().get(pk=replaces.pk)
    require(actor, "view", older)
    if older.entity_id != entity.pk or older.superseded_by_id is not None:
        raise Invalid(_("要替换的附件已经有了更新的版本，或者不在这条记录上。请刷新页面后再试。"))
    return older


def _identity(document: Document) -> dict[str, Any]:
    return {name: getattr(document, name) for name in ("entity_kind", "entity_id", "sha256", "name", "visibility")}


def _facts(document: Document) -> dict[str, Any]:
    named = ("name", "sha256", "size", "media_type", "visibility", "declaration", "oddities")
    return {name: getattr(document, name) for name in named}


def _told(document: Document) -> dict[str, Any]:
    """What the record's own history says of it: less, because more people may read that."""
    return {"document": str(document.pk), "visibility": document.visibility, "declaration": document.declaration}
