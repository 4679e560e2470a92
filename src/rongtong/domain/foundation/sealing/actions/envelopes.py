"""An envelope: sealed, replaced, withdrawn, always before the box closes.

What happens to envelopes before the opening is kept out of the audit chain (it would tell who hands something in) and
folded into it at the opening.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import DomainError, IllegalTransition, Invalid
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.foundation.models import Envelope, SealedBox
from rongtong.domain.foundation.sealing import clock, files, installation, locks, receipts
from rongtong.domain.foundation.sealing.contents import Part, content_context, write_parts
from rongtong.domain.foundation.sealing.encoding import canonical, decoded, encoded
from rongtong.domain.foundation.sealing.states import ENVELOPE
from rongtong.domain.foundation.sealing.streams import SealingWriter
from rongtong.domain.foundation.sealing.suites import KEY_BYTES, suite

LONGEST_TOKEN = 64


class TooLate(IllegalTransition):
    """The box does not take, change or give back envelopes any more."""


@dataclass(frozen=True, slots=True)
class SealedParts:
    """Parts that lie sealed in a file; a row has still to name it."""

    envelope: UUID
    size: int
    ciphertext_hash: str
    commitment: str
    content_key: str


def seal_envelope(*, actor: Actor, box: SealedBox, parts: Iterable[Part], token: str) -> Envelope:
    """Hand ``parts`` in, sealed; the same ``token`` again answers the same envelope (a double click makes one).

    The file is encrypted and complete on the disk before the transaction begins. Raises TooLate (recorded),
    AccessDenied, Invalid (one is there already: replace it). Not inside another transaction; a caller with records of
    its own uses :func:`recording_lateness`, :func:`seal_parts` and :func:`keep_envelope`.
    """
    with recording_lateness(actor, box):
        take_only_in_time(box)
        require(actor, "seal", box)
        if known := _known(actor, box, token):
            return known
        with seal_parts(box, parts) as sealed:
            return keep_envelope(actor=actor, box=box, sealed=sealed, token=token)


def replace_envelope(*, actor: Actor, envelope: Envelope, parts: Iterable[Part], token: str) -> Envelope:
    """Hand in a new version; the one before stays sealed and is never opened. Otherwise like :func:`seal_envelope`."""
    box = envelope.box
    with recording_lateness(actor, box):
        take_only_in_time(box)
        require(actor, "replace", envelope)
        if known := _known(actor, box, token):
            return known
        with seal_parts(box, parts) as sealed:
            return keep_replacement(actor=actor, envelope=envelope, sealed=sealed, token=token)


def withdraw_envelope(*, actor: Actor, envelope: Envelope) -> Envelope:
    """Take an envelope back; it stays sealed and is never opened. Raises TooLate (recorded), AccessDenied."""
    with recording_lateness(actor, envelope.box):
        return take_back_envelope(actor=actor, envelope=envelope)


@contextmanager
def recording_lateness(actor: Actor, box: SealedBox) -> Iterator[None]:
    """Leave an event when what is tried within comes too late; must stand outside its transaction."""
    try:
        yield
    except TooLate:
        note_lateness(actor=actor, box=box)
        raise


@contextmanager
def seal_parts(box: SealedBox, parts: Iterable[Part]) -> Iterator[SealedParts]:
    """Encrypt ``parts`` to the box, piece by piece, into a file; within the block a row is to be made that names it.

    When the block is refused, the file goes. After any other failure it stays: the row may have been written all the
    same, and a file that no row names is swept by housekeeping.
    """
    _refuse_changed_terms(box)
    algorithms, envelope, key = suite(box.suite), new_id(), os.urandom(KEY_BYTES)
    with files.writing(box.pk, envelope, algorithms.hash_name) as (file, written):
        writer = SealingWriter(algorithms, key, content_context(box.pk, envelope), file.write)
        commitment = write_parts(writer, algorithms, parts)
    wrapped = algorithms.seal(decoded(box.public_key), key, content_context(box.pk, envelope))
    try:
        yield SealedParts(envelope, written.size, written.hash, commitment, encoded(wrapped))
    except DomainError:
        files.remove(box.pk, envelope)
        raise


@action("sealing.seal_envelope")
def keep_envelope(*, actor: Actor, box: SealedBox, sealed: SealedParts, token: str) -> Envelope:
    """Make the row of a sealed file, in time and once; the time is asked under the lock of the box."""
    locked = _locked_in_time(box)
    require(actor, "seal", locked)
    if known := _known(actor, locked, token):
        return _again(actor, known, sealed)
    if Envelope.objects.filter(Q(party=actor.party), box=locked, state="sealed").exists():
        raise Invalid(_("本单位已经投递过一份。要改动，请用“替换”；要撤下，请先撤回。"))
    envelope = _new_row(actor, locked, sealed, token)
    audit.record_closed(actor, "sealing.seal_envelope", envelope, box=locked.pk, version=envelope.version)
    return envelope


@action("sealing.replace_envelope")
def keep_replacement(*, actor: Actor, envelope: Envelope, sealed: SealedParts, token: str) -> Envelope:
    """Make the row of a sealed file in place of ``envelope``."""
    box = _locked_in_time(envelope.box)
    if known := _known(actor, box, token):
        return _again(actor, known, sealed)
    former = _moved(actor, envelope, "replace")
    row = _new_row(actor, box, sealed, token, replaces=former)
    audit.record_closed(actor, "sealing.replace_envelope", row, box=box.pk, version=row.version, former=str(former.pk))
    return row


@action("sealing.withdraw_envelope")
def take_back_envelope(*, actor: Actor, envelope: Envelope) -> Envelope:
    """Mark an envelope withdrawn, in time."""
    box = _locked_in_time(envelope.box)
    moved = _moved(actor, envelope, "withdraw")
    audit.record_closed(actor, "sealing.withdraw_envelope", moved, box=box.pk)
    return moved


@action("sealing.note_lateness")
def note_lateness(*, actor: Actor, box: SealedBox) -> None:
    """Record that ``actor`` came too late: aside until the opening, in the chain after it."""
    locked = SealedBox.objects.select_for_update().get(pk=box.pk)
    if locked.state == "opened":
        audit.record(actor, "sealing.note_lateness", locked)
    else:
        audit.record_closed(actor, "sealing.note_lateness", locked, box=locked.pk)


def _refuse_changed_terms(box: SealedBox) -> None:
    """Nothing is sealed to a key that somebody wrote into the database."""
    if not locks.genuine(box):
        raise locks.NotAsSigned(_("密封箱的设置与建立时不一致，已停止收件。请联系管理部门。"))


def take_only_in_time(box: SealedBox) -> None:
    """Raises TooLate when ``box`` takes nothing any more, by its state or by either clock."""
    if box.state == "abandoned":
        raise TooLate(_("“%(box)s”已作废，不再收件。") % {"box": box.title})
    if box.state != "open" or clock.is_past(box.closes_at):
        closed = timezone.localtime(box.closes_at).strftime("%Y-%m-%d %H:%M:%S")
        raise TooLate(_("已过截止时间 %(hour)s，不能再投递、替换或撤回。") % {"hour": closed})


def _locked_in_time(box: SealedBox) -> SealedBox:
    locked = SealedBox.objects.select_for_update().get(pk=box.pk)
    take_only_in_time(locked)
    return locked


def _known(actor: Actor, box: SealedBox, token: str) -> Envelope | None:
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise Invalid(_("页面不完整，请刷新后重新投递。"))
    return Envelope.objects.filter(Q(party=actor.party), box=box, token=token).first()


def _again(actor: Actor, known: Envelope, sealed: SealedParts) -> Envelope:
    """The second of two clicks: its file goes, its coming is kept aside like the first."""
    files.remove(known.box_id, sealed.envelope)
    audit.record_closed(actor, "sealing.seal_envelope", known, box=known.box_id, again=True)
    return known


def _new_row(
    actor: Actor, box: SealedBox, sealed: SealedParts, token: str, replaces: Envelope | None = None
) -> Envelope:
    at = clock.now().astimezone(UTC)
    assert actor.party is not None  # access asks for one
    envelope = Envelope(
        id=sealed.envelope,
        box=box,
        party=actor.party,
        party_name=actor.party_name or actor.name,
        account=actor.account,
        token=token,
        version=replaces.version + 1 if replaces else 1,
        replaces=replaces,
        sealed_at=at,
        state_since=at,
        size=sealed.size,
        ciphertext_hash=sealed.ciphertext_hash,
        commitment=sealed.commitment,
        content_key=sealed.content_key,
        issuer=installation.fingerprint(),
    )
    envelope.signature = installation.sign(canonical(receipts.statement(envelope)))
    envelope.save(force_insert=True)
    return envelope


def _moved(actor: Actor, envelope: Envelope, event: str) -> Envelope:
    """Move an envelope by its table, signed, without an event in the chain."""
    locked = Envelope.objects.select_for_update().get(pk=envelope.pk)
    require(actor, event, locked)
    row = ENVELOPE.step(event, locked.state)
    if row is None:
        label = ENVELOPE.state(locked.state).label
        raise IllegalTransition(_("这份密封件现在是“%(state)s”，不能再改动。") % {"state": label})
    locked.state, locked.state_since = row.target, clock.now().astimezone(UTC)
    locked.state_signature = installation.sign(receipts.state_statement(locked))
    locked.save()
    return locked
