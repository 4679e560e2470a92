"""An officer's seal key: enrolled, given another passphrase, revoked."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid
from rongtong.domain.foundation.models import BoxCustodian, SealedBox, SealKey
from rongtong.domain.foundation.sealing import keys
from rongtong.domain.foundation.sealing.encoding import encoded
from rongtong.domain.foundation.sealing.suites import DEFAULT, suite

LEAST_CUSTODIANS = 2
UNOPENED = ("open", "closed")


@action("sealing.enrol_seal_key")
def enrol_seal_key(*, actor: Actor, passphrase: str) -> SealKey:
    """Give an officer a key for openings, locked with ``passphrase``; nobody can restore it when that is forgotten.

    Raises AccessDenied, Invalid (a key exists already; the passphrase is weak or is the sign-in password).
    """
    pair = suite().new_pair()
    key = SealKey(
        account=actor.account or 0, holder_name=actor.name, suite=DEFAULT, public_key=encoded(pair.public), locked={}
    )
    require(actor, "create", key)
    if SealKey.objects.select_for_update().filter(account=key.account, revoked_at__isnull=True).exists():
        raise Invalid(_("您已经有一把开箱密钥。要换新的，请先停用旧的。"))
    keys.check_passphrase(actor, passphrase)
    key.locked = suite().lock(passphrase, pair.private, keys.locking_context(key))
    key.endorsement = keys.endorse(key)
    try:
        with transaction.atomic():
            key.save()
    except IntegrityError:  # of two clicks at once the second
        raise Invalid(_("您已经有一把开箱密钥。要换新的，请先停用旧的。")) from None
    audit.record(actor, "sealing.enrol_seal_key", key, suite=key.suite)
    return key


def change_passphrase(*, actor: Actor, key: SealKey, passphrase: str, wanted: str) -> SealKey:
    """Lock the key with another passphrase. Raises WrongPassphrase (noted) when ``passphrase`` is not the present one.

    The key is unlocked before the transaction begins, so that a wrong passphrase stays noted.
    """
    require(actor, "change", key)
    keys.check_passphrase(actor, wanted)
    return relock_seal_key(actor=actor, key=key, private=keys.unlocked(actor, key, passphrase), passphrase=wanted)


@action("sealing.change_passphrase")
def relock_seal_key(*, actor: Actor, key: SealKey, private: bytes, passphrase: str) -> SealKey:
    """Keep the private half locked with ``passphrase`` instead."""
    locked = SealKey.objects.select_for_update().get(pk=key.pk)
    require(actor, "change", locked)
    locked.locked = suite(locked.suite).lock(passphrase, private, keys.locking_context(locked))
    locked.save()
    audit.record(actor, "sealing.change_passphrase", locked)
    return locked


@action("sealing.revoke_seal_key")
def revoke_seal_key(*, actor: Actor, key: SealKey, reason: str) -> SealKey:
    """End a key: it opens nothing any more.

    Raises IllegalTransition while a box that is not yet opened would be left with fewer than two custodians.
    """
    locked = SealKey.objects.select_for_update().get(pk=key.pk)
    require(actor, "revoke", locked)
    if locked.revoked_at:
        raise IllegalTransition(_("这把密钥已经停用。"))
    if not reason.strip():
        raise Invalid(_("停用密钥需要说明理由。"))
    _leave_enough_custodians(locked)
    locked.revoked_at, locked.revoked_because = timezone.now(), reason.strip()[:300]
    locked.save()
    audit.record(actor, "sealing.revoke_seal_key", locked, reason=locked.revoked_because)
    return locked


def _leave_enough_custodians(key: SealKey) -> None:
    """The boxes are locked first: of two keys revoked at once only one may leave."""
    boxes = SealedBox.objects.select_for_update().filter(custodians__key=key, state__in=UNOPENED).order_by("pk")
    for box in list(boxes):
        others = BoxCustodian.objects.filter(box=box, key__revoked_at__isnull=True).exclude(key=key).count()
        if others < LEAST_CUSTODIANS:
            raise IllegalTransition(
                _("“%(box)s”还没有开启，停用后可用的开箱人将不足两位。请先开启或作废它。") % {"box": box.title}
            )
