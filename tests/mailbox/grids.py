"""Messages and their settings in every combination of the columns that their rights look at."""

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import product
from uuid import UUID

from django.db.models import Model

from rongtong.domain.mailbox.models import Delivery, Digest, Feed, Message
from rongtong.domain.parties.seats import seat_key

TODAY = dt.date(2026, 3, 2)
Grids = dict[type[Model], Callable[[], Sequence[Model]]]


def mailbox_grids(accounts: Sequence[int], parties: Sequence[UUID]) -> Grids:
    """The grid of each model."""
    seats = ["", "/", "/330100", *(seat_key(party, region) for party, region in product(parties[:2], ("", "330100")))]

    def messages() -> list[Model]:
        return [
            Message(account_id=account, seat=seat, key="topic.open", kind="programmes.topic", entity="1")
            for account, seat in product(accounts, seats)
        ]

    def deliveries() -> list[Model]:
        return [Delivery(account_id=account) for account in accounts]

    def digests() -> list[Model]:
        return [Digest(account_id=account, day=TODAY) for account in accounts]

    def feeds() -> list[Model]:
        return [Feed(account_id=account, digest=str(account)) for account in accounts]

    return {Message: messages, Delivery: deliveries, Digest: digests, Feed: feeds}
