"""Every action of sealing performed once, for the test that tries every action there is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from rongtong.domain.foundation.actors import system_actor
from rongtong.domain.foundation.sealing import clock
from rongtong.domain.foundation.sealing.actions import (
    abandon_box,
    change_passphrase,
    close_box,
    postpone_box,
    replace_envelope,
    revoke_seal_key,
    seal_envelope,
    withdraw_envelope,
)
from rongtong.domain.foundation.sealing.actions.envelopes import TooLate
from tests.factories import member
from tests.foundation.sealing.scene import PASSPHRASE, Hours, Scene, new_scene, parts


@contextmanager
def a_scene() -> Iterator[Scene]:
    hours = Hours()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "_process_clock", lambda: timezone.now() + hours.moved)
        patch.setattr(clock, "_database_clock", lambda: timezone.now() + hours.database)
        yield new_scene(hours)


def _change_passphrase(scene: Scene) -> None:
    key, phrase = scene.keys[0], scene.passphrases[0]
    change_passphrase(actor=scene.officers[0], key=key, passphrase=phrase, wanted=PASSPHRASE.format("新的"))


def _revoke(scene: Scene) -> None:
    revoke_seal_key(actor=scene.officers[0], key=scene.keys[0], reason="调离")


def _close(scene: Scene) -> None:
    scene.hours.at(scene.box.closes_at)
    close_box(actor=system_actor("平台时钟"), box=scene.box)


def _postpone(scene: Scene) -> None:
    later = scene.box.closes_at + timedelta(days=1)
    postpone_box(actor=scene.officers[0], box=scene.box, closes_at=later, reason="节假日")


def _abandon(scene: Scene) -> None:
    abandon_box(actor=scene.officers[0], box=scene.box, reason="重新发布")


def _open(scene: Scene) -> None:
    scene.after_the_hour().open()


def _seal(scene: Scene) -> None:
    seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")


def _replace(scene: Scene) -> None:
    firm = member()
    envelope = seal_envelope(actor=firm, box=scene.box, parts=parts(), token="a")
    replace_envelope(actor=firm, envelope=envelope, parts=parts(), token="b")


def _withdraw(scene: Scene) -> None:
    firm = member()
    withdraw_envelope(actor=firm, envelope=seal_envelope(actor=firm, box=scene.box, parts=parts(), token="a"))


def _be_late(scene: Scene) -> None:
    scene.hours.at(scene.box.opens_at + timedelta(seconds=1))
    with pytest.raises(TooLate):
        _seal(scene)


def _perform(step: Callable[[Scene], None]) -> None:
    with a_scene() as scene:
        step(scene)


SEALING: dict[str, Callable[[], object]] = {
    name: partial(_perform, step)
    for name, step in {
        "sealing.enrol_seal_key": lambda scene: None,
        "sealing.create_box": lambda scene: None,
        "sealing.change_passphrase": _change_passphrase,
        "sealing.revoke_seal_key": _revoke,
        "sealing.close_box": _close,
        "sealing.postpone_box": _postpone,
        "sealing.abandon_box": _abandon,
        "sealing.open_box": _open,
        "sealing.seal_envelope": _seal,
        "sealing.replace_envelope": _replace,
        "sealing.withdraw_envelope": _withdraw,
        "sealing.note_lateness": _be_late,
    }.items()
}
