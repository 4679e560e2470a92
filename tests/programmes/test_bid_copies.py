"""Whether the copy from which one drafts again is what was sealed: told from its signature, nothing is read back."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rongtong.domain.programmes.actions.submissions import save_draft, seal_submission
from rongtong.domain.programmes.models import Submission
from rongtong.domain.programmes.queries.submissions import Copied, copied, copy_of
from tests.factories import member
from tests.programmes.bidding import Bidding, bidding, complete
from tests.programmes.test_bid_pages import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def call() -> Bidding:
    return bidding()


def sealed(call: Bidding) -> tuple[Submission, dict[str, Any], dict[str, Any]]:
    """A sealed submission, a copy of it and one of an earlier version."""
    actor = member()
    draft = call.draft(actor)
    earlier = copy_of(actor, draft)
    facts = complete(call.topic) | {"title": "改过的题目"}
    draft = save_draft(actor=actor, submission=draft, revision=draft.revision, facts=facts)
    copy = copy_of(actor, draft)
    return seal_submission(actor=actor, submission=draft, token="一次"), copy, earlier


def test_the_copy_of_what_was_sealed_is_told_from_another(call: Bidding) -> None:
    submission, copy, earlier = sealed(call)
    assert copied(submission, copy) is Copied.SEALED
    assert copied(submission, earlier) is Copied.OTHER


def test_a_bent_copy_or_that_of_another_is_not_told(call: Bidding) -> None:
    submission, copy, earlier = sealed(call)
    other, theirs, _earlier = sealed(call)
    unsigned = {name: value for name, value in copy.items() if name != "signature"}
    for each in (copy | {"title": "别的题目"}, earlier | {"revision": copy["revision"]}, unsigned, theirs, {}):
        assert copied(submission, each) is Copied.UNKNOWN
    assert copied(other, theirs) is Copied.SEALED


@pytest.mark.parametrize(
    ("chosen", "said"), [(0, "与封存的那一份内容相同"), (1, "是另一稿"), (2, "无法核对是不是封存的那一份")]
)
def test_the_page_says_which_it_was(call: Bidding, chosen: int, said: str) -> None:
    submission, copy, earlier = sealed(call)
    sent = json.dumps([copy, earlier, copy | {"title": "别的题目"}][chosen]).encode()
    client = browser(member(submission.applicant))
    given = {"copy": SimpleUploadedFile("copy.json", sent, content_type="application/json")}
    answer = client.post(reverse("portal:redraft-bid", args=(submission.pk,)), given, follow=True)
    assert said in answer.content.decode()
