"""One mail a day with what is new and what falls due; never twice, and no message is lost by a failure."""

import datetime as dt
from collections.abc import Callable, Iterator
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import AccessDenied, Invalid
from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.mailbox import actions, digests
from rongtong.domain.mailbox.models import Delivery, Digest, Message
from rongtong.domain.mailbox.queries import messages_of, old_messages
from rongtong.domain.mailbox.telling import tell
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.parties.personal.parts import parts
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.programmes.models import Submission, Topic
from tests import factories as make
from tests.programmes.factories import TopicFactory

pytestmark = pytest.mark.django_db
LINK = "https://rongtong.example/me/messages"
MORNING = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))  # a Monday
Stand = Callable[[dt.datetime], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    """Have it be an hour; nine on a Monday to begin with."""

    def stand(moment: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    stand(MORNING)
    yield stand


def reader(party: Party | None = None, **facts: Any) -> Actor:
    """A member with an e-mail address."""
    actor = make.member(party)
    Account.objects.filter(pk=actor.account).update(email=f"reader{actor.account}@example.org", **facts)
    return actor


def listed(setter: Party | None = None, **columns: Any) -> Topic:
    topic = TopicFactory(**({"setter": setter} if setter else {}))
    Topic.objects.filter(pk=topic.pk).update(**{"state": "open", **columns})
    topic.refresh_from_db()
    return topic


def post() -> int:
    return digests.post_digests(make.PLATFORM, LINK)


def told() -> tuple[Actor, Topic]:
    """Somebody to whom something was told of a public topic."""
    topic = listed()
    actor = reader(topic.setter)
    tell(make.PLATFORM, "topic.open", topic)
    return actor, topic


def test_a_day_has_one_mail_with_everything_new(at: Stand) -> None:
    actor, topic = told()
    tell(make.PLATFORM, "topic.rank", topic)
    assert post() == 1
    (sent,) = mail.outbox
    assert sent.to == [f"reader{actor.account}@example.org"]
    assert topic.title in sent.body
    assert sent.body.count("·") == 2
    assert LINK in sent.body
    tell(make.PLATFORM, "topic.cancel", topic)
    assert post() == 0
    at(MORNING + dt.timedelta(days=1))
    assert post() == 1
    assert "已取消" in mail.outbox[1].body
    assert "开始受理" not in mail.outbox[1].body


def test_nothing_new_is_no_mail(at: Stand) -> None:
    reader()
    assert post() == 0
    assert mail.outbox == []


def test_what_was_read_in_the_portal_is_not_mailed(at: Stand) -> None:
    actor, _topic = told()
    actions.read_messages(actor=actor)
    assert post() == 0


def test_before_the_hour_and_without_a_server_nothing_goes(at: Stand, settings: Any) -> None:
    told()
    at(MORNING - dt.timedelta(hours=2))
    assert post() == 0
    at(MORNING)
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert post() == 0
    assert not Digest.objects.exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert post() == 1


def test_a_title_that_is_not_public_stays_in_the_house(at: Stand) -> None:
    topic = listed(state="drafting")
    reader(topic.setter)
    tell(make.PLATFORM, "topic.return", topic)
    assert post() == 1
    assert topic.title not in mail.outbox[0].body
    assert "一条榜题被退回修改" in mail.outbox[0].body


def test_of_a_sealed_submission_the_mail_does_not_say_to_which_topic(at: Stand) -> None:
    topic = listed()
    applicant = reader()
    submission = Submission.objects.create(topic=topic, applicant_id=applicant.party, state="sealed")
    for actor in (reader(topic.setter), reader()):
        assert actor.account
    tell(applicant, "submission.seal", submission)
    assert post() == 1
    assert [sent.to for sent in mail.outbox] == [[f"reader{applicant.account}@example.org"]]
    assert topic.title not in mail.outbox[0].body


@pytest.mark.parametrize("days", range(9))
def test_a_draft_is_reminded_of_seven_three_and_one_days_before(at: Stand, days: int) -> None:
    applicant = reader()
    topic = listed(closes_at=MORNING + dt.timedelta(days=days, hours=6))
    Submission.objects.create(topic=topic, applicant_id=applicant.party, state="draft")
    assert post() == (days in (7, 3, 1))


def test_weekly_is_on_mondays_and_none_is_never(at: Stand) -> None:
    weekly, never = told()[0], told()[0]
    actions.choose_delivery(actor=weekly, often="weekly")
    actions.choose_delivery(actor=never, often="none")
    at(MORNING + dt.timedelta(days=1))
    assert post() == 0
    at(MORNING + dt.timedelta(days=7))
    assert post() == 1
    assert mail.outbox[0].to == [f"reader{weekly.account}@example.org"]
    with pytest.raises(Invalid):
        actions.choose_delivery(actor=weekly, often="hourly")


def test_an_account_that_may_no_longer_act_gets_nothing(at: Stand) -> None:
    actor, _topic = told()
    Account.objects.filter(pk=actor.account).update(is_active=False)
    assert post() == 0


def test_a_mail_speaks_the_language_of_its_reader(at: Stand) -> None:
    topic = listed()
    reader(topic.setter, language="en")
    tell(make.PLATFORM, "topic.open", topic)
    post()
    assert "now takes submissions" in mail.outbox[0].body
    assert mail.outbox[0].subject == "Rongtong: 1 matter"


class Killed(BaseException):
    """What SIGKILL looks like from inside: nothing after it runs."""


def test_killed_after_the_server_took_it_the_mail_is_not_sent_again(at: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    actor, _topic = told()

    def killed(**facts: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(digests, "settle_digests", killed)
        post()
    assert len(mail.outbox) == 1
    assert post() == 0
    at(MORNING + dt.timedelta(hours=5))
    assert post() == 0
    assert len(mail.outbox) == 1
    assert messages_of(actor).filter(read_at=None, mailed_at=None).count() == 1
    at(MORNING + dt.timedelta(days=1))
    assert post() == 1  # what nobody can be sure of is told once more, another day


def test_killed_before_the_server_took_it_the_message_waits_for_the_next_day(
    at: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    told()

    def killed(letter: object) -> bool:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(digests, "_sent", killed)
        post()
    assert post() == 0
    assert mail.outbox == []
    at(MORNING + dt.timedelta(days=1))
    assert post() == 1


def test_a_server_that_says_no_is_asked_again_and_loses_nothing(at: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    told()
    well = told()[0]

    def refuse(self: EmailMessage, fail_silently: bool = False) -> int:
        if self.to == [f"reader{well.account}@example.org"]:
            return 1
        raise SMTPServerDisconnected("gone")

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", refuse)
        assert post() == 1  # the others are not held up
        assert post() == 0  # nor is the server pressed at once
        for minutes in (3, 10, 30, 90, 300):
            at(MORNING + dt.timedelta(minutes=minutes))
            post()
    (failed,) = Digest.objects.filter(sent_at=None)
    assert failed.attempts == actions.MOST_ATTEMPTS
    at(MORNING + dt.timedelta(days=1))
    assert post() == 1
    assert Message.objects.filter(mailed_at=None).count() == 0


def test_a_server_that_comes_back_the_same_day_gets_the_mail(at: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    told()

    def refuse(self: EmailMessage, fail_silently: bool = False) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", refuse)
        assert post() == 0
    at(MORNING + dt.timedelta(minutes=10))
    assert post() == 1
    assert post() == 0
    assert len(mail.outbox) == 1


def test_of_two_workers_one_begins_a_mail(at: Stand) -> None:
    actor, _topic = told()
    accounts = [Account.objects.get(pk=actor.account)]
    day = timezone.localdate(MORNING)
    first = actions.claim_digests(actor=make.PLATFORM, day=day, accounts=accounts, letters=[accounts[0].pk])
    second = actions.claim_digests(actor=make.PLATFORM, day=day, accounts=accounts, letters=[accounts[0].pk])
    assert [len(first), len(second)] == [1, 0]


def test_the_audit_does_not_tell_whether_anybody_had_something_to_read(at: Stand) -> None:
    """The same events, about nobody, whether there was a sealed submission to tell its applicant of or not."""

    def events() -> list[tuple[str, str, dict[str, object]]]:
        before = AuditEvent.objects.count()
        post()
        return [(e.action, e.entity_kind, e.details) for e in AuditEvent.objects.order_by("seq")[before:]]

    applicant, topic = reader(), listed()
    nothing = [(name, kind) for name, kind, _details in events()]
    at(MORNING + dt.timedelta(days=1))
    submission = Submission.objects.create(topic=topic, applicant_id=applicant.party, state="sealed")
    tell(applicant, "submission.seal", submission)
    found = events()
    assert [(name, kind) for name, kind, _details in found] == nothing
    assert mail.outbox
    assert {key for _name, _kind, details in found for key in details} == {"day"}


def test_nobody_but_the_platform_sends(at: Stand) -> None:
    with pytest.raises(AccessDenied):
        digests.post_digests(reader(), LINK)
    with pytest.raises(AccessDenied):
        actions.prune_messages(actor=make.officer())


def test_rounds_take_everybody_in_turn(at: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "AT_ONCE", 2)
    topic = listed()
    for _each in range(5):
        reader(topic.setter)
    tell(make.PLATFORM, "topic.open", topic)
    assert post() == 5
    assert len(mail.outbox) == 5
    assert Delivery.objects.filter(looked_on=timezone.localdate(MORNING)).count() == 5


def test_old_messages_go_and_what_happened_stays(at: Stand, settings: Any) -> None:
    _actor, topic = told()
    Message.objects.update(at=MORNING)
    at(MORNING + dt.timedelta(days=settings.ENVIRONMENT.keep_messages_days))
    assert not old_messages().exists()
    at(MORNING + dt.timedelta(days=settings.ENVIRONMENT.keep_messages_days, seconds=1))
    assert old_messages().count() == 1
    assert actions.prune_messages(actor=make.PLATFORM) == 1
    assert not Message.objects.exists()
    assert audit.history(topic.pk).exists()


def test_what_is_held_of_a_person_is_given_out_and_goes_with_them(at: Stand) -> None:
    account = make.AccountFactory(person=make.PersonFactory())
    topic = listed(setter=account.person)
    tell(make.PLATFORM, "topic.open", topic)
    actions.choose_delivery(actor=actor_of(account), often="weekly")
    actions.make_feed(actor=actor_of(account))
    (part,) = [each for each in parts() if each.key == "messages"]
    (row,) = part.gather(account.person, [account])
    assert topic.title in row["text"]
    tell(make.PLATFORM, "topic.publish", topic)
    assert part.number(account.person, [account]) == 1  # mailboxes: one more message would tell what became of whom
    assert part.erase is not None
    assert part.erase(make.PLATFORM, account.person) == 1
    for model in (Message, Delivery, Digest):
        assert not model._default_manager.exists()
    assert not account.feeds.exists()
