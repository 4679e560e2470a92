"""Every write to the register (importing stands in ``exchange.actions``)."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Invalid, Problem, Stale
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.parties.models import Party
from rongtong.domain.registry.kinds import all_kinds, kind_of
from rongtong.domain.registry.models import Resource
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
) -> Resource:
    """Add a record of ``kind``; ``values`` are by field name, as people write them.

    It begins as a draft; ``published`` is for staff who enter what is already verified. ``draft`` lets required fields
    wait until it is submitted. Raises Invalid with every problem, AccessDenied.
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
) -> Resource:
    """Replace the values of a record; the event names the fields that changed.

    ``seen_revision`` is the one the person was shown: Stale is raised when somebody else has written since.
    """
    locked = Resource.objects.select_for_update().get(pk=record.pk)
    require(actor, "edit", locked)
    if seen_revision is not None and locked.revision != seen_revision:
        raise Stale(_("“%(title)s”刚刚被别人修改过。您的修改没有保存，请先查看最新内容。") % {"title": locked.title})
    before = dict(locked.values)
    locked.title = locked.title if title is None else title.strip()
    locked.title_en = locked.title_en if title_en is None else title_en.strip()
    locked.visibility = visibility or locked.visibility
    _fill(locked, values, draft=draft and locked.state in ("draft", "returned"))
    locked.revision += 1
    locked.save()
    changed = sorted(
        name for name in before.keys() | locked.values.keys() if before.get(name) != locked.values.get(name)
    )
    audit.record(actor, "registry.update_resource", locked, changed=changed, revision=locked.revision)
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


def _fill(record: Resource, values: Mapping[str, Any], *, draft: bool) -> None:
    """Check title, visibility and values together, then set them and every derived column."""
    cleaned = kind_of(record.kind).clean(values)
    problems = [*_title_problems(record), *cleaned.problems]
    if record.visibility not in list(Visibility):
        problems.append(Problem("visibility", _("可见范围不明确。")))
    if draft:
        problems = [problem for problem in problems if values.get(problem.field) or problem.field == "title"]
    if problems:
        raise Invalid(_("有 %(count)s 处需要修改，未保存。") % {"count": len(problems)}, problems)
    record.values = cleaned.values
    record.fill_columns()
    record.fingerprint = fingerprint(record)


def fingerprint(record: Resource) -> int:
    """A 64-bit signed SimHash of title and body: near-duplicates differ in few bits."""
    body = kind_of(record.kind).body(record.values, frozenset(Visibility))
    value = text.simhash(f"{record.title}\n{body}")
    return value - (1 << 64) if value >= 1 << 63 else value


def _title_problems(record: Resource) -> list[Problem]:
    if not record.title:
        return [Problem("title", _("“%(label)s”必填。") % {"label": kind_of(record.kind).title})]
    if len(record.title) > TITLE_LONGEST:
        return [Problem("title", _("名称不能超过 %(longest)s 个字。") % {"longest": TITLE_LONGEST})]
    return []
