"""One officer cannot; two before the hour cannot; two after it can, and the protocol says what was found."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.foundation.models import AccessEvent, AuditEvent, BoxShare, ClosedEvent, Envelope, SealedBox
from rongtong.domain.foundation.sealing import files, installation, locks, protocols, queries
from rongtong.domain.foundation.sealing.actions import (
    create_box,
    replace_envelope,
    revoke_seal_key,
    seal_envelope,
    withdraw_envelope,
)
from rongtong.domain.foundation.sealing.encoding import canonical, context, decoded, encoded
from rongtong.domain.foundation.sealing.keys import WrongPassphrase, locking_context
from rongtong.domain.foundation.sealing.locks import NotAsSigned, TooEarly
from rongtong.domain.foundation.sealing.suites import Unreadable, suite
from tests.factories import PartyFactory, member, officer
from tests.foundation.sealing.scene import NAME, SECRET, Hours, Scene, enrolled, new_scene, parts

pytestmark = pytest.mark.django_db


def results(protocol: object) -> dict[str, str]:
    return {entry["envelope"]: entry["result"] for entry in protocol.results}  # type: ignore[attr-defined]


def test_two_officers_open_after_the_hour_and_the_content_is_what_was_sealed(scene: Scene) -> None:
    one = seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    other = seal_envelope(actor=member(), box=scene.box, parts=parts("另一家的报价"), token="a")
    protocol = scene.after_the_hour().open()
    assert results(protocol) == {str(one.pk): "opened", str(other.pk): "opened"}
    assert [entry["checks"] for entry in protocol.results] == [
        {"receipt": True, "ciphertext": True, "content": True}
    ] * 2
    one.refresh_from_db()
    assert [(part.name, part.size) for part in queries.unsealed_parts(one)] == [
        (NAME, len(SECRET.encode())),
        ("图纸.pdf", 200_000),
    ]
    assert b"".join(queries.unsealed_part(one, 0)).decode() == SECRET
    assert b"".join(queries.unsealed_part(one, 1)) == b"x" * 200_000


@pytest.mark.parametrize("pair", [(0, 1), (1, 0), (0, 2), (2, 1)])
def test_any_two_custodians_are_enough(scene: Scene, pair: tuple[int, int]) -> None:
    envelope = seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    assert results(scene.after_the_hour().open(*pair)) == {str(envelope.pk): "opened"}


def test_one_officer_cannot(scene: Scene) -> None:
    with pytest.raises(Invalid, match="两位"):
        scene.after_the_hour().open(0, 0)


def test_half_of_a_share_with_the_hour_opens_nothing(scene: Scene) -> None:
    """One officer with the whole database and the platform's key: what they can compute is not the key of the box."""
    scene.after_the_hour()
    key, other = scene.keys[0], scene.keys[1]
    share = scene.box.shares.get(first__in=(key, other), second__in=(key, other))
    halves = {share.first_id: share.half_for_first, share.second_id: share.half_for_second}
    own = suite().unlock(scene.passphrases[0], key.locked, locking_context(key))
    half = suite().unseal(own, decoded(halves[key.pk]), locks._half_context(scene.box, key, other))
    with pytest.raises(Unreadable):
        suite().unseal(own, decoded(halves[other.pk]), locks._half_context(scene.box, other, key))
    guess = locks._box_key(scene.box, half, locks.hour_part(scene.box))
    with pytest.raises(Unreadable):
        suite().unwrap(guess, decoded(scene.box.wrapped_key), context("box key", scene.box.pk))


@pytest.mark.parametrize("early", [timedelta(hours=1), timedelta(seconds=1)])
def test_two_before_the_hour_cannot_and_the_attempt_is_recorded(scene: Scene, early: timedelta) -> None:
    scene.hours.at(scene.box.opens_at - early)
    with pytest.raises(TooEarly):
        scene.open()
    refused = AccessEvent.objects.get(action="sealing.opening_refused")
    assert (refused.entity_id, refused.account) == (str(scene.box.pk), scene.officers[0].account)
    assert SealedBox.objects.get().state == "open"


@pytest.mark.parametrize("fast", ["process", "database"])
def test_one_clock_that_runs_ahead_does_not_open_a_box(scene: Scene, fast: str) -> None:
    late, early = scene.box.opens_at, scene.box.opens_at - timedelta(seconds=1)
    scene.hours.at(*((late, early) if fast == "process" else (early, late)))
    with pytest.raises(TooEarly):
        scene.open()


def test_the_hours_part_is_not_given_out_before_the_hour_by_any_way_in(scene: Scene) -> None:
    with pytest.raises(TooEarly):
        locks.hour_part(scene.box)


def test_moving_the_hour_in_the_database_opens_nothing(scene: Scene) -> None:
    now = scene.box.closes_at - timedelta(hours=2)
    SealedBox.objects.filter(pk=scene.box.pk).update(closes_at=now, opens_at=now)
    scene.box.refresh_from_db()
    with pytest.raises(NotAsSigned):
        scene.open()
    assert SealedBox.objects.get().state == "open"


@pytest.mark.parametrize("whose", ["passphrase", "witness_passphrase"])
def test_a_wrong_passphrase_opens_nothing_and_is_recorded(scene: Scene, whose: str) -> None:
    scene.after_the_hour()
    with pytest.raises(WrongPassphrase):
        scene.open(**{whose: "完全不对的一句口令话"})
    assert AccessEvent.objects.filter(action="sealing.wrong_passphrase", account=scene.officers[0].account).count() == 1
    assert SealedBox.objects.get().state == "open"


def test_guessing_makes_the_guesser_wait_and_nobody_else(scene: Scene) -> None:
    scene.after_the_hour()
    for _ in range(5):
        with pytest.raises(WrongPassphrase):
            scene.open(witness_passphrase="完全不对的一句口令话")
    with pytest.raises(WrongPassphrase, match="15 分钟"):
        scene.open()
    assert scene.open(1, 2).officers


def test_whoever_is_not_a_custodian_opens_nothing(scene: Scene) -> None:
    scene.after_the_hour()
    scene.officers[0] = officer()
    with pytest.raises(AccessDenied):
        scene.open()
    with pytest.raises(Invalid, match="不是这个密封箱的开箱人"):
        scene.open(1, 0)


def test_a_custodian_who_is_no_officer_any_more_opens_nothing(scene: Scene) -> None:
    scene.after_the_hour()
    scene.officers[1] = replace(scene.officers[1], roles=frozenset())
    with pytest.raises(Invalid):
        scene.open()


def test_a_revoked_key_opens_nothing(scene: Scene) -> None:
    revoke_seal_key(actor=scene.officers[1], key=scene.keys[1], reason="调离")
    with pytest.raises(Invalid):
        scene.after_the_hour().open()
    assert scene.open(0, 2).officers


def test_a_damaged_envelope_is_named_and_the_others_open(scene: Scene) -> None:
    sealed = [seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a") for _ in range(4)]
    paths = [files.path_of(scene.box.pk, envelope.pk) for envelope in sealed]
    content = bytearray(paths[0].read_bytes())
    content[100_000] ^= 1
    paths[0].write_bytes(bytes(content))
    paths[1].write_bytes(paths[1].read_bytes()[: 65_536 * 2])
    paths[2].unlink()
    protocol = scene.after_the_hour().open()
    expected = ["damaged", "damaged", "damaged", "opened"]
    assert results(protocol) == {str(envelope.pk): word for envelope, word in zip(sealed, expected, strict=True)}
    assert protocol.results[0]["checks"] == {"receipt": True, "ciphertext": False, "content": False}
    sealed[0].refresh_from_db()
    with pytest.raises(IllegalTransition):
        queries.unsealed_parts(sealed[0])


def test_a_damaged_file_that_a_backup_brings_back_can_be_read(scene: Scene) -> None:
    envelope = seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    path = files.path_of(scene.box.pk, envelope.pk)
    whole = path.read_bytes()
    path.write_bytes(b"")
    scene.after_the_hour().open()
    path.write_bytes(whole)
    envelope.refresh_from_db()
    assert b"".join(queries.unsealed_part(envelope, 0)).decode() == SECRET


def test_files_that_changed_places_are_found(scene: Scene) -> None:
    one, other = (seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a") for _ in range(2))
    first, second = (files.path_of(scene.box.pk, envelope.pk) for envelope in (one, other))
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    assert set(results(scene.after_the_hour().open()).values()) == {"damaged"}


@pytest.mark.parametrize("column, value", [("commitment", "0" * 64), ("version", 9), ("ciphertext_hash", "0" * 64)])
def test_a_row_that_was_altered_is_named(scene: Scene, column: str, value: object) -> None:
    envelope = seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    Envelope.objects.filter(pk=envelope.pk).update(**{column: value})
    assert results(scene.after_the_hour().open()) == {str(envelope.pk): "altered"}


def test_an_envelope_marked_withdrawn_in_the_database_is_named(scene: Scene) -> None:
    envelope = seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    Envelope.objects.filter(pk=envelope.pk).update(state="withdrawn")
    assert results(scene.after_the_hour().open()) == {str(envelope.pk): "altered"}


def test_an_envelope_removed_from_the_database_is_named(scene: Scene) -> None:
    gone, kept = (seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a") for _ in range(2))
    Envelope.objects.filter(pk=gone.pk).delete()
    assert results(scene.after_the_hour().open()) == {str(kept.pk): "opened", str(gone.pk): "missing"}


def test_an_older_version_and_a_withdrawn_envelope_are_never_opened(scene: Scene) -> None:
    firm, other = member(), member()
    first = seal_envelope(actor=firm, box=scene.box, parts=parts("第一版"), token="a")
    second = replace_envelope(actor=firm, envelope=first, parts=parts("第二版"), token="b")
    taken = seal_envelope(actor=other, box=scene.box, parts=parts("不投了"), token="a")
    withdraw_envelope(actor=other, envelope=taken)
    protocol = scene.after_the_hour().open()
    assert results(protocol) == {str(first.pk): "replaced", str(second.pk): "opened", str(taken.pk): "withdrawn"}
    for closed in (first, taken):
        closed.refresh_from_db()
        assert (closed.opened_key, closed.opened_at) == ("", None)
        with pytest.raises(IllegalTransition):
            queries.unsealed_parts(closed)


def test_after_the_opening_the_key_of_the_box_is_gone(scene: Scene) -> None:
    seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    scene.after_the_hour().open()
    box = SealedBox.objects.get()
    assert (box.state, box.wrapped_key, box.hour_part, BoxShare.objects.count()) == ("opened", "", "", 0)


def test_a_box_is_opened_once(scene: Scene) -> None:
    scene.after_the_hour().open()
    with pytest.raises(IllegalTransition):
        scene.open(1, 2)


def test_an_empty_box_is_opened_with_a_protocol_too(scene: Scene) -> None:
    assert scene.after_the_hour().open().results == []


def test_the_protocol_is_signed_and_a_change_shows(scene: Scene) -> None:
    seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    protocol = scene.after_the_hour().open()
    protocol.refresh_from_db()
    assert protocols.holds(protocol)
    assert {who["account"] for who in protocol.officers} == {scene.officers[0].account, scene.officers[1].account}
    protocol.results[0]["party_name"] = "别家"
    assert not protocols.holds(protocol)


def test_what_happened_before_stands_in_the_chain_after_the_opening_and_not_earlier(scene: Scene) -> None:
    firm = member()
    first = seal_envelope(actor=firm, box=scene.box, parts=parts(), token="a")
    replace_envelope(actor=firm, envelope=first, parts=parts(), token="b")
    assert not AuditEvent.objects.filter(party=firm.party, action__startswith="sealing.").exists()
    assert ClosedEvent.objects.filter(box=scene.box.pk).count() == 2
    scene.after_the_hour().open()
    told = AuditEvent.objects.filter(party=firm.party, action__startswith="sealing.").order_by("seq")
    assert [event.action for event in told] == ["sealing.seal_envelope", "sealing.replace_envelope"]
    assert not ClosedEvent.objects.filter(box=scene.box.pk).exists()


def test_a_key_slipped_into_the_database_gets_no_share(hours: Hours) -> None:
    scene = new_scene(hours)
    mine = suite().new_pair()
    type(scene.keys[2]).objects.filter(pk=scene.keys[2].pk).update(public_key=encoded(mine.public))
    with pytest.raises(Invalid, match="不是在本平台登记的"):
        create_box(
            actor=scene.officers[0],
            title="又一个",
            closes_at=scene.box.closes_at,
            opens_at=scene.box.opens_at,
            custodians=scene.keys,
        )


def test_nothing_is_sealed_to_a_key_written_into_the_box(scene: Scene) -> None:
    SealedBox.objects.update(public_key=encoded(suite().new_pair().public))
    scene.box.refresh_from_db()
    with pytest.raises(NotAsSigned):
        seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    assert Envelope.objects.count() == 0


def test_another_signing_key_of_the_data_folder_is_noticed(scene: Scene) -> None:
    message = canonical(["x"])
    signature = installation.sign(message)
    assert installation.signed_here(message, signature)
    assert not installation.signed_here(canonical(["y"]), signature)
    assert not installation.signed_here(message, "no base64")


def test_the_secret_key_may_be_changed_while_the_former_is_still_listed(scene: Scene, settings: object) -> None:
    envelope = seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 50  # type: ignore[attr-defined]
    assert results(scene.after_the_hour().open()) == {str(envelope.pk): "opened"}


def test_parties_are_named_in_the_protocol(scene: Scene) -> None:
    firm = PartyFactory(name="云岭窑炉有限公司")
    seal_envelope(actor=member(firm), box=scene.box, parts=parts(), token="a")
    assert [entry["party_name"] for entry in scene.after_the_hour().open().results] == ["云岭窑炉有限公司"]


def test_by_the_clock_there_is_a_box_opens_at_its_hour_and_not_before(db: None) -> None:
    """Nothing moved: two seconds of real time."""
    officers, keys, phrases = enrolled(2)
    hour = timezone.now() + timedelta(seconds=2)
    box = create_box(actor=officers[0], title="真实时钟", closes_at=hour, opens_at=hour, custodians=keys)
    scene = Scene(Hours(), officers, keys, box, phrases)
    with pytest.raises(TooEarly):
        scene.open()
    time.sleep(max(0.0, (hour - timezone.now()).total_seconds()))
    assert scene.open().opened_at >= hour
