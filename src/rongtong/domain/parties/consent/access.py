"""Who gives, withdraws and sees a consent."""

from django.db.models import Q

from rongtong.domain.foundation.access import Grant, declare
from rongtong.domain.foundation.naming import name_events
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.access import AUDITOR, has_account, has_party
from rongtong.domain.parties.models import Account, Consent

OWN = Grant(Words("本人或本单位的同意", "Your own consent"), has_party, lambda actor: Q(subject_id=actor.party))
OWN_PERSON = Grant(
    Words("本人的同意", "Your own consent, in whichever seat you act"),
    has_account,
    lambda actor: Q(
        subject_id__in=Account.objects.filter(pk=actor.account or 0, person__isnull=False).values("person_id")
    ),
)
RECEIVED = Grant(
    Words("对方同意向您提供", "Given in your favour"), has_party, lambda actor: Q(recipient_id=actor.party)
)

declare(Consent, view=(OWN, OWN_PERSON, RECEIVED, AUDITOR), give=(OWN, OWN_PERSON), withdraw=(OWN, OWN_PERSON))
name_events(
    {
        "parties.give_consent": Words("同意使用数据", "Give consent"),
        "parties.decline_purpose": Words("拒绝一种用途", "Refuse a purpose"),
        "parties.withdraw_consent": Words("撤回同意", "Withdraw consent"),
    }
)
