"""The pages of assessments: for the enterprise, for the bureau, for a bank, for everybody."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rongtong.domain.assessments import catalogue, queries
from rongtong.domain.assessments.actions import advance_certificate
from rongtong.domain.assessments.computing import run_pending
from rongtong.domain.assessments.models import Assessment, Certificate, Fact, Run
from rongtong.domain.foundation.models import ProvisionEvent
from rongtong.domain.parties.models import Consent
from rongtong.engines import rules
from tests import factories as base
from tests.assessments import factories as make

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def own_pages(party: Any, pack: str = make.PACK) -> list[str]:
    return [
        reverse("portal:assess-party", args=(party.pk,)),
        reverse("portal:facts", args=(party.pk,)),
        reverse("portal:facts", args=(party.pk,)) + "?names=staff",
        reverse("portal:certificates", args=(party.pk,)),
        reverse("portal:consents", args=(party.pk,)),
        reverse("portal:assessment", args=(party.pk, pack)),
        reverse("portal:what-if", args=(party.pk, pack)),
    ]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_an_enterprise_without_any_indicator_is_told_the_first_step(signed_in: SignIn, language: str) -> None:
    party = base.PartyFactory()
    client = signed_in(base.member(party), language)
    for address in own_pages(party):
        assert client.get(address).status_code == 200, address
    assert client.get(reverse("portal:assess")).url == own_pages(party)[0]


def test_the_page_of_an_enterprise_says_what_it_is_could_be_lacks_and_until_when(signed_in: SignIn) -> None:
    made = make.assessment()
    held = make.certificate(made.party, days=60)
    advance_certificate(actor=base.officer(), certificate=held, event="verify")
    body = signed_in(base.member(made.party)).get(own_pages(made.party)[0]).content.decode()
    for said in ("科技型中小企业", "符合", "已持有", "企业已确认", "加入日历", "现在就该准备"):
        assert said in body, said


def test_each_kind_of_result_has_its_page(signed_in: SignIn) -> None:
    party = base.PartyFactory()
    client = signed_in(base.member(party))
    make.facts(party)
    for pack in {each.id for each in catalogue.packs()}:
        client.post(reverse("portal:assess-make", args=(party.pk, pack)))
        answer = client.get(reverse("portal:assessment", args=(party.pk, pack)))
        assert answer.status_code == 200, pack
        assert client.get(reverse("portal:what-if", args=(party.pk, pack))).status_code == 200, pack


def test_indicators_are_entered_in_the_form_and_only_what_changed_is_sent_on(signed_in: SignIn) -> None:
    party = base.PartyFactory()
    make.facts(party, base.officer(), staff=100, rd_last="1300000")
    client, form = signed_in(base.member(party)), reverse("portal:facts", args=(party.pk,)) + "?names=staff,rd_last"
    client.post(form, {"year": make.YEAR, "staff": "120", "rd_last": "1300000", "source": "花名册"})
    now = Fact.objects.filter(party=party, replaced_at__isnull=True)
    assert {(fact.name, fact.value, fact.confirmed_at is not None) for fact in now} == {
        ("staff", 120, True),
        ("rd_last", 130_000_000, False),
    }


def test_what_cannot_be_read_stays_in_the_form_with_the_reason_and_nothing_is_saved(signed_in: SignIn) -> None:
    party = base.PartyFactory()
    address = reverse("portal:facts", args=(party.pk,)) + "?names=staff,rd_last"
    answer = signed_in(base.member(party)).post(address, {"year": make.YEAR, "staff": "很多", "rd_last": "5"})
    body = answer.content.decode()
    assert (answer.status_code, "很多" in body, "不是数值" in body) == (422, True, True)
    assert not Fact.objects.exists()


def test_the_enterprise_confirms_what_the_bureau_entered(signed_in: SignIn) -> None:
    party = base.PartyFactory()
    make.facts(party, base.officer(), staff=100)
    client = signed_in(base.member(party))
    assert "等本单位确认" in client.get(own_pages(party)[0]).content.decode()
    client.post(reverse("portal:confirm-facts", args=(party.pk,)))
    assert Fact.objects.get().confirmed_at is not None


def test_what_if_answers_and_stores_nothing(signed_in: SignIn) -> None:
    made = make.assessment()
    client, address = signed_in(base.member(made.party)), reverse("portal:what-if", args=(made.party_id, make.PACK))
    before = (Assessment.objects.count(), Fact.objects.count())
    body = client.post(address, {"resident": "false"}, headers={"HX-Request": "true"}).content.decode()
    assert "暂不符合" in body and "由 是 改为 否" in body and "<html" not in body
    assert "不是数值" in client.post(address, {"staff": "x"}).content.decode()
    assert (Assessment.objects.count(), Fact.objects.count()) == before


def test_a_kept_assessment_is_computed_again_and_found_the_same(signed_in: SignIn) -> None:
    made = make.assessment()
    client = signed_in(base.member(made.party))
    address = reverse("portal:recheck", args=(made.party_id, make.PACK, made.pk))
    assert "完全一致" in client.post(address, follow=True).content.decode()
    Assessment.objects.filter(pk=made.pk).update(result={**made.result, "outcome": "failed"})
    assert "结果与当时不同" in client.post(address, follow=True).content.decode()
    Assessment.objects.filter(pk=made.pk).update(digest="0" * 64)
    assert "文本已与当时不同" in client.post(address, follow=True).content.decode()


def test_a_certificate_goes_its_way_on_its_page(signed_in: SignIn) -> None:
    party = base.PartyFactory()
    address = reverse("portal:certificates", args=(party.pk,))
    own, clerk = signed_in(base.member(party)), signed_in(base.officer())
    given = {"status": make.PACK, "valid_from": "2026-01-01", "valid_to": "2025-01-01"}
    assert own.post(address, given).status_code == 422
    assert own.post(address, {**given, "valid_to": "不知道"}).status_code == 422
    own.post(address, {**given, "valid_to": "2099-01-01"})
    held = Certificate.objects.get()
    step = reverse("portal:advance-certificate", args=(party.pk, held.pk))
    assert own.post(step, {"event": "verify"}).status_code == 403
    clerk.post(step, {"event": "verify"})
    assert Certificate.objects.get().state == "verified"
    calendar = own.get(reverse("portal:renewals-file", args=(party.pk,)))
    assert calendar.content.decode().count("BEGIN:VEVENT") == 1
    assert "DTSTART;VALUE=DATE:20980701" in calendar.content.decode()


@pytest.mark.parametrize("who", [base.member, base.manager, lambda: base.holder(base.Role.EXPERT)])
def test_the_pages_of_another_enterprise_are_refused_with_a_reason(signed_in: SignIn, who: Callable[[], Any]) -> None:
    made = make.assessment()
    client = signed_in(who())
    for address in own_pages(made.party):
        assert client.get(address).status_code == 403, address


def test_a_visitor_is_sent_to_sign_in_and_may_read_the_rules(visitor: Client) -> None:
    party = base.PartyFactory()
    for address in (*own_pages(party), reverse("portal:runs"), reverse("portal:points"), reverse("portal:assess")):
        assert visitor.get(address).status_code == 302, address
    assert visitor.get(reverse("portal:rules")).status_code == 200


def test_nothing_is_found_under_made_up_addresses(signed_in: SignIn) -> None:
    party = base.PartyFactory()
    client = signed_in(base.member(party))
    for name, args in (
        ("assess-party", (uuid4(),)),
        ("assessment", (party.pk, "cn.nothing")),
        ("rule-pack", ("cn.nothing",)),
        ("run", (uuid4(),)),
    ):
        assert client.get(reverse(f"portal:{name}", args=args)).status_code == 404
    assert client.get(reverse("portal:facts", args=(party.pk,)) + "?names=nothing").status_code == 404
    assert client.get(reverse("portal:assessment", args=(party.pk, make.PACK)) + "?kept=x").status_code in (200, 404)


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_the_lists_ask_no_more_for_three_rows_than_for_one(signed_in: SignIn) -> None:
    clerk = signed_in(base.officer())
    made = make.assessment()
    make.certificate(made.party, days=30)
    make.run()
    addresses = [reverse("portal:assess"), reverse("portal:runs"), own_pages(made.party)[0]]
    one = [queries_of(clerk, address) for address in addresses]
    for _number in range(2):
        more = make.assessment()
        make.certificate(more.party, days=30)
        make.run("cn.innovative-sme", base.officer())
    make.facts(made.party, rd_amount="5", pct_filed=1)
    assert [queries_of(clerk, address) for address in addresses] <= one


def test_the_list_of_enterprises_is_filtered_by_name_and_outcome(signed_in: SignIn) -> None:
    clerk = signed_in(base.officer())
    made, other = make.assessment(), base.PartyFactory(name="云岭另一家有限公司")
    address = reverse("portal:assess")
    body = clerk.get(address, {"pack": make.PACK, "outcome": "passed"}).content.decode()
    assert (made.party.name in body, other.name in body) == (True, False)
    assert other.name in clerk.get(address, {"q": "另一家"}).content.decode()
    assert "没有符合条件的企业" in clerk.get(address, {"q": "查无此家"}).content.decode()


def test_every_pack_has_its_page_with_every_source(visitor: Client) -> None:
    for version in rules.shipped().versions():
        body = visitor.get(reverse("portal:rule-pack", args=(version.id,)), {"version": str(version.version)})
        assert body.status_code == 200, version.id
        pack = rules.shipped().open(version)
        for source in pack.sources.values():
            assert source.name.zh in body.content.decode().replace("&quot;", '"').replace("&#x27;", "'")


def test_two_versions_are_compared(visitor: Client) -> None:
    body = visitor.get(reverse("portal:compare-packs", args=("cn.htz-indicators",))).content.decode()
    assert "新增" in body or "改动" in body
    assert "两个版本没有不同" in visitor.get(reverse("portal:compare-packs", args=(make.PACK,))).content.decode()


def test_a_bank_sees_points_while_the_consent_holds_and_every_look_is_told(signed_in: SignIn) -> None:
    made, bank = make.accepted(), make.bank()
    client, address = signed_in(base.member(bank)), reverse("portal:points")
    assert made.party.name not in client.get(address).content.decode()
    own = signed_in(base.member(made.party))
    consents = reverse("portal:consents", args=(made.party_id,))
    own.post(consents, {"recipient": str(bank.pk), "ends": ""})
    body = client.get(address).content.decode()
    assert made.party.name in body and "20000000" not in body and "6.5" not in body
    assert ProvisionEvent.objects.filter(entity_id=str(made.pk)).count() == 1
    assert bank.name in own.get(consents).content.decode()
    own.post(reverse("portal:withdraw-consent", args=(made.party_id, Consent.objects.get().pk)))
    assert made.party.name not in client.get(address).content.decode()
    assert client.get(own_pages(made.party)[0]).status_code == 403


def test_a_run_is_asked_for_watched_and_read(signed_in: SignIn) -> None:
    made = make.assessment()
    clerk = signed_in(base.officer())
    answer = clerk.post(reverse("portal:runs"), {"pack": make.PACK, "as_of": str(made.as_of)})
    assert "排队中" in clerk.get(answer.url).content.decode()
    assert "排队中" in clerk.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    assert run_pending() == 1
    body = clerk.get(answer.url).content.decode()
    assert made.party.name in body and "得分的分布" in body
    assert clerk.get(answer.url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    run = Run.objects.get()
    for form in ("csv", "xlsx"):
        sheet = clerk.get(reverse("portal:run-file", args=(run.pk, form)))
        assert sheet.status_code == 200 and b"".join(sheet.streaming_content)
    assert clerk.post(reverse("portal:runs"), {"pack": make.PACK, "as_of": "明天"}).status_code == 422


def test_only_the_bureau_runs_packs_over_a_region(signed_in: SignIn) -> None:
    run = make.run()
    client = signed_in(base.member())
    assert client.get(reverse("portal:runs")).status_code == 403
    assert client.post(reverse("portal:runs"), {"pack": make.PACK, "as_of": "2026-01-01"}).status_code == 403
    assert client.get(reverse("portal:run", args=(run.pk,))).status_code == 404


def test_a_run_that_waits_can_be_cancelled(signed_in: SignIn) -> None:
    run = make.run()
    signed_in(base.officer()).post(reverse("portal:cancel-run", args=(run.pk,)))
    assert Run.objects.get().state == "cancelled"


def test_the_bureau_reads_the_first_renewals_that_are_due_and_no_others() -> None:
    today = timezone.localdate()
    party = base.PartyFactory(region="330100")
    for days in (900, 20, 5, 150, 40):
        begins = today - dt.timedelta(days=days)
        Certificate.objects.create(
            party=party, status="cn.tech-sme", state="verified", valid_from=begins,
            valid_to=today + dt.timedelta(days=days),
        )  # fmt: skip
    clerk = base.officer()
    due = [each for each in queries.renewals(clerk) if each.due]
    assert len(due) == 4 == len(queries.renewals(clerk)) - 1
    assert queries.renewals_due(clerk, 12) == due
    assert queries.renewals_due(clerk, 2) == due[:2]
