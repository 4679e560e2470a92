"""The submissions of a topic as a sheet: the rows of the page, and no sheet before the opening."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation.models import ProvisionEvent
from rongtong.domain.programmes.models import Submission, Topic
from tests.factories import member, officer
from tests.programmes.panels import checked_topic

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def sheet(client: Client, topic: Topic) -> Any:
    return client.get(reverse("portal:bids-file", args=(topic.pk, "csv")))


def rows_of(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_an_officer_takes_the_table_along(signed_in: SignIn) -> None:
    topic = checked_topic(2)
    first = topic.submissions.order_by("pk")[0]
    Submission.objects.filter(pk=first.pk).update(formal={"by": "王主任", "reason": "=缺附件"})
    answer = sheet(signed_in(officer()), topic)
    rows = {row["申请单位"]: row for row in rows_of(answer)}
    assert set(rows) == {each.applicant.name for each in topic.submissions.all()}
    row = rows[first.applicant.name]
    assert row["申请金额（元）"] == "10000"
    assert row["审查人"] == "王主任"
    assert not row["审查说明"].startswith("=")
    assert ProvisionEvent.objects.filter(entity_id=str(first.pk), action="shown.file").exists()


def test_the_page_leads_to_the_sheet(signed_in: SignIn) -> None:
    topic = checked_topic(1)
    body = signed_in(officer()).get(reverse("portal:bids", args=(topic.pk,))).content.decode()
    assert reverse("portal:bids-file", args=(topic.pk, "xlsx")) in body


def test_before_the_opening_there_is_no_sheet(signed_in: SignIn) -> None:
    topic = checked_topic(1)
    Topic.objects.filter(pk=topic.pk).update(state="closed")
    assert sheet(signed_in(officer()), topic).status_code == 404


def test_who_may_read_none_gets_none(signed_in: SignIn) -> None:
    assert rows_of(sheet(signed_in(member()), checked_topic(2))) == []
