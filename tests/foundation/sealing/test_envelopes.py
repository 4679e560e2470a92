"""Handing in: in time, once, replaced, withdrawn; and nobody else learns of it before the opening."""

import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import declared, scope
from rongtong.domain.foundation.actors import VISITOR, Actor, Role, system_actor
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.foundation.models import AccessEvent, AuditEvent, ClosedEvent, Envelope, ProvisionEvent, SealedBox
from rongtong.domain.foundation.sealing import clock, files, housekeeping, locks, queries
from rongtong.domain.foundation.sealing.actions import (
    abandon_box,
    replace_envelope,
    seal_envelope,
    withdraw_envelope,
)
from rongtong.domain.foundation.sealing.actions.envelopes import TooLate
from rongtong.domain.foundation.sealing.contents import Part
from tests.factories import PartyFactory, manager, member, officer, supervisor
from tests.foundation.sealing.scene import SECRET, Hours, Scene, new_scene, parts

pytestmark = pytest.mark.django_db


def everyone() -> list[Actor]:
    """Somebody of every role there is, none of them the submitter."""
    staff = [Actor(name=role, account=900 + place, roles=frozenset({role})) for place, role in enumerate(Role)]
    return [VISITOR, member(), manager(), officer(), supervisor(), system_actor("平台"), *staff]


def test_a_double_click_makes_one_envelope(scene: Scene) -> None:
    firm = member()
    twice = [seal_envelope(actor=firm, box=scene.box, parts=parts(), token="same") for _ in range(2)]
    assert twice[0].pk == twice[1].pk
    assert len(list(files.path_of(scene.box.pk, twice[0].pk).parent.iterdir())) == 1


def test_a_second_envelope_of_a_party_is_refused_and_leaves_no_file(scene: Scene) -> None:
    firm = member()
    first = seal_envelope(actor=firm, box=scene.box, parts=parts(), token="a")
    with pytest.raises(Invalid, match="替换"):
        seal_envelope(actor=firm, box=scene.box, parts=parts(), token="b")
    assert [path.stem for path in files.path_of(scene.box.pk, first.pk).parent.iterdir()] == [str(first.pk)]


def test_one_second_before_the_close_is_in_time_and_at_the_close_is_late(scene: Scene) -> None:
    scene.hours.at(scene.box.closes_at - timedelta(seconds=1))
    seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    scene.hours.at(scene.box.closes_at)
    with pytest.raises(TooLate):
        seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")


@pytest.mark.parametrize("ahead", ["process", "database"])
def test_an_envelope_is_late_when_either_clock_says_so(scene: Scene, ahead: str) -> None:
    late, early = scene.box.closes_at + timedelta(seconds=1), scene.box.closes_at - timedelta(seconds=1)
    scene.hours.at(*((late, early) if ahead == "process" else (early, late)))
    with pytest.raises(TooLate):
        seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")


def test_an_upload_that_ends_after_the_close_is_late(scene: Scene) -> None:
    """The time that counts is that of the whole envelope, not of its first byte."""

    def slow() -> object:
        yield b"first"
        scene.hours.at(scene.box.closes_at + timedelta(seconds=1))
        yield b"last"

    with pytest.raises(TooLate):
        seal_envelope(actor=member(), box=scene.box, parts=[Part("a", "text/plain", slow())], token="a")  # type: ignore[arg-type]
    assert Envelope.objects.count() == 0
    assert list((files.path_of(scene.box.pk, scene.box.pk).parent).iterdir()) == []


def test_lateness_is_recorded_aside_and_told_at_the_opening(scene: Scene) -> None:
    firm = member()
    scene.hours.at(scene.box.closes_at + timedelta(seconds=1))
    with pytest.raises(TooLate):
        seal_envelope(actor=firm, box=scene.box, parts=parts(), token="a")
    assert not AuditEvent.objects.filter(party=firm.party, action__startswith="sealing").exists()
    assert not AccessEvent.objects.filter(account=firm.account).exists()
    scene.after_the_hour().open()
    assert AuditEvent.objects.filter(party=firm.party, action="sealing.note_lateness").count() == 1


def test_replacing_and_withdrawing_are_late_too(scene: Scene) -> None:
    firm = member()
    envelope = seal_envelope(actor=firm, box=scene.box, parts=parts(), token="a")
    scene.hours.at(scene.box.closes_at)
    with pytest.raises(TooLate):
        replace_envelope(actor=firm, envelope=envelope, parts=parts(), token="b")
    with pytest.raises(TooLate):
        withdraw_envelope(actor=firm, envelope=envelope)
    assert ClosedEvent.objects.filter(action="sealing.note_lateness").count() == 2


def test_replacing_keeps_the_older_version_and_counts_on(scene: Scene) -> None:
    firm = member()
    first = seal_envelope(actor=firm, box=scene.box, parts=parts(), token="a")
    second = replace_envelope(actor=firm, envelope=first, parts=parts(), token="b")
    again = replace_envelope(actor=firm, envelope=first, parts=parts(), token="b")
    first.refresh_from_db()
    assert (second.version, again.pk, first.state) == (2, second.pk, "replaced")
    assert files.path_of(scene.box.pk, first.pk).exists()
    with pytest.raises(IllegalTransition):
        replace_envelope(actor=firm, envelope=first, parts=parts(), token="c")


def test_after_withdrawing_one_may_hand_in_again(scene: Scene) -> None:
    firm = member()
    withdraw_envelope(actor=firm, envelope=seal_envelope(actor=firm, box=scene.box, parts=parts(), token="a"))
    assert seal_envelope(actor=firm, box=scene.box, parts=parts(), token="b").state == "sealed"


def test_nobody_changes_the_envelope_of_another(scene: Scene) -> None:
    envelope = seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    for other in everyone():
        with pytest.raises(AccessDenied):
            withdraw_envelope(actor=other, envelope=envelope)
        with pytest.raises(AccessDenied):
            replace_envelope(actor=other, envelope=envelope, parts=parts(), token="b")


def test_a_visitor_hands_nothing_in(scene: Scene) -> None:
    with pytest.raises(AccessDenied):
        seal_envelope(actor=VISITOR, box=scene.box, parts=parts(), token="a")


def test_before_the_opening_envelopes_exist_for_their_party_alone(scene: Scene) -> None:
    firm = member()
    own = seal_envelope(actor=firm, box=scene.box, parts=parts(), token="a")
    assert list(queries.envelopes_of(firm, scene.box)) == [own]
    for other in everyone():
        for action in declared()[Envelope]:
            assert not scope(other, action, Envelope.objects.all()).exists(), (other, action)
        assert queries.count_shown(other, scene.box) is None


def test_the_submitter_cannot_read_it_back_before_the_opening(scene: Scene) -> None:
    firm = member()
    own = seal_envelope(actor=firm, box=scene.box, parts=parts(), token="a")
    with pytest.raises(AccessDenied):
        queries.own_part(firm, own, 0)
    with pytest.raises(IllegalTransition):
        queries.unsealed_parts(own)
    scene.after_the_hour().open()
    own.refresh_from_db()
    assert b"".join(queries.own_part(firm, own, 0)).decode() == SECRET


def test_the_count_shows_after_the_opening(scene: Scene) -> None:
    firm = member()
    replace_envelope(
        actor=firm,
        envelope=seal_envelope(actor=firm, box=scene.box, parts=parts(), token="a"),
        parts=parts(),
        token="b",
    )
    scene.after_the_hour().open()
    scene.box.refresh_from_db()
    assert (queries.count_shown(officer(), scene.box), queries.count_shown(VISITOR, scene.box)) == (1, None)


def test_the_count_shows_before_it_when_the_box_says_so(hours: Hours) -> None:
    scene = new_scene(hours, show_count=True)
    seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    assert queries.count_shown(officer(), scene.box) == 1


def test_show_count_set_in_the_database_stops_the_box(scene: Scene) -> None:
    SealedBox.objects.update(show_count=True)
    scene.box.refresh_from_db()
    assert not locks.genuine(scene.box)
    with pytest.raises(IllegalTransition):
        seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")


def test_the_plaintext_is_in_no_table_no_file_and_no_log(
    scene: Scene, caplog: pytest.LogCaptureFixture, own_folder: object
) -> None:
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(connection) as asked:
        seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    assert not any(SECRET in query["sql"] or "图纸" in query["sql"] for query in asked)
    scene.after_the_hour().open()
    assert SECRET not in caplog.text and "图纸" not in caplog.text and "报价单" not in caplog.text
    for path in (path for path in own_folder.rglob("*") if path.is_file()):  # type: ignore[attr-defined]
        assert SECRET.encode() not in path.read_bytes(), path
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            assert SECRET not in str(cursor.fetchall()), table


def test_what_is_shown_of_an_error_holds_no_plaintext() -> None:
    assert SECRET not in repr(parts()[0])


def test_the_history_of_an_envelope_is_empty_before_the_opening(scene: Scene) -> None:
    envelope = seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    assert not audit.history(envelope.pk).exists()
    assert not ProvisionEvent.objects.exists()


def test_the_size_of_the_file_tells_the_content_to_the_next_chunk_only(scene: Scene) -> None:
    small, larger = (
        seal_envelope(actor=member(), box=scene.box, parts=[Part("a", "text/plain", [b"x" * size])], token="a")
        for size in (1, 60_000)
    )
    assert small.size == larger.size


def test_an_abandoned_box_takes_nothing_and_is_never_opened(scene: Scene) -> None:
    firm = member()
    envelope = seal_envelope(actor=firm, box=scene.box, parts=parts(), token="a")
    box = abandon_box(actor=scene.officers[1], box=scene.box, reason="有效投递不足三家，重新发布")
    assert (box.state, box.wrapped_key, box.hour_part, box.shares.count()) == ("abandoned", "", "", 0)
    with pytest.raises(TooLate, match="作废"):
        seal_envelope(actor=member(), box=box, parts=parts(), token="a")
    with pytest.raises(IllegalTransition):
        scene.after_the_hour().open()
    envelope.refresh_from_db()
    assert (envelope.state, queries.count_shown(officer(), box)) == ("sealed", None)
    assert not AuditEvent.objects.filter(party=firm.party, action__startswith="sealing").exists()


def test_a_box_is_abandoned_with_a_reason_by_its_officers(scene: Scene) -> None:
    with pytest.raises(IllegalTransition, match="理由"):
        abandon_box(actor=scene.officers[0], box=scene.box, reason=" ")
    with pytest.raises(AccessDenied):
        abandon_box(actor=officer(), box=scene.box, reason="不想要了")


def test_the_worker_closes_a_box_by_the_clock(scene: Scene) -> None:
    assert housekeeping.close_due() == 0
    scene.hours.at(scene.box.closes_at)
    assert housekeeping.close_due() == 1
    scene.box.refresh_from_db()
    assert scene.box.state == "closed"


def test_sweeping_takes_what_no_row_names_and_nothing_else(scene: Scene) -> None:
    kept = files.path_of(scene.box.pk, seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a").pk)
    stray, draft = files.path_of(scene.box.pk, scene.box.pk), kept.with_suffix(".part")
    stray.write_bytes(b"x")
    draft.write_bytes(b"x")
    assert housekeeping.sweep() == 0
    assert housekeeping.sweep(older_than=-1) == 2
    assert list(kept.parent.iterdir()) == [kept]


def test_the_clocks_agree_with_the_time_there_is(db: None) -> None:
    before = clock._process_clock()
    assert not clock.is_past(before + timedelta(minutes=1))
    assert clock.has_come(before - timedelta(minutes=1))
    assert clock.now() >= before


def test_every_party_is_told_apart(scene: Scene) -> None:
    firm, other = PartyFactory(), PartyFactory()
    own = [seal_envelope(actor=member(party), box=scene.box, parts=parts(), token="same") for party in (firm, other)]
    assert own[0].pk != own[1].pk
