"""What is held of a person among leads: those they look after, those about them, and what they said of answers."""

from django.db.models import Q

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.words import Words
from rongtong.domain.leads.models import Feedback, Lead
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.parties.personal.parts import Part, Rows, contribute
from rongtong.domain.registry.persons import records_of


def _numbers(accounts: list[Account]) -> list[int]:
    return [account.pk for account in accounts]


def _leads(person: Party, accounts: list[Account]) -> Rows:
    own = Q(candidate__in=records_of(person).values("pk"))
    rows = Lead.objects.filter(own | Q(manager__in=_numbers(accounts)))
    return [
        {
            "lead": str(each.pk),
            "as": "manager" if each.manager in _numbers(accounts) else "proposed",
            "state": each.state,
            "at": each.created_at,
        }
        for each in rows
    ]


def _feedback(person: Party, accounts: list[Account]) -> Rows:
    rows = Feedback.objects.filter(account__in=_numbers(accounts))
    return [{"verdict": each.verdict, "reason": each.reason, "note": each.note, "at": each.updated_at} for each in rows]


def _erase_leads(actor: Actor, person: Party) -> int:
    own = Lead.objects.filter(candidate__in=records_of(person).values("pk")).update(note="", probability=None)
    return own + Lead.objects.filter(manager__in=_of(person)).update(manager_name="")


def _erase_feedback(actor: Actor, person: Party) -> int:
    return Feedback.objects.filter(account__in=_of(person)).update(note="")


def _of(person: Party) -> list[int]:
    return _numbers(list(Account.objects.filter(person=person)))


contribute(Part("leads", Words("线索", "Leads"), _leads, _erase_leads))
contribute(Part("feedback", Words("对匹配结果的评价", "What one said of answers"), _feedback, _erase_feedback))
