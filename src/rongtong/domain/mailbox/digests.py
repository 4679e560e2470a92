"""One mail a day at most: what is new, and what falls due in seven, three or one days.

A mail is begun in the database, then handed to the server, then recorded as sent. Whoever is killed between the last
two leaves a mail begun: it is never sent again, for it may have gone; what stood in it is unread and in the next day's
mail. So it errs towards no mail twice, and no message is lost by it. A server that says no is asked again the same day.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.mailbox.actions import MOST_ATTEMPTS, claim_digests, reclaim_digests, settle_digests
from rongtong.domain.mailbox.due import Due, day_of, due_for
from rongtong.domain.mailbox.models import Digest, Message
from rongtong.domain.mailbox.queries import messages_of, to_look_at, to_try_again
from rongtong.domain.mailbox.telling import nameless, sentence
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.seats import seats
from rongtong.domain.parties.signing.mail import mail_is_sent

log = logging.getLogger("rongtong.mail")
AHEAD = (7, 3, 1)
"""Days before its term on which something is reminded of."""
WEEK = 7
MOST_LINES = 20
AT_ONCE = 50
"""Accounts of one round: so many mails at most are in doubt when the process is killed."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it will be sent, and the messages that it tells of."""

    account: Account
    subject: str
    text: str
    messages: tuple[UUID, ...]


def post_digests(actor: Actor, link: str) -> int:
    """Send today's mails to everybody who was not looked at yet, ``AT_ONCE`` at a time; answers how many went.

    ``link`` leads to the messages in the portal. Nothing is done before the hour set, nor where no mail is sent.
    """
    now = clock.now()
    if not mail_is_sent() or timezone.localtime(now).hour < settings.ENVIRONMENT.mail_from_hour:
        return 0
    day = timezone.localdate(now)
    return _try_again(actor, day, now, link) + _look(actor, day, link)


def compose(account: Account, day: dt.date, link: str) -> Letter | None:
    """The mail of an account: of every seat what is new and what falls due; None when there is nothing."""
    weekly = getattr(getattr(account, "delivery", None), "often", "daily") == "weekly"
    actors = [seat.actor(account) for seat in seats(account)]
    messages = list({each.pk: each for actor in actors for each in _new(actor)}.values())
    dues = list({(each.kind, each.entity): each for actor in actors for each in _near(actor, day, weekly)}.values())
    if not messages and not dues:
        return None
    with translation.override(account.language or settings.LANGUAGE_CODE):
        count = len(messages) + len(dues)
        subject = ngettext("融通：%(count)s 件事", "融通：%(count)s 件事", count) % {"count": count}
        return Letter(account, subject, _text(messages, dues, link), tuple(each.pk for each in messages))


def _look(actor: Actor, day: dt.date, link: str) -> int:
    sent = 0
    while accounts := list(to_look_at(day).select_related("delivery")[:AT_ONCE]):
        letters = {each.pk: letter for each in accounts if (letter := compose(each, day, link))}
        begun = claim_digests(actor=actor, day=day, accounts=accounts, letters=list(letters))
        sent += _deliver(actor, begun, letters)
    return sent


def _try_again(actor: Actor, day: dt.date, now: dt.datetime, link: str) -> int:
    failed = to_try_again(day, now, MOST_ATTEMPTS)[:AT_ONCE]
    if not failed:
        return 0
    begun = reclaim_digests(actor=actor, digests=failed)
    accounts = Account.objects.select_related("delivery").filter(pk__in=[each.account_id for each in begun])
    letters = {each.pk: letter for each in accounts if (letter := compose(each, day, link))}
    return _deliver(actor, begun, letters)


def _deliver(actor: Actor, begun: Sequence[Digest], letters: dict[int, Letter]) -> int:
    """Hand the letters over, then say which of them the server took; the same event whether there were any."""
    sent: dict[UUID, tuple[UUID, ...]] = {}
    failed: list[UUID] = []
    for digest in begun:
        letter = letters.get(digest.account_id)
        if letter is None:  # read meanwhile: there is nothing left to tell
            sent[digest.pk] = ()
        elif _sent(letter):
            sent[digest.pk] = letter.messages
        else:
            failed.append(digest.pk)
    settle_digests(actor=actor, sent=sent, failed=failed)
    return len(sent)


def _sent(letter: Letter) -> bool:
    try:
        with get_connection() as connection:
            mail = EmailMessage(letter.subject, letter.text, None, [letter.account.email], connection=connection)
            return bool(mail.send())
    except (SMTPException, OSError) as error:
        # Neither the address nor what is told belongs into the log.
        log.error("a mail of messages could not be sent: %s", type(error).__name__)
        return False


def _new(actor: Actor) -> list[Message]:
    return list(messages_of(actor).filter(read_at=None, mailed_at=None).order_by("at")[: MOST_LINES * 5])


def _near(actor: Actor, day: dt.date, weekly: bool) -> list[Due]:
    left = [(each, (day_of(each.by) - day).days) for each in due_for(actor)]
    return [each for each, days in left if (0 <= days <= WEEK if weekly else days in AHEAD)]


def _text(messages: Sequence[Message], dues: Sequence[Due], link: str) -> str:
    parts = []
    if dues:
        parts += [_("快到期的："), *(f"· {_due_line(each)}" for each in dues[:MOST_LINES]), *_more(len(dues)), ""]
    if messages:
        parts += [_("新消息："), *(f"· {sentence(each, outside=True)}" for each in messages[:MOST_LINES])]
        parts += [*_more(len(messages)), ""]
    parts += [_("详情请登录查看：%(link)s") % {"link": link}, _("多久发一次邮件，可以在同一页设置；不想收的可以关掉。")]
    return "\n".join(parts)


def _due_line(due: Due) -> str:
    title = f"“{due.title}”" if due.title else nameless(due.kind)
    return _("%(day)s 前：%(title)s，%(what)s") % {"day": day_of(due.by), "title": title, "what": due.what}


def _more(count: int) -> list[str]:
    left = count - MOST_LINES
    return [_("· 另有 %(count)s 件") % {"count": left}] if left > 0 else []
