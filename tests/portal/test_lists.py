"""Lists: as many queries for three rows as for one, filters that stay, nothing unescaped."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rongtong.domain.parties.models import Party
from tests.factories import LeadFactory, PartyFactory, ResourceFactory, member, officer

pytestmark = pytest.mark.django_db


def queries_of(client: Client, address: str) -> int:
    client.get(address)  # what is looked up once for each process
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", ["home", "search", "my-demands", "workbench", "figures"])
def test_three_records_cost_as_many_queries_as_one(signed_in: Callable[..., Client], name: str) -> None:
    owner: Party = PartyFactory()
    client = signed_in(member(owner))
    ResourceFactory(owner=owner)
    one = queries_of(client, reverse(f"portal:{name}"))
    ResourceFactory.create_batch(2, owner=owner)
    assert queries_of(client, reverse(f"portal:{name}")) == one


def test_three_rows_of_a_register_cost_as_many_queries_as_one(visitor: Client) -> None:
    address = reverse("portal:list", args=("demand",))
    ResourceFactory()
    one = queries_of(visitor, address)
    ResourceFactory.create_batch(2)
    assert queries_of(visitor, address) == one


def test_three_leads_cost_as_many_queries_as_one(signed_in: Callable[..., Client]) -> None:
    client, address = signed_in(officer()), reverse("portal:my-leads")
    LeadFactory()
    one = queries_of(client, address)
    LeadFactory.create_batch(2)
    assert queries_of(client, address) == one


def test_a_filter_narrows_the_list_and_can_be_taken_off(visitor: Client) -> None:
    ResourceFactory(title="石灰窑出灰")
    ResourceFactory(title="环氧绝缘件开裂")
    body = visitor.get(reverse("portal:list", args=("demand",)), {"q": "石灰窑"}).content.decode()
    assert ("石灰窑出灰" in body, "环氧绝缘件开裂" in body) == (True, False)
    assert "去掉这个筛选" in body


def test_htmx_gets_the_table_without_the_frame(visitor: Client) -> None:
    ResourceFactory()
    body = visitor.get(reverse("portal:list", args=("demand",)), headers={"HX-Request": "true"}).content.decode()
    assert "<table" in body and "<html" not in body


def test_chosen_columns_are_kept_for_the_next_visit(visitor: Client) -> None:
    ResourceFactory()
    address = reverse("portal:list", args=("demand",))
    visitor.get(address, {"columns": ["raised_on"]})
    shown = [column.name for column in visitor.get(address).context["shown"]]
    assert shown == ["raised_on"]


def test_markup_in_a_title_is_shown_and_not_run(visitor: Client) -> None:
    record = ResourceFactory(title="<script>alert(1)</script>出灰")
    for address in (
        reverse("portal:list", args=("demand",)),
        reverse("portal:record", args=("demand", record.pk)),
        reverse("portal:drawer", args=("demand", record.pk)),
        reverse("portal:home"),
    ):
        body = visitor.get(address).content.decode()
        assert "<script>alert(1)" not in body and "&lt;script&gt;alert(1)" in body


def test_an_empty_register_teaches_the_first_step(visitor: Client) -> None:
    body = visitor.get(reverse("portal:list", args=("expert",))).content.decode()
    assert "这一册还是空的" in body


def test_an_export_carries_the_filters_of_the_list(visitor: Client) -> None:
    ResourceFactory(title="石灰窑出灰")
    ResourceFactory(title="环氧绝缘件开裂")
    answer = visitor.get(reverse("portal:export-file", args=("demand", "csv")), {"q": "石灰窑"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert ("石灰窑出灰" in text, "环氧绝缘件开裂" in text) == (True, False)


def test_a_figure_can_be_taken_home_as_a_sheet(visitor: Client) -> None:
    ResourceFactory()
    answer = visitor.get(reverse("portal:figure-file", args=("kinds",)))
    assert "技术需求,1" in answer.content.decode()


def test_the_workbench_marks_what_changed_since_the_last_visit(signed_in: Callable[..., Client]) -> None:
    lead = LeadFactory()
    client, address = signed_in(officer()), reverse("portal:workbench")
    assert "您上次来之后有变化" not in client.get(address).content.decode()
    session = client.session
    session["here"] = (lead.state_since - dt.timedelta(days=1)).isoformat()
    session.save()
    assert "您上次来之后有变化" in client.get(address).content.decode()
