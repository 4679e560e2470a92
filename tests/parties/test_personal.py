"""What is held of a person is handed out on request, erased on request, and the shell stays."""

import pytest

from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.parties.consent.actions import give_consent, withdraw_consent
from rongtong.domain.parties.consent.queries import in_force
from rongtong.domain.parties.models import Account, Affiliation, Party, PersonalRequest
from rongtong.domain.parties.personal.actions import (
    answer_personal,
    ask_personal,
    hand_out_personal,
    take_back_personal,
)
from rongtong.domain.parties.queries import actor_of
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Party:
    return make.PersonFactory(name="沈若溪", title="高级工程师", orcid="0000-0002-1825-0097")


@pytest.fixture
def account(person: Party) -> Account:
    return make.AccountFactory(person=person, display_name="沈若溪", username="shen")


def test_the_copy_holds_every_part(account: Account) -> None:
    make.AffiliationFactory(member=account.person)
    copy = hand_out_personal(actor=actor_of(account))
    parts = {part["part"]: part["rows"] for part in copy["parts"]}
    assert parts["profile"][0]["name"] == "沈若溪"
    assert len(parts["affiliations"]) == len(parts["accounts"]) == 1
    assert parts["events"]


def test_an_account_without_a_person_is_told_so() -> None:
    with pytest.raises(AccessDenied, match="没有对应的个人"):
        hand_out_personal(actor=actor_of(make.AccountFactory()))


def test_erasing_leaves_the_shell(account: Account, person: Party) -> None:
    affiliation = make.AffiliationFactory(member=person, evidence="劳动合同")
    request = ask_personal(actor=actor_of(account), kind="erasure")
    answer_personal(actor=make.officer(), request=request, event="fulfil", answer="已核对身份，予以删除。")
    person.refresh_from_db()
    account.refresh_from_db()
    assert (person.name.startswith("已注销人员"), person.title, person.orcid, person.state) == (True, "", "", "erased")
    assert (account.is_active, account.display_name, account.has_usable_password()) == (False, "已注销账号", False)
    assert Affiliation.objects.get(pk=affiliation.pk).evidence == ""
    assert AuditEvent.objects.filter(action="parties.erase_person").exists()


def test_the_last_administrator_hands_over_first(account: Account, person: Party) -> None:
    make.RoleGrantFactory(account=account, role=Role.ADMINISTRATOR, party=make.PartyFactory())
    request = ask_personal(actor=actor_of(account), kind="erasure")
    with pytest.raises(Invalid, match="唯一"):
        answer_personal(actor=make.officer(), request=request, event="fulfil", answer="予以删除。")
    person.refresh_from_db()
    request.refresh_from_db()
    assert (person.name, request.state) == ("沈若溪", "asked")


def test_a_double_click_makes_one_request_and_it_can_be_taken_back(account: Account) -> None:
    actor = actor_of(account)
    first, second = (ask_personal(actor=actor, kind="explanation", text="为什么推荐我？") for _ in range(2))
    assert first == second
    assert take_back_personal(actor=actor, request=first).state == "taken_back"
    with pytest.raises(IllegalTransition):
        take_back_personal(actor=actor, request=first)


def test_a_human_answers_with_a_reason(account: Account) -> None:
    request = ask_personal(actor=actor_of(account), kind="explanation", text="为什么推荐我？")
    with pytest.raises(IllegalTransition, match="理由"):
        answer_personal(actor=make.officer(), request=request, event="fulfil", answer=" ")
    with pytest.raises(AccessDenied):
        answer_personal(actor=actor_of(account), request=request, event="fulfil", answer="我自己看过了")
    assert PersonalRequest.objects.get().state == "asked"


def test_consent_holds_until_it_is_withdrawn(account: Account, person: Party) -> None:
    bank = make.PartyFactory(organisation_type="bank")
    actor = actor_of(account)
    first, again = (give_consent(actor=actor, subject=person, purpose="expert_listing", recipient=bank) for _ in "12")
    assert first == again
    assert in_force("expert_listing").get() == first
    withdraw_consent(actor=actor, consent=first)
    assert not in_force("expert_listing").exists()
    with pytest.raises(AccessDenied):
        give_consent(actor=actor, subject=bank, purpose="expert_listing")
