"""Taking the audit away and letting its oldest part go, when its time has passed."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from rongtong.domain.foundation import archives, audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.archives import Manifest
from rongtong.domain.foundation.audit import ACCESS, HEADS, PROVISION, PRUNED, STREAMS, Verification
from rongtong.domain.foundation.errors import DomainError
from rongtong.domain.foundation.models import AuditHead


@dataclass(frozen=True, slots=True)
class Expired:
    """The events of a stream whose time has passed: how many, their numbers, and from when to when they are."""

    stream: str
    days: int
    events: int
    first_seq: int = 0
    last_seq: int = 0
    since: datetime | None = None
    until: datetime | None = None


def kept_days() -> dict[str, int]:
    """For how many days each stream that does not stay for good is kept."""
    return {ACCESS: settings.ENVIRONMENT.keep_access_days, PROVISION: settings.ENVIRONMENT.keep_provision_days}


def expired(stream: str, now: datetime | None = None) -> Expired:
    """What retention would let go of ``stream`` now."""
    days = kept_days()[stream]
    model = STREAMS[stream]._default_manager
    limit = (now or timezone.now()) - timedelta(days=days)
    kept = model.filter(at__gte=limit).order_by("at", "seq").values_list("seq", flat=True).first()
    old = model.filter(seq__lt=kept) if kept is not None else model.all()
    first, last = old.order_by("seq").first(), old.order_by("-seq").first()
    if first is None or last is None:
        return Expired(stream, days, 0)
    return Expired(stream, days, old.count(), first.seq, last.seq, first.at, last.at)


@action(PRUNED)
def prune_audit(*, actor: Actor, now: datetime | None = None) -> list[Expired]:
    """Let the events go whose time has passed; acts are kept for good. Answers what went.

    Where an archive folder is set they are exported there first, and nothing goes unless the archive reads back whole.
    """
    heads = {stream: _locked_head(stream) for stream in kept_days()}
    for head in heads.values():
        require(actor, "prune", head)
    gone = [found for stream in heads if (found := expired(stream, now)).events]
    for found in gone:
        _let_go(actor, found)
    if not gone:
        audit.record(actor, "foundation.nothing_to_prune", heads[ACCESS], days=kept_days())
    return gone


def prune_if_due(actor: Actor) -> int:
    """Prune when there is something to let go; how many events went."""
    if not any(expired(stream).events for stream in kept_days()):
        return 0
    return sum(found.events for found in prune_audit(actor=actor))


def _let_go(actor: Actor, found: Expired) -> None:
    archive = _archived(actor, found)
    audit.let_go(found.stream, _just_after(found))
    head = AuditHead.objects.get(pk=HEADS[found.stream])
    audit.record(
        actor,
        PRUNED,
        head,
        stream=found.stream,
        days=found.days,
        events=found.events,
        first_seq=found.first_seq,
        last_seq=found.last_seq,
        since=found.since,
        until=found.until,
        head=head.base_hash,
        archive=archive,
    )


def _just_after(found: Expired) -> datetime:
    if found.until is None:
        raise ValueError("nothing has expired")
    return found.until + timedelta(microseconds=1)


def _archived(actor: Actor, found: Expired) -> str:
    """The name of the archive of what is about to go; "" where no folder is set."""
    folder: Path | None = settings.ENVIRONMENT.audit_archive
    if folder is None:
        return ""
    target, manifest = _write(folder, found.stream, found.first_seq, found.last_seq)
    _manifest, done, _seen = archives.check(target)
    if done.fault or manifest.events != found.events:
        raise DomainError(f"{target}: {done.fault or 'incomplete'}, nothing was pruned")
    return target.name


@action("foundation.export_audit")
def export_audit(
    *, actor: Actor, stream: str, folder: Path, since: datetime | None = None, until: datetime | None = None
) -> tuple[Path, Manifest] | None:
    """Write the events of ``stream`` from ``since`` up to before ``until`` to an archive in ``folder``.

    Answers its path and manifest; None when there are no such events.
    """
    head = _locked_head(stream)
    require(actor, "export", head)
    model = STREAMS[stream]._default_manager
    wanted = model.filter(**({"at__gte": since} if since else {}), **({"at__lt": until} if until else {}))
    ends = wanted.order_by("seq").values_list("seq", flat=True)
    first, last = ends.first(), ends.last()
    if first is None or last is None:
        audit.record(actor, "foundation.export_audit", head, stream=stream, events=0)
        return None
    target, manifest = _write(folder, stream, first, last)
    audit.record(
        actor,
        "foundation.export_audit",
        head,
        stream=stream,
        events=manifest.events,
        first_seq=first,
        last_seq=last,
        head=manifest.head_hash,
        archive=target.name,
    )
    return target, manifest


def verify_audit(*, actor: Actor, heads: dict[str, str] | None = None) -> list[Verification]:
    """Every chain verified, against heads kept elsewhere where given; leaves an event that says what was found."""
    require(actor, "verify", AuditHead())
    found = [audit.verify(stream, head=(heads or {}).get(stream, "")) for stream in STREAMS]
    results = {each.stream: {"events": each.events, "head": each.head, "fault": each.fault} for each in found}
    audit.note(actor, "audit.verified", results=results)
    return found


def _locked_head(stream: str) -> AuditHead:
    head, _made = AuditHead.objects.select_for_update().get_or_create(pk=HEADS[stream])
    return head


def _write(folder: Path, stream: str, first: int, last: int) -> tuple[Path, Manifest]:
    """Write under another name and move into place, so that a file that is there is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"rongtong-audit-{stream}-{first}-{last}.zip"
    draft = target.with_suffix(".part")
    events = STREAMS[stream]._default_manager.filter(seq__gte=first, seq__lte=last).order_by("seq")
    head = AuditHead.objects.get(pk=HEADS[stream])
    manifest = archives.write(
        draft,
        events.iterator(chunk_size=2000),
        stream,
        (head.seq, head.hash),
        settings.ENVIRONMENT.region,
        timezone.now().isoformat(),
    )
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(target)
    return target, manifest
