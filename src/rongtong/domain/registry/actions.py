"""Every write to the register (importing stands in ``exchange.actions``)."""

import copy
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents.declaration import require_declared
from rongtong.domain.foundation.errors import Invalid, Problem, Stale
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.parties.models import Party
from rongtong.domain.registry import layers
from rongtong.domain.registry.kinds import all_kinds, kind_of
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.persons import listing_problems, refuses_listing
from rongtong.domain.registry.reading import read
from rongtong.domain.registry.states import LIFE
from rongtong.engines import text

TITLE_LONGEST = 300
HANDING_IN = "submit"
"""The step by which a record leaves its author's desk."""


@action("registry.create_resource")
def create_resource(
    *,
    actor: Actor,
    kind: str,
    title: str,
    values: Mapping[str, object],
    title_en: str = "",
    owner: Party | None = None,
    visibility: str = Visibility.PUBLIC,
    source: str = "",
    external_id: str = "",
    published: bool = False,
    draft: bool = False,
    closed: Mapping[str, str] | None = None,
    opens_at: dt.datetime | None = None,
) -> Resource:
    """Add a record of ``kind``; ``values`` are by field name, as people write them.

    It begins as a draft; ``published`` is for staff who enter what is already verified. ``draft`` lets required fields
    wait until it is submitted. ``closed`` narrows who reads single fields (field name → class), what is sealed opens at
    ``opens_at``. Raises Invalid with every problem, AccessDenied.
    """
    if kind not in all_kinds():
        raise Invalid(_("没有“%(kind)s”这类记录。") % {"kind": kind})
    record = Resource(
        kind=kind,
        title=title.strip(),
        title_en=title_en.strip(),
        owner=owner,
        visibility=visibility,
        author=actor.account,
        source=source,
        external_id=external_id,
        state="published" if published else LIFE.initial,
        closed=layers.normalised(kind_of(kind), closed or {}),
        opens_at=opens_at,
    )
    require(actor, "create_published" if published else "create", record)
    _check_number(record)
    _fill(record, values, draft=draft)
    record.save(force_insert=True)
    audit.record(actor, "registry.create_resource", record, kind=kind, state=record.state)
    return record


@action("registry.update_resource")
def update_resource(
    *,
    actor: Actor,
    record: Resource,
    values: Mapping[str, object],
    title: str | None = None,
    title_en: str | None = None,
    visibility: str | None = None,
    seen_revision: int | None = None,
    draft: bool = False,
    closed: Mapping[str, str] | None = None,
    opens_at: dt.datetime | None = None,
) -> Resource:
    """Replace the values of a record; the event names the fields that changed.

    Fields that ``actor`` may not read stay as they are. ``closed`` (None leaves it) says anew which fields are narrower
    than declared; only the owner may let more people read than before, and nobody before the hour of a seal.
    ``seen_revision`` is the one the person was shown: Stale is raised when somebody else has written since.
    """
    locked = Resource.objects.select_for_update().get(pk=record.pk)
    require(actor, "edit", locked)
    if seen_revision is not None and locked.revision != seen_revision:
        raise Stale(_("“%(title)s”刚刚被别人修改过。您的修改没有保存，请先查看最新内容。") % {"title": locked.title})
    before = copy.copy(locked)
    values = _with_unread(actor, locked, values)
    locked.title = locked.title if title is None else title.strip()
    locked.title_en = locked.title_en if title_en is None else title_en.strip()
    locked.visibility = visibility or locked.visibility
    locked.closed = locked.closed if closed is None else layers.normalised(locked.declaration, closed)
    locked.opens_at = opens_at or locked.opens_at
    if layers.wider(before, locked):
        require(actor, "close", before)
    _fill(locked, values, before=before, draft=draft and locked.state in ("draft", "returned"))
    locked.revision += 1
    locked.save()
    names = before.values.keys() | locked.values.keys()
    changed = sorted(name for name in names if before.values.get(name) != locked.values.get(name))
    told = layers.audience_told(before, locked)
    audit.record(actor, "registry.update_resource", locked, changed=changed, revision=locked.revision, **told)
    return locked


@action("registry.advance_resource")
def advance_resource(
    *,
    actor: Actor,
    record: Resource,
    event: str,
    reason: str = "",
    seen_state: str | None = None,
    no_secrets: bool = False,
) -> Resource:
    """Move a record along its life (submit, verify, publish, withdraw …) and let the index know.

    Whoever hands a record in declares with ``no_secrets`` that it holds no state secret; Invalid without that.
    """
    declared = require_declared(no_secrets) if event == HANDING_IN else {}
    moved = advance(LIFE, record, event, actor=actor, reason=reason, seen_state=seen_state, **declared)
    Resource.objects.filter(pk=moved.pk).update(revision=F("revision") + 1)
    moved.refresh_from_db()
    return moved


@action("registry.consent_blind")
def consent_blind(*, actor: Actor, record: Resource, agrees: bool) -> Resource:
    """Let the platform look for answers with the closed part of a record, or stop it; the owner's word alone."""
    locked = Resource.objects.select_for_update().get(pk=record.pk)
    require(actor, "consent", locked)
    locked.blind = agrees
    locked.save(update_fields=["blind", "updated_at"])
    audit.record(actor, "registry.consent_blind", locked, agrees=agrees)
    return locked


@action("registry.unseal_resource")
def unseal_resource(*, actor: Actor, record: Resource) -> Resource:
    """Open what is sealed of a record whose hour has come: the record becomes public, its sealed fields as declared."""
    locked = Resource.objects.select_for_update().get(pk=record.pk)
    require(actor, "unseal", locked)
    if locked.visibility == Visibility.SEALED:
        locked.visibility = Visibility.MEMBERS if refuses_listing(locked) else Visibility.PUBLIC
    locked.closed = {name: each for name, each in locked.closed.items() if each != Visibility.SEALED}
    locked.opens_at = None
    locked.fill_columns()
    locked.fingerprint = fingerprint(locked)
    locked.revision += 1
    locked.save()
    audit.record(actor, "registry.unseal_resource", locked, revision=locked.revision)
    return locked


def _with_unread(actor: Actor, record: Resource, values: Mapping[str, object]) -> dict[str, object]:
    """``values`` with what ``actor`` may not read left as it stands, so that nobody overwrites what they cannot see."""
    readable = read(actor, record).fields
    hidden = {name: value for name, value in record.values.items() if name not in readable}
    return {name: value for name, value in values.items() if name not in hidden} | {
        name: record.declaration.field(name).type.plain(value) for name, value in hidden.items()
    }


def _check_number(record: Resource) -> None:
    """An external id means one record of the same owner and source; those of others are not told."""
    if not record.external_id:
        return
    same = Resource.objects.filter(kind=record.kind, source=record.source, external_id=record.external_id)
    if same.filter(owner=record.owner).exists():
        message = _("外部编号“%(number)s”已经登记过。") % {"number": record.external_id}
        raise Invalid(message, [Problem("external_id", message)])


def _fill(record: Resource, values: Mapping[str, Any], *, draft: bool, before: Resource | None = None) -> None:
    """Check title, visibility and values together, then set them and every derived column."""
    cleaned = kind_of(record.kind).clean(values)
    problems = [*_title_problems(record), *cleaned.problems, *layers.audience_problems(record)]
    problems += layers.still_sealed(before, record) if before else []
    if draft:
        problems = [each for each in problems if values.get(each.field) or each.field in _ALWAYS_CHECKED]
    record.values = cleaned.values
    problems += listing_problems(record)
    if not problems and not draft:
        problems += layers.names_its_owner(record)
    if problems:
        raise Invalid(_("有 %(count)s 处需要修改，未保存。") % {"count": len(problems)}, problems)
    record.fill_columns()
    record.fingerprint = fingerprint(record)


_ALWAYS_CHECKED = ("title", "visibility", "closed", "opens_at")


def fingerprint(record: Resource) -> int:
    """A 64-bit signed SimHash of title and public body: near-duplicates differ in few bits. 0 while it is sealed."""
    if record.sealed:
        return 0
    body = kind_of(record.kind).body(record.values, record.public_fields)
    value = text.simhash(f"{record.title}\n{body}")
    return value - (1 << 64) if value >= 1 << 63 else value


def _title_problems(record: Resource) -> list[Problem]:
    if not record.title:
        return [Problem("title", _("“%(label)s”必填。") % {"label": kind_of(record.kind).title})]
    if len(record.title) > TITLE_LONGEST:
        return [Problem("title", _("名称不能超过 %(longest)s 个字。") % {"longest": TITLE_LONGEST})]
    return []
