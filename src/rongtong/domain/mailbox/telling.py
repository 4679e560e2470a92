"""Which step tells whom what: apps fill the table, steps of processes and actions write the messages.

A message is written in the transaction of what it tells of. Whoever took the step is not told of it, unless the
sentence is a receipt.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from rongtong.domain.foundation import telling
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.naming import event_name
from rongtong.domain.foundation.words import Words
from rongtong.domain.mailbox.access import ANY_SEAT
from rongtong.domain.mailbox.models import Message
from rongtong.domain.parties.conferring import current
from rongtong.domain.parties.models import Account, RoleGrant
from rongtong.domain.parties.roles import acts_for_party
from rongtong.domain.parties.seats import seat_key

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Recipient:
    """An account, in the seat for which it is told."""

    account: int
    seat: str = ANY_SEAT


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about: its title, whether everybody may know it, and a detail that stays in the portal."""

    title: str
    public: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Saying:
    """A row of the table: the sentence with ``{title}`` (which comes with its quotes), to whom, and about what.

    ``receipt`` also tells whoever took the step.
    """

    words: Words
    audience: Callable[[Any], Iterable[Recipient]]
    about: Callable[[Any], About]
    receipt: bool = False


_sayings: dict[str, Saying] = {}
_nameless: dict[str, Words] = {}


def announce(sayings: Mapping[str, Saying]) -> None:
    """Add rows to the table, by ``<process>.<event>`` or by a name that :func:`tell` is given."""
    _sayings.update(sayings)


def call_nameless(kinds: str, words: Words) -> None:
    """What to call records whose kind begins with ``kinds`` where their name may not be told."""
    _nameless[kinds] = words


def sayings() -> Mapping[str, Saying]:
    """The whole table, for the docs and the tests."""
    return _sayings


def words_of(key: str) -> Words:
    """The sentence of a message; one that an older version left and nobody says any more, by the name of its event."""
    known = _sayings.get(key)
    return known.words if known else Words(f"{event_name(key).zh}：{{title}}", f"{event_name(key).en}: {{title}}")


def sentence(message: Message, *, outside: bool = False) -> str:
    """A message as it is read; ``outside`` the house what is not public goes without its name."""
    named = bool(message.title) and (message.public or not outside)
    said = str(words_of(message.key)).format(title=f"“{message.title}”" if named else nameless(message.kind))
    return said[:1].upper() + said[1:]


def nameless(kind: str) -> str:
    """What something is called whose name may not be told."""
    return next((str(words) for before, words in _nameless.items() if kind.startswith(before)), _("一件事项"))


def people_of(*parties: UUID | None) -> list[Recipient]:
    """Who acts for one of ``parties`` today: its members, and the person where it is one who acts for themselves."""
    wanted = [party for party in parties if party]
    grants = current(RoleGrant.objects.filter(party__in=wanted, account__is_active=True))
    found = {
        Recipient(account, seat_key(party, region)): None
        for account, party, region, role in grants.values_list("account_id", "party_id", "region", "role")
        if acts_for_party(Role(role))
    }
    alone = Account.objects.filter(person__in=wanted, is_active=True).exclude(pk__in=[each.account for each in found])
    return [*found, *(Recipient(pk, seat_key(person, "")) for pk, person in alone.values_list("pk", "person_id"))]


def officers_of(region: str) -> list[Recipient]:
    """The bureau's staff whose region holds ``region`` ("" for everywhere)."""
    grants = current(RoleGrant.objects.filter(role=Role.OFFICER, account__is_active=True))
    return [
        Recipient(account, seat_key(party, bound))
        for account, party, bound in grants.values_list("account_id", "party_id", "region")
        if not region or region.startswith(Actor(region=bound).region_prefix)
    ]


def person(*accounts: int | None) -> list[Recipient]:
    """Accounts as such, in whichever seat they act."""
    return [Recipient(account) for account in accounts if account]


def tell(actor: Actor, key: str, record: Model, recipients: Iterable[Recipient] | None = None) -> int:
    """Write the message ``key`` about ``record`` to its audience, or to ``recipients``; answers to how many.

    Within the action that does what it tells of: the message stands or falls with it.
    """
    saying = _sayings[key]
    about = saying.about(record)
    whom = dict.fromkeys(saying.audience(record) if recipients is None else recipients)
    messages = [
        Message(
            account_id=each.account, seat=each.seat, key=key, title=about.title[:200], public=about.public,
            detail=about.detail[:200], kind=record._meta.label_lower, entity=str(record.pk),
        )
        for each in whom
        if saying.receipt or each.account != actor.account
    ]  # fmt: skip
    Message.objects.bulk_create(messages, batch_size=AT_ONCE)
    return len(messages)


def _hear(step: telling.Step) -> None:
    if step.event in _sayings:
        tell(step.actor, step.event, step.record)


telling.listen(_hear)
