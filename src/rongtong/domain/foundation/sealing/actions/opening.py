"""The opening: two officers, after the hour, everything checked, one protocol."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor, Role, system_actor
from rongtong.domain.foundation.errors import AccessDenied, DomainError, Invalid
from rongtong.domain.foundation.models import ClosedEvent, Envelope, OpeningProtocol, SealedBox, SealKey
from rongtong.domain.foundation.sealing import clock, inspection, keys, locks, openings, protocols
from rongtong.domain.foundation.sealing.actions.boxes import close_box
from rongtong.domain.foundation.sealing.states import BOX
from rongtong.domain.foundation.transitions import advance

CLOCK = system_actor("平台时钟")


def open_box(
    *, actor: Actor, box: SealedBox, passphrase: str, witness: Actor, witness_passphrase: str
) -> OpeningProtocol:
    """Open ``box`` with two custodians who are present: ``actor``, who is signed in, and ``witness``.

    Each gives the passphrase of their own key. Raises TooEarly, WrongPassphrase, AccessDenied, Invalid; whatever is
    refused leaves an event. Not inside another transaction.
    """
    try:
        _refuse_early(box)
        require(actor, "open", box)
        openings.refuse_objected(box)
        pair = {actor: passphrase, witness: witness_passphrase}
        private = {key: keys.unlocked(actor, key, pair[who]) for who, key in _keys(box, actor, witness).items()}
        return unseal_box(actor=actor, box=box, private=private)
    except DomainError as refusal:
        audit.note(actor, "sealing.opening_refused", box, reason=refusal.message, witness=witness.name)
        if isinstance(refusal, AccessDenied):
            refusal.noted = True
        raise


@action("sealing.open_box")
def unseal_box(*, actor: Actor, box: SealedBox, private: dict[SealKey, bytes]) -> OpeningProtocol:
    """Unlock the box with two private keys, check and open every envelope, write the protocol, destroy the key.

    The lock of the row and the table let only one opening happen; the hour, and what the box was made for, are asked
    again under that lock.
    """
    locked = SealedBox.objects.select_for_update().get(pk=box.pk)
    if locked.state == "open" and clock.has_come(locked.closes_at):
        close_box(actor=CLOCK, box=locked)
    openings.refuse_objected(locked)
    opened = advance(BOX, locked, "open", actor=actor)
    _still_usable(private)
    box_key = locks.unlock(opened, private)
    at = clock.now().astimezone(UTC)
    results = [_open(envelope, box_key, at) for envelope in opened.envelopes.select_for_update()]
    protocol = protocols.write(opened, sorted(private, key=lambda key: key.holder_name), at, results + _missing(opened))
    locks.destroy(opened)
    opened.save()
    audit.disclose(opened.pk)
    audit.record(actor, "sealing.open_box", protocol, box=str(opened.pk), root=protocol.root, envelopes=len(results))
    openings.follow(actor, opened)
    return protocol


def _refuse_early(box: SealedBox) -> None:
    if not clock.has_come(box.opens_at):
        raise locks.TooEarly(_("还没有到开启时间，不能提前开启。"))


def _keys(box: SealedBox, actor: Actor, witness: Actor) -> dict[Actor, SealKey]:
    """The keys of the two for this box. Both must be officers today, and two persons."""
    if actor.account == witness.account:
        raise Invalid(_("开启需要两位不同的开箱人同时在场。"))
    held = {each.account: each.key for each in box.custodians.select_related("key")}
    found = {}
    for who in (actor, witness):
        key = held.get(who.account) if who.account is not None and who.is_any(Role.OFFICER) else None
        if key is None or key.revoked_at:
            raise Invalid(_("%(name)s不是这个密封箱的开箱人，或其密钥、身份已停用。") % {"name": who.name})
        found[who] = key
    return found


def _still_usable(private: dict[SealKey, bytes]) -> None:
    """Keys that were revoked since they were unlocked open nothing."""
    if SealKey.objects.filter(pk__in=[key.pk for key in private], revoked_at__isnull=True).count() != len(private):
        raise Invalid(_("有一把开箱密钥刚刚被停用，没有开启。"))


def _open(envelope: Envelope, box_key: bytes, at: datetime) -> dict[str, object]:
    """Check one envelope; one that fails stands in the protocol and stops no other."""
    found = inspection.inspect(envelope, box_key)
    if envelope.state == "sealed":
        envelope.state = "opened" if found.result == "opened" else "damaged"
        envelope.state_since = envelope.opened_at = at
        envelope.opened_key = found.kept_key
        envelope.save()
    return protocols.entry(envelope, found)


def _missing(box: SealedBox) -> list[dict[str, object]]:
    """Envelopes whose sealing was recorded aside and whose row is gone."""
    told = ClosedEvent.objects.filter(box=box.pk, action__in=("sealing.seal_envelope", "sealing.replace_envelope"))
    known = {str(pk) for pk in box.envelopes.values_list("pk", flat=True)}
    gone = {event.entity_id: event for event in told if event.entity_id not in known}
    return [protocols.missing(event) for event in gone.values()]
