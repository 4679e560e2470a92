"""Reading messages, choosing how they are sent, sending them, and the addresses of calendars.

What the audit keeps of this names accounts and never what they were told: that an applicant had something to read may
not give away that there is a submission.
"""

import datetime as dt
import secrets
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import require, scope
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import AccessDenied, Invalid, Problem
from rongtong.domain.mailbox.models import Delivery, Digest, Feed, Message
from rongtong.domain.parties.actions import key_digest
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.seats import seat_key

TOKEN_BYTES = 24
MOST_ATTEMPTS = 5
"""So often a mail that the server would not take is tried on its day."""


@action("mailbox.read_messages")
def read_messages(*, actor: Actor, messages: Collection[UUID] | None = None) -> int:
    """Mark ``messages`` (all of the seat one acts in when None) as read; answers how many were not."""
    account = _own_account(actor)
    waiting = scope(actor, "read", Message.objects.filter(read_at=None))
    if messages is not None:
        waiting = waiting.filter(pk__in=messages)
    audit.record(actor, "mailbox.read_messages", account)
    return waiting.update(read_at=clock.now())


@action("mailbox.choose_delivery")
def choose_delivery(*, actor: Actor, often: str) -> Delivery:
    """Have messages mailed daily, weekly or not at all. Raises Invalid, AccessDenied."""
    if often not in Delivery.HOW_OFTEN:
        raise Invalid(_("请选择多久发一次邮件。"), [Problem("often", _("请选择多久发一次邮件。"))])
    account = _own_account(actor)
    known = Delivery.objects.select_for_update().filter(account=account).first() or Delivery(account=account)
    require(actor, "choose", known)
    known.often = often
    known.save()
    audit.record(actor, "mailbox.choose_delivery", known, often=often)
    return known


@action("mailbox.make_feed")
def make_feed(*, actor: Actor) -> tuple[Feed, str]:
    """A new address for the calendar of the seat one acts in, in place of an older one; its secret is answered once."""
    account = _own_account(actor)
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    feed = Feed(account=account, seat=seat_key(actor.party, actor.region), digest=key_digest(secret))
    require(actor, "make", feed)
    Feed.objects.filter(account=account, seat=feed.seat, revoked_at=None).update(revoked_at=clock.now())
    feed.save(force_insert=True)
    audit.record(actor, "mailbox.make_feed", feed)
    return feed, secret


@action("mailbox.revoke_feed")
def revoke_feed(*, actor: Actor, feed: Feed) -> Feed:
    """Have an address answer nobody any more, at once. Revoked again, nothing changes."""
    locked = Feed.objects.select_for_update().get(pk=feed.pk)
    require(actor, "revoke", locked)
    if locked.revoked_at is None:
        locked.revoked_at = clock.now()
        locked.save(update_fields=["revoked_at"])
    audit.record(actor, "mailbox.revoke_feed", locked)
    return locked


@action("mailbox.claim_digests")
def claim_digests(*, actor: Actor, day: dt.date, accounts: Sequence[Account], letters: Collection[int]) -> list[Digest]:
    """Say of ``accounts`` that there was a look on ``day``; begin the mails of those of them in ``letters``.

    What was begun is not begun again: of two workers one sends. The event is the same whether anybody gets a mail.
    """
    require(actor, "send", Digest())
    known = {
        each.account_id: each
        for each in Delivery.objects.select_for_update().filter(account__in=accounts).order_by("pk")
    }
    missing = [Delivery(account=account) for account in accounts if account.pk not in known]
    Delivery.objects.bulk_create(missing, ignore_conflicts=True)
    fresh = [account.pk for account in accounts if account.pk not in known or known[account.pk].looked_on != day]
    Delivery.objects.filter(account__in=fresh).update(looked_on=day)
    taken = set(Digest.objects.filter(day=day, account__in=fresh).values_list("account_id", flat=True))
    begun = [Digest(account_id=pk, day=day) for pk in fresh if pk in letters and pk not in taken]
    Digest.objects.bulk_create(begun)
    audit.record(actor, "mailbox.claim_digests", Digest(), day=day)
    return begun


@action("mailbox.reclaim_digests")
def reclaim_digests(*, actor: Actor, digests: Sequence[Digest]) -> list[Digest]:
    """Begin mails again that the server is known not to have taken; answers those that nobody else began meanwhile."""
    require(actor, "send", Digest())
    wanted = [each.pk for each in digests]
    failed = Digest.objects.select_for_update().filter(pk__in=wanted, failed_at__isnull=False, sent_at=None)
    again = list(failed.filter(attempts__lt=MOST_ATTEMPTS).order_by("pk"))
    for each in again:
        each.failed_at, each.attempts = None, each.attempts + 1
    Digest.objects.bulk_update(again, ["failed_at", "attempts"])
    audit.record(actor, "mailbox.reclaim_digests", Digest())
    return again


@action("mailbox.settle_digests")
def settle_digests(*, actor: Actor, sent: Mapping[UUID, Collection[UUID]], failed: Collection[UUID] = ()) -> None:
    """Record which mails the server took (digest → the messages in it) and which it did not."""
    require(actor, "send", Digest())
    now = clock.now()
    Digest.objects.filter(pk__in=list(sent)).update(sent_at=now)
    Digest.objects.filter(pk__in=list(failed)).update(failed_at=now)
    told = [pk for messages in sent.values() for pk in messages]
    Message.objects.filter(pk__in=told).update(mailed_at=now)
    audit.record(actor, "mailbox.settle_digests", Digest())


@action("mailbox.prune_messages")
def prune_messages(*, actor: Actor, now: dt.datetime | None = None) -> int:
    """Let messages, and the record of mails, go whose time is over (``RONGTONG_KEEP_MESSAGES_DAYS``); answers how many.

    What happened stands in the audit; a message only told of it.
    """
    require(actor, "prune", Message())
    limit = (now or clock.now()) - dt.timedelta(days=settings.ENVIRONMENT.keep_messages_days)
    count, _each = Message.objects.filter(at__lt=limit).delete()
    Digest.objects.filter(begun_at__lt=limit).delete()
    audit.record(actor, "mailbox.prune_messages", Message(), before=limit)
    return count


def _own_account(actor: Actor) -> Account:
    account = Account.objects.select_for_update().filter(pk=actor.account or 0).first()
    if account is None:
        raise AccessDenied(_("请先登录。"))
    return account
