"""Who gives, withdraws and sees a consent."""

from django.db.models import Q

from rongtong.domain.foundation.access import Grant, declare
from rongtong.domain.foundation.naming import name_events
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.access import AUDITOR, has_party
from rongtong.domain.parties.models import Consent

OWN = Grant(Words("本人或本单位的同意", "Your own consent"), has_party, lambda actor: Q(subject_id=actor.party))
RECEIVED = Grant(
    Words("对方同意向您提供", "Given in your favour"), has_party, lambda actor: Q(recipient_id=actor.party)
)

declare(Consent, view=(OWN, RECEIVED, AUDITOR), give=(OWN,), withdraw=(OWN,))
name_events(
    {
        "parties.give_consent": Words("同意使用数据", "Give consent"),
        "parties.withdraw_consent": Words("撤回同意", "Withdraw consent"),
    }
)
