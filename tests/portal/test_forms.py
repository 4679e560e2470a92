"""Writing records on a page: what comes back from a form, drafts, steps, refusals."""

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from rongtong.domain.registry.kinds import all_kinds, kind_of
from rongtong.domain.registry.models import Resource
from rongtong.portal import forms
from tests.factories import DEMAND, PartyFactory, ResourceFactory, member, officer


def written(rows: list[forms.FormRow]) -> QueryDict:
    """What a browser sends for a form that nobody touched."""
    data = QueryDict(mutable=True)
    for row in rows:
        if row.widget == "measures":
            for measure in row.value:
                for column in forms.MEASURE_COLUMNS:
                    said = measure.get(column, "")
                    if column == "must":
                        said = "must" if said else "should"
                    data.appendlist(f"{row.field.name}.{column}", str(said))
        elif row.widget == "choices":
            data.setlist(row.field.name, row.value)
        else:
            data[row.field.name] = str(row.value)
    return data


def test_an_untouched_form_says_what_the_record_says() -> None:
    kind = kind_of("demand")
    values = kind.clean(
        {
            **DEMAND,
            "wanted": ["joint"],
            "constraints": "不得改窑体\n不停产",
            "deadline": "2027-06-30",
            "region": "330106",
        }
    ).values
    names = [field.name for field in kind.fields]
    again = kind.clean(forms.submitted(kind, written(forms.rows(kind, values, names)), names))
    assert (again.values, again.problems) == (values, ())


@pytest.mark.parametrize("key", all_kinds())
def test_every_field_of_every_kind_has_a_widget_and_an_empty_form_says_nothing(key: str) -> None:
    kind = kind_of(key)
    names = [field.name for field in kind.fields]
    rows = forms.rows(kind, {}, names)
    assert [row.field.name for row in rows] == names
    assert forms.submitted(kind, written(rows), names) == {}


@pytest.mark.django_db
def test_what_an_officer_may_not_see_survives_their_edit(signed_in: Callable[..., Client]) -> None:
    record = ResourceFactory()
    client = signed_in(officer())
    address = reverse("portal:edit", args=(record.kind, record.pk))
    form = client.get(address).context
    assert "contact" not in [row.field.name for row in form["rows"]]
    data = written(form["rows"])
    data["title"], data["revision"] = "改过的名称", str(record.revision)
    client.post(address, data)
    record.refresh_from_db()
    assert (record.title, record.values["contact"]) == ("改过的名称", DEMAND["contact"])


@pytest.mark.django_db
def test_a_draft_saves_itself_once_and_then_again(signed_in: Callable[..., Client]) -> None:
    client = signed_in(member())
    address = reverse("portal:create", args=("achievement",))
    first = client.post(address, {"title": "自动出灰", "autosave": "1"})
    record = Resource.objects.get()
    assert "已自动保存" in first.content.decode() and str(record.pk) in first.content.decode()
    client.post(
        address,
        {"title": "自动出灰装置", "autosave": "1", "identifier": str(record.pk), "revision": str(record.revision)},
    )
    assert list(Resource.objects.values_list("title", flat=True)) == ["自动出灰装置"]


@pytest.mark.django_db
def test_a_form_with_faults_says_all_of_them_and_keeps_what_was_typed(signed_in: Callable[..., Client]) -> None:
    client = signed_in(member())
    answer = client.post(reverse("portal:create", args=("demand",)), {"title": "", "budget": "很多"})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "应为金额" in body and "“需求名称”必填" in body and 'value="很多"' in body
    assert not Resource.objects.exists()


@pytest.mark.django_db
def test_an_older_version_does_not_overwrite_a_newer(signed_in: Callable[..., Client]) -> None:
    record = ResourceFactory()
    client = signed_in(member(record.owner))
    answer = client.post(
        reverse("portal:edit", args=(record.kind, record.pk)),
        {"title": "旧页面", "problem": DEMAND["problem"], "revision": str(record.revision - 1)},
    )
    assert answer.status_code == 409
    assert "刚刚被别人修改过" in answer.content.decode()


@pytest.mark.django_db
def test_a_record_goes_from_draft_to_published_by_two_people(signed_in: Callable[..., Client]) -> None:
    owner = PartyFactory()
    record = ResourceFactory(owner=owner, published=False)
    address = reverse("portal:advance", args=(record.kind, record.pk))
    signed_in(member(owner)).post(address, {"event": "submit", "no_secrets": "on"})
    clerk = signed_in(officer())
    clerk.post(address, {"event": "verify"})
    clerk.post(address, {"event": "publish"})
    record.refresh_from_db()
    assert record.state == "published"


@pytest.mark.django_db
def test_a_step_that_needs_a_reason_is_refused_without_one(signed_in: Callable[..., Client]) -> None:
    record = ResourceFactory()
    answer = signed_in(member(record.owner)).post(
        reverse("portal:advance", args=(record.kind, record.pk)), {"event": "withdraw"}
    )
    assert answer.status_code == 409
    assert "需要说明理由" in answer.content.decode()


@pytest.mark.django_db
def test_terms_are_found_while_one_types(visitor: Client) -> None:
    body = visitor.get(reverse("portal:terms", args=("division",)), {"of": "region", "region": "西湖"}).content.decode()
    assert "330106 西湖区" in body


@pytest.mark.django_db
def test_another_row_of_parameters_is_named_after_its_field(visitor: Client) -> None:
    body = visitor.get(reverse("portal:measure"), {"name": "targets", "wants": "1"}).content.decode()
    assert 'name="targets.value"' in body and 'name="targets.must"' in body


@pytest.mark.django_db
def test_a_form_that_was_tampered_with_is_refused_without_a_fault(signed_in: Callable[..., Client]) -> None:
    client = signed_in(member())
    bad = {"title": "x", "identifier": "not-an-id"}
    assert client.post(reverse("portal:create", args=("achievement",)), bad).status_code == 404
    assert client.post(reverse("portal:reading"), {"text": "石灰窑出灰卡料怎么办", "seen": "{"}).status_code == 200
