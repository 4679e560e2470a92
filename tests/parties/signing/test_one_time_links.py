"""Invitations and new passwords by links: each opens once, for a time, for whom it was meant."""

import logging
import time
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation.actors import VISITOR, Role
from rongtong.domain.foundation.errors import AccessDenied, Invalid
from rongtong.domain.foundation.models import AccessEvent
from rongtong.domain.parties.models import Account, Affiliation, OneTimeLink, Party
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.parties.signing import links, resets
from rongtong.domain.parties.signing import mail as post
from rongtong.domain.parties.signing.invitations import accept_invitation, issue_invitation
from rongtong.domain.parties.signing.links import Issued, Spent, revoke_link
from rongtong.domain.parties.signing.resets import issue_reset, use_reset
from tests.factories import (
    PASSWORD,
    PLATFORM,
    AccountFactory,
    PartyFactory,
    RoleGrantFactory,
    administrator,
    holder,
    member,
    officer,
)
from tests.foundation.test_transitions import at_once
from tests.parties.signing.people import Clock, enrolled, is_in, needs_postgresql, person, sign_in

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
WANG = "wang@example.com"
NEW = "接受邀请时想好的一句话"
CHOICE = {"username": "wang", "display_name": "王工", "password": NEW + "呀", "again": NEW + "呀", "notice": "on"}


def address(secret: str) -> str:
    return f"https://rongtong.example{reverse('portal:link')}?key={secret}"


@pytest.fixture
def firm() -> Party:
    party: Party = PartyFactory(name="云岭示例窑炉有限公司")
    return party


@pytest.fixture
def invited(firm: Party) -> Issued:
    return issue_invitation(
        actor=administrator(firm),
        to_address=address,
        role=Role.MEMBER,
        party=firm,
        name="王工",
        email=WANG,
    )


def opened(client: Client, issued: Issued) -> Client:
    client.get(reverse("portal:link"), {"key": issued.secret}, follow=True)
    return client


def test_an_invitation_makes_person_account_and_role(invited: Issued, firm: Party, browser: Browser) -> None:
    client = opened(browser(), invited)
    page = client.get(reverse("portal:invitation")).content.decode()
    assert "云岭示例窑炉有限公司" in page and "单位成员" in page
    client.post(reverse("portal:invitation"), CHOICE)
    account = Account.objects.get(username="wang")
    assert account.person is not None and account.person.name == "王工"
    assert account.email == WANG
    assert Affiliation.objects.get(member=account.person).organisation == firm
    assert actor_of(account).party == firm.pk
    assert is_in(client)


def test_a_link_only_opens_a_form(invited: Issued, browser: Browser) -> None:
    """Mail scanners open every link in every letter."""
    for _number in range(5):
        opened(browser(), invited)
    assert links.open_link(links.digest_of(invited.secret)) is not None


def test_a_used_link_is_gone_for_whoever_stole_it(invited: Issued, browser: Browser) -> None:
    thief = opened(browser("203.0.113.66"), invited)
    opened(browser(), invited).post(reverse("portal:invitation"), CHOICE)
    stolen = thief.post(reverse("portal:invitation"), CHOICE | {"username": "thief"})
    assert (stolen.status_code, Account.objects.filter(username="thief").exists()) == (410, False)
    again = browser("203.0.113.66").get(reverse("portal:link"), {"key": invited.secret})
    assert again.status_code == 410
    assert AccessEvent.objects.filter(action="signing.link_refused").exists()


def test_what_is_stored_does_not_open(invited: Issued, browser: Browser) -> None:
    kept = str(OneTimeLink.objects.values())
    assert invited.secret not in kept
    assert browser().get(reverse("portal:link"), {"key": invited.link.digest}).status_code == 410


def test_a_link_runs_out(invited: Issued, browser: Browser, clock: Clock) -> None:
    client = opened(browser(), invited)
    clock.forward(hours=73)
    assert client.post(reverse("portal:invitation"), CHOICE).status_code == 410


def test_a_newer_invitation_ends_the_older(invited: Issued, firm: Party, browser: Browser) -> None:
    issue_invitation(
        actor=administrator(firm),
        to_address=address,
        role=Role.MEMBER,
        party=firm,
        name="王工",
        email=WANG,
    )
    assert browser().get(reverse("portal:link"), {"key": invited.secret}).status_code == 410


def test_who_invited_may_revoke(invited: Issued, firm: Party) -> None:
    with pytest.raises(AccessDenied):
        revoke_link(actor=administrator(), link=invited.link)
    revoke_link(actor=administrator(firm), link=invited.link)
    with pytest.raises(Spent):
        accept_invitation(actor=VISITOR, link=invited.link, username="wang", display_name="王", password=NEW + "呀")


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_wins() -> None:
    for number in range(3):
        firm = PartyFactory()
        issued = issue_invitation(
            actor=administrator(firm), to_address=address, role=Role.MEMBER, party=firm, name=f"王工{number}"
        )
        choice = {"actor": VISITOR, "link": issued.link, "display_name": "王工", "password": NEW + "呀"}
        answers = at_once(
            *[partial(accept_invitation, username=f"wang{number}{letter}", **choice) for letter in "abcd"]
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["Account", "Spent", "Spent", "Spent"]
        assert Account.objects.filter(username__startswith=f"wang{number}").count() == 1


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_one_name_at_once_neither_gets_the_others_account() -> None:
    for number in range(3):
        choices = [
            {
                "link": issue_invitation(actor=PLATFORM, to_address=address, role=Role.MEMBER, party=p, name="王").link,
                "password": f"{NEW}第{place}个",
            }
            for place, p in enumerate([PartyFactory(), PartyFactory()])
        ]
        name = {"username": f"same{number}", "display_name": "王工"}
        answers = at_once(*[partial(accept_invitation, actor=VISITOR, **name, **choice) for choice in choices])
        made = Account.objects.get(username=f"same{number}")
        winner = next(place for place, answer in enumerate(answers) if isinstance(answer, Account))
        assert made.check_password(choices[winner]["password"])
        assert made.grants.count() == 1
        assert isinstance(answers[1 - winner], Invalid)
        assert links.open_link(choices[1 - winner]["link"].digest) is not None  # and may choose another name


def test_an_invitation_is_worth_what_its_inviter_may_still_confer(firm: Party, browser: Browser) -> None:
    inviter = administrator(firm)
    issued = issue_invitation(actor=inviter, to_address=address, role=Role.MEMBER, party=firm, name="王工")
    Account.objects.filter(pk=inviter.account).update(is_active=False)
    answer = opened(browser(), issued).post(reverse("portal:invitation"), CHOICE)
    assert (answer.status_code, Account.objects.filter(username="wang").exists()) == (410, False)
    assert links.open_link(issued.link.digest) is not None


def test_nobody_invites_to_what_they_may_not_confer(firm: Party) -> None:
    wanted = {"to_address": address, "name": "王工"}
    for actor in (VISITOR, member(firm), officer(), administrator(), holder(Role.SYSADMIN), holder(Role.AUDITOR)):
        with pytest.raises(AccessDenied):
            issue_invitation(actor=actor, role=Role.MEMBER, party=firm, **wanted)
    with pytest.raises(AccessDenied):
        issue_invitation(actor=administrator(firm), role=Role.OFFICER, region="330100", **wanted)
    issue_invitation(actor=holder(Role.SECADMIN), role=Role.OFFICER, region="330100", **wanted)


def test_everything_wrong_with_a_choice_is_said_at_once_and_the_link_stays(invited: Issued, browser: Browser) -> None:
    person("taken")
    client = opened(browser(), invited)
    wrong = {"username": "Taken", "display_name": "", "password": "short", "again": "short"}
    page = client.post(reverse("portal:invitation"), wrong)
    body = page.content.decode()
    assert page.status_code == 422
    assert all(text in body for text in ("已有人使用", "请填写姓名", "密码至少要 12 个字"))
    client.post(reverse("portal:invitation"), CHOICE)
    assert is_in(client)


def test_who_has_an_account_takes_the_invitation_with_it(invited: Issued, firm: Party, browser: Browser) -> None:
    account = person()
    client = opened(browser(), invited)
    sign_in(client, next=reverse("portal:invitation"))
    assert "用当前账号接受" in client.get(reverse("portal:invitation")).content.decode()
    client.post(reverse("portal:invitation"))
    assert firm.pk in {grant.party_id for grant in account.grants.all()}
    assert Account.objects.filter(username="wang").count() == 0


def test_an_invited_officer_enrols_before_anything_else(browser: Browser) -> None:
    issued = issue_invitation(
        actor=holder(Role.SECADMIN), to_address=address, role=Role.OFFICER, region="330100", name="张干部"
    )
    client = opened(browser(), issued)
    answer = client.post(reverse("portal:invitation"), CHOICE)
    assert answer.url == reverse("portal:enrol")
    assert not is_in(client)


def test_the_letter_holds_the_link_and_the_log_does_not(
    firm: Party, browser: Browser, django_capture_on_commit_callbacks: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), django_capture_on_commit_callbacks(execute=True):
        issued = issue_invitation(
            actor=administrator(firm), to_address=address, role=Role.MEMBER, party=firm, email=WANG
        )
    post.delivered()
    assert [letter.to for letter in mail.outbox] == [[WANG]]
    assert address(issued.secret) in mail.outbox[0].body
    client = opened(browser(), issued)
    client.post(reverse("portal:invitation"), {"username": ""})
    browser().get(reverse("portal:link"), {"key": issued.secret + "x"})
    assert issued.secret not in caplog.text


def test_link_pages_tell_no_other_page_where_one_comes_from(invited: Issued, browser: Browser) -> None:
    client = browser()
    first = client.get(reverse("portal:link"), {"key": invited.secret})
    assert "key" not in urlsplit(first.url).query
    for answer in (first, client.get(reverse("portal:invitation")), browser().get(reverse("portal:reset"))):
        assert (answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == (
            "strict-origin",
            "private, no-store",
        )


def reset_for(account: Account) -> Issued:
    return issue_reset(actor=PLATFORM, to_address=address, account=account)


def test_a_new_password_by_link_ends_every_session_and_spares_no_code(browser: Browser, clock: Clock) -> None:
    account = person("officer", Role.OFFICER)
    app, _codes = enrolled(account)
    clock.forward(minutes=1)
    there = browser("192.0.2.5")
    sign_in(there, "officer")
    there.post(reverse("portal:second-factor"), {"code": app.at(clock.now)})
    client = opened(browser(), reset_for(account))
    new = NEW + "之后的新密码"
    client.post(reverse("portal:reset"), {"password": new, "again": new})
    assert not is_in(there)
    assert sign_in(client, "officer", new).url == reverse("portal:second-factor")
    assert sign_in(browser(), "officer", PASSWORD).status_code == 422


def test_a_reset_link_opens_once_and_a_newer_ends_it(browser: Browser) -> None:
    account = person()
    first, second = reset_for(account), reset_for(account)
    with pytest.raises(Spent):
        use_reset(actor=VISITOR, link=first.link, password=NEW + "一二三")
    use_reset(actor=VISITOR, link=second.link, password=NEW + "一二三")
    with pytest.raises(Spent):
        use_reset(actor=VISITOR, link=second.link, password=NEW + "四五六")


def test_a_refused_password_does_not_spend_the_link() -> None:
    issued = reset_for(person())
    with pytest.raises(Invalid):
        use_reset(actor=VISITOR, link=issued.link, password="short")
    use_reset(actor=VISITOR, link=issued.link, password=NEW + "一二三")


def test_an_invitation_does_not_reset_and_a_reset_does_not_invite(invited: Issued, browser: Browser) -> None:
    with pytest.raises(Spent):
        use_reset(actor=VISITOR, link=invited.link, password=NEW + "一二三")
    assert opened(browser(), invited).get(reverse("portal:reset")).status_code == 410


def test_an_administrator_reaches_only_who_acts_for_their_organisation_and_nothing_else(firm: Party) -> None:
    boss = administrator(firm)
    own = Account.objects.get(pk=member(firm).account)
    issue_reset(actor=boss, to_address=address, account=own)
    elsewhere = Account.objects.get(pk=member().account)
    both = Account.objects.get(pk=member(firm).account)
    RoleGrantFactory(account=both)
    clerk = AccountFactory()
    RoleGrantFactory(account=clerk, role=Role.OFFICER, party=firm, region="330100")
    nobody = AccountFactory()
    for account in (elsewhere, both, clerk, nobody):
        with pytest.raises(AccessDenied):
            issue_reset(actor=boss, to_address=address, account=account)


def test_asking_for_a_link_reads_and_takes_the_same_whoever_asks(
    browser: Browser, django_capture_on_commit_callbacks: Callable
) -> None:
    person(email="zhang@example.com")
    told = {}
    for name in ("zhang", "nobody"):
        began = time.monotonic()
        with django_capture_on_commit_callbacks(execute=True):
            answer = browser().post(reverse("portal:forgotten"), {"username": name})
        told[name] = (answer.status_code, answer.content.decode().split("<main")[1])
        assert time.monotonic() - began >= 0.4
    post.delivered()
    assert told["zhang"] == told["nobody"]
    assert [letter.to for letter in mail.outbox] == [["zhang@example.com"]]


def test_a_letter_that_cannot_be_sent_is_told_to_the_log_without_its_link(
    settings: object, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Callable
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]  # pytest-django's
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]  # nobody listens there
    with django_capture_on_commit_callbacks(execute=True):
        resets.request_reset(to_address=address, username=person(email="zhang@example.com").username, address="")
    post.delivered()
    assert "could not be sent" in caplog.text
    assert "key=" not in caplog.text and "zhang@example.com" not in caplog.text
