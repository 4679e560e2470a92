"""The hour of a box moves to a later one, and to no other."""

from datetime import timedelta

import pytest

from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.foundation.models import SealedBox
from rongtong.domain.foundation.sealing import locks, receipts
from rongtong.domain.foundation.sealing.actions import (
    TooLate,
    postpone_box,
    replace_envelope,
    seal_envelope,
    withdraw_envelope,
)
from rongtong.domain.foundation.sealing.locks import NotAsSigned, TooEarly
from rongtong.domain.foundation.sealing.receipts import Standing
from tests.factories import member
from tests.foundation.sealing.scene import Scene, parts

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def postponed(scene: Scene, by: timedelta = DAY) -> SealedBox:
    closes_at = scene.box.closes_at + by
    return postpone_box(actor=scene.officers[0], box=scene.box, closes_at=closes_at, reason="节假日")


def test_it_opens_at_the_new_hour_and_not_before_with_what_lay_in_it(scene: Scene) -> None:
    envelope = seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    receipt = receipts.canonical(receipts.receipt(envelope))
    former = scene.box
    scene.box = postponed(scene)
    assert scene.box.opens_at == former.opens_at + DAY
    assert locks.genuine(scene.box)
    scene.hours.at(former.opens_at)
    with pytest.raises(TooEarly):
        scene.open()
    with pytest.raises(TooEarly):
        locks.hour_part(scene.box)
    protocol = scene.after_the_hour().open()
    assert [each["result"] for each in protocol.results] == ["opened"]
    assert receipts.verify_receipt(receipt).standing is Standing.VALID


def test_until_the_new_hour_envelopes_come_are_replaced_and_withdrawn(scene: Scene) -> None:
    one, other, late = member(), member(), member()
    first = seal_envelope(actor=one, box=scene.box, parts=parts(), token="a")
    second = seal_envelope(actor=other, box=scene.box, parts=parts(), token="a")
    former = scene.box.closes_at
    scene.box = postponed(scene)
    scene.hours.at(former + timedelta(minutes=1))
    first.refresh_from_db()
    second.refresh_from_db()
    replace_envelope(actor=one, envelope=first, parts=parts("改过的报价"), token="b")
    withdraw_envelope(actor=other, envelope=second)
    seal_envelope(actor=late, box=scene.box, parts=parts(), token="a")
    scene.hours.at(scene.box.closes_at + timedelta(seconds=1))
    with pytest.raises(TooLate):
        seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")


@pytest.mark.parametrize("by", [timedelta(0), -timedelta(seconds=1)])
def test_never_to_an_earlier_hour(scene: Scene, by: timedelta) -> None:
    with pytest.raises(Invalid, match="往后延"):
        postponed(scene, by)


def test_not_once_the_hour_has_passed_by_either_clock(scene: Scene) -> None:
    hour, before = scene.box.closes_at, scene.box.closes_at - timedelta(minutes=1)
    for clocks in ((hour, before), (before, hour)):
        scene.hours.at(*clocks)
        with pytest.raises(IllegalTransition, match="已过截止时间"):
            postponed(scene)
    scene.hours.at(before)
    with pytest.raises(AccessDenied):
        postpone_box(actor=member(), box=scene.box, closes_at=hour + DAY, reason="节假日")


def test_a_box_whose_terms_were_changed_is_not_postponed(scene: Scene) -> None:
    SealedBox.objects.filter(pk=scene.box.pk).update(show_count=True)
    with pytest.raises(NotAsSigned):
        postponed(scene)


def test_the_row_of_before_put_back_opens_nothing(scene: Scene) -> None:
    """It was signed once; that the hour moved since stands in the audit."""
    names = ("closes_at", "opens_at", "hour_part", "signature")
    former = {name: getattr(scene.box, name) for name in names}
    postponed(scene)
    SealedBox.objects.filter(pk=scene.box.pk).update(**former)
    scene.box.refresh_from_db()
    assert locks.genuine(scene.box)
    with pytest.raises(NotAsSigned, match="最后一次延期"):
        scene.after_the_hour().open()
