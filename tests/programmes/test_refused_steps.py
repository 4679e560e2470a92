"""A step that was refused comes back on its page: why beside it, the reason still in its box."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import resolve, reverse

from rongtong.domain.foundation.actors import VISITOR
from rongtong.domain.foundation.calendar import NoCalendar
from rongtong.domain.foundation.transitions import LONGEST_REASON
from rongtong.domain.programmes.actions.deciding import publish_decision
from rongtong.domain.programmes.actions.objections import file_objection
from rongtong.domain.programmes.models import Objection
from rongtong.domain.programmes.queries import deciding
from rongtong.portal.stepping import PAGES, PAGES_OF
from tests.factories import officer
from tests.programmes.deciding_scene import COLLEAGUE, GROUND, bids_of, noticed, prepared, ranked_topic
from tests.programmes.factories import ProgrammeFactory, TopicFactory

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
TYPED = "设备与发票不符，<已核实>"
ESCAPED = "设备与发票不符，&lt;已核实&gt;"
LONG = "长" * (LONGEST_REASON + 1)


def boxes(body: str) -> list[str]:
    """What stands in the boxes of reasons that came back marked."""
    return re.findall(r'<textarea name="reason"[^>]*aria-invalid="true">([^<]*)</textarea>', body)


def objection() -> Objection:
    notice = noticed(ranked_topic())
    return file_objection(actor=VISITOR, notice=notice, name="张三", contact="0571-12345678", ground=GROUND)


def test_a_reason_that_will_not_do_comes_back_in_its_box(signed_in: SignIn) -> None:
    found = objection()
    client = signed_in(officer())
    address = reverse("portal:advance-objection", args=(found.pk,))
    answer = client.post(address, {"event": "dismiss", "reason": LONG, "seen_state": "filed"})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert GROUND in body
    assert "理由最多" in body
    assert boxes(body) == [LONG]
    assert "<details open>" in body
    assert re.search(r'id="messages"[^>]*>\s*<div class="notice notice-error" role="alert">', body)
    found.refresh_from_db()
    assert found.state == "filed"


def test_what_was_written_for_a_step_that_is_gone_is_shown_to_be_copied(signed_in: SignIn) -> None:
    found = objection()
    address = reverse("portal:advance-objection", args=(found.pk,))
    answer = signed_in(officer()).post(address, {"event": "uphold", "reason": TYPED, "seen_state": "admitted"})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert boxes(body) == []
    assert f"{ESCAPED}</textarea>" in body


def test_of_several_boxes_sent_to_one_address_the_one_that_was_sent_comes_back(signed_in: SignIn) -> None:
    topic = ranked_topic()
    decision = prepared(topic, "proposed", "reserve", "not_awarded")
    publish_decision(actor=COLLEAGUE, decision=decision)
    address = reverse("portal:discard-decision", args=(decision.pk,))
    answer = signed_in(officer()).post(address, {"reason": TYPED, "seen_state": "prepared"})
    body = answer.content.decode()
    assert (answer.status_code, f"{ESCAPED}</textarea>" in body) == (409, True)
    assert bids_of(topic)[0].applicant.name in body


def test_steps_of_topics_and_programmes_come_back_too(signed_in: SignIn) -> None:
    client = signed_in(officer())
    programme, topic = ProgrammeFactory(), TopicFactory()
    for name, record in (("advance-programme", programme), ("advance-topic", topic)):
        event = {"advance-programme": "close", "advance-topic": "cancel"}[name]
        answer = client.post(
            reverse(f"portal:{name}", args=(record.pk,)), {"event": event, "reason": LONG, "seen_state": "drafting"}
        )
        body = answer.content.decode()
        assert (answer.status_code, boxes(body), record.title in body) == (409, [LONG], True)


def test_the_page_that_came_back_leads_to_itself_in_another_language(signed_in: SignIn) -> None:
    found = objection()
    client = signed_in(officer())
    address = reverse("portal:advance-objection", args=(found.pk,))
    answer = client.post(address, {"event": "dismiss", "reason": LONG, "seen_state": "filed"})
    leads_to = set(re.findall(r'name="next" value="([^"]*)"', answer.content.decode()))
    assert leads_to == {reverse("portal:objection", args=(found.pk,))}


def test_the_page_that_was_only_opened_says_nothing_of_it(signed_in: SignIn) -> None:
    found = objection()
    body = signed_in(officer()).get(reverse("portal:objection", args=(found.pk,))).content.decode()
    assert boxes(body) == []
    assert "这一步没有完成" not in body


def test_where_the_page_is_closed_the_refusal_has_a_page_of_its_own(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = objection()
    monkeypatch.setitem(PAGES, "portal:advance-objection", "portal:topic")  # no topic has an objection's identifier
    address = reverse("portal:advance-objection", args=(found.pk,))
    answer = signed_in(officer()).post(address, {"event": "dismiss", "reason": LONG, "seen_state": "filed"})
    body = answer.content.decode()
    assert (answer.status_code, body.count("理由最多"), LONG in body) == (409, 1, False)


def test_where_the_page_cannot_be_drawn_the_refusal_is_told_all_the_same(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def undrawable(_objection: Objection) -> str:
        raise NoCalendar("没有2099年的工作日历。", 2099)

    found = objection()
    monkeypatch.setattr(deciding, "receipt_number", undrawable)
    address = reverse("portal:advance-objection", args=(found.pk,))
    answer = signed_in(officer()).post(address, {"event": "dismiss", "reason": LONG, "seen_state": "filed"})
    assert (answer.status_code, answer.content.decode().count("理由最多")) == (409, 1)


@pytest.mark.parametrize("name", [*PAGES, *PAGES_OF])
def test_every_step_has_a_page_to_come_back_to(name: str) -> None:
    given = {"identifier": uuid4()} | ({"kind": "demand"} if name == "portal:advance" else {})
    assert resolve(reverse(name, kwargs=given)).view_name == name
    page, kwargs = (PAGES[name], given) if name in PAGES else (PAGES_OF[name][2], {"identifier": uuid4()})
    assert resolve(reverse(page, kwargs=kwargs)).view_name == page
