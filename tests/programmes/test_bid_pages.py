"""The pages of submissions: typed and kept, sealed with a receipt, closed to everybody until the opening."""

import io
import json
import logging
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.models import Envelope, ProvisionEvent
from rongtong.domain.parties.models import Account
from rongtong.domain.programmes.actions.submissions import MOST_FILES, Attached, begin_submission
from rongtong.domain.programmes.drafts import content_of
from rongtong.domain.programmes.models import Refusal, Submission
from rongtong.domain.programmes.terms import template
from rongtong.portal.quiet import Quiet
from tests.factories import PartyFactory, member, officer, supervisor
from tests.programmes.bidding import SECRET, Bidding, at, bidding, complete

pytestmark = pytest.mark.django_db
APPROACH = "answers.approach"


@pytest.fixture
def call() -> Bidding:
    return bidding()


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def begun(call: Bidding, actor: Actor) -> Submission:
    return begin_submission(actor=actor, topic=call.topic)


def typed(submission: Submission, **changed: Any) -> dict[str, Any]:
    """What a browser sends of a form that is filled in."""
    content = complete(submission.topic)
    return {
        "revision": submission.revision,
        "title": content["title"],
        **{f"answers.{name}": answer for name, answer in content["answers"].items()},
        "bid": "25万元",
        "budget.item": ["equipment", "labour", "business", ""],
        "budget.amount": ["20万元", "50,000", "3万", ""],
        "budget.purse": ["setter", "public", "own", "setter"],
        "budget.note": ["冷却段", "", "", ""],
        "promises.name": ["出灰温度"],
        "promises.value": ["72"],
        "promises.high": [""],
        "promises.unit": ["℃"],
        **changed,
    }


def address(name: str, submission: Submission) -> str:
    return reverse(f"portal:{name}", args=(submission.pk,))


def sealing(submission: Submission, **changed: Any) -> dict[str, Any]:
    count = len(template(submission.topic.programme.template).declarations)
    ticked = {f"declared.{place}": "on" for place in range(count)}
    return {"token": "一次", "revision": submission.revision, **ticked, **changed}


def test_from_the_topic_to_the_form(call: Bidding) -> None:
    actor = member()
    page = browser(actor).get(reverse("portal:bids", args=(call.topic.pk,)))
    assert "开始填写申请" in page.content.decode()
    answer = browser(actor).post(reverse("portal:begin-bid", args=(call.topic.pk,)))
    submission = Submission.objects.get()
    assert answer.headers["Location"] == address("bid", submission)
    form = browser(actor).get(address("bid", submission)).content.decode()
    assert "还差" in form
    assert "出灰温度" in form


def test_what_is_typed_saves_itself_and_says_what_is_missing(call: Bidding) -> None:
    actor = member()
    submission = begun(call, actor)
    answer = browser(actor).post(address("save-bid", submission), typed(submission, title="", autosave="1"))
    said = answer.content.decode()
    assert "已自动保存" in said
    assert "还差 1 项" in said
    assert "请填写申请名称" in said
    assert f'value="{submission.revision + 1}"' in said
    submission.refresh_from_db()
    content = content_of(submission)
    assert (content["bid"], [line["fen"] for line in content["budget"]]) == (
        25_000_000,
        [20_000_000, 5_000_000, 3_000_000],
    )


def test_an_old_window_is_told_and_changes_nothing(call: Bidding) -> None:
    actor = member()
    submission = begun(call, actor)
    first, second = typed(submission, title="先"), typed(submission, title="后", autosave="1")
    browser(actor).post(address("save-bid", submission), first)
    said = browser(actor).post(address("save-bid", submission), second).content.decode()
    assert "另一个窗口" in said
    again = browser(actor).post(address("save-bid", submission), second | {"autosave": ""})
    submission.refresh_from_db()
    assert content_of(submission)["title"] == "先"
    del second["autosave"]
    refused = browser(actor).post(address("save-bid", submission), second)
    assert again.status_code == 200
    assert refused.status_code == 422
    assert 'value="后"' in refused.content.decode()


def test_money_that_cannot_be_read_is_told_with_what_was_typed(call: Bidding) -> None:
    actor = member()
    submission = begun(call, actor)
    answer = browser(actor).post(address("save-bid", submission), typed(submission, bid="很多"))
    assert answer.status_code == 422
    assert 'value="很多"' in answer.content.decode()
    assert SECRET in answer.content.decode()


def test_a_consortium_is_named_by_its_full_names(call: Bidding) -> None:
    actor, partner = member(), PartyFactory()
    submission = begun(call, actor)
    rows = {
        "leader.share": "70%",
        "leader.task": "研制",
        "members.name": [partner.name, "没有这家公司", ""],
        "members.share": ["3/10", "", ""],
        "members.task": ["应用", "", ""],
    }
    said = (
        browser(actor).post(address("save-bid", submission), typed(submission, autosave="1", **rows)).content.decode()
    )
    assert "没有名为“没有这家公司”的单位" in said
    submission.refresh_from_db()
    members = content_of(submission)["members"]
    assert [row["share"] for row in members] == ["7/10", "3/10", ""]
    assert members[1]["party"] == str(partner.pk)
    form = browser(actor).get(address("bid", submission)).content.decode()
    assert partner.name in form


def test_sealed_with_a_receipt_and_a_second_click(call: Bidding) -> None:
    actor = member()
    submission = call.draft(actor)
    client = browser(actor)
    assert "提交之后" in client.get(address("seal-bid", submission)).content.decode()
    given = sealing(submission, files=[SimpleUploadedFile("说明.txt", "正文".encode())])
    answer = client.post(address("seal-bid", submission), given)
    assert answer.headers["Location"] == address("bid", submission)
    again = client.post(address("seal-bid", submission), sealing(submission))
    assert again.status_code == 302
    assert Envelope.objects.count() == 1
    page = client.get(address("bid", submission)).content.decode()
    assert Envelope.objects.get().commitment in page
    assert SECRET not in page


def test_without_its_declarations_it_is_not_sealed(call: Bidding) -> None:
    actor = member()
    submission = call.draft(actor, declared=[])
    given = sealing(submission)
    del given["declared.1"]
    answer = browser(actor).post(address("seal-bid", submission), given)
    assert answer.status_code == 422
    assert "内容真实" in answer.content.decode()
    assert not Envelope.objects.exists()


def test_a_hostile_file_is_told_by_name(call: Bidding) -> None:
    actor = member()
    submission = call.draft(actor)
    bad = SimpleUploadedFile("报价.pdf", b"MZ\x90\x00" + b"\x00" * 64)
    answer = browser(actor).post(address("seal-bid", submission), sealing(submission, files=[bad]))
    assert answer.status_code == 422
    assert "报价.pdf" in answer.content.decode()


def test_too_many_files_are_refused(call: Bidding) -> None:
    actor = member(PartyFactory())
    submission = begun(call, actor)
    browser(actor).post(address("save-bid", submission), typed(submission))
    submission.refresh_from_db()
    files = [SimpleUploadedFile(f"{number}.txt", b"text") for number in range(MOST_FILES + 1)]
    answer = browser(actor).post(address("seal-bid", submission), sealing(submission, files=files))
    assert (answer.status_code, f"附件最多 {MOST_FILES} 份" in answer.content.decode()) == (422, True)


def test_a_draft_that_a_colleague_changed_is_read_again_first(call: Bidding) -> None:
    actor = member()
    submission = call.draft(actor)
    answer = browser(actor).post(address("seal-bid", submission), sealing(submission, revision=submission.revision - 1))
    assert answer.status_code == 422
    assert "被改动过" in answer.content.decode()


def test_a_second_late_is_refused_and_recorded(call: Bidding) -> None:
    actor = member()
    submission = call.draft(actor)
    at(call.closes_at)
    answer = browser(actor).post(address("seal-bid", submission), sealing(submission))
    assert answer.status_code == 422
    assert "已过截止时间" in answer.content.decode()
    assert Refusal.objects.count() == 1


FAULT = (ValueError, ValueError("kaputt"), None)


def test_no_log_tells_of_it(call: Bidding, capfd: pytest.CaptureFixture[str]) -> None:
    actor = member()
    submission = call.draft(actor)
    at(call.closes_at)
    browser(actor).post(address("seal-bid", submission), sealing(submission))
    browser(member()).get(address("bid", submission))
    said = logging.LogRecord("django.request", logging.WARNING, "", 0, "Unprocessable Entity", (), None)
    said.request = RequestFactory().post(address("seal-bid", submission))
    assert not Quiet().filter(said)
    said.request = RequestFactory().get("/challenges/")
    assert Quiet().filter(said)
    busy = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s: %s", ("Busy", "/bids/7/seal"), None)
    busy.request = RequestFactory().post("/bids/7/seal")
    assert not Quiet().filter(busy)
    fault = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s: %s", ("Fault", "/bids/7/seal"), FAULT)
    fault.request = busy.request
    assert Quiet().filter(fault) and fault.getMessage() == "Fault: /bids/"
    assert str(submission.pk) not in "".join(capfd.readouterr())


def test_the_copy_fills_a_new_draft(call: Bidding) -> None:
    actor = member()
    submission = call.draft(actor)
    client = browser(actor)
    copy = client.get(address("copy-bid", submission)).content
    assert json.loads(copy)["title"] == complete(call.topic)["title"]
    client.post(address("seal-bid", submission), sealing(submission))
    kept = SimpleUploadedFile("copy.json", copy, content_type="application/json")
    wrong = client.post(address("redraft-bid", submission), {"copy": SimpleUploadedFile("copy.json", b"[]")})
    assert wrong.status_code == 422
    client.post(address("redraft-bid", submission), {"copy": kept})
    submission.refresh_from_db()
    assert submission.state == "draft"
    assert content_of(submission)["answers"]["approach"] == SECRET


def test_withdrawn_by_the_button(call: Bidding) -> None:
    actor = member()
    submission = call.sealed(actor)
    browser(actor).post(address("withdraw-bid", submission))
    assert "永不开启" in browser(actor).get(address("bid", submission)).content.decode()
    assert Envelope.objects.get().state == "withdrawn"


def test_before_the_opening_the_pages_say_the_same_with_and_without_submissions(call: Bidding) -> None:
    readers = [officer(), supervisor(), call.officers[0], member(), member(call.topic.setter)]

    def seen(reader: Actor) -> list[str]:
        shown = []
        for name in ("bids", "topic"):
            page = browser(reader).get(reverse(f"portal:{name}", args=(call.topic.pk,))).content.decode()
            shown.append(re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]*', "", page))
        return shown

    before = [seen(reader) for reader in readers]
    sealed = [call.sealed() for _each in range(2)]
    call.draft(member())
    assert [seen(reader) for reader in readers] == before
    for reader in readers:
        for name in ("bid", "seal-bid", "copy-bid"):
            assert browser(reader).get(address(name, sealed[0])).status_code == 404
        for name in ("save-bid", "withdraw-bid", "redraft-bid", "check-bid"):
            assert browser(reader).post(address(name, sealed[0])).status_code == 404


def test_one_asks_as_many_questions_with_and_without_submissions(call: Bidding) -> None:
    client = browser(officer())
    where = reverse("portal:bids", args=(call.topic.pk,))
    client.get(where)
    with CaptureQueriesContext(connection) as before:
        client.get(where)
    for _each in range(3):
        call.sealed()
    with CaptureQueriesContext(connection) as after:
        client.get(where)
    assert len(before) == len(after)


def test_the_opening_page_leads_from_the_checklist_to_the_table(call: Bidding) -> None:
    for _each in range(3):
        call.sealed(files=())
    where = reverse("portal:opening", args=(call.topic.pk,))
    client = browser(call.officers[0])
    assert "passphrase" not in client.get(where).content.decode()
    call.over()
    page = client.get(where).content.decode()
    assert 'name="passphrase"' in page
    witness = re.findall(r'<option value="([0-9a-f-]{36})"', page)[0]
    wrong = {"passphrase": "不对", "witness": witness, "witness_passphrase": "也不对"}
    assert client.post(where, wrong).status_code == 422
    right = {"passphrase": call.passphrases[0], "witness": witness, "witness_passphrase": call.passphrases[1]}
    assert client.post(where, right).headers["Location"] == reverse("portal:bids", args=(call.topic.pk,))
    table = client.get(reverse("portal:bids", args=(call.topic.pk,))).content.decode()
    assert "3 份申请" in table
    assert "形式审查应在" in table


def test_too_few_are_told_and_no_passphrase_is_asked(call: Bidding) -> None:
    call.sealed()
    call.over()
    page = browser(call.officers[0]).get(reverse("portal:opening", args=(call.topic.pk,))).content.decode()
    assert "少于 3 份" in page
    assert 'name="passphrase"' not in page
    generic = browser(call.officers[0]).get(reverse("portal:open-box", args=(call.topic.box,))).content.decode()
    assert "少于 3 份" in generic
    assert 'name="passphrase"' not in generic


def test_nobody_but_the_bureau_opens(call: Bidding) -> None:
    where = reverse("portal:opening", args=(call.topic.pk,))
    assert browser(member()).get(where).status_code == 403
    assert Client().get(where).status_code == 302


@pytest.fixture
def opened(call: Bidding) -> Bidding:
    for number in range(3):
        files = (attached(),) if not number else ()
        call.sealed(files=files)
    call.over().open()
    return call


def attached() -> Attached:
    return Attached("说明.txt", io.BytesIO("附件正文".encode()))


def test_what_was_handed_in_is_read_with_a_note(opened: Bidding) -> None:
    submission = Submission.objects.exclude(content={}).order_by("created_at")[0]
    clerk = officer()
    page = browser(clerk).get(address("bid", submission)).content.decode()
    assert SECRET in page
    assert "满足" in page
    assert ProvisionEvent.objects.filter(entity_id=str(submission.pk), account=clerk.account).exists()
    link = re.search(r'href="([^"]*/files/1[^"]*)"', page)
    assert link
    target = link.group(1).replace("&amp;", "&")
    answer = browser(clerk).get(target)
    assert b"".join(answer.streaming_content).decode() == "附件正文"  # type: ignore[attr-defined]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert browser(officer()).get(target).status_code == 403
    assert browser(clerk).get(target.split("?")[0]).status_code == 403


def test_the_formal_check_by_its_form(opened: Bidding) -> None:
    submission = Submission.objects.order_by("created_at")[0]
    client = browser(officer())
    points = {f"point.{key}": "yes" for key, _label in template(opened.topic.programme.template).formal_checks}
    short = client.post(address("check-bid", submission), {"event": "pass_form", "point.complete": "yes"})
    assert short.status_code == 422
    assert 'name="point.complete" value="yes" checked' in short.content.decode()
    given = points | {
        "point.budget": "no",
        "event": "reject_form",
        "reason": "经费超出榜题资金。",
        "seen_state": "opened",
    }
    assert client.post(address("check-bid", submission), given).status_code == 302
    own = browser(member(submission.applicant)).get(address("bid", submission)).content.decode()
    assert "经费超出榜题资金。" in own


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_three(opened: Bidding) -> None:
    client, where = browser(officer()), reverse("portal:bids", args=(opened.topic.pk,))
    client.get(where)
    with CaptureQueriesContext(connection) as three:
        client.get(where)
    Submission.objects.filter(pk__in=Submission.objects.values_list("pk")[1:]).update(state="unopened")
    with CaptureQueriesContext(connection) as one:
        client.get(where)
    assert len(one) == len(three)


def test_ones_own_list(call: Bidding) -> None:
    actor = member()
    assert "还没有揭榜申请" in browser(actor).get(reverse("portal:my-bids")).content.decode()
    call.draft(actor)
    assert call.topic.title in browser(actor).get(reverse("portal:my-bids")).content.decode()
    assert call.topic.title not in browser(member()).get(reverse("portal:my-bids")).content.decode()


def test_one_more_row(call: Bidding) -> None:
    actor = member()
    submission = begun(call, actor)
    for table in ("budget", "members", "avoid"):
        assert "<tr>" in browser(actor).get(reverse("portal:bid-row", args=(submission.pk, table))).content.decode()
    assert browser(actor).get(reverse("portal:bid-row", args=(submission.pk, "other"))).status_code == 404
