"""Who may see and end sessions, issue links, bind outside identities and reset second factors."""

from django.db.models import Q

from rongtong.domain.foundation.access import Grant, declare
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.access import ADMINISTERED, GUARDED, PLATFORM, administers, has_account
from rongtong.domain.parties.models import OneTimeLink, OutsideIdentity, SecondFactor, SignIn

OWN = Grant(Words("本人账号", "Your own account"), has_account, lambda actor: Q(account_id=actor.account))
OWN_PARTYS = Grant(ADMINISTERED.because, administers, lambda actor: Q(party_id=actor.party))

declare(SignIn, view=(OWN,), end=(OWN, GUARDED, PLATFORM))
declare(SecondFactor, reset=(GUARDED, PLATFORM))
declare(OutsideIdentity, view=(OWN, GUARDED), create=(GUARDED, PLATFORM), end=(GUARDED, PLATFORM))
declare(
    OneTimeLink,
    view=(OWN_PARTYS, GUARDED, PLATFORM),
    create=(OWN_PARTYS, GUARDED, PLATFORM),
    revoke=(OWN_PARTYS, GUARDED, PLATFORM),
)
