"""Every action of messages, done once."""

from collections.abc import Callable

from django.utils import timezone

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.mailbox import actions
from rongtong.domain.mailbox.models import Digest, Message
from rongtong.domain.mailbox.telling import tell
from rongtong.domain.parties.models import Account
from tests import factories as make
from tests.programmes.factories import TopicFactory


def told() -> tuple[Actor, Message]:
    """Somebody to whom something was told."""
    topic = TopicFactory()
    actor = make.member(topic.setter)
    tell(make.PLATFORM, "topic.open", topic)
    return actor, Message.objects.get(account=actor.account)


def _read() -> object:
    actor, message = told()
    return actions.read_messages(actor=actor, messages=[message.pk])


def _revoke() -> object:
    actor = make.member()
    feed, _secret = actions.make_feed(actor=actor)
    return actions.revoke_feed(actor=actor, feed=feed)


def _claim() -> list[Digest]:
    actor, _message = told()
    account = Account.objects.get(pk=actor.account)
    return actions.claim_digests(
        actor=make.PLATFORM, day=timezone.localdate(), accounts=[account], letters=[account.pk]
    )


def _settle() -> object:
    (digest,) = _claim()
    messages = list(Message.objects.values_list("pk", flat=True))
    return actions.settle_digests(actor=make.PLATFORM, sent={digest.pk: messages})


def _reclaim() -> object:
    (digest,) = _claim()
    Digest.objects.filter(pk=digest.pk).update(failed_at=clock.now())
    return actions.reclaim_digests(actor=make.PLATFORM, digests=[digest])


def _prune() -> object:
    told()
    return actions.prune_messages(actor=make.PLATFORM)


MAILBOX: dict[str, Callable[[], object]] = {
    "mailbox.read_messages": _read,
    "mailbox.choose_delivery": lambda: actions.choose_delivery(actor=make.member(), often="weekly"),
    "mailbox.make_feed": lambda: actions.make_feed(actor=make.member()),
    "mailbox.revoke_feed": _revoke,
    "mailbox.claim_digests": _claim,
    "mailbox.reclaim_digests": _reclaim,
    "mailbox.settle_digests": _settle,
    "mailbox.prune_messages": _prune,
}
