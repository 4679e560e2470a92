"""The pages of the review on every screen, for the bureau and for a reviewer; and marks that add up as one types."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.programmes.models import Review, Round
from tests.browser.conftest import Open
from tests.browser.test_looks import SCREENS, become, check, client_of
from tests.factories import officer
from tests.programmes.panels import account_actor, aggregated, checked_topic, drawn, marked, opened, planned, reviewers

pytestmark = pytest.mark.django_db(transaction=True)


def carry(page: Page, actor: Actor) -> None:
    """Go on in the browser as ``actor``, in the language it was opened in."""
    become(page, client_of(actor))


@pytest.fixture
def rounds(transactional_db: None) -> list[Round]:
    """One round in each stage: planned, drawn, open, and put together with a wide spread."""
    reviewers(9)
    torn = checked_topic(3)
    marks = {torn.submissions.order_by("pk")[0].pk: ["95", "62", "90", "88", "91.5"]}
    done = aggregated(marked(opened(torn), marks))
    topics = [checked_topic(2) for _ in range(3)]
    return [planned(topics[0]), drawn(topics[1]), opened(topics[2]), done]


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_of_the_review_fit_and_are_accessible(open_page: Open, rounds: list[Round], screen: str) -> None:
    page = open_page("/", **SCREENS[screen])
    carry(page, officer())
    for each in rounds:
        check(page, reverse("portal:round", args=(each.pk,)), screen)
    for each in (rounds[0], rounds[3]):
        check(page, reverse("portal:topic-review", args=(each.topic_id,)), screen)
    seat = rounds[2].seats.order_by("pk")[0]
    carry(page, account_actor(seat.account))
    review = seat.reviews.order_by("pk")[0]
    addresses = [reverse("portal:my-reviews"), reverse("portal:seat", args=(seat.pk,))]
    for address in (*addresses, reverse("portal:review", args=(review.pk,))):
        check(page, address, screen)
        assert page.url.endswith(address)
    invited = rounds[1].seats.order_by("pk")[0]
    carry(page, account_actor(invited.account))
    check(page, reverse("portal:seat", args=(invited.pk,)), screen)
    assert "/seats/" in page.url


def test_the_total_follows_what_is_typed_and_the_review_is_signed(open_page: Open, rounds: list[Round]) -> None:
    seat = rounds[2].seats.order_by("pk")[0]
    review = seat.reviews.order_by("pk")[0]
    page = open_page("/")
    carry(page, account_actor(seat.account))
    page.goto(reverse("portal:review", args=(review.pk,)))
    fields: list[Any] = [each["id"] for each in rounds[2].criteria]
    for name in fields:
        page.fill(f"[id=mark-{name}]", "80.5")
    page.fill("#opinion", "路线清楚，指标有依据。")
    expect(page.locator("#total")).to_have_text("80.5")
    expect(page.locator("#saved")).to_contain_text("已自动保存")
    page.click(".review-desk .button-primary")
    page.wait_for_url(lambda address: str(review.pk) not in address)
    assert Review.objects.get(pk=review.pk).state == "signed"
