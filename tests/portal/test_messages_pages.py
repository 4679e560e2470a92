"""Messages as pages: one's own and nobody else's, read and unread, and how they are sent."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.models import ProvisionEvent
from rongtong.domain.mailbox.models import Delivery, Message
from rongtong.domain.mailbox.telling import tell
from rongtong.domain.parties.models import Account
from rongtong.domain.programmes.models import Submission, Topic
from tests import factories as make
from tests.programmes.factories import TopicFactory

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
PAGE = "portal:messages"


def put(topic: Topic, state: str) -> Topic:
    Topic.objects.filter(pk=topic.pk).update(state=state)
    topic.refresh_from_db()
    return topic


@pytest.fixture
def setter() -> Actor:
    """Somebody to whom two things were told."""
    topic = put(TopicFactory(title="高温石灰自动出灰"), "open")
    actor = make.member(topic.setter)
    tell(make.PLATFORM, "topic.publish", topic)
    tell(make.PLATFORM, "topic.open", topic)
    return actor


def count_in_bar(body: str) -> str:
    found = re.search(r'class="unread-count"[^>]*>([^<]*)<', body)
    return found[1] if found else ""


def test_messages_are_for_who_signs_in(visitor: Client) -> None:
    assert visitor.get(reverse(PAGE)).status_code == 302


def test_one_reads_what_one_was_told_and_nobody_elses(setter: Actor, signed_in: SignIn) -> None:
    body = signed_in(setter).get(reverse(PAGE)).content.decode()
    assert "“高温石灰自动出灰”开始受理揭榜" in body
    assert count_in_bar(body) == "2"
    for other in (make.member(), make.officer(), make.supervisor()):
        body = signed_in(other).get(reverse(PAGE)).content.decode()
        assert "出灰" not in body
        assert "还没有消息" in body
        message = Message.objects.filter(account=setter.account).first()
        assert message is not None
        assert signed_in(other).post(reverse("portal:open-message", args=(message.pk,))).status_code == 404


def test_opening_a_message_reads_it_and_leads_to_its_record(setter: Actor, signed_in: SignIn) -> None:
    client = signed_in(setter)
    message = Message.objects.filter(key="topic.open").get()
    answer = client.post(reverse("portal:open-message", args=(message.pk,)))
    assert answer.headers["Location"] == reverse("portal:topic", args=(message.entity,))
    assert count_in_bar(client.get(reverse(PAGE)).content.decode()) == "1"
    again = client.post(reverse("portal:open-message", args=(message.pk,)))
    assert again.status_code == 302
    body = client.get(reverse(PAGE), {"unread": "1"}).content.decode()
    assert "已发榜" in body
    assert "开始受理" not in body


def test_looking_changes_nothing(setter: Actor, signed_in: SignIn) -> None:
    client = signed_in(setter)
    message = Message.objects.first()
    assert message is not None
    client.get(reverse(PAGE))
    opened = client.get(reverse("portal:open-message", args=(message.pk,)))
    assert (opened.status_code, opened.headers["Allow"]) == (405, "POST")
    assert "它只接收表单的提交" in opened.content.decode()
    assert Message.objects.filter(read_at=None).count() == 2


def test_everything_is_read_at_once_and_twice_does_no_harm(setter: Actor, signed_in: SignIn) -> None:
    client = signed_in(setter)
    for _click in range(2):
        answer = client.post(reverse("portal:read-messages"), follow=True)
        assert "已全部标为已读" in answer.content.decode()
    assert count_in_bar(client.get(reverse("portal:workbench")).content.decode()) == ""


def test_another_seats_messages_are_counted_and_not_shown(signed_in: SignIn) -> None:
    first, second = make.PartyFactory(), make.PartyFactory()
    account = make.AccountFactory()
    for party in (first, second):
        make.RoleGrantFactory(account=account, party=party)
    tell(make.PLATFORM, "topic.open", put(TopicFactory(setter=second, title="别处的题"), "open"))
    client = Client(headers={"Accept-Language": "zh-CN"})
    client.force_login(Account.objects.get(pk=account.pk))
    client.post(reverse("portal:choose-seat"), {"seat": f"{first.pk}/"})
    body = client.get(reverse(PAGE)).content.decode()
    assert "别处的题" not in body
    assert "您的其他身份还有 1 条未读消息" in body
    client.post(reverse("portal:choose-seat"), {"seat": f"{second.pk}/"})
    assert "别处的题" in client.get(reverse(PAGE)).content.decode()


def test_a_mail_is_chosen_and_a_wrong_choice_says_so(setter: Actor, signed_in: SignIn) -> None:
    client = signed_in(setter)
    answer = client.post(reverse("portal:deliver-messages"), {"often": "weekly"})
    assert answer.status_code == 302
    assert Delivery.objects.get(account=setter.account).often == "weekly"
    assert re.search(r'value="weekly" checked', client.get(reverse(PAGE)).content.decode())
    answer = client.post(reverse("portal:deliver-messages"), {"often": "hourly"})
    assert answer.status_code == 422
    assert "请选择多久发一次邮件" in answer.content.decode()


def test_a_title_that_is_not_public_is_noted_when_shown(signed_in: SignIn) -> None:
    topic = TopicFactory()
    actor = make.member(topic.setter)
    tell(make.PLATFORM, "topic.return", topic)
    client = signed_in(actor)
    client.get(reverse(PAGE))
    message = Message.objects.get()
    assert ProvisionEvent.objects.filter(entity_id=str(message.pk), account=actor.account).count() == 1


def test_that_an_applicant_was_told_of_a_sealed_submission_is_noted_nowhere(signed_in: SignIn) -> None:
    topic = put(TopicFactory(), "open")
    applicant = make.member()
    submission = Submission.objects.create(topic=topic, applicant_id=applicant.party, state="sealed")
    tell(applicant, "submission.seal", submission)
    client = signed_in(applicant)
    before = ProvisionEvent.objects.count()
    assert topic.title in client.get(reverse(PAGE)).content.decode()
    assert ProvisionEvent.objects.count() == before


def test_many_messages_cost_no_more_questions(setter: Actor, signed_in: SignIn) -> None:
    client = signed_in(setter)
    client.get(reverse(PAGE))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(PAGE))
    topic = Topic.objects.get()
    for _each in range(20):
        tell(make.PLATFORM, "topic.rank", topic)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(PAGE))
    assert len(many) == len(few)


def test_in_english_everything_but_the_titles_is_english(setter: Actor, signed_in: SignIn, settings: object) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"region_name": "Region"})  # type: ignore[attr-defined]
    body = signed_in(setter, "en").get(reverse(PAGE)).content.decode()
    assert "“高温石灰自动出灰” now takes submissions" in body
    left = re.sub(r"<script.*?</script>|高温石灰自动出灰|中文|切换为中文", "", body, flags=re.S)
    for name in (setter.name, setter.party_name):
        left = left.replace(name, "")
    assert "消息" not in left
    assert "日历" not in left
