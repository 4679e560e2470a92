"""The pages of personal data: what is held, a copy, consents, requests, and who judges whom."""

import json
from collections.abc import Callable
from types import ModuleType

import pytest
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.leads.actions import propose_lead
from rongtong.domain.parties.consent.actions import give_consent
from rongtong.domain.parties.models import Account, Consent, PersonalRequest
from rongtong.domain.parties.personal import notice
from rongtong.domain.parties.personal.actions import answer_personal, ask_personal
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.registry.actions import create_resource
from rongtong.domain.registry.models import Resource
from tests import factories as make
from tests.portal.test_english import chinese_in

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
DATA = "/me/data/"
EXPERTISE = "石灰窑出灰系统在高温下卡料的自动出灰装置与控制方法，解决高温石灰出灰。"
MINE = ("personal-data", "personal-copy", "personal-notice", "erase-personal")


@pytest.fixture
def account() -> Account:
    return make.AccountFactory(person=make.PersonFactory(name="沈若溪"), display_name="沈若溪")


@pytest.fixture
def expert(account: Account) -> Resource:
    return make.ResourceFactory(kind="expert", title="沈若溪", values={"expertise": EXPERTISE}, owner=account.person)


def of(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"portal:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def asked(account: Account, kind: str = "erasure", **more: str) -> PersonalRequest:
    return ask_personal(actor=actor_of(account), kind=kind, **more)


def test_the_page_says_what_is_held_and_what_would_stay(
    signed_in: SignedIn, account: Account, expert: Resource
) -> None:
    body = of(signed_in(actor_of(account)), "personal-data")
    told = ("关于本人的记录", "操作与查阅记录", "网络安全法", "删除或去掉姓名")
    assert [text for text in told if text not in body] == []
    assert reverse("portal:judgement", args=(expert.pk,)) in body


def test_the_copy_is_a_file_and_a_page(signed_in: SignedIn, account: Account, expert: Resource) -> None:
    client = signed_in(actor_of(account))
    file = client.get(reverse("portal:personal-file"))
    assert "attachment" in file.headers["Content-Disposition"] and "no-store" in file.headers["Cache-Control"]
    records = next(part for part in json.loads(file.content)["parts"] if part["part"] == "records")
    assert records["rows"][0]["values"]["expertise"] == EXPERTISE
    assert EXPERTISE in of(client, "personal-copy")
    assert AuditEvent.objects.filter(action="parties.hand_out_personal").count() == 2


@pytest.mark.parametrize("name", [*MINE, "personal-file"])
def test_the_pages_are_for_who_signs_in(visitor: Client, name: str) -> None:
    assert visitor.get(reverse(f"portal:{name}")).status_code == 302


def test_an_account_of_nobody_is_told_so(signed_in: SignedIn) -> None:
    client = signed_in(actor_of(make.AccountFactory()))
    assert "没有对应的个人" in of(client, "personal-data")
    assert client.get(reverse("portal:erase-personal")).status_code == 404


def test_a_consent_is_seen_and_withdrawn(signed_in: SignedIn, account: Account) -> None:
    bank = make.PartyFactory(name="云岭银行", organisation_type="bank")
    give_consent(actor=actor_of(account), subject=account.person, purpose="expert_listing", recipient=bank)
    client = signed_in(actor_of(account))
    assert "云岭银行" in of(client, "personal-data")
    consent = Consent.objects.get()
    assert client.post(reverse("portal:take-back-consent", args=(consent.pk,))).status_code == 302
    consent.refresh_from_db()
    assert consent.withdrawn_at and "已撤回" in of(client, "personal-data")


def test_the_consent_of_another_is_not_found(signed_in: SignedIn, account: Account) -> None:
    other = make.AccountFactory(person=make.PersonFactory())
    given = give_consent(actor=actor_of(other), subject=other.person, purpose="statistics")
    client = signed_in(actor_of(account))
    assert client.post(reverse("portal:take-back-consent", args=(given.pk,))).status_code == 404
    assert client.post(reverse("portal:take-back-personal", args=(asked(other).pk,))).status_code == 404


def test_somebody_with_a_role_keeps_their_own_consents(signed_in: SignedIn, account: Account) -> None:
    make.RoleGrantFactory(account=account)
    client = signed_in(actor_of(account))
    for agrees in ("1", "0"):
        assert client.post(reverse("portal:proposing"), {"agrees": agrees}).status_code == 302
    assert Consent.objects.get().withdrawn_at


def test_ones_profile_leaves_the_public_by_one_button(signed_in: SignedIn, account: Account) -> None:
    profile = make.ResourceFactory(kind="expert", owner=account.person, values={"expertise": "石灰窑自动出灰"})
    client, address = signed_in(actor_of(account)), reverse("portal:record", args=("expert", profile.pk))
    assert Client().get(address).status_code == 200
    client.post(reverse("portal:listing"), {"agrees": "0"})
    assert Client().get(address).status_code in (302, 404)
    assert "谁都不能把它改回公开" in of(client, "personal-data")


def test_a_request_is_made_seen_and_taken_back(signed_in: SignedIn, account: Account) -> None:
    client = signed_in(actor_of(account))
    assert client.post(reverse("portal:ask-personal"), {"kind": "correction", "text": " "}).status_code == 422
    client.post(reverse("portal:ask-personal"), {"kind": "correction", "text": "职称应为研究员"})
    assert "职称应为研究员" in of(client, "personal-data")
    client.post(reverse("portal:take-back-personal", args=(PersonalRequest.objects.get().pk,)))
    assert PersonalRequest.objects.get().state == "taken_back"


def test_before_erasing_it_is_said_what_goes_and_what_stays(signed_in: SignedIn, account: Account) -> None:
    body = of(signed_in(actor_of(account)), "erase-personal")
    goes, stays = body.index("会删除"), body.index("会保留")
    assert goes < body.index("个人资料") < stays < body.index("操作与查阅记录")


def test_an_officer_finds_the_request_on_the_workbench_and_answers(signed_in: SignedIn, account: Account) -> None:
    request = asked(account, "explanation", text="为什么推荐我？")
    client = signed_in(make.officer())
    assert reverse("portal:personal-request", args=(request.pk,)) in of(client, "workbench")
    assert "为什么推荐我？" in of(client, "personal-requests")
    page = reverse("portal:personal-request", args=(request.pk,))
    assert client.post(page, {"event": "fulfil", "answer": " "}).status_code == 422
    assert client.post(page, {"event": "refuse", "answer": "没有这样的推荐。"}).status_code == 302
    assert "没有这样的推荐。" in of(signed_in(actor_of(account)), "personal-data")


def test_erasing_asks_again_and_names_the_person(signed_in: SignedIn, account: Account) -> None:
    request = asked(account)
    client, page = signed_in(make.officer()), reverse("portal:personal-request", args=(request.pk,))
    given = {"event": "fulfil", "answer": "已核对身份。"}
    first = client.post(page, given)
    assert "确认删除“沈若溪”的个人信息" in first.content.decode()
    assert client.post(page, given | {"name": "别的人"}).status_code == 422
    account.person.refresh_from_db()
    assert account.person.name == "沈若溪"
    assert client.post(page, given | {"name": "沈若溪"}).status_code == 302
    account.person.refresh_from_db()
    assert account.person.name.startswith("已注销人员")


def test_nobody_answers_their_own_request(signed_in: SignedIn, account: Account) -> None:
    make.RoleGrantFactory(account=account, role="officer", party=None, region="330100")
    request = asked(account, "correction", text="改一改")
    client = signed_in(actor_of(account))
    answer = client.post(
        reverse("portal:personal-request", args=(request.pk,)), {"event": "fulfil", "answer": "自己改了"}
    )
    assert (answer.status_code, "另一位工作人员" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("who", [make.member, make.manager, make.supervisor])
def test_the_requests_of_others_are_for_officers(
    signed_in: SignedIn, account: Account, who: Callable[[], Actor]
) -> None:
    client, request = signed_in(who()), asked(account)
    assert client.get(reverse("portal:personal-requests")).status_code == 403
    assert client.get(reverse("portal:personal-request", args=(request.pk,))).status_code == 403


def test_namesakes_are_shown_and_not_erased(signed_in: SignedIn, account: Account) -> None:
    other = make.ResourceFactory(kind="expert", title="沈若溪", values={"expertise": EXPERTISE})
    request = asked(account)
    assert "同名的记录，不会自动删除" in of(signed_in(make.officer()), "personal-request", request.pk)
    answer_personal(actor=make.officer(), request=request, event="fulfil", answer="已核对身份。")
    other.refresh_from_db()
    assert other.title == "沈若溪"


def test_a_match_of_a_person_says_who_decides_and_shows_the_person_the_way_to_a_human(
    signed_in: SignedIn, account: Account, expert: Resource, index: ModuleType
) -> None:
    give_consent(actor=actor_of(account), subject=account.person, purpose="profile_matching")
    demand = make.ResourceFactory()
    index.drain()
    address = reverse("portal:match", args=(demand.pk,)) + "?group=expert"
    way = reverse("portal:judgement", args=(expert.pk,))
    mine = signed_in(actor_of(account)).get(address).content.decode()
    theirs = signed_in(make.member()).get(address).content.decode()
    assert "由平台计算，是否联系由人决定" in mine and "由平台计算，是否联系由人决定" in theirs
    assert (way in mine, way in theirs) == (True, False)
    assert "卡料" in theirs and 'class="why"' in theirs


def test_the_person_alone_sees_which_matches_introduced_them_and_why(
    signed_in: SignedIn, account: Account, expert: Resource
) -> None:
    demand = make.ResourceFactory(title="石灰窑卡料的难题")
    propose_lead(actor=make.officer(), demand=demand, candidate=expert, probability=0.8)
    client = signed_in(actor_of(account))
    body = of(client, "judgement", expert.pk)
    assert "石灰窑卡料的难题" in body and 'class="why"' in body
    assert "哪些匹配介绍过我" in of(client, "record", "expert", expert.pk)
    assert "哪些匹配介绍过我" not in of(signed_in(make.member()), "record", "expert", expert.pk)
    for other in (make.member(), make.officer()):
        assert signed_in(other).get(reverse("portal:judgement", args=(expert.pk,))).status_code == 404


def test_a_demand_that_one_may_not_read_is_not_told_there(
    signed_in: SignedIn, account: Account, expert: Resource
) -> None:
    demand = make.ResourceFactory(title="保密的难题", visibility="internal")
    propose_lead(actor=make.officer(), demand=demand, candidate=expert)
    body = of(signed_in(actor_of(account)), "judgement", expert.pk)
    assert "保密的难题" not in body and "卡料，人工清理" not in body


def test_asking_a_human_is_about_the_record(signed_in: SignedIn, account: Account, expert: Resource) -> None:
    client = signed_in(actor_of(account))
    given = {"kind": "explanation", "record": str(expert.pk), "text": "我不做石灰窑。"}
    assert client.post(reverse("portal:ask-personal"), given).status_code == 302
    assert PersonalRequest.objects.get().about == f"registry.resource {expert.pk}"
    assert "沈若溪" in of(signed_in(make.officer()), "personal-request", PersonalRequest.objects.get().pk)
    other = make.ResourceFactory()
    assert client.post(reverse("portal:ask-personal"), given | {"record": str(other.pk)}).status_code == 404


def test_handing_in_ones_own_record_asks_whether_the_platform_may_propose_it(
    signed_in: SignedIn, account: Account
) -> None:
    actor = actor_of(account)
    record = create_resource(
        actor=actor, kind="expert", title="沈若溪", values={"expertise": EXPERTISE}, owner=account.person
    )
    client = signed_in(actor)
    assert 'name="propose"' in of(client, "record", "expert", record.pk)
    given = {"event": "submit", "no_secrets": "on", "propose": "on"}
    assert client.post(reverse("portal:advance", args=("expert", record.pk)), given).status_code == 302
    assert Consent.objects.get().purpose == "profile_matching"


def test_the_notice_is_confirmed_once_in_each_version(signed_in: SignedIn, account: Account) -> None:
    client = signed_in(actor_of(account))
    assert "请读一遍" in of(client, "personal-data")
    client.post(reverse("portal:personal-notice"))
    client.post(reverse("portal:personal-notice"))
    assert Consent.objects.get().wording.endswith(notice.VERSION)
    assert "请读一遍" not in of(client, "personal-data")


@pytest.mark.parametrize("name", MINE)
def test_no_chinese_is_left_in_english(signed_in: SignedIn, name: str, settings: object) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"region_name": "Region"})  # type: ignore[attr-defined]
    account = make.AccountFactory(person=make.PersonFactory(name="Shen"), display_name="Shen", username="shen")
    asked(account, "correction", text="my title")
    body = of(signed_in(actor_of(account), "en"), name)
    assert chinese_in(body.replace("杭州市", "")) == set()


def test_the_officers_pages_speak_english(signed_in: SignedIn, settings: object) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"region_name": "Region"})  # type: ignore[attr-defined]
    account = make.AccountFactory(person=make.PersonFactory(name="Shen"), display_name="Shen", username="shen")
    request, actor = asked(account), make.officer()
    client = signed_in(actor, "en")
    for body in (of(client, "personal-requests"), of(client, "personal-request", request.pk)):
        assert chinese_in(body.replace(actor.name, "").replace("杭州市", "")) == set()
