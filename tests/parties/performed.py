"""Every action of consent and of personal data, done once."""

from collections.abc import Callable

from rongtong.domain.parties.consent.actions import decline_purpose, give_consent, withdraw_consent
from rongtong.domain.parties.models import Account, Consent, PersonalRequest
from rongtong.domain.parties.personal.actions import (
    answer_personal,
    ask_personal,
    hand_out_personal,
    take_back_personal,
)
from rongtong.domain.parties.queries import actor_of
from tests import factories as make


def somebody() -> Account:
    """An account of a person."""
    return make.AccountFactory(person=make.PersonFactory())


def _give() -> Consent:
    account = somebody()
    return give_consent(actor=actor_of(account), subject=account.person, purpose="profile_matching")


def _withdraw() -> Consent:
    account = somebody()
    actor = actor_of(account)
    consent = give_consent(actor=actor, subject=account.person, purpose="profile_matching")
    return withdraw_consent(actor=actor, consent=consent)


def _decline() -> Consent:
    account = somebody()
    return decline_purpose(actor=actor_of(account), subject=account.person, purpose="profile_matching")


def _ask() -> PersonalRequest:
    return ask_personal(actor=actor_of(somebody()), kind="correction", text="职称写错了。")


def _take_back() -> PersonalRequest:
    actor = actor_of(somebody())
    return take_back_personal(actor=actor, request=ask_personal(actor=actor, kind="erasure"))


def _answer() -> PersonalRequest:
    return answer_personal(actor=make.officer(), request=_ask(), event="fulfil", answer="已经改好。")


def _hand_out() -> object:
    return hand_out_personal(actor=actor_of(somebody()))


PERSONAL: dict[str, Callable[[], object]] = {
    "parties.give_consent": _give,
    "parties.withdraw_consent": _withdraw,
    "parties.decline_purpose": _decline,
    "parties.ask_personal": _ask,
    "parties.take_back_personal": _take_back,
    "parties.answer_personal": _answer,
    "parties.hand_out_personal": _hand_out,
}
