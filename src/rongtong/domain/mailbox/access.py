"""What one is told is one's own, in the seat one acts in; what is sent is the platform's to send."""

from django.db.models import Q

from rongtong.domain.foundation.access import EVERYTHING, Grant, declare
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.words import Words
from rongtong.domain.mailbox.models import Delivery, Digest, Feed, Message
from rongtong.domain.parties.access import has_account, platform
from rongtong.domain.parties.seats import seat_key

ANY_SEAT = ""
"""The seat of a message that is for the person, whichever seat they act in."""


def own_in_seat(actor: Actor) -> Q:
    """One's own, for the seat in which one acts now or for the person as such."""
    return Q(account_id=actor.account, seat__in=[ANY_SEAT, seat_key(actor.party, actor.region)])


OWN_MESSAGES = Grant(Words("发给您的消息", "Messages to you"), has_account, own_in_seat)
PLATFORM = Grant(Words("平台投递消息", "The platform delivers"), platform, lambda actor: EVERYTHING)
OWN = Grant(Words("您自己的设置", "Your own setting"), has_account, lambda actor: Q(account_id=actor.account))

declare(Message, view=(OWN_MESSAGES,), read=(OWN_MESSAGES,), prune=(PLATFORM,))
declare(Delivery, view=(OWN, PLATFORM), choose=(OWN,), send=(PLATFORM,))
declare(Digest, view=(OWN, PLATFORM), send=(PLATFORM,))
declare(Feed, view=(OWN,), make=(OWN,), revoke=(OWN,))
