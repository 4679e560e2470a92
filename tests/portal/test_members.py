"""Members, accounts, seats, and what an account can see and do, as pages."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rongtong.domain.foundation.access import declared
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.models import AccessEvent
from rongtong.domain.parties.models import Account, OneTimeLink, RoleGrant
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.parties.seats import seats
from rongtong.domain.registry.models import Resource
from rongtong.portal.abilities import ability_name, kind_told, named
from tests.factories import (
    AccountFactory,
    PartyFactory,
    ResourceFactory,
    RoleGrantFactory,
    administrator,
    holder,
    manager,
    member,
    officer,
    supervisor,
)
from tests.portal.test_english import chinese_in

pytestmark = pytest.mark.django_db


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def text(client: Client, name: str, /, *args: Any, **query: str) -> str:
    answer = client.get(reverse(f"portal:{name}", args=args), query)
    assert answer.status_code == 200, answer.content[:300]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def post(client: Client, name: str, /, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"portal:{name}", args=args), data)


# -- seats --


def test_one_chooses_in_which_seat_one_acts_and_the_device_remembers() -> None:
    account = AccountFactory()
    RoleGrantFactory(account=account, role=Role.OFFICER, party=None, region="330100")
    RoleGrantFactory(account=account, party=PartyFactory(name="甲厂"))
    office, firm = seats(account)
    client = Client()
    client.force_login(account)
    assert "管理部门工作人员" in text(client, "workbench")
    assert post(client, "choose-seat", seat=firm.key).status_code == 302
    assert "甲厂 · 单位成员" in text(client, "workbench")
    later = Client()
    later.cookies["acting_for"] = client.cookies["acting_for"].value
    later.force_login(account)
    assert "甲厂 · 单位成员" in text(later, "workbench")
    assert AccessEvent.objects.get(action="parties.took_seat").details["seat"] == firm.key
    assert post(client, "choose-seat", seat="someone/else").status_code == 404
    assert office.key != firm.key


# -- members --


def test_members_see_who_their_colleagues_and_administrators_are_and_nothing_more() -> None:
    firm = PartyFactory(name="甲厂")
    keeper = administrator(firm)
    someone = member(firm)
    page = text(browser(someone), "members")
    assert "甲厂" in page
    assert keeper.name in page
    assert "单位管理员" in page
    assert Account.objects.get(pk=keeper.account).username not in page
    assert "邀请成员" not in page
    assert "收回" not in page


def test_an_administrator_invites_by_a_link_that_is_shown_once() -> None:
    firm = PartyFactory()
    client = browser(administrator(firm))
    answer = post(client, "invite-member", name="周新", role="member", ends="2099-01-01")
    (link,) = OneTimeLink.objects.all()
    assert (answer.status_code, link.party, link.role, link.ends.isoformat()) == (200, firm, "member", "2099-01-01")
    assert re.search(r"/link\?key=\S+", answer.content.decode())
    page = text(client, "members")
    assert "周新" in page
    assert "/link?key=" not in page
    assert post(client, "revoke-invitation", link.pk).status_code == 302
    assert "周新" not in text(client, "members")


def test_an_invitation_goes_by_mail_when_there_is_an_address() -> None:
    post(browser(administrator()), "invite-member", email="zhou@example.com", role="member")
    assert [message.to for message in mail.outbox] in ([["zhou@example.com"]], [])
    assert OneTimeLink.objects.get().email == "zhou@example.com"


@pytest.mark.parametrize(
    "given",
    [
        {"role": "member"},
        {"name": "周"},
        {"name": "周", "role": "king"},
        {"name": "周", "role": "member", "ends": "明天"},
    ],
)
def test_an_invitation_that_lacks_something_says_what(given: dict[str, str]) -> None:
    answer = post(browser(administrator()), "invite-member", **given)
    assert answer.status_code == 422
    assert "notice-error" in answer.content.decode()
    assert not OneTimeLink.objects.exists()


def test_an_administrator_cannot_invite_to_what_they_may_not_confer() -> None:
    assert post(browser(administrator()), "invite-member", name="周", role="officer").status_code == 403


def test_an_administrator_confers_and_ends_with_a_reason() -> None:
    firm = PartyFactory()
    client, colleague = browser(administrator(firm)), member(firm)
    assert post(client, "confer-member", account=colleague.account, role="manager").status_code == 302
    grant = RoleGrant.objects.get(role="manager")
    assert post(client, "end-membership", grant.pk, reason="").status_code == 422
    assert post(client, "end-membership", grant.pk, reason="调岗").status_code == 302
    grant.refresh_from_db()
    assert grant.end_reason == "调岗"
    assert "调岗" in text(client, "members")


def test_the_last_administrator_is_told_so() -> None:
    firm = PartyFactory(name="甲厂")
    first = administrator(firm)
    client = browser(first)
    second = RoleGrantFactory(role=Role.ADMINISTRATOR, party=firm)
    own = RoleGrant.objects.get(account=first.account)
    assert post(client, "end-membership", own.pk, reason="离职").status_code == 403
    assert post(client, "end-membership", second.pk, reason="离职").status_code == 302
    keeper = browser(holder(Role.SECADMIN))
    answer = post(keeper, "admin-end", first.account, own.pk, reason="离职")
    assert answer.status_code == 422
    assert "唯一的单位管理员" in answer.content.decode()


def test_members_of_other_organisations_are_out_of_reach() -> None:
    client, stranger = browser(administrator()), RoleGrantFactory()
    assert post(client, "confer-member", account=stranger.account.pk, role="member").status_code == 404
    assert post(client, "end-membership", stranger.pk, reason="试试").status_code == 404
    assert client.get(reverse("portal:account-access", args=[stranger.account.pk])).status_code == 404
    assert post(browser(member(PartyFactory())), "invite-member", name="周", role="member").status_code == 403


def test_the_page_of_members_asks_as_often_for_three_as_for_one() -> None:
    counts = []
    for people in (1, 3):
        firm = PartyFactory()
        client = browser(administrator(firm))
        for _ in range(people):
            member(firm)
        text(client, "members")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text(client, "members")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# -- the three administrators --

PAGES = {"system": {Role.SYSADMIN}, "admin-accounts": {Role.SECADMIN}}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_the_three_are_for_each_alone(role: Role, name: str) -> None:
    grant = RoleGrantFactory(
        role=role, party=PartyFactory() if role in {"member", "administrator", "manager"} else None
    )
    client = Client()
    client.force_login(grant.account)
    assert client.get(reverse(f"portal:{name}")).status_code == (200 if role in PAGES[name] else 403)


@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR])
def test_the_rail_of_the_three_shows_only_their_own_pages(role: Role) -> None:
    client = browser(holder(role))
    answer = client.get(reverse("portal:workbench"), follow=True)
    rail = answer.content.decode().split('class="rail-tasks"')[1].split("</ul>")[0]
    links = set(re.findall(r'<a href="(/[^"]*)"', rail))
    assert not {link for link in links if not link.startswith(("/admin/", "/audit", "/accounts/"))}


@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR])
def test_the_three_see_no_record_beyond_the_public(role: Role) -> None:
    ResourceFactory(visibility="members")
    ResourceFactory(published=False)
    open_to_all = ResourceFactory()
    client = browser(holder(role))
    for record in Resource.objects.all():
        address = reverse("portal:record", args=[record.kind, record.pk])
        assert client.get(address).status_code == (200 if record == open_to_all else 404)


def test_the_security_administrator_finds_confers_suspends_and_restores() -> None:
    keeper, person = holder(Role.SECADMIN), AccountFactory(display_name="周新")
    client = browser(keeper)
    assert "周新" in text(client, "admin-accounts", query="周新")
    assert "周新" not in text(client, "admin-accounts", query="无此人")
    assert post(client, "admin-confer", person.pk, role="officer", region="330100").status_code == 302
    assert "周新" in text(client, "admin-accounts", role="officer")
    assert post(client, "admin-confer", person.pk, role="auditor").status_code == 422
    RoleGrantFactory(role=Role.OFFICER, party=None)
    assert post(client, "admin-switch", person.pk, reason="").status_code == 422
    assert post(client, "admin-switch", person.pk, reason="冒用").status_code == 302
    assert "周新" in text(client, "admin-accounts", state="suspended")
    assert post(client, "admin-switch", person.pk, reason="查清").status_code == 302
    assert Account.objects.get(pk=person.pk).is_active


def test_the_security_administrator_does_nothing_to_their_own_account() -> None:
    keeper = holder(Role.SECADMIN)
    holder(Role.SECADMIN)
    client = browser(keeper)
    assert post(client, "admin-confer", keeper.account, role="officer").status_code == 403
    assert post(client, "admin-switch", keeper.account, reason="试试").status_code == 403
    assert post(client, "admin-reset-factor", keeper.account).status_code == 403


def test_a_suspended_account_is_out_at_the_next_request() -> None:
    someone = member()
    theirs = browser(someone)
    assert theirs.get(reverse("portal:members")).status_code == 200
    post(browser(holder(Role.SECADMIN)), "admin-switch", someone.account, reason="冒用")
    assert theirs.get(reverse("portal:members")).status_code == 302


def test_the_security_administrator_invites_to_any_role() -> None:
    client = browser(holder(Role.SECADMIN))
    answer = post(client, "admin-invite", name="何新", role="officer", region="330100")
    assert answer.status_code == 200
    link = OneTimeLink.objects.get()
    assert (link.role, link.region) == ("officer", "330100")
    assert "何新" in text(client, "admin-accounts")
    assert post(client, "admin-revoke", link.pk).status_code == 302


def test_a_link_to_a_new_password_and_the_second_factor_are_not_reset_by_one_hand() -> None:
    client, person = browser(holder(Role.SECADMIN)), AccountFactory()
    assert post(client, "admin-reset-password", person.pk).status_code == 200
    assert post(client, "admin-reset-factor", person.pk).status_code == 403


def test_the_list_of_accounts_asks_as_often_for_three_as_for_one() -> None:
    client, counts = browser(holder(Role.SECADMIN)), []
    for _ in range(2):
        text(client, "admin-accounts")
        with CaptureQueriesContext(connection) as queries:
            text(client, "admin-accounts")
        counts.append(len(queries))
        for _ in range(3):
            RoleGrantFactory()
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.SYSADMIN, ("system",)),
        (Role.SECADMIN, ("admin-accounts", "my-access")),
        (Role.ADMINISTRATOR, ("members", "my-access")),
    ],
)
def test_the_pages_are_in_english_as_well(role: Role, names: tuple[str, ...], settings: Any) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"region_name": "Region"})
    party = PartyFactory(name="Works", region="") if role is Role.ADMINISTRATOR else None
    grant = RoleGrantFactory(account=AccountFactory(display_name="Zhou"), role=role, party=party)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(grant.account)
    for name in names:
        body = client.get(reverse(f"portal:{name}")).content.decode()
        assert chinese_in(body.replace(str(settings.HOME), "")) - {"测试"} == set(), name


# -- what an account can see and do --


@pytest.mark.parametrize("app", ["foundation", "parties", "registry", "leads"])
def test_every_permission_of_the_ground_floors_has_a_name(app: str) -> None:
    models = {model: actions for model, actions in declared().items() if model._meta.app_label == app}
    assert {name for actions in models.values() for name in actions} - named() == set()


def test_no_permission_and_no_kind_is_told_by_a_code() -> None:
    told = {ability_name(name).zh for actions in declared().values() for name in actions}
    told |= {kind_told(model._meta.label_lower).zh for model in declared()}
    assert not {word for word in told if word.isascii()}


@pytest.mark.parametrize("make", [member, officer, manager, supervisor, administrator])
def test_everybody_can_ask_what_they_can_see_and_do(make: Any) -> None:
    page = text(browser(make()), "my-access")
    assert "公开之外还能看到什么" in page


def test_the_page_counts_what_one_sees_beyond_the_public() -> None:
    firm = PartyFactory()
    for _ in range(2):
        ResourceFactory(owner=firm, published=False)
    ResourceFactory()
    page = text(browser(member(firm)), "my-access")
    assert re.search(r"本单位的记录\s+2 ", page)


def test_what_somebody_may_do_is_explained_to_who_keeps_or_watches_them() -> None:
    firm = PartyFactory(name="甲厂")
    someone = member(firm)
    RoleGrantFactory(account=Account.objects.get(pk=someone.account), party=PartyFactory(name="乙厂"))
    pages = {
        "own": text(browser(someone), "my-access"),
        "keeper": text(browser(administrator(firm)), "account-access", someone.account),
        "guard": text(browser(holder(Role.SECADMIN)), "account-access", someone.account),
        "watcher": text(browser(supervisor()), "account-access", someone.account),
    }
    assert {who: ("甲厂" in page, "乙厂" in page) for who, page in pages.items()} == {
        "own": (True, True), "keeper": (True, False), "guard": (True, True), "watcher": (True, True),
    }  # fmt: skip
    for other in (member(firm), officer(), holder(Role.AUDITOR), holder(Role.SYSADMIN), actor_of(AccountFactory())):
        assert browser(other).get(reverse("portal:account-access", args=[someone.account])).status_code == 404
