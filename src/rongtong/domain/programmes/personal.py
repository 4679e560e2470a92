"""What is held of a person among challenges: topics argued, panels sat on, reviews written, objections filed.

Whoever answers a request reads counts. Who reviews, and who objects, is not theirs to know from one, so every count is
that of the accounts.
"""

from django.db.models import Q, QuerySet

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.parties.personal.parts import Part, Rows, contribute
from rongtong.domain.programmes.models import Argument, Objection, Review, Seat
from rongtong.domain.programmes.states import OBJECTION

ERASED = "已注销人员"


def _numbers(accounts: list[Account]) -> list[int]:
    return [account.pk for account in accounts]


def _of(person: Party) -> list[int]:
    return _numbers(list(Account.objects.filter(person=person)))


def _count(person: Party, accounts: list[Account]) -> int:
    return len(accounts)


def _arguments(person: Party, accounts: list[Account]) -> Rows:
    rows = Argument.objects.filter(account__in=_numbers(accounts)).select_related("topic")
    return [
        {"topic": each.topic.title, "verdict": each.verdict, "opinion": each.opinion, "at": each.signed_at}
        for each in rows
    ]


def _seats(person: Party, accounts: list[Account]) -> Rows:
    rows = Seat.objects.filter(Q(person=person)).select_related("round__topic")
    return [
        {"topic": each.round.topic.title, "state": each.state, "declared": each.declares, "since": each.state_since}
        for each in rows
    ]


def _reviews(person: Party, accounts: list[Account]) -> Rows:
    """Without what was reviewed: that is its applicant's."""
    rows = Review.objects.filter(account__in=_numbers(accounts)).select_related("seat__round__topic")
    return [
        {
            "topic": each.seat.round.topic.title,
            "marks": each.marks,
            "opinion": each.opinion,
            "dissent": each.dissent,
            "signed": each.signed_at,
        }
        for each in rows
    ]


def _objections(person: Party, accounts: list[Account]) -> Rows:
    rows = Objection.objects.filter(account__in=_numbers(accounts)).select_related("notice")
    return [
        {
            "notice": each.notice.title,
            "name": each.name,
            "contact": each.contact,
            "ground": each.ground,
            "finding": each.finding,
            "state": each.state,
            "at": each.created_at,
        }
        for each in rows
    ]


def _erase_arguments(actor: Actor, person: Party) -> int:
    return Argument.objects.filter(account__in=_of(person)).update(name=ERASED)


def _erase_objections(actor: Actor, person: Party) -> int:
    """The name and contact of those that were answered; one that is still looked into cannot do without them."""
    return _answered().filter(account__in=_of(person)).update(name=ERASED, contact="")


def _answered() -> QuerySet[Objection]:
    return Objection.objects.filter(state__in=[state.key for state in OBJECTION.states if state.end])


KEPT = Words(
    "评审档案属于计划，保留；评审人的姓名去掉", "The file of a review is the programme's; its writer's name goes"
)
contribute(Part("arguments", Words("论证意见", "Topics one argued"), _arguments, _erase_arguments, count=_count))
contribute(Part("seats", Words("评审席位", "Panels one sat on"), _seats, None, KEPT, _count))
contribute(Part("reviews", Words("评审意见", "Reviews one wrote"), _reviews, None, KEPT, _count))
contribute(
    Part("objections", Words("提出的异议", "Objections one filed"), _objections, _erase_objections, count=_count)
)
