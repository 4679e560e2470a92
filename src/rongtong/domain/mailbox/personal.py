"""What is held of a person here: what they were told, how they want it sent, the addresses of their calendars."""

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.words import Words
from rongtong.domain.mailbox.models import Delivery, Digest, Feed, Message
from rongtong.domain.mailbox.telling import sentence
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.parties.personal.parts import Part, Rows, contribute


def _messages(person: Party, accounts: list[Account]) -> Rows:
    return [
        {"at": each.at, "text": sentence(each), "read": each.read_at}
        for each in Message.objects.filter(account__in=accounts)
    ]


def _count(person: Party, accounts: list[Account]) -> int:
    """Mailboxes, not messages: whoever answers a request would learn from one more that something was handed in."""
    return len(accounts)


def _erase(actor: Actor, person: Party) -> int:
    """Nobody else reads them, and nothing stands in them that is not kept elsewhere."""
    accounts = list(Account.objects.filter(person=person))
    for kept in (Digest, Delivery, Feed, Message):
        kept._default_manager.filter(account__in=accounts).delete()
    return len(accounts)


contribute(Part("messages", Words("消息", "Messages"), _messages, _erase, count=_count))
