"""Of two who open a box, or click twice, at the same moment one wins (two connections need PostgreSQL)."""

import pytest
from django.db import connection  # noqa: F401  # the condition of needs_postgresql is evaluated here

from rongtong.domain.foundation.errors import DomainError, IllegalTransition
from rongtong.domain.foundation.models import AuditEvent, Envelope, OpeningProtocol
from rongtong.domain.foundation.sealing import files, installation
from rongtong.domain.foundation.sealing.actions import (
    replace_envelope,
    revoke_seal_key,
    seal_envelope,
    withdraw_envelope,
)
from tests.factories import member
from tests.foundation.sealing.scene import Hours, new_scene, parts
from tests.foundation.test_transitions import at_once, needs_postgresql

pytestmark = [needs_postgresql, pytest.mark.django_db(transaction=True)]


def test_of_two_openings_at_once_one_happens(hours: Hours) -> None:
    scene = new_scene(hours)
    installation.fingerprint()
    seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    scene.after_the_hour()
    results = at_once(lambda: scene.open(0, 1), lambda: scene.open(1, 2))
    assert sorted(type(result).__name__ for result in results) == ["IllegalTransition", "OpeningProtocol"]
    assert OpeningProtocol.objects.count() == AuditEvent.objects.filter(action="sealing.open_box").count() == 1


def test_clicks_at_once_make_one_envelope(hours: Hours) -> None:
    scene, firm = new_scene(hours), member()
    results = at_once(
        *[lambda: seal_envelope(actor=firm, box=scene.box, parts=parts(), token="same") for _ in range(4)]
    )
    assert len({result.pk for result in results if isinstance(result, Envelope)}) == 1
    assert not any(isinstance(result, DomainError) for result in results)
    assert len(list(files.path_of(scene.box.pk, scene.box.pk).parent.iterdir())) == 1


def test_a_replacement_and_a_withdrawal_at_once_leave_one_of_them(hours: Hours) -> None:
    scene, firm = new_scene(hours), member()
    envelope = seal_envelope(actor=firm, box=scene.box, parts=parts(), token="a")
    results = at_once(
        lambda: replace_envelope(actor=firm, envelope=envelope, parts=parts(), token="b"),
        lambda: withdraw_envelope(actor=firm, envelope=envelope),
    )
    assert sum(isinstance(result, IllegalTransition) for result in results) == 1


def test_two_keys_revoked_at_once_leave_two_custodians(hours: Hours) -> None:
    scene = new_scene(hours)
    results = at_once(
        *[
            lambda place=place: revoke_seal_key(actor=scene.officers[place], key=scene.keys[place], reason="调离")
            for place in (0, 1)
        ]
    )
    assert sum(isinstance(result, IllegalTransition) for result in results) == 1
