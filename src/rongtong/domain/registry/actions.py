"""Every write to the register (importing stands in ``exchange.actions``)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Invalid, Problem, Stale
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.foundation.visibility import ORDER, Visibility
from rongtong.domain.parties.models import Party
from rongtong.domain.registry.kinds import all_kinds, kind_of
from rongtong.domain.registry.models import OWNER, Resource
from rongtong.domain.registry.reading import read
from rongtong.domain.registry.states import LIFE
from rongtong.engines import text

TITLE_LONGEST = 300


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
        closed=dict(closed or {}),
        opens_at=opens_at,
    )
    require(actor, "create_published" if published else "create", record)
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
    than declared; only the owner may let more people read than before. ``seen_revision`` is the one the person was
    shown: Stale is raised when somebody else has written since.
    """
    locked = Resource.objects.select_for_update().get(pk=record.pk)
    require(actor, "edit", locked)
    if seen_revision is not None and locked.revision != seen_revision:
        raise Stale(_("“%(title)s”刚刚被别人修改过。您的修改没有保存，请先查看最新内容。") % {"title": locked.title})
    before, audience = dict(locked.values), (locked.visibility, dict(locked.closed), locked.opens_at)
    values = _with_unread(actor, locked, values)
    locked.title = locked.title if title is None else title.strip()
    locked.title_en = locked.title_en if title_en is None else title_en.strip()
    locked.visibility = visibility or locked.visibility
    locked.closed = locked.closed if closed is None else dict(closed)
    locked.opens_at = opens_at or locked.opens_at
    if _wider(audience, locked):
        require(actor, "close", locked)
    _fill(locked, values, draft=draft and locked.state in ("draft", "returned"))
    locked.revision += 1
    locked.save()
    changed = sorted(
        name for name in before.keys() | locked.values.keys() if before.get(name) != locked.values.get(name)
    )
    told = {"visibility": locked.visibility, "closed": locked.closed} if _moved(audience, locked) else {}
    audit.record(actor, "registry.update_resource", locked, changed=changed, revision=locked.revision, **told)
    return locked


@action("registry.advance_resource")
def advance_resource(
    *, actor: Actor, record: Resource, event: str, reason: str = "", seen_state: str | None = None
) -> Resource:
    """Move a record along its life (submit, verify, publish, withdraw …) and let the index know."""
    moved = advance(LIFE, record, event, actor=actor, reason=reason, seen_state=seen_state)
    Resource.objects.filter(pk=moved.pk).update(revision=F("revision") + 1)
    moved.refresh_from_db()
    return moved


@action("registry.unseal_resource")
def unseal_resource(*, actor: Actor, record: Resource) -> Resource:
    """Open what is sealed of a record whose hour has come: the record becomes public, its sealed fields as declared."""
    locked = Resource.objects.select_for_update().get(pk=record.pk)
    require(actor, "unseal", locked)
    if locked.visibility == Visibility.SEALED:
        locked.visibility = Visibility.PUBLIC
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


Audience = tuple[str, dict[str, str], dt.datetime | None]


def _moved(before: Audience, record: Resource) -> bool:
    return before != (record.visibility, record.closed, record.opens_at)


def _wider(before: Audience, record: Resource) -> bool:
    """Whether anybody could read more of the record than before, or sooner."""
    visibility, closed, opens_at = before
    if record.visibility not in ORDER or not set(record.closed.values()) <= set(ORDER):
        return False  # refused as invalid a moment later
    opened = any(ORDER.index(each) > ORDER.index(record.closed.get(name, "public")) for name, each in closed.items())
    sooner = opens_at is not None and record.opens_at != opens_at
    return opened or sooner or ORDER.index(visibility) > ORDER.index(record.visibility)


def _fill(record: Resource, values: Mapping[str, Any], *, draft: bool) -> None:
    """Check title, visibility and values together, then set them and every derived column."""
    cleaned = kind_of(record.kind).clean(values)
    problems = [*_title_problems(record), *cleaned.problems]
    problems += _audience_problems(record)
    if draft:
        problems = [problem for problem in problems if values.get(problem.field) or problem.field == "title"]
    if problems:
        raise Invalid(_("有 %(count)s 处需要修改，未保存。") % {"count": len(problems)}, problems)
    record.values = cleaned.values
    record.fill_columns()
    record.fingerprint = fingerprint(record)


def _audience_problems(record: Resource) -> list[Problem]:
    if record.visibility not in ORDER:
        return [Problem("visibility", _("可见范围不明确。"))]
    kind = kind_of(record.kind)
    names = {OWNER, *(field.name for field in kind.fields)}
    wrong = sorted(name for name, each in record.closed.items() if name not in names or each not in ORDER)
    if wrong:
        return [Problem("closed", _("这些内容的可见范围不明确：%(names)s。") % {"names": "、".join(wrong)})]
    sealed = Visibility.SEALED in (record.visibility, *record.closed.values())
    if sealed and (record.opens_at is None or record.opens_at <= timezone.now()):
        return [Problem("opens_at", _("封存的内容需要一个将来的公开时间。"))]
    return []


def fingerprint(record: Resource) -> int:
    """A 64-bit signed SimHash of title and public body: near-duplicates differ in few bits."""
    body = kind_of(record.kind).body(record.values, record.public_fields)
    value = text.simhash(f"{record.title}\n{body}")
    return value - (1 << 64) if value >= 1 << 63 else value


def _title_problems(record: Resource) -> list[Problem]:
    if not record.title:
        return [Problem("title", _("“%(label)s”必填。") % {"label": kind_of(record.kind).title})]
    if len(record.title) > TITLE_LONGEST:
        return [Problem("title", _("名称不能超过 %(longest)s 个字。") % {"longest": TITLE_LONGEST})]
    return []
