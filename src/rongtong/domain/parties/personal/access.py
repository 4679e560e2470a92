"""Who asks about personal data, who decides, and the names of what happens."""

from django.db.models import Q

from rongtong.domain.foundation.access import EVERYTHING, Grant, declare
from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.naming import name_events, name_steps
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.access import AUDITOR, has_account
from rongtong.domain.parties.models import PersonalRequest
from rongtong.domain.parties.states import REQUEST

OWN = Grant(Words("本人的请求", "Your own request"), has_account, lambda actor: Q(account=actor.account))
OFFICER = Grant(
    Words("管理部门办理个人信息请求", "Bureau staff answer requests about personal data"),
    lambda actor: actor.is_any(Role.OFFICER),
    lambda actor: EVERYTHING,
)
declare(PersonalRequest, view=(OWN, OFFICER, AUDITOR), ask=(OWN,), take_back=(OWN,), decide=(OFFICER,))
name_steps(REQUEST)
name_events(
    {
        "parties.ask_personal": Words("提出个人信息请求", "Ask about one's personal data"),
        "parties.erase_person": Words("删除个人信息", "Erase a person's data"),
        "parties.hand_out_personal": Words("提供个人信息副本", "Hand out a copy of personal data"),
    }
)
