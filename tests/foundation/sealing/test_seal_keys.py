"""An officer's key: a passphrase of its own, endorsed, revoked only while enough others remain."""

import inspect
from datetime import timedelta

import pytest
from django.utils import timezone

from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.foundation.models import SealKey
from rongtong.domain.foundation.sealing import keys, suites
from rongtong.domain.foundation.sealing.actions import (
    abandon_box,
    change_passphrase,
    create_box,
    enrol_seal_key,
    revoke_seal_key,
)
from rongtong.domain.parties.queries import actor_of
from tests.factories import PASSWORD, AccountFactory, RoleGrantFactory, member, officer
from tests.foundation.sealing.scene import PASSPHRASE, Hours, Scene, enrolled, new_scene

pytestmark = pytest.mark.django_db
PHRASE = PASSPHRASE.format("甲")


def test_the_private_half_is_locked_and_the_passphrase_is_nowhere() -> None:
    actor = officer()
    key = enrol_seal_key(actor=actor, passphrase=PHRASE)
    assert len(keys.unlocked(actor, key, PHRASE)) == 32
    row = str(SealKey.objects.filter(pk=key.pk).values().get())
    assert PHRASE not in row
    with pytest.raises(keys.WrongPassphrase):
        keys.unlocked(actor, key, PHRASE + "。")


@pytest.mark.parametrize("weak", ["", "短口令", "a" * 20, "abababababababababab"])
def test_a_weak_passphrase_is_refused(weak: str) -> None:
    with pytest.raises(Invalid):
        enrol_seal_key(actor=officer(), passphrase=weak)


def test_the_sign_in_password_is_refused() -> None:
    account = AccountFactory(password=PASSWORD + "加长一些")
    RoleGrantFactory(account=account, role=Role.OFFICER, party=None)
    with pytest.raises(Invalid, match="登录密码"):
        enrol_seal_key(actor=actor_of(account), passphrase=PASSWORD + "加长一些")


def test_only_officers_have_keys_and_one_each() -> None:
    actor = officer()
    enrol_seal_key(actor=actor, passphrase=PHRASE)
    with pytest.raises(Invalid, match="已经有"):
        enrol_seal_key(actor=actor, passphrase=PHRASE)
    with pytest.raises(AccessDenied):
        enrol_seal_key(actor=member(), passphrase=PHRASE)


def test_another_passphrase_opens_the_same_key(scene: Scene) -> None:
    wanted = PASSPHRASE.format("新的")
    change_passphrase(actor=scene.officers[0], key=scene.keys[0], passphrase=scene.passphrases[0], wanted=wanted)
    scene.passphrases[0] = wanted
    assert scene.after_the_hour().open().officers


def test_the_passphrase_is_changed_by_its_holder_who_knows_it(scene: Scene) -> None:
    with pytest.raises(keys.WrongPassphrase):
        change_passphrase(actor=scene.officers[0], key=scene.keys[0], passphrase="完全不对的一句口令话", wanted=PHRASE)
    with pytest.raises(AccessDenied):
        change_passphrase(actor=scene.officers[1], key=scene.keys[0], passphrase=scene.passphrases[0], wanted=PHRASE)


def test_a_key_is_not_revoked_while_a_box_would_keep_fewer_than_two(scene: Scene) -> None:
    revoke_seal_key(actor=scene.officers[0], key=scene.keys[0], reason="调离")
    with pytest.raises(IllegalTransition, match="不足两位"):
        revoke_seal_key(actor=scene.officers[1], key=scene.keys[1], reason="调离")
    abandon_box(actor=scene.officers[1], box=scene.box, reason="开箱人不足，重新发布")
    assert revoke_seal_key(actor=scene.officers[1], key=scene.keys[1], reason="调离").revoked_at


def test_the_security_administrator_may_revoke_and_nobody_else(scene: Scene) -> None:
    with pytest.raises(AccessDenied):
        revoke_seal_key(actor=scene.officers[1], key=scene.keys[0], reason="调离")
    with pytest.raises(Invalid, match="理由"):
        revoke_seal_key(actor=scene.officers[0], key=scene.keys[0], reason="")
    guard = Actor(name="安全管理员", account=77, roles=frozenset({Role.SECADMIN}))
    assert revoke_seal_key(actor=guard, key=scene.keys[0], reason="账号被盗").revoked_at
    assert enrol_seal_key(actor=scene.officers[0], passphrase=PHRASE).revoked_at is None


def test_all_that_is_wrong_with_a_box_is_said_at_once(hours: Hours) -> None:
    _officers, made, _phrases = enrolled(1)
    now = timezone.now()
    with pytest.raises(Invalid) as refusal:
        create_box(
            actor=officer(),
            title=" ",
            closes_at=now - timedelta(hours=1),
            opens_at=now - timedelta(hours=2),
            custodians=made * 2,
        )
    assert [problem.field for problem in refusal.value.problems] == ["title", "closes_at", "opens_at", "custodians"]


def test_two_custodians_are_enough_for_a_box(hours: Hours) -> None:
    assert new_scene(hours, custodians=2).after_the_hour().open().officers


def test_a_guess_at_a_passphrase_costs_what_it_should() -> None:
    """128 MB for each guess; the tests lower it, so the source is asked."""
    assert "SCRYPT_N = 2**17" in inspect.getsource(suites)
