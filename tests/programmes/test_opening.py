"""The opening: enough or not at all, by two officers, everything received together; then the formal check."""

import datetime as dt
import io

import pytest
from django.utils import timezone

from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.foundation.models import AuditEvent, ClosedEvent, OpeningProtocol
from rongtong.domain.foundation.sealing import files
from rongtong.domain.foundation.sealing.actions import open_box
from rongtong.domain.programmes.actions import opening
from rongtong.domain.programmes.actions.calls import reissue_topic
from rongtong.domain.programmes.actions.opening import check_submission
from rongtong.domain.programmes.actions.submissions import Attached, withdraw_submission
from rongtong.domain.programmes.models import Submission, Topic
from rongtong.domain.programmes.queries.submissions import (
    attachment,
    attachments,
    check_until,
    content_for,
    submissions_of,
)
from rongtong.domain.programmes.terms import template
from tests.factories import PLATFORM, member, officer, supervisor
from tests.programmes.bidding import SECRET, Bidding, at, bidding

pytestmark = pytest.mark.django_db


@pytest.fixture
def call() -> Bidding:
    return bidding()


@pytest.fixture
def opened(call: Bidding) -> Bidding:
    for _each in range(3):
        call.sealed()
    call.over().open()
    return call


def all_hold(call: Bidding) -> dict[str, bool]:
    return {key: True for key, _label in template(call.topic.programme.template).formal_checks}


def test_the_opening_receives_everything_together(call: Bidding) -> None:
    pdf = Attached("说明.txt", io.BytesIO("附件正文".encode()))
    whole = call.sealed(files=(pdf,))
    others = [call.sealed() for _each in range(2)]
    call.over()
    topic = call.open()
    assert topic.state == "opened"
    for submission in (whole, *others):
        submission.refresh_from_db()
        assert (submission.state, submission.bid, submission.title) == ("opened", 25_000_000, "石灰窑分段冷却出灰装置")
    reader = officer()
    assert content_for(reader, whole)["answers"]["approach"] == SECRET
    [(place, listed)] = attachments(reader, whole)
    assert (listed.name, b"".join(attachment(reader, whole, place)[1]).decode()) == ("说明.txt", "附件正文")
    assert submissions_of(reader, topic).count() == submissions_of(supervisor(), topic).count() == 3
    assert OpeningProtocol.objects.get().box == call.box


def test_what_happened_before_is_told_at_the_opening(opened: Bidding) -> None:
    submission = Submission.objects.first()
    told = AuditEvent.objects.filter(entity_id=str(submission.pk if submission else "")).order_by("seq")
    assert [event.action for event in told] == [
        "programmes.begin_submission", "programmes.save_draft", "submission.seal", "submission.unseal",
    ]  # fmt: skip
    assert not ClosedEvent.objects.exists()


def test_what_was_never_opened_is_never_told(call: Bidding) -> None:
    drafted, withdrawn = call.draft(member()), call.sealed(other := member())
    withdraw_submission(actor=other, submission=withdrawn)
    for _each in range(3):
        call.sealed()
    call.over().open()
    for silent in (drafted, withdrawn):
        assert not AuditEvent.objects.filter(entity_id=str(silent.pk)).exists()
        assert not allows(officer(), "view", Submission.objects.get(pk=silent.pk))


def test_too_few_stay_closed_by_every_door(call: Bidding) -> None:
    sealed = [call.sealed(), call.sealed()]
    call.over()
    with pytest.raises(IllegalTransition, match="少于 3 份"):
        call.open()
    with pytest.raises(IllegalTransition, match="少于 3 份"):
        open_box(
            actor=call.officers[0],
            box=call.box,
            passphrase=call.passphrases[0],
            witness=call.officers[1],
            witness_passphrase=call.passphrases[1],
        )
    assert call.box.state in ("open", "closed")
    assert not OpeningProtocol.objects.exists()
    assert {Submission.objects.get(pk=each.pk).state for each in sealed} == {"sealed"}
    reissue_topic(actor=PLATFORM, topic=call.again(), reason="不足三份")
    with pytest.raises((IllegalTransition, AccessDenied)):
        call.open()
    assert call.box.state == "abandoned"


def test_the_ceremony_of_the_box_receives_as_well(call: Bidding) -> None:
    for _each in range(3):
        call.sealed()
    call.over()
    open_box(
        actor=call.officers[0],
        box=call.box,
        passphrase=call.passphrases[0],
        witness=call.officers[1],
        witness_passphrase=call.passphrases[1],
    )
    assert call.again().state == "opened"
    assert set(Submission.objects.values_list("state", flat=True)) == {"opened"}


def test_not_before_the_hour(call: Bidding) -> None:
    for _each in range(3):
        call.sealed()
    at(call.closes_at - dt.timedelta(seconds=1))
    with pytest.raises(IllegalTransition, match="还没有到开启时间"):
        call.open()
    assert call.again().state == "open"


def test_two_officers_are_there_before_the_worker(call: Bidding) -> None:
    for _each in range(3):
        call.sealed()
    at(call.closes_at)
    assert call.open().state == "opened"


def test_a_failure_on_the_way_leaves_everything_closed(call: Bidding, monkeypatch: pytest.MonkeyPatch) -> None:
    for _each in range(3):
        call.sealed()
    call.over()
    receive = opening._receive
    seen = []

    def dies(*given: object) -> None:
        seen.append(given)
        if len(seen) == 3:
            raise RuntimeError
        receive(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(opening, "_receive", dies)
    with pytest.raises(RuntimeError):
        call.open()
    assert call.again().state == "closed"
    assert call.box.wrapped_key
    assert set(Submission.objects.values_list("state", flat=True)) == {"sealed"}
    monkeypatch.undo()


def test_a_damaged_envelope_is_told_and_stops_no_other(call: Bidding) -> None:
    damaged = call.sealed()
    for _each in range(2):
        call.sealed()
    path = files.path_of(call.box.pk, damaged.envelope)  # type: ignore[arg-type]
    path.write_bytes(path.read_bytes()[:-100])
    call.over().open()
    damaged.refresh_from_db()
    assert (damaged.state, damaged.content, damaged.formal) == ("opened", {}, {"damaged": True})
    with pytest.raises(IllegalTransition):
        attachments(officer(), damaged)
    assert Submission.objects.exclude(content={}).count() == 2


def test_the_formal_check_passes_what_holds(opened: Bidding) -> None:
    submission, clerk = Submission.objects.all()[0], officer()
    moved = check_submission(actor=clerk, submission=submission, event="pass_form", checklist=all_hold(opened))
    assert moved.state == "formal_ok"
    assert moved.formal["by"] == clerk.name
    assert moved.formal["checklist"] == all_hold(opened)


def test_a_rejection_needs_its_point_and_its_reason(opened: Bidding) -> None:
    submission, clerk = Submission.objects.all()[0], officer()
    failing = all_hold(opened) | {"budget": False}
    with pytest.raises(Invalid):
        check_submission(actor=clerk, submission=submission, event="pass_form", checklist=failing)
    with pytest.raises(Invalid):
        check_submission(
            actor=clerk, submission=submission, event="reject_form", reason="…", checklist=all_hold(opened)
        )
    with pytest.raises(IllegalTransition, match="理由"):
        check_submission(actor=clerk, submission=submission, event="reject_form", checklist=failing)
    moved = check_submission(
        actor=clerk, submission=submission, event="reject_form", reason="经费超出。", checklist=failing
    )
    assert (moved.state, moved.formal["reason"]) == ("formal_rejected", "经费超出。")


def test_every_point_is_looked_at(opened: Bidding) -> None:
    with pytest.raises(Invalid) as refused:
        check_submission(
            actor=officer(), submission=Submission.objects.all()[0], event="pass_form", checklist={"complete": True}
        )
    assert {problem.field for problem in refused.value.problems} == set(all_hold(opened)) - {"complete"}


def test_two_clerks_at_once(opened: Bidding) -> None:
    submission = Submission.objects.all()[0]
    given = {"event": "pass_form", "checklist": all_hold(opened), "seen_state": "opened"}
    check_submission(actor=officer(), submission=submission, **given)  # type: ignore[arg-type]
    with pytest.raises(IllegalTransition):
        check_submission(actor=officer(), submission=submission, **given)  # type: ignore[arg-type]


def test_the_check_ends_with_the_review(opened: Bidding) -> None:
    Topic.objects.filter(pk=opened.topic.pk).update(state="reviewing")
    with pytest.raises(IllegalTransition, match="进入评审"):
        check_submission(
            actor=officer(), submission=Submission.objects.all()[0], event="pass_form", checklist=all_hold(opened)
        )


def test_only_the_bureau_checks(opened: Bidding) -> None:
    submission = Submission.objects.select_related("applicant")[0]
    for other in (member(), member(submission.applicant), supervisor(), member(opened.topic.setter)):
        with pytest.raises(AccessDenied):
            check_submission(actor=other, submission=submission, event="pass_form", checklist=all_hold(opened))


def test_it_says_by_when(opened: Bidding) -> None:
    days = opened.topic.programme.parameters["formal_check_days"]
    assert check_until(opened.topic) == timezone.localdate(opened.closes_at) + dt.timedelta(days=days)
