"""Submissions: drafted by one's own, sealed in time and once, nobody's business until they are opened."""

import datetime as dt
import io
import json

import pytest

from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.foundation.models import AccessEvent, AuditEvent, ClosedEvent, Envelope
from rongtong.domain.foundation.sealing import receipts
from rongtong.domain.foundation.sealing.actions import TooLate
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.actions import submissions
from rongtong.domain.programmes.actions.calls import advance_topic, reissue_topic
from rongtong.domain.programmes.actions.clock import run_clock
from rongtong.domain.programmes.actions.submissions import (
    Attached,
    NotEligible,
    begin_submission,
    redraft_submission,
    save_draft,
    seal_submission,
    withdraw_submission,
)
from rongtong.domain.programmes.drafts import content_of
from rongtong.domain.programmes.models import Refusal, Submission
from rongtong.domain.programmes.queries.submissions import (
    copy_of,
    own_submissions,
    problems,
    refusals_of,
    submissions_of,
)
from tests.factories import PLATFORM, PartyFactory, member, officer, supervisor
from tests.programmes.bidding import SECRET, Bidding, at, bidding, complete, consortium

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def call() -> Bidding:
    return bidding()


def fields(found: Invalid) -> set[str]:
    return {problem.field for problem in found.problems}


def test_a_party_has_one_draft_for_a_topic(call: Bidding) -> None:
    actor = member()
    first = begin_submission(actor=actor, topic=call.topic)
    assert begin_submission(actor=actor, topic=call.topic) == first
    assert begin_submission(actor=member(), topic=call.topic) != first


def test_a_draft_is_kept_unfinished_and_its_row_does_not_say_it(call: Bidding) -> None:
    actor = member()
    begun = begin_submission(actor=actor, topic=call.topic)
    saved = save_draft(actor=actor, submission=begun, revision=1, facts={"answers": {"approach": SECRET}})
    assert content_of(saved)["answers"] == {"approach": SECRET}
    assert SECRET not in json.dumps(Submission.objects.values_list("content", flat=True).get(), ensure_ascii=False)
    assert (saved.title, saved.members, saved.bid) == ("", [], None)


def test_two_windows_do_not_overwrite_each_other(call: Bidding) -> None:
    actor = member()
    begun = begin_submission(actor=actor, topic=call.topic)
    save_draft(actor=actor, submission=begun, revision=1, facts={"title": "先写的"})
    with pytest.raises(IllegalTransition, match="另一个窗口"):
        save_draft(actor=actor, submission=begun, revision=1, facts={"title": "后写的"})
    begun.refresh_from_db()
    assert content_of(begun)["title"] == "先写的"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"answers": {"nonsense": "…"}}, "answers"),
        ({"answers": {"budget_mode": "whatever"}}, "answers"),
        ({"title": "长" * 201}, "title"),
        ({"bid": -1}, "bid"),
        ({"bid": True}, "bid"),
        ({"budget": [{"item": "equipment", "fen": "1", "purse": "own", "note": ""}]}, "budget"),
        ({"budget": [{"item": "equipment"}]}, "budget"),
        ({"avoid": [{"name": "甲", "organisation": "", "reason": "…"}] * 4}, "avoid"),
        ({"declared": "yes"}, "declared"),
        ({"state": "sealed"}, "state"),
    ],
)
def test_what_cannot_be_kept_is_told_by_field(call: Bidding, facts: dict[str, object], field: str) -> None:
    actor = member()
    begun = begin_submission(actor=actor, topic=call.topic)
    with pytest.raises(Invalid) as refused:
        save_draft(actor=actor, submission=begun, revision=1, facts=facts)
    assert fields(refused.value) == {field}


def test_an_empty_draft_says_all_that_is_missing(call: Bidding) -> None:
    begun = begin_submission(actor=member(), topic=call.topic)
    missing = {problem.field for problem in problems(begun)}
    asked = {f"answers.{each['name']}" for each in call.topic.programme.form if each.get("required")}
    assert missing == {"title", "budget", "bid", "promises", "declared"} | asked


def test_the_budget_adds_up_within_the_money_of_the_topic(call: Bidding) -> None:
    def said(**changed: object) -> list[str]:
        return [problem.message for problem in problems(call.draft(member(), **changed))]

    assert said() == []
    line = {"item": "equipment", "fen": 30_000_001, "purse": "setter", "note": ""}
    assert any("超过榜题所列的 300,000 元" in message for message in said(budget=[line], bid=30_000_001))
    assert any("不相等" in message for message in said(bid=25_000_001))
    assert any("超过榜题资金" in message for message in said(bid=40_000_001))
    assert any("负面清单" in message for message in said(budget=[line | {"fen": 25_000_000, "note": "归还借款"}]))
    assert any("科目" in message for message in said(budget=[line | {"fen": 25_000_000, "item": ""}]))


def test_a_lump_sum_needs_no_items_but_its_promise(call: Bidding) -> None:
    answers = complete(call.topic)["answers"] | {"budget_mode": "lump_sum"}
    line = {"item": "", "fen": 25_000_000, "purse": "setter", "note": ""}
    draft = call.draft(member(), answers=answers, budget=[line])
    assert [problem.field for problem in problems(draft)] == ["declared"]
    declared = [*complete(call.topic)["declared"], True]
    draft = save_draft(
        actor=member(draft.applicant), submission=draft, revision=draft.revision, facts={"declared": declared}
    )
    assert problems(draft) == []


def test_shares_of_a_consortium_are_exactly_one(call: Bidding) -> None:
    leader, partners = member(), (PartyFactory(), PartyFactory())
    assert problems(call.draft(leader, members=consortium(leader, *partners))) == []
    other = member()
    assert "恰为 1" in problems(call.draft(other, members=consortium(other, *partners, share="0.333")))[0].message
    third = member()
    rows = consortium(third, partners[0])[1:]
    said = " ".join(problem.message for problem in problems(call.draft(third, members=rows)))
    assert "牵头单位" in said
    assert "至少两家" in said


def test_sealing_empties_the_row_and_gives_a_receipt(call: Bidding) -> None:
    sealed = call.sealed()
    envelope = Envelope.objects.get(pk=sealed.envelope)
    assert (sealed.state, sealed.content, sealed.title, sealed.members, sealed.bid) == ("sealed", {}, "", [], None)
    receipt = json.dumps(receipts.receipt(envelope))
    assert receipts.verify_receipt(receipt).standing == receipts.Standing.VALID


def test_an_unfinished_draft_is_not_sealed(call: Bidding) -> None:
    actor = member()
    draft = call.draft(actor, title="", bid=1)
    with pytest.raises(Invalid) as refused:
        seal_submission(actor=actor, submission=draft, token="一次")
    assert fields(refused.value) == {"title", "bid"}
    assert not Envelope.objects.exists()


def test_without_the_declaration_on_secrets_nothing_else_is_looked_at(call: Bidding) -> None:
    actor = member()
    draft = call.draft(actor, declared=[False, True, True, True], title="")
    with pytest.raises(Invalid) as refused:
        seal_submission(actor=actor, submission=draft, token="一次")
    assert fields(refused.value) == {"no_secrets"}


def test_a_double_click_seals_once(call: Bidding) -> None:
    actor = member()
    draft = call.draft(actor)
    first = seal_submission(actor=actor, submission=draft, token="一次")
    again = seal_submission(actor=actor, submission=draft, token="一次")
    assert first.envelope == again.envelope
    assert Envelope.objects.count() == 1
    with pytest.raises(IllegalTransition):
        seal_submission(actor=actor, submission=first, token="另一次")


def test_what_is_saved_while_it_is_sealed_is_not_lost_unseen(call: Bidding, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = member()
    draft = call.draft(actor)
    keep = submissions.keep_submission

    def saved_meanwhile(**given: object) -> Submission:
        save_draft(actor=actor, submission=draft, revision=draft.revision, facts={"title": "改了"})
        return keep(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(submissions, "keep_submission", saved_meanwhile)
    with pytest.raises(IllegalTransition, match="同时被改动"):
        seal_submission(actor=actor, submission=draft, token="一次")
    assert not Envelope.objects.exists()
    draft.refresh_from_db()
    assert content_of(draft)["title"] == "改了"


def test_the_last_second_counts_and_the_next_does_not(call: Bidding) -> None:
    early, late = member(), member()
    in_time, too_late = call.draft(early), call.draft(late)
    at(call.closes_at - SECOND)
    assert seal_submission(actor=early, submission=in_time, token="一次").state == "sealed"
    at(call.closes_at)
    with pytest.raises(TooLate):
        seal_submission(actor=late, submission=too_late, token="一次")
    refusal = Refusal.objects.get()
    assert refusal.party_id == late.party
    assert "已过截止时间" in refusal.reason
    assert Envelope.objects.count() == 1


def test_what_comes_in_before_and_is_whole_after_is_late(call: Bidding) -> None:
    actor = member()
    draft = call.draft(actor)

    class Slow(io.BytesIO):
        """A file whose last piece comes after the deadline."""

        def read(self, size: int | None = -1, /) -> bytes:
            at(call.closes_at)
            return super().read(size)

    with pytest.raises(TooLate):
        seal_submission(actor=actor, submission=draft, files=[Attached("说明.txt", Slow(b"text"))], token="一次")
    assert Refusal.objects.count() == 1
    assert not Envelope.objects.exists()


def test_a_refusal_is_read_only_after_the_opening(call: Bidding) -> None:
    for _each in range(3):
        call.sealed()
    late = member()
    draft = call.draft(late)
    call.over()
    with pytest.raises(TooLate):
        seal_submission(actor=late, submission=draft, token="一次")
    readers = (officer(), supervisor())
    assert [list(refusals_of(reader, call.topic)) for reader in readers] == [[], []]
    assert refusals_of(late, call.topic).count() == 1
    call.open()
    assert [refusals_of(reader, call.topic).count() for reader in readers] == [1, 1]


def test_the_setter_and_the_examiner_do_not_answer_even_in_a_consortium(call: Bidding) -> None:
    setter = member(call.topic.setter)
    with pytest.raises(NotEligible, match="自己的榜"):
        begin_submission(actor=setter, topic=call.topic)
    actor = member()
    draft = call.draft(actor, members=consortium(actor, call.topic.setter))
    with pytest.raises(NotEligible, match="自己的榜"):
        seal_submission(actor=actor, submission=draft, token="一次")
    assert Refusal.objects.count() == 1
    assert not Envelope.objects.exists()


def test_an_examiner_in_the_consortium_is_found() -> None:
    examiner: Party = PartyFactory()
    call = bidding(examiner=examiner)
    actor = member()
    draft = call.draft(actor, members=consortium(actor, examiner))
    with pytest.raises(NotEligible, match="阅卷人"):
        seal_submission(actor=actor, submission=draft, token="一次")


def test_who_is_barred_does_not_hand_in(call: Bidding) -> None:
    actor = member()
    draft = call.draft(actor)
    Party.objects.filter(pk=actor.party).update(state="suspended")
    draft = Submission.objects.get(pk=draft.pk)
    with pytest.raises(NotEligible, match="不能参加申报"):
        seal_submission(actor=actor, submission=draft, token="一次")


def test_hostile_files_are_refused_together(call: Bidding) -> None:
    actor = member()
    draft = call.draft(actor)
    files = [
        Attached("报价.pdf", io.BytesIO(b"MZ\x90\x00" + b"\x00" * 100)),
        Attached("页面.txt", io.BytesIO(b"<html><script>alert(1)</script>")),
        Attached("说明\u202efdp.exe", io.BytesIO(b"text")),
        Attached("空.txt", io.BytesIO(b"")),
        Attached("好的.txt", io.BytesIO("正文".encode())),
    ]
    with pytest.raises(Invalid) as refused:
        seal_submission(actor=actor, submission=draft, files=files, token="一次")
    assert len(refused.value.problems) == 4
    assert not Envelope.objects.exists()


def test_withdrawn_before_the_deadline_and_drafted_again_from_the_copy(call: Bidding) -> None:
    actor = member()
    draft = call.draft(actor)
    copy = copy_of(actor, draft)
    sealed = seal_submission(actor=actor, submission=draft, token="一次")
    withdrawn = withdraw_submission(actor=actor, submission=sealed)
    assert (withdrawn.state, withdrawn.envelope) == ("withdrawn", None)
    assert Envelope.objects.get().state == "withdrawn"
    again = redraft_submission(actor=actor, submission=withdrawn, copy=copy)
    assert content_of(again) == content_of(again) | complete(call.topic)
    assert seal_submission(actor=actor, submission=again, token="两次").state == "sealed"
    assert sorted(Envelope.objects.values_list("state", flat=True)) == ["sealed", "withdrawn"]


def test_drafting_again_withdraws_the_envelope_and_begins_empty_without_a_copy(call: Bidding) -> None:
    actor = member()
    sealed = call.sealed(actor)
    again = redraft_submission(actor=actor, submission=sealed)
    assert again.state == "draft"
    assert content_of(again)["title"] == ""
    assert Envelope.objects.get().state == "withdrawn"


def test_an_old_page_does_not_seal_a_withdrawn_envelope(call: Bidding) -> None:
    actor = member()
    sealed = call.sealed(actor, token="一次")
    again = redraft_submission(actor=actor, submission=sealed)
    again = save_draft(actor=actor, submission=again, revision=again.revision, facts=complete(call.topic))
    with pytest.raises(IllegalTransition):
        seal_submission(actor=actor, submission=again, token="一次")
    again.refresh_from_db()
    assert again.state == "draft"


@pytest.mark.parametrize("copy", [{"type": "x"}, {"type": "rongtong.submission/1", "topic": "another"}])
def test_what_is_no_copy_of_this_topic_is_refused(call: Bidding, copy: dict[str, str]) -> None:
    actor = member()
    sealed = call.sealed(actor)
    with pytest.raises(Invalid):
        redraft_submission(actor=actor, submission=sealed, copy=copy)
    sealed.refresh_from_db()
    assert sealed.state == "sealed"


def test_nothing_is_withdrawn_after_the_deadline(call: Bidding) -> None:
    actor = member()
    sealed = call.sealed(actor)
    at(call.closes_at)
    for late in (withdraw_submission, redraft_submission):
        with pytest.raises(TooLate):
            late(actor=actor, submission=sealed)
    sealed.refresh_from_db()
    assert sealed.state == "sealed"


def test_drafts_lapse_by_the_clock_and_stay_ones_own(call: Bidding) -> None:
    actor = member()
    draft = call.draft(actor)
    withdrawn = withdraw_submission(actor=(other := member()), submission=call.sealed(other))
    call.over()
    run_clock(PLATFORM)
    assert set(Submission.objects.values_list("state", flat=True)) == {"lapsed"}
    draft.refresh_from_db()
    assert content_of(draft)["title"]
    assert own_submissions(other).get() == withdrawn


def test_before_the_opening_nobody_else_learns_of_it(call: Bidding) -> None:
    actor = member()
    told = AuditEvent.objects.count(), AccessEvent.objects.count()
    draft = call.draft(actor)
    sealed = seal_submission(actor=actor, submission=draft, token="一次")
    others: list[Actor] = [*call.officers, officer(), supervisor(), member(), member(call.topic.setter), PLATFORM]
    call.over()
    for other in others:
        assert not allows(other, "view", sealed)
        assert not submissions_of(other, call.topic).exists()
        assert not own_submissions(other).exists()
    about = AuditEvent.objects.filter(entity_id=str(sealed.pk)) | AuditEvent.objects.filter(
        entity_id=str(sealed.envelope)
    )
    assert not about.exists()
    assert AccessEvent.objects.count() == told[1]
    assert ClosedEvent.objects.filter(box=sealed.pk).count() == 3


def test_another_party_may_do_nothing_with_it(call: Bidding) -> None:
    draft, stranger = call.draft(member()), member()
    with pytest.raises(AccessDenied):
        save_draft(actor=stranger, submission=draft, revision=draft.revision, facts={})
    with pytest.raises(AccessDenied):
        seal_submission(actor=stranger, submission=draft, token="一次")
    assert not Refusal.objects.exists()


def test_a_reissued_topic_returns_what_was_sealed_unopened(call: Bidding) -> None:
    actor = member()
    sealed = call.sealed(actor)
    call.over()
    fresh = reissue_topic(actor=PLATFORM, topic=call.topic, reason="不足三份")
    sealed.refresh_from_db()
    assert (sealed.state, sealed.content) == ("unopened", {})
    assert call.box.state == "abandoned"
    assert call.box.wrapped_key == ""
    assert not AuditEvent.objects.filter(entity_id=str(sealed.pk)).exists()
    assert not allows(officer(), "view", sealed)
    assert fresh.follows == call.topic


@pytest.mark.parametrize("event", ["cancel", "reissue"])
def test_a_topic_ended_through_its_table_returns_them_as_well(call: Bidding, event: str) -> None:
    sealed = call.sealed()
    call.over()
    advance_topic(actor=PLATFORM, topic=call.topic, event=event, reason="不再需要")
    sealed.refresh_from_db()
    assert sealed.state == "unopened"
