"""Every page answers everybody: with itself, with the way to sign in, or with a reason."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.registry.kinds import all_kinds
from tests.factories import AchievementFactory, LeadFactory, ResourceFactory, manager, member, officer

pytestmark = pytest.mark.django_db

OPEN = ("home", "help", "sign-in", "resources", "figures", "describe", "export")
FOR_MEMBERS = ("workbench", "my-demands", "my-leads", "import")


@pytest.mark.parametrize("name", OPEN)
def test_an_open_page_greets_a_visitor_on_an_empty_platform(visitor: Client, name: str) -> None:
    assert visitor.get(reverse(f"portal:{name}")).status_code == 200


@pytest.mark.parametrize("name", [*OPEN, "challenges", "notices"])
def test_whoever_asks_whether_a_page_is_there_is_told(visitor: Client, name: str) -> None:
    answer = visitor.head(reverse(f"portal:{name}"))
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("name", FOR_MEMBERS)
def test_a_page_for_members_sends_a_visitor_to_sign_in_and_back(visitor: Client, name: str) -> None:
    address = reverse(f"portal:{name}")
    answer = visitor.get(address)
    assert (answer.status_code, answer.url) == (302, f"{reverse('portal:sign-in')}?next={address}")


@pytest.mark.parametrize("name", OPEN + FOR_MEMBERS)
@pytest.mark.parametrize("who", [member, manager, officer])
def test_a_page_greets_whoever_has_signed_in(
    signed_in: Callable[..., Client], who: Callable[[], Actor], name: str
) -> None:
    assert signed_in(who()).get(reverse(f"portal:{name}")).status_code == 200


@pytest.mark.parametrize("kind", all_kinds())
def test_every_kind_has_a_list_a_form_and_a_template(signed_in: Callable[..., Client], kind: str) -> None:
    client = signed_in(member())
    for name in ("list", "create", "template"):
        assert client.get(reverse(f"portal:{name}", args=(kind,))).status_code == 200


def test_a_record_is_shown_to_all_and_its_private_fields_to_its_own_people(
    visitor: Client, signed_in: Callable[..., Client]
) -> None:
    record = ResourceFactory()
    address = reverse("portal:record", args=(record.kind, record.pk))
    own = signed_in(member(record.owner)).get(address).content.decode()
    public = visitor.get(address).content.decode()
    assert ("王工" in own, "王工" in public) == (True, False)
    assert "未向您显示" in public


def test_a_draft_is_not_told_apart_from_nothing(visitor: Client) -> None:
    draft = ResourceFactory(published=False)
    assert visitor.get(reverse("portal:record", args=("demand", draft.pk))).status_code == 404


def test_a_record_under_another_kind_is_not_found(visitor: Client) -> None:
    record = AchievementFactory()
    assert visitor.get(reverse("portal:record", args=("demand", record.pk))).status_code == 404


def test_a_short_address_leads_to_the_record(visitor: Client) -> None:
    record = AchievementFactory()
    answer = visitor.get(reverse("portal:by-id", args=(record.pk,)))
    assert answer.url == reverse("portal:record", args=("achievement", record.pk))


def test_a_lead_is_shown_to_its_sides_and_to_nobody_else(signed_in: Callable[..., Client]) -> None:
    lead = LeadFactory()
    address = reverse("portal:lead", args=(lead.pk,))
    own, other = signed_in(member(lead.demand.owner)), signed_in(member())
    assert (own.get(address).status_code, other.get(address).status_code) == (200, 404)


def test_an_unknown_address_is_answered_in_the_same_frame(visitor: Client) -> None:
    answer = visitor.get("/nothing-here")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()


def test_a_refusal_says_why_and_offers_to_sign_in(visitor: Client) -> None:
    answer = visitor.get(reverse("portal:create", args=("achievement",)))
    assert answer.status_code == 403
    assert "需要登录后才能查看或操作" in answer.content.decode()
    assert reverse("portal:sign-in") in answer.content.decode()


@pytest.mark.parametrize("name", OPEN)
def test_every_page_forbids_scripts_and_styles_that_are_not_ours(visitor: Client, name: str) -> None:
    answer = visitor.get(reverse(f"portal:{name}"))
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "style-src 'self'" in policy
    body = answer.content.decode()
    assert " style=" not in body and "<style" not in body and " onclick=" not in body
