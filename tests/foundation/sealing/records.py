"""Rows of every sort for the property test of access: keys, boxes in every state, envelopes before and after."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import product
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from rongtong.domain.foundation.models import BoxCustodian, BoxShare, Envelope, OpeningProtocol, SealedBox, SealKey
from rongtong.domain.foundation.sealing.states import BOX, ENVELOPE


def sealing_grids(accounts: Sequence[int], parties: Sequence[UUID]) -> dict[type[Model], Callable[[], Sequence[Model]]]:
    """For each model how its rows are made, in the order in which they stand on one another."""

    def keys() -> list[Model]:
        return [
            SealKey(account=account, holder_name="某人", suite="-", public_key="-", locked={}) for account in accounts
        ]

    def boxes() -> list[Model]:
        now = timezone.now()
        hours = {"closes_at": now, "opens_at": now + timedelta(hours=1), "suite": "-", "public_key": "-"}
        return [
            SealedBox(title=state.key, state=state.key, created_by=account, **hours)
            for state, account in product(BOX.states, [None, *accounts])
        ]

    def custodians() -> list[Model]:
        held = {key.account: key for key in SealKey.objects.all()}
        pairs = product(SealedBox.objects.order_by("pk")[::2], accounts[:2])
        return [BoxCustodian(box=box, key=held[account], account=account) for box, account in pairs]

    def shares() -> list[Model]:
        first, second = SealKey.objects.order_by("pk")[:2]
        return [BoxShare(box=box, first=first, second=second) for box in SealedBox.objects.all()[:3]]

    def envelopes() -> list[Model]:
        now = timezone.now()
        facts = {"sealed_at": now, "state_since": now, "size": 1, "ciphertext_hash": "-", "commitment": "-"}
        columns = product(SealedBox.objects.order_by("pk")[::3], ENVELOPE.states, parties)
        return [
            Envelope(
                box=box,
                party=party,
                party_name="某单位",
                token=state.key,
                state=state.key,
                opened_at=now if state.key in ("opened", "damaged") else None,
                **facts,
            )
            for box, state, party in columns
        ]

    def protocols() -> list[Model]:
        opened = SealedBox.objects.filter(state="opened")
        return [
            OpeningProtocol(box=box, opened_at=timezone.now(), officers=[], checks={}, results=[]) for box in opened
        ]

    return {
        SealKey: keys,
        SealedBox: boxes,
        BoxCustodian: custodians,
        BoxShare: shares,
        Envelope: envelopes,
        OpeningProtocol: protocols,
    }
