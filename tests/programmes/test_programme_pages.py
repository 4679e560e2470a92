"""A programme's pages: its kind, its numbers with their sources, who reads and who sets them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from rongtong.domain.programmes.models import Programme, Topic
from rongtong.domain.programmes.terms import template, templates
from tests.factories import PartyFactory, member, officer, supervisor
from tests.programmes.factories import ProgrammeFactory, TopicFactory

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
NEW = "/challenges/programmes/new"
LIST = "/challenges/programmes/"


def numbers(kind: str, **changed: str) -> dict[str, str]:
    """What a clerk sends: the numbers of the kind, and what else is on the form."""
    given = {f"number.{name}": str(each.value) for name, each in template(kind).numbers.items()}
    return (
        {"template": kind, "title": "云岭揭榜挂帅", "legal_basis": "示例办法", "purpose": "", "organiser": ""}
        | given
        | changed
    )


def page_of(programme: Programme, name: str = "programme") -> str:
    return reverse(f"portal:{name}", args=(programme.pk,))


def test_the_kind_is_chosen_first(signed_in: SignIn) -> None:
    body = signed_in(officer()).get(NEW).content.decode()
    assert all(kind.summary.zh in body for kind in templates().values())


@pytest.mark.parametrize("kind", sorted(templates()))
def test_every_kind_has_a_form_with_bounds_and_sources(signed_in: SignIn, kind: str) -> None:
    clerk = signed_in(officer())
    body = clerk.get(NEW, {"template": kind}).content.decode()
    for each in template(kind).numbers.values():
        bounds = f"{each.least}–{each.most}" if each.least != each.most else f">{each.least}<"
        assert (bounds in body, each.source in body) == (True, True)
    answer = clerk.post(NEW, numbers(kind))
    programme = Programme.objects.get()
    assert answer.headers["Location"] == page_of(programme)
    assert (programme.template, programme.state) == (kind, "drafting")


def test_a_refused_form_keeps_what_was_typed(signed_in: SignIn) -> None:
    clerk = signed_in(officer())
    answer = clerk.post(NEW, numbers("open-challenge", **{"number.days_open": "很多", "organiser": "没有这家"}))
    body = answer.content.decode()
    assert answer.status_code == 422
    assert all(said in body for said in ("应填整数", "没有找到这个单位", 'value="很多"', 'value="没有这家"'))
    answer = clerk.post(NEW, numbers("open-challenge", **{"number.panel_size": "99", "title": ""}))
    body = answer.content.decode()
    assert (answer.status_code, "应在 5 到 21 之间" in body, "名称必填" in body) == (422, True, True)
    assert not Programme.objects.exists()


def test_only_the_bureau_opens_programmes(signed_in: SignIn, visitor: Client) -> None:
    assert visitor.get(NEW).status_code == 302
    assert signed_in(member()).get(NEW).status_code == 403
    assert signed_in(supervisor()).post(NEW, numbers("open-challenge")).status_code == 403


def test_a_draft_is_the_bureaus_and_a_running_one_everybodys(signed_in: SignIn, visitor: Client) -> None:
    programme, clerk = ProgrammeFactory(title="筹备的计划"), signed_in(officer())
    assert visitor.get(page_of(programme)).status_code == 404
    assert programme.title not in visitor.get(LIST).content.decode()
    assert programme.title in clerk.get(LIST).content.decode()
    clerk.post(page_of(programme, "advance-programme"), {"event": "start", "seen_state": "drafting"})
    body = visitor.get(page_of(programme)).content.decode()
    assert all(said in body for said in (programme.legal_basis, "技术路线可行性", "国家自然科学基金条例", "30 %"))
    assert programme.title in visitor.get(LIST).content.decode()


def test_what_is_missing_is_said_before_it_starts(signed_in: SignIn) -> None:
    programme = ProgrammeFactory(legal_basis="")
    body = signed_in(officer()).get(page_of(programme)).content.decode()
    assert "请写明依据" in body
    assert 'value="start"' not in body


def test_numbers_stay_once_a_topic_is_on_the_list(signed_in: SignIn) -> None:
    programme, clerk = ProgrammeFactory(), signed_in(officer())
    Topic.objects.filter(pk=TopicFactory(programme=programme).pk).update(state="open", number="2026-001")
    organiser = PartyFactory(organisation_type="government")
    given = numbers("open-challenge", organiser=organiser.name, title="改了名字")
    assert clerk.post(page_of(programme, "edit-programme"), given).status_code == 302
    refused = clerk.post(page_of(programme, "edit-programme"), given | {"number.days_open": "90"})
    programme.refresh_from_db()
    assert (programme.title, programme.organiser) == ("改了名字", organiser)
    assert refused.status_code in (409, 422)
    assert programme.parameters["days_open"] == 20


def test_a_number_that_differs_from_its_rule_says_so(visitor: Client) -> None:
    programme = ProgrammeFactory(parameters={"days_open": 45})
    Programme.objects.filter(pk=programme.pk).update(state="running")
    assert "规则为 20" in visitor.get(page_of(programme)).content.decode()
