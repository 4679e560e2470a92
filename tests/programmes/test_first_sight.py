"""What somebody sees who opens the pages of the loop for the first time: nothing they may not do, nothing empty."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation.actors import Role
from rongtong.domain.parties.queries import actor_of
from tests.factories import PartyFactory, RoleGrantFactory, member, officer, supervisor
from tests.portal.conftest import signed_in as signed_in
from tests.programmes.running import passed, running_project
from tests.programmes.test_topic_pages import running, written
from tests.programmes.test_topics_list import standing

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def body(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"portal:{name}", args=args)).content.decode()


def test_only_who_may_draft_is_offered_a_new_topic(signed_in: SignIn) -> None:
    here = f'href="{reverse("portal:new-topic")}"'
    assert here not in body(signed_in(supervisor()), "challenge-board")
    assert here in body(signed_in(officer()), "challenge-board")


def test_the_bureau_that_runs_a_topic_is_not_asked_to_take_it_up(signed_in: SignIn) -> None:
    topic = standing("open", number="2026-001")
    bureau = PartyFactory(organisation_type="government")
    clerk = actor_of(RoleGrantFactory(role=Role.OFFICER, party=bureau, region="330100").account)
    offer = f'action="{reverse("portal:begin-bid", args=(topic.pk,))}"'
    for name in ("topic", "bids"):
        assert offer not in body(signed_in(clerk), name, topic.pk)
        assert offer in body(signed_in(member()), name, topic.pk)


def test_an_organisation_finds_its_submissions_from_the_list(signed_in: SignIn) -> None:
    own = f'href="{reverse("portal:my-bids")}"'
    assert own in body(signed_in(member()), "challenges")
    assert own not in body(signed_in(officer()), "challenges")


def test_a_milestone_that_is_over_has_no_empty_panel(signed_in: SignIn) -> None:
    stone = passed(running_project(), 1)
    page = body(signed_in(officer()), "milestone", stone.pk)
    assert stone.title in page
    assert not re.search(r'<div class="panel-body">\s*</div>', page)


def test_projects_are_called_projects_in_english(signed_in: SignIn) -> None:
    assert "<h1>Projects</h1>" in body(signed_in(officer(), "en"), "projects")


def test_a_missing_name_is_told_with_the_other_mistakes(signed_in: SignIn) -> None:
    given = written(title=" ", setter_money="很多钱", programme=str(running().pk))
    answer = signed_in(officer()).post(reverse("portal:new-topic"), given)
    said = answer.content.decode()
    assert (answer.status_code, "名称必填。" in said, "有 2 处需要修改" in said) == (422, True, True)
