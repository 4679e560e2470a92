"""The pages from the decision to the award, as each person meets them."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.models import Document, ProvisionEvent
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.programmes.actions.deciding import award_topic, publish_decision
from rongtong.domain.programmes.actions.objections import advance_objection
from rongtong.domain.programmes.models import (
    Decision,
    Notice,
    Objection,
    Project,
    Review,
    Round,
    Seat,
    Submission,
    Topic,
)
from rongtong.domain.programmes.queries.deciding import days_kept
from tests.factories import AccountFactory, PersonFactory, RoleGrantFactory
from tests.programmes.deciding_scene import (
    COLLEAGUE,
    GROUND,
    OFFICER,
    WEEK,
    bids_of,
    day_after,
    ended,
    noticed,
    on,
    prepared,
    ranked_topic,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def somebody(role: Role = Role.OFFICER, party: Party | None = None) -> Actor:
    """An account in a role, as the door would seat it."""
    account = AccountFactory(person=PersonFactory())
    RoleGrantFactory(account=account, role=role, party=party, **({} if party else {"region": "330100"}))
    return actor_of(Account.objects.get(pk=account.pk))


def of(client: Client, page: str, /, *args: Any, **more: Any) -> Any:
    return client.get(reverse(f"portal:{page}", args=args), **more)


def send(client: Client, page: str, /, *args: Any, **given: Any) -> Any:
    return client.post(reverse(f"portal:{page}", args=args), given)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def verdicts(topic: Topic, *given: str, reason: str = "综合得分较低。") -> dict[str, str]:
    rows = bids_of(topic)
    chosen = {f"verdict-{each.pk}": verdict for each, verdict in zip(rows, given, strict=True)}
    reasons = {f"reason-{each.pk}": reason for each, verdict in zip(rows, given, strict=True) if verdict != "proposed"}
    return chosen | reasons


def test_an_officer_decides_from_the_form_to_the_award(signed_in: SignIn) -> None:
    topic = ranked_topic(3, rejected=1)
    officer = signed_in(somebody())
    page = of(officer, "topic-result", topic.pk)
    assert all(each.applicant.name in text(page) for each in bids_of(topic))
    given = verdicts(topic, "proposed", "reserve", "not_awarded", "not_awarded")
    assert send(officer, "prepare-decision", topic.pk, basis="会议研究", **given).status_code == 302
    decision = Decision.objects.get()
    assert "4 个申请人会立即看到自己的结果" in text(of(officer, "topic-result", topic.pk))
    assert send(officer, "publish-decision", decision.pk, seen_state="prepared").status_code == 302
    assert "下一步：公示" in text(of(officer, "topic-result", topic.pk))
    with on(dt.date(2026, 9, 28)):
        form = text(of(officer, "give-notice", decision.pk))
        assert "2026-10-10" in form
        assert form.count("国庆节") == 7
        assert send(officer, "give-notice", decision.pk, starts="2026-09-28", contact="规划处").status_code == 302
    notice = Notice.objects.get()
    assert "现在还不能立项" in text(of(officer, "topic-result", topic.pk))
    Notice.objects.filter(pk=notice.pk).update(state="ended")
    assert send(officer, "award-topic", topic.pk, seen_state="noticed").status_code == 302
    assert [project.submission for project in Project.objects.all()] == [bids_of(topic)[0]]


def test_a_form_refused_keeps_what_was_typed_and_says_what_is_wrong_where(signed_in: SignIn) -> None:
    topic = ranked_topic()
    given = verdicts(topic, "reserve", "proposed", "not_awarded", reason="")
    answer = send(signed_in(somebody()), "prepare-decision", topic.pk, basis="我写的依据", **given)
    page = text(answer)
    assert answer.status_code == 422
    assert "我写的依据" in page
    assert "越过了排名在前的申请" in page
    assert page.count("field-error") == 2
    assert not Decision.objects.exists()


def test_the_second_officer_is_told_that_it_is_published(signed_in: SignIn) -> None:
    topic = ranked_topic()
    decision = prepared(topic)
    publish_decision(actor=OFFICER, decision=decision)
    answer = send(signed_in(somebody()), "publish-decision", decision.pk, seen_state="prepared")
    assert "已公布" in text(answer)
    assert answer.status_code == 409


@pytest.mark.parametrize("when", ["ranked", "prepared"])
def test_before_it_is_published_no_applicant_learns_of_it(when: str, signed_in: SignIn, visitor: Client) -> None:
    topic = ranked_topic()
    decision = prepared(topic) if when == "prepared" else None
    best = bids_of(topic)[0]
    applicant = signed_in(somebody(Role.MEMBER, best.applicant))
    for client in (applicant, visitor):
        page = text(of(client, "topic-result", topic.pk))
        assert "结果还没有公布" in page
        assert "94.00" not in page
        assert "拟立项单位" not in page
        if decision is not None:
            assert of(client, "decision", decision.pk).status_code == 404
    assert 'aria-current="page">结果' not in text(of(visitor, "topic", topic.pk))


def test_the_setter_reads_the_ranking_and_vetoes_with_a_reason(signed_in: SignIn) -> None:
    topic = ranked_topic()
    decision = prepared(topic)
    best = bids_of(topic)[0]
    setter = signed_in(somebody(Role.MEMBER, topic.setter))
    assert "确认否决" in text(of(setter, "topic-result", topic.pk))
    assert send(setter, "publish-decision", decision.pk).status_code == 403
    assert send(setter, "veto-proposal", decision.pk, submission=best.pk, reason="有诉讼。").status_code == 302
    officer = signed_in(somebody())
    page = text(of(officer, "topic-result", topic.pk))
    assert "有诉讼。" in page
    assert "确认公布" not in page
    assert send(officer, "override-veto", decision.pk, submission=best.pk, reason="已了结。").status_code == 302
    assert "确认公布" in text(of(officer, "topic-result", topic.pk))


def test_an_applicant_reads_its_own_result_with_opinions_and_nobody_elses(signed_in: SignIn) -> None:
    topic = ranked_topic()
    loser, other = bids_of(topic)[1:]
    reviewed(loser, "方案的控温精度缺少数据。")
    reviewed(loser, "验收评审的意见。", state="open")
    notice = ended(topic)
    client = signed_in(somebody(Role.MEMBER, loser.applicant))
    page = text(of(client, "topic-result", topic.pk))
    assert "综合得分较低。" in page
    assert "控温精度" not in page
    with on(day_after(notice)):
        award_topic(actor=OFFICER, topic=topic)
        page = text(of(client, "topic-result", topic.pk))
    assert "方案的控温精度缺少数据。" in page
    assert "验收评审的意见。" not in page
    assert "88 分" in page
    assert "申请复审" in page
    assert "评审专家甲" not in page
    assert other.applicant.name not in page
    assert ProvisionEvent.objects.filter(entity_id=str(loser.pk), action="shown.page").exists()


def reviewed(submission: Submission, opinion: str, state: str = "aggregated") -> Review:
    """A signed review; the rounds of review have tests of their own."""
    round_ = Round.objects.create(
        topic=submission.topic, state=state,
        criteria=[{"id": "route", "label": {"zh": "技术路线", "en": "Approach"}, "weight": "1"}],
    )  # fmt: skip
    seat = Seat.objects.create(round=round_, person=PersonFactory(name="评审专家甲"), account=9901, state="finished")
    return Review.objects.create(
        seat=seat, submission=submission, account=9901, marks={"route": 88}, total=Decimal(88), opinion=opinion,
        state="signed",
    )  # fmt: skip


def test_a_notice_is_read_by_anybody_and_names_no_loser(visitor: Client) -> None:
    topic = ranked_topic(3, rejected=1)
    notice = noticed(topic, "proposed", "reserve", "not_awarded", "not_awarded")
    rows = bids_of(topic)
    for page in (text(of(visitor, "notices")), text(of(visitor, "notice", notice.pk))):
        assert rows[0].applicant.name in page
        assert not any(each.applicant.name in page for each in rows[2:])
    decision = text(of(visitor, "decision", notice.decision_id))
    assert rows[0].applicant.name in decision
    assert not any(each.applicant.name in decision for each in rows[1:])
    assert "综合得分较低" not in decision
    assert of(visitor, "notice-picture", notice.pk)["Content-Type"] == "image/svg+xml"
    assert notice.title not in text(of(visitor, "notices", QUERY_STRING="over=1"))


def _offered(page: HttpResponse) -> str:
    """The secret in the form of a notice."""
    found = re.search(r'name="secret" value="([^"]+)"', text(page))
    assert found
    return found[1]


def _filed(visitor: Client, notice: Notice, secret: str) -> HttpResponse:
    given = {"name": "张三", "contact": "0571-12345678", "ground": GROUND, "no_secrets": "on", "secret": secret}
    files = [
        SimpleUploadedFile("设备.exe", b"MZ" + bytes(64)),
        SimpleUploadedFile("照片说明.txt", "设备与发票不符。".encode()),
    ]
    return visitor.post(reverse("portal:object", args=(notice.pk,)), given | {"evidence": files})


def _link(page: HttpResponse) -> str:
    """The link on a receipt, as a path of this host."""
    found = re.search(r'value="https?://[^/"]+([^"]+)"', text(page))
    assert found
    return found[1]


def test_a_visitor_objects_with_evidence_and_follows_it_by_a_link_shown_once(visitor: Client) -> None:
    notice = noticed(ranked_topic())
    answer = send(visitor, "object", notice.pk, name="", contact="0571-12345678", ground=GROUND)
    assert answer.status_code == 422
    assert "线索" in text(answer)
    assert GROUND in text(answer)
    assert f"办结满 {days_kept()} 天" in text(of(visitor, "object", notice.pk))
    secret = _offered(of(visitor, "object", notice.pk))
    filed, again = _filed(visitor, notice, secret), _filed(visitor, notice, secret)
    assert (filed.status_code, _link(filed)) == (200, _link(again))
    assert (filed["Cache-Control"], filed["Referrer-Policy"]) == ("private, no-store", "strict-origin")
    assert "设备.exe" in text(filed)
    objection, document = Objection.objects.get(), Document.objects.get()
    assert (document.name, document.entity_id) == ("照片说明.txt", objection.pk)
    other = Client()
    opened = other.get(_link(filed))
    assert opened["Location"] == reverse("portal:held-objection")
    page = other.get(opened["Location"])
    assert GROUND in text(page)
    assert "照片说明.txt" in text(page)
    assert secret not in text(page)
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("private, no-store", "strict-origin")
    admitted = advance_objection(actor=COLLEAGUE, objection=objection, event="admit")
    advance_objection(actor=COLLEAGUE, objection=admitted, event="reject", reason="设备与发票相符。")
    assert "设备与发票相符。" in text(of(other, "held-objection"))
    assert send(other, "take-back-held-objection", seen_state="filed").status_code == 422
    assert of(visitor, "objection", objection.pk).status_code == 302
    assert not ProvisionEvent.objects.filter(details__icontains=secret).exists()


def test_by_the_link_evidence_is_added_and_the_objection_taken_back(visitor: Client) -> None:
    notice = noticed(ranked_topic())
    filed = send(visitor, "object", notice.pk, name="张三", contact="0571-12345678", ground=GROUND)
    visitor = Client()
    visitor.get(_link(filed))
    address = reverse("portal:attach-held-evidence")
    refused = visitor.post(address)
    assert refused.status_code == 422
    assert set(re.findall(r'name="next" value="([^"]*)"', text(refused))) == {reverse("portal:held-objection")}
    assert "涉及国家秘密" in text(visitor.post(address, {"evidence": SimpleUploadedFile("a.txt", b"text")}))
    file = SimpleUploadedFile("a.txt", b"text")
    assert visitor.post(address, {"evidence": file, "no_secrets": "on"}).status_code == 302
    assert Document.objects.get().name == "a.txt"
    assert send(visitor, "take-back-held-objection", seen_state="filed").status_code == 302
    assert Objection.objects.get().state == "taken_back"
    assert 'type="file"' not in text(of(visitor, "held-objection"))
    send(visitor, "leave-held-objection")
    assert of(visitor, "held-objection").status_code == 404


def test_by_the_link_evidence_is_opened_again_and_taken_back_while_the_objection_is_open(visitor: Client) -> None:
    notice = noticed(ranked_topic())
    link = _link(send(visitor, "object", notice.pk, name="张三", contact="0571-12345678", ground=GROUND))
    holder, stranger, another = Client(), Client(), Client()
    holder.get(link)
    another.get(_link(send(Client(), "object", notice.pk, name="李四", contact="0571-87654321", ground=GROUND)))
    for name in ("a.txt", "b.txt"):
        file = SimpleUploadedFile(name, f"content of {name}".encode())
        holder.post(reverse("portal:attach-held-evidence"), {"evidence": file, "no_secrets": "on"})
    first, second = Document.objects.order_by("name")
    assert reverse("portal:held-evidence", args=(first.pk,)) in text(of(holder, "held-objection"))
    onward = of(holder, "held-evidence", first.pk)
    assert (onward.status_code, onward["Referrer-Policy"]) == (302, "strict-origin")
    assert b"".join(holder.get(onward["Location"])) == b"content of a.txt"
    assert ProvisionEvent.objects.filter(entity_id=str(first.pk)).count() == 1
    bare, changed = onward["Location"].split("?")[0], onward["Location"].replace(str(first.pk), str(second.pk))
    assert [holder.get(each).status_code for each in (bare, changed)] == [403, 403]
    for other in (stranger, another):
        assert of(other, "held-evidence", first.pk).status_code == 404
        assert other.get(onward["Location"]).status_code == 404
        assert send(other, "withdraw-held-evidence", first.pk, reason="不是我的").status_code == 404
    assert another.get(reverse("portal:document", args=(first.pk,))).status_code == 404
    assert send(holder, "withdraw-held-evidence", first.pk, reason=" ").status_code == 422
    assert send(holder, "withdraw-held-evidence", first.pk, reason="传错了").status_code == 302
    assert "a.txt" not in text(of(holder, "held-objection")).replace("已撤回附件“a.txt”", "")
    assert holder.get(onward["Location"]).status_code == 404
    late = of(holder, "held-evidence", second.pk)["Location"]
    with patch("time.time", lambda: clock.now().timestamp() + 3600):
        assert holder.get(late).status_code == 403
    objection = Objection.objects.get(name="张三")
    answered_by(objection)
    page = text(of(holder, "held-objection"))
    assert reverse("portal:held-evidence", args=(second.pk,)) in page
    assert reverse("portal:withdraw-held-evidence", args=(second.pk,)) not in page
    assert send(holder, "withdraw-held-evidence", second.pk, reason="传错了").status_code == 422
    assert Document.objects.filter(withdrawn_at=None).get() == second


def answered_by(objection: Objection) -> None:
    admitted = advance_objection(actor=COLLEAGUE, objection=objection, event="admit")
    advance_objection(actor=COLLEAGUE, objection=admitted, event="reject", reason="设备与发票相符。")


def test_a_wrong_link_is_a_page_that_does_not_exist(visitor: Client) -> None:
    notice = noticed(ranked_topic())
    link = _link(send(visitor, "object", notice.pk, name="张三", contact="0571-12345678", ground=GROUND))
    stranger = Client()
    missing = text(stranger.get("/objections/nothing-here"))
    for wrong in (link[:-1], link + "x", reverse("portal:objection-receipt"), reverse("portal:held-objection")):
        answer = stranger.get(wrong)
        assert answer.status_code == 404
        assert re.findall("<h1>.*?</h1>", text(answer)) == re.findall("<h1>.*?</h1>", missing)
    for name in ("attach-held-evidence", "take-back-held-objection"):
        assert send(stranger, name).status_code == 404
    stranger.get(link)
    with on(clock.now() + dt.timedelta(minutes=31)):
        assert of(stranger, "held-objection").status_code == 404
    assert Objection.objects.get().state == "filed"


def test_nobody_objects_when_it_is_over(visitor: Client) -> None:
    notice = ended(ranked_topic())
    assert "公示期已过" in text(of(visitor, "object", notice.pk))
    answer = send(visitor, "object", notice.pk, name="张三", contact="0571-12345678", ground=GROUND)
    assert answer.status_code == 422
    assert not Objection.objects.exists()


def test_somebody_with_an_account_objects_with_evidence(signed_in: SignIn) -> None:
    notice = noticed(ranked_topic())
    citizen = somebody(Role.MEMBER, notice.topic.setter)
    client = signed_in(citizen)
    given = {"name": "王某某", "contact": "a@example.org", "ground": GROUND, "no_secrets": "on"}
    files = [
        SimpleUploadedFile("设备.exe", b"MZ" + bytes(64)),
        SimpleUploadedFile("设备照片说明.txt", "设备与发票不符。".encode()),
    ]
    answer = client.post(reverse("portal:object", args=(notice.pk,)), given | {"evidence": files})
    objection = Objection.objects.get()
    assert answer["Location"] == reverse("portal:objection", args=(objection.pk,))
    document = Document.objects.get()
    assert (document.name, document.entity_id) == ("设备照片说明.txt", objection.pk)
    page = text(client.get(answer["Location"]))
    assert "没有收下" in page
    assert "设备照片说明.txt" in page
    officer = signed_in(somebody())
    assert "设备照片说明.txt" in text(of(officer, "objection", objection.pk))
    assert of(officer, "document", document.pk).status_code == 302
    other = signed_in(somebody(Role.MEMBER, bids_of(notice.topic)[0].applicant))
    assert of(other, "objection", objection.pk).status_code == 404
    assert of(other, "document", document.pk).status_code == 404
    withdrawn = send(client, "withdraw-document", document.pk, reason="传错了")
    assert withdrawn["Location"] == reverse("portal:objection", args=(objection.pk,))
    assert of(officer, "document", document.pk).status_code == 404
    assert send(client, "take-back-objection", objection.pk, seen_state="filed").status_code == 302
    objection.refresh_from_db()
    assert objection.state == "taken_back"


def test_a_loser_asks_to_be_examined_again_for_itself_alone(signed_in: SignIn) -> None:
    topic = ranked_topic()
    notice = noticed(topic)
    loser = bids_of(topic)[1]
    client = signed_in(somebody(Role.MEMBER, loser.applicant))
    address = reverse("portal:object", args=(notice.pk,)) + f"?submission={loser.pk}"
    assert "申请复审" in text(client.get(address))
    given = {"name": "王某某", "contact": "a@example.org", "ground": GROUND, "submission": str(loser.pk)}
    assert client.post(address, given).status_code == 302
    assert Objection.objects.get().kind == "reexamination"
    other = signed_in(somebody(Role.MEMBER, topic.setter))
    assert other.get(address).status_code == 404
    assert other.post(address, given).status_code == 404


def test_an_officer_answers_by_their_day_and_not_their_own_decision(signed_in: SignIn) -> None:
    topic = ranked_topic()
    first, second = somebody(), somebody()
    decision = prepared(topic, actor=first)
    publish_decision(actor=second, decision=decision)
    client, colleague = signed_in(first), signed_in(second)
    with on(WEEK):
        send(client, "give-notice", decision.pk, contact="规划处")
        notice = Notice.objects.get()
        send(Client(), "object", notice.pk, name="张三", contact="0571-12345678", ground=GROUND)
    objection = Objection.objects.get()
    with on(WEEK + dt.timedelta(days=4)):
        assert "已过答复期限" in text(of(colleague, "objections"))
        send(colleague, "advance-objection", objection.pk, event="admit", seen_state="filed")
        assert "另一位工作人员" in text(of(client, "objection", objection.pk))
        refused = send(client, "advance-objection", objection.pk, event="uphold", reason="属实", seen_state="admitted")
        assert refused.status_code == 409
        stale = send(colleague, "advance-objection", objection.pk, event="uphold", reason="属实", seen_state="filed")
        assert stale.status_code == 409
        send(colleague, "advance-objection", objection.pk, event="uphold", reason="属实", seen_state="admitted")
    topic.refresh_from_db()
    assert topic.state == "ranked"
    assert "已经撤销" in text(of(Client(), "notice", notice.pk))


def test_the_ranking_leaves_as_a_sheet_for_who_may_read_it(signed_in: SignIn) -> None:
    topic = ranked_topic()
    address = reverse("portal:result-file", args=(topic.pk, "csv"))
    answer = signed_in(somebody()).get(address)
    written = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(written) == 4
    assert bids_of(topic)[0].applicant.name in written[1]
    assert signed_in(somebody(Role.MEMBER, bids_of(topic)[0].applicant)).get(address).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", ["notices", "objections"])
def test_lists_ask_as_often_for_three_as_for_one(name: str, signed_in: SignIn) -> None:
    client = signed_in(somebody())
    counts = []
    for more in (1, 2):
        for _each in range(more):
            notice = noticed(ranked_topic())
            send(Client(), "object", notice.pk, name="张三", contact="0571-12345678", ground=GROUND)
        of(client, name)
        with CaptureQueriesContext(connection) as asked:
            of(client, name)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_is_whole_in_both_languages(language: str, signed_in: SignIn) -> None:
    topic = ranked_topic()
    client = signed_in(somebody(), language)
    headers = {"Accept-Language": language}
    pages = [of(client, "topic-result", topic.pk, headers=headers)]
    decision = prepared(topic)
    pages.append(of(client, "topic-result", topic.pk, headers=headers))
    publish_decision(actor=OFFICER, decision=decision)
    pages += [of(client, name, decision.pk, headers=headers) for name in ("decision", "give-notice")]
    assert {answer.status_code for answer in pages} == {200}
