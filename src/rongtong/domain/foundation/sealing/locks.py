"""The key of a box: split so that two officers and the hour together are needed, and put together again.

The private key is encrypted under K = HKDF(s ‖ h). s is the officers' secret: for every pair of custodians s = a ⊕ b,
a sealed to the one and b to the other; so any two of them have s and one alone has nothing. h is the hour's part: kept
under the platform's key, bound to the terms of the box, and given out by :func:`hour_part` alone, which asks the clock.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations

from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.errors import IllegalTransition
from rongtong.domain.foundation.models import BoxShare, SealedBox, SealKey
from rongtong.domain.foundation.sealing import clock, installation
from rongtong.domain.foundation.sealing.encoding import canonical, context, decoded, encoded, moment
from rongtong.domain.foundation.sealing.suites import KEY_BYTES, Unreadable, suite

POSTPONED = "sealing.postpone_box"


class TooEarly(IllegalTransition):
    """The hour of a box has not come."""


class NotAsSigned(IllegalTransition):
    """A box is not what was signed when it was made."""


def lock(box: SealedBox, keys: Sequence[SealKey]) -> list[BoxShare]:
    """Give an unsaved box its key pair, wrapped; answers the unsaved shares of every pair of ``keys``."""
    algorithms, pair = suite(box.suite), suite(box.suite).new_pair()
    officers, hour = os.urandom(KEY_BYTES), os.urandom(KEY_BYTES)
    box.public_key = encoded(pair.public)
    box.wrapped_key = encoded(algorithms.wrap(_box_key(box, officers, hour), pair.private, context("box key", box.pk)))
    box.hour_part = encoded(installation.keep(algorithms, hour, _terms(box)))
    box.signature = installation.sign(_terms(box))
    return [_share(box, first, second, officers) for first, second in combinations(keys, 2)]


def genuine(box: SealedBox) -> bool:
    """Whether the terms of a box (its key, its hours, what it shows) are those signed when it was made."""
    return installation.signed_here(_terms(box), box.signature)


def postpone(box: SealedBox, closes_at: datetime, opens_at: datetime) -> None:
    """Bind a locked box to later hours; the caller saves it. Its keys, and what lies in it, stay as they are.

    The hour's part goes from the former terms to the new ones without being given out. Raises NotAsSigned when the
    terms are not those that were signed.
    """
    try:
        hour = installation.take(suite(box.suite), decoded(box.hour_part), _terms(box))
    except Unreadable:
        raise NotAsSigned(_("密封箱的设置与建立时不一致，不能延期。请联系管理部门。")) from None
    box.closes_at, box.opens_at = closes_at, opens_at
    box.hour_part = encoded(installation.keep(suite(box.suite), hour, _terms(box)))
    box.signature = installation.sign(_terms(box))


def hour_part(box: SealedBox) -> bytes:
    """The hour's part of a locked box, not before its hour. Raises TooEarly; Unreadable when the hour was moved."""
    if not clock.has_come(box.opens_at):
        raise TooEarly(_("还没有到开启时间，不能提前开启。"))
    _refuse_former_hour(box)
    return installation.take(suite(box.suite), decoded(box.hour_part), _terms(box))


def _refuse_former_hour(box: SealedBox) -> None:
    """The row of before a postponement was signed as well: what the audit says of the hour counts."""
    said = audit.history(box.pk).filter(action=POSTPONED).values_list("details__opens_at", flat=True)
    if max(said, default="") > moment(box.opens_at):
        raise NotAsSigned(_("密封箱的开启时间不是最后一次延期所定的时间：存储的数据被改动过。"))


def unlock(box: SealedBox, private: dict[SealKey, bytes]) -> bytes:
    """The private key of ``box`` with the private keys of two custodians. Raises TooEarly, NotAsSigned."""
    first, second = private
    try:
        share = box.shares.get(first__in=(first, second), second__in=(first, second))
        officers = _joined(share, private)
        key = _box_key(box, officers, hour_part(box))
        return suite(box.suite).unwrap(key, decoded(box.wrapped_key), context("box key", box.pk))
    except (Unreadable, BoxShare.DoesNotExist):
        raise NotAsSigned(_("密封箱的密钥打不开：存储的数据被改动过，或平台的签名密钥已更换。")) from None


def destroy(box: SealedBox) -> None:
    """Forget every part of the key of a locked box; the caller saves it."""
    box.wrapped_key = box.hour_part = ""
    box.shares.all().delete()


def _share(box: SealedBox, first: SealKey, second: SealKey, officers: bytes) -> BoxShare:
    half = os.urandom(KEY_BYTES)
    return BoxShare(
        box=box,
        first=first,
        second=second,
        half_for_first=_sealed_to(box, first, second, half),
        half_for_second=_sealed_to(box, second, first, _xor(half, officers)),
    )


def _sealed_to(box: SealedBox, key: SealKey, beside: SealKey, half: bytes) -> str:
    return encoded(suite(key.suite).seal(decoded(key.public_key), half, _half_context(box, key, beside)))


def _joined(share: BoxShare, private: dict[SealKey, bytes]) -> bytes:
    ours = [(share.first, share.second, share.half_for_first), (share.second, share.first, share.half_for_second)]
    halves = [
        suite(key.suite).unseal(private[key], decoded(half), _half_context(share.box, key, beside))
        for key, beside, half in ours
    ]
    return _xor(*halves)


def _half_context(box: SealedBox, key: SealKey, beside: SealKey) -> bytes:
    return context("half of a share", box.pk, key.pk, beside.pk)


def _box_key(box: SealedBox, officers: bytes, hour: bytes) -> bytes:
    return suite(box.suite).derive(officers + hour, context("box", box.pk))


def _terms(box: SealedBox) -> bytes:
    return canonical(
        {
            "box": str(box.pk),
            "subject": [box.subject_kind, box.subject_id],
            "closes_at": moment(box.closes_at),
            "opens_at": moment(box.opens_at),
            "show_count": box.show_count,
            "suite": box.suite,
            "public_key": box.public_key,
        }
    )


def _xor(first: Iterable[int], second: Iterable[int]) -> bytes:
    return bytes(one ^ other for one, other in zip(first, second, strict=True))
