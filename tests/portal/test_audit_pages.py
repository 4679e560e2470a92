"""The audit can be asked by those whose task it is; it tells no more than they may know, and every answer is noted."""

import csv
import io
from collections.abc import Callable
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation import audit, naming
from rongtong.domain.foundation.access import declared
from rongtong.domain.foundation.actions import all_actions
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.foundation.models import AccessEvent, AuditEvent, ProvisionEvent
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.registry.actions import update_resource
from tests.factories import (
    DEMAND,
    PLATFORM,
    AccountFactory,
    LeadFactory,
    PartyFactory,
    ResourceFactory,
    RoleGrantFactory,
    manager,
    member,
    officer,
    supervisor,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def auditor() -> Actor:
    return actor_of(RoleGrantFactory(role=Role.AUDITOR, party=None).account)


def body(client: Client, name: str, *args: object, **query: object) -> str:
    answer = client.get(reverse(f"portal:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.parametrize("who", [member, manager, officer])
def test_the_audit_is_not_for_everybody_and_the_attempt_is_noted(signed_in: SignIn, who: Callable[[], Actor]) -> None:
    assert signed_in(who()).get(reverse("portal:audit")).status_code == 403
    event = AccessEvent.objects.get(action="refused")
    assert (event.details["wanted"], event.entity_kind) == ("GET /audit/", "foundation.auditevent")


def test_a_visitor_is_asked_to_sign_in(visitor: Client) -> None:
    assert visitor.get(reverse("portal:audit")).status_code == 302


@pytest.mark.parametrize("who", [auditor, supervisor])
def test_reading_the_audit_is_itself_an_event(signed_in: SignIn, who: Callable[[], Actor]) -> None:
    body(signed_in(who()), "audit", stream="acts")
    assert AccessEvent.objects.get(action="audit.read").details["asked"] == {"streams": ["acts"]}


def test_for_every_field_one_learns_who_saw_it_when_and_on_what_ground(signed_in: SignIn) -> None:
    record = ResourceFactory(owner=PartyFactory(region="330100"))
    owner = member(record.owner)
    signed_in(owner).get(reverse("portal:record", args=("demand", record.pk)))
    told = body(signed_in(supervisor()), "audit-record", "registry.resource", record.pk, field="contact")
    assert owner.name in told
    assert "本单位的记录" in told
    assert "通过页面看到" in told
    assert "建立记录" not in told
    assert "建立记录" in body(signed_in(supervisor()), "audit-record", "registry.resource", record.pk)


def test_a_change_is_told_by_its_fields(signed_in: SignIn) -> None:
    record = ResourceFactory()
    update_resource(actor=PLATFORM, record=record, values=DEMAND | {"budget": "80万元"})
    told = body(signed_in(supervisor()), "audit-record", "registry.resource", record.pk, field="budget")
    assert "修改内容" in told


def test_an_auditor_learns_who_and_what_but_not_the_name_of_what_they_may_not_view(signed_in: SignIn) -> None:
    record = ResourceFactory(title="不可外传的名称", visibility="owner")
    told = body(signed_in(auditor()), "audit", q=record.pk)
    assert "不可外传的名称" not in told
    assert "无权查看名称" in told and str(record.pk) in told
    assert "不可外传的名称" not in body(signed_in(auditor()), "audit-record", "registry.resource", record.pk)


def test_a_name_is_not_found_by_those_who_may_not_view_the_record(signed_in: SignIn) -> None:
    ResourceFactory(title="不可外传的名称", visibility="owner")
    assert "没有找到这个记录或人员" in body(signed_in(auditor()), "audit", q="不可外传")


def test_a_supervisor_reads_of_their_own_region_alone(signed_in: SignIn) -> None:
    here = ResourceFactory(values=DEMAND | {"region": "330100"})
    there = ResourceFactory(values=DEMAND | {"region": "440300"})
    client = signed_in(supervisor())
    assert str(here.pk) in body(client, "audit", stream="acts")
    assert str(there.pk) not in body(client, "audit", stream="acts")
    assert client.get(reverse("portal:audit-record", args=("registry.resource", there.pk))).status_code == 404
    assert str(there.pk) in body(signed_in(auditor()), "audit", stream="acts")


def test_a_supervisor_reads_refusals_but_nobodys_sign_ins(signed_in: SignIn, visitor: Client) -> None:
    record = ResourceFactory(published=False, values=DEMAND | {"region": "330100"})
    who = supervisor()
    audit.note(who, "audit.verified")
    visitor.get(reverse("portal:record", args=("demand", record.pk)))
    told = body(signed_in(who), "audit", stream="access")
    assert "打开不存在或无权查看的记录" in told
    assert "<td>核对审计链</td>" not in told
    assert "<td>核对审计链</td>" in body(signed_in(auditor()), "audit", stream="access")


def test_what_is_kept_aside_for_a_sealed_box_shows_nowhere(signed_in: SignIn) -> None:
    record, box = ResourceFactory(), new_id()
    before = AuditEvent.objects.count()
    audit.record_closed(PLATFORM, "registry.unseal_resource", record, box=box)
    for who in (auditor(), supervisor()):
        client = signed_in(who)
        pages = [
            body(client, "audit"),
            body(client, "audit-record", "registry.resource", record.pk),
            b"".join(client.get(reverse("portal:audit-file")).streaming_content).decode(),
        ]
        assert not any("<td>到时启封</td>" in each or ",到时启封," in each for each in pages)
    assert AuditEvent.objects.exclude(action__startswith="parties").count() <= before


def test_a_person_can_be_asked_for_by_name_or_account(signed_in: SignIn) -> None:
    record = ResourceFactory()
    owner = member(record.owner)
    signed_in(owner).get(reverse("portal:record", args=("demand", record.pk)))
    client = signed_in(auditor())
    for written in (owner.name, owner.account):
        assert "通过页面看到</td>" in body(client, "audit", person=written, stream="provision")
    assert "没有找到这个记录或人员" in body(client, "audit", person="查无此人")
    assert "通过页面看到" in body(client, "audit-account", owner.account)
    assert client.get(reverse("portal:audit-account", args=(10**9,))).status_code == 404


def test_two_of_one_name_are_offered(signed_in: SignIn) -> None:
    AccountFactory.create_batch(2, display_name="王工")
    assert "请选一个" in body(signed_in(auditor()), "audit", person="王工")


def test_pages_go_on_without_losing_or_repeating_an_event(signed_in: SignIn) -> None:
    record = ResourceFactory()
    for number in range(120):
        audit.note(PLATFORM, "refused", record, wanted=f"GET /{number:03}/")
        audit.shown(PLATFORM, "page", [(record, ["budget"], "本单位的记录")])
    client, older, seen = signed_in(auditor()), "", []
    while True:
        answer = client.get(reverse("portal:audit"), {"q": record.pk, "older": older})
        seen += [line.event for line in answer.context["lines"]]
        older = answer.context["older"]
        if not older:
            break
    assert len(seen) == len(set(seen)) == 241
    assert all(first.at >= second.at for first, second in pairwise(seen))


def test_a_period_is_whole_days(signed_in: SignIn) -> None:
    ResourceFactory()
    AuditEvent.objects.update(at="2026-03-01T16:30:00Z")  # 00:30 on 2 March in Shanghai
    client = signed_in(auditor())
    assert "建立记录" in body(
        client, "audit", since="2026-03-02", until="2026-03-02", action="registry.create_resource"
    )
    assert "没有符合条件的事件" in body(client, "audit", until="2026-03-01", action="registry.create_resource")


def test_the_sheet_says_what_the_page_says(signed_in: SignIn) -> None:
    record = ResourceFactory(title="=HYPERLINK(1)")
    client = signed_in(auditor())
    answer = client.get(reverse("portal:audit-file"), {"q": record.pk})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(row["事项"], row["记录编号"]) for row in rows] == [("建立记录", str(record.pk))]
    assert rows[0]["名称"].startswith("'")
    assert AccessEvent.objects.get(action="audit.listed").details["rows"] == 1


@pytest.mark.parametrize("kind", ["registry.nothing", "nothing", "sessions.session"])
def test_what_is_no_kind_of_record_is_not_found(signed_in: SignIn, kind: str) -> None:
    assert signed_in(auditor()).get(reverse("portal:audit-record", args=(kind, "1"))).status_code == 404


@pytest.mark.parametrize("identifier", ["1", "x" * 300, "00000000-0000-0000-0000-000000000000"])
def test_a_made_up_identifier_does_no_harm(signed_in: SignIn, identifier: str) -> None:
    address = reverse("portal:audit-record", args=("registry.resource", identifier))
    assert signed_in(auditor()).get(address).status_code in (200, 404)
    assert signed_in(supervisor()).get(address).status_code == 404


def test_an_owner_sees_who_else_was_shown_what_is_not_public(signed_in: SignIn) -> None:
    record = ResourceFactory(visibility="members")
    other = member()
    address = reverse("portal:record", args=("demand", record.pk))
    signed_in(other).get(address)
    owners = signed_in(member(record.owner)).get(address).content.decode()
    assert "外单位看到的不公开内容" in owners and other.name in owners
    assert "外单位看到的不公开内容" not in signed_in(member()).get(address).content.decode()


def test_a_record_that_is_public_leaves_no_event_when_a_visitor_reads_it(visitor: Client) -> None:
    record = ResourceFactory()
    visitor.get(reverse("portal:record", args=("demand", record.pk)))
    visitor.get(reverse("portal:list", args=("demand",)))
    assert not ProvisionEvent.objects.exists()


def test_a_lead_leaves_that_it_was_shown(signed_in: SignIn) -> None:
    lead = LeadFactory()
    signed_in(member(lead.demand.owner)).get(reverse("portal:lead", args=(lead.pk,)))
    event = ProvisionEvent.objects.get(entity_kind="leads.lead")
    assert event.details["fields"] == ["sides"]
    assert event.details["channel"] == "portal"


def test_every_action_and_every_kind_of_record_has_its_name() -> None:
    ours = {name for name, function in all_actions().items() if function.__module__.startswith("rongtong.")}
    assert ours - set(naming.event_names()) == set()
    assert {model._meta.label_lower for model in declared()} - set(naming.kind_names()) == set()


def test_every_name_is_given_in_both_languages() -> None:
    for words in (*naming.event_names().values(), *naming.kind_names().values()):
        assert words.zh and words.en and words.en.isascii()
