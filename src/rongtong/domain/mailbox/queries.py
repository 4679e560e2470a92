"""Reads of messages: one's own, how many are unread here and in other seats, who is to get a mail today."""

import datetime as dt

from django.conf import settings
from django.db.models import Q, QuerySet

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.access import find_one, scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.mailbox.models import Delivery, Digest, Feed, Message
from rongtong.domain.parties.actions import key_digest
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.parties.seats import seat_key, seats

MONDAY = 0


def messages_of(actor: Actor) -> QuerySet[Message]:
    """The messages of the seat one acts in, and those for the person, latest first."""
    return scope(actor, "view", Message.objects.all())


def message_of(actor: Actor, pk: object) -> Message:
    """One of one's own messages; Message.DoesNotExist alike for another's and for none."""
    return find_one(actor, "view", Message.objects.all(), pk)


def unread_of(actor: Actor) -> int:
    """How many messages wait here."""
    return messages_of(actor).filter(read_at=None).count() if actor.signed_in else 0


def unread_elsewhere(actor: Actor) -> int:
    """How many wait in one's other seats, as long as one holds them."""
    account = Account.objects.filter(pk=actor.account or 0).first()
    if account is None:
        return 0
    held = [seat.key for seat in seats(account)]
    other = Message.objects.filter(account=account, read_at=None, seat__in=held)
    return other.exclude(pk__in=messages_of(actor).values("pk")).count()


def delivery_of(actor: Actor) -> Delivery:
    """How often one gets a mail; that of who never chose is not saved yet."""
    return scope(actor, "view", Delivery.objects.all()).filter(account=actor.account).first() or Delivery(
        account_id=actor.account or 0
    )


def feed_of(actor: Actor) -> Feed | None:
    """The address of one's calendar in the seat one acts in, if there is one that answers."""
    standing = scope(actor, "view", Feed.objects.filter(revoked_at=None))
    return standing.filter(seat=seat_key(actor.party, actor.region)).first()


def actor_of_feed(secret: str) -> Actor | None:
    """Whose calendar stands at the address with this secret; None when it was revoked, or its seat has ended."""
    feed = Feed.objects.select_related("account").filter(digest=key_digest(secret), revoked_at=None).first()
    if feed is None or not feed.account.is_active or feed.seat not in {seat.key for seat in seats(feed.account)}:
        return None
    return actor_of(feed.account, seat=feed.seat)


def to_look_at(day: dt.date) -> QuerySet[Account]:
    """The accounts for which nobody has looked today what to mail: with an address, and wanting one."""
    often = Q(delivery__often="daily") | Q(delivery=None)
    if day.weekday() == MONDAY:
        often |= Q(delivery__often="weekly")
    waiting = Account.objects.filter(often, is_active=True).exclude(email="").exclude(delivery__looked_on=day)
    return waiting.order_by("pk")


def old_messages(now: dt.datetime | None = None) -> QuerySet[Message]:
    """Messages whose time is over."""
    return Message.objects.filter(
        at__lt=(now or clock.now()) - dt.timedelta(days=settings.ENVIRONMENT.keep_messages_days)
    )


def to_try_again(day: dt.date, now: dt.datetime, most: int) -> list[Digest]:
    """The mails of today that the server did not take and that have rested: longer after each attempt."""
    failed = Digest.objects.select_related("account").filter(day=day, sent_at=None, failed_at__isnull=False)
    return [each for each in failed.filter(attempts__lt=most) if each.failed_at and now >= each.failed_at + _rest(each)]


def _rest(digest: Digest) -> dt.timedelta:
    return dt.timedelta(minutes=2.0**digest.attempts)
